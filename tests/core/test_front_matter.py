"""Front matter: plain values as typed, and nothing that could hurt."""

from __future__ import annotations

import pytest

from portal.core import front_fields as fields
from portal.core.findings import Findings
from portal.core.front_fields import Key, read_fields
from portal.core.front_matter import read_front

SPEC = {
    "title": Key(fields.text),
    "level": Key(fields.whole(1, 5), 1),
    "hours": Key(fields.number(0, 1000), 0.0),
    "posts": Key(fields.names, ()),
    "review_by": Key(fields.iso_date, None),
    "shuffle": Key(fields.flag, True),
}


def read(text: str) -> tuple[dict[str, object], list[tuple[int, str]]]:
    findings = Findings("a.md")
    front = read_front(["---", *text.split("\n"), "---", ""], findings)
    values = read_fields(front, SPEC, findings) if front is not None else {}
    return values, [(one.line, one.code) for one in findings.problems]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("title: 2024", "2024"),
        ("title: yes", "yes"),
        ("title: 110", "110"),
        ("title: 010", "010"),
        ("title: 2027-03-31", "2027-03-31"),
        ('title: "矛盾: 一"', "矛盾: 一"),
        ("title: '单引号'", "单引号"),
        ("title:   前后空格  ", "前后空格"),
        ("title: >\n  两行\n  文字", "两行 文字"),
    ],
)
def test_words_stay_as_they_were_typed(text: str, title: str) -> None:
    assert read(text) == (
        {**{name: key.default for name, key in SPEC.items()}, "title": title},
        [],
    )


def test_values() -> None:
    text = "title: t\nlevel: 2\nhours: 1.5\nposts: [grid, community]\nreview_by: 2027-03-31\n"
    values, problems = read(text + "shuffle: false")
    assert problems == []
    assert values["level"] == 2 and values["hours"] == 1.5 and values["shuffle"] is False
    assert values["posts"] == ("grid", "community") and values["review_by"] == "2027-03-31"
    assert read("title: t\nposts:\n  - a\n  - b")[0]["posts"] == ("a", "b")
    assert read("title: t\nposts:")[0]["posts"] == ()


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("title: t\nlevel: 2.5", 3, "F009"),
        ("title: t\nlevel: nan", 3, "F010"),
        ("title: t\nlevel: .inf", 3, "F009"),
        ("title: t\nlevel: [2]", 3, "F009"),
        ("title: t\nhours: 1e9", 3, "F010"),
        ("title: t\nposts: grid", 3, "F009"),
        ("title: t\nposts: [grid, [a]]", 3, "F009"),
        ("title: t\nreview_by: 2027-13-01", 3, "F009"),
        ("title: t\nshuffle: 是", 3, "F009"),
        ("title: {a: b}", 2, "F009"),
        ("title: ", 2, "F009"),
        ("title: t\n<<: {a: b}", 3, "F007"),
        ("title: t\n? [a]\n: b", 3, "F003"),
        ("title: t\n\tlevel: 2", 3, "F003"),
        ("title: t\nlevel: 2\nlevel: 3", 4, "F006"),
        ("title: *a", 2, "F004"),
        ("title: !!int 3", 2, "F013"),
        ("title: t\x07", 1, "F003"),
    ],
)
def test_faults_are_named_with_their_line(text: str, line: int, code: str) -> None:
    assert (line, code) in read(text)[1]


def test_a_key_that_is_nearly_right_is_suggested() -> None:
    findings = Findings("a.md")
    front = read_front(["---", "titel: t", "---"], findings)
    assert front is not None
    read_fields(front, SPEC, findings)
    (unknown, _) = findings.problems
    assert unknown.args["known"].startswith("title, ")


def test_long_front_matter_is_refused_before_it_is_read() -> None:
    assert read("title: " + "长" * 9000)[1] == [(2, "F005")]
