"""What a roster is compared with, and writing what its plan says, many rows a statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from portal.core.postings import Posting, changes
from portal.core.roster_model import Addition, Change, PersonFact, Switch, Transfer, UnitFact
from portal.core.times import iso
from portal.store.database import Connection


def unit_facts(c: Connection) -> tuple[UnitFact, ...]:
    """Every unit with the names of those above."""
    rows = c.all(
        """
        SELECT u.id, u.path, u.name, u.code, u.closed_at, s.name AS successor
        FROM units AS u
        LEFT JOIN units AS s ON s.id = u.successor_id
        """
    )
    names = {row["id"]: row["name"] for row in rows}
    return tuple(
        UnitFact(
            id=row["id"],
            path=row["path"],
            names=tuple(names[int(step)] for step in row["path"].strip("/").split("/")),
            code=row["code"],
            closed=row["closed_at"] is not None,
            successor=row["successor"],
        )
        for row in rows
    )


def person_facts(c: Connection, *, kept: int | None) -> dict[str, PersonFact]:
    """Everybody by staff number; administrators and the person ``kept`` are kept."""
    held: dict[int, list[Posting]] = {}
    for row in c.all(
        """
        SELECT person_id, unit_id, post, main
        FROM postings
        WHERE ended_at IS NULL
        ORDER BY person_id, main DESC, id
        """
    ):
        posting = Posting(row["unit_id"], row["post"], bool(row["main"]))
        held.setdefault(row["person_id"], []).append(posting)
    rows = c.all(
        """
        SELECT p.id, p.staff_no, p.login, p.name, p.email, p.disabled_at,
               EXISTS (SELECT 1 FROM role_grants AS g
                       WHERE g.person_id = p.id AND g.role = 'administrator'
                       AND g.revoked_at IS NULL) AS is_administrator
        FROM people AS p
        ORDER BY p.staff_no
        """
    )
    return {
        row["staff_no"]: PersonFact(
            id=row["id"],
            staff_no=row["staff_no"],
            login=row["login"],
            name=row["name"],
            email=row["email"],
            disabled=row["disabled_at"] is not None,
            kept=bool(row["is_administrator"]) or row["id"] == kept,
            held=tuple(held.get(row["id"], ())),
        )
        for row in rows
    }


def add_people(c: Connection, added: Sequence[Addition], at: datetime) -> dict[str, int]:
    """Add people without a password, and their postings; ids by staff number."""
    ids = {
        one.staff_no: c.insert(
            """
            INSERT INTO people (staff_no, login, name, email, created_at)
            VALUES (:staff_no, :login, :name, :email, :at)
            RETURNING id
            """,
            staff_no=one.staff_no,
            login=one.login,
            name=one.name,
            email=one.email,
            at=iso(at),
        )
        for one in added
    }
    _begin(c, ((ids[one.staff_no], posting) for one in added for posting in one.postings), at)
    return ids


def change_people(c: Connection, changed: Sequence[Change]) -> None:
    """Set the fields that differ."""
    for field, statement in _SET.items():
        values = [
            {"person_id": one.person_id, "value": after or None}
            for one in changed
            for name, _, after in one.fields
            if name == field
        ]
        c.many(statement, values)


def move_people(c: Connection, moved: Sequence[Transfer], at: datetime) -> None:
    """End the postings that do not go on, begin the new ones."""
    steps = [(one.person_id, *changes(one.before, one.after)) for one in moved]
    c.many(
        """
        UPDATE postings
        SET ended_at = :at
        WHERE person_id = :person_id AND unit_id = :unit_id AND post = :post AND ended_at IS NULL
        """,
        [_row(person_id, one, at) for person_id, ended, _ in steps for one in ended],
    )
    _begin(c, ((person_id, one) for person_id, _, begun in steps for one in begun), at)


def switch_people(c: Connection, switched: Sequence[Switch], disabled_at: datetime | None) -> None:
    """Disable accounts and end their sessions, or enable them with None."""
    at = iso(disabled_at) if disabled_at else None
    c.many(
        "UPDATE people SET disabled_at = :at WHERE id = :person_id",
        [{"person_id": one.person_id, "at": at} for one in switched],
    )
    if disabled_at is not None:
        c.many(
            "DELETE FROM sessions WHERE person_id = :person_id",
            [{"person_id": one.person_id} for one in switched],
        )


# Private functions

_SET: Mapping[str, str] = {
    "name": "UPDATE people SET name = :value WHERE id = :person_id",
    "login": "UPDATE people SET login = :value WHERE id = :person_id",
    "email": "UPDATE people SET email = :value WHERE id = :person_id",
}


def _begin(c: Connection, begun: Iterable[tuple[int, Posting]], at: datetime) -> None:
    c.many(
        """
        INSERT INTO postings (person_id, unit_id, post, main, began_at)
        VALUES (:person_id, :unit_id, :post, :main, :at)
        """,
        [_row(person_id, one, at) for person_id, one in begun],
    )


def _row(person_id: int, posting: Posting, at: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "unit_id": posting.unit_id,
        "post": posting.post,
        "main": int(posting.main),
        "at": iso(at),
    }
