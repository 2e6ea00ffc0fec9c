"""The tree of units, and the lists of the people in it.

``path`` holds every unit above and the unit itself (``/1/4/9/``), so that "this unit and
everything below it" is a prefix, for SQL and for ``core.people.within`` alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.people import Target
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
    """id, parent_id, path, kind, name, name_en, code, closed_at."""
    return c.one(
        """
        SELECT id, parent_id, path, kind, name, name_en, code, closed_at
        FROM units
        WHERE id = :unit_id
        """,
        unit_id=unit_id,
    )


def find_target(c: Connection, unit_id: int) -> Target | None:
    """The unit as the target of an action."""
    unit = find_unit(c, unit_id)
    return Target(unit_path=unit["path"]) if unit else None


def code_taken(c: Connection, code: str) -> bool:
    """Whether a unit has this code."""
    return bool(c.value("SELECT 1 FROM units WHERE code = :code", code=code))


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


def search_units(
    c: Connection, query: str, *, paths: Sequence[str] | None = None, limit: int
) -> list[Row]:
    """Units whose name or code holds ``query``, in the subtrees at ``paths`` (None: everywhere).

    Columns: id, path, kind, name, name_en, code, closed_at. Those that begin with it come first.
    """
    literal = _literal(query)
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
        wanted=f"%{literal}%",
        beginning=f"{literal}%",
    )
    within = [row for row in rows if paths is None or row["path"].startswith(tuple(paths))]
    return within[:limit]


def list_people(c: Connection, path: str, query: str, *, limit: int, offset: int) -> list[Row]:
    """People posted in the subtree at ``path``, by number; ``/`` takes in those without a posting.

    Columns: id, staff_no, login, name, disabled_at, unit_id, unit_name, unit_name_en. ``query`` is
    looked for in name, number and login.
    """
    return c.all(
        f"""
        SELECT
            p.id,
            p.staff_no,
            p.login,
            p.name,
            p.disabled_at,
            u.id AS unit_id,
            u.name AS unit_name,
            u.name_en AS unit_name_en
        {_PEOPLE_FOUND}
        ORDER BY p.staff_no
        LIMIT :limit OFFSET :offset
        """,
        **_found(path, query),
        limit=limit,
        offset=offset,
    )


def count_people(c: Connection, path: str, query: str) -> int:
    """How many people ``list_people`` has in all."""
    return int(c.value(f"SELECT COUNT(*) {_PEOPLE_FOUND}", **_found(path, query)))


def posts_and_roles(c: Connection, person_ids: Sequence[int]) -> list[Row]:
    """What the people hold now: person_id, post (or None), role (or None), unit_id of the role."""
    return [
        row
        for person_id in person_ids
        for row in c.all(
            """
            SELECT person_id, post, NULL AS role, NULL AS unit_id
            FROM postings
            WHERE person_id = :person_id AND ended_at IS NULL
            UNION ALL
            SELECT person_id, NULL, role, unit_id
            FROM role_grants
            WHERE person_id = :person_id AND revoked_at IS NULL
            """,
            person_id=person_id,
        )
    ]


# the main posting decides where somebody belongs, as in people.find_target
_PEOPLE_FOUND = """
FROM people AS p
LEFT JOIN postings AS s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
LEFT JOIN units AS u ON u.id = s.unit_id
WHERE (u.path LIKE :below OR (:below = '/%' AND u.path IS NULL))
AND (
    LOWER(p.name) LIKE :wanted ESCAPE '\\'
    OR LOWER(p.staff_no) LIKE :wanted ESCAPE '\\'
    OR p.login LIKE :wanted ESCAPE '\\'
)
"""


def _found(path: str, query: str) -> dict[str, str]:
    return {"below": f"{path}%", "wanted": f"%{_literal(query)}%"}


def _literal(query: str) -> str:
    """``query`` for LIKE … ESCAPE, where nothing in it has a meaning of its own."""
    literal = query.strip().lower()
    for special in ("\\", "%", "_"):
        literal = literal.replace(special, "\\" + special)
    return literal
