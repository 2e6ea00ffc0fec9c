"""Badges awarded, append-only, and what they are awarded for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Award:
    """One badge of one person; ``facts`` is what its words need (weeks, capability, drill)."""

    uuid: str
    person_id: int
    code: str
    facts: Mapping[str, str]
    salt: str
    awarded_at: datetime


def add(conn: Connection, award: Award) -> bool:
    """Award it; False when the person has it already."""
    return bool(
        conn.run(
            """
            INSERT INTO badges (uuid, person_id, code, facts, salt, awarded_at)
            VALUES (:uuid, :person_id, :code, :facts, :salt, :at)
            ON CONFLICT (person_id, code) DO NOTHING
            """,
            uuid=award.uuid,
            person_id=award.person_id,
            code=award.code,
            facts=json.dumps(dict(award.facts), ensure_ascii=False),
            salt=award.salt,
            at=iso(award.awarded_at),
        )
    )


def of_person(conn: Connection, person_id: int) -> list[Award]:
    """The person's badges, the newest first."""
    rows = conn.all(
        """
        SELECT uuid, person_id, code, facts, salt, awarded_at FROM badges
        WHERE person_id = :person_id
        ORDER BY id DESC
        """,
        person_id=person_id,
    )
    return [_award(row) for row in rows]


def codes(conn: Connection, person_id: int) -> set[str]:
    """What the person has been awarded."""
    rows = conn.all("SELECT code FROM badges WHERE person_id = :person_id", person_id=person_id)
    return {row["code"] for row in rows}


def drill_runs(conn: Connection, person_id: int) -> list[tuple[str, bool]]:
    """Finished runs alone, in the order of their ends: (drill id, passed)."""
    rows = conn.all(
        """
        SELECT drill_id, passed FROM drill_runs
        WHERE person_id = :person_id AND kind = 'solo' AND outcome = 'finished'
          AND passed IS NOT NULL
        ORDER BY ended_at, id
        """,
        person_id=person_id,
    )
    return [(row["drill_id"], bool(row["passed"])) for row in rows]


def _award(row: Row) -> Award:
    return Award(
        **{
            **row,
            "facts": json.loads(row["facts"]),
            "awarded_at": parse_iso(row["awarded_at"]),
        }
    )
