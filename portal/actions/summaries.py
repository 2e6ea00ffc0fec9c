"""Making the summaries anew from the facts.

``unit_months`` and ``unit_items`` are kept up to date event by event, the counts of obligations and
the standing of people and units change by change. This builds them again from the facts; the
result is the same, which tests prove.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from portal.actions import settling, unit_standing
from portal.actions.portal import Portal
from portal.core.grading import grade
from portal.core.times import parse_iso
from portal.store import obligations, progress, summaries, versions
from portal.store.database import Connection, Row


def rebuild_summaries(portal: Portal) -> None:
    """Replace all summaries, in two transactions; writers wait meanwhile."""
    with portal.db.write() as conn:
        summaries.clear(conn)
        _months(conn, portal)
        _items(conn)
        obligations.recount(conn)
    unit_standing.rebuild(portal)


# Private functions


def _months(conn: Connection, portal: Portal) -> None:
    """Events come grouped by unit, course and UTC hour; months begin at local midnight."""
    sums: dict[tuple[int, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in summaries.events_by_hour(conn):
        month = settling.month_of(portal, _hour(row["hour"]))
        total = sums[row["unit_id"], month, row["course_id"]]
        for name in ("started", "completed", "submitted", "passed", "hours"):
            total[name] += row[name]
    for (unit_id, month, course_id), total in sums.items():
        progress.count_month(
            conn,
            unit_id,
            month,
            course_id,
            started=int(total["started"]),
            completed=int(total["completed"]),
            submitted=int(total["submitted"]),
            passed=int(total["passed"]),
            hours=total["hours"],
        )


def _items(conn: Connection) -> None:
    last = 0
    while batch := summaries.first_answers(conn, after_attempt=last):
        questions = versions.get_questions(conn, [row["version"] for row in batch])
        for row in batch:
            given = grade(questions[row["version"]], json.loads(row["response"] or "null"))
            settling.count_first_answer(
                conn,
                row["unit_id"],
                row["question_id"],
                row["version"],
                settling.marked(given, _mark(row), voided=row["kind"] == "void"),
            )
        last = batch[-1]["attempt_id"]


def _mark(row: Row) -> float | None:
    return None if row["score"] is None else row["score"] / row["max_score"]


def _hour(text: str) -> datetime:
    return parse_iso(f"{text}:00:00.000Z")
