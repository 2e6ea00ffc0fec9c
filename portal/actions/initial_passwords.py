"""Initial passwords for people who have none: made for a unit when its people are to begin.

They are shown once, in a list to be handed out, and are good for 72 hours. Hashing takes 40 ms
each, so a list holds at most ``MOST`` people; hashes are worked out before the transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from portal.actions import hashing, permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed
from portal.actions.password_rules import make_initial
from portal.actions.portal import Portal
from portal.core.passwords import INITIAL_PASSWORD_HOURS
from portal.core.people import Person
from portal.store import credentials, units
from portal.store.database import Connection, Row

MOST = 500
_THREADS = 2  # argon2 lets go of the interpreter's lock


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One line of the list; ``unit`` holds the names from the top down."""

    staff_no: str
    name: str
    login: str
    unit: str
    password: str


def count_without(portal: Portal, actor: Person, unit_id: int) -> int:
    """How many people of the subtree could not sign in with a password yet. Raises NotAllowed."""
    with permission.read(portal, actor, "manage_people", permission.unit(unit_id)) as c:
        return len(_without(portal, c, unit_id))


def hand_out(
    portal: Portal,
    actor: Person,
    unit_id: int,
    *,
    progress: Callable[[float], None] = lambda share: None,
) -> list[HandedOut]:
    """Give the first ``MOST`` people without a password, by staff number, an initial one.

    Also those whose initial password has expired unused. Who gets a password meanwhile is left
    out. Raises NotAllowed.
    """
    with permission.read(portal, actor, "manage_people", permission.unit(unit_id)) as c:
        people = _without(portal, c, unit_id)[:MOST]
    passwords = [make_initial() for _ in people]
    hashes: list[str] = []
    with ThreadPoolExecutor(_THREADS) as hashers:
        for hashed in hashers.map(hashing.hash_password, passwords):
            hashes.append(hashed)
            progress(len(hashes) / len(people))
    with permission.write(
        portal, actor, "manage_people", permission.unit(unit_id), bump=False
    ) as c:
        still = {row["id"] for row in _without(portal, c, unit_id)}
        given = []
        for person, password, hashed in zip(people, passwords, hashes, strict=True):
            if person["id"] not in still:
                continue
            credentials.set_password(c, person["id"], hashed, must_change=True, at=portal.now())
            note(portal, c, actor, "initial_password", f"person:{person['id']}")
            given.append(_line(c, person, password))
    return given


def _without(portal: Portal, c: Connection, unit_id: int) -> list[Row]:
    unit = units.get_unit(c, unit_id)
    if unit is None:
        raise NotAllowed
    expired = portal.now() - timedelta(hours=INITIAL_PASSWORD_HOURS)
    return credentials.without_password(c, unit.path, expired)


def _line(c: Connection, person: Row, password: str) -> HandedOut:
    above = units.names_above(c, person["unit_path"])
    return HandedOut(
        staff_no=person["staff_no"],
        name=person["name"],
        login=person["login"],
        unit="/".join([*(name for name, _ in above), person["unit_name"]]),
        password=password,
    )
