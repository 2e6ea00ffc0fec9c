"""Practice sets, their items and append-only log; days practised; leave.

Nothing here is read by a report: what somebody practises alone is nobody else's business.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from portal.core.drawing import DrawnItem
from portal.core.questions import Response
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

SetKind = Literal["daily", "wrong", "placement"]
LogKind = Literal["answer", "hint", "check", "easy"]

_COLUMNS = "id, person_id, kind, day, number, seed, opened_at, finished_at"


@dataclass(frozen=True, slots=True)
class PracticeSet:
    """A few cards of one day (``day``: ISO date where the portal is), or a placement."""

    id: int
    person_id: int
    kind: SetKind
    day: str
    number: int  # 1 is the first of its kind and day
    seed: int
    opened_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """One card of a set with the newest of what was done to it."""

    position: int
    question_id: str
    version: str
    option_order: tuple[int, ...]
    response: Response | None
    saved_at: datetime | None
    device: str
    hinted: bool
    checked: bool
    easy: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off that a person has entered, both included."""

    id: int
    begins_on: date
    ends_on: date


def add_set(
    conn: Connection, person_id: int, kind: SetKind, day: str, seed: int, now: datetime
) -> int:
    """Open the next set of this kind and day; returns its id."""
    return conn.insert(
        """
        INSERT INTO practice_sets (person_id, kind, day, number, seed, opened_at)
        SELECT :person_id, :kind, :day, COALESCE(MAX(number), 0) + 1, :seed, :now
        FROM practice_sets
        WHERE person_id = :person_id AND kind = :kind AND day = :day
        RETURNING id
        """,
        person_id=person_id,
        kind=kind,
        day=day,
        seed=seed,
        now=iso(now),
    )


def add_items(
    conn: Connection,
    set_id: int,
    items: Sequence[tuple[DrawnItem, str]],
    *,
    first_position: int = 0,
) -> None:
    """Append items as (drawn, question version); positions count from 0."""
    conn.many(
        """
        INSERT INTO practice_items (set_id, position, question_id, version, option_order)
        VALUES (:set_id, :position, :question_id, :version, :option_order)
        """,
        [
            {
                "set_id": set_id,
                "position": position,
                "question_id": drawn.question_id,
                "version": version,
                "option_order": json.dumps(drawn.option_order),
            }
            for position, (drawn, version) in enumerate(items, first_position)
        ],
    )


def find_set(conn: Connection, set_id: int) -> PracticeSet | None:
    """The set with this id."""
    row = conn.one(f"SELECT {_COLUMNS} FROM practice_sets WHERE id = :id", id=set_id)  # noqa: S608
    return _set(row) if row else None


def last_set(
    conn: Connection, person_id: int, kind: SetKind, day: str | None = None
) -> PracticeSet | None:
    """The newest set of this kind, of one day or of any."""
    row = conn.one(
        f"""
        SELECT {_COLUMNS} FROM practice_sets
        WHERE person_id = :person_id AND kind = :kind AND (:day IS NULL OR day = :day)
        ORDER BY id DESC
        LIMIT 1
        """,  # noqa: S608
        person_id=person_id,
        kind=kind,
        day=day,
    )
    return _set(row) if row else None


def finish_set(conn: Connection, set_id: int, now: datetime) -> None:
    """Note that every card of the set has been done."""
    conn.run(
        "UPDATE practice_sets SET finished_at = :now WHERE id = :id AND finished_at IS NULL",
        id=set_id,
        now=iso(now),
    )


def items(conn: Connection, set_id: int) -> list[PracticeItem]:
    """The items of the set in order. A set has about ten, so the whole log of it is read."""
    rows = conn.all(
        """
        SELECT i.position, i.question_id, i.version, i.option_order,
               l.kind, l.response, l.at, l.device
        FROM practice_items i
        LEFT JOIN practice_log l ON l.set_id = i.set_id AND l.position = i.position
        WHERE i.set_id = :set_id
        ORDER BY i.position, l.id
        """,
        set_id=set_id,
    )
    newest: dict[int, dict[str, Row]] = {}
    for row in rows:
        newest.setdefault(row["position"], {})[row["kind"] or ""] = row
    return [_item(kinds) for kinds in newest.values()]


def asked_before(conn: Connection, person_id: int, set_id: int) -> set[str]:
    """Ids of the questions that the person's placements before this one asked."""
    rows = conn.all(
        """
        SELECT DISTINCT i.question_id
        FROM practice_sets s
        JOIN practice_items i ON i.set_id = s.id
        WHERE s.person_id = :person_id AND s.kind = 'placement' AND s.id < :set_id
        """,
        person_id=person_id,
        set_id=set_id,
    )
    return {row["question_id"] for row in rows}


def append(
    conn: Connection,
    set_id: int,
    position: int,
    kind: LogKind,
    response: str,
    now: datetime,
    device: str = "",
) -> int:
    """Add a row to the log and return its id; ``response`` is canonical JSON."""
    return conn.insert(
        """
        INSERT INTO practice_log (set_id, position, kind, response, at, device)
        VALUES (:set_id, :position, :kind, :response, :at, :device)
        RETURNING id
        """,
        set_id=set_id,
        position=position,
        kind=kind,
        response=response,
        at=iso(now),
        device=device,
    )


# Days and leave


def count_card(conn: Connection, person_id: int, day: date, *, enough: int) -> None:
    """One more card on ``day``; the day counts from ``enough`` cards on."""
    conn.run(
        """
        INSERT INTO practice_days (person_id, day, cards, counts)
        VALUES (:person_id, :day, 1, CASE WHEN :enough <= 1 THEN 1 ELSE 0 END)
        ON CONFLICT (person_id, day) DO UPDATE
        SET cards = practice_days.cards + 1,
            counts = CASE WHEN practice_days.cards + 1 >= :enough THEN 1
                          ELSE practice_days.counts END
        """,
        person_id=person_id,
        day=day.isoformat(),
        enough=enough,
    )


def let_day_count(conn: Connection, person_id: int, day: date) -> None:
    """A whole set was done on ``day``, however short."""
    conn.run(
        "UPDATE practice_days SET counts = 1 WHERE person_id = :person_id AND day = :day",
        person_id=person_id,
        day=day.isoformat(),
    )


def days(conn: Connection, person_id: int) -> list[date]:
    """The days that count, in order."""
    rows = conn.all(
        """
        SELECT day FROM practice_days
        WHERE person_id = :person_id AND counts = 1
        ORDER BY day
        """,
        person_id=person_id,
    )
    return [date.fromisoformat(row["day"]) for row in rows]


def cards_on(conn: Connection, person_id: int, day: date) -> int:
    """How many cards were done on ``day``."""
    cards = conn.value(
        "SELECT cards FROM practice_days WHERE person_id = :person_id AND day = :day",
        person_id=person_id,
        day=day.isoformat(),
    )
    return cards or 0


def add_leave(
    conn: Connection, person_id: int, begins_on: date, ends_on: date, now: datetime
) -> int:
    """Enter days off."""
    return conn.insert(
        """
        INSERT INTO leaves (person_id, begins_on, ends_on, entered_at)
        VALUES (:person_id, :begins_on, :ends_on, :now)
        RETURNING id
        """,
        person_id=person_id,
        begins_on=begins_on.isoformat(),
        ends_on=ends_on.isoformat(),
        now=iso(now),
    )


def withdraw_leave(conn: Connection, person_id: int, leave_id: int, now: datetime) -> bool:
    """Take an entry back; False when this person has no such one."""
    return bool(
        conn.run(
            """
            UPDATE leaves SET withdrawn_at = :now
            WHERE id = :id AND person_id = :person_id AND withdrawn_at IS NULL
            """,
            id=leave_id,
            person_id=person_id,
            now=iso(now),
        )
    )


def leaves(conn: Connection, person_id: int) -> list[Leave]:
    """The days off that stand, the last first."""
    rows = conn.all(
        """
        SELECT id, begins_on, ends_on FROM leaves
        WHERE person_id = :person_id AND withdrawn_at IS NULL
        ORDER BY ends_on DESC, id DESC
        """,
        person_id=person_id,
    )
    return [
        Leave(row["id"], date.fromisoformat(row["begins_on"]), date.fromisoformat(row["ends_on"]))
        for row in rows
    ]


# Private functions


def _set(row: Row) -> PracticeSet:
    finished = row["finished_at"]
    return PracticeSet(
        **{
            **row,
            "opened_at": parse_iso(row["opened_at"]),
            "finished_at": parse_iso(finished) if finished else None,
        }
    )


def _item(kinds: dict[str, Row]) -> PracticeItem:
    row = next(iter(kinds.values()))
    answer = kinds.get("check") or kinds.get("answer")
    response: Any = json.loads(answer["response"]) if answer else None
    return PracticeItem(
        position=row["position"],
        question_id=row["question_id"],
        version=row["version"],
        option_order=tuple(json.loads(row["option_order"])),
        response=response,
        saved_at=parse_iso(answer["at"]) if answer else None,
        device=answer["device"] if answer else "",
        hinted="hint" in kinds,
        checked="check" in kinds,
        easy="easy" in kinds,
    )
