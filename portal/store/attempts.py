"""Attempts, their items, and the append-only log of answers.

An answer lives in ``answer_log`` alone: rows are added, never changed. What an item's answer
*is* is the newest row of its kind. Grading reads the stored question version only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from portal.core.attempts import Attempt, ClosedBy, Past, Score
from portal.core.drawing import DrawnItem
from portal.core.questions import Response
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

LogKind = Literal["answer", "hint", "check"]

TAKEN_BACK = "null"  # an answer row that takes the answer before it back

_COLUMNS = """
    id, person_id, unit_id, kind, quiz_id, course_id, version, number, seed, pass_mark,
    opened_at, deadline_at, submitted_at, closed_by, score, max_score, passed
"""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What decides about an answer to one item, read in one statement.

    ``answer`` and ``checked`` are the newest responses of their kind as canonical JSON.
    """

    person_id: int
    unit_id: int | None
    kind: str
    quiz_id: str
    course_id: str
    deadline_at: datetime | None
    submitted_at: datetime | None
    question_id: str
    version: str
    answer: str | None
    answered_at: str | None
    checked: str | None
    hinted: bool


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item of an attempt with the newest of what was done to it."""

    position: int
    question_id: str
    version: str
    points: float
    option_order: tuple[int, ...]
    response: Response | None
    saved_at: datetime | None
    device: str  # mark of the sign-in that gave the response
    checked: Response | None  # the response that was checked last
    tries: int  # how often it was checked
    hinted: bool
    mark: float | None  # fraction of the newest mark, 0..1; None without one
    voided: bool = False  # the newest mark takes the item out, for everybody
    decision_id: int | None = None  # the decision that the newest mark carries out
    restored: bool = False  # the newest mark took a decision back


def dump(response: object) -> str:
    """A response as the log stores it: two equal responses have equal text."""
    return json.dumps(response, ensure_ascii=False, separators=(",", ":"))


def add(
    conn: Connection,
    *,
    person_id: int,
    unit_id: int | None,
    kind: str,
    quiz_id: str,
    course_id: str,
    version: str,
    number: int,
    seed: int,
    pass_mark: float,
    opened_at: datetime,
    deadline_at: datetime | None,
) -> int:
    """Open an attempt and return its id. A second open one of a person and quiz is an error."""
    return conn.insert(
        """
        INSERT INTO attempts (
            person_id, unit_id, kind, quiz_id, course_id, version, number, seed, pass_mark,
            opened_at, deadline_at
        ) VALUES (
            :person_id, :unit_id, :kind, :quiz_id, :course_id, :version, :number, :seed,
            :pass_mark, :opened_at, :deadline_at
        )
        RETURNING id
        """,
        person_id=person_id,
        unit_id=unit_id,
        kind=kind,
        quiz_id=quiz_id,
        course_id=course_id,
        version=version,
        number=number,
        seed=seed,
        pass_mark=pass_mark,
        opened_at=iso(opened_at),
        deadline_at=iso(deadline_at) if deadline_at else None,
    )


def add_items(
    conn: Connection,
    attempt_id: int,
    items: Sequence[tuple[DrawnItem, str, float]],
    *,
    first_position: int = 0,
) -> None:
    """Append items as (drawn, question version, points); positions count from 0."""
    conn.many(
        """
        INSERT INTO attempt_items (
            attempt_id, position, question_id, version, points, option_order
        ) VALUES (:attempt_id, :position, :question_id, :version, :points, :option_order)
        """,
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "question_id": drawn.question_id,
                "version": version,
                "points": points,
                "option_order": dump(drawn.option_order),
            }
            for position, (drawn, version, points) in enumerate(items, first_position)
        ],
    )


def find(conn: Connection, attempt_id: int) -> Attempt | None:
    """The attempt with this id."""
    row = conn.one(f"SELECT {_COLUMNS} FROM attempts WHERE id = :id", id=attempt_id)  # noqa: S608
    return _attempt(row) if row else None


def get(conn: Connection, attempt_id: int) -> Attempt:
    """The attempt with this id. Raises KeyError when there is none."""
    found = find(conn, attempt_id)
    if found is None:
        raise KeyError(attempt_id)
    return found


def find_open(conn: Connection, person_id: int, quiz_id: str) -> Attempt | None:
    """The one attempt of this person at this quiz that is not submitted."""
    row = conn.one(
        f"""
        SELECT {_COLUMNS} FROM attempts
        WHERE person_id = :person_id AND quiz_id = :quiz_id AND submitted_at IS NULL
        """,  # noqa: S608
        person_id=person_id,
        quiz_id=quiz_id,
    )
    return _attempt(row) if row else None


def past(conn: Connection, person_id: int, quiz_id: str) -> list[Past]:
    """Every attempt of this person at this quiz, in order."""
    rows = conn.all(
        """
        SELECT id, number, submitted_at FROM attempts
        WHERE person_id = :person_id AND quiz_id = :quiz_id
        ORDER BY number
        """,
        person_id=person_id,
        quiz_id=quiz_id,
    )
    return [Past(row["id"], row["number"], _moment(row["submitted_at"])) for row in rows]


def of_person(
    conn: Connection, person_id: int, *, quiz_id: str | None = None, limit: int = 200
) -> list[Attempt]:
    """Quiz and exam attempts of this person, the newest first."""
    rows = conn.all(
        f"""
        SELECT {_COLUMNS} FROM attempts
        WHERE person_id = :person_id
          AND kind <> 'checkpoint'
          AND (:quiz_id IS NULL OR quiz_id = :quiz_id)
        ORDER BY id DESC
        LIMIT :limit
        """,  # noqa: S608
        person_id=person_id,
        quiz_id=quiz_id,
        limit=limit,
    )
    return [_attempt(row) for row in rows]


def item_facts(conn: Connection, attempt_id: int, position: int) -> ItemFacts | None:
    """Everything that decides about one item; one statement, since every click asks it."""
    row = conn.one(
        """
        SELECT a.person_id, a.unit_id, a.kind, a.quiz_id, a.course_id,
               a.deadline_at, a.submitted_at, i.question_id, i.version,
               (SELECT l.response FROM answer_log l
                WHERE l.attempt_id = i.attempt_id AND l.position = i.position
                  AND l.kind = 'answer'
                ORDER BY l.id DESC LIMIT 1) AS answer,
               (SELECT l.at FROM answer_log l
                WHERE l.attempt_id = i.attempt_id AND l.position = i.position
                  AND l.kind = 'answer'
                ORDER BY l.id DESC LIMIT 1) AS answered_at,
               (SELECT l.response FROM answer_log l
                WHERE l.attempt_id = i.attempt_id AND l.position = i.position
                  AND l.kind = 'check'
                ORDER BY l.id DESC LIMIT 1) AS checked,
               EXISTS (SELECT 1 FROM answer_log l
                WHERE l.attempt_id = i.attempt_id AND l.position = i.position
                  AND l.kind = 'hint') AS hinted
        FROM attempt_items i
        JOIN attempts a ON a.id = i.attempt_id
        WHERE i.attempt_id = :attempt_id AND i.position = :position
        """,
        attempt_id=attempt_id,
        position=position,
    )
    if row is None:
        return None
    return ItemFacts(
        **{
            **row,
            "deadline_at": _moment(row["deadline_at"]),
            "submitted_at": _moment(row["submitted_at"]),
            "hinted": bool(row["hinted"]),
        }
    )


def append(
    conn: Connection,
    attempt_id: int,
    position: int,
    kind: LogKind,
    response: str,
    at: str,
    device: str = "",
) -> None:
    """Add a row to the log; ``response`` is canonical JSON."""
    conn.run(
        """
        INSERT INTO answer_log (attempt_id, position, kind, response, at, device)
        VALUES (:attempt_id, :position, :kind, :response, :at, :device)
        """,
        attempt_id=attempt_id,
        position=position,
        kind=kind,
        response=response,
        at=at,
        device=device,
    )


def items(conn: Connection, attempt_id: int, position: int | None = None) -> list[StoredItem]:
    """The items of the attempt in order, with the newest log row of each kind and the mark.

    With ``position``, that item alone.
    """
    rows = conn.all(
        """
        SELECT i.position, i.question_id, i.version, i.points, i.option_order,
               l.kind, l.response, l.at, l.device,
               (SELECT COUNT(*) FROM answer_log c
                WHERE c.attempt_id = i.attempt_id AND c.position = i.position
                  AND c.kind = 'check') AS tries,
               m.score AS mark_score, m.max_score AS mark_max, m.kind AS mark_kind, m.decision_id
        FROM attempt_items i
        LEFT JOIN marks m ON m.id = (
            SELECT MAX(n.id) FROM marks n
            WHERE n.attempt_id = i.attempt_id AND n.position = i.position
        )
        LEFT JOIN answer_log l ON l.id IN (
            (SELECT max(n.id) FROM answer_log n
             WHERE n.attempt_id = i.attempt_id AND n.position = i.position AND n.kind = 'answer'),
            (SELECT max(n.id) FROM answer_log n
             WHERE n.attempt_id = i.attempt_id AND n.position = i.position AND n.kind = 'check'),
            (SELECT max(n.id) FROM answer_log n
             WHERE n.attempt_id = i.attempt_id AND n.position = i.position AND n.kind = 'hint')
        )
        WHERE i.attempt_id = :attempt_id AND (:position IS NULL OR i.position = :position)
        ORDER BY i.position
        """,
        attempt_id=attempt_id,
        position=position,
    )
    by_position: dict[int, dict[str, Row]] = {}
    for row in rows:
        by_position.setdefault(row["position"], {})[row["kind"] or ""] = row
    return [_item(kinds) for kinds in by_position.values()]


def close(
    conn: Connection, attempt_id: int, submitted_at: datetime, closed_by: ClosedBy, score: Score
) -> bool:
    """Submit an open attempt with its score; False when it was submitted already."""
    return bool(
        conn.run(
            """
            UPDATE attempts
            SET submitted_at = :submitted_at, closed_by = :closed_by,
                score = :score, max_score = :max_score, passed = :passed
            WHERE id = :id AND submitted_at IS NULL
            """,
            id=attempt_id,
            submitted_at=iso(submitted_at),
            closed_by=closed_by,
            score=score.score,
            max_score=score.max_score,
            passed=None if score.passed is None else int(score.passed),
        )
    )


def rescore(conn: Connection, attempt_id: int, score: Score, passed: bool | None) -> None:
    """Give a submitted attempt the score that its marks make now."""
    conn.run(
        """
        UPDATE attempts SET score = :score, max_score = :max_score, passed = :passed
        WHERE id = :id AND submitted_at IS NOT NULL
        """,
        id=attempt_id,
        score=score.score,
        max_score=score.max_score,
        passed=None if passed is None else int(passed),
    )


def overdue(
    conn: Connection, now: datetime, *, person_id: int | None = None, limit: int = 200
) -> list[int]:
    """Ids of open attempts whose time is up, of one person or of everybody."""
    rows = conn.all(
        """
        SELECT id FROM attempts
        WHERE submitted_at IS NULL
          AND deadline_at <= :now
          AND (:person_id IS NULL OR person_id = :person_id)
        ORDER BY deadline_at
        LIMIT :limit
        """,
        now=iso(now),
        person_id=person_id,
        limit=limit,
    )
    return [row["id"] for row in rows]


def checked_questions(
    conn: Connection, person_id: int, course_id: str | None = None
) -> dict[str, set[str]]:
    """Checkpoint questions this person has checked, by module id."""
    rows = conn.all(
        """
        SELECT a.quiz_id AS module_id, i.question_id
        FROM attempts a
        JOIN attempt_items i ON i.attempt_id = a.id
        WHERE a.person_id = :person_id
          AND a.kind = 'checkpoint'
          AND (:course_id IS NULL OR a.course_id = :course_id)
          AND EXISTS (
              SELECT 1 FROM answer_log l
              WHERE l.attempt_id = i.attempt_id AND l.position = i.position AND l.kind = 'check'
          )
        """,
        person_id=person_id,
        course_id=course_id,
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["module_id"], set()).add(row["question_id"])
    return found


def quizzes_passed(conn: Connection, person_id: int) -> dict[str, datetime]:
    """Quizzes and exams that this person has passed, each with the last time."""
    rows = conn.all(
        """
        SELECT quiz_id, max(submitted_at) AS at FROM attempts
        WHERE person_id = :person_id AND passed = 1 AND kind <> 'checkpoint'
        GROUP BY quiz_id
        """,
        person_id=person_id,
    )
    return {row["quiz_id"]: parse_iso(row["at"]) for row in rows}


def count_submitted(conn: Connection, person_id: int) -> tuple[int, int]:
    """How many quizzes and exams this person has submitted, and passed."""
    row = conn.one(
        """
        SELECT COUNT(*) AS submitted, COALESCE(SUM(passed), 0) AS passed FROM attempts
        WHERE person_id = :person_id AND submitted_at IS NOT NULL
        """,
        person_id=person_id,
    )
    assert row is not None
    return row["submitted"], row["passed"]


# Private functions


def _attempt(row: Row) -> Attempt:
    return Attempt(
        **{
            **row,
            "opened_at": parse_iso(row["opened_at"]),
            "deadline_at": _moment(row["deadline_at"]),
            "submitted_at": _moment(row["submitted_at"]),
            "passed": None if row["passed"] is None else bool(row["passed"]),
        }
    )


def _item(kinds: dict[str, Row]) -> StoredItem:
    row = next(iter(kinds.values()))
    answer, check = kinds.get("answer"), kinds.get("check")
    if answer is not None and answer["response"] == TAKEN_BACK:
        answer = None
    return StoredItem(
        position=row["position"],
        question_id=row["question_id"],
        version=row["version"],
        points=row["points"],
        option_order=tuple(json.loads(row["option_order"])),
        response=_response(answer),
        saved_at=parse_iso(answer["at"]) if answer else None,
        device=answer["device"] if answer else "",
        checked=_response(check),
        tries=row["tries"],
        hinted="hint" in kinds,
        mark=row["mark_score"] / row["mark_max"] if row["mark_score"] is not None else None,
        voided=row["mark_kind"] == "void",
        decision_id=row["decision_id"],
        restored=row["mark_kind"] == "restore",
    )


def _response(row: Row | None) -> Any:
    return json.loads(row["response"]) if row else None


def _moment(text: str | None) -> datetime | None:
    return parse_iso(text) if text else None
