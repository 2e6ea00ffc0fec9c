"""How far each person has come in modules and courses, and the summaries that reports read.

Summaries (``unit_months``, ``unit_items``) are changed in the transaction of the event that they
count, for the unit where the person serves at that moment. They can be rebuilt from the facts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """One person's way through one module. ``section`` is where the person left off."""

    module_id: str
    course_id: str
    version: str  # of the module when it was last opened
    section: str
    sections_seen: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """One person's way through one course. ``hours`` are credited on completion, once."""

    course_id: str
    started_at: datetime
    seen_at: datetime
    completed_at: datetime | None  # the first time
    renewed_at: datetime | None
    hours: float


def find_module(conn: Connection, person_id: int, module_id: str) -> ModuleProgress | None:
    """The person's progress in one module."""
    row = conn.one(
        """
        SELECT module_id, course_id, version, section, sections_seen, started_at, seen_at,
               completed_at
        FROM module_progress
        WHERE person_id = :person_id AND module_id = :module_id
        """,
        person_id=person_id,
        module_id=module_id,
    )
    return _module(row) if row else None


def modules(
    conn: Connection, person_id: int, course_id: str | None = None
) -> dict[str, ModuleProgress]:
    """The person's progress by module id, of one course or of all, the last seen first."""
    rows = conn.all(
        """
        SELECT module_id, course_id, version, section, sections_seen, started_at, seen_at,
               completed_at
        FROM module_progress
        WHERE person_id = :person_id AND (:course_id IS NULL OR course_id = :course_id)
        ORDER BY seen_at DESC, module_id
        """,
        person_id=person_id,
        course_id=course_id,
    )
    return {row["module_id"]: _module(row) for row in rows}


def courses(conn: Connection, person_id: int) -> dict[str, CourseProgress]:
    """The person's progress by course id, the last seen first."""
    rows = conn.all(
        """
        SELECT course_id, started_at, seen_at, completed_at, renewed_at, hours
        FROM course_progress
        WHERE person_id = :person_id
        ORDER BY seen_at DESC, course_id
        """,
        person_id=person_id,
    )
    return {row["course_id"]: _course(row) for row in rows}


def marker(conn: Connection, person_id: int) -> tuple[object, ...]:
    """Changes whenever the person's standing in a course may, in one statement over own rows.

    That is what was seen, completed, renewed, checked, handed in, regraded, or passed as a drill.
    """
    row = conn.one(
        """
        SELECT m.modules, m.seen, m.completed, c.courses, c.read, c.done, c.renewed,
               a.attempts, a.submitted, a.passed,
               (SELECT COUNT(*)
                FROM attempts k
                JOIN answer_log l ON l.attempt_id = k.id
                WHERE k.person_id = :person_id AND k.kind = 'checkpoint' AND l.kind = 'check'
               ) AS checked,
               (SELECT COUNT(*)
                FROM drill_participants p
                JOIN drill_runs r ON r.id = p.run_id
                WHERE p.person_id = :person_id AND r.passed = 1
               ) AS drills
        FROM (
            SELECT COUNT(*) AS modules, MAX(seen_at) AS seen, COUNT(completed_at) AS completed
            FROM module_progress
            WHERE person_id = :person_id
        ) m
        CROSS JOIN (
            SELECT COUNT(*) AS courses, MAX(seen_at) AS read, COUNT(completed_at) AS done,
                   MAX(renewed_at) AS renewed
            FROM course_progress
            WHERE person_id = :person_id
        ) c
        CROSS JOIN (
            SELECT COUNT(*) AS attempts, COUNT(submitted_at) AS submitted,
                   SUM(passed * id) AS passed
            FROM attempts
            WHERE person_id = :person_id
        ) a
        """,
        person_id=person_id,
    )
    assert row is not None
    return tuple(row.values())


def find_course(conn: Connection, person_id: int, course_id: str) -> CourseProgress | None:
    """The person's progress in one course."""
    row = conn.one(
        """
        SELECT course_id, started_at, seen_at, completed_at, renewed_at, hours
        FROM course_progress
        WHERE person_id = :person_id AND course_id = :course_id
        """,
        person_id=person_id,
        course_id=course_id,
    )
    return _course(row) if row else None


def save_module(
    conn: Connection,
    person_id: int,
    *,
    module_id: str,
    course_id: str,
    version: str,
    section: str,
    sections_seen: tuple[str, ...],
    now: datetime,
) -> None:
    """Begin the module or note where the person is in it."""
    conn.run(
        """
        INSERT INTO module_progress (
            person_id, module_id, course_id, version, section, sections_seen, started_at, seen_at
        ) VALUES (
            :person_id, :module_id, :course_id, :version, :section, :sections_seen, :now, :now
        )
        ON CONFLICT (person_id, module_id) DO UPDATE
        SET version = excluded.version,
            course_id = excluded.course_id,
            section = excluded.section,
            sections_seen = excluded.sections_seen,
            seen_at = excluded.seen_at
        """,
        person_id=person_id,
        module_id=module_id,
        course_id=course_id,
        version=version,
        section=section,
        sections_seen=json.dumps(sections_seen, ensure_ascii=False),
        now=iso(now),
    )


def complete_module(conn: Connection, person_id: int, module_id: str, now: datetime) -> bool:
    """Complete the module; False when it was complete before. A completion stays for ever."""
    return bool(
        conn.run(
            """
            UPDATE module_progress SET completed_at = :now
            WHERE person_id = :person_id AND module_id = :module_id AND completed_at IS NULL
            """,
            person_id=person_id,
            module_id=module_id,
            now=iso(now),
        )
    )


def start_course(
    conn: Connection, person_id: int, unit_id: int | None, course_id: str, now: datetime
) -> bool:
    """Begin the course, or note that it was seen; True when this began it."""
    began = conn.run(
        """
        INSERT INTO course_progress (person_id, course_id, unit_id, started_at, seen_at)
        VALUES (:person_id, :course_id, :unit_id, :now, :now)
        ON CONFLICT (person_id, course_id) DO NOTHING
        """,
        person_id=person_id,
        course_id=course_id,
        unit_id=unit_id,
        now=iso(now),
    )
    if not began:
        conn.run(
            """
            UPDATE course_progress SET seen_at = :now
            WHERE person_id = :person_id AND course_id = :course_id AND seen_at < :now
            """,
            person_id=person_id,
            course_id=course_id,
            now=iso(now),
        )
    return bool(began)


def complete_course(
    conn: Connection,
    person_id: int,
    unit_id: int | None,
    course_id: str,
    *,
    version: str,
    hours: float,
    now: datetime,
) -> bool:
    """Complete the course and credit its hours; False when that was done before."""
    return bool(
        conn.run(
            """
            UPDATE course_progress
            SET completed_at = :now, completed_version = :version, hours = :hours,
                completed_unit_id = :unit_id
            WHERE person_id = :person_id AND course_id = :course_id AND completed_at IS NULL
            """,
            person_id=person_id,
            course_id=course_id,
            unit_id=unit_id,
            version=version,
            hours=hours,
            now=iso(now),
        )
    )


def renew_course(conn: Connection, person_id: int, course_id: str, now: datetime) -> None:
    """Let the completion count from ``now``; hours are not credited again."""
    conn.run(
        """
        UPDATE course_progress SET renewed_at = :now
        WHERE person_id = :person_id AND course_id = :course_id AND completed_at IS NOT NULL
        """,
        person_id=person_id,
        course_id=course_id,
        now=iso(now),
    )


def unit_of(conn: Connection, person_id: int) -> int | None:
    """The unit where the person serves now; None without a posting, or with a trainer's."""
    unit_id: int | None = conn.value(
        """
        SELECT unit_id FROM postings
        WHERE person_id = :person_id AND ended_at IS NULL AND main = 1 AND post <> 'trainer'
        """,
        person_id=person_id,
    )
    return unit_id


def count_month(
    conn: Connection,
    unit_id: int | None,
    month: str,
    course_id: str,
    *,
    started: int = 0,
    completed: int = 0,
    submitted: int = 0,
    passed: int = 0,
    hours: float = 0.0,
) -> None:
    """Add to a unit's month ("2026-11"). Events of people without a unit count nowhere."""
    if unit_id is None:
        return
    conn.run(
        """
        INSERT INTO unit_months (
            unit_id, month, course_id, started, completed, submitted, passed, hours
        ) VALUES (
            :unit_id, :month, :course_id, :started, :completed, :submitted, :passed, :hours
        )
        ON CONFLICT (unit_id, month, course_id) DO UPDATE
        SET started = unit_months.started + excluded.started,
            completed = unit_months.completed + excluded.completed,
            submitted = unit_months.submitted + excluded.submitted,
            passed = unit_months.passed + excluded.passed,
            hours = unit_months.hours + excluded.hours
        """,
        unit_id=unit_id,
        month=month,
        course_id=course_id,
        started=started,
        completed=completed,
        submitted=submitted,
        passed=passed,
        hours=hours,
    )


def count_item(
    conn: Connection,
    unit_id: int | None,
    question_id: str,
    version: str,
    fraction: float,
    sign: int = 1,
) -> None:
    """Add one first answer to a unit's item statistics; with ``sign`` -1, take it out."""
    if unit_id is None:
        return
    conn.run(
        """
        INSERT INTO unit_items (unit_id, question_id, version, answered, fraction_sum)
        VALUES (:unit_id, :question_id, :version, :sign, :sign * :fraction)
        ON CONFLICT (unit_id, question_id, version) DO UPDATE
        SET answered = unit_items.answered + excluded.answered,
            fraction_sum = unit_items.fraction_sum + excluded.fraction_sum
        """,
        unit_id=unit_id,
        question_id=question_id,
        version=version,
        fraction=fraction,
        sign=sign,
    )


def touch_revision(conn: Connection) -> None:
    """Move the revision on, in a transaction that was begun with ``bump=False``."""
    conn.run("UPDATE revision SET number = number + 1 WHERE id = 1")


# Private functions


def _module(row: Row) -> ModuleProgress:
    return ModuleProgress(
        module_id=row["module_id"],
        course_id=row["course_id"],
        version=row["version"],
        section=row["section"],
        sections_seen=tuple(json.loads(row["sections_seen"])),
        started_at=parse_iso(row["started_at"]),
        seen_at=parse_iso(row["seen_at"]),
        completed_at=parse_iso(row["completed_at"]) if row["completed_at"] else None,
    )


def _course(row: Row) -> CourseProgress:
    return CourseProgress(
        course_id=row["course_id"],
        started_at=parse_iso(row["started_at"]),
        seen_at=parse_iso(row["seen_at"]),
        completed_at=parse_iso(row["completed_at"]) if row["completed_at"] else None,
        renewed_at=parse_iso(row["renewed_at"]) if row["renewed_at"] else None,
        hours=row["hours"],
    )
