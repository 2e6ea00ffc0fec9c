"""Obligations: one row a person, assignment, item and cycle, and their counts by unit.

Every change goes through ``save``, which keeps ``obligation_counts`` in step in the same
transaction, and what was (``store.pasts``). A row is never deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.assignments import Item
from portal.core.obligations import Cycle
from portal.core.times import iso, parse_iso
from portal.store import pasts
from portal.store.database import Connection, Row
from portal.store.listed import chunks, listed


@dataclass(frozen=True, slots=True)
class Obligation:
    """A row. ``id`` is None for one that is not stored yet; ``unit_id`` is where it counts."""

    id: int | None
    assignment_id: int
    person_id: int
    item: Item
    unit_id: int | None
    required: bool
    superseded: bool
    cycle: Cycle


def held(
    conn: Connection, assignment_id: int, person_ids: Sequence[int]
) -> dict[tuple[int, Item], list[Obligation]]:
    """What these people have of an assignment, by person and item, in the order of the rows."""
    found: dict[tuple[int, Item], list[Obligation]] = {}
    for some in chunks(person_ids):
        within, params = listed(some)
        rows = conn.all(
            f"""
            SELECT * FROM obligations
            WHERE assignment_id = :assignment_id AND person_id IN {within}
            ORDER BY id
            """,  # noqa: S608 (names of parameters)
            assignment_id=assignment_id,
            **params,
        )
        for row in rows:
            one = _obligation(row)
            found.setdefault((one.person_id, one.item), []).append(one)
    return found


def find(conn: Connection, obligation_id: int) -> Obligation | None:
    """One row."""
    row = conn.one("SELECT * FROM obligations WHERE id = :id", id=obligation_id)
    return _obligation(row) if row else None


def holders(conn: Connection, assignment_id: int) -> list[int]:
    """Everybody who has or had something of the assignment."""
    rows = conn.all(
        "SELECT DISTINCT person_id FROM obligations WHERE assignment_id = :id", id=assignment_id
    )
    return [row["person_id"] for row in rows]


def asking(conn: Connection, person_id: int, item: Item) -> list[int]:
    """Ids of assignments that ask this person for this item now."""
    rows = conn.all(
        """
        SELECT DISTINCT assignment_id FROM obligations
        WHERE person_id = :person_id AND item_kind = :kind AND item_id = :item_id
          AND done_at IS NULL AND exempted_at IS NULL AND withdrawn_at IS NULL
        ORDER BY assignment_id
        """,
        person_id=person_id,
        kind=item.kind,
        item_id=item.id,
    )
    return [row["assignment_id"] for row in rows]


def coming_round(conn: Connection, today: date, limit: int) -> list[Row]:
    """assignment_id, person_id of those whose next cycle has begun, by assignment."""
    return conn.all(
        """
        SELECT DISTINCT assignment_id, person_id FROM obligations
        WHERE next_on IS NOT NULL AND next_on <= :today
        ORDER BY assignment_id, person_id
        LIMIT :limit
        """,
        today=today.isoformat(),
        limit=limit,
    )


def moved(conn: Connection, limit: int) -> list[int]:
    """Ids of people whose postings changed and who have not been dealt with."""
    rows = conn.all(
        "SELECT person_id FROM moved_people ORDER BY person_id LIMIT :limit", limit=limit
    )
    return [row["person_id"] for row in rows]


def forget_moved(conn: Connection, person_ids: Sequence[int]) -> None:
    """Note that these people have been dealt with."""
    conn.many(
        "DELETE FROM moved_people WHERE person_id = :person_id",
        [{"person_id": person_id} for person_id in person_ids],
    )


def save(
    conn: Connection, changes: Iterable[tuple[Obligation | None, Obligation]], today: date
) -> int:
    """Save what has changed: pairs of what was (None: nothing) and what is; returns how many.

    ``today`` is the day where the portal is.
    """
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    other: list[tuple[Obligation, Obligation]] = []
    counts = Counter[tuple[int, int, int, str, str]]()
    for old, new in changes:
        if old == new:
            continue
        (added if old is None else changed).append(_params(new))
        if old is not None:
            other.append((old, new))
            counts.subtract(_counted(old))
        counts.update(_counted(new))
    conn.many(
        """
        INSERT INTO obligations (
            assignment_id, person_id, item_kind, item_id, cycle, began_on, due_on, ruled_due_on,
            extended_to, required, unit_id, done_at, exempted_at, withdrawn_at, next_on, superseded
        ) VALUES (
            :assignment_id, :person_id, :item_kind, :item_id, :cycle, :began_on, :due_on,
            :ruled_due_on, :extended_to, :required, :unit_id, :done_at, :exempted_at,
            :withdrawn_at, :next_on, :superseded
        )
        """,
        added,
    )
    pasts.keep(conn, other, today)
    conn.many(
        """
        UPDATE obligations
        SET began_on = :began_on, due_on = :due_on, ruled_due_on = :ruled_due_on,
            extended_to = :extended_to, required = :required, unit_id = :unit_id,
            done_at = :done_at, exempted_at = :exempted_at, withdrawn_at = :withdrawn_at,
            next_on = :next_on, superseded = :superseded
        WHERE id = :id
        """,
        changed,
    )
    _count(conn, counts)
    return len(added) + len(changed)


def decide(
    conn: Connection,
    obligation_id: int,
    kind: str,
    *,
    due_on: date | None,
    reason: str,
    by: int,
    at: str,
) -> None:
    """Note why somebody has more time (extend), is let off (exempt) or is not (restore)."""
    conn.run(
        """
        INSERT INTO obligation_decisions (obligation_id, kind, due_on, reason, decided_by, at)
        VALUES (:obligation_id, :kind, :due_on, :reason, :by, :at)
        """,
        obligation_id=obligation_id,
        kind=kind,
        due_on=due_on.isoformat() if due_on else None,
        reason=reason,
        by=by,
        at=at,
    )


def recount(conn: Connection) -> None:
    """Make the counts anew from the rows."""
    conn.run("DELETE FROM obligation_counts")
    conn.run(
        """
        INSERT INTO obligation_counts (
            assignment_id, unit_id, required, due_on, asked, done, exempted
        )
        SELECT assignment_id, unit_id, required, COALESCE(due_on, ''),
               COUNT(*), COUNT(done_at),
               SUM(CASE WHEN done_at IS NULL AND exempted_at IS NOT NULL THEN 1 ELSE 0 END)
        FROM obligations
        WHERE withdrawn_at IS NULL AND superseded = 0 AND unit_id IS NOT NULL
        GROUP BY assignment_id, unit_id, required, COALESCE(due_on, '')
        """
    )


# Private functions

_Counts = dict[tuple[int, int, int, str, str], int]


def _counted(one: Obligation) -> _Counts:
    """What the row adds to the counts."""
    if one.cycle.withdrawn_at is not None or one.superseded or one.unit_id is None:
        return {}
    due = one.cycle.due_on
    where = (one.assignment_id, one.unit_id, int(one.required), due.isoformat() if due else "")
    counts = {(*where, "asked"): 1}
    if one.cycle.done_at is not None:
        counts[(*where, "done")] = 1
    elif one.cycle.exempted_at is not None:
        counts[(*where, "exempted")] = 1
    return counts


def _count(conn: Connection, counts: Counter[tuple[int, int, int, str, str]]) -> None:
    rows: dict[tuple[int, int, int, str], dict[str, int]] = {}
    for (*where, name), number in counts.items():
        if number:
            rows.setdefault(tuple(where), {})[name] = number  # type: ignore[arg-type]
    conn.many(
        """
        INSERT INTO obligation_counts (
            assignment_id, unit_id, required, due_on, asked, done, exempted
        ) VALUES (:assignment_id, :unit_id, :required, :due_on, :asked, :done, :exempted)
        ON CONFLICT (assignment_id, unit_id, required, due_on) DO UPDATE
        SET asked = obligation_counts.asked + excluded.asked,
            done = obligation_counts.done + excluded.done,
            exempted = obligation_counts.exempted + excluded.exempted
        """,
        [
            {
                "assignment_id": assignment_id,
                "unit_id": unit_id,
                "required": required,
                "due_on": due_on,
                **{name: names.get(name, 0) for name in ("asked", "done", "exempted")},
            }
            for (assignment_id, unit_id, required, due_on), names in rows.items()
        ],
    )


def _params(one: Obligation) -> dict[str, object]:
    cycle = one.cycle
    return {
        "id": one.id,
        "assignment_id": one.assignment_id,
        "person_id": one.person_id,
        "item_kind": one.item.kind,
        "item_id": one.item.id,
        "cycle": cycle.cycle,
        "began_on": cycle.began_on.isoformat(),
        "due_on": _iso_day(cycle.due_on),
        "ruled_due_on": _iso_day(cycle.ruled_due_on),
        "extended_to": _iso_day(cycle.extended_to),
        "required": int(one.required),
        "unit_id": one.unit_id,
        "done_at": iso(cycle.done_at) if cycle.done_at else None,
        "exempted_at": iso(cycle.exempted_at) if cycle.exempted_at else None,
        "withdrawn_at": iso(cycle.withdrawn_at) if cycle.withdrawn_at else None,
        "next_on": _iso_day(cycle.next_on),
        "superseded": int(one.superseded),
    }


def _iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _obligation(row: Row) -> Obligation:
    return Obligation(
        id=row["id"],
        assignment_id=row["assignment_id"],
        person_id=row["person_id"],
        item=Item(row["item_kind"], row["item_id"]),
        unit_id=row["unit_id"],
        required=bool(row["required"]),
        superseded=bool(row["superseded"]),
        cycle=Cycle(
            cycle=row["cycle"],
            began_on=date.fromisoformat(row["began_on"]),
            ruled_due_on=_day(row["ruled_due_on"]),
            extended_to=_day(row["extended_to"]),
            done_at=parse_iso(row["done_at"]) if row["done_at"] else None,
            exempted_at=parse_iso(row["exempted_at"]) if row["exempted_at"] else None,
            withdrawn_at=parse_iso(row["withdrawn_at"]) if row["withdrawn_at"] else None,
            next_on=_day(row["next_on"]),
        ),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
