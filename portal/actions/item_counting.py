"""Adding submitted first attempts to the figures of their questions, in the background.

Closing an attempt only puts it in a queue. A round takes some out, grades each by the stored
versions, as closing did, and adds it to the distributions; an attempt whose essay waits for its
mark is looked at again the next day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.actions import settling
from portal.actions.portal import Portal
from portal.core.attempts import Attempt
from portal.core.grading import Grade
from portal.core.item_bins import EVERYBODY, ability_bin, rest_bin
from portal.core.questions import Choice, Question
from portal.store import attempts, items, versions
from portal.store.attempts import StoredItem
from portal.store.database import Connection

A_ROUND = 100  # attempts in one transaction: other writers wait for it
_LATER = timedelta(days=1)


def count_pending(portal: Portal, most: int = 2_000) -> int:
    """Add up to ``most`` waiting attempts, a few at a time; returns how many were added."""
    added = 0
    for _ in range(-(-most // A_ROUND)):
        with portal.db.read() as conn:
            if not items.pending(conn, portal.now(), 1):
                break
        with portal.db.write() as conn:
            waiting = items.pending(conn, portal.now(), A_ROUND)
            added += sum(_count(conn, portal, attempt_id) for attempt_id in waiting)
    return added


def _count(conn: Connection, portal: Portal, attempt_id: int) -> bool:
    """Add one attempt; False when it waits for a mark or is no attempt to count."""
    attempt = attempts.find(conn, attempt_id)
    stored = attempts.items(conn, attempt_id) if attempt else []
    if attempt is None or attempt.submitted_at is None or not stored:
        items.done(conn, attempt_id)
        return False
    questions = versions.get_questions(conn, [item.version for item in stored])
    grades = [settling.grade_item(item, questions[item.version]) for item in stored]
    if any(given.answered and given.fraction is None for given in grades):
        items.await_counting(conn, attempt_id, portal.now() + _LATER)
        return False
    _add(conn, attempt, stored, questions, grades, 1)
    items.done(conn, attempt_id)
    return True


def take_out(
    conn: Connection,
    attempt: Attempt,
    stored: Sequence[StoredItem],
    questions: Mapping[str, Question],
    grades: Sequence[Grade],
    now: datetime,
) -> None:
    """Take an attempt out of the figures, as it was graded when it was added; it is added again by
    the next round. To be called in the transaction that changes its marks."""
    if attempt.number != 1 or attempt.kind == "checkpoint":
        return
    if not items.is_pending(conn, attempt.id):
        _add(conn, attempt, stored, questions, grades, -1)
        items.forget_nobody(conn, attempt.quiz_id, {item.question_id for item in stored})
    items.await_counting(conn, attempt.id, now)


# Private functions


def _add(
    conn: Connection,
    attempt: Attempt,
    every_item: Sequence[StoredItem],
    questions: Mapping[str, Question],
    every_grade: Sequence[Grade],
    sign: int,
) -> None:
    """Add the attempt to the figures, or take it out; what was voided is in none."""
    counted = [
        (item, given)
        for item, given in zip(every_item, every_grade, strict=True)
        if not given.voided
    ]
    stored, grades = [item for item, _ in counted], [given for _, given in counted]
    marks = [_mark(item, given) for item, given in counted]
    items.add_total(conn, attempt.quiz_id, attempt.version, sum(marks), sign)
    items.add_marks(
        conn,
        [
            {
                "quiz_id": attempt.quiz_id,
                "quiz_version": attempt.version,
                "question_id": item.question_id,
                "version": item.version,
                "max_mark": item.points,
                "mark": mark,
                "rest": sum(marks) - mark,
            }
            for item, mark in zip(stored, marks, strict=True)
        ],
        sign,
    )
    items.add_choices(conn, _choices(conn, attempt.id, stored, questions, grades, marks), sign)


def _mark(item: StoredItem, given: Grade) -> int:
    return round((given.fraction or 0.0) * item.points / items.UNIT)


def _choices(
    conn: Connection,
    attempt_id: int,
    stored: Sequence[StoredItem],
    questions: Mapping[str, Question],
    grades: Sequence[Grade],
    marks: Sequence[int],
) -> list[dict[str, Any]]:
    """A row for everybody and one for each chosen option, by each measure that is known."""
    known = items.abilities(conn, attempt_id)
    maximum = sum(item.points for item in stored) / items.UNIT
    rows = []
    for item, given, mark in zip(stored, grades, marks, strict=True):
        others = maximum - item.points / items.UNIT
        measures: dict[str, tuple[int, float]] = {}
        if others > 0:
            share = (sum(marks) - mark) / others
            measures["rest"] = (rest_bin(share), share)
        if item.position in known:
            ability = known[item.position]
            measures["ability"] = (ability_bin(ability), ability)
        chosen = _chosen(questions[item.version], item)
        for measure, (place, value) in measures.items():
            for choice in (EVERYBODY, *chosen):
                rows.append(
                    {
                        "question_id": item.question_id,
                        "version": item.version,
                        "measure": measure,
                        "choice": choice,
                        "bin": place,
                        "fraction": given.fraction or 0.0,
                        "ability": value,
                    }
                )
    return rows


def _chosen(question: Question, item: StoredItem) -> list[int]:
    if not isinstance(question.body, Choice) or not isinstance(item.response, list):
        return []
    return [at for at in item.response if isinstance(at, int)]
