"""Comparing and merging texts: nothing is lost, and any input takes bearable time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.line_changes import compare, has_marks, merge

LINES = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=12).map(
    lambda ls: "".join(f"{x}\n" for x in ls)
)


def test_a_comparison_shows_what_changed_with_lines_around() -> None:
    old = "\n".join(str(n) for n in range(30))
    new = old.replace("15", "fifteen")
    shown = [(line.sign, line.text) for line in compare(old, new, 1)]
    assert shown == [
        ("@", ""),
        (" ", "14"),
        ("-", "15"),
        ("+", "fifteen"),
        (" ", "16"),
        ("@", ""),
    ]
    assert compare(old, old) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "merged", "conflicts"),
    [
        ("a\nB\nc\n", "a\nb\nC\n", None, 1),
        ("A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n", 0),
        ("a\nb\nc\nd\n", "a\nc\nd\n", "a\nc\nd\n", 0),
        ("x\na\nb\nc\nd\n", "a\nb\nc\nd\ny\n", "x\na\nb\nc\nd\ny\n", 0),
        ("a\nB\nc\nd\n", "a\nB\nc\nd\n", "a\nB\nc\nd\n", 0),
    ],
)
def test_changes_that_do_not_touch_are_merged(
    mine: str, theirs: str, merged: str | None, conflicts: int
) -> None:
    base = "a\nb\nc\nd\n" if merged else "a\nb\nc\n"
    found = merge(base, mine, theirs, "李敏", "王")
    assert found.conflicts == conflicts
    assert merged is None or found.text == merged
    assert has_marks(found.text) is bool(conflicts)


@given(LINES, LINES, LINES)
@settings(max_examples=150)
def test_laws_of_merging(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, base, "a", "b").text == mine
    assert merge(base, base, theirs, "a", "b").text == theirs
    assert merge(base, mine, mine, "a", "b").text == mine
    both = merge(base, mine, theirs, "a", "b")
    other = merge(base, theirs, mine, "b", "a")
    assert both.conflicts == other.conflicts
    if both.conflicts == 0:
        assert both.text == other.text
    for line in {*mine.split("\n")} - {*base.split("\n")}:
        assert line in both.text


@given(LINES, LINES)
@settings(max_examples=100)
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    shown = compare(old, new, 1000)
    if old != new:
        assert [x.text for x in shown if x.sign in " +"] == new.splitlines()
        assert [x.text for x in shown if x.sign in " -"] == old.splitlines()


def test_hostile_lengths_are_still_merged() -> None:
    base = "".join(f"{n % 300}\n" for n in range(60_000))
    mine = "".join(f"{n % 299}\n" for n in range(60_000))
    assert merge(base, mine, base, "a", "b").text == mine
