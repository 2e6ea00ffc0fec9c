"""Assignments and their items. An assignment is never deleted: it ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from portal.core.assignments import Assignment, Item
from portal.core.audience import read_rule, write_rule
from portal.core.due import read_due, read_recurrence, write_due, write_recurrence
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

_COLUMNS = """
    a.id, a.unit_id, u.path AS unit_path, a.title, a.reason, a.audience, a.due, a.recurrence,
    a.required, a.credit_earlier, a.created_by, a.created_at, a.changed_at, a.ended_at,
    a.sync_after, a.sync_terms
"""


def add(conn: Connection, made: Assignment, starts_on: str) -> int:
    """Add an assignment (its own id is not used); return the id."""
    assignment_id = conn.insert(
        """
        INSERT INTO assignments (
            unit_id, title, reason, audience, due, recurrence, required, credit_earlier, starts_on,
            created_by, created_at, changed_at, sync_after, sync_terms
        ) VALUES (
            :unit_id, :title, :reason, :audience, :due, :recurrence, :required, :credit_earlier,
            :starts_on, :created_by, :created_at, :changed_at, :sync_after, :sync_terms
        )
        RETURNING id
        """,
        starts_on=starts_on,
        created_by=made.created_by,
        created_at=iso(made.created_at),
        **_terms(made),
    )
    _save_items(conn, assignment_id, made.items)
    return assignment_id


def change(conn: Connection, made: Assignment) -> None:
    """Save everything that may change, by ``made.id``."""
    conn.run(
        """
        UPDATE assignments
        SET unit_id = :unit_id, title = :title, reason = :reason, audience = :audience, due = :due,
            recurrence = :recurrence, required = :required, credit_earlier = :credit_earlier,
            changed_at = :changed_at, sync_after = :sync_after, sync_terms = :sync_terms
        WHERE id = :id
        """,
        id=made.id,
        **_terms(made),
    )
    conn.run("DELETE FROM assignment_items WHERE assignment_id = :id", id=made.id)
    _save_items(conn, made.id, made.items)


def end(conn: Connection, assignment_id: int, at: datetime) -> bool:
    """End it; what is open is withdrawn by the next round. False when it had ended before."""
    return bool(
        conn.run(
            """
            UPDATE assignments SET ended_at = :at, sync_after = -1
            WHERE id = :id AND ended_at IS NULL
            """,
            id=assignment_id,
            at=iso(at),
        )
    )


def find(conn: Connection, assignment_id: int) -> Assignment | None:
    """The assignment, ended or not."""
    found = _read(conn, "a.id = :id", id=assignment_id)
    return found[0] if found else None


def active(conn: Connection) -> list[Assignment]:
    """All that have not ended, by id."""
    return _read(conn, "a.ended_at IS NULL")


def waiting(conn: Connection) -> list[int]:
    """Ids of those whose obligations are not in step yet."""
    rows = conn.all("SELECT id FROM assignments WHERE sync_after IS NOT NULL ORDER BY id")
    return [row["id"] for row in rows]


def reaching(conn: Connection, paths: Sequence[str] | None, *, ended: bool) -> list[Assignment]:
    """Assignments whose reach meets a subtree at ``paths`` (None: all), the newest first.

    That is: given inside the subtree, or from a unit above it.
    """
    rows = _read(conn, "(a.ended_at IS NOT NULL) = :ended", ended=int(ended))
    rows.reverse()
    if paths is None:
        return rows
    return [one for one in rows if _meets(one.unit_path, paths)]


def set_sync(conn: Connection, assignment_id: int, after: int | None) -> None:
    """Note how far the obligations are in step; None when they are altogether."""
    conn.run(
        """
        UPDATE assignments
        SET sync_after = :after, sync_terms = CASE WHEN :after IS NULL THEN 0 ELSE sync_terms END
        WHERE id = :id
        """,
        id=assignment_id,
        after=after,
    )


def begin_sync(conn: Connection, assignment_id: int) -> None:
    """Take up a look at everybody that has not begun."""
    conn.run(
        "UPDATE assignments SET sync_after = 0 WHERE id = :id AND sync_after = -1",
        id=assignment_id,
    )


# Private functions


def _terms(made: Assignment) -> dict[str, object]:
    return {
        "unit_id": made.unit_id,
        "title": made.title,
        "reason": made.reason,
        "audience": json.dumps(write_rule(made.audience)),
        "due": json.dumps(write_due(made.due)),
        "recurrence": json.dumps(write_recurrence(made.recurrence)),
        "required": int(made.required),
        "credit_earlier": int(made.credit_earlier),
        "changed_at": iso(made.changed_at),
        "sync_after": made.sync_after,
        "sync_terms": int(made.sync_terms),
    }


def _save_items(conn: Connection, assignment_id: int, items: Sequence[Item]) -> None:
    conn.many(
        """
        INSERT INTO assignment_items (assignment_id, position, item_kind, item_id)
        VALUES (:assignment_id, :position, :kind, :item_id)
        """,
        [
            {"assignment_id": assignment_id, "position": n, "kind": one.kind, "item_id": one.id}
            for n, one in enumerate(items)
        ],
    )


def _read(conn: Connection, where: str, **params: object) -> list[Assignment]:
    rows = conn.all(
        f"""
        SELECT {_COLUMNS}
        FROM assignments a
        LEFT JOIN units u ON u.id = a.unit_id
        WHERE {where}
        ORDER BY a.id
        """,  # noqa: S608 (constants of this module)
        **params,
    )
    items: dict[int, list[Item]] = {}
    for row in conn.all(
        f"""
        SELECT i.assignment_id, i.item_kind, i.item_id
        FROM assignments a
        JOIN assignment_items i ON i.assignment_id = a.id
        WHERE {where}
        ORDER BY i.assignment_id, i.position
        """,  # noqa: S608
        **params,
    ):
        found = items.setdefault(row["assignment_id"], [])
        found.append(Item(row["item_kind"], row["item_id"]))
    return [_assignment(row, tuple(items.get(row["id"], ()))) for row in rows]


def _assignment(row: Row, items: tuple[Item, ...]) -> Assignment:
    return Assignment(
        id=row["id"],
        unit_id=row["unit_id"],
        unit_path=row["unit_path"],
        title=row["title"],
        reason=row["reason"],
        items=items,
        audience=read_rule(json.loads(row["audience"])),
        due=read_due(json.loads(row["due"])),
        recurrence=read_recurrence(json.loads(row["recurrence"])),
        required=bool(row["required"]),
        credit_earlier=bool(row["credit_earlier"]),
        created_by=row["created_by"],
        created_at=parse_iso(row["created_at"]),
        changed_at=parse_iso(row["changed_at"]),
        ended_at=parse_iso(row["ended_at"]) if row["ended_at"] else None,
        sync_after=row["sync_after"],
        sync_terms=bool(row["sync_terms"]),
    )


def _meets(reach: str | None, paths: Sequence[str]) -> bool:
    return reach is None or any(path.startswith(reach) or reach.startswith(path) for path in paths)
