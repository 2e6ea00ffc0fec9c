"""Every permission is asked for here, in the transaction that uses it, and a refusal is logged.

An action begins with ``with permission.write(portal, actor, "manage_people", person(7)) as c:``.
What the actor may not touch and what does not exist are refused alike, so that nobody can find
out by trying which people and units there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.core.people import NOBODY_IN_PARTICULAR, Person, Target, may
from portal.store import audit, people, units
from portal.store.database import Connection

FindTarget = Callable[[Connection], Target | None]
Writing = AbstractContextManager[Connection]

# actions that show what one person did, and as what such a look is noted
LOOKS = {"see_record": "see_record", "revoke_certificates": "see_certificate"}
ONE_LOOK = timedelta(hours=1)


def nobody(_: Connection) -> Target:
    """For what belongs to nobody in particular: the log, settings, everything at once."""
    return NOBODY_IN_PARTICULAR


def person(person_id: int) -> FindTarget:
    """For what concerns one person."""
    return lambda c: people.find_target(c, person_id)


def unit(unit_id: int) -> FindTarget:
    """For what concerns a unit and everything below it."""
    return lambda c: units.find_target(c, unit_id)


@contextmanager
def read(
    portal: Portal, actor: Person, action: str, target: FindTarget = nobody
) -> Iterator[Connection]:
    """A snapshot for somebody who may do ``action``. Raises NotAllowed."""
    try:
        with portal.db.read() as c:
            found = require(c, actor, action, target)
            if action in LOOKS and found.person_id not in (None, actor.id):
                _note_look(portal, c, actor, LOOKS[action], f"person:{found.person_id}")
            yield c
    except NotAllowed as refused:
        _log(portal, actor, action, refused.about)
        raise


@contextmanager
def write(
    portal: Portal,
    actor: Person,
    action: str,
    target: FindTarget = nobody,
    *,
    bump: bool = True,
) -> Iterator[Connection]:
    """A transaction for somebody who may do ``action``. Raises NotAllowed; nothing is written."""
    try:
        with portal.db.write(bump=bump) as c:
            require(c, actor, action, target)
            yield c
    except NotAllowed as refused:
        _log(portal, actor, action, refused.about)
        raise


def require(c: Connection, actor: Person, action: str, target: FindTarget = nobody) -> Target:
    """The target, which must exist. Raises NotAllowed unless ``actor`` may do ``action`` to it."""
    found = target(c)
    if found is None or not may(actor, action, found):
        raise NotAllowed(about=_name(found))
    return found


def _name(target: Target | None) -> str:
    """What the log calls the target; what does not exist has no name."""
    if target is None:
        return ""
    if target.person_id is not None:
        return f"person:{target.person_id}"
    return f"unit:{target.unit_path.strip('/').split('/')[-1]}" if target.unit_path else ""


def _note_look(portal: Portal, c: Connection, actor: Person, action: str, target: str) -> None:
    now = portal.now()
    if audit.noted_since(c, actor.id, action, target, now - ONE_LOOK):
        return
    with portal.db.write(bump=False) as writing:
        audit.record(
            writing,
            at=now,
            actor_id=actor.id,
            action=action,
            target=target,
            address=actor.address,
        )


def _log(portal: Portal, actor: Person, action: str, about: str) -> None:
    with portal.db.write(bump=False) as c:
        audit.record(
            c,
            at=portal.now(),
            actor_id=actor.id,
            action="refused",
            target=about,
            address=actor.address,
            wanted=action,
        )
