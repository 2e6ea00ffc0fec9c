"""Who did what, in which version, when, and who had assigned it: the records that are inspected."""

from __future__ import annotations

from portal.store.certificates import NEWEST_REVOKES, Issued, issued
from portal.store.database import Connection, Row

# the newest obligation for the quiz, else for its course, that had begun by then
_ASSIGNED = """
    (
        SELECT o.id FROM obligations o
        WHERE o.person_id = {person}
          AND o.withdrawn_at IS NULL
          AND o.began_on <= substr({at}, 1, 10)
          AND ((o.item_kind = 'quiz' AND o.item_id = {quiz})
               OR (o.item_kind = 'course' AND o.item_id = {course}))
        ORDER BY o.item_kind = 'quiz' DESC, o.began_on DESC, o.id DESC
        LIMIT 1
    )
"""


def count(conn: Connection, path: str, since: str, until: str) -> int:
    """How many rows ``records`` has."""
    return sum(
        int(conn.value(f"SELECT COUNT(*) {source}", path=path, since=since, until=until))
        for source in (_ATTEMPTS, _COMPLETIONS)
    )


def records(conn: Connection, path: str, since: str, until: str) -> list[Row]:
    """Results and completions that count in the subtree, from ``since`` until before ``until``.

    By time: kind (quiz, exam, course), at, person_id, staff_no, name, unit_id, unit_name,
    unit_name_en, item_id, version, score and max_score, passed, hours, due_on, assignment,
    assigned_by (name).
    """
    return conn.all(
        f"""
        SELECT r.*, p.staff_no, p.name, n.name AS unit_name, n.name_en AS unit_name_en,
               o.due_on, t.title AS assignment, b.name AS assigned_by
        FROM (
            SELECT a.kind, a.submitted_at AS at, a.person_id, a.unit_id, a.quiz_id AS item_id,
                   a.version, a.score, a.max_score, a.passed, NULL AS hours, a.id AS event_id,
                   {
            _ASSIGNED.format(
                person="a.person_id", at="a.submitted_at", quiz="a.quiz_id", course="a.course_id"
            )
        } AS obligation_id
            {_ATTEMPTS}
            UNION ALL
            SELECT 'course', g.completed_at, g.person_id, g.completed_unit_id, g.course_id,
                   COALESCE(g.completed_version, ''), NULL, NULL, NULL, g.hours, 0,
                   {
            _ASSIGNED.format(
                person="g.person_id", at="g.completed_at", quiz="''", course="g.course_id"
            )
        }
            {_COMPLETIONS}
        ) r
        JOIN people p ON p.id = r.person_id
        JOIN units n ON n.id = r.unit_id
        LEFT JOIN obligations o ON o.id = r.obligation_id
        LEFT JOIN assignments t ON t.id = o.assignment_id
        LEFT JOIN people b ON b.id = t.created_by
        ORDER BY r.at, r.kind, p.staff_no, r.item_id, r.event_id
        """,  # noqa: S608 (constants of this module)
        path=path,
        since=since,
        until=until,
    )


def certificates(conn: Connection, path: str, since: str, until: str) -> list[Issued]:
    """The certificates of the completions among ``records``, as far as they are issued."""
    rows = conn.all(
        f"""
        SELECT c.*, {NEWEST_REVOKES} AS revoked
        FROM (SELECT g.person_id, g.course_id, g.completed_at {_COMPLETIONS}) AS done
        JOIN certificates AS c ON c.person_id = done.person_id
            AND c.course_id = done.course_id AND c.earned_at = done.completed_at
        """,  # noqa: S608 (constants of this module and its neighbour)
        path=path,
        since=since,
        until=until,
    )
    return [issued(row) for row in rows]


# Private functions

_ATTEMPTS = """
    FROM units u
    CROSS JOIN attempts a
    WHERE u.path LIKE :path || '%' AND a.unit_id = u.id
      AND a.submitted_at IS NOT NULL AND a.kind <> 'checkpoint'
      AND a.submitted_at >= :since AND a.submitted_at < :until
"""
_COMPLETIONS = """
    FROM units u
    CROSS JOIN course_progress g
    WHERE u.path LIKE :path || '%' AND g.completed_unit_id = u.id
      AND g.completed_at IS NOT NULL
      AND g.completed_at >= :since AND g.completed_at < :until
"""
