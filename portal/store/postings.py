"""Postings: who holds which post in which unit, from when to when.

A posting is a stay: a transfer ends one and begins another, so that it can be said for any day
where somebody worked. ``core.postings`` says which one is the main one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.core.postings import Posting, changes
from portal.core.times import iso
from portal.store.database import Connection, Row


def held(c: Connection, person_id: int) -> tuple[Posting, ...]:
    """What the person holds now, the main posting first."""
    rows = c.all(
        """
        SELECT unit_id, post, main
        FROM postings
        WHERE person_id = :person_id AND ended_at IS NULL
        ORDER BY main DESC, id
        """,
        person_id=person_id,
    )
    return tuple(Posting(row["unit_id"], row["post"], bool(row["main"])) for row in rows)


def replace(c: Connection, person_id: int, wanted: Iterable[Posting], at: datetime) -> bool:
    """Let the person hold ``wanted`` from ``at`` on; False when that is held already.

    ``wanted`` has one main posting (``core.postings.settle_main``), or none is left.
    """
    ended, begun = changes(held(c, person_id), wanted)
    c.many(
        """
        UPDATE postings
        SET ended_at = :at
        WHERE person_id = :person_id AND unit_id = :unit_id AND post = :post AND ended_at IS NULL
        """,
        [_row(person_id, one, at) for one in ended],
    )
    c.many(
        """
        INSERT INTO postings (person_id, unit_id, post, main, began_at)
        VALUES (:person_id, :unit_id, :post, :main, :at)
        """,
        [_row(person_id, one, at) for one in begun],
    )
    return bool(ended or begun)


def history(c: Connection, person_id: int) -> list[Row]:
    """Every stay, the newest first: id, unit_id, unit_name, unit_name_en, post, main, began_at,
    ended_at."""
    return c.all(
        """
        SELECT s.id, s.unit_id, u.name AS unit_name, u.name_en AS unit_name_en,
               s.post, s.main, s.began_at, s.ended_at
        FROM postings AS s
        JOIN units AS u ON u.id = s.unit_id
        WHERE s.person_id = :person_id
        ORDER BY s.ended_at IS NOT NULL, s.began_at DESC, s.main DESC, s.id
        """,
        person_id=person_id,
    )


def people_in(c: Connection, unit_id: int) -> list[int]:
    """The ids of the people who hold any post in the unit itself."""
    rows = c.all(
        """
        SELECT DISTINCT person_id
        FROM postings
        WHERE unit_id = :unit_id AND ended_at IS NULL
        ORDER BY person_id
        """,
        unit_id=unit_id,
    )
    return [row["person_id"] for row in rows]


def _row(person_id: int, posting: Posting, at: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "unit_id": posting.unit_id,
        "post": posting.post,
        "main": int(posting.main),
        "at": iso(at),
    }
