"""Rooms of group tabletops: the small row that every open page looks at, codes, who is there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from portal.core.tabletop import Entry, Phase
from portal.core.times import iso, parse_iso
from portal.store import drill_runs
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look at a room costs: one row. ``number`` is that of the newest entry,
    ``seen_by_all`` of the newest that changes what participants see."""

    run_id: int
    code: str
    expires_at: datetime
    phase: Phase
    number: int
    seen_by_all: int
    due_at: datetime | None


def add_room(conn: Connection, run_id: int, code: str, expires_at: datetime) -> None:
    """The room of a new run. Raises IntegrityError while another room has the code."""
    conn.run(
        """
        INSERT INTO drill_rooms (run_id, code, expires_at, phase, number, seen_by_all)
        VALUES (:run_id, :code, :expires_at, 'lobby', 0, 0)
        """,
        run_id=run_id,
        code=code,
        expires_at=iso(expires_at),
    )


def is_taken(conn: Connection, code: str) -> bool:
    """Whether a room that is not closed has the code."""
    found = conn.value(
        "SELECT 1 FROM drill_rooms WHERE code = :code AND phase <> 'closed'", code=code
    )
    return found is not None


def glance(conn: Connection, run_id: int) -> Glance | None:
    """The room of the run."""
    row = conn.one("SELECT * FROM drill_rooms WHERE run_id = :run_id", run_id=run_id)
    return None if row is None else _glance(row)


def find_by_code(conn: Connection, code: str, now: datetime) -> int | None:
    """The run whose room the code opens now."""
    found: int | None = conn.value(
        """
        SELECT run_id FROM drill_rooms
        WHERE code = :code AND phase <> 'closed' AND expires_at > :now
        """,
        code=code,
        now=iso(now),
    )
    return found


def save_room(
    conn: Connection,
    run_id: int,
    *,
    phase: Phase,
    number: int,
    seen_by_all: int,
    due_at: datetime | None,
) -> None:
    """Put down where the room stands after its newest entry."""
    conn.run(
        """
        UPDATE drill_rooms
        SET phase = :phase, number = :number, seen_by_all = :seen_by_all, due_at = :due_at
        WHERE run_id = :run_id
        """,
        run_id=run_id,
        phase=phase,
        number=number,
        seen_by_all=seen_by_all,
        due_at=None if due_at is None else iso(due_at),
    )


def entries(conn: Connection, run_id: int, after: int = 0) -> list[Entry]:
    """The entries of a room behind number ``after``, in order."""
    rows = conn.all(
        """
        SELECT number, kind, person_id, at, body FROM drill_events
        WHERE run_id = :run_id AND number > :after
        ORDER BY number
        """,
        run_id=run_id,
        after=after,
    )
    return [
        Entry(
            row["number"],
            row["kind"],
            parse_iso(row["at"]),
            row["person_id"],
            json.loads(row["body"]),
        )
        for row in rows
    ]


def append(conn: Connection, run_id: int, entry: Entry) -> None:
    """Add an entry. Raises IntegrityError when its number is there already."""
    drill_runs.append_row(
        conn, run_id, entry.number, entry.kind, entry.person_id, entry.at, dict(entry.body)
    )


def people_of(conn: Connection, run_id: int) -> list[Row]:
    """Who takes part: person_id, name, unit_id (at the time), seen_at (ISO or None)."""
    return conn.all(
        """
        SELECT d.person_id, p.name, d.unit_id, s.seen_at
        FROM drill_participants d
        JOIN people p ON p.id = d.person_id
        LEFT JOIN drill_presence s ON s.run_id = d.run_id AND s.person_id = d.person_id
        WHERE d.run_id = :run_id AND d.left_at IS NULL
        ORDER BY d.joined_at, d.person_id
        """,
        run_id=run_id,
    )


def leave(conn: Connection, run_id: int, person_id: int) -> None:
    """The person takes part no longer: only before the room has begun."""
    conn.run(
        "DELETE FROM drill_participants WHERE run_id = :run_id AND person_id = :person_id",
        run_id=run_id,
        person_id=person_id,
    )


def rooms_below(conn: Connection, path: str, limit: int) -> list[Row]:
    """Rooms of the subtree ("" for everywhere), open ones first, then the newest: run_id, code,
    phase, drill_id, version, started_at, ended_at, outcome, lead (name), unit_name, unit_name_en,
    people (how many take part)."""
    return conn.all(
        """
        SELECT r.id AS run_id, o.code, o.phase, r.drill_id, r.version, r.started_at, r.ended_at,
               r.outcome, p.name AS lead, u.name AS unit_name, u.name_en AS unit_name_en,
               (SELECT COUNT(*) FROM drill_participants d
                WHERE d.run_id = r.id AND d.left_at IS NULL) AS people
        FROM (
            SELECT k.run_id
            FROM drill_rooms k
            JOIN drill_runs g ON g.id = k.run_id
            LEFT JOIN units v ON v.id = g.unit_id
            WHERE :path = '' OR v.path LIKE :path || '%'
            ORDER BY CASE WHEN k.phase = 'closed' THEN 1 ELSE 0 END, g.started_at DESC,
                     k.run_id DESC
            LIMIT :limit
        ) AS first
        JOIN drill_rooms o ON o.run_id = first.run_id
        JOIN drill_runs r ON r.id = o.run_id
        JOIN people p ON p.id = r.person_id
        LEFT JOIN units u ON u.id = r.unit_id
        ORDER BY CASE WHEN o.phase = 'closed' THEN 1 ELSE 0 END, r.started_at DESC, r.id DESC
        """,
        path=path,
        limit=limit,
    )


def my_open_rooms(conn: Connection, person_id: int) -> list[Row]:
    """Rooms not closed in which the person takes part: run_id, drill_id, version, phase."""
    return conn.all(
        """
        SELECT r.id AS run_id, r.drill_id, r.version, o.phase
        FROM drill_participants d
        JOIN drill_rooms o ON o.run_id = d.run_id
        JOIN drill_runs r ON r.id = d.run_id
        WHERE d.person_id = :person_id AND d.left_at IS NULL AND o.phase <> 'closed'
        ORDER BY r.started_at DESC, r.id DESC
        LIMIT 5
        """,
        person_id=person_id,
    )


def add_miss(conn: Connection, person_id: int, address: str, at: datetime, keep: datetime) -> None:
    """Note a code that opened nothing; forget those before ``keep``."""
    conn.run("DELETE FROM drill_code_misses WHERE at < :keep", keep=iso(keep))
    conn.run(
        """
        INSERT INTO drill_code_misses (person_id, address, at) VALUES (:person_id, :address, :at)
        """,
        person_id=person_id,
        address=address,
        at=iso(at),
    )


def misses(conn: Connection, person_id: int, address: str, since: datetime) -> tuple[int, int]:
    """How many wrong codes since then: the person's own, and of everybody at the address."""
    row = conn.one(
        """
        SELECT COALESCE(SUM(CASE WHEN person_id = :person_id THEN 1 ELSE 0 END), 0) AS own,
               COALESCE(SUM(CASE WHEN address = :address THEN 1 ELSE 0 END), 0) AS near
        FROM drill_code_misses
        WHERE at >= :since
        """,
        person_id=person_id,
        address=address,
        since=iso(since),
    )
    return (0, 0) if row is None else (int(row["own"]), int(row["near"]))


# Private functions


def _glance(row: Row) -> Glance:
    return Glance(
        row["run_id"],
        row["code"],
        parse_iso(row["expires_at"]),
        row["phase"],
        row["number"],
        row["seen_by_all"],
        None if row["due_at"] is None else parse_iso(row["due_at"]),
    )
