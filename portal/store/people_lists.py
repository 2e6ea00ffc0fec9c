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
    return {"below": f"{path}%", "wanted": f"%{literal(query)}%"}
