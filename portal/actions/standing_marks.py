"""Marks that a decision about a question gives to single items.

Used where an attempt closes (a decision that stands holds for attempts that were open then, too)
and where a decision is carried out over everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.core.grading import grade
from portal.core.questions import Question
from portal.core.regrading import obstacle, regrade
from portal.core.times import iso
from portal.store import attempts, marks, question_decisions, versions
from portal.store.attempts import StoredItem
from portal.store.database import Connection, Row


def apply(conn: Connection, attempt_id: int, at: datetime) -> None:
    """Mark the items of an attempt that closes by the decisions that stand."""
    for decision in question_decisions.standing(conn, attempt_id):
        items = attempts.items(conn, attempt_id, decision["position"])
        marks.add(conn, marks_of(conn, attempt_id, items, decision, at))


def marks_of(
    conn: Connection,
    attempt_id: int,
    items: Sequence[StoredItem],
    decision: Row,
    at: datetime,
) -> list[dict[str, Any]]:
    """The marks that a decision gives to these items of the attempt; none where it gave it before
    or where nothing changes."""
    made = []
    wanted = [item.version for item in items]
    if decision["to_version"]:
        wanted.append(decision["to_version"])
    questions = versions.get_questions(conn, wanted)
    for item in items:
        found = _mark(conn, attempt_id, item, questions, decision)
        if found is not None:
            score, kind, decision_id = found
            made.append(
                {
                    "attempt_id": attempt_id,
                    "position": item.position,
                    "score": None if score is None else score * (item.points or 1.0),
                    "max_score": item.points or 1.0,
                    "marker_id": decision["decided_by"],
                    "reason": decision["reason"],
                    "at": iso(at),
                    "kind": kind,
                    "decision_id": decision_id,
                }
            )
    return made


# Private functions


def _mark(
    conn: Connection,
    attempt_id: int,
    item: StoredItem,
    questions: Mapping[str, Question],
    decision: Row,
) -> tuple[float | None, str, int | None] | None:
    """(fraction, kind, decision id) of the mark to give, None for none."""
    if item.decision_id == decision["id"]:
        return None
    match decision["deed"]:
        case "void":
            return None if item.voided else (item.mark, "void", decision["id"])
        case "regrade":
            by = questions[decision["to_version"]]
            fraction = _regraded(item, questions[item.version], by)
            return None if fraction is None else (fraction, "regrade", decision["id"])
        case "undo":
            return _undone(conn, attempt_id, item, decision["undoes"])
    return None


def _regraded(item: StoredItem, old: Question, new: Question) -> float | None:
    """The new fraction where it is another one."""
    if item.voided or obstacle(old, new) is not None:
        return None
    given = regrade(old, new, item.response)
    counts = grade(old, item.response).fraction if item.mark is None else item.mark
    return None if not given.answered or given.fraction == counts else given.fraction


def _undone(
    conn: Connection, attempt_id: int, item: StoredItem, undoes: int
) -> tuple[float | None, str, int | None] | None:
    """The mark before the decision once more, as that of the decision before it, if there was
    one."""
    if item.decision_id != undoes:
        return None  # never touched, or marked again since: the newer mark stands
    before = marks.before_decision(conn, attempt_id, item.position, undoes)
    if before is None:
        return None, "restore", None
    fraction = None if before["score"] is None else before["score"] / before["max_score"]
    return fraction, before["kind"], before["decision_id"]
