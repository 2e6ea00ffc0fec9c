"""What the first page of one person depends on, and the placement that was put aside."""

from __future__ import annotations

from datetime import date, datetime

from portal.core.times import iso
from portal.store.database import Connection, Row


def stamp(conn: Connection, person_id: int, day: date) -> tuple[object, ...]:
    """Changes whenever the first page may: one statement over the person's own index entries."""
    row = conn.one(
        """
        SELECT
            (SELECT MAX(at) FROM evidence WHERE person_id = :person_id) AS evidence,
            (SELECT cards FROM practice_days
             WHERE person_id = :person_id AND day = :day) AS cards,
            (SELECT COUNT(*) FROM practice_sets WHERE person_id = :person_id) AS sets,
            (SELECT COUNT(*) FROM placement_offers WHERE person_id = :person_id) AS skipped,
            (SELECT COUNT(*) FROM leaves
             WHERE person_id = :person_id AND withdrawn_at IS NULL) AS leaves,
            (SELECT MAX(at) FROM reminders WHERE person_id = :person_id) AS reminded,
            (SELECT SUM(id) FROM attempts
             WHERE person_id = :person_id AND submitted_at IS NULL
               AND kind <> 'checkpoint') AS attempts,
            (SELECT SUM(id) FROM drill_actions
             WHERE person_id = :person_id AND closed_at IS NULL) AS drill_actions,
            (SELECT SUM(id) FROM drill_runs
             WHERE person_id = :person_id AND kind = 'solo' AND ended_at IS NULL) AS drills_open,
            (SELECT COUNT(*) || COALESCE(MAX(answered_at), '') FROM capability_questions
             WHERE person_id = :person_id AND seen_at IS NULL) AS doubts,
            (SELECT COUNT(*) || COALESCE(MAX(at), '') FROM notifications
             WHERE person_id = :person_id AND opened_at IS NULL) AS unopened,
            c.seen, c.completed, c.renewed, o.open, o.ids, o.days, o.required, o.changed
        FROM (
            SELECT MAX(seen_at) AS seen, COUNT(completed_at) AS completed,
                   MAX(renewed_at) AS renewed
            FROM course_progress
            WHERE person_id = :person_id
        ) c
        CROSS JOIN (
            SELECT COUNT(*) AS open, SUM(o.id) AS ids, SUM(o.required) AS required,
                   SUM(CAST(REPLACE(o.due_on, '-', '') AS INTEGER)) AS days,
                   MAX(a.changed_at) AS changed
            FROM obligations o
            JOIN assignments a ON a.id = o.assignment_id
            WHERE o.person_id = :person_id AND o.done_at IS NULL AND o.exempted_at IS NULL
              AND o.withdrawn_at IS NULL
        ) o
        """,
        person_id=person_id,
        day=day.isoformat(),
    )
    assert row is not None
    return tuple(row.values())


def open_obligations(conn: Connection, person_id: int) -> list[Row]:
    """What the person still has to do: item_kind, item_id, due_on (ISO or None), required."""
    return conn.all(
        """
        SELECT item_kind, item_id, MIN(due_on) AS due_on, MAX(required) AS required
        FROM obligations
        WHERE person_id = :person_id
          AND done_at IS NULL AND exempted_at IS NULL AND withdrawn_at IS NULL
        GROUP BY item_kind, item_id
        """,
        person_id=person_id,
    )


def skip_placement(conn: Connection, person_id: int, now: datetime) -> None:
    """The person does not want the placement now: it is not offered again."""
    conn.run(
        """
        INSERT INTO placement_offers (person_id, skipped_at) VALUES (:person_id, :now)
        ON CONFLICT (person_id) DO UPDATE SET skipped_at = excluded.skipped_at
        """,
        person_id=person_id,
        now=iso(now),
    )


def has_skipped_placement(conn: Connection, person_id: int) -> bool:
    """Whether the person put the placement aside."""
    return bool(
        conn.value(
            "SELECT 1 FROM placement_offers WHERE person_id = :person_id", person_id=person_id
        )
    )
