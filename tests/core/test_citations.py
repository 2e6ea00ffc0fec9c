"""Citations as people write them: found, resolved, checked, linked."""

from __future__ import annotations

import time

import pytest

from portal.core.citation_tokens import check_tokens
from portal.core.citations import (
    article_label,
    check_citation,
    find_citations,
    parse_chip,
)
from portal.core.markdown import Html, render
from portal.core.markdown_parser import parse
from portal.core.problem_texts import describe, severity_of
from portal.core.questions import Citation
from portal.core.statutes import StatuteRegistry, parse_statutes

STATUTES = """
[[statute]]
title = "中华人民共和国人民调解法"
short = "人民调解法"
english = "People's Mediation Law"
effective = 2011-01-01
articles = 35
in_force = true

[[statute]]
title = "中华人民共和国刑法"
short = "刑法"
english = "Criminal Law"
effective = 2024-03-01
articles = 452
inserted = ["120-1", "120-2", "120-3", "291-1", "291-2"]
deleted = ["199"]
in_force = true

[[statute]]
title = "中华人民共和国民法典"
short = "民法典"
english = "Civil Code"
effective = 2021-01-01
articles = 1260
in_force = true

[[statute]]
title = "中华人民共和国治安管理处罚法"
short = "治安管理处罚法"
english = "Public Security Administration Punishments Law"
version = "2025"
effective = 2026-01-01
articles = 144
in_force = true

[[statute]]
title = "中华人民共和国治安管理处罚法"
short = "治安管理处罚法"
english = "Public Security Administration Punishments Law"
version = "2012"
effective = 2013-01-01
articles = 119
in_force = false
replaced_by = "治安管理处罚法"

[[statute]]
title = "中华人民共和国合同法"
short = "合同法"
english = "Contract Law"
in_force = false
replaced_by = "民法典"
"""


def _registry() -> StatuteRegistry:
    registry, problems = parse_statutes(STATUTES, "statutes.toml")
    assert registry is not None and not problems
    return registry


REGISTRY = _registry()


def cited(text: str, named: str = "") -> list[str]:
    """Each citation as ``text|law articles``, with 款 and 项 after dots."""
    return [
        f"{text[found.start : found.end]}|{found.law} "
        + ",".join(
            ".".join(str(part) for part in (one.article, one.paragraph, one.item) if part)
            for one in found.citations
        )
        for found in find_citations(text, REGISTRY, named)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("见《人民调解法》第三十三条。", ["《人民调解法》第三十三条|人民调解法 33"]),
        ("《民法典》第1254条", ["《民法典》第1254条|民法典 1254"]),
        ("《民法典》第 １２５４ 条", ["《民法典》第 １２５４ 条|民法典 1254"]),
        (
            "《中华人民共和国人民调解法》第三条",
            ["《中华人民共和国人民调解法》第三条|人民调解法 3"],
        ),
        ("依照人民调解法第三条", ["人民调解法第三条|人民调解法 3"]),
        (
            "《民法典》第十二条至第十五条",
            ["《民法典》第十二条至第十五条|民法典 12,13,14,15"],
        ),
        ("《民法典》第十二条至十四条", ["《民法典》第十二条至十四条|民法典 12,13,14"]),
        ("《民法典》第12-14条", ["《民法典》第12-14条|民法典 12,13,14"]),
        ("《民法典》第十二、十三条", ["《民法典》第十二|民法典 12", "十三条|民法典 13"]),
        (
            "《民法典》第八条、第九条和第三十四条",
            ["《民法典》第八条|民法典 8", "第九条|民法典 9", "第三十四条|民法典 34"],
        ),
        ("《民法典》第二十条第二款第三项", ["《民法典》第二十条第二款第三项|民法典 20.2.3"]),
        ("《民法典》第二十条第（三）项", ["《民法典》第二十条第（三）项|民法典 20.3"]),
        (
            "《民法典》第九条第一款、第三款",
            ["《民法典》第九条第一款|民法典 9.1", "第三款|民法典 9.3"],
        ),
        (
            "《民法典》第十三条第一款第二项至第四项",
            ["《民法典》第十三条第一款第二项至第四项|民法典 13.1.2,13.1.3,13.1.4"],
        ),
        ("《刑法》第二百九十一条之二", ["《刑法》第二百九十一条之二|刑法 291-2"]),
        (
            "《刑法》第一百二十条之一至第一百二十条之三",
            ["《刑法》第一百二十条之一至第一百二十条之三|刑法 120-1,120-2,120-3"],
        ),
        ("《民法典》第三条之规定", ["《民法典》第三条|民法典 3"]),
        ("《民法典》物权编第二百七十八条", ["《民法典》物权编第二百七十八条|民法典 278"]),
        ("《刑法》第六章第一节第三条", ["《刑法》第六章第一节第三条|刑法 3"]),
        ("《刑法》（2023年修正）第三条", ["《刑法》（2023年修正）第三条|刑法 3"]),
        ("《民法典》（第三条）", ["《民法典》（第三条|民法典 3"]),
        ("《民法典》§33(2)", ["《民法典》§33(2)|民法典 33.2"]),
        (
            "《民法典》第三条；同法第四条",
            ["《民法典》第三条|民法典 3", "同法第四条|民法典 4"],
        ),
        ("《民法典》规定得很细。该法第五条", ["《民法典》|民法典 ", "该法第五条|民法典 5"]),
        ("学习《民法典》。", ["《民法典》|民法典 "]),
        ("《红楼梦》第三回，第一条，第二天", []),
        ("《某办法》第三条", ["《某办法》第三条|某办法 3"]),
        ("《民法典》第三条，第一项工作", ["《民法典》第三条|民法典 3"]),
        ("《民法典》和合同第三条", ["《民法典》|民法典 "]),
        ("没有书名号的第三条", []),
    ],
)
def test_finds_what_people_write(text: str, expected: list[str]) -> None:
    assert cited(text) == expected


def test_the_same_law_may_have_been_named_before_the_text() -> None:
    assert cited("同法第四条", named="民法典") == ["同法第四条|民法典 4"]
    assert cited("本法第四条") == []


def test_a_version_is_chosen_by_year_or_by_the_word_old() -> None:
    def version(text: str) -> str:
        (found,) = find_citations(text, REGISTRY)
        assert found.statute is not None
        return found.statute.version

    assert version("《治安管理处罚法》第三条") == "2025"
    assert version("《治安管理处罚法》（2012年修正）第三条") == "2012"
    assert version("旧《治安管理处罚法》第三条") == "2012"
    assert version("the former 《治安管理处罚法》第三条") == "2012"


@pytest.mark.parametrize(
    ("chip", "expected"),
    [
        ("依据:人民调解法§33", Citation("人民调解法", "33")),
        ("依据：人民调解法 § 33", Citation("人民调解法", "33")),
        ("law:人民调解法§33(2)", Citation("人民调解法", "33", 2)),
        ("LAW:刑法§291-2（1）（3）", Citation("刑法", "291-2", 1, 3)),
        ("依据:《民法典》第一千二百五十四条第一款", Citation("民法典", "1254", 1)),
        ("人民调解法§33", Citation("人民调解法", "33")),
        ("依据:人民调解法", None),
        ("依据:§33", None),
        ("依据:人民调解法§33,34", None),
        ("依据:人民调解法§x", None),
        ("标签:人民调解法§33", None),
    ],
)
def test_reads_chips(chip: str, expected: Citation | None) -> None:
    assert parse_chip(chip) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "一\n\n二\n见《人民调解法》\n第九十九条",
            ["4 L003 《人民调解法》没有第九十九条，最后一条是第三十五条。"],
        ),
        ("《某办法》第三条", ["1 L001 引用了没有登记的法规《某办法》。"]),
        ("《合同法》第三条", ["1 L002 引用了已不是现行有效的《合同法》。"]),
        ("学习《合同法》", ["1 L006 提到了《合同法》，它已不是现行有效的法规。"]),
        ("《合同法》已经废止。", []),
        ("The repealed 《合同法》第三条 said so.", []),
        (
            "《治安管理处罚法》（2012年）第三条",
            ["1 L002 引用了已不是现行有效的《治安管理处罚法》。"],
        ),
        ("旧《治安管理处罚法》第一百一十九条", []),
        (
            "旧《治安管理处罚法》第一百二十条",
            ["1 L003 《治安管理处罚法》没有第一百二十条，最后一条是第一百一十九条。"],
        ),
        ("《刑法》第199条", ["1 L004 《刑法》第一百九十九条已经删去，是空号。"]),
        ("《刑法》第三条之一", ["1 L003 《刑法》没有第三条之一，最后一条是第四百五十二条。"]),
        ("《民法典》第九条至第三条", ["1 L005 《民法典》的条号范围写反了：第九条到第三条。"]),
        (
            "《民法典》第一条至第一千二百六十一条",
            ["1 L003 《民法典》没有第一千二百六十一条，最后一条是第一千二百六十条。"],
        ),
        ("同法第三条", ["1 L007 “同法”指哪一部法规？前文没有提到。"]),
        (
            "《民法典》\n\n> 同法第九千条",
            ["3 L003 《民法典》没有第九千条，最后一条是第一千二百六十条。"],
        ),
        ("`《某办法》第三条`\n\n```\n《某办法》第三条\n```", []),
        ("| a |\n|---|\n| 一 |\n| 《某办法》第三条 |", ["4 L001 引用了没有登记的法规《某办法》。"]),
        ("**《某办法》**第三条", ["1 L001 引用了没有登记的法规《某办法》。"]),
        ("《人民调解法》第三十三条、《民法典》第三条、读《红楼梦》", []),
    ],
)
def test_problems_name_the_place(source: str, expected: list[str]) -> None:
    problems = check_tokens(parse(source), REGISTRY, "courses/c/01-x.md")
    assert [f"{p.line} {p.code} {describe(p, 'zh')[0]}" for p in problems] == expected


def test_hints_name_the_cure_in_both_languages() -> None:
    (problem,) = check_tokens(parse("《合同法》第三条"), REGISTRY, "a.md", line=10)
    assert (problem.path, problem.line, severity_of(problem)) == ("a.md", 10, "error")
    assert "改引《民法典》" in describe(problem, "zh")[1]
    assert "Cite 《民法典》" in describe(problem, "en")[1]
    (problem,) = check_tokens(parse("《治安管理处罚法》（2012年）第三条"), REGISTRY, "a.md")
    assert "现行的《治安管理处罚法》" in describe(problem, "zh")[1]


def test_a_chip_is_checked_like_a_citation() -> None:
    assert check_citation(Citation("人民调解法", "33"), REGISTRY, "q.md", 3) == []
    codes = [
        check_citation(Citation(law, article), REGISTRY, "q.md", 3)[0].code
        for law, article in (("人民调解法", "36"), ("合同法", "1"), ("某法", "1"))
    ]
    assert codes == ["L003", "L002", "L001"]


def test_labels() -> None:
    labels = [article_label(each, "zh") for each in ("1", "10", "15", "20", "105", "1005", "291-2")]
    assert labels == [
        *("第一条", "第十条", "第十五条", "第二十条", "第一百零五条", "第一千零五条"),
        "第二百九十一条之二",
    ]
    assert article_label("291-2", "en") == "Article 291-2"


def links(source: str, locale: str = "zh") -> str:
    (block,) = render(source, statutes=REGISTRY, locale=locale)
    assert isinstance(block, Html)
    return block.html.strip()


LAW = "/statute?law=%E5%88%91%E6%B3%95"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("见《刑法》第三条。", f'见<a href="{LAW}&amp;article=3" class="law">《刑法》第三条</a>。'),
        (
            "**《刑法》**第三条、第四条",
            f'<strong>《刑法》</strong><a href="{LAW}&amp;article=3" class="law">第三条</a>、'
            f'<a href="{LAW}&amp;article=4" class="law">第四条</a>',
        ),
        ("《刑\n法》第三\n条", f'<a href="{LAW}&amp;article=3" class="law">《刑法》第三条</a>'),
        ("《刑法》第999条", f'<a href="{LAW}" class="law">《刑法》第999条</a>'),
        ("《刑法》", f'<a href="{LAW}" class="law">《刑法》</a>'),
        ("[《刑法》第三条](x)", '<a href="x">《刑法》第三条</a>'),
        ("`《刑法》第三条`和《某法》第三条", "<code>《刑法》第三条</code>和《某法》第三条"),
    ],
)
def test_citations_become_links(source: str, expected: str) -> None:
    assert links(source) == f"<p>{expected}</p>"


def test_english_readers_are_told_the_name() -> None:
    assert 'title="Criminal Law, Article 291-2"' in links("《刑法》第二百九十一条之二", "en")


@pytest.mark.parametrize(
    "piece",
    ["《", "《》", "第", "第一、", "《合同法》", "《民法典》第一条、", "《民法典》第1条至第60条"],
)
def test_hostile_repetition_is_read_in_two_seconds(piece: str) -> None:
    start = time.process_time()
    find_citations(piece * (60_000 // len(piece)), REGISTRY)
    assert time.process_time() - start < 2
