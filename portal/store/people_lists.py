"""Lists of the people of a subtree, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from portal.store.database import Connection, Row
from portal.store.units import literal


def list_people(c: Connection, path: str, query: str, *, limit: int, offset: int) -> list[Row]:
    """People posted in the subtree at ``path``, by number; ``/`` takes in those without a posting.

    Columns: id, staff_no, login, name, disabled_at, unit_id, unit_name, unit_name_en. ``query`` is
    looked for in name, number and login.
    """
    found, given = _found(path, query)
    return c.all(
        f"""
        WITH found AS (
            SELECT p.id
            {found}
            ORDER BY p.staff_no
            LIMIT :limit OFFSET :offset
        )
        SELECT
            p.id,
            p.staff_no,
            p.login,
            p.name,
            p.disabled_at,
            u.id AS unit_id,
            u.name AS unit_name,
            u.name_en AS unit_name_en
        FROM found AS f
        JOIN people AS p ON p.id = f.id
        LEFT JOIN postings AS s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
        LEFT JOIN units AS u ON u.id = s.unit_id
        ORDER BY p.staff_no
        """,  # noqa: S608 (constants of this module)
        **given,
        limit=limit,
        offset=offset,
    )


def count_people(c: Connection, path: str, query: str) -> int:
    """How many people ``list_people`` has in all."""
    found, given = _found(path, query)
    return int(c.value(f"SELECT COUNT(*) {found}", **given))


def count_by_unit(c: Connection, path: str) -> list[Row]:
    """path and people of every unit in the subtree in which anybody has the main posting; people
    whose account is disabled are not counted."""
    return c.all(
        """
        SELECT u.path, COUNT(*) AS people
        FROM units AS u
        CROSS JOIN postings AS s
        CROSS JOIN people AS p
        WHERE u.path LIKE :path || '%'
        AND s.unit_id = u.id
        AND s.ended_at IS NULL
        AND s.main = 1
        AND p.id = s.person_id
        AND p.disabled_at IS NULL
        GROUP BY u.id
        """,
        path=path,
    )


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


# Private functions

_WANTED = """
(
    LOWER(p.name) LIKE :wanted ESCAPE '\\'
    OR LOWER(p.staff_no) LIKE :wanted ESCAPE '\\'
    OR p.login LIKE :wanted ESCAPE '\\'
)
"""
# the main posting decides where somebody belongs, as in people.find_target; the units come first,
# so that a grid of ten people costs the same in a village and in a city
_BELOW = """
FROM units AS u
CROSS JOIN postings AS s
CROSS JOIN people AS p
WHERE u.path LIKE :below
AND s.unit_id = u.id
AND s.ended_at IS NULL
AND s.main = 1
AND p.id = s.person_id
"""


def _found(path: str, query: str) -> tuple[str, dict[str, str]]:
    """Where the people come from, from FROM on, and the parameters of it."""
    wanted = {"wanted": f"%{literal(query)}%"} if query.strip() else {}
    if path == "/":
        return ("FROM people AS p" + (f" WHERE {_WANTED}" if wanted else ""), wanted)
    return (_BELOW + (f"AND {_WANTED}" if wanted else ""), {"below": f"{path}%", **wanted})
