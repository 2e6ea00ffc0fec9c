"""The register of statutes: every bad entry is reported, the good ones are served."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from portal.core.problem_texts import describe
from portal.core.statutes import parse_statutes
from tests import outside

ROOT = Path(__file__).parents[2]
GOOD = """[[statute]]
title = "中华人民共和国甲法"
short = "甲法"
english = "First Law"
aliases = ["甲"]
effective = 2020-01-01
articles = 9
inserted = ["3-1"]
in_force = true
"""


def problems_of(text: str) -> list[str]:
    _, problems = parse_statutes(text, "statutes.toml")
    return [f"{p.line} {p.code} {describe(p, 'en')[0]}" for p in problems]


def test_a_statute_is_found_by_each_of_its_names() -> None:
    registry, problems = parse_statutes(GOOD, "statutes.toml")
    assert registry is not None and not problems
    for name in ("甲法", "中华人民共和国甲法", "甲", "《甲法》", "中华人民共和国 甲法"):
        (statute,) = registry.versions(name)
        assert (statute.short, statute.effective) == ("甲法", "2020-01-01")
    assert registry.versions("乙法") == ()
    assert [statute.has_article(each) for each in ("1", "9", "10", "3-1", "3-2", "0")] == [
        *(True, True, False, True, False, False)
    ]


def test_the_version_in_force_comes_first() -> None:
    old = GOOD.replace("2020", "2010").replace("= true", '= false\nversion = "2010"')
    registry, problems = parse_statutes(old + GOOD, "statutes.toml")
    assert registry is not None and not problems
    assert [version.in_force for version in registry.versions("甲法")] == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            GOOD + "[[statute]]\ntitle = 乙\n",
            [
                "11 L101 The register of statutes can not be read: Invalid value "
                "(at line 11, column 9)"
            ],
        ),
        (
            GOOD + "[[statute",
            [
                "10 L101 The register of statutes can not be read: Expected ']]' at the end of an "
                "array declaration (at end of document)"
            ],
        ),
        ("", ["1 L102 Entry “–”: [[statute]] is missing or wrong: –."]),
        ("statute = 3", ["1 L102 Entry “–”: [[statute]] is missing or wrong: –."]),
        (
            GOOD.replace("articles = 9", 'articles = "nine"'),
            ["1 L102 Entry “甲法”: articles is missing or wrong: 'nine'."],
        ),
        (
            "\n" + GOOD.replace("in_force = true", ""),
            ["2 L102 Entry “甲法”: in_force is missing or wrong: '–'."],
        ),
        (
            GOOD.replace("2020-01-01", '"soon"'),
            ["1 L102 Entry “甲法”: effective is missing or wrong: 'soon'."],
        ),
        (
            GOOD.replace('["3-1"]', '["3之一"]'),
            ["1 L102 Entry “甲法”: inserted is missing or wrong: ['3之一']."],
        ),
        (
            GOOD + "artikles = 9\n",
            ["1 L103 Entry “甲法” has a field that nobody reads: artikles."],
        ),
        (
            GOOD + GOOD.replace("甲法", "乙法"),
            ["10 L104 The name “甲” is already registered by “甲法”."],
        ),
        (
            GOOD + '[[statute]]\ntitle = "丙法"\nshort = "丙法"\nenglish = "C"\nin_force = false\n'
            'replaced_by = "丁法"\n',
            [
                "10 L105 “丙法” names “丁法” as its successor, but no such statute in force is "
                "registered."
            ],
        ),
    ],
)
def test_bad_entries_are_reported(text: str, expected: list[str]) -> None:
    assert problems_of(text) == expected


def test_good_entries_are_served_beside_bad_ones() -> None:
    registry, problems = parse_statutes("[[statute]]\ntitle = 3\n\n" + GOOD, "statutes.toml")
    assert registry is not None and problems
    assert registry.versions("甲法")


def test_the_register_of_the_project_is_clean() -> None:
    path = ROOT / "courses" / "statutes.toml"
    registry, problems = parse_statutes(path.read_text(encoding="utf-8"), "courses/statutes.toml")
    assert problems == []
    assert registry is not None
    criminal = registry.versions("刑法")[0]
    assert criminal.articles == 452 and criminal.has_article("291-2")
    assert not criminal.has_article("199")
    assert registry.versions("噪声污染防治法")[0].replaced_by == "生态环境法典"
    for versions in registry.by_name.values():
        assert all(statute.in_force or statute.replaced_by for statute in versions)


def test_the_register_agrees_with_the_collected_laws() -> None:
    index = outside.statute_index()
    text = (ROOT / "courses" / "statutes.toml").read_text(encoding="utf-8")
    registry, _ = parse_statutes(text, "courses/statutes.toml")
    assert registry is not None
    with index.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            current = row["is_current"] == "true"
            versions = registry.versions(row["title"])
            match = [each for each in versions if each.in_force == current]
            assert match, row["title"]
            dates = {each.effective or "-" for each in match}
            assert row["effective"] in dates, row["title"]
            articles = {each.articles + len(each.inserted) for each in match}
            assert row["articles"] == "-" or int(row["articles"]) in articles, row["title"]
