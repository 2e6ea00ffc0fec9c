"""Accounts, postings and roles, as administrators keep them.

Whatever takes something away from a person also ends the sessions of that person; a granted role
holds in open sessions from the next message on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actions import hashing, permission
from portal.actions.audit import note
from portal.actions.errors import Refused
from portal.actions.obligations import people_changed
from portal.actions.ownership import oneself
from portal.actions.password_rules import make_initial
from portal.actions.people_rules import (
    check_free,
    checked_locale,
    checked_login,
    checked_name,
    checked_posts,
    checked_staff_no,
)
from portal.actions.portal import Portal
from portal.actions.units import (
    PeoplePage,
    create_unit,
    list_people,
    list_units,
    rename_unit,
)
from portal.core.addresses import is_address
from portal.core.people import ROLE_NAMES, Person
from portal.store import credentials, pasts, people, sessions, units
from portal.store.database import Connection

__all__ = [
    "NewPerson",
    "PeoplePage",
    "change_person",
    "choose_email",
    "choose_locale",
    "create_person",
    "create_unit",
    "disable",
    "email_of",
    "enable",
    "grant_role",
    "list_people",
    "list_units",
    "move",
    "name_of",
    "rename_unit",
    "reset_password",
    "revoke_role",
    "roles_of",
]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """``initial_password`` is shown once, to be handed over; it is good for 72 hours."""

    person_id: int
    initial_password: str


def create_person(
    portal: Portal,
    actor: Person,
    *,
    staff_no: str,
    login: str,
    name: str,
    unit_id: int,
    posts: Sequence[str],
    locale: str = "zh",
) -> NewPerson:
    """Make an account with a posting and a password to be changed at the first sign-in.

    Raises NotAllowed, or Refused with ``error.staff_no_form``, ``error.staff_no_taken``,
    ``error.login_form``, ``error.login_taken``, ``error.name_form``, ``error.post_unknown``,
    ``error.locale_unknown``, ``error.unit_closed``.
    """
    staff_no, login = checked_staff_no(staff_no), checked_login(login)
    name, locale = checked_name(name), checked_locale(locale)
    posts = checked_posts(portal, posts)
    password = make_initial()
    password_hash = hashing.hash_password(password)
    with permission.write(portal, actor, "manage_people", permission.unit(unit_id)) as c:
        _check_open(c, unit_id)
        check_free(c, staff_no, login)
        person_id = people.add_person(
            c,
            staff_no=staff_no,
            login=login,
            name=name,
            locale=locale,
            password_hash=password_hash,
            must_change=True,
            at=portal.now(),
        )
        people.post(c, person_id, unit_id, posts, portal.now())
        people_changed(c, portal, [person_id])
        note(
            portal,
            c,
            actor,
            "create_person",
            f"person:{person_id}",
            unit=unit_id,
            posts=list(posts),
        )
    return NewPerson(person_id, password)


def reset_password(portal: Portal, actor: Person, person_id: int) -> str:
    """Replace a forgotten password by an initial one, which is returned; ends all sessions.

    Raises NotAllowed.
    """
    password = make_initial()
    password_hash = hashing.hash_password(password)
    with _change(portal, actor, "manage_people", person_id, bump=False) as c:
        credentials.set_password(c, person_id, password_hash, must_change=True, at=portal.now())
        ended = sessions.end_all(c, person_id)
        note(portal, c, actor, "reset_password", f"person:{person_id}", sessions=ended)
    return password


def disable(portal: Portal, actor: Person, person_id: int) -> None:
    """Close an account and end its sessions; its records stay.

    Raises NotAllowed, or Refused("error.last_administrator").
    """
    with _change(portal, actor, "manage_people", person_id) as c:
        _keep_an_administrator(c, person_id)
        if people.set_disabled(c, person_id, portal.now()):
            ended = sessions.end_all(c, person_id)
            people_changed(c, portal, [person_id])
            note(portal, c, actor, "disable", f"person:{person_id}", sessions=ended)


def enable(portal: Portal, actor: Person, person_id: int) -> None:
    """Open a closed account again, with the password it had. Raises NotAllowed."""
    with _change(portal, actor, "manage_people", person_id) as c:
        pasts.keep_absences(c, [person_id], portal.now())
        if people.set_disabled(c, person_id, None):
            people_changed(c, portal, [person_id])
            note(portal, c, actor, "enable", f"person:{person_id}")


def move(portal: Portal, actor: Person, person_id: int, unit_id: int, posts: Sequence[str]) -> None:
    """End the present postings and begin others from now on; past results stay where they were.

    Raises NotAllowed, or Refused with ``error.post_unknown``, ``error.unit_closed``.
    """
    posts = checked_posts(portal, posts)
    with _change(portal, actor, "manage_people", person_id) as c:
        permission.require(c, actor, "manage_people", permission.unit(unit_id))
        _check_open(c, unit_id)
        people.post(c, person_id, unit_id, posts, portal.now())
        people_changed(c, portal, [person_id])
        note(portal, c, actor, "move", f"person:{person_id}", unit=unit_id, posts=list(posts))


def change_person(
    portal: Portal, actor: Person, person_id: int, *, name: str, staff_no: str, login: str
) -> None:
    """Mend a name, a staff number or a login. Raises NotAllowed, or Refused with
    ``error.name_form``, ``error.staff_no_form``, ``error.staff_no_taken``, ``error.login_form``,
    ``error.login_taken``."""
    name, staff_no, login = checked_name(name), checked_staff_no(staff_no), checked_login(login)
    with _change(portal, actor, "manage_people", person_id) as c:
        check_free(c, staff_no, login, by_other_than=person_id)
        people.change_person(c, person_id, name=name, staff_no=staff_no, login=login)
        detail = {"name": name, "staff_no": staff_no, "login": login}
        note(portal, c, actor, "change_person", f"person:{person_id}", **detail)


def roles_of(
    portal: Portal, actor: Person, person_id: int
) -> list[tuple[str, int | None, str | None]]:
    """(role, unit id, unit name) of every role that somebody holds. Raises NotAllowed."""
    with permission.read(portal, actor, "manage_roles", permission.person(person_id)) as c:
        return people.roles_held(c, person_id)


def grant_role(
    portal: Portal, actor: Person, person_id: int, role: str, unit_id: int | None = None
) -> None:
    """Give a role; a manager's carries the unit whose subtree it covers.

    Raises NotAllowed, or Refused with ``error.role_unknown``, ``error.role_unit``.
    """
    _check_role(role, unit_id)
    with _change(portal, actor, "manage_roles", person_id) as c:
        if unit_id is not None:
            permission.require(c, actor, "manage_roles", permission.unit(unit_id))
        if people.grant(c, person_id, role, unit_id, by=actor.id, at=portal.now()):
            note(portal, c, actor, "grant_role", f"person:{person_id}", role=role, unit=unit_id)


def revoke_role(
    portal: Portal, actor: Person, person_id: int, role: str, unit_id: int | None = None
) -> None:
    """Take a role away; open pages lose it with their next message.

    Raises NotAllowed, or Refused with ``error.role_unknown``, ``error.role_unit``,
    ``error.last_administrator``.
    """
    _check_role(role, unit_id)
    with _change(portal, actor, "manage_roles", person_id) as c:
        if role == "administrator":
            _keep_an_administrator(c, person_id)
        if people.revoke(c, person_id, role, unit_id, portal.now()):
            note(portal, c, actor, "revoke_role", f"person:{person_id}", role=role, unit=unit_id)


def name_of(portal: Portal, actor: Person, person_id: int) -> str:
    """The name of somebody whose record the actor may see. Raises NotAllowed."""
    with permission.read(portal, actor, "see_record", permission.person(person_id)) as c:
        found = people.find_person(c, person_id)
        return found.name if found else ""


def choose_locale(portal: Portal, actor: Person, locale: str) -> None:
    """Choose the language of one's own interface. Raises Refused("error.locale_unknown")."""
    with portal.db.write(bump=False) as c:
        people.set_locale(c, actor.id, checked_locale(locale))


def email_of(portal: Portal, actor: Person) -> str:
    """One's own e-mail address; nothing when there is none."""
    with portal.db.read() as c:
        return people.email_of(c, actor.id)


def choose_email(portal: Portal, actor: Person, email: str) -> None:
    """Set where one's own reminders go; empty for nowhere. Raises Refused("error.email_form")."""
    email = email.strip()
    if email and not is_address(email):
        raise Refused("error.email_form")
    with permission.write(portal, actor, "change_password", oneself(actor), bump=False) as c:
        if people.set_email(c, actor.id, email or None):
            note(portal, c, actor, "choose_email", f"person:{actor.id}")


def _change(
    portal: Portal, actor: Person, action: str, person_id: int, *, bump: bool = True
) -> permission.Writing:
    return permission.write(portal, actor, action, permission.person(person_id), bump=bump)


def _check_open(c: Connection, unit_id: int) -> None:
    unit = units.find_unit(c, unit_id)
    if unit is None or unit["closed_at"] is not None:
        raise Refused("error.unit_closed")


def _check_role(role: str, unit_id: int | None) -> None:
    if role == "staff" or role not in ROLE_NAMES:
        raise Refused("error.role_unknown")
    if (role == "manager") != (unit_id is not None):
        raise Refused("error.role_unit")


def _keep_an_administrator(c: Connection, person_id: int) -> None:
    if people.administrators(c) == {person_id}:
        raise Refused("error.last_administrator")
