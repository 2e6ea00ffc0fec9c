"""What is derived from the evidence: states of people and of items.

Numbers are kept as the doubles they are: a state read back is the state that was written, to the
last digit.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.core.capability import SIX, ItemState, State
from portal.core.capability_log import Profile
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

_BATCH = 400  # ids asked for in one statement
_UPPER = [(i, j) for i in range(SIX) for j in range(i, SIX)]
_FILTER = struct.Struct(f"<{SIX + len(_UPPER)}d")


def pack(state: State) -> bytes:
    """The six means and the upper triangle of the covariance, row by row, as doubles."""
    return _FILTER.pack(*state.mean, *(state.cov[i][j] for i, j in _UPPER))


def unpack(packed: bytes) -> State:
    """The state that ``pack`` wrote."""
    numbers = _FILTER.unpack(packed)
    rows = [[0.0] * SIX for _ in range(SIX)]
    for (i, j), value in zip(_UPPER, numbers[SIX:], strict=True):
        rows[i][j] = rows[j][i] = value
    return State(numbers[:SIX], tuple(map(tuple, rows)))


def find_profile(conn: Connection, person_id: int) -> Profile | None:
    """The stored profile; None for somebody without evidence."""
    row = conn.one(
        """
        SELECT person_id, at, filter, answers, practised FROM capability_states
        WHERE person_id = :person_id
        """,
        person_id=person_id,
    )
    return _profile(row) if row else None


def profiles(conn: Connection, person_ids: Sequence[int]) -> dict[int, Profile]:
    """Stored profiles by person; those without evidence are left out."""
    found: dict[int, Profile] = {}
    for begin in range(0, len(person_ids), _BATCH):
        names = {f"p{at}": key for at, key in enumerate(person_ids[begin : begin + _BATCH])}
        rows = conn.all(
            f"""
            SELECT person_id, at, filter, answers, practised FROM capability_states
            WHERE person_id IN ({", ".join(f":{name}" for name in names)})
            """,  # noqa: S608 (only parameter names are put in)
            **names,
        )
        found.update((row["person_id"], _profile(row)) for row in rows)
    return found


def profiles_between(conn: Connection, first: int, last: int) -> dict[int, Profile]:
    """Stored profiles of the people with ids ``first`` to ``last``."""
    rows = conn.all(
        """
        SELECT person_id, at, filter, answers, practised FROM capability_states
        WHERE person_id BETWEEN :first AND :last
        """,
        first=first,
        last=last,
    )
    return {row["person_id"]: _profile(row) for row in rows}


def save_profiles(conn: Connection, made: Mapping[int, Profile]) -> None:
    """Store profiles that have at least one event."""
    conn.many(
        """
        INSERT INTO capability_states (person_id, at, filter, answers, practised)
        VALUES (:person_id, :at, :filter, :answers, :practised)
        ON CONFLICT (person_id) DO UPDATE
        SET at = excluded.at,
            filter = excluded.filter,
            answers = excluded.answers,
            practised = excluded.practised
        """,
        [_row(person_id, profile) for person_id, profile in made.items()],
    )


def drop_profiles(conn: Connection, first: int, last: int, keep: Iterable[int]) -> None:
    """Remove states of people ``first`` to ``last`` other than ``keep``."""
    kept = set(keep)
    conn.many(
        "DELETE FROM capability_states WHERE person_id = :person_id",
        [
            {"person_id": row["person_id"]}
            for row in conn.all(
                """
                SELECT person_id FROM capability_states
                WHERE person_id BETWEEN :first AND :last
                """,
                first=first,
                last=last,
            )
            if row["person_id"] not in kept
        ],
    )


def items(conn: Connection, versions: Sequence[str]) -> dict[str, ItemState]:
    """Calibrated items by version; those that nobody has calibrated yet are left out."""
    found: dict[str, ItemState] = {}
    for begin in range(0, len(versions), _BATCH):
        names = {f"v{at}": key for at, key in enumerate(versions[begin : begin + _BATCH])}
        rows = conn.all(
            f"""
            SELECT version, b, s2 FROM capability_items
            WHERE version IN ({", ".join(f":{name}" for name in names)})
            """,  # noqa: S608
            **names,
        )
        found.update((row["version"], ItemState(row["b"], row["s2"])) for row in rows)
    return found


def save_items(conn: Connection, rows: Iterable[dict[str, Any]], at: datetime) -> None:
    """Store items: version, item_id, b, s2, and ``answers`` more than before."""
    moment = iso(at)
    conn.many(
        """
        INSERT INTO capability_items (version, item_id, b, s2, answers, updated_at)
        VALUES (:version, :item_id, :b, :s2, :answers, :at)
        ON CONFLICT (version) DO UPDATE
        SET b = excluded.b,
            s2 = excluded.s2,
            answers = capability_items.answers + excluded.answers,
            updated_at = excluded.updated_at
        """,
        [{**row, "at": moment} for row in rows],
    )


def forget_items(conn: Connection, version: str | None = None) -> None:
    """Forget what one item, or every item, has learned."""
    conn.run(
        "DELETE FROM capability_items WHERE :version IS NULL OR version = :version",
        version=version,
    )


def count_uses(conn: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Add to the use of items: version, item_id, capability, start (kept from the first time),
    and ``weight`` and ``weighted_b`` more than before."""
    conn.many(
        """
        INSERT INTO capability_uses (version, item_id, capability, start, weight, weighted_b)
        VALUES (:version, :item_id, :capability, :start, :weight, :weighted_b)
        ON CONFLICT (version) DO UPDATE
        SET weight = capability_uses.weight + excluded.weight,
            weighted_b = capability_uses.weighted_b + excluded.weighted_b
        """,
        rows,
    )


def item_uses(conn: Connection) -> list[Row]:
    """Every item in use: item_id, capability, start, weight, weighted_b; in one order always."""
    return conn.all(
        """
        SELECT item_id, capability, start, weight, weighted_b FROM capability_uses
        ORDER BY version
        """
    )


def forget_uses(conn: Connection) -> None:
    """Forget how items were used, to be counted from the first answer on."""
    conn.run("DELETE FROM capability_uses")


# Private functions


def _row(person_id: int, profile: Profile) -> dict[str, Any]:
    assert profile.at is not None
    return {
        "person_id": person_id,
        "at": iso(profile.at),
        "filter": pack(profile.state),
        "answers": json.dumps(profile.answers),
        "practised": json.dumps([iso(day) if day else None for day in profile.practised]),
    }


def _profile(row: Row) -> Profile:
    return Profile(
        unpack(row["filter"]),
        parse_iso(row["at"]),
        tuple(json.loads(row["answers"])),
        tuple(parse_iso(text) if text else None for text in json.loads(row["practised"])),
    )
