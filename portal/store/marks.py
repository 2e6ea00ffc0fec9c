"""Marks: rows are added, never changed; the newest of an item counts.

``score`` and ``max_score`` are points, or (1 and less) shares where the item is worth no points.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.store.database import Connection, Row


def add(conn: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Append marks: attempt_id, position, score, max_score, marker_id, reason, at, kind,
    decision_id; ``at`` is text already."""
    conn.many(
        """
        INSERT INTO marks (
            attempt_id, position, score, max_score, marker_id, reason, at, kind, decision_id
        ) VALUES (
            :attempt_id, :position, :score, :max_score, :marker_id, :reason, :at, :kind,
            :decision_id
        )
        """,
        list(rows),
    )


def before_decision(
    conn: Connection, attempt_id: int, position: int, decision_id: int
) -> Row | None:
    """The mark that counted before this decision: score, max_score, kind, decision_id; None without
    one."""
    return conn.one(
        """
        SELECT score, max_score, kind, decision_id FROM marks
        WHERE attempt_id = :attempt_id AND position = :position
          AND id < (
              SELECT MIN(d.id) FROM marks d
              WHERE d.attempt_id = :attempt_id AND d.position = :position
                AND d.decision_id = :decision_id
          )
        ORDER BY id DESC
        LIMIT 1
        """,
        attempt_id=attempt_id,
        position=position,
        decision_id=decision_id,
    )


def history(conn: Connection, attempt_id: int, position: int) -> list[Row]:
    """Every mark of an item, the oldest first: score, max_score, kind, reason, at, decision_id."""
    return conn.all(
        """
        SELECT score, max_score, kind, reason, at, decision_id FROM marks
        WHERE attempt_id = :attempt_id AND position = :position
        ORDER BY id
        """,
        attempt_id=attempt_id,
        position=position,
    )
