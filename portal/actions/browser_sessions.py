"""Signed-in browsers: each has a token of which the database knows the hash.

Every request looks its session up again: a sign-out, a disabled account or a changed role holds
from the next message on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.actions import permission
from portal.actions.errors import Refused
from portal.actions.password_rules import changed_since
from portal.actions.portal import Portal
from portal.actions.tokens import LONGEST, fingerprint, new_token
from portal.core.people import Person
from portal.core.throttle import FORGOTTEN_AFTER
from portal.core.times import iso
from portal.store import audit, sessions
from portal.store.database import Connection

_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_USER_AGENT = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. ``token`` is for the browser's cookie; nobody can read it again."""

    token: str
    person: Person
    must_change: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One signed-in browser of a person; ``current`` marks the one that asked."""

    method: str
    created_at: str
    seen_at: str
    expires_at: str
    address: str
    user_agent: str
    current: bool


def begin_session(
    portal: Portal,
    c: Connection,
    person_id: int,
    method: str,
    address: str,
    user_agent: str,
    *,
    replaces: str = "",
) -> SignedIn:
    """Start a session for somebody who has proved who it is, within the caller's transaction."""
    now = portal.now()
    _prune(portal, c, now)
    if replaces:
        sessions.end(c, fingerprint(replaces))
    token = new_token()
    sessions.begin(
        c,
        fingerprint(token),
        person_id=person_id,
        method=method,
        at=now,
        expires_at=now + timedelta(hours=portal.settings.absolute_hours),
        address=address,
        user_agent=user_agent[:_LONGEST_USER_AGENT],
    )
    audit.record(c, at=now, actor_id=person_id, action="sign_in", address=address, method=method)
    found = _find_session(portal, c, fingerprint(token), now)
    if found is None:
        raise Refused("error.sign_in")  # disabled meanwhile
    return SignedIn(token, found.person, found.person.must_change)


def person_of(portal: Portal, token: str) -> Person | None:
    """Who holds ``token`` at this moment, with the roles of this moment; None for nobody.

    Only reads (it stands in front of every message). When it was last seen is written later, in
    the background, at most once a minute.
    """
    if not token or len(token) > LONGEST:
        return None
    token_sha256 = fingerprint(token)
    now = portal.now()
    with portal.db.read() as c:
        found = _find_session(portal, c, token_sha256, now)
    if found is None:
        return None
    if found.seen_at < iso(now - _SEEN_EVERY):
        moment = iso(now)
        portal.db.later(token_sha256, lambda c: sessions.see(c, token_sha256, moment))
    return found.person


def sign_out(portal: Portal, token: str) -> None:
    """End one session; does nothing when it has ended already."""
    if not token or len(token) > LONGEST:
        return
    with portal.db.write(bump=False) as c:
        ended = sessions.end(c, fingerprint(token))
        if ended:
            audit.record(
                c,
                at=portal.now(),
                actor_id=ended["person_id"],
                action="sign_out",
                address=ended["address"],
            )


def sign_out_everywhere(portal: Portal, actor: Person, person_id: int, *, keep: str = "") -> int:
    """End all sessions of a person, except the one of the token ``keep``; return how many.

    Raises NotAllowed.
    """
    with permission.write(
        portal, actor, "end_sessions", permission.person(person_id), bump=False
    ) as c:
        ended = sessions.end_all(c, person_id, but=fingerprint(keep) if keep else b"")
        audit.record(
            c,
            at=portal.now(),
            actor_id=actor.id,
            action="sign_out_everywhere",
            target=f"person:{person_id}",
            address=actor.address,
            sessions=ended,
        )
        return ended


def list_sessions(
    portal: Portal, actor: Person, person_id: int | None = None, *, token: str = ""
) -> list[SessionView]:
    """Where a person (None: the actor) is signed in, the latest used first. Raises NotAllowed."""
    wanted = actor.id if person_id is None else person_id
    with permission.read(portal, actor, "see_sessions", permission.person(wanted)) as c:
        rows = sessions.list_sessions(
            c, wanted, now=iso(portal.now()), seen_since=iso(_idle_since(portal))
        )
    current = fingerprint(token) if token else b""
    return [
        SessionView(
            method=row["method"],
            created_at=row["created_at"],
            seen_at=row["seen_at"],
            expires_at=row["expires_at"],
            address=row["address"],
            user_agent=row["user_agent"],
            current=row["token_sha256"] == current,
        )
        for row in rows
    ]


def _find_session(
    portal: Portal, c: Connection, token_sha256: bytes, now: datetime
) -> sessions.Session | None:
    return sessions.find(
        c,
        token_sha256,
        now=iso(now),
        seen_since=iso(_idle_since(portal)),
        changed_since=iso(changed_since(portal)),
    )


def _idle_since(portal: Portal) -> datetime:
    return portal.now() - timedelta(minutes=portal.settings.idle_minutes)


def _prune(portal: Portal, c: Connection, now: datetime) -> None:
    sessions.prune(c, now=iso(now), seen_since=iso(_idle_since(portal)))
    sessions.prune_failures(c, now - FORGOTTEN_AFTER)
