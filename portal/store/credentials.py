"""What a person signs in with: hashes of passwords, and identities at an outside system."""

from __future__ import annotations

from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

PASSWORDS_KEPT = 5  # the longest memory that any password profile asks for


def set_password(
    c: Connection, person_id: int, password_hash: str, *, must_change: bool, at: datetime
) -> None:
    """Store a new hash and remember it among the last ``PASSWORDS_KEPT``."""
    c.run(
        """
        UPDATE people
        SET password_hash = :password_hash, password_changed_at = :at, must_change = :must_change
        WHERE id = :person_id
        """,
        person_id=person_id,
        password_hash=password_hash,
        at=iso(at),
        must_change=int(must_change),
    )
    c.run(
        """
        INSERT INTO password_history (person_id, password_hash, at)
        VALUES (:person_id, :password_hash, :at)
        """,
        person_id=person_id,
        password_hash=password_hash,
        at=iso(at),
    )
    c.run(
        """
        DELETE FROM password_history
        WHERE person_id = :person_id
        AND id NOT IN (
            SELECT id
            FROM password_history
            WHERE person_id = :person_id
            ORDER BY id DESC
            LIMIT :kept
        )
        """,
        person_id=person_id,
        kept=PASSWORDS_KEPT,
    )


def replace_hash(c: Connection, person_id: int, old: str, new: str) -> None:
    """Store the same password hashed anew, unless it was changed meanwhile."""
    hashes = {"person_id": person_id, "old": old, "new": new}
    c.run(
        """
        UPDATE people
        SET password_hash = :new
        WHERE id = :person_id AND password_hash = :old
        """,
        **hashes,
    )
    c.run(
        """
        UPDATE password_history
        SET password_hash = :new
        WHERE person_id = :person_id AND password_hash = :old
        """,
        **hashes,
    )


def last_hashes(c: Connection, person_id: int, number: int) -> list[str]:
    """The hashes of the last passwords, the present one first."""
    rows = c.all(
        """
        SELECT password_hash
        FROM password_history
        WHERE person_id = :person_id
        ORDER BY id DESC
        LIMIT :number
        """,
        person_id=person_id,
        number=number,
    )
    return [row["password_hash"] for row in rows]


# Identities of an outside sign-in


def find_by_identity(c: Connection, issuer: str, subject: str) -> int | None:
    """The person to whom the outside identity belongs."""
    found = c.value(
        """
        SELECT person_id
        FROM identities
        WHERE issuer = :issuer AND subject = :subject
        """,
        issuer=issuer,
        subject=subject,
    )
    return None if found is None else int(found)


def has_identity(c: Connection, person_id: int, issuer: str) -> bool:
    """Whether the person already signs in through ``issuer``."""
    return bool(
        c.value(
            """
            SELECT 1
            FROM identities
            WHERE person_id = :person_id AND issuer = :issuer
            LIMIT 1
            """,
            person_id=person_id,
            issuer=issuer,
        )
    )


def add_identity(c: Connection, issuer: str, subject: str, person_id: int, at: datetime) -> None:
    """Link an outside identity to a person for good."""
    c.run(
        """
        INSERT INTO identities (issuer, subject, person_id, linked_at)
        VALUES (:issuer, :subject, :person_id, :at)
        """,
        issuer=issuer,
        subject=subject,
        person_id=person_id,
        at=iso(at),
    )


def without_password(c: Connection, path: str, expired: datetime) -> list[Row]:
    """Active people of the subtree at ``path`` who have no password, or an initial one from before
    ``expired``, and no identity outside: id, staff_no, name, login, unit_name, unit_path."""
    return c.all(
        """
        SELECT p.id, p.staff_no, p.name, p.login, u.name AS unit_name, u.path AS unit_path
        FROM people AS p
        JOIN postings AS s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
        JOIN units AS u ON u.id = s.unit_id
        WHERE p.disabled_at IS NULL
        AND u.path LIKE :path || '%'
        AND NOT EXISTS (SELECT 1 FROM identities AS i WHERE i.person_id = p.id)
        AND (
            p.password_hash IS NULL
            OR (p.must_change = 1 AND p.password_changed_at < :expired)
        )
        ORDER BY p.staff_no
        """,
        path=path,
        expired=iso(expired),
    )
