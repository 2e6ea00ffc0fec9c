"""The first administrator, made by whoever can read the server's terminal.

There are no default accounts. While nobody is an administrator, each start makes a new token,
prints it in a link, and keeps its hash: it is good for 24 hours and for one use.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

from portal.actions import hashing
from portal.actions.browser_sessions import SignedIn, begin_session
from portal.actions.errors import Refused
from portal.actions.password_rules import check_new
from portal.actions.people_rules import check_free, checked_login, checked_name, checked_staff_no
from portal.actions.portal import Portal
from portal.actions.tokens import fingerprint, new_token
from portal.core.times import iso
from portal.store import audit, people, settings
from portal.store.database import Connection

_HASH = "setup_token_sha256"
_EXPIRES = "setup_token_expires_at"
_GOOD_FOR = timedelta(hours=24)


def setup_link(portal: Portal) -> str | None:
    """A new one-time token for the set-up page, or None when there is an administrator.

    The token made before is worth nothing from then on.
    """
    token = new_token()
    with portal.db.write(bump=False) as c:
        if people.administrators(c):
            return None
        settings.store(c, _HASH, fingerprint(token).hex())
        settings.store(c, _EXPIRES, iso(portal.now() + _GOOD_FOR))
    return token


def set_up(
    portal: Portal,
    setup_token: str,
    login: str,
    name: str,
    password: str,
    address: str,
    user_agent: str,
    *,
    staff_no: str = "",
) -> SignedIn:
    """Make the first administrator and sign in; ``staff_no`` is the login where none is given.

    Raises Refused with ``error.setup_token`` (wrong, used or expired), ``error.login_form``,
    ``error.name_form``, ``error.staff_no_form``, ``error.login_taken``, ``error.staff_no_taken``,
    or WeakPassword.
    """
    with portal.db.read() as c:
        _check_token(portal, c, setup_token)
    login, name = checked_login(login), checked_name(name)
    staff_no = checked_staff_no(staff_no or login)
    check_new(portal, password, login=login, name=name)
    password_hash = hashing.hash_password(password)
    with portal.db.write() as c:
        _check_token(portal, c, setup_token)  # only one of two at once
        check_free(c, staff_no, login)
        person_id = people.add_person(
            c,
            staff_no=staff_no,
            login=login,
            name=name,
            password_hash=password_hash,
            must_change=False,
            at=portal.now(),
        )
        people.grant(c, person_id, "administrator", None, by=person_id, at=portal.now())
        settings.remove(c, _HASH)
        settings.remove(c, _EXPIRES)
        audit.record(
            c,
            at=portal.now(),
            actor_id=person_id,
            action="set_up",
            target=f"person:{person_id}",
            address=address,
        )
        return begin_session(portal, c, person_id, "setup", address, user_agent)


def _check_token(portal: Portal, c: Connection, token: str) -> None:
    stored = settings.find(c, _HASH) or ""
    expires = settings.find(c, _EXPIRES) or ""
    same = hmac.compare_digest(fingerprint(token).hex(), stored)
    if not same or iso(portal.now()) >= expires or people.administrators(c):
        raise Refused("error.setup_token")
