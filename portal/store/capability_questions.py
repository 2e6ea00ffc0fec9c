"""Questions that people put to their profile, and what was answered."""

from __future__ import annotations

from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

_COLUMNS = """
    q.id, q.person_id, p.name AS person_name, p.staff_no, q.capability, q.text, q.asked_at,
    q.answered_at, q.answered_by, a.name AS answered_by_name, q.outcome, q.answer, q.seen_at
"""
_FROM = """
    FROM capability_questions q
    JOIN people p ON p.id = q.person_id
    LEFT JOIN people a ON a.id = q.answered_by
"""


def ask(conn: Connection, person_id: int, capability: str, text: str, at: datetime) -> int:
    """Put a question; return its id."""
    return conn.insert(
        """
        INSERT INTO capability_questions (person_id, capability, text, asked_at)
        VALUES (:person_id, :capability, :text, :at)
        RETURNING id
        """,
        person_id=person_id,
        capability=capability,
        text=text,
        at=iso(at),
    )


def find(conn: Connection, question_id: int) -> Row | None:
    """One question with the names of who asked and answered."""
    return conn.one(f"SELECT {_COLUMNS} {_FROM} WHERE q.id = :id", id=question_id)


def of_person(conn: Connection, person_id: int, limit: int) -> list[Row]:
    """The person's questions, the newest first."""
    return conn.all(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE q.person_id = :person_id
        ORDER BY q.id DESC
        LIMIT :limit
        """,
        person_id=person_id,
        limit=limit,
    )


def unseen(conn: Connection, person_id: int, limit: int) -> list[Row]:
    """Answers to the person that were not read yet, the newest first: id, answered_at."""
    return conn.all(
        """
        SELECT id, answered_at FROM capability_questions
        WHERE person_id = :person_id AND answered_at IS NOT NULL AND seen_at IS NULL
        ORDER BY answered_at DESC, id DESC
        LIMIT :limit
        """,
        person_id=person_id,
        limit=limit,
    )


def listed(conn: Connection, *, is_open: bool, limit: int, offset: int = 0) -> list[Row]:
    """Everybody's: those that wait, the oldest first; or those answered, the newest first."""
    where, order = (
        ("q.answered_at IS NULL", "q.asked_at, q.id")
        if is_open
        else ("q.answered_at IS NOT NULL", "q.answered_at DESC, q.id DESC")
    )
    return conn.all(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE {where}
        ORDER BY {order}
        LIMIT :limit OFFSET :offset
        """,
        limit=limit,
        offset=offset,
    )


def count_open(conn: Connection, person_id: int | None = None) -> int:
    """How many wait for an answer, of one person or of everybody."""
    return int(
        conn.value(
            """
            SELECT COUNT(*) FROM capability_questions
            WHERE answered_at IS NULL AND (:person_id IS NULL OR person_id = :person_id)
            """,
            person_id=person_id,
        )
    )


def answer(
    conn: Connection, question_id: int, by: int, outcome: str, text: str, at: datetime
) -> bool:
    """Answer a question; False when it was answered before."""
    return bool(
        conn.run(
            """
            UPDATE capability_questions
            SET answered_at = :at, answered_by = :by, outcome = :outcome, answer = :text
            WHERE id = :id AND answered_at IS NULL
            """,
            id=question_id,
            by=by,
            outcome=outcome,
            text=text,
            at=iso(at),
        )
    )


def see(conn: Connection, person_id: int, at: datetime) -> int:
    """Note that the person has read every answer given so far."""
    return conn.run(
        """
        UPDATE capability_questions SET seen_at = :at
        WHERE person_id = :person_id AND answered_at IS NOT NULL AND seen_at IS NULL
        """,
        person_id=person_id,
        at=iso(at),
    )
