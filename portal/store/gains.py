"""First and last results of repeated quizzes, summed over a unit's subtree."""

from __future__ import annotations

from portal.store.database import Connection, Row


def by_quiz(conn: Connection, path: str) -> list[Row]:
    """Columns quiz_id, people, first_sum, last_sum, gain_squares; the most people first."""
    return conn.all(
        """
        SELECT g.quiz_id,
               SUM(g.people) AS people,
               SUM(g.first_sum) AS first_sum,
               SUM(g.last_sum) AS last_sum,
               SUM(g.gain_squares) AS gain_squares
        FROM units u
        CROSS JOIN unit_gains g
        WHERE u.path LIKE :path || '%' AND g.unit_id = u.id
        GROUP BY g.quiz_id
        HAVING SUM(g.people) > 0
        ORDER BY people DESC, g.quiz_id
        """,
        path=path,
    )
