"""Official texts: which lines are articles, what is out of order, what the register says else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.statute_texts import differences, paragraphs, parse_statute_text
from tests.core.test_law_changes import entry, registry

FRONT = """---
title: "中华人民共和国河道法"
adopted: 2026-01-01
revised: null
effective: 2026-01-01
aliases: ["河法"]
---
"""
TEXT = (
    FRONT
    + """
# 中华人民共和国河道法

为了河道，制定本法。

## 第一章　总则

**第一条**　河道归大家看护。

第二条　看护人应当做到：

（一）每天看一遍；

（二）发现堵塞马上报告。

第三条规定的事项除外。

### 第一节 船

**第二条之一**　船要登记。

## 附表

一张表。

## 第二章 附则

**第三条** 本法自公布之日起施行。
"""
)


def test_articles_with_their_headings_and_lines() -> None:
    found, problems = parse_statute_text(TEXT, "river.md")
    assert problems == []
    assert found is not None
    assert (found.title, found.effective) == ("中华人民共和国河道法", "2026-01-01")
    assert [(one.number, one.headings, one.body.split("\n")[0]) for one in found.articles] == [
        ("1", ("第一章 总则",), "河道归大家看护。"),
        ("2", ("第一章 总则",), "看护人应当做到："),
        ("2-1", ("第一章 总则", "第一节 船"), "船要登记。"),
        ("3", ("第二章 附则",), "本法自公布之日起施行。"),
    ]
    assert found.articles[1].body.split("\n")[-1] == "第三条规定的事项除外。"  # no article opens
    assert found.outside == len("为了河道，制定本法。一张表。")


def test_paragraphs_are_numbered_and_items_are_not() -> None:
    found, _ = parse_statute_text(TEXT, "river.md")
    assert found is not None
    numbers = [one.number for one in paragraphs(found.articles[1].body)]
    assert numbers == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("没有条文。", "S002"),
        ("第一条　一\n\n第一条　又一", "S003"),
        ("第二条　二\n\n第一条　一", "S003"),
        ("第一条　一\n\n第二条之一　二", "S003"),
        ("第一条　一\n\n第一条之二　二", "S003"),
        ("第一条　一\0", "S001"),
        ("第一条　" + "字" * 20_001, "S005"),
        ("\n".join(f"第{n}条　字" for n in range(1, 3003)), "S004"),
    ],
)
def test_what_is_not_sound_is_refused(body: str, code: str) -> None:
    found, problems = parse_statute_text(FRONT + body, "river.md")
    assert found is None
    assert [one.code for one in problems] == [code]


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("第一条　一", "F001"),
        ("---\ntitle: 河道法\n---\n第一条　一", "F008"),
        ("---\ntitle: 河道法\neffective: 去年\n---\n第一条　一", "F009"),
        ("---\ntitle: &a 河道法\neffective: *a\n---\n第一条　一", "F004"),
    ],
)
def test_front_matter_is_read_with_suspicion(front: str, code: str) -> None:
    found, problems = parse_statute_text(front, "river.md")
    assert found is None
    assert code in [one.code for one in problems]


def test_differences_from_the_register_are_named() -> None:
    found, _ = parse_statute_text(TEXT, "river.md")
    assert found is not None
    same = entry("河道法", "2026", 3) + 'inserted = ["2-1"]\n'
    assert differences(found, registry(same).versions("河道法")[0]) == []
    other = entry("河道法", "2012", 4) + 'inserted = ["3-1"]\n'
    assert differences(found, registry(other).versions("河道法")[0]) == [
        ("effective", "2026-01-01", "2012-01-01"),
        ("articles", "3", "4"),
        ("inserted", "2-1", "3-1"),
    ]
    gap, _ = parse_statute_text(FRONT + "第一条　一\n第三条　三", "river.md")
    assert gap is not None
    full = registry(entry("河道法", "2026", 3)).versions("河道法")[0]
    assert differences(gap, full) == [("missing", "2", "–")]
    empty = registry(entry("河道法", "2026", 3) + 'deleted = ["2"]\n').versions("河道法")[0]
    assert differences(gap, empty) == []


@given(st.text(alphabet="第条之一二十百千#*（） \u3000\n\0a1-", max_size=300))
def test_no_text_breaks_the_reader(body: str) -> None:
    found, problems = parse_statute_text(FRONT + body, "river.md")
    assert (found is None) == bool(problems)
