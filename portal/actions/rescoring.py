"""Deriving the score of a submitted attempt anew after its marks have changed, with all that
follows, in the transaction of the change.

What follows: the score and whether it is a pass; the month of the unit; courses and obligations
that a new pass completes; the figures of questions; evidence of capability. A pass that a new score
would take is kept unless the decision says otherwise (``core.regrading.passed_after``), and a
course that has been completed stays completed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions import evidence, item_counting, settling
from portal.actions.portal import Portal
from portal.core.attempts import Attempt
from portal.core.grading import Grade
from portal.core.questions import Question
from portal.core.regrading import passed_after
from portal.store import attempts, progress, versions
from portal.store.attempts import StoredItem
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class Paper:
    """A submitted attempt with its items as they are graded at one moment."""

    attempt: Attempt
    items: Sequence[StoredItem]
    questions: Mapping[str, Question]
    grades: Sequence[Grade]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What new marks did to an attempt. ``spared``: it would have failed, and keeps its pass."""

    gained: bool = False
    lost: bool = False
    spared: bool = False


def read_paper(conn: Connection, attempt_id: int) -> Paper:
    """The attempt as it is graded now. Raises KeyError when there is none."""
    attempt = attempts.get(conn, attempt_id)
    items = attempts.items(conn, attempt_id)
    questions = versions.get_questions(conn, [item.version for item in items])
    grades = [settling.grade_item(item, questions[item.version]) for item in items]
    return Paper(attempt, items, questions, grades)


def rescore(
    conn: Connection,
    portal: Portal,
    before: Paper,
    at: datetime,
    reason: str,
    *,
    take_passes: bool = False,
) -> Outcome:
    """Bring everything into step with the marks; ``before`` is the paper before they were added."""
    attempt = before.attempt
    _take_out_of_figures(conn, before, at)
    after = read_paper(conn, attempt.id)
    score = settling.score_of(after.items, after.grades, attempt.pass_mark)
    passed = passed_after(attempt.passed, score.passed, take=take_passes)
    attempts.rescore(conn, attempt.id, score, passed)
    _count(conn, portal, after, before, passed)
    changed = {
        item.position: None if given.voided else given.fraction
        for item, old, given in zip(after.items, before.grades, after.grades, strict=True)
        if given.answered and (old.fraction, old.voided) != (given.fraction, given.voided)
    }
    if changed:
        evidence.attempt_regraded(conn, portal, attempt.id, changed, at, reason)
    gained = bool(passed) and not attempt.passed
    if gained:
        settling.passed_quiz(conn, portal, attempt, at)
    return Outcome(
        gained=gained,
        lost=bool(attempt.passed) and not passed,
        spared=bool(passed) and score.passed is False,
    )


# Private functions


def _take_out_of_figures(conn: Connection, before: Paper, at: datetime) -> None:
    item_counting.take_out(conn, before.attempt, before.items, before.questions, before.grades, at)


def _count(
    conn: Connection, portal: Portal, after: Paper, before: Paper, passed: bool | None
) -> None:
    """The sums of the unit where the attempt counts."""
    attempt = before.attempt
    assert attempt.submitted_at is not None
    more = int(bool(passed)) - int(bool(attempt.passed))
    if more:
        month = settling.month_of(portal, attempt.submitted_at)
        progress.count_month(conn, attempt.unit_id, month, attempt.course_id, passed=more)
    if attempt.number != 1:
        return
    for item, old, new in zip(after.items, before.grades, after.grades, strict=True):
        if (old.fraction, old.voided) != (new.fraction, new.voided):
            settling.count_first_answer(
                conn, attempt.unit_id, item.question_id, item.version, old, sign=-1
            )
            settling.count_first_answer(conn, attempt.unit_id, item.question_id, item.version, new)
