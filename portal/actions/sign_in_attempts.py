"""Checking a password, with the throttle in front of it.

An attempt is written down as a failure *before* the password is checked and taken back when it
was right: a thousand requests sent at once are counted like a thousand sent one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import hashing
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.tokens import fingerprint
from portal.core.throttle import FORGOTTEN_AFTER, KNOWN_ADDRESS_FOR, wait_s
from portal.store import audit, people, sessions
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Attempt:
    """A checked password. ``account`` is None where the login is unknown; then never ``right``."""

    account: Row | None
    right: bool
    login_sha256: bytes
    address: str

    def forgive(self, c: Connection) -> None:
        """Forget the failures of this account from this address; others' failures stay."""
        sessions.forget_failures(c, self.login_sha256, self.address)


def attempt(portal: Portal, login: str, password: str, address: str) -> Attempt:
    """Check ``password``; every login, known or not, costs one verification.

    Raises Refused("error.too_many_attempts", seconds=…) without looking at the password.
    """
    login_sha256 = fingerprint(login)
    account = _count(portal, login, login_sha256, address)
    right = hashing.verify(account["password_hash"] if account else None, password)
    return Attempt(account, right, login_sha256, address)


def refuse(portal: Portal, failed: Attempt, action: str, key: str, **detail: object) -> Refused:
    """Log that ``failed`` was refused; return what to raise."""
    account_id = failed.account["id"] if failed.account else None
    with portal.db.write(bump=False) as c:
        audit.record(
            c,
            at=portal.now(),
            actor_id=None,  # whoever tried has not shown to be this person
            action=action,
            target=f"person:{account_id}" if account_id else "",
            address=failed.address,
            **detail,
        )
    return Refused(key)


def _count(portal: Portal, login: str, login_sha256: bytes, address: str) -> Row | None:
    now = portal.now()
    with portal.db.write(bump=False) as c:
        account = people.find_account(c, login)
        known = account is not None and audit.signed_in_from(
            c, account["id"], address, now - KNOWN_ADDRESS_FOR
        )
        past = sessions.failures(c, login_sha256, address, now - FORGOTTEN_AFTER)
        seconds = wait_s(past, now, known_address=known)
        if seconds:
            raise Refused("error.too_many_attempts", seconds=seconds)
        sessions.add_failure(c, login_sha256, address, now)
    return account
