"""What a decision about a question does to evidence outside quizzes and exams.

Papers are marked anew (``rescoring``). A checkpoint, a card of practice or a question of the
placement was marked on the spot and has no marks: where its key was wrong, whatever was shown
proves nothing, and it counts no longer. Undoing the decision lets it count again as it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from portal.actions import evidence
from portal.store import evidence as log
from portal.store.database import Connection, Row


def carry_out(
    conn: Connection, decision: Row, versions: Sequence[str], after: int, most: int, at: datetime
) -> tuple[int, int]:
    """Let the answers to ``versions`` with ids beyond ``after`` count no longer, or again: at most
    so many; returns the last id and how many there were. Fewer than ``most`` means that all is
    done."""
    if decision["deed"] == "undo":
        reason = _reason(decision["undoes"])
        rows = log.taken_out_by(conn, versions, reason, after=after, limit=most)
    else:
        rows = log.counted_outside_papers(conn, versions, after=after, limit=most)
    by_person: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_person[row["person_id"]].append(row)
    for person_id, theirs in by_person.items():
        for row in theirs:
            x = row["x"] if decision["deed"] == "undo" else None
            log.correct(conn, row["id"], person_id, x, _reason(decision["id"]), at)
        evidence.refold(conn, person_id)
    return (rows[-1]["id"] if rows else after), len(rows)


# Private functions


def _reason(decision_id: int) -> str:
    return f"question_decision:{decision_id}"
