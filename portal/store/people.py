"""People and the roles they were granted.

Where somebody belongs is said by the main posting (``core.postings``). A role that was taken away
stays as a row with ``revoked_at``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.core.people import Person, Role, Target
from portal.core.postings import all_in
from portal.core.times import iso
from portal.store import postings
from portal.store.credentials import set_password
from portal.store.database import Connection, Row
from portal.store.listed import listed


def add_person(
    c: Connection,
    *,
    staff_no: str,
    login: str,
    name: str,
    password_hash: str | None,
    must_change: bool,
    at: datetime,
    locale: str = "zh",
) -> int:
    """Add a person; return the id. Raises IntegrityError when number or login is taken."""
    person_id = c.insert(
        """
        INSERT INTO people (staff_no, login, name, locale, created_at)
        VALUES (:staff_no, :login, :name, :locale, :at)
        RETURNING id
        """,
        staff_no=staff_no,
        login=login,
        name=name,
        locale=locale,
        at=iso(at),
    )
    if password_hash is not None:
        set_password(c, person_id, password_hash, must_change=must_change, at=at)
    return person_id


def find_taken(c: Connection, *, staff_no: str, login: str, by_other_than: int = 0) -> str | None:
    """``"staff_no"`` or ``"login"`` when somebody, other than the one named, has it already."""
    found = c.one(
        """
        SELECT staff_no
        FROM people
        WHERE (staff_no = :staff_no OR login = :login) AND id <> :but
        ORDER BY staff_no = :staff_no DESC
        LIMIT 1
        """,
        staff_no=staff_no,
        login=login,
        but=by_other_than,
    )
    if found is None:
        return None
    return "staff_no" if found["staff_no"] == staff_no else "login"


def find_account(c: Connection, login: str) -> Row | None:
    """What signing in needs: id, login, name, password_hash, password_changed_at, must_change,
    disabled_at. ``login`` as it is stored, in small letters."""
    return c.one(
        """
        SELECT id, login, name, password_hash, password_changed_at, must_change, disabled_at
        FROM people
        WHERE login = :login
        """,
        login=login,
    )


def find_person(c: Connection, person_id: int) -> Person | None:
    """The person as of now, disabled or not."""
    row = c.one(
        """
        SELECT id, staff_no, login, name, locale, must_change
        FROM people
        WHERE id = :person_id
        """,
        person_id=person_id,
    )
    return person_from(c, row) if row else None


def person_from(c: Connection, row: Row, address: str = "") -> Person:
    """A Person of a row of ``people``, with the roles and postings of this moment."""
    held = c.all(
        """
        SELECT 0 AS is_post, 0 AS beside, g.id, g.role AS name, g.unit_id, u.path
        FROM role_grants AS g
        LEFT JOIN units AS u ON u.id = g.unit_id
        WHERE g.person_id = :person_id AND g.revoked_at IS NULL
        UNION ALL
        SELECT 1, 1 - s.main, s.id, s.post, s.unit_id, u.path
        FROM postings AS s
        JOIN units AS u ON u.id = s.unit_id
        WHERE s.person_id = :person_id AND s.ended_at IS NULL
        ORDER BY 1, 2, 3
        """,
        person_id=row["id"],
    )
    posts = [one for one in held if one["is_post"]]
    return Person(
        id=row["id"],
        staff_no=row["staff_no"],
        login=row["login"],
        name=row["name"],
        locale=row["locale"],
        roles=frozenset(
            Role(one["name"], one["unit_id"], one["path"]) for one in held if not one["is_post"]
        ),
        posts=tuple(dict.fromkeys(one["name"] for one in posts)),
        unit_id=posts[0]["unit_id"] if posts else None,
        unit_path=posts[0]["path"] if posts else None,
        must_change=bool(row["must_change"]),
        address=address,
    )


def find_target(c: Connection, person_id: int) -> Target | None:
    """The person as the target of an action, with the unit of the main posting."""
    row = c.one(
        """
        SELECT p.id, u.path
        FROM people AS p
        LEFT JOIN postings AS s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
        LEFT JOIN units AS u ON u.id = s.unit_id
        WHERE p.id = :person_id
        """,
        person_id=person_id,
    )
    return Target(person_id, row["path"]) if row else None


def shown(c: Connection, person_ids: Sequence[int]) -> list[Row]:
    """id, name, staff_no, unit_name, unit_name_en, unit_path of these people, by staff number."""
    if not person_ids:
        return []
    within, params = listed(person_ids)
    return c.all(
        f"""
        SELECT p.id, p.name, p.staff_no, u.name AS unit_name, u.name_en AS unit_name_en,
               u.path AS unit_path
        FROM people AS p
        LEFT JOIN postings AS s ON s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1
        LEFT JOIN units AS u ON u.id = s.unit_id
        WHERE p.id IN {within}
        ORDER BY p.staff_no
        """,  # noqa: S608 (names of parameters)
        **params,
    )


def email_of(c: Connection, person_id: int) -> str:
    """The person's e-mail address; nothing when there is none."""
    return str(c.value("SELECT email FROM people WHERE id = :id", id=person_id) or "")


def set_email(c: Connection, person_id: int, email: str | None) -> bool:
    """Set the e-mail address, or take it away; False when it was so before."""
    return bool(
        c.run(
            """
            UPDATE people SET email = :email
            WHERE id = :id AND COALESCE(email, '') <> COALESCE(:email, '')
            """,
            id=person_id,
            email=email,
        )
    )


def by_staff_no(c: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Ids of the people with these staff numbers, by number."""
    found = {}
    for number in numbers:
        person_id = c.value("SELECT id FROM people WHERE staff_no = :number", number=number)
        if person_id is not None:
            found[number] = int(person_id)
    return found


def active_numbers(c: Connection, numbers: Sequence[str]) -> set[str]:
    """Of these staff numbers, those of people who can sign in and hold a posting."""
    names = {f"n{at}": number for at, number in enumerate(numbers)}
    if not names:
        return set()
    rows = c.all(
        f"""
        SELECT p.staff_no FROM people p
        WHERE p.staff_no IN ({", ".join(f":{name}" for name in names)})
          AND p.disabled_at IS NULL
          AND EXISTS (SELECT 1 FROM postings s WHERE s.person_id = p.id AND s.ended_at IS NULL)
        """,  # noqa: S608 (names of parameters)
        **names,
    )
    return {row["staff_no"] for row in rows}


def set_disabled(c: Connection, person_id: int, disabled_at: datetime | None) -> bool:
    """Disable, or enable with None; False when that changes nothing."""
    return bool(
        c.run(
            """
            UPDATE people
            SET disabled_at = :at
            WHERE id = :person_id AND (disabled_at IS NULL) <> (:at IS NULL)
            """,
            person_id=person_id,
            at=iso(disabled_at) if disabled_at else None,
        )
    )


def change_person(c: Connection, person_id: int, *, name: str, staff_no: str, login: str) -> None:
    """Set name, number and login."""
    c.run(
        """
        UPDATE people
        SET name = :name, staff_no = :staff_no, login = :login
        WHERE id = :person_id
        """,
        person_id=person_id,
        name=name,
        staff_no=staff_no,
        login=login,
    )


def set_locale(c: Connection, person_id: int, locale: str) -> None:
    """Choose the language of the interface, ``zh`` or ``en``."""
    c.run(
        "UPDATE people SET locale = :locale WHERE id = :person_id",
        person_id=person_id,
        locale=locale,
    )


# Postings


def post(c: Connection, person_id: int, unit_id: int, posts: Sequence[str], at: datetime) -> bool:
    """Let the person hold ``posts`` in the unit and nothing else; False when that is so already."""
    return postings.replace(c, person_id, all_in(unit_id, posts), at)


# Roles


def grant(
    c: Connection, person_id: int, role: str, unit_id: int | None, *, by: int, at: datetime
) -> bool:
    """Grant a role; False when the person has it already."""
    return bool(
        c.run(
            """
            INSERT INTO role_grants (person_id, role, unit_id, granted_at, granted_by)
            VALUES (:person_id, :role, :unit_id, :at, :by)
            ON CONFLICT DO NOTHING
            """,
            person_id=person_id,
            role=role,
            unit_id=unit_id,
            at=iso(at),
            by=by,
        )
    )


def revoke(c: Connection, person_id: int, role: str, unit_id: int | None, at: datetime) -> bool:
    """Take a role away; False when the person does not have it."""
    return bool(
        c.run(
            """
            UPDATE role_grants
            SET revoked_at = :at
            WHERE person_id = :person_id
            AND role = :role
            AND COALESCE(unit_id, 0) = COALESCE(:unit_id, 0)
            AND revoked_at IS NULL
            """,
            person_id=person_id,
            role=role,
            unit_id=unit_id,
            at=iso(at),
        )
    )


def roles_held(c: Connection, person_id: int) -> list[tuple[str, int | None, str | None]]:
    """(role, unit id, unit name) of every role that the person holds now."""
    rows = c.all(
        """
        SELECT g.role, g.unit_id, u.name
        FROM role_grants AS g
        LEFT JOIN units AS u ON u.id = g.unit_id
        WHERE g.person_id = :person_id AND g.revoked_at IS NULL
        ORDER BY g.id
        """,
        person_id=person_id,
    )
    return [(row["role"], row["unit_id"], row["name"]) for row in rows]


def administrators(c: Connection) -> set[int]:
    """The ids of the administrators whose accounts are not disabled."""
    rows = c.all(
        """
        SELECT DISTINCT g.person_id
        FROM role_grants AS g
        JOIN people AS p ON p.id = g.person_id
        WHERE g.role = 'administrator' AND g.revoked_at IS NULL AND p.disabled_at IS NULL
        """
    )
    return {row["person_id"] for row in rows}
