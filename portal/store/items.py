"""Distributions of marks by question and quiz version, and the queue of attempts to count.

Marks are whole millionths of a point. An attempt is added once, when it leaves the queue; when
its marks change it is taken out as it was added and waits to be added again. No row stays at
nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.core.times import iso
from portal.store.database import Connection, Row

UNIT = 1e-6  # points


def await_counting(conn: Connection, attempt_id: int, at: datetime) -> None:
    """Put a submitted first attempt into the queue."""
    conn.run(
        """
        INSERT INTO item_pending (attempt_id, due_at) VALUES (:attempt_id, :at)
        ON CONFLICT (attempt_id) DO UPDATE SET due_at = excluded.due_at
        """,
        attempt_id=attempt_id,
        at=iso(at),
    )


def pending(conn: Connection, now: datetime, limit: int) -> list[int]:
    """Attempts whose turn it is, the oldest first."""
    rows = conn.all(
        """
        SELECT attempt_id FROM item_pending
        WHERE due_at <= :now
        ORDER BY due_at, attempt_id
        LIMIT :limit
        """,
        now=iso(now),
        limit=limit,
    )
    return [row["attempt_id"] for row in rows]


def is_pending(conn: Connection, attempt_id: int) -> bool:
    """Whether the attempt waits to be added."""
    return bool(conn.value("SELECT 1 FROM item_pending WHERE attempt_id = :id", id=attempt_id))


def done(conn: Connection, attempt_id: int) -> None:
    """Take an attempt out of the queue: it has been added."""
    conn.run("DELETE FROM item_pending WHERE attempt_id = :id", id=attempt_id)


def abilities(conn: Connection, attempt_id: int) -> dict[int, float]:
    """How able the person was in the question's capability before each answer, by position."""
    rows = conn.all(
        """
        SELECT position, mean FROM evidence
        WHERE source_id = :id AND kind IN ('quiz', 'exam') AND position IS NOT NULL
        """,
        id=attempt_id,
    )
    return {row["position"]: row["mean"] for row in rows}


def add_marks(conn: Connection, rows: Iterable[dict[str, Any]], sign: int = 1) -> None:
    """Count one person at (mark, rest) of each question: quiz_id, quiz_version, question_id,
    version, max_mark, mark, rest; with ``sign`` -1, one less."""
    conn.many(
        """
        INSERT INTO item_marks (
            quiz_id, quiz_version, question_id, version, max_mark, mark, rest, persons
        ) VALUES (
            :quiz_id, :quiz_version, :question_id, :version, :max_mark, :mark, :rest, :sign
        )
        ON CONFLICT (quiz_id, quiz_version, question_id, version, max_mark, mark, rest)
        DO UPDATE SET persons = item_marks.persons + excluded.persons
        """,
        [row | {"sign": sign} for row in rows],
    )


def add_total(conn: Connection, quiz_id: str, quiz_version: str, total: int, sign: int = 1) -> None:
    """Count one person at this total; with ``sign`` -1, one less."""
    conn.run(
        """
        INSERT INTO item_totals (quiz_id, quiz_version, total, persons)
        VALUES (:quiz_id, :quiz_version, :total, :sign)
        ON CONFLICT (quiz_id, quiz_version, total)
        DO UPDATE SET persons = item_totals.persons + excluded.persons
        """,
        sign=sign,
        quiz_id=quiz_id,
        quiz_version=quiz_version,
        total=total,
    )


def add_choices(conn: Connection, rows: Iterable[dict[str, Any]], sign: int = 1) -> None:
    """Count one person's choices: question_id, version, measure, choice, bin, fraction, ability;
    with ``sign`` -1, one person less."""
    conn.many(
        """
        INSERT INTO item_choices (
            question_id, version, measure, choice, bin, persons,
            fraction_sum, ability_sum, ability_squares, fraction_squares, product_sum
        ) VALUES (
            :question_id, :version, :measure, :choice, :bin, :sign,
            :sign * :fraction, :sign * :ability, :sign * :ability * :ability,
            :sign * :fraction * :fraction, :sign * :fraction * :ability
        )
        ON CONFLICT (question_id, version, measure, choice, bin) DO UPDATE
        SET persons = item_choices.persons + excluded.persons,
            fraction_sum = item_choices.fraction_sum + excluded.fraction_sum,
            ability_sum = item_choices.ability_sum + excluded.ability_sum,
            ability_squares = item_choices.ability_squares + excluded.ability_squares,
            fraction_squares = item_choices.fraction_squares + excluded.fraction_squares,
            product_sum = item_choices.product_sum + excluded.product_sum
        """,
        [row | {"sign": sign} for row in rows],
    )


def forget_nobody(conn: Connection, quiz_id: str, question_ids: Iterable[str]) -> None:
    """Remove rows of the quiz and of the questions that count nobody any more."""
    conn.run("DELETE FROM item_totals WHERE quiz_id = :quiz_id AND persons = 0", quiz_id=quiz_id)
    for question_id in question_ids:
        for table in ("item_marks", "item_choices"):
            conn.run(
                f"DELETE FROM {table} WHERE question_id = :id AND persons = 0",  # noqa: S608
                id=question_id,
            )


def quizzes(conn: Connection) -> list[Row]:
    """Quiz versions with figures: quiz_id, quiz_version, persons, total (points), met_at."""
    return conn.all(
        """
        SELECT t.quiz_id, t.quiz_version, SUM(t.persons) AS persons,
               SUM(t.persons * t.total) * 1e-6 AS total,
               (SELECT v.first_met_at FROM content_versions v
                WHERE v.version = t.quiz_version) AS met_at
        FROM item_totals t
        GROUP BY t.quiz_id, t.quiz_version
        ORDER BY t.quiz_id, met_at DESC
        """
    )


def totals(conn: Connection, quiz_id: str, quiz_version: str) -> dict[int, int]:
    """Persons by total."""
    rows = conn.all(
        """
        SELECT total, persons FROM item_totals
        WHERE quiz_id = :quiz_id AND quiz_version = :quiz_version
        """,
        quiz_id=quiz_id,
        quiz_version=quiz_version,
    )
    return {row["total"]: row["persons"] for row in rows}


def marks_of_quiz(conn: Connection, quiz_id: str, quiz_version: str) -> list[Row]:
    """question_id, version, max_mark, mark, rest, persons."""
    return conn.all(
        """
        SELECT question_id, version, max_mark, mark, rest, persons FROM item_marks
        WHERE quiz_id = :quiz_id AND quiz_version = :quiz_version
        """,
        quiz_id=quiz_id,
        quiz_version=quiz_version,
    )


def uses(conn: Connection, question_id: str) -> list[Row]:
    """Where a question was answered: quiz_id, version, max_mark, mark, persons, summed over rest
    scores and quiz versions."""
    return conn.all(
        """
        SELECT quiz_id, version, max_mark, mark, SUM(persons) AS persons FROM item_marks
        WHERE question_id = :question_id
        GROUP BY quiz_id, version, max_mark, mark
        """,
        question_id=question_id,
    )


def choices(conn: Connection, question_id: str) -> list[Row]:
    """All bins of all versions of a question."""
    return conn.all(
        """
        SELECT version, measure, choice, bin, persons, fraction_sum, ability_sum,
               ability_squares, fraction_squares, product_sum
        FROM item_choices
        WHERE question_id = :question_id
        ORDER BY version, measure, choice, bin
        """,
        question_id=question_id,
    )


def choices_of(conn: Connection, question_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The same for the questions of a quiz, by question."""
    return {question_id: choices(conn, question_id) for question_id in question_ids}


def versions_met(conn: Connection, question_id: str) -> dict[str, str]:
    """Versions of a question that anybody met, with when first, the newest first."""
    rows = conn.all(
        """
        SELECT version, first_met_at FROM content_versions
        WHERE kind = 'question' AND content_id = :question_id
        ORDER BY first_met_at DESC
        """,
        question_id=question_id,
    )
    return {row["version"]: row["first_met_at"] for row in rows}


def waiting(conn: Connection) -> int:
    """How many attempts the figures do not hold yet."""
    return int(conn.value("SELECT COUNT(*) FROM item_pending") or 0)
