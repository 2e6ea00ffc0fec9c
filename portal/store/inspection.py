"""Who did what, in which version, when, and who had assigned it: the records that are inspected."""

from __future__ import annotations

from portal.store.certificates import NEWEST_REVOKES, Issued, issued
from portal.store.database import Connection, Row


def count(conn: Connection, path: str, since: str, until: str) -> int:
    """How many rows ``records`` has."""
    return sum(
        int(conn.value(f"SELECT COUNT(*) {source}", path=path, since=since, until=until))
        for source in (_ATTEMPTS, _DRILLS, _COMPLETIONS, _RENEWALS)
    )


def records(conn: Connection, path: str, since: str, until: str) -> list[Row]:
    """Results, drills played to their end, completions and renewals that count in the subtree,
    from ``since`` until before ``until``.

    By time: kind (quiz, exam, drill, course, renewal), at, person_id, staff_no, name, unit_id,
    unit_name, unit_name_en, item_kind (quiz, drill, course), item_id, course_id, version, score and
    max_score, passed, hours; and of ``assigned``, by the day of ``at`` in UTC: due_on, assignment,
    assigned_by.
    """
    return conn.all(
        f"""
        SELECT r.*, p.staff_no, p.name, n.name AS unit_name, n.name_en AS unit_name_en,
               o.due_on, t.title AS assignment, b.name AS assigned_by
        FROM (
            SELECT e.*, {_assigned("e.", "substr(e.at, 1, 10)")} AS obligation_id
            FROM (
                SELECT a.kind, a.submitted_at AS at, a.person_id, a.unit_id, 'quiz' AS item_kind,
                       a.quiz_id AS item_id, a.course_id, a.version, a.score, a.max_score,
                       a.passed, NULL AS hours, a.id AS event_id
                {_ATTEMPTS}
                UNION ALL
                SELECT 'drill', d.ended_at, x.person_id, x.unit_id, 'drill',
                       d.drill_id, d.course_id, d.version, d.score, 1.0, d.passed, NULL, d.id
                {_DRILLS}
                UNION ALL
                SELECT 'course', g.completed_at, g.person_id, g.completed_unit_id, 'course',
                       g.course_id, g.course_id, COALESCE(g.completed_version, ''), NULL, NULL,
                       NULL, g.hours, 0
                {_COMPLETIONS}
                UNION ALL
                SELECT 'renewal', c.earned_at, c.person_id, c.unit_id, 'course',
                       c.course_id, c.course_id, c.course_version, NULL, NULL, NULL, NULL, c.id
                {_RENEWALS}
            ) e
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


def assigned(conn: Connection, record: Row, day: str) -> Row | None:
    """due_on, assignment (its title), assigned_by (a name): what a record of ``records`` answered,
    among what had begun by ``day``; None when nothing had asked for it."""
    return conn.one(
        f"""
        SELECT o.due_on, t.title AS assignment, b.name AS assigned_by
        FROM obligations o
        JOIN assignments t ON t.id = o.assignment_id
        LEFT JOIN people b ON b.id = t.created_by
        WHERE o.id = {_assigned(":", ":day")}
        """,  # noqa: S608 (constants of this module)
        day=day,
        **{key: record[key] for key in ("person_id", "at", "item_kind", "item_id", "course_id")},
    )


def certificates(conn: Connection, path: str, since: str, until: str) -> list[Issued]:
    """The certificates of completions and renewals among ``records``, as far as they are issued."""
    rows = conn.all(
        f"""
        SELECT c.*, {NEWEST_REVOKES} AS revoked
        FROM (
            SELECT g.person_id, g.course_id, g.completed_at AS at {_COMPLETIONS}
            UNION ALL
            SELECT c.person_id, c.course_id, c.earned_at {_RENEWALS}
        ) AS done
        JOIN certificates AS c ON c.person_id = done.person_id
            AND c.course_id = done.course_id AND c.earned_at = done.at
        """,  # noqa: S608 (constants of this module and its neighbour)
        path=path,
        since=since,
        until=until,
    )
    return [issued(row) for row in rows]


# Private functions


def _assigned(of: str, day: str) -> str:
    """The obligation for the item itself, else for its course, that had begun by ``day``: the one
    that the record fulfilled, else the newest."""
    return f"""
        (
            SELECT c.id
            FROM (
                SELECT o.id, o.began_on,
                       CASE WHEN o.item_kind = {of}item_kind THEN 0 ELSE 1 END AS of_course,
                       CASE WHEN o.done_at = {of}at THEN 0 ELSE 1 END AS other
                FROM obligations o
                WHERE o.person_id = {of}person_id
                  AND o.withdrawn_at IS NULL
                  AND o.began_on <= {day}
                  AND ((o.item_kind = {of}item_kind AND o.item_id = {of}item_id)
                       OR (o.item_kind = 'course' AND o.item_id = {of}course_id))
            ) c
            ORDER BY c.of_course, c.other, c.began_on DESC, c.id DESC
            LIMIT 1
        )
    """  # noqa: S608 (names of this module)


_ATTEMPTS = """
    FROM units u
    CROSS JOIN attempts a
    WHERE u.path LIKE :path || '%' AND a.unit_id = u.id
      AND a.submitted_at IS NOT NULL AND a.kind <> 'checkpoint'
      AND a.submitted_at >= :since AND a.submitted_at < :until
"""
_DRILLS = """
    FROM units u
    CROSS JOIN drill_participants x
    CROSS JOIN drill_runs d
    WHERE u.path LIKE :path || '%' AND x.unit_id = u.id AND d.id = x.run_id
      AND d.outcome = 'finished' AND d.ended_at >= :since AND d.ended_at < :until
"""
_COMPLETIONS = """
    FROM units u
    CROSS JOIN course_progress g
    WHERE u.path LIKE :path || '%' AND g.completed_unit_id = u.id
      AND g.completed_at IS NOT NULL
      AND g.completed_at >= :since AND g.completed_at < :until
"""
_RENEWALS = """
    FROM units u
    CROSS JOIN certificates c
    WHERE u.path LIKE :path || '%' AND c.unit_id = u.id AND c.kind = 'renewal'
      AND c.earned_at >= :since AND c.earned_at < :until
"""
