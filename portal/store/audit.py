"""The audit log: who did what to whom, when, from where. Rows are added and never changed.

``detail`` is a JSON object. It never holds a password, a token or an answer, nor a login that no
account has: people type passwords into the wrong box. Every row carries the seal of the chain
(``core.audit_chain``), worked out in the transaction that adds it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from portal.core.audit_chain import Entry, Head, seal
from portal.core.times import iso
from portal.store.database import Connection, Row


def record(
    c: Connection,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    target: str = "",
    address: str = "",
    **detail: object,
) -> None:
    """Add a row. ``target`` names kind and id (``person:7``, ``unit:3``) or is empty."""
    last = head(c)
    entry = Entry(
        id=last.id + 1,
        at=iso(at),
        actor_id=actor_id,
        action=action,
        target=target,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        address=address,
    )
    c.run(
        """
        INSERT INTO audit (id, at, actor_id, action, target, detail, address, seal)
        VALUES (:id, :at, :actor_id, :action, :target, :detail, :address, :seal)
        """,
        **asdict(entry),
        seal=seal(last.seal, entry),
    )


def head(c: Connection) -> Head:
    """The newest entry and its seal."""
    row = c.one("SELECT id, seal FROM audit ORDER BY id DESC LIMIT 1")
    return Head(row["id"], row["seal"]) if row else Head()


def sealed(c: Connection, after_id: int, limit: int) -> list[tuple[Entry, str]]:
    """Entries with their stored seals in order of id, beginning after ``after_id``."""
    rows = c.all(
        """
        SELECT id, at, actor_id, action, target, detail, address, seal
        FROM audit
        WHERE id > :after_id
        ORDER BY id
        LIMIT :limit
        """,
        after_id=after_id,
        limit=limit,
    )
    return [(Entry(**{k: v for k, v in row.items() if k != "seal"}), row["seal"]) for row in rows]


def entries(
    c: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    actor_id: int | None = None,
    action: str | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[Row]:
    """The newest rows that fit: id, at, actor_id, actor_name, action, target, detail, address.

    ``before_id`` is the last id of the page before.
    """
    return c.all(
        """
        SELECT
            a.id,
            a.at,
            a.actor_id,
            p.name AS actor_name,
            a.action,
            a.target,
            a.detail,
            a.address
        FROM audit AS a
        LEFT JOIN people AS p ON p.id = a.actor_id
        WHERE (:since IS NULL OR a.at >= :since)
        AND (:until IS NULL OR a.at < :until)
        AND (:actor_id IS NULL OR a.actor_id = :actor_id)
        AND (:action IS NULL OR a.action = :action)
        AND (:before_id IS NULL OR a.id < :before_id)
        ORDER BY a.id DESC
        LIMIT :limit
        """,
        since=iso(since) if since else None,
        until=iso(until) if until else None,
        actor_id=actor_id,
        action=action,
        before_id=before_id,
        limit=limit,
    )


def signed_in_from(c: Connection, person_id: int, address: str, since: datetime) -> bool:
    """Whether the person has signed in from ``address`` since then."""
    return bool(
        c.value(
            """
            SELECT 1
            FROM audit
            WHERE actor_id = :person_id
            AND action = 'sign_in'
            AND at > :since
            AND address = :address
            LIMIT 1
            """,
            person_id=person_id,
            address=address,
            since=iso(since),
        )
    )
