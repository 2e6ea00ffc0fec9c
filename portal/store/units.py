"""The tree of units.

``path`` holds every unit above and the unit itself (``/1/4/9/``), so that "this unit and
everything below it" is a prefix, for SQL and for ``core.people.within`` alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.core.people import Target
from portal.core.times import iso
from portal.core.units import Unit
from portal.store.database import Connection, Row


def add_unit(
    c: Connection,
    parent_id: int | None,
    kind: str,
    name: str,
    *,
    name_en: str | None = None,
    code: str | None = None,
) -> int:
    """Add a unit below ``parent_id`` (None: at the top); return its id."""
    unit_id = c.insert(
        """
        INSERT INTO units (parent_id, path, kind, name, name_en, code)
        VALUES (:parent_id, '', :kind, :name, :name_en, :code)
        RETURNING id
        """,
        parent_id=parent_id,
        kind=kind,
        name=name,
        name_en=name_en,
        code=code,
    )
    # the path holds the id, which is known only now; '' is unique for the length of the transaction
    c.run(
        """
        UPDATE units
        SET path = COALESCE((SELECT path FROM units WHERE id = :parent_id), '/') || :unit_id || '/'
        WHERE id = :unit_id
        """,
        parent_id=parent_id,
        unit_id=unit_id,
    )
    return unit_id


def find_unit(c: Connection, unit_id: int) -> Row | None:
    """id, parent_id, path, kind, name, name_en, code, closed_at, successor_id."""
    return c.one(
        """
        SELECT id, parent_id, path, kind, name, name_en, code, closed_at, successor_id
        FROM units
        WHERE id = :unit_id
        """,
        unit_id=unit_id,
    )


def get_unit(c: Connection, unit_id: int) -> Unit | None:
    """The unit as ``core.units`` judges it; None when there is none."""
    row = find_unit(c, unit_id)
    return _unit(row) if row else None


def is_open(c: Connection, unit_id: int) -> bool:
    """Whether the unit is there and not closed."""
    unit = get_unit(c, unit_id)
    return unit is not None and not unit.closed


def children_of(c: Connection, unit_id: int) -> list[Unit]:
    """The units directly below, closed ones too."""
    rows = c.all(
        """
        SELECT id, parent_id, path, kind, name, closed_at
        FROM units
        WHERE parent_id = :unit_id
        ORDER BY id
        """,
        unit_id=unit_id,
    )
    return [_unit(row) for row in rows]


def count_contents(c: Connection, unit_id: int) -> tuple[int, int, int]:
    """(people posted in the unit itself, open units directly below, managers of the unit)."""
    row = c.one(
        """
        SELECT
            (SELECT COUNT(DISTINCT person_id) FROM postings
             WHERE unit_id = :unit_id AND ended_at IS NULL) AS people,
            (SELECT COUNT(*) FROM units
             WHERE parent_id = :unit_id AND closed_at IS NULL) AS units,
            (SELECT COUNT(*) FROM role_grants
             WHERE unit_id = :unit_id AND revoked_at IS NULL) AS managers
        """,
        unit_id=unit_id,
    )
    assert row is not None
    return row["people"], row["units"], row["managers"]


def names_above(c: Connection, path: str) -> list[tuple[str, str | None]]:
    """(name, name_en) of the units above the one at ``path``, from the top down."""
    ids = [int(step) for step in path.strip("/").split("/")][:-1]
    rows = [find_unit(c, unit_id) for unit_id in ids]
    return [(row["name"], row["name_en"]) for row in rows if row]


def find_target(c: Connection, unit_id: int) -> Target | None:
    """The unit as the target of an action."""
    unit = find_unit(c, unit_id)
    return Target(unit_path=unit["path"]) if unit else None


def code_taken(c: Connection, code: str, *, by_other_than: int = 0) -> bool:
    """Whether a unit, other than the one named, has this code."""
    return bool(
        c.value(
            "SELECT 1 FROM units WHERE code = :code AND id <> :unit_id",
            code=code,
            unit_id=by_other_than,
        )
    )


def find_by_code(c: Connection, code: str) -> int | None:
    """The id of the unit with this code."""
    unit_id: int | None = c.value("SELECT id FROM units WHERE code = :code", code=code)
    return unit_id


def change_unit(
    c: Connection, unit_id: int, name: str, name_en: str | None, code: str | None
) -> None:
    """Set both names and the code."""
    rename_unit(c, unit_id, name, name_en)
    c.run("UPDATE units SET code = :code WHERE id = :unit_id", code=code, unit_id=unit_id)


def move_unit(c: Connection, unit: Unit, parent_id: int | None, path: str) -> None:
    """Put a unit at ``path`` below ``parent_id``; the paths of everything below it follow."""
    c.run(
        """
        UPDATE units
        SET path = :path || SUBSTR(path, LENGTH(:old) + 1)
        WHERE path LIKE :old || '%'
        """,
        path=path,
        old=unit.path,
    )
    c.run(
        "UPDATE units SET parent_id = :parent_id WHERE id = :unit_id",
        parent_id=parent_id,
        unit_id=unit.id,
    )


def close_unit(
    c: Connection, unit_id: int, at: datetime, *, successor_id: int | None = None
) -> None:
    """Close a unit; with a successor when it was merged into that."""
    c.run(
        """
        UPDATE units
        SET closed_at = :at, successor_id = :successor_id
        WHERE id = :unit_id
        """,
        unit_id=unit_id,
        at=iso(at),
        successor_id=successor_id,
    )


def reopen_unit(c: Connection, unit_id: int) -> None:
    """Open a closed unit; it has no successor any more."""
    c.run(
        "UPDATE units SET closed_at = NULL, successor_id = NULL WHERE id = :unit_id",
        unit_id=unit_id,
    )


def rename_unit(c: Connection, unit_id: int, name: str, name_en: str | None) -> None:
    """Give a unit other names; everything else hangs on its id."""
    c.run(
        """
        UPDATE units
        SET name = :name, name_en = :name_en
        WHERE id = :unit_id
        """,
        unit_id=unit_id,
        name=name,
        name_en=name_en,
    )


def list_units(c: Connection, paths: Sequence[str] | None = None) -> list[Row]:
    """The units in the subtrees at ``paths`` (None: all of them), parents before children."""
    rows = c.all(
        """
        SELECT id, parent_id, path, kind, name, name_en, code, closed_at
        FROM units
        ORDER BY parent_id IS NOT NULL, parent_id, id
        """
    )
    rows.sort(key=lambda row: [int(step) for step in row["path"].strip("/").split("/")])
    if paths is None:
        return rows
    return [row for row in rows if row["path"].startswith(tuple(paths))]


def list_below(
    c: Connection, parent_id: int | None, *, closed: bool, limit: int, offset: int
) -> list[Row]:
    """Units directly below, or at the top: id, path, kind, name, name_en, code, closed_at."""
    return c.all(
        """
        SELECT id, path, kind, name, name_en, code, closed_at
        FROM units
        WHERE COALESCE(parent_id, 0) = :parent_id AND (closed_at IS NULL OR :closed = 1)
        ORDER BY closed_at IS NOT NULL, id
        LIMIT :limit OFFSET :offset
        """,
        parent_id=parent_id or 0,
        closed=int(closed),
        limit=limit,
        offset=offset,
    )


def count_below(c: Connection, parent_id: int | None, *, closed: bool) -> int:
    """How many units ``list_below`` has in all."""
    return int(
        c.value(
            """
            SELECT COUNT(*)
            FROM units
            WHERE COALESCE(parent_id, 0) = :parent_id AND (closed_at IS NULL OR :closed = 1)
            """,
            parent_id=parent_id or 0,
            closed=int(closed),
        )
    )


def search_units(
    c: Connection, query: str, *, paths: Sequence[str] | None = None, limit: int
) -> list[Row]:
    """Units whose name or code holds ``query``, in the subtrees at ``paths`` (None: everywhere).

    Columns: id, path, kind, name, name_en, code, closed_at. Those that begin with it come first.
    """
    wanted = literal(query)
    rows = c.all(
        """
        SELECT id, path, kind, name, name_en, code, closed_at
        FROM units
        WHERE LOWER(name) LIKE :wanted ESCAPE '\\'
        OR LOWER(name_en) LIKE :wanted ESCAPE '\\'
        OR LOWER(code) LIKE :wanted ESCAPE '\\'
        ORDER BY
            LOWER(name) NOT LIKE :beginning ESCAPE '\\',
            closed_at IS NOT NULL,
            LENGTH(path),
            id
        """,
        wanted=f"%{wanted}%",
        beginning=f"{wanted}%",
    )
    within = [row for row in rows if paths is None or row["path"].startswith(tuple(paths))]
    return within[:limit]


def literal(query: str) -> str:
    """``query`` for LIKE … ESCAPE, where nothing in it has a meaning of its own."""
    literal = query.strip().lower()
    for special in ("\\", "%", "_"):
        literal = literal.replace(special, "\\" + special)
    return literal


# Private functions


def _unit(row: Row) -> Unit:
    return Unit(
        id=row["id"],
        parent_id=row["parent_id"],
        path=row["path"],
        kind=row["kind"],
        name=row["name"],
        closed=row["closed_at"] is not None,
    )
