"""Which reminders and digests went out, so that nobody is told the same thing twice a day.

A row is written, and on disk, *before* a mail is sent: a crash in between costs a mail, never a
second one. When sending fails the row says so and stands in the way of no other try.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from portal.core.times import iso
from portal.store.database import Connection, Row

Channel = Literal["portal", "mail"]


def claim(
    conn: Connection,
    rows: Sequence[Row],
    channel: Channel,
    *,
    day: str,
    at: datetime,
    by: int | None,
) -> list[Row]:
    """Note a reminder of each obligation (id, person_id); return those not reminded of that day."""
    claimed = []
    for row in rows:
        if conn.run(
            """
            INSERT INTO reminders (obligation_id, person_id, channel, day, at, sent_by)
            VALUES (:id, :person_id, :channel, :day, :at, :by)
            ON CONFLICT DO NOTHING
            """,
            id=row["id"],
            person_id=row["person_id"],
            channel=channel,
            day=day,
            at=iso(at),
            by=by,
        ):
            claimed.append(row)
    return claimed


def failed(conn: Connection, rows: Sequence[Row], day: str, failure: str) -> None:
    """Note that the mail about these obligations did not go out on ``day``."""
    conn.many(
        """
        UPDATE reminders SET failure = :failure
        WHERE obligation_id = :id AND channel = 'mail' AND day = :day AND failure IS NULL
        """,
        [{"id": row["id"], "day": day, "failure": failure[:300]} for row in rows],
    )


def last_of(conn: Connection, person_id: int, since: datetime) -> Row | None:
    """The last reminder of something that the person still has to do: name (None for one that
    nobody sent by hand), at."""
    return conn.one(
        """
        SELECT p.name, r.at
        FROM reminders r
        JOIN obligations o ON o.id = r.obligation_id
        LEFT JOIN people p ON p.id = r.sent_by
        WHERE r.person_id = :person_id AND r.at >= :since AND r.channel = 'portal'
          AND o.done_at IS NULL AND o.exempted_at IS NULL AND o.withdrawn_at IS NULL
        ORDER BY r.at DESC
        LIMIT 1
        """,
        person_id=person_id,
        since=iso(since),
    )


def claim_digest(conn: Connection, person_id: int, week: str, at: datetime) -> bool:
    """Note a digest to a manager; False when that week's went out already."""
    return bool(
        conn.run(
            """
            INSERT INTO digests (person_id, week, at) VALUES (:person_id, :week, :at)
            ON CONFLICT DO NOTHING
            """,
            person_id=person_id,
            week=week,
            at=iso(at),
        )
    )


def digest_failed(conn: Connection, person_id: int, week: str, failure: str) -> None:
    """Note that the digest did not go out."""
    conn.run(
        """
        UPDATE digests SET failure = :failure
        WHERE person_id = :person_id AND week = :week AND failure IS NULL
        """,
        person_id=person_id,
        week=week,
        failure=failure[:300],
    )


def managers(conn: Connection) -> list[Row]:
    """Who manages what: person_id, name, locale, email, unit_id, unit_name, unit_name_en, path.

    Only active people and open units; by person, the uppermost unit first.
    """
    return conn.all(
        """
        SELECT p.id AS person_id, p.name, p.locale, p.email,
               u.id AS unit_id, u.name AS unit_name, u.name_en AS unit_name_en, u.path
        FROM role_grants g
        JOIN people p ON p.id = g.person_id
        JOIN units u ON u.id = g.unit_id
        WHERE g.role = 'manager' AND g.revoked_at IS NULL AND p.disabled_at IS NULL
          AND u.closed_at IS NULL
        ORDER BY p.id, LENGTH(u.path), u.id
        """
    )
