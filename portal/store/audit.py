"""The audit log: who did what to whom, when, from where. Rows are added and never changed.

``detail`` is a JSON object. It never holds a password, a token or an answer, nor a login that no
account has: people type passwords into the wrong box. Every row carries the seal of the chain
(``core.audit_chain``), worked out in the transaction that adds it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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
    """The newest entry and its seal; where the end of the log was cut off, the newest that was.

    So what is added afterwards goes on from the entries that are gone, and the gap stays.
    """
    last = tip(c)
    row = c.one("SELECT id, seal FROM audit ORDER BY id DESC LIMIT 1")
    return Head(row["id"], row["seal"]) if row and row["id"] > last.id else last


def tip(c: Connection) -> Head:
    """The newest entry as it is kept beside the log."""
    row = c.one("SELECT entry_id, seal FROM audit_tip")
    return Head(row["entry_id"], row["seal"]) if row else Head()


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: every part narrows it down. ``until`` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: int | None = None
    action: str | None = None
    target: str | None = None


def entries(
    c: Connection, wanted: Wanted, before: tuple[str, int] | None = None, limit: int = 100
) -> list[Row]:
    """The newest rows that fit: id, at, actor_id, actor_name, action, target, detail, address,
    actor_staff_no.

    ``before`` is ``(at, id)`` of the last row of the page before. Conditions that are not wanted
    are left out of the statement, so that an index leads to each page whatever the log's size.
    """
    conditions = {
        "a.at >= :since": wanted.since,
        "a.at < :until": wanted.until,
        "a.actor_id = :actor_id": wanted.actor_id,
        # an object has few entries, an action may have a million: look there last
        ("a.action || '' = :action" if wanted.target else "a.action = :action"): wanted.action,
        "a.target = :target": wanted.target,
        "(a.at, a.id) < (:before_at, :before_id)": before,
    }
    where = " AND ".join(text for text, value in conditions.items() if value is not None)
    before_at, before_id = before or (None, None)
    given = {
        "since": iso(wanted.since) if wanted.since else None,
        "until": iso(wanted.until) if wanted.until else None,
        "actor_id": wanted.actor_id,
        "action": wanted.action,
        "target": wanted.target,
        "before_at": before_at,
        "before_id": before_id,
    }
    return c.all(
        f"""
        SELECT
            a.id,
            a.at,
            a.actor_id,
            p.name AS actor_name,
            p.staff_no AS actor_staff_no,
            a.action,
            a.target,
            a.detail,
            a.address
        FROM audit AS a
        LEFT JOIN people AS p ON p.id = a.actor_id
        WHERE {where or "1 = 1"}
        ORDER BY a.at DESC, a.id DESC
        LIMIT :limit
        """,  # noqa: S608 (conditions are the constants above)
        **{name: value for name, value in given.items() if value is not None},
        limit=limit,
    )


def actions(c: Connection) -> list[str]:
    """The actions that the log has entries of, in order of name.

    A step of the recursion jumps to the next name in the index: a million entries are not read.
    """
    rows = c.all(
        """
        WITH RECURSIVE found (action) AS (
            SELECT MIN(action) FROM audit
            UNION ALL
            SELECT (SELECT MIN(a.action) FROM audit AS a WHERE a.action > found.action)
            FROM found
            WHERE found.action IS NOT NULL
        )
        SELECT action FROM found WHERE action IS NOT NULL
        """
    )
    return [row["action"] for row in rows]


def noted_since(c: Connection, actor_id: int, action: str, target: str, since: datetime) -> bool:
    """Whether the actor has an entry of ``action`` at ``target`` after ``since``."""
    return bool(
        c.value(
            """
            SELECT 1
            FROM audit
            WHERE actor_id = :actor_id AND action = :action AND at > :since AND target = :target
            LIMIT 1
            """,
            actor_id=actor_id,
            action=action,
            target=target,
            since=iso(since),
        )
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


def find_export(c: Connection, sha256: str) -> Row | None:
    """The entry of the export whose rows had this digest: id, at, actor_name, detail."""
    return c.one(
        """
        SELECT a.id, a.at, p.name AS actor_name, a.detail
        FROM audit AS a
        LEFT JOIN people AS p ON p.id = a.actor_id
        WHERE a.action = 'exported' AND a.detail LIKE '%"sha256": "' || :sha256 || '"%'
        ORDER BY a.id
        LIMIT 1
        """,
        sha256=sha256,
    )
