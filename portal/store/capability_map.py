"""Figures of units and of courses over the evidence, replaced as a whole by each round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.store.database import Connection, Row


def units(conn: Connection) -> list[Row]:
    """Every unit: id, path."""
    return conn.all("SELECT id, path FROM units ORDER BY path")


def staff(conn: Connection) -> list[Row]:
    """Present postings of people who are not disabled: person_id, unit_id, post, main.

    People belong to the unit of their one main posting; a part-time post may ask for more. Who only
    trains is nobody's staff (``core.postings``).
    """
    return conn.all(
        """
        SELECT s.person_id, s.unit_id, s.post, s.main
        FROM postings s
        JOIN people p ON p.id = s.person_id AND p.disabled_at IS NULL
        WHERE s.ended_at IS NULL AND s.post <> 'trainer'
        ORDER BY s.person_id, s.id
        """
    )


def states(conn: Connection) -> list[Row]:
    """Every stored state: person_id, at, filter, answers."""
    return conn.all("SELECT person_id, at, filter, answers FROM capability_states")


def completions(conn: Connection, enough: int) -> list[Row]:
    """First completions of courses with the capability before and after.

    Columns person_id, course_id, capability; mean and variance at the completion; first_mean and
    first_variance before the first answer that belongs to the course. Only of people who had
    answered ``enough`` different questions of the capability before that one.
    """
    return conn.all(
        """
        SELECT c.person_id, c.course_id, c.capability, c.mean, c.variance,
               f.mean AS first_mean, f.variance AS first_variance
        FROM (
            SELECT MIN(id) AS id
            FROM evidence
            WHERE kind = 'course'
            GROUP BY person_id, course_id
        ) AS first
        JOIN evidence c ON c.id = first.id
        JOIN evidence f ON f.id = (
            SELECT MIN(n.id) FROM evidence n
            WHERE n.person_id = c.person_id
              AND n.at <= c.at
              AND n.course_id = c.course_id
              AND n.capability = c.capability
              AND n.kind <> 'course'
        )
        WHERE :enough <= (
              SELECT COUNT(*) FROM (
                  SELECT 1 FROM evidence b
                  WHERE b.person_id = c.person_id
                    AND b.at <= f.at
                    AND b.id < f.id
                    AND b.capability = c.capability
                    AND b.kind <> 'course'
                    AND b.gap_days IS NULL
                  LIMIT :enough
              ) few
          )
        ORDER BY c.course_id, c.person_id
        """,
        enough=enough,
    )


def replace_units(conn: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Replace the figures of all units."""
    conn.run("DELETE FROM unit_capabilities")
    conn.many(
        """
        INSERT INTO unit_capabilities (
            unit_id, capability, members, measured, own_measured, score, variance, needed, below
        ) VALUES (
            :unit_id, :capability, :members, :measured, :own_measured, :score, :variance, :needed,
            :below
        )
        """,
        rows,
    )


def replace_effects(conn: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Replace what courses moved."""
    conn.run("DELETE FROM unit_course_effects")
    conn.many(
        """
        INSERT INTO unit_course_effects (
            unit_id, course_id, people, own_people, before, before_variance, after, after_variance
        ) VALUES (
            :unit_id, :course_id, :people, :own_people, :before, :before_variance, :after,
            :after_variance
        )
        """,
        rows,
    )


def counts(conn: Connection, path: str) -> list[Row]:
    """unit path, capability, own_measured of every unit in the subtree that has figures."""
    return conn.all(
        """
        SELECT u.path, f.capability, f.own_measured
        FROM units u
        JOIN unit_capabilities f ON f.unit_id = u.id
        WHERE u.path LIKE :path || '%'
        """,
        path=path,
    )


def figures(conn: Connection, unit_id: int) -> list[Row]:
    """Figures of the unit and of the open units directly below it, with names and paths."""
    return conn.all(
        """
        SELECT u.id AS unit_id, u.path, u.name, u.name_en, f.capability, f.members, f.measured,
               f.own_measured, f.score, f.variance, f.needed, f.below
        FROM units u
        JOIN unit_capabilities f ON f.unit_id = u.id
        WHERE u.id = :unit_id OR (u.parent_id = :unit_id AND u.closed_at IS NULL)
        ORDER BY u.id
        """,
        unit_id=unit_id,
    )


def effects(conn: Connection, unit_id: int) -> list[Row]:
    """What courses moved in the unit's subtree."""
    return conn.all(
        """
        SELECT course_id, people, before, before_variance, after, after_variance
        FROM unit_course_effects
        WHERE unit_id = :unit_id
        ORDER BY people DESC, course_id
        """,
        unit_id=unit_id,
    )


def effect_counts(conn: Connection, path: str) -> list[Row]:
    """unit path, course_id, own_people of every unit in the subtree."""
    return conn.all(
        """
        SELECT u.path, e.course_id, e.own_people
        FROM units u
        JOIN unit_course_effects e ON e.unit_id = u.id
        WHERE u.path LIKE :path || '%'
        """,
        path=path,
    )
