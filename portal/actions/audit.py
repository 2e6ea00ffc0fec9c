"""Noting what an actor does, reading the audit log, checking that it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from portal.actions import permission
from portal.actions.portal import Portal
from portal.core.audience import BadRule, Everyone, InUnit, Named, parts, read_rule
from portal.core.audience_words import SHOWN_NAMES
from portal.core.audit_chain import Entry, Head, Walk, walk
from portal.core.people import Person
from portal.store import audit, people, people_lists, units
from portal.store.audit import Wanted
from portal.store.database import Connection, Database, Row

__all__ = [
    "Wanted",
    "audit_head",
    "find_actors",
    "find_targets",
    "known_actions",
    "note",
    "read_audit",
    "verify",
    "walk_log",
]

_MOST = 1000  # entries a page
_BATCH = 20_000  # entries between two reports of progress
_FOUND = 20  # people, or units, for a search
_UNITS = frozenset({"unit", "parent", "successor", "before"})  # what in a detail is a unit's id


def note(
    portal: Portal, c: Connection, actor: Person, action: str, target: str, **detail: object
) -> None:
    """Note, in the transaction of the deed, that ``actor`` did ``action`` to ``target``."""
    audit.record(
        c,
        at=portal.now(),
        actor_id=actor.id,
        action=action,
        target=target,
        address=actor.address,
        **detail,
    )


def read_audit(
    portal: Portal,
    actor: Person,
    wanted: Wanted | None = None,
    *,
    before: tuple[str, int] | None = None,
    limit: int = 100,
) -> list[Row]:
    """The newest entries that fit: id, at (ISO text), actor_id, actor_name, actor_staff_no, action,
    target, target_name (of a person or a unit, else None), detail (dict; units by their names),
    names (of units and people in an ``audience``, by ``unit:3``), address.

    ``before`` is ``(at, id)`` of the last entry of the page before. Raises NotAllowed.
    """
    with permission.read(portal, actor, "read_audit") as c:
        rows = audit.entries(c, wanted or Wanted(), before, min(max(limit, 1), _MOST))
        names = _Names(c)
        return [
            row
            | {"detail": names.of_units(detail), "names": names.of_audience(detail)}
            | {"target_name": names.of(row["target"])}
            for row in rows
            for detail in [json.loads(row["detail"])]
        ]


def known_actions(portal: Portal, actor: Person) -> list[str]:
    """The actions that the log has entries of. Raises NotAllowed."""
    with permission.read(portal, actor, "read_audit") as c:
        return audit.actions(c)


def find_actors(portal: Portal, actor: Person, query: str) -> list[Row]:
    """People by name, number or login, for a filter: id, name, staff_no. Raises NotAllowed."""
    with permission.read(portal, actor, "read_audit") as c:
        rows = people_lists.list_people(c, "/", query, limit=_FOUND, offset=0)
    return [{key: row[key] for key in ("id", "name", "staff_no")} for row in rows]


def find_targets(portal: Portal, actor: Person, query: str) -> list[tuple[str, str]]:
    """(target, words) of people and units by name, number or code. Raises NotAllowed."""
    with permission.read(portal, actor, "read_audit") as c:
        found = units.search_units(c, query, limit=_FOUND)
    people_found = find_actors(portal, actor, query)
    return [
        *((f"person:{row['id']}", f"{row['name']} · {row['staff_no']}") for row in people_found),
        *((f"unit:{row['id']}", row["name"]) for row in found),
    ]


def audit_head(portal: Portal, actor: Person) -> Head:
    """The newest entry and its seal, to be kept elsewhere. Raises NotAllowed."""
    with permission.read(portal, actor, "read_audit") as c:
        return audit.head(c)


def verify(portal: Portal, actor: Person, kept: Head | None = None) -> Iterator[tuple[Walk, int]]:
    """Check the whole log: (state so far, id of the newest entry) after each batch.

    Raises NotAllowed. What the result can prove is said in ``core.audit_chain``.
    """
    with permission.read(portal, actor, "read_audit"):
        pass
    yield from walk_log(portal.db, kept)


def walk_log(db: Database, kept: Head | None = None) -> Iterator[tuple[Walk, int]]:
    """The same without a person who asks, for the command line."""
    with db.read() as c:
        tip = audit.tip(c)
        for state in walk(_batches(c), kept, tip):
            yield state, tip.id


# Private functions


def _batches(c: Connection) -> Iterator[list[tuple[Entry, str]]]:
    after = 0
    while batch := audit.sealed(c, after, _BATCH):
        yield batch
        after = batch[-1][0].id


class _Names:
    """The names of people and units, each looked up once a page."""

    def __init__(self, c: Connection) -> None:
        self._c = c
        self._known: dict[str, str | None] = {}

    def of(self, target: str) -> str | None:
        """The name of ``person:7`` or ``unit:3``; None for anything else."""
        if target not in self._known:
            self._known[target] = self._look_up(target)
        return self._known[target]

    def of_units(self, detail: dict[str, Any]) -> dict[str, Any]:
        """The detail with the names of the units in it."""
        return {
            key: self.of(f"unit:{value}") or value if key in _UNITS else value
            for key, value in detail.items()
        }

    def of_audience(self, detail: dict[str, Any]) -> dict[str, str]:
        """The names of whom an audience in the detail speaks of, by ``unit:3`` and ``person:7``."""
        try:
            rule = read_rule(detail["audience"]) if "audience" in detail else Everyone()
        except BadRule:
            return {}
        meant: list[str] = []
        for part in parts(rule):
            if isinstance(part, InUnit):
                meant.append(f"unit:{part.unit_id}")
            if isinstance(part, Named):
                meant += [f"person:{one}" for one in part.person_ids[:SHOWN_NAMES]]
        return {key: name for key in meant if (name := self.of(key)) is not None}

    def _look_up(self, target: str) -> str | None:
        kind, _, number = target.partition(":")
        if not (number.isascii() and number.isdigit()):
            return None
        if kind == "person":
            person = people.find_person(self._c, int(number))
            return person.name if person else None
        if kind == "unit":
            unit = units.find_unit(self._c, int(number))
            return str(unit["name"]) if unit else None
        return None
