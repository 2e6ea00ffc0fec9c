"""Submitting an attempt, and closing those whose time is up.

The clock needs no one to watch it: whoever reads an overdue attempt closes it first, as of its
deadline, with what was saved in time. ``close_overdue`` does the same for those nobody reads.
"""

from __future__ import annotations

from datetime import datetime

from portal.actions import permission, settling
from portal.actions.errors import NotAllowed
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.attempts import Attempt, is_overdue
from portal.core.people import Person
from portal.store import attempts
from portal.store.database import Connection


def submit(portal: Portal, actor: Person, attempt_id: int) -> Attempt:
    """Hand the attempt in; when its time is up it closes as of its deadline.

    A submitted attempt is returned as it is. Raises NotAllowed for another person's attempt or
    the checkpoints of a module, which are never handed in.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor)) as conn:
        attempt = attempts.find(conn, attempt_id)
        if attempt is None or attempt.person_id != actor.id or attempt.kind == "checkpoint":
            raise NotAllowed
        if not attempt.is_open:
            return attempt
        return _close(conn, portal, attempt, now)


def close_overdue(portal: Portal) -> int:
    """Close every open attempt whose time is up, as of its deadline; returns how many."""
    now = portal.now()
    closed = 0
    while True:
        with portal.db.read() as conn:
            late = attempts.overdue(conn, now)
        if not late:
            return closed
        closed += sum(close_if_overdue(portal, attempt_id, now) for attempt_id in late)


def close_overdue_of(portal: Portal, person_id: int, now: datetime) -> None:
    """Close the attempts of one person whose time is up at ``now``."""
    with portal.db.read() as conn:
        late = attempts.overdue(conn, now, person_id=person_id)
    for attempt_id in late:
        close_if_overdue(portal, attempt_id, now)


def close_if_overdue(portal: Portal, attempt_id: int, now: datetime) -> bool:
    """Close this attempt if its time is up at ``now``; False when there was nothing to do."""
    with portal.db.write() as conn:
        attempt = attempts.find(conn, attempt_id)
        if attempt is None or not is_overdue(attempt.deadline_at, attempt.submitted_at, now):
            return False
        _close(conn, portal, attempt, now)
        return True


# Private functions


def _close(conn: Connection, portal: Portal, attempt: Attempt, now: datetime) -> Attempt:
    """Close by the clock as of the deadline, or by the person as of ``now``."""
    if is_overdue(attempt.deadline_at, attempt.submitted_at, now):
        assert attempt.deadline_at is not None
        return settling.close_attempt(conn, portal, attempt, attempt.deadline_at, "clock")
    return settling.close_attempt(conn, portal, attempt, now, "person")
