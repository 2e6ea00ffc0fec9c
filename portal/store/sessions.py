"""Signed-in browsers, and the failures that make the next sign-in wait.

A session is known by the SHA-256 of its token: who reads the database cannot sign in with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.people import Person
from portal.core.throttle import Failure
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row
from portal.store.people import person_from


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is good now. ``seen_at`` is ISO text."""

    person: Person
    seen_at: str


def begin(
    c: Connection,
    token_sha256: bytes,
    *,
    person_id: int,
    method: str,
    at: datetime,
    expires_at: datetime,
    address: str,
    user_agent: str,
) -> None:
    """Start a session. ``method`` is password, oidc or setup."""
    c.run(
        """
        INSERT INTO sessions (
            token_sha256, person_id, method, created_at, seen_at, expires_at, address, user_agent
        )
        VALUES (
            :token_sha256, :person_id, :method, :at, :at, :expires_at, :address, :user_agent
        )
        """,
        token_sha256=token_sha256,
        person_id=person_id,
        method=method,
        at=iso(at),
        expires_at=iso(expires_at),
        address=address,
        user_agent=user_agent,
    )


def find(
    c: Connection, token_sha256: bytes, *, now: str, seen_since: str, changed_since: str
) -> Session | None:
    """The session, unless it has expired, was idle too long, or its person is disabled.

    All times are ISO text. A password that was older than ``now`` less ``changed_since`` when the
    session began must be changed; one that comes of age later waits for the next sign-in, so that
    nobody is stopped in an exam. Neither concerns who signed in without a password.
    """
    row = c.one(
        """
        SELECT
            p.id,
            p.staff_no,
            p.login,
            p.name,
            p.locale,
            p.must_change,
            p.password_changed_at,
            s.method,
            s.created_at,
            s.seen_at,
            s.address
        FROM sessions AS s
        JOIN people AS p ON p.id = s.person_id
        WHERE s.token_sha256 = :token_sha256
        AND s.expires_at > :now
        AND s.seen_at > :seen_since
        AND p.disabled_at IS NULL
        """,
        token_sha256=token_sha256,
        now=now,
        seen_since=seen_since,
    )
    if row is None:
        return None
    row["must_change"] = row["method"] == "password" and (
        row["must_change"] or _came_of_age(row, now, changed_since)
    )
    return Session(person_from(c, row, row["address"]), row["seen_at"])


def see(c: Connection, token_sha256: bytes, now: str) -> None:
    """Note that the session is being used."""
    c.run(
        "UPDATE sessions SET seen_at = :now WHERE token_sha256 = :token_sha256",
        token_sha256=token_sha256,
        now=now,
    )


def end(c: Connection, token_sha256: bytes) -> Row | None:
    """End a session; return its person_id and address, None when there was none."""
    return c.one(
        """
        DELETE FROM sessions
        WHERE token_sha256 = :token_sha256
        RETURNING person_id, address
        """,
        token_sha256=token_sha256,
    )


def end_all(c: Connection, person_id: int, *, but: bytes = b"") -> int:
    """End every session of a person except the one named; return how many."""
    return c.run(
        "DELETE FROM sessions WHERE person_id = :person_id AND token_sha256 <> :but",
        person_id=person_id,
        but=but,
    )


def list_sessions(c: Connection, person_id: int, *, now: str, seen_since: str) -> list[Row]:
    """Sessions that are good now, the latest used first: token_sha256, method, created_at,
    seen_at, expires_at, address, user_agent."""
    return c.all(
        """
        SELECT token_sha256, method, created_at, seen_at, expires_at, address, user_agent
        FROM sessions
        WHERE person_id = :person_id AND expires_at > :now AND seen_at > :seen_since
        ORDER BY seen_at DESC
        """,
        person_id=person_id,
        now=now,
        seen_since=seen_since,
    )


def prune(c: Connection, *, now: str, seen_since: str) -> int:
    """Remove sessions that nobody can use any more."""
    return c.run(
        "DELETE FROM sessions WHERE expires_at <= :now OR seen_at <= :seen_since",
        now=now,
        seen_since=seen_since,
    )


# Failures


def failures(c: Connection, login_sha256: bytes, address: str, since: datetime) -> list[Failure]:
    """Failures since then of this login, of this address, or of both."""
    rows = c.all(
        """
        SELECT
            login_sha256 = :login_sha256 AS same_account,
            address = :address AS same_address,
            at
        FROM sign_in_failures
        WHERE at > :since AND (login_sha256 = :login_sha256 OR address = :address)
        """,
        login_sha256=login_sha256,
        address=address,
        since=iso(since),
    )
    return [
        Failure(bool(row["same_account"]), bool(row["same_address"]), parse_iso(row["at"]))
        for row in rows
    ]


def add_failure(c: Connection, login_sha256: bytes, address: str, at: datetime) -> None:
    """Note a failed sign-in, or one that may yet fail."""
    c.run(
        """
        INSERT INTO sign_in_failures (login_sha256, address, at)
        VALUES (:login_sha256, :address, :at)
        """,
        login_sha256=login_sha256,
        address=address,
        at=iso(at),
    )


def forget_failures(c: Connection, login_sha256: bytes, address: str) -> None:
    """Forget the failures of this login from this address, after it has signed in."""
    c.run(
        """
        DELETE FROM sign_in_failures
        WHERE login_sha256 = :login_sha256 AND address = :address
        """,
        login_sha256=login_sha256,
        address=address,
    )


def prune_failures(c: Connection, before: datetime) -> int:
    """Remove failures that no longer count."""
    return c.run("DELETE FROM sign_in_failures WHERE at <= :before", before=iso(before))


def _came_of_age(row: Row, now: str, changed_since: str) -> bool:
    """Whether the password was due for a change already when the session began."""
    changed = row["password_changed_at"] or ""
    if changed >= changed_since:
        return False
    lasts = parse_iso(now) - parse_iso(changed_since)
    return bool(changed < iso(parse_iso(row["created_at"]) - lasts))
