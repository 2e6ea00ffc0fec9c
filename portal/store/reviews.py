"""Reviews (append-only) and the cards worked out from them; what attempts have to add."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.review import Memory, Rating
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer in an attempt that the cards have not taken in yet."""

    origin: str  # where it stands: "attempt 12/3" or "check 4711"
    question_id: str
    version: str
    response: Any
    helped: bool  # a hint was used, or it had been checked before
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredReview:
    """One row of ``reviews``."""

    law: str
    rating: Rating
    at: datetime
    origin: str


def add(
    conn: Connection,
    person_id: int,
    question_id: str,
    *,
    law: str,
    rating: Rating,
    at: datetime,
    origin: str,
) -> bool:
    """Append a review; False when the answer at ``origin`` was taken in before."""
    return bool(
        conn.run(
            """
            INSERT INTO reviews (person_id, question_id, law, rating, at, origin)
            VALUES (:person_id, :question_id, :law, :rating, :at, :origin)
            ON CONFLICT (person_id, origin) DO NOTHING
            """,
            person_id=person_id,
            question_id=question_id,
            law=law,
            rating=int(rating),
            at=iso(at),
            origin=origin,
        )
    )


def of_question(conn: Connection, person_id: int, question_id: str) -> list[StoredReview]:
    """All reviews of a card, in the order in which they were taken in."""
    rows = conn.all(
        """
        SELECT law, rating, at, origin FROM reviews
        WHERE person_id = :person_id AND question_id = :question_id
        ORDER BY id
        """,
        person_id=person_id,
        question_id=question_id,
    )
    return [
        StoredReview(row["law"], Rating(row["rating"]), parse_iso(row["at"]), row["origin"])
        for row in rows
    ]


def find_card(conn: Connection, person_id: int, question_id: str) -> Memory | None:
    """The card of one question."""
    row = conn.one(
        """
        SELECT law, stability, difficulty, reviewed_at, due_at, book, book_day
        FROM review_cards
        WHERE person_id = :person_id AND question_id = :question_id
        """,
        person_id=person_id,
        question_id=question_id,
    )
    return _memory(row) if row else None


def cards(conn: Connection, person_id: int) -> dict[str, Memory]:
    """Every card of a person by question id."""
    rows = conn.all(
        """
        SELECT question_id, law, stability, difficulty, reviewed_at, due_at, book, book_day
        FROM review_cards
        WHERE person_id = :person_id
        ORDER BY question_id
        """,
        person_id=person_id,
    )
    return {row.pop("question_id"): _memory(row) for row in rows}


def save_card(conn: Connection, person_id: int, question_id: str, memory: Memory) -> None:
    """Write the summary of a card's reviews."""
    conn.run(
        """
        INSERT INTO review_cards (
            person_id, question_id, law, stability, difficulty, reviewed_at, due_at, book, book_day
        ) VALUES (
            :person_id, :question_id, :law, :stability, :difficulty, :reviewed_at, :due_at,
            :book, :book_day
        )
        ON CONFLICT (person_id, question_id) DO UPDATE
        SET law = excluded.law,
            stability = excluded.stability,
            difficulty = excluded.difficulty,
            reviewed_at = excluded.reviewed_at,
            due_at = excluded.due_at,
            book = excluded.book,
            book_day = excluded.book_day
        """,
        person_id=person_id,
        question_id=question_id,
        law=memory.law,
        stability=memory.stability,
        difficulty=memory.difficulty,
        reviewed_at=iso(memory.reviewed_at),
        due_at=iso(memory.due_at),
        book=memory.book,
        book_day=memory.book_day,
    )


# What attempts have to add


def waiting(conn: Connection, person_id: int) -> tuple[list[int], int]:
    """Closed attempts that were not taken in, and the last check that was."""
    rows = conn.all(
        """
        SELECT a.id FROM attempts a
        WHERE a.person_id = :person_id
          AND a.submitted_at IS NOT NULL
          AND a.kind <> 'checkpoint'
          AND NOT EXISTS (SELECT 1 FROM reviews_taken_attempts t WHERE t.attempt_id = a.id)
        ORDER BY a.submitted_at, a.id
        """,
        person_id=person_id,
    )
    taken = conn.value(
        "SELECT check_id FROM reviews_taken WHERE person_id = :person_id", person_id=person_id
    )
    return [row["id"] for row in rows], taken or 0


def answers_of(conn: Connection, attempt_ids: Sequence[int]) -> list[Answered]:
    """The last answer to every item of closed attempts, in the order of the attempts."""
    found: list[Answered] = []
    for attempt_id in attempt_ids:
        rows = conn.all(
            """
            SELECT i.position, i.question_id, i.version, l.response, a.submitted_at AS at,
                   EXISTS (SELECT 1 FROM answer_log h
                    WHERE h.attempt_id = i.attempt_id AND h.position = i.position
                      AND h.kind = 'hint') AS helped
            FROM attempt_items i
            JOIN attempts a ON a.id = i.attempt_id
            JOIN answer_log l ON l.id = (
                SELECT max(n.id) FROM answer_log n
                WHERE n.attempt_id = i.attempt_id AND n.position = i.position AND n.kind = 'answer')
            WHERE i.attempt_id = :attempt_id
            ORDER BY i.position
            """,
            attempt_id=attempt_id,
        )
        found += [_answered(row, f"attempt {attempt_id}/{row['position']}") for row in rows]
    return found


def checks_since(conn: Connection, person_id: int, check_id: int) -> tuple[list[Answered], int]:
    """Checked checkpoints after the log row ``check_id``, and the last such row."""
    rows = conn.all(
        """
        SELECT l.id, i.question_id, i.version, l.response, l.at,
               EXISTS (SELECT 1 FROM answer_log h
                WHERE h.attempt_id = l.attempt_id AND h.position = l.position AND h.id < l.id
                  AND h.kind IN ('hint', 'check')) AS helped
        FROM attempts a
        JOIN attempt_items i ON i.attempt_id = a.id
        JOIN answer_log l
          ON l.attempt_id = a.id AND l.position = i.position AND l.kind = 'check'
         AND l.id > :check_id
        WHERE a.person_id = :person_id AND a.kind = 'checkpoint'
        ORDER BY l.id
        """,
        person_id=person_id,
        check_id=check_id,
    )
    last = rows[-1]["id"] if rows else check_id
    return [_answered(row, f"check {row['id']}") for row in rows], last


def note_taken(conn: Connection, person_id: int, attempt_ids: Sequence[int], check_id: int) -> None:
    """Remember that these attempts, and all checks up to ``check_id``, are in the cards."""
    conn.many(
        """
        INSERT INTO reviews_taken_attempts (attempt_id) VALUES (:attempt_id)
        ON CONFLICT (attempt_id) DO NOTHING
        """,
        [{"attempt_id": attempt_id} for attempt_id in attempt_ids],
    )
    conn.run(
        """
        INSERT INTO reviews_taken (person_id, check_id) VALUES (:person_id, :check_id)
        ON CONFLICT (person_id) DO UPDATE SET check_id = excluded.check_id
        """,
        person_id=person_id,
        check_id=check_id,
    )


def in_open_exams(conn: Connection, person_id: int) -> Collection[str]:
    """Questions that an exam is asking this person now: nothing may give their keys away."""
    rows = conn.all(
        """
        SELECT DISTINCT i.question_id
        FROM attempts a
        JOIN attempt_items i ON i.attempt_id = a.id
        WHERE a.person_id = :person_id AND a.kind = 'exam' AND a.submitted_at IS NULL
        """,
        person_id=person_id,
    )
    return {row["question_id"] for row in rows}


# Private functions


def _memory(row: Row) -> Memory:
    return Memory(
        **{
            **row,
            "reviewed_at": parse_iso(row["reviewed_at"]),
            "due_at": parse_iso(row["due_at"]),
        }
    )


def _answered(row: Row, origin: str) -> Answered:
    return Answered(
        origin=origin,
        question_id=row["question_id"],
        version=row["version"],
        response=json.loads(row["response"]),
        helped=bool(row["helped"]),
        at=parse_iso(row["at"]),
    )
