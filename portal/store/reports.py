"""What managers are told, aggregated in SQL over a unit's subtree.

**Staff** are people who are not disabled and whose main posting lies in the subtree, trainers apart
(``core.postings``): each person once. A course is **meant** for somebody when it is offered and
names one of the person's posts, or no post at all. Rates of completion look at today's staff;
months, attempts and questions count where the person served at the time. ``path`` is that of the
unit: ``/1/4/``.

Queries begin at the units of the subtree and go on by index: ``CROSS JOIN`` keeps SQLite to this
order (elsewhere it is an ordinary join), so that a grid of ten people costs the same in a village
and in a city.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

# a row for every post that a person of the staff below :path holds, counted in the unit of the
# main posting; `several` says that there is more than one row for the person
_STAFF = """
    staff AS (
        SELECT s.person_id, s.unit_id, s.post, s.began_at,
               EXISTS (SELECT 1 FROM postings o
                       WHERE o.person_id = s.person_id AND o.main = 0
                         AND o.ended_at IS NULL) AS several
        FROM units u
        CROSS JOIN postings s
        CROSS JOIN people p
        WHERE u.path LIKE :path || '%'
          AND s.unit_id = u.id
          AND s.ended_at IS NULL
          AND s.main = 1
          AND s.post <> 'trainer'
          AND p.id = s.person_id
          AND p.disabled_at IS NULL
        UNION ALL
        SELECT s.person_id, s.unit_id, o.post, o.began_at, 1
        FROM postings o
        CROSS JOIN postings s
        CROSS JOIN people p
        CROSS JOIN units u
        WHERE o.main = 0
          AND o.ended_at IS NULL
          AND s.person_id = o.person_id
          AND s.main = 1
          AND s.ended_at IS NULL
          AND s.post <> 'trainer'
          AND p.id = s.person_id
          AND p.disabled_at IS NULL
          AND u.id = s.unit_id
          AND u.path LIKE :path || '%'
    )
"""

# (course, post) for every offered course; post '' stands for everybody
_MEANT = """
    meant AS (
        SELECT c.id AS course_id, COALESCE(cp.post, '') AS post
        FROM courses c
        LEFT JOIN course_posts cp ON cp.course_id = c.id
        WHERE c.offered = 1
    )
"""

# the people of the CTE `found` (person_id, count) with their units, cut to :limit
_PERSON = """
    SELECT p.id AS person_id, p.name, p.staff_no,
           u.id AS unit_id, u.name AS unit_name, u.name_en AS unit_name_en,
           f.count
    FROM found f
    JOIN people p ON p.id = f.person_id
    JOIN postings s ON s.person_id = f.person_id AND s.main = 1 AND s.ended_at IS NULL
    JOIN units u ON u.id = s.unit_id
    ORDER BY f.count DESC, p.staff_no
    LIMIT :limit
"""


@dataclass(slots=True)
class UnitFigures:
    """Figures of one unit, or summed over several.

    ``pairs`` counts (person, meant course), ``completed`` those completed; ``submitted`` and
    ``passed`` count quiz and exam attempts; ``hours`` are credited training hours.
    """

    staff: int = 0
    pairs: int = 0
    completed: int = 0
    submitted: int = 0
    passed: int = 0
    hours: float = 0.0

    def add(self, other: UnitFigures) -> None:
        """Sum ``other`` in."""
        self.staff += other.staff
        self.pairs += other.pairs
        self.completed += other.completed
        self.submitted += other.submitted
        self.passed += other.passed
        self.hours += other.hours


def figures_by_unit(conn: Connection, path: str) -> dict[str, UnitFigures]:
    """Figures of every unit in the subtree that has any, by the unit's path."""
    figures: dict[str, UnitFigures] = {}

    def of(row: Row) -> UnitFigures:
        return figures.setdefault(row["path"], UnitFigures())

    _count_staff_and_pairs(conn, path, of)
    for row in _completed(conn, path):
        of(row).completed += row["completed"]
    for row in _totals(conn, path):
        unit = of(row)
        unit.submitted, unit.passed, unit.hours = row["submitted"], row["passed"], row["hours"]
    return figures


def children(conn: Connection, unit_id: int) -> list[Row]:
    """Open units directly below: id, path, name, name_en."""
    return conn.all(
        """
        SELECT id, path, name, name_en FROM units
        WHERE parent_id = :unit_id AND closed_at IS NULL
        ORDER BY id
        """,
        unit_id=unit_id,
    )


def staff_and_pairs(conn: Connection, path: str) -> tuple[int, int]:
    """How many staff the subtree has, and how many (person, meant course) pairs."""
    total = UnitFigures()
    _count_staff_and_pairs(conn, path, lambda _: total)
    return total.staff, total.pairs


def months(conn: Connection, path: str, since: str) -> list[Row]:
    """Columns month ("2026-11"), started, completed, submitted, passed, hours; from ``since`` on.

    A month without any event has no row.
    """
    return conn.all(
        """
        SELECT m.month,
               SUM(m.started) AS started,
               SUM(m.completed) AS completed,
               SUM(m.submitted) AS submitted,
               SUM(m.passed) AS passed,
               SUM(m.hours) AS hours
        FROM units u
        CROSS JOIN unit_months m
        WHERE u.path LIKE :path || '%' AND m.unit_id = u.id AND m.month >= :since
        GROUP BY m.month
        ORDER BY m.month
        """,
        path=path,
        since=since,
    )


def completed_before(conn: Connection, path: str, month: str) -> int:
    """How many completions the months before ``month`` hold."""
    return int(
        conn.value(
            """
            SELECT COALESCE(SUM(m.completed), 0)
            FROM units u
            CROSS JOIN unit_months m
            WHERE u.path LIKE :path || '%' AND m.unit_id = u.id AND m.month < :month
            """,
            path=path,
            month=month,
        )
    )


def hardest(conn: Connection, path: str, *, at_least: int, limit: int) -> list[Row]:
    """Questions by facility (mean fraction of first answers), the hardest first.

    Columns question_id, version, answered, facility. A question that was edited has one row for
    each version that at least ``at_least`` people answered.
    """
    return conn.all(
        """
        SELECT i.question_id, i.version,
               SUM(i.answered) AS answered,
               SUM(i.fraction_sum) / SUM(i.answered) AS facility
        FROM units u
        CROSS JOIN unit_items i
        WHERE u.path LIKE :path || '%' AND i.unit_id = u.id
        GROUP BY i.question_id, i.version
        HAVING SUM(i.answered) >= :at_least
        ORDER BY facility, answered DESC, i.question_id, i.version
        LIMIT :limit
        """,
        path=path,
        at_least=at_least,
        limit=limit,
    )


def failing(conn: Connection, path: str, *, limit: int) -> list[Row]:
    """Staff who submitted a quiz or exam at least twice and never passed it.

    Columns of ``_PERSON`` and count: the most tries at one quiz. The most tries first.
    """
    return conn.all(
        f"""
        WITH {_STAFF},
        failed AS (
            SELECT person_id, quiz_id, COUNT(*) AS tries
            FROM attempts
            WHERE passed = 0 AND person_id IN (SELECT person_id FROM staff)
            GROUP BY person_id, quiz_id
            HAVING COUNT(*) >= 2
        ),
        found AS (
            SELECT f.person_id, MAX(f.tries) AS count
            FROM failed f
            WHERE NOT EXISTS (
                SELECT 1 FROM attempts a
                WHERE a.person_id = f.person_id AND a.quiz_id = f.quiz_id AND a.passed = 1
            )
            GROUP BY f.person_id
        )
        {_PERSON}
        """,  # noqa: S608 (constants of this module)
        path=path,
        limit=limit,
    )


def stuck(conn: Connection, path: str, *, idle_since: datetime, limit: int) -> list[Row]:
    """Staff who began an offered course, did not complete it and were not seen in it since.

    Columns of ``_PERSON`` and count: such courses. The most first.
    """
    return conn.all(
        f"""
        WITH {_STAFF},
        found AS (
            SELECT g.person_id, COUNT(*) AS count
            FROM course_progress g
            JOIN courses c ON c.id = g.course_id AND c.offered = 1
            WHERE g.completed_at IS NULL
              AND g.seen_at < :idle_since
              AND g.person_id IN (SELECT person_id FROM staff)
            GROUP BY g.person_id
        )
        {_PERSON}
        """,  # noqa: S608
        path=path,
        idle_since=iso(idle_since),
        limit=limit,
    )


def not_started(conn: Connection, path: str, *, idle_since: datetime, limit: int) -> list[Row]:
    """Staff who were posted before ``idle_since`` and began none of the courses meant for them.

    Columns of ``_PERSON`` and count: courses meant. The most first.
    """
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT},
        started AS (
            SELECT DISTINCT s.person_id
            FROM staff s
            JOIN course_progress g ON g.person_id = s.person_id
            JOIN meant m ON m.course_id = g.course_id AND (m.post = s.post OR m.post = '')
        ),
        found AS (
            SELECT s.person_id, COUNT(DISTINCT m.course_id) AS count
            FROM staff s
            JOIN meant m ON m.post = s.post OR m.post = ''
            WHERE s.began_at < :idle_since
              AND s.person_id NOT IN (SELECT person_id FROM started)
            GROUP BY s.person_id
        )
        {_PERSON}
        """,  # noqa: S608
        path=path,
        idle_since=iso(idle_since),
        limit=limit,
    )


# Private functions


def _count_staff_and_pairs(conn: Connection, path: str, of: Callable[[Row], UnitFigures]) -> None:
    """Staff by unit and post, multiplied by the courses of the post.

    Those with several posts are counted one by one, with what they have completed.
    """
    meant = conn.all(f"WITH {_MEANT} SELECT course_id, post FROM meant")  # noqa: S608
    for_all = sum(row["post"] == "" for row in meant)
    for_post = Counter(row["post"] for row in meant)
    doubles = False
    for row in _staff(conn, path):
        if row["several"]:
            doubles = True
            continue
        of(row).staff += row["staff"]
        of(row).pairs += row["staff"] * (for_all + for_post[row["post"]])
    if doubles:
        for row in _doubles(conn, path):
            of(row).staff += row["staff"]
            of(row).pairs += row["pairs"]
            of(row).completed += row["completed"]


def _staff(conn: Connection, path: str) -> list[Row]:
    return conn.all(
        f"""
        WITH {_STAFF}
        SELECT u.path, s.post, s.several, COUNT(*) AS staff
        FROM staff s
        JOIN units u ON u.id = s.unit_id
        GROUP BY u.path, s.post, s.several
        """,  # noqa: S608
        path=path,
    )


def _doubles(conn: Connection, path: str) -> list[Row]:
    """Staff with several posts, each person and each course once."""
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT}
        SELECT u.path,
               COUNT(DISTINCT d.person_id) AS staff,
               COUNT(d.course_id) AS pairs,
               COUNT(g.completed_at) AS completed
        FROM (
            SELECT DISTINCT s.unit_id, s.person_id, m.course_id
            FROM staff s
            LEFT JOIN meant m ON m.post = s.post OR m.post = ''
            WHERE s.several
        ) AS d
        JOIN units u ON u.id = d.unit_id
        LEFT JOIN course_progress g ON g.person_id = d.person_id AND g.course_id = d.course_id
        GROUP BY u.path
        """,  # noqa: S608
        path=path,
    )


def _completed(conn: Connection, path: str) -> list[Row]:
    """Completions of staff with one post: of a course's posts at most one is theirs."""
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT}
        SELECT u.path, d.completed
        FROM (
            SELECT s.unit_id, COUNT(*) AS completed
            FROM staff s
            CROSS JOIN course_progress g
            CROSS JOIN meant m
            WHERE NOT s.several
              AND g.person_id = s.person_id
              AND g.completed_at IS NOT NULL
              AND m.course_id = g.course_id
              AND (m.post = s.post OR m.post = '')
            GROUP BY s.unit_id
        ) AS d
        JOIN units u ON u.id = d.unit_id
        """,  # noqa: S608
        path=path,
    )


def _totals(conn: Connection, path: str) -> list[Row]:
    return conn.all(
        """
        SELECT u.path,
               SUM(m.submitted) AS submitted,
               SUM(m.passed) AS passed,
               SUM(m.hours) AS hours
        FROM units u
        CROSS JOIN unit_months m
        WHERE u.path LIKE :path || '%' AND m.unit_id = u.id
        GROUP BY u.path
        """,
        path=path,
    )
