"""Attempts as pages use them: open, answer, check, submit, read.

What is shown as saved is on disk: every function that writes is one transaction and returns after
its commit. All may be called twice, from two devices, or again after a crash: a repeated call
finds what the first one did and changes nothing. The server's clock decides, without grace.
"""

from __future__ import annotations

from portal.actions import permission
from portal.actions.answering import Saved, answer, check_item, try_again, use_hint
from portal.actions.attempt_views import AttemptView, ItemView, items_of, view_of
from portal.actions.closing import close_if_overdue, close_overdue, close_overdue_of, submit
from portal.actions.errors import NotAllowed
from portal.actions.opening import open_attempt, open_checkpoints
from portal.actions.ownership import oneself, owner_of
from portal.actions.portal import Portal
from portal.core.attempts import Attempt, is_overdue
from portal.core.people import Person
from portal.store import attempts

__all__ = [
    "AttemptView",
    "ItemView",
    "Saved",
    "answer",
    "check_item",
    "close_overdue",
    "find_open",
    "get_attempt",
    "get_item",
    "history",
    "open_attempt",
    "open_checkpoints",
    "seconds_left",
    "submit",
    "try_again",
    "use_hint",
]


def get_attempt(portal: Portal, actor: Person, attempt_id: int) -> AttemptView:
    """The attempt for its owner, or its score for a manager of the person's unit.

    An attempt whose time is up is closed first. Raises NotAllowed for everybody else, and for a
    manager while it is open.
    """
    now = portal.now()
    with permission.read(portal, actor, "see_record", owner_of(actor, attempt_id)) as conn:
        attempt = attempts.get(conn, attempt_id)
        own = attempt.person_id == actor.id
        if not is_overdue(attempt.deadline_at, attempt.submitted_at, now):
            if not own and attempt.is_open:
                raise NotAllowed
            return view_of(conn, attempt, now, own=own)
    close_if_overdue(portal, attempt_id, now)
    return get_attempt(portal, actor, attempt_id)


def get_item(portal: Portal, actor: Person, attempt_id: int, position: int) -> ItemView:
    """One item of one's own attempt, which is closed first when its time is up.

    Raises NotAllowed.
    """
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        attempt = attempts.find(conn, attempt_id)
        if attempt is None or attempt.person_id != actor.id:
            raise NotAllowed
        if not is_overdue(attempt.deadline_at, attempt.submitted_at, now):
            found = items_of(conn, attempt, position)
            if not found:
                raise NotAllowed
            return found[0]
    close_if_overdue(portal, attempt_id, now)
    return get_item(portal, actor, attempt_id, position)


def find_open(portal: Portal, actor: Person, quiz_id: str) -> AttemptView | None:
    """One's open attempt at this quiz or exam; None when there is none any more."""
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        attempt = attempts.find_open(conn, actor.id, quiz_id)
        if attempt is None:
            return None
        if not is_overdue(attempt.deadline_at, attempt.submitted_at, now):
            return view_of(conn, attempt, now, own=True)
    close_if_overdue(portal, attempt.id, now)
    return None


def seconds_left(portal: Portal, actor: Person, attempt_id: int) -> float | None:
    """What is left of one's attempt by the server's clock: 0 when it is over, None if not timed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        attempt = attempts.find(conn, attempt_id)
        if attempt is None or attempt.person_id != actor.id:
            raise NotAllowed
    if not attempt.is_open:
        return 0.0
    if attempt.deadline_at is None:
        return None
    return max(0.0, (attempt.deadline_at - portal.now()).total_seconds())


def history(
    portal: Portal,
    actor: Person,
    quiz_id: str | None = None,
    *,
    person_id: int | None = None,
    limit: int = 100,
) -> list[Attempt]:
    """Attempts at one quiz or at all quizzes and exams, the newest first.

    One's own, or those of a person one manages, of whom open attempts are left out. Raises
    NotAllowed.
    """
    owner = actor.id if person_id is None else person_id
    close_overdue_of(portal, owner, portal.now())
    target = oneself(actor) if owner == actor.id else permission.person(owner)
    with permission.read(portal, actor, "see_record", target) as conn:
        return [
            attempt
            for attempt in attempts.of_person(conn, owner, quiz_id=quiz_id, limit=limit)
            if owner == actor.id or not attempt.is_open
        ]
