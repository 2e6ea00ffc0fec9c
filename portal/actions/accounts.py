"""Signing in and out, and the password: everything about accounts that the web layer calls."""

from __future__ import annotations

from datetime import timedelta

from portal.actions import hashing
from portal.actions.browser_sessions import (
    SessionView,
    SignedIn,
    begin_session,
    list_sessions,
    person_of,
    sign_out,
    sign_out_everywhere,
)
from portal.actions.errors import Refused
from portal.actions.first_administrator import set_up, setup_link
from portal.actions.outside_sign_in import sign_in_oidc
from portal.actions.password_rules import WeakPassword, check_new, profile_of
from portal.actions.portal import Portal
from portal.actions.sign_in_attempts import attempt, refuse
from portal.actions.tokens import fingerprint
from portal.core.logins import normalise_login
from portal.core.passwords import INITIAL_PASSWORD_HOURS
from portal.core.people import Person
from portal.core.times import iso
from portal.store import audit, credentials, people, sessions
from portal.store.database import Row

__all__ = [
    "SessionView",
    "SignedIn",
    "WeakPassword",
    "change_password",
    "list_sessions",
    "person_of",
    "set_up",
    "setup_link",
    "sign_in",
    "sign_in_oidc",
    "sign_out",
    "sign_out_everywhere",
]


def sign_in(
    portal: Portal,
    login: str,
    password: str,
    address: str,
    user_agent: str,
    *,
    replaces: str = "",
) -> SignedIn:
    """Sign in with a password; ``replaces`` is the token of the session that this one takes over.

    Raises Refused with ``error.sign_in`` (wrong password, unknown or disabled account alike),
    ``error.too_many_attempts`` (seconds), or ``error.initial_password_expired``.
    """
    tried = attempt(portal, normalise_login(login), password, address)
    if tried.account is None or not tried.right or tried.account["disabled_at"]:
        raise refuse(portal, tried, "sign_in_refused", "error.sign_in")
    if _initial_expired(portal, tried.account):
        raise refuse(
            portal,
            tried,
            "sign_in_refused",
            "error.initial_password_expired",
            reason="initial password expired",
        )
    fresh_hash = _hash_again(tried.account["password_hash"], password)
    with portal.db.write(bump=False) as c:
        account = people.find_account(c, tried.account["login"])
        if account is None or _changed(account, tried.account):
            raise Refused("error.sign_in")
        tried.forgive(c)
        if fresh_hash:
            credentials.replace_hash(c, account["id"], account["password_hash"], fresh_hash)
        return begin_session(
            portal, c, account["id"], "password", address, user_agent, replaces=replaces
        )


def change_password(portal: Portal, actor: Person, token: str, old: str, new: str) -> None:
    """Change one's own password; the session of ``token`` goes on, all others end.

    Raises Refused with ``error.wrong_password``, ``error.too_many_attempts``, or WeakPassword.
    """
    tried = attempt(portal, actor.login, old, actor.address)
    if tried.account is None or not tried.right:
        raise refuse(portal, tried, "password_change_refused", "error.wrong_password")
    with portal.db.read() as c:
        past = credentials.last_hashes(c, actor.id, profile_of(portal).remembered)
    check_new(portal, new, login=actor.login, name=actor.name, past_hashes=past)
    new_hash = hashing.hash_password(new)
    with portal.db.write(bump=False) as c:
        account = people.find_account(c, actor.login)
        if account is None or _changed(account, tried.account):
            raise Refused("error.wrong_password")
        tried.forgive(c)
        credentials.set_password(c, actor.id, new_hash, must_change=False, at=portal.now())
        ended = sessions.end_all(c, actor.id, but=fingerprint(token))
        audit.record(
            c,
            at=portal.now(),
            actor_id=actor.id,
            action="change_password",
            target=f"person:{actor.id}",
            address=actor.address,
            sessions=ended,
        )


def _initial_expired(portal: Portal, account: Row) -> bool:
    latest = portal.now() - timedelta(hours=INITIAL_PASSWORD_HOURS)
    return bool(account["must_change"]) and account["password_changed_at"] < iso(latest)


def _changed(account: Row, checked: Row) -> bool:
    """Whether somebody disabled the account or set another password while this one was checked."""
    same = ("id", "password_hash", "disabled_at")
    return any(account[key] != checked[key] for key in same)


def _hash_again(password_hash: str, password: str) -> str | None:
    return hashing.hash_password(password) if hashing.is_outdated(password_hash) else None
