"""Essays that wait for their marks, what markers gave and keep as drafts, and appeals.

``essays`` holds one row an answered essay of a submitted attempt, so that the queue is read from
an index. ``essay_marks`` is added to, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from portal.core.marking import Stage, State
from portal.core.times import iso
from portal.store.database import Connection, Row

_COLUMNS = """
    e.attempt_id, e.position, e.person_id, e.quiz_id, e.question_id, e.version, e.handed_in_at,
    e.second, e.state, e.held_by, e.held_until, e.marked_at
"""


def add(
    conn: Connection,
    attempt_id: int,
    person_id: int,
    quiz_id: str,
    awaited: Sequence[tuple[int, str, str]],
    *,
    second: bool,
    at: datetime,
) -> None:
    """Queue essays of an attempt as (position, question id, version)."""
    conn.many(
        """
        INSERT INTO essays (
            attempt_id, position, person_id, quiz_id, question_id, version, handed_in_at, second,
            state
        ) VALUES (
            :attempt_id, :position, :person_id, :quiz_id, :question_id, :version, :at, :second,
            'waiting'
        )
        ON CONFLICT (attempt_id, position) DO NOTHING
        """,
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "person_id": person_id,
                "quiz_id": quiz_id,
                "question_id": question_id,
                "version": version,
                "at": iso(at),
                "second": int(second),
            }
            for position, question_id, version in awaited
        ],
    )


def find(conn: Connection, attempt_id: int, position: int) -> Row | None:
    """The essay at this place."""
    return conn.one(
        f"""
        SELECT {_COLUMNS} FROM essays e
        WHERE e.attempt_id = :attempt_id AND e.position = :position
        """,  # noqa: S608
        attempt_id=attempt_id,
        position=position,
    )


def queue(
    conn: Connection,
    marker_id: int,
    states: Sequence[State],
    quiz_id: str | None,
    *,
    now: datetime,
    limit: int,
    offset: int,
) -> list[Row]:
    """Essays in these states that this person may mark, the oldest first.

    Left out are one's own, those that one marked already (unless two marks differ), and those that
    a decision took out. ``taken``: somebody else marks it now; ``draft``: one's own draft is kept.
    """
    return conn.all(
        f"""
        SELECT {_COLUMNS},
               (e.held_by IS NOT NULL AND e.held_by <> :marker AND e.held_until > :now) AS taken,
               EXISTS (
                   SELECT 1 FROM essay_drafts d
                   WHERE d.attempt_id = e.attempt_id AND d.position = e.position
                     AND d.marker_id = :marker
               ) AS draft
        FROM essays e
        WHERE {_mine(states)}
        ORDER BY e.handed_in_at, e.attempt_id, e.position
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608 (words of this module)
        marker=marker_id,
        quiz_id=quiz_id,
        now=iso(now),
        limit=limit,
        offset=offset,
    )


def waiting_by_quiz(conn: Connection, marker_id: int, states: Sequence[State]) -> dict[str, int]:
    """How many essays this person may mark, by quiz id."""
    rows = conn.all(
        f"""
        SELECT e.quiz_id, COUNT(*) AS n FROM essays e
        WHERE {_mine(states)}
        GROUP BY e.quiz_id
        ORDER BY e.quiz_id
        """,  # noqa: S608 (words of this module)
        marker=marker_id,
        quiz_id=None,
    )
    return {row["quiz_id"]: row["n"] for row in rows}


def hold(
    conn: Connection, attempt_id: int, position: int, marker_id: int, now: datetime, until: datetime
) -> bool:
    """Keep others from marking this essay until then; False when somebody else holds it."""
    return bool(
        conn.run(
            """
            UPDATE essays SET held_by = :marker, held_until = :until
            WHERE attempt_id = :attempt_id AND position = :position
              AND (held_by IS NULL OR held_by = :marker OR held_until <= :now)
            """,
            attempt_id=attempt_id,
            position=position,
            marker=marker_id,
            now=iso(now),
            until=iso(until),
        )
    )


def release(conn: Connection, attempt_id: int, position: int, marker_id: int) -> None:
    """Let others mark it."""
    conn.run(
        """
        UPDATE essays SET held_by = NULL, held_until = NULL
        WHERE attempt_id = :attempt_id AND position = :position AND held_by = :marker
        """,
        attempt_id=attempt_id,
        position=position,
        marker=marker_id,
    )


def move_on(
    conn: Connection, attempt_id: int, position: int, state: State, at: datetime | None = None
) -> None:
    """The essay is in this state now, and nobody holds it; ``at`` when it is marked."""
    conn.run(
        """
        UPDATE essays
        SET state = :state, held_by = NULL, held_until = NULL,
            marked_at = COALESCE(:at, marked_at)
        WHERE attempt_id = :attempt_id AND position = :position
        """,
        attempt_id=attempt_id,
        position=position,
        state=state,
        at=iso(at) if at else None,
    )


def add_mark(
    conn: Connection,
    attempt_id: int,
    position: int,
    *,
    marker_id: int,
    stage: Stage,
    points: Sequence[float],
    comment: str,
    at: datetime,
) -> None:
    """Append what a marker gave, points by criterion; the draft is gone with it."""
    conn.run(
        """
        INSERT INTO essay_marks (attempt_id, position, marker_id, stage, points, comment, at)
        VALUES (:attempt_id, :position, :marker_id, :stage, :points, :comment, :at)
        """,
        attempt_id=attempt_id,
        position=position,
        marker_id=marker_id,
        stage=stage,
        points=json.dumps(list(points)),
        comment=comment,
        at=iso(at),
    )
    conn.run(
        """
        DELETE FROM essay_drafts
        WHERE attempt_id = :attempt_id AND position = :position AND marker_id = :marker_id
        """,
        attempt_id=attempt_id,
        position=position,
        marker_id=marker_id,
    )


def marks_of(conn: Connection, attempt_id: int, position: int) -> list[Row]:
    """What markers gave, the oldest first: id, marker_id, stage, points (list), comment, at."""
    rows = conn.all(
        """
        SELECT id, marker_id, stage, points, comment, at FROM essay_marks
        WHERE attempt_id = :attempt_id AND position = :position
        ORDER BY id
        """,
        attempt_id=attempt_id,
        position=position,
    )
    return [{**row, "points": json.loads(row["points"])} for row in rows]


def save_draft(
    conn: Connection,
    attempt_id: int,
    position: int,
    *,
    marker_id: int,
    points: Sequence[float | None],
    comment: str,
    at: datetime,
) -> None:
    """Keep what a marker has so far; None: no points yet."""
    conn.run(
        """
        INSERT INTO essay_drafts (attempt_id, position, marker_id, points, comment, saved_at)
        VALUES (:attempt_id, :position, :marker_id, :points, :comment, :at)
        ON CONFLICT (attempt_id, position, marker_id) DO UPDATE
        SET points = excluded.points, comment = excluded.comment, saved_at = excluded.saved_at
        """,
        attempt_id=attempt_id,
        position=position,
        marker_id=marker_id,
        points=json.dumps(list(points)),
        comment=comment,
        at=iso(at),
    )


def find_draft(conn: Connection, attempt_id: int, position: int, marker_id: int) -> Row | None:
    """A marker's draft: points (list), comment, saved_at."""
    row = conn.one(
        """
        SELECT points, comment, saved_at FROM essay_drafts
        WHERE attempt_id = :attempt_id AND position = :position AND marker_id = :marker_id
        """,
        attempt_id=attempt_id,
        position=position,
        marker_id=marker_id,
    )
    return None if row is None else {**row, "points": json.loads(row["points"])}


def marked_by(conn: Connection, marker_id: int, limit: int, offset: int) -> list[Row]:
    """Finished essays that this person marked, the newest first, with the writer's name and
    unit."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}, p.name, u.name AS unit
        FROM essays e
        JOIN people p ON p.id = e.person_id
        JOIN attempts a ON a.id = e.attempt_id
        LEFT JOIN units u ON u.id = a.unit_id
        WHERE e.state = 'marked' AND EXISTS (
            SELECT 1 FROM essay_marks m
            WHERE m.attempt_id = e.attempt_id AND m.position = e.position AND m.marker_id = :marker
        )
        ORDER BY e.marked_at DESC, e.attempt_id
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        marker=marker_id,
        limit=limit,
        offset=offset,
    )


def add_appeal(
    conn: Connection, attempt_id: int, position: int, person_id: int, reason: str, at: datetime
) -> bool:
    """Keep an appeal; False when there was one already."""
    return bool(
        conn.run(
            """
            INSERT INTO essay_appeals (attempt_id, position, person_id, reason, at)
            VALUES (:attempt_id, :position, :person_id, :reason, :at)
            ON CONFLICT (attempt_id, position) DO NOTHING
            """,
            attempt_id=attempt_id,
            position=position,
            person_id=person_id,
            reason=reason,
            at=iso(at),
        )
    )


def find_appeal(conn: Connection, attempt_id: int, position: int) -> Row | None:
    """The appeal against the mark of this essay: reason, at, answered_by, answered_at, outcome,
    answer."""
    return conn.one(
        """
        SELECT reason, at, answered_by, answered_at, outcome, answer FROM essay_appeals
        WHERE attempt_id = :attempt_id AND position = :position
        """,
        attempt_id=attempt_id,
        position=position,
    )


def appeals(conn: Connection, marker_id: int, limit: int, offset: int) -> list[Row]:
    """Open appeals that this person may answer (marked by others, not one's own), the oldest
    first: the essay's columns, appealed_at."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}, p.at AS appealed_at,
               (e.held_by IS NOT NULL AND e.held_by <> :marker AND e.held_until > p.at) AS taken
        FROM essay_appeals p
        JOIN essays e ON e.attempt_id = p.attempt_id AND e.position = p.position
        WHERE p.answered_at IS NULL AND e.person_id <> :marker AND {_NOT_MARKED_BY}
        ORDER BY p.at, e.attempt_id, e.position
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        marker=marker_id,
        limit=limit,
        offset=offset,
    )


def count_appeals(conn: Connection, marker_id: int) -> int:
    """How many open appeals this person may answer."""
    found = conn.value(
        f"""
        SELECT COUNT(*)
        FROM essay_appeals p
        JOIN essays e ON e.attempt_id = p.attempt_id AND e.position = p.position
        WHERE p.answered_at IS NULL AND e.person_id <> :marker AND {_NOT_MARKED_BY}
        """,  # noqa: S608
        marker=marker_id,
    )
    return int(found or 0)


def answer_appeal(
    conn: Connection,
    attempt_id: int,
    position: int,
    *,
    by: int,
    outcome: str,
    answer: str,
    at: datetime,
) -> bool:
    """Answer an open appeal; False when it is answered already or does not exist."""
    return bool(
        conn.run(
            """
            UPDATE essay_appeals
            SET answered_by = :by, answered_at = :at, outcome = :outcome, answer = :answer
            WHERE attempt_id = :attempt_id AND position = :position AND answered_at IS NULL
            """,
            attempt_id=attempt_id,
            position=position,
            by=by,
            outcome=outcome,
            answer=answer,
            at=iso(at),
        )
    )


# Private functions

_NOT_MARKED_BY = """
    NOT EXISTS (
        SELECT 1 FROM essay_marks n
        WHERE n.attempt_id = e.attempt_id AND n.position = e.position AND n.marker_id = :marker
    )
"""


def _mine(states: Sequence[State]) -> str:
    among = ", ".join(f"'{state}'" for state in states)
    return f"""
        e.state IN ({among})
        AND e.person_id <> :marker
        AND (:quiz_id IS NULL OR e.quiz_id = :quiz_id)
        AND (e.state = 'differ' OR {_NOT_MARKED_BY})
        AND COALESCE((
            SELECT k.kind FROM marks k
            WHERE k.attempt_id = e.attempt_id AND k.position = e.position
            ORDER BY k.id DESC LIMIT 1
        ), '') <> 'void'
    """  # noqa: S608 (states of this module)
