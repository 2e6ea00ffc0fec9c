"""Reports by staff that a question is wrong, and what trainers answered."""

from __future__ import annotations

from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row


def add(
    conn: Connection,
    *,
    person_id: int,
    question_id: str,
    version: str,
    reason: str,
    text: str,
    at: datetime,
) -> int:
    """Keep a report and return its id. A second open one of a person and question is an error."""
    return conn.insert(
        """
        INSERT INTO question_reports (person_id, question_id, version, reason, text, at)
        VALUES (:person_id, :question_id, :version, :reason, :text, :at)
        RETURNING id
        """,
        person_id=person_id,
        question_id=question_id,
        version=version,
        reason=reason,
        text=text,
        at=iso(at),
    )


def find_open(conn: Connection, person_id: int, question_id: str) -> Row | None:
    """The report of this person on this question that nobody has answered."""
    return conn.one(
        """
        SELECT id, at FROM question_reports
        WHERE person_id = :person_id AND question_id = :question_id AND answered_at IS NULL
        """,
        person_id=person_id,
        question_id=question_id,
    )


def count_since(conn: Connection, person_id: int, since: datetime) -> int:
    """How many reports this person has made since then."""
    found = conn.value(
        "SELECT COUNT(*) FROM question_reports WHERE person_id = :person_id AND at >= :since",
        person_id=person_id,
        since=iso(since),
    )
    return int(found or 0)


def queue(conn: Connection, *, answered: bool, limit: int, offset: int) -> tuple[list[Row], int]:
    """A page of reports, open ones by question with the most reports first, and how many there are.

    id, question_id, version, reason, text, at, same (open reports on the question), outcome,
    answer, answered_at, answered_by_name. Reporters are not named.
    """
    which = "IS NOT NULL" if answered else "IS NULL"
    order = "r.answered_at DESC" if answered else "same DESC, r.question_id, r.id"
    rows = conn.all(
        f"""
        SELECT r.id, r.question_id, r.version, r.reason, r.text, r.at, r.outcome, r.answer,
               r.answered_at, p.name AS answered_by_name,
               (SELECT COUNT(*) FROM question_reports o
                WHERE o.question_id = r.question_id AND o.answered_at IS NULL) AS same
        FROM question_reports r
        LEFT JOIN people p ON p.id = r.answered_by
        WHERE r.answered_at {which}
        ORDER BY {order}
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608 (words of this module)
        limit=limit,
        offset=offset,
    )
    total = conn.value(
        f"SELECT COUNT(*) FROM question_reports WHERE answered_at {which}"  # noqa: S608
    )
    return rows, int(total or 0)


def answer(
    conn: Connection, report_id: int, *, by: int, outcome: str, words: str, at: datetime
) -> bool:
    """Answer an open report; False when it is answered already or does not exist."""
    return bool(
        conn.run(
            """
            UPDATE question_reports
            SET answered_at = :at, answered_by = :by, outcome = :outcome, answer = :words
            WHERE id = :id AND answered_at IS NULL
            """,
            id=report_id,
            by=by,
            outcome=outcome,
            words=words,
            at=iso(at),
        )
    )


def open_on(conn: Connection, question_id: str) -> list[int]:
    """Ids of the open reports on a question."""
    rows = conn.all(
        """
        SELECT id FROM question_reports
        WHERE question_id = :question_id AND answered_at IS NULL
        """,
        question_id=question_id,
    )
    return [row["id"] for row in rows]


def get(conn: Connection, report_id: int) -> Row | None:
    """One report: id, person_id, question_id, version, outcome, answer."""
    return conn.one(
        """
        SELECT id, person_id, question_id, version, outcome, answer
        FROM question_reports WHERE id = :id
        """,
        id=report_id,
    )


def of_person(conn: Connection, person_id: int, limit: int) -> list[Row]:
    """What this person reported, the newest first: id, question_id, version, at, answered_at,
    outcome, answer."""
    return conn.all(
        """
        SELECT id, question_id, version, at, answered_at, outcome, answer
        FROM question_reports
        WHERE person_id = :person_id
        ORDER BY at DESC, id DESC
        LIMIT :limit
        """,
        person_id=person_id,
        limit=limit,
    )
