from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.attempts import (
    Begin,
    Past,
    Resume,
    UsedUp,
    Wait,
    deadline_of,
    decide_opening,
    is_overdue,
    score_items,
)
from portal.core.capabilities import Bilingual
from portal.core.quizzes import Quiz

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def exam(attempts: int = 0, retake_after_hours: float = 0, minutes: int = 0) -> Quiz:
    return Quiz(
        "c/exam",
        "exam",
        Bilingual("考试"),
        "c",
        (),
        attempts=attempts,
        minutes=minutes,
        retake_after_hours=retake_after_hours,
    )


def test_the_first_attempt_is_number_1_and_the_next_follows() -> None:
    assert decide_opening(exam(), [], NOW) == Begin(1)
    past = [Past(5, 1, NOW - HOUR), Past(9, 2, NOW - HOUR)]
    assert decide_opening(exam(), past, NOW) == Begin(3)


def test_an_open_attempt_is_resumed_even_when_the_limit_is_reached() -> None:
    past = [Past(5, 1, NOW - HOUR), Past(9, 2, None)]
    assert decide_opening(exam(attempts=2, retake_after_hours=9), past, NOW) == Resume(9)


def test_attempts_are_limited_and_zero_is_unlimited() -> None:
    past = [Past(at, at, NOW - HOUR) for at in (1, 2)]
    assert decide_opening(exam(attempts=2), past, NOW) == UsedUp(2)
    assert decide_opening(exam(attempts=3), past, NOW) == Begin(3)
    assert decide_opening(exam(attempts=0), past, NOW) == Begin(3)


def test_the_pause_counts_from_the_last_submission() -> None:
    past = [Past(1, 1, NOW - 9 * HOUR), Past(2, 2, NOW - 2 * HOUR)]
    assert decide_opening(exam(retake_after_hours=3), past, NOW) == Wait(NOW + HOUR)
    assert decide_opening(exam(retake_after_hours=2), past, NOW) == Begin(3)


def test_deadline_and_no_grace() -> None:
    assert deadline_of(exam(minutes=0), NOW) is None
    deadline = deadline_of(exam(minutes=60), NOW)
    assert deadline == NOW + HOUR
    assert not is_overdue(deadline, None, deadline - timedelta(milliseconds=1))
    assert is_overdue(deadline, None, deadline)
    assert not is_overdue(deadline, NOW, deadline)  # submitted
    assert not is_overdue(None, None, deadline)


def test_the_score_weighs_by_points() -> None:
    score = score_items([(2, 1.0), (1, 0.5), (1, 0.0)], 60)
    assert (score.score, score.max_score, score.pending, score.passed) == (2.5, 4, 0, True)
    assert score_items([(2, 1.0), (2, 0.0)], 60).passed is False


def test_the_pass_mark_is_inclusive_in_spite_of_thirds() -> None:
    assert score_items([(1, 1 / 3), (1, 1 / 3), (1, 1 / 3), (2, 0.5)], 40).passed is True
    assert score_items([(0.1, 1.0)] * 6 + [(0.1, 0.0)] * 4, 60).passed is True


def test_an_essay_counts_on_neither_side_until_it_is_marked() -> None:
    score = score_items([(1, 1.0), (10, None)], 60)
    assert (score.score, score.max_score, score.pending, score.passed) == (1, 1, 1, None)
    assert score_items([(10, None)], 60).passed is None


@pytest.mark.parametrize("items", [[], [(0.0, 0.0)]])
def test_where_nothing_can_be_lost_nobody_fails(items: list[tuple[float, float | None]]) -> None:
    assert score_items(items, 60).passed is True
