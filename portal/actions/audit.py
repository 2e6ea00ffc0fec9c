"""Noting what an actor does, and reading the audit log."""

from __future__ import annotations

import json
from datetime import datetime

from portal.actions import permission
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.store import audit
from portal.store.database import Connection, Row


def note(
    portal: Portal, c: Connection, actor: Person, action: str, target: str, **detail: object
) -> None:
    """Note, in the transaction of the deed, that ``actor`` did ``action`` to ``target``."""
    audit.record(
        c,
        at=portal.now(),
        actor_id=actor.id,
        action=action,
        target=target,
        address=actor.address,
        **detail,
    )


def read_audit(
    portal: Portal,
    actor: Person,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    actor_id: int | None = None,
    action: str | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[Row]:
    """The newest entries that fit: id, at, actor_id, actor_name, action, target, detail (dict),
    address. ``before_id`` is the last id of the page before. Raises NotAllowed."""
    with permission.read(portal, actor, "read_audit") as c:
        rows = audit.entries(
            c,
            since=since,
            until=until,
            actor_id=actor_id,
            action=action,
            before_id=before_id,
            limit=min(max(limit, 1), 1000),
        )
    return [row | {"detail": json.loads(row["detail"])} for row in rows]
