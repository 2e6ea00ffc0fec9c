"""The Markdown fixtures: every kind reads as said, every fault gives the problem named."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.core.problem_texts import TEXTS
from tests.core.cases import Case, cases, run, shown

KINDS = {"single", "multiple", "truefalse", "short", "numeric", "ordering", "matching", "cloze"}
PROBLEM_FILES = ("question_problems", "item_writing", "files")


@pytest.mark.parametrize("case", list(cases("questions")), ids=lambda case: case.title)
def test_kinds(case: Case) -> None:
    result = run(case)
    assert [shown(problem) for problem in result.problems] == []
    (question,) = result.questions
    assert question.body.kind == case.expected[0]
    assert question.has_english == ("quiz-en" in case.sources)


def test_every_kind_has_an_example() -> None:
    assert {case.expected[0] for case in cases("questions")} == KINDS | {"essay"}


@pytest.mark.parametrize(
    "case",
    [case for name in PROBLEM_FILES for case in cases(name)],
    ids=lambda case: case.title,
)
def test_problems(case: Case) -> None:
    found = [shown(problem) for problem in run(case).problems]
    expected = [] if case.expected == ["没有问题"] else case.expected
    assert sorted(found) == sorted(expected)


def test_every_code_has_a_fixture_or_a_test() -> None:
    """A code without an example is one whose message nobody has seen."""
    tests = Path(__file__).parents[1]
    texts = [file.read_text("utf-8") for file in (tests / "core" / "fixtures").glob("*.md")]
    texts += [
        file.read_text("utf-8")
        for folder in ("core", "content", "commands")
        for file in (tests / folder).glob("test_*.py")
    ]
    everything = "\n".join(texts)
    assert [code for code in TEXTS if code not in everything] == []
