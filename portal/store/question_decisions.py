"""Who stands on the versions of a question, and decisions about their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from portal.core.times import iso
from portal.store.database import Connection, Row

_COLUMNS = """
    d.id, d.question_id, d.deed, d.undoes, d.undone_by, d.change_id, d.to_version, d.take_passes,
    d.reason, d.decided_by, d.decided_at, d.cursor, d.attempts, d.changed, d.gained, d.lost,
    d.spared, d.finished_at
"""

_COUNTS = """
    COUNT(DISTINCT CASE WHEN a.kind <> 'checkpoint' AND a.submitted_at IS NOT NULL
          THEN a.id END) AS attempts,
    COUNT(DISTINCT CASE WHEN a.kind <> 'checkpoint' AND a.submitted_at IS NOT NULL
          THEN a.person_id END) AS people,
    COUNT(DISTINCT CASE WHEN a.kind <> 'checkpoint' AND a.passed = 1
          THEN a.person_id END) AS passed,
    COUNT(DISTINCT CASE WHEN a.kind <> 'checkpoint' AND a.submitted_at IS NULL
          THEN a.id END) AS open,
    COUNT(DISTINCT CASE WHEN a.kind = 'checkpoint' THEN a.person_id END) AS checkpoints
"""


def versions_met(conn: Connection, question_id: str) -> list[Row]:
    """The versions that were in attempts: version, attempts (submitted quizzes and exams), people,
    passed (people with a passed attempt), open (attempts that run), checkpoints (people)."""
    return conn.all(
        f"""
        SELECT i.version, {_COUNTS}
        FROM attempt_items i
        JOIN attempts a ON a.id = i.attempt_id
        WHERE i.question_id = :question_id
        GROUP BY i.version
        """,  # noqa: S608 (words of this module)
        question_id=question_id,
    )


def counts_on(conn: Connection, question_id: str, versions: Sequence[str]) -> Row:
    """Who met any of these versions, each person once: the counts of ``versions_met``."""
    within, names = _among("v", versions)
    row = conn.one(
        f"""
        SELECT {_COUNTS}
        FROM attempt_items i
        JOIN attempts a ON a.id = i.attempt_id
        WHERE i.question_id = :question_id AND i.version IN {within}
        """,  # noqa: S608 (only parameter names are put in)
        question_id=question_id,
        **names,
    )
    assert row is not None
    return row


def is_graded(conn: Connection, question_id: str, versions: Sequence[str]) -> bool:
    """Whether any of these versions is in a quiz or exam that was opened: asked where counting
    would keep writers waiting."""
    within, names = _among("v", versions)
    return bool(
        conn.value(
            f"""
            SELECT 1
            FROM attempt_items i
            JOIN attempts a ON a.id = i.attempt_id AND a.kind <> 'checkpoint'
            WHERE i.question_id = :question_id AND i.version IN {within}
            LIMIT 1
            """,  # noqa: S608 (only parameter names are put in)
            question_id=question_id,
            **names,
        )
    )


def completions_on(
    conn: Connection,
    question_id: str,
    versions: Sequence[str],
    courses_by_quiz: Iterable[tuple[str, str]],
) -> int:
    """Course completions that stand on these versions: (person, course) where the course asks for
    a quiz (``courses_by_quiz``: pairs of quiz id and course id) that the person passed on them."""
    found = 0
    for quiz_id, course_id in courses_by_quiz:
        within, names = _among("v", versions)
        found += int(
            conn.value(
                f"""
                SELECT COUNT(DISTINCT a.person_id)
                FROM attempt_items i
                JOIN attempts a ON a.id = i.attempt_id AND a.quiz_id = :quiz_id AND a.passed = 1
                JOIN course_progress c ON c.person_id = a.person_id
                 AND c.course_id = :course_id AND c.completed_at IS NOT NULL
                WHERE i.question_id = :question_id AND i.version IN {within}
                """,  # noqa: S608 (only parameter names are put in)
                quiz_id=quiz_id,
                course_id=course_id,
                question_id=question_id,
                **names,
            )
            or 0
        )
    return found


def passed_on(
    conn: Connection, question_id: str, versions: Sequence[str], paths: Sequence[str], limit: int
) -> list[Row]:
    """People below these units' paths who passed on the versions: person_id, name, unit, quiz_id,
    submitted_at; by name."""
    within, names = _among("v", versions)
    below = " OR ".join(f"u.path LIKE :path{at}" for at in range(len(paths))) or "1 = 0"
    return conn.all(
        f"""
        SELECT DISTINCT p.id AS person_id, p.name, u.name AS unit, a.quiz_id, a.submitted_at
        FROM attempt_items i
        JOIN attempts a ON a.id = i.attempt_id AND a.passed = 1 AND a.kind <> 'checkpoint'
        JOIN people p ON p.id = a.person_id
        JOIN postings s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
        JOIN units u ON u.id = s.unit_id
        WHERE i.question_id = :question_id AND i.version IN {within} AND ({below})
        ORDER BY p.name, p.id
        LIMIT :limit
        """,  # noqa: S608 (only parameter names are put in)
        question_id=question_id,
        limit=limit,
        **names,
        **{f"path{at}": f"{path}%" for at, path in enumerate(paths)},
    )


def choose(conn: Connection, **row: Any) -> None:
    """Keep what was chosen for a question of a change: change_id, question_id, digest, deed,
    take_passes, reason, chosen_by, chosen_at (text). A second choice takes the place of the
    first."""
    conn.run(
        """
        INSERT INTO content_choices (
            change_id, question_id, digest, deed, take_passes, reason, chosen_by, chosen_at
        ) VALUES (
            :change_id, :question_id, :digest, :deed, :take_passes, :reason, :chosen_by, :chosen_at
        )
        ON CONFLICT (change_id, question_id) DO UPDATE
        SET digest = excluded.digest, deed = excluded.deed, take_passes = excluded.take_passes,
            reason = excluded.reason, chosen_by = excluded.chosen_by,
            chosen_at = excluded.chosen_at
        """,
        **row,
    )


def choices(conn: Connection, change_id: int) -> dict[str, Row]:
    """What was chosen in a change, by question id."""
    rows = conn.all(
        """
        SELECT question_id, digest, deed, take_passes, reason, chosen_by, chosen_at
        FROM content_choices WHERE change_id = :change_id
        """,
        change_id=change_id,
    )
    return {row["question_id"]: row for row in rows}


def add(
    conn: Connection,
    *,
    question_id: str,
    deed: str,
    versions: Sequence[str],
    reason: str,
    by: int,
    at: datetime,
    take_passes: bool = False,
    change_id: int | None = None,
    to_version: str | None = None,
    undoes: int | None = None,
    finished: bool = False,
) -> int:
    """Record a decision about answers to ``versions`` and return its id."""
    decision_id = conn.insert(
        """
        INSERT INTO question_decisions (
            question_id, deed, undoes, change_id, to_version, take_passes, reason, decided_by,
            decided_at, finished_at
        ) VALUES (
            :question_id, :deed, :undoes, :change_id, :to_version, :take_passes, :reason, :by,
            :at, :finished_at
        )
        RETURNING id
        """,
        question_id=question_id,
        deed=deed,
        undoes=undoes,
        change_id=change_id,
        to_version=to_version,
        take_passes=int(take_passes),
        reason=reason,
        by=by,
        at=iso(at),
        finished_at=iso(at) if finished else None,
    )
    conn.many(
        """
        INSERT INTO question_decision_versions (version, decision_id)
        VALUES (:version, :decision_id)
        """,
        [{"version": version, "decision_id": decision_id} for version in dict.fromkeys(versions)],
    )
    if undoes is not None:
        conn.run(
            "UPDATE question_decisions SET undone_by = :by WHERE id = :id",
            by=decision_id,
            id=undoes,
        )
    return decision_id


def find(conn: Connection, decision_id: int) -> Row | None:
    """The decision with this id."""
    return conn.one(
        f"SELECT {_COLUMNS} FROM question_decisions d WHERE d.id = :id",  # noqa: S608
        id=decision_id,
    )


def of_question(conn: Connection, question_id: str, limit: int = 50) -> list[Row]:
    """Decisions about a question, the newest first, with decided_by_name."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}, p.name AS decided_by_name
        FROM question_decisions d
        JOIN people p ON p.id = d.decided_by
        WHERE d.question_id = :question_id
        ORDER BY d.id DESC
        LIMIT :limit
        """,  # noqa: S608
        question_id=question_id,
        limit=limit,
    )


def unfinished(conn: Connection) -> list[Row]:
    """Decisions that are not carried out to the end, the oldest first."""
    return conn.all(
        f"""
        SELECT {_COLUMNS} FROM question_decisions d
        WHERE d.finished_at IS NULL
        ORDER BY d.id
        """  # noqa: S608
    )


def versions_of(conn: Connection, decision_id: int) -> list[str]:
    """The versions whose answers the decision is about."""
    rows = conn.all(
        "SELECT version FROM question_decision_versions WHERE decision_id = :id", id=decision_id
    )
    return [row["version"] for row in rows]


def standing(conn: Connection, attempt_id: int) -> list[Row]:
    """Regrades and voids in force for items of this attempt, the oldest first, each with
    ``position``; those that wait for their version to be in service are left out."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}, i.position
        FROM attempt_items i
        JOIN question_decision_versions v ON v.version = i.version
        JOIN question_decisions d ON d.id = v.decision_id AND d.question_id = i.question_id
        WHERE i.attempt_id = :attempt_id
          AND d.undone_by IS NULL
          AND (d.deed = 'void' OR (d.deed = 'regrade' AND d.to_version IS NOT NULL))
        ORDER BY d.id
        """,  # noqa: S608
        attempt_id=attempt_id,
    )


def is_out(conn: Connection, version: str) -> bool:
    """Whether a regrade or a void of this version is in force: its key proves nothing."""
    return bool(
        conn.value(
            """
            SELECT 1
            FROM question_decision_versions v
            JOIN question_decisions d ON d.id = v.decision_id
            WHERE v.version = :version AND d.undone_by IS NULL AND d.deed IN ('regrade', 'void')
            LIMIT 1
            """,
            version=version,
        )
    )


def next_attempts(
    conn: Connection, question_id: str, versions: Sequence[str], after: int, limit: int
) -> list[int]:
    """Ids of the next submitted quizzes and exams that hold one of the versions, in order."""
    within, names = _among("v", versions)
    rows = conn.all(
        f"""
        SELECT DISTINCT a.id
        FROM attempt_items i
        JOIN attempts a ON a.id = i.attempt_id
        WHERE i.question_id = :question_id AND i.version IN {within}
          AND i.attempt_id > :after
          AND a.kind <> 'checkpoint' AND a.submitted_at IS NOT NULL
        ORDER BY a.id
        LIMIT :limit
        """,  # noqa: S608 (only parameter names are put in)
        question_id=question_id,
        after=after,
        limit=limit,
        **names,
    )
    return [row["id"] for row in rows]


def set_version(conn: Connection, decision_id: int, to_version: str) -> None:
    """The version by which a regrade grades is in service."""
    conn.run(
        "UPDATE question_decisions SET to_version = :version WHERE id = :id",
        version=to_version,
        id=decision_id,
    )


def advance(
    conn: Connection,
    decision_id: int,
    *,
    cursor: int,
    attempts: int,
    changed: int,
    gained: int,
    lost: int,
    spared: int,
) -> None:
    """Attempts up to ``cursor`` have been dealt with (below zero: all of them, and evidence
    elsewhere up to that row); what became of them is added up."""
    conn.run(
        """
        UPDATE question_decisions
        SET cursor = :cursor, attempts = attempts + :attempts, changed = changed + :changed,
            gained = gained + :gained, lost = lost + :lost, spared = spared + :spared
        WHERE id = :id
        """,
        id=decision_id,
        cursor=cursor,
        attempts=attempts,
        changed=changed,
        gained=gained,
        lost=lost,
        spared=spared,
    )


def finish(conn: Connection, decision_id: int, at: datetime) -> None:
    """The decision has been carried out."""
    conn.run(
        "UPDATE question_decisions SET finished_at = :at WHERE id = :id", at=iso(at), id=decision_id
    )


# Private functions


def _among(stem: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    names = {f"{stem}{at}": value for at, value in enumerate(values)}
    return f"({', '.join(f':{name}' for name in names) or 'NULL'})", names
