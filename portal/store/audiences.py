"""Present postings, for deciding whom an assignment is for; and what people have passed.

Disabled people have no posting here: nobody is asked to learn who cannot sign in. Nor is somebody
asked by a trainer's post, which counts nowhere (``core.postings``). Postings held beside the main
one count like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.audience import Place
from portal.core.times import parse_iso
from portal.store.database import Connection, Row
from portal.store.listed import chunks, listed


@dataclass(frozen=True, slots=True)
class Stay:
    """One present posting of an active person."""

    person_id: int
    unit_id: int
    began_at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Group:
    """How many people hold this post in this unit and no other post anywhere."""

    unit_id: int
    place: Place
    people: int


def stays(conn: Connection, person_ids: Sequence[int]) -> dict[int, list[Stay]]:
    """The present postings of these people, the main one last."""
    found: dict[int, list[Stay]] = {}
    for some in chunks(person_ids):
        within, params = listed(some)
        _collect(
            found,
            conn.all(
                f"""
                SELECT s.person_id, s.unit_id, s.post, s.began_at, u.path
                FROM postings s
                JOIN units u ON u.id = s.unit_id
                JOIN people p ON p.id = s.person_id
                WHERE s.person_id IN {within} AND s.ended_at IS NULL AND s.post <> 'trainer'
                  AND p.disabled_at IS NULL
                ORDER BY s.main, s.id
                """,  # noqa: S608 (names of parameters)
                **params,
            ),
        )
    return found


def people_below(conn: Connection, path: str) -> list[int]:
    """Ids of active people with a present posting in the subtree at ``path``, ascending."""
    rows = conn.all(
        """
        SELECT DISTINCT s.person_id
        FROM units u
        CROSS JOIN postings s
        CROSS JOIN people p
        WHERE u.path LIKE :path || '%'
          AND s.unit_id = u.id
          AND s.ended_at IS NULL
          AND s.post <> 'trainer'
          AND p.id = s.person_id
          AND p.disabled_at IS NULL
        ORDER BY s.person_id
        """,
        path=path,
    )
    return [row["person_id"] for row in rows]


def groups(conn: Connection, path: str) -> list[Group]:
    """People with one posting, counted by unit and post, in the subtree at ``path``.

    The few who are left out are gathered once: to look each of a city up takes three times as long.
    """
    rows = conn.all(
        """
        SELECT u.id, u.path, s.post, COUNT(*) AS people
        FROM units u
        CROSS JOIN postings s
        WHERE u.path LIKE :path || '%'
          AND s.unit_id = u.id
          AND s.ended_at IS NULL
          AND s.main = 1
          AND s.post <> 'trainer'
          AND s.person_id NOT IN (SELECT id FROM people WHERE disabled_at IS NOT NULL)
          AND s.person_id NOT IN (
              SELECT person_id FROM postings WHERE main = 0 AND ended_at IS NULL
          )
        GROUP BY u.id, u.path, s.post
        ORDER BY u.path, s.post
        """,
        path=path,
    )
    return [Group(row["id"], Place(row["path"], row["post"]), row["people"]) for row in rows]


def in_group(conn: Connection, unit_id: int, post: str, limit: int) -> list[int]:
    """Ids of active people who hold the post in the unit, by staff number."""
    rows = conn.all(
        """
        SELECT p.id
        FROM postings s
        JOIN people p ON p.id = s.person_id
        WHERE s.unit_id = :unit_id AND s.post = :post AND s.ended_at IS NULL
          AND p.disabled_at IS NULL
        ORDER BY p.staff_no
        LIMIT :limit
        """,
        unit_id=unit_id,
        post=post,
        limit=limit,
    )
    return [row["id"] for row in rows]


def with_several(conn: Connection, path: str) -> list[int]:
    """Ids of people with a present posting below ``path`` and more than one in all."""
    rows = conn.all(
        """
        SELECT DISTINCT s.person_id
        FROM postings o
        CROSS JOIN postings s
        CROSS JOIN units u
        CROSS JOIN people p
        WHERE o.main = 0 AND o.ended_at IS NULL
          AND s.person_id = o.person_id AND s.ended_at IS NULL
          AND u.id = s.unit_id AND u.path LIKE :path || '%'
          AND p.id = s.person_id AND p.disabled_at IS NULL
        ORDER BY s.person_id
        """,
        path=path,
    )
    return [row["person_id"] for row in rows]


def completions(
    conn: Connection, course_id: str, person_ids: Sequence[int]
) -> dict[int, tuple[datetime, ...]]:
    """When these people completed the course and last renewed it, ascending."""
    rows = _of(
        conn,
        """
        SELECT person_id, completed_at, renewed_at FROM course_progress
        WHERE course_id = :item AND completed_at IS NOT NULL AND person_id IN {within}
        """,
        course_id,
        person_ids,
    )
    return {
        row["person_id"]: tuple(
            parse_iso(row[name]) for name in ("completed_at", "renewed_at") if row[name]
        )
        for row in rows
    }


def passes(
    conn: Connection, quiz_id: str, person_ids: Sequence[int]
) -> dict[int, tuple[datetime, ...]]:
    """When these people passed the quiz or exam, ascending."""
    found: dict[int, tuple[datetime, ...]] = {}
    for row in _of(
        conn,
        """
        SELECT person_id, submitted_at FROM attempts
        WHERE quiz_id = :item AND passed = 1 AND kind <> 'checkpoint' AND person_id IN {within}
        ORDER BY person_id, submitted_at
        """,
        quiz_id,
        person_ids,
    ):
        found[row["person_id"]] = (*found.get(row["person_id"], ()), parse_iso(row["submitted_at"]))
    return found


def drills_finished(
    conn: Connection, drill_id: str, person_ids: Sequence[int]
) -> dict[int, tuple[datetime, ...]]:
    """When these people finished the drill, alone or in a group, ascending."""
    found: dict[int, tuple[datetime, ...]] = {}
    for row in _of(
        conn,
        """
        SELECT p.person_id, r.ended_at
        FROM drill_participants p
        JOIN drill_runs r ON r.id = p.run_id
        WHERE r.drill_id = :item AND r.outcome = 'finished' AND p.person_id IN {within}
        ORDER BY p.person_id, r.ended_at
        """,
        drill_id,
        person_ids,
    ):
        found[row["person_id"]] = (*found.get(row["person_id"], ()), parse_iso(row["ended_at"]))
    return found


def seen(conn: Connection, module_id: str, person_ids: Sequence[int]) -> dict[int, datetime]:
    """When these people last read the module, which they had completed."""
    rows = _of(
        conn,
        """
        SELECT person_id, seen_at FROM module_progress
        WHERE module_id = :item AND completed_at IS NOT NULL AND person_id IN {within}
        """,
        module_id,
        person_ids,
    )
    return {row["person_id"]: parse_iso(row["seen_at"]) for row in rows}


# Private functions


def _of(conn: Connection, sql: str, item: str, person_ids: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for some in chunks(person_ids):
        within, params = listed(some)
        rows.extend(conn.all(sql.replace("{within}", within), item=item, **params))
    return rows


def _collect(found: dict[int, list[Stay]], rows: list[Row]) -> None:
    for row in rows:
        stay = Stay(
            row["person_id"],
            row["unit_id"],
            parse_iso(row["began_at"]),
            Place(row["path"], row["post"]),
        )
        found.setdefault(stay.person_id, []).append(stay)
