"""What a mark is, when two agree, and what counts in the end."""

from __future__ import annotations

import pytest

from portal.core.capabilities import Bilingual
from portal.core.marking import (
    Given,
    agree,
    are_valid,
    counting_points,
    criteria,
    maximum,
    may_settle,
    state_after,
)
from portal.core.questions import Criterion, Essay, Question
from tests.core.making import question

RUBRIC = Essay((Criterion(6, Bilingual("依据")), Criterion(4, Bilingual("步骤"))))
ESSAY: Question = question(RUBRIC, points=10)
FIRST = Given(1, "first", (6, 2))


@pytest.mark.parametrize(
    ("points", "valid"),
    [
        ((6, 4), True),
        ((0, 0.5), True),
        ((6,), False),
        ((6.5, 0), False),
        ((-1, 0), False),
        ((None, 1), False),
        (("6", 1), False),
        ((True, 1), False),
    ],
)
def test_points_are_within_each_criterion(points: tuple[object, ...], valid: bool) -> None:
    assert are_valid(ESSAY, points) is valid


def test_without_a_rubric_the_whole_answer_is_marked() -> None:
    bare = question(Essay(()), points=5)
    assert [row.points for row in criteria(bare)] == [5] and maximum(bare) == 5


def test_two_agree_within_a_tenth_of_the_maximum() -> None:
    assert agree((6, 2), (5, 2), 10)
    assert not agree((6, 2), (5, 1.5), 10)


@pytest.mark.parametrize(
    ("given", "second", "state"),
    [
        ([], True, "waiting"),
        ([FIRST], False, "marked"),
        ([FIRST], True, "second"),
        ([FIRST, Given(2, "second", (6, 3))], True, "marked"),
        ([FIRST, Given(2, "second", (1, 1))], True, "differ"),
        ([FIRST, Given(2, "second", (1, 1)), Given(3, "settled", (4, 2))], True, "marked"),
        ([FIRST, Given(3, "appeal", (6, 4))], False, "marked"),
    ],
)
def test_where_an_essay_stands(given: list[Given], second: bool, state: str) -> None:
    assert state_after(given, second=second, most=10) == state


def test_what_counts() -> None:
    second, third = Given(2, "second", (6, 3)), Given(3, "settled", (4, 2))
    assert counting_points([FIRST]) == (6, 2)
    assert counting_points([FIRST, second]) == (6, 2.5)
    assert counting_points([FIRST, second, third]) == (4, 2)


def test_who_marked_settles_only_by_agreeing() -> None:
    given = [FIRST, Given(2, "second", (1, 1))]
    assert may_settle(3, (3, 3), given)
    assert may_settle(1, (1, 1), given)
    assert not may_settle(1, (6, 2), given)
    assert not may_settle(2, (3, 3), given)
