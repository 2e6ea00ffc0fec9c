"""Whose record an action concerns: the targets of ``permission`` for learning."""

from __future__ import annotations

from portal.actions.permission import FindTarget
from portal.core.people import Person, Target
from portal.store import attempts, people
from portal.store.database import Connection


def oneself(actor: Person) -> FindTarget:
    """For one's own record; asks the database nothing."""
    return lambda _: Target(person_id=actor.id, unit_path=actor.unit_path)


def owner_of(actor: Person, attempt_id: int) -> FindTarget:
    """For an attempt of anybody."""

    def find(conn: Connection) -> Target | None:
        attempt = attempts.find(conn, attempt_id)
        if attempt is None:
            return None
        if attempt.person_id == actor.id:
            return Target(person_id=actor.id, unit_path=actor.unit_path)
        return people.find_target(conn, attempt.person_id)

    return find
