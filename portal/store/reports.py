"""What managers are told, aggregated in SQL over a unit's subtree.

**Staff** are people who are not disabled and hold a present posting in the subtree. A course is
**meant** for somebody when it is offered and names the person's post, or no post at all. Rates of
completion look at today's staff; months, attempts and questions count where the person served
at the time. ``path`` is that of the unit: ``/1/4/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

# every present posting of active people below :path; `held` counts the postings of the person
_STAFF = """
    staff AS (
        SELECT s.person_id, s.unit_id, s.post, s.began_at,
               COUNT(*) OVER (PARTITION BY s.person_id) AS held
        FROM postings s
        JOIN people p ON p.id = s.person_id AND p.disabled_at IS NULL
        JOIN units u ON u.id = s.unit_id AND u.path LIKE :path || '%'
        WHERE s.ended_at IS NULL
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

    for row in _staff(conn, path):
        of(row).staff = row["staff"]
    for row in _pairs(conn, path):
        of(row).pairs += row["pairs"]
    for row in _completed(conn, path):
        of(row).completed = row["completed"]
    for row in _totals(conn, path):
        unit = of(row)
        unit.submitted, unit.passed, unit.hours = row["submitted"], row["passed"], row["hours"]
    return figures


def count_staff(conn: Connection, path: str) -> int:
    """How many staff the subtree has."""
    return sum(row["staff"] for row in _staff(conn, path))


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
        FROM unit_months m
        JOIN units u ON u.id = m.unit_id AND u.path LIKE :path || '%'
        WHERE m.month >= :since
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
            FROM unit_months m
            JOIN units u ON u.id = m.unit_id AND u.path LIKE :path || '%'
            WHERE m.month < :month
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
        FROM unit_items i
        JOIN units u ON u.id = i.unit_id AND u.path LIKE :path || '%'
        GROUP BY i.question_id, i.version
        HAVING SUM(i.answered) >= :at_least
        ORDER BY facility, answered DESC, i.question_id, i.version
        LIMIT :limit
        """,
        path=path,
        at_least=at_least,
        limit=limit,
    )


def needing_help(conn: Connection, path: str, *, idle_since: datetime, limit: int) -> list[Row]:
    """Staff who need somebody, the most pressing reason of each.

    Columns person_id, name, staff_no, unit_id, unit_name, unit_name_en, reason, count. Reasons, in
    this order: ``failing`` (a quiz submitted at least twice and never passed; count: the most
    tries), ``stuck`` (begun, not completed, not seen since ``idle_since``; count: courses),
    ``not_started`` (posted before ``idle_since`` and none of the meant courses begun; count:
    courses meant).
    """
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT},
        failing AS (
            SELECT person_id, MAX(tries) AS count
            FROM (
                SELECT a.person_id, COUNT(*) AS tries
                FROM attempts a
                WHERE a.person_id IN (SELECT person_id FROM staff)
                  AND a.kind <> 'checkpoint'
                  AND a.submitted_at IS NOT NULL
                GROUP BY a.person_id, a.quiz_id
                HAVING COUNT(*) >= 2 AND MAX(COALESCE(a.passed, 0)) = 0
            ) AS failed
            GROUP BY person_id
        ),
        stuck AS (
            SELECT g.person_id, COUNT(*) AS count
            FROM course_progress g
            JOIN courses c ON c.id = g.course_id AND c.offered = 1
            WHERE g.person_id IN (SELECT person_id FROM staff)
              AND g.completed_at IS NULL
              AND g.seen_at < :idle_since
            GROUP BY g.person_id
        ),
        not_started AS (
            SELECT s.person_id, COUNT(DISTINCT m.course_id) AS count
            FROM staff s
            JOIN meant m ON m.post = s.post OR m.post = ''
            WHERE s.began_at < :idle_since
              AND NOT EXISTS (
                  SELECT 1 FROM course_progress g
                  WHERE g.person_id = s.person_id
                    AND g.course_id IN (
                        SELECT n.course_id FROM meant n WHERE n.post = s.post OR n.post = ''
                    )
              )
            GROUP BY s.person_id
        ),
        reasons AS (
            SELECT 1 AS rank, 'failing' AS reason, person_id, count FROM failing
            UNION ALL
            SELECT 2, 'stuck', person_id, count FROM stuck
            UNION ALL
            SELECT 3, 'not_started', person_id, count FROM not_started
        ),
        first_reasons AS (
            SELECT person_id, rank, reason, count,
                   ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY rank) AS place
            FROM reasons
        )
        SELECT p.id AS person_id, p.name, p.staff_no,
               u.id AS unit_id, u.name AS unit_name, u.name_en AS unit_name_en,
               r.reason, r.count
        FROM first_reasons r
        JOIN people p ON p.id = r.person_id
        JOIN (SELECT person_id, MAX(unit_id) AS unit_id FROM staff GROUP BY person_id) s
          ON s.person_id = p.id
        JOIN units u ON u.id = s.unit_id
        WHERE r.place = 1
        ORDER BY r.rank, r.count DESC, p.staff_no
        LIMIT :limit
        """,  # noqa: S608 (constants of this module)
        path=path,
        idle_since=iso(idle_since),
        limit=limit,
    )


# Private functions


def _staff(conn: Connection, path: str) -> list[Row]:
    return conn.all(
        f"""
        WITH {_STAFF}
        SELECT u.path, COUNT(DISTINCT s.person_id) AS staff
        FROM staff s
        JOIN units u ON u.id = s.unit_id
        GROUP BY u.path
        """,  # noqa: S608
        path=path,
    )


def _pairs(conn: Connection, path: str) -> list[Row]:
    """(person, meant course) pairs by unit: multiplied out, one by one only for double posts."""
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT},
        by_post AS (
            SELECT unit_id, post, COUNT(*) AS staff FROM staff WHERE held = 1
            GROUP BY unit_id, post
        ),
        pairs AS (
            SELECT b.unit_id, b.staff AS pairs
            FROM by_post b
            JOIN meant m ON m.post = b.post OR m.post = ''
            UNION ALL
            SELECT d.unit_id, COUNT(*)
            FROM (
                SELECT DISTINCT s.unit_id, s.person_id, m.course_id
                FROM staff s
                JOIN meant m ON m.post = s.post OR m.post = ''
                WHERE s.held > 1
            ) AS d
            GROUP BY d.unit_id
        )
        SELECT u.path, SUM(x.pairs) AS pairs
        FROM pairs x
        JOIN units u ON u.id = x.unit_id
        GROUP BY u.path
        """,  # noqa: S608
        path=path,
    )


def _completed(conn: Connection, path: str) -> list[Row]:
    return conn.all(
        f"""
        WITH {_STAFF}, {_MEANT},
        done AS (
            SELECT s.unit_id, s.person_id, g.course_id
            FROM staff s
            JOIN course_progress g ON g.person_id = s.person_id AND g.completed_at IS NOT NULL
            JOIN meant m ON m.course_id = g.course_id AND (m.post = s.post OR m.post = '')
            WHERE s.held = 1
            UNION ALL
            SELECT DISTINCT s.unit_id, s.person_id, g.course_id
            FROM staff s
            JOIN course_progress g ON g.person_id = s.person_id AND g.completed_at IS NOT NULL
            JOIN meant m ON m.course_id = g.course_id AND (m.post = s.post OR m.post = '')
            WHERE s.held > 1
        )
        SELECT u.path, COUNT(*) AS completed
        FROM done d
        JOIN units u ON u.id = d.unit_id
        GROUP BY u.path
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
        FROM unit_months m
        JOIN units u ON u.id = m.unit_id AND u.path LIKE :path || '%'
        GROUP BY u.path
        """,
        path=path,
    )
