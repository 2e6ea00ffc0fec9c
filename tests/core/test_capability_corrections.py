"""A later decision is told: when, of what, and by how much the score moved on that day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.core.capability import score
from portal.core.capability_corrections import MOST, Corrected, Logged, corrections
from portal.core.capability_log import Event, fold
from portal.core.capability_story import Occasion

DAY = datetime(2026, 3, 12, tzinfo=UTC)
EXAM = Occasion("exam", "7", "fire/exam")


def log(xs, k: int = 5):
    return [Logged(n, EXAM, Event(DAY, k, x, b=0.0, s2=0.49)) for n, x in enumerate(xs)]


def test_the_points_are_those_of_the_day_of_the_decision() -> None:
    rows = log([1, 0, 1, 0, 1, 1, 0])
    later = Logged(99, Occasion("quiz", "8", "x"), Event(DAY + timedelta(90), 5, 0.0, s2=0.49))
    at = DAY + timedelta(30)
    [told] = corrections([*rows, later], [Corrected(1, at, 1.0), Corrected(3, at, None)])
    assert (told.at, told.given_at, told.occasion, told.k) == (at, DAY, EXAM, 5)
    assert (told.changed, told.removed) == (1, 1)
    before = fold(row.event for row in rows)
    after = fold(row.event for row in log([1, 1, 1, 1, 1, 0]))  # 1, 1→1, 1, out, 1, 1, 0
    moved = round(score(after.state.mean[5])) - round(score(before.state.mean[5]))
    assert told.points == moved > 0


def test_two_decisions_follow_each_other_and_the_newest_comes_first() -> None:
    rows = log([1, 0, 1, 0, 1, 1])
    first, second = DAY + timedelta(1), DAY + timedelta(2)
    told = corrections(rows, [Corrected(1, first, 1.0), Corrected(1, second, 0.0)])
    assert [one.at for one in told] == [second, first]
    assert told[0].points == -told[1].points != 0


def test_no_points_without_evidence_enough_before_and_after() -> None:
    [told] = corrections(log([1, 0, 1, 0, 1]), [Corrected(1, DAY, None)])
    assert told.points is None and told.removed == 1


def test_the_newest_are_told_and_reckoned_from_all_before_them() -> None:
    rows = log([0] * 8)
    many = [Corrected(n % 8, DAY + timedelta(n), (n // 8 + 1) % 2) for n in range(MOST + 6)]
    told = corrections(rows, many)
    assert len(told) == MOST and told[0].at == DAY + timedelta(MOST + 5)
    assert told[-1].points > 0 and told[0].points < 0
    assert corrections(rows, [Corrected(55, DAY, 1.0)]) == [], "of nobody's row nothing is told"
