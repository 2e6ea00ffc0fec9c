"""The facts behind ``unit_months`` and ``unit_items``, as one rebuilds them."""

from __future__ import annotations

from portal.store.database import Connection, Row

ATTEMPTS_A_BATCH = 500


def clear(conn: Connection) -> None:
    """Empty the summaries."""
    conn.run("DELETE FROM unit_months")
    conn.run("DELETE FROM unit_items")


def events_by_hour(conn: Connection) -> list[Row]:
    """Columns unit_id, course_id, hour ("2026-11-22T06"), started, completed, submitted, passed,
    hours: how many of each event, where and when."""
    return conn.all(
        """
        SELECT unit_id, course_id, substr(started_at, 1, 13) AS hour,
               COUNT(*) AS started, 0 AS completed, 0 AS submitted, 0 AS passed, 0.0 AS hours
        FROM course_progress
        WHERE unit_id IS NOT NULL
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT completed_unit_id, course_id, substr(completed_at, 1, 13),
               0, COUNT(*), 0, 0, SUM(hours)
        FROM course_progress
        WHERE completed_unit_id IS NOT NULL AND completed_at IS NOT NULL
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT unit_id, course_id, substr(submitted_at, 1, 13),
               0, 0, COUNT(*), COALESCE(SUM(passed), 0), 0.0
        FROM attempts
        WHERE unit_id IS NOT NULL AND submitted_at IS NOT NULL AND kind <> 'checkpoint'
        GROUP BY 1, 2, 3
        """
    )


def first_answers(conn: Connection, after_attempt: int) -> list[Row]:
    """First answers of the next attempts: attempt_id, unit_id, question_id, version, response, and
    of the newest mark kind, score and max_score.

    Of a submitted first attempt the last response to each item, of checkpoints the response that
    was checked first. Whole attempts, in order of their ids; empty when there are no more.
    """
    return conn.all(
        """
        WITH batch AS (
            SELECT a.id, a.unit_id, a.kind
            FROM attempts a
            WHERE a.id > :after
              AND a.number = 1
              AND a.unit_id IS NOT NULL
              AND (a.kind = 'checkpoint' OR a.submitted_at IS NOT NULL)
              AND EXISTS (SELECT 1 FROM answer_log l WHERE l.attempt_id = a.id)
            ORDER BY a.id
            LIMIT :limit
        )
        SELECT b.id AS attempt_id, b.unit_id, i.question_id, i.version, l.response,
               m.kind, m.score, m.max_score
        FROM batch b
        JOIN attempt_items i ON i.attempt_id = b.id
        LEFT JOIN answer_log l ON l.id = CASE b.kind
            WHEN 'checkpoint' THEN (
                SELECT MIN(c.id) FROM answer_log c
                WHERE c.attempt_id = i.attempt_id AND c.position = i.position AND c.kind = 'check'
            )
            ELSE (
                SELECT MAX(c.id) FROM answer_log c
                WHERE c.attempt_id = i.attempt_id AND c.position = i.position AND c.kind = 'answer'
            )
        END
        LEFT JOIN marks m ON m.id = (
            SELECT MAX(n.id) FROM marks n
            WHERE n.attempt_id = i.attempt_id AND n.position = i.position
        )
        ORDER BY b.id, i.position
        """,
        after=after_attempt,
        limit=ATTEMPTS_A_BATCH,
    )
