"""What a person is told on the first page until it is opened: one row a person, kind and matter."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from portal.core.times import iso
from portal.store.database import Connection, Row

Kind = Literal["essay", "appeal", "report"]  # marked, answered, answered


def tell(conn: Connection, person_id: int, kind: Kind, about: int, at: datetime) -> None:
    """Tell it (again). ``about``: id of the attempt, or of the question report."""
    conn.run(
        """
        INSERT INTO notifications (person_id, kind, about, at)
        VALUES (:person_id, :kind, :about, :at)
        ON CONFLICT (person_id, kind, about) DO UPDATE SET at = excluded.at, opened_at = NULL
        """,
        person_id=person_id,
        kind=kind,
        about=about,
        at=iso(at),
    )


def unopened(conn: Connection, person_id: int, limit: int) -> list[Row]:
    """What the person has not opened yet, the newest first: kind, about, at."""
    return conn.all(
        """
        SELECT kind, about, at FROM notifications
        WHERE person_id = :person_id AND opened_at IS NULL
        ORDER BY at DESC, about DESC
        LIMIT :limit
        """,
        person_id=person_id,
        limit=limit,
    )


def is_unopened(conn: Connection, person_id: int, kind: Kind, about: int | None) -> bool:
    """Whether something of this kind, or this alone, has not been opened."""
    return bool(
        conn.value(
            """
            SELECT 1 FROM notifications
            WHERE person_id = :person_id AND opened_at IS NULL AND kind = :kind
              AND (:about IS NULL OR about = :about)
            LIMIT 1
            """,
            person_id=person_id,
            kind=kind,
            about=about,
        )
    )


def note_opened(
    conn: Connection, person_id: int, kind: Kind, about: int | None, at: datetime
) -> None:
    """The person has opened this, or with ``about`` None everything of the kind."""
    conn.run(
        """
        UPDATE notifications SET opened_at = :at
        WHERE person_id = :person_id AND opened_at IS NULL AND kind = :kind
          AND (:about IS NULL OR about = :about)
        """,
        person_id=person_id,
        kind=kind,
        about=about,
        at=iso(at),
    )
