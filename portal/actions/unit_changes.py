"""Moving, merging, closing and reopening units.

What was earned stays with the unit where it was earned: results carry the unit's id. A unit that
moves takes its own past along; one that is merged keeps its past and points to its successor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.people_rules import checked_code, checked_name
from portal.actions.portal import Portal
from portal.core.audience import InUnit, parts
from portal.core.people import Person
from portal.core.postings import settle_main
from portal.core.units import Unit, judge_close, judge_merge, judge_move, judge_reopen, path_below
from portal.store import assignments, postings, units
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class UnitContents:
    """What hangs on one unit itself: people posted there, open units directly below, managers, and
    running assignments that are given within the unit or to it by name."""

    people: int
    units: int
    managers: int
    assignments: int


def unit_contents(portal: Portal, actor: Person, unit_id: int) -> UnitContents:
    """What a change of the unit concerns, to be said before it is made. Raises NotAllowed."""
    with permission.read(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        return _contents(c, unit_id)


def change_unit(
    portal: Portal, actor: Person, unit_id: int, name: str, name_en: str | None, code: str | None
) -> None:
    """Give a unit another name or code; empty ones are taken away.

    Raises NotAllowed, or Refused with ``error.name_form``, ``error.code_form``,
    ``error.code_taken``.
    """
    name, name_en = checked_name(name), checked_name(name_en) if name_en else None
    code = checked_code(code)
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        before = _get(c, unit_id)
        if code and units.code_taken(c, code, by_other_than=unit_id):
            raise Refused("error.code_taken")
        units.change_unit(c, unit_id, name, name_en, code)
        note(
            portal,
            c,
            actor,
            "rename_unit",
            f"unit:{unit_id}",
            name=name,
            name_before=before.name,
            code=code,
        )


def move_unit(portal: Portal, actor: Person, unit_id: int, parent_id: int | None) -> None:
    """Put a unit, with everything below it, below another one, or at the top.

    Raises NotAllowed, or Refused with ``error.unit_closed``, ``error.unit_cycle``,
    ``error.unit_kind``, ``error.unit_there_already``.
    """
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        target = permission.nobody if parent_id is None else permission.unit(parent_id)
        permission.require(c, actor, "manage_units", target)
        unit = _get(c, unit_id)
        parent = None if parent_id is None else _get(c, parent_id)
        _refuse(judge_move(unit, parent))
        units.move_unit(c, unit, parent_id, path_below(parent, unit_id))
        note(
            portal,
            c,
            actor,
            "move_unit",
            f"unit:{unit_id}",
            parent=parent_id,
            before=unit.parent_id,
        )


def merge_unit(portal: Portal, actor: Person, unit_id: int, into_id: int) -> UnitContents:
    """Merge a unit into another of its level: people and units below go on there, then it closes.

    Everybody's posts begin anew in the successor today; what was earned stays where it was.
    Managers of the merged unit keep their look at its past and get no new reach. Assignments given
    within it or to it by name go on and match nobody any more. Returns what it held. Raises
    NotAllowed, or Refused with ``error.merge_itself``, ``error.merge_kind``, ``error.unit_closed``.
    """
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        permission.require(c, actor, "manage_units", permission.unit(into_id))
        unit, into = _get(c, unit_id), _get(c, into_id)
        _refuse(judge_merge(unit, into))
        contents = _contents(c, unit_id)
        for child in units.children_of(c, unit_id):
            units.move_unit(c, child, into_id, path_below(into, child.id))
        _move_people(portal, c, unit_id, into_id)
        units.close_unit(c, unit_id, portal.now(), successor_id=into_id)
        note(
            portal,
            c,
            actor,
            "merge_unit",
            f"unit:{unit_id}",
            successor=into_id,
            people=contents.people,
            units=contents.units,
            assignments=contents.assignments,
        )
    return contents


def close_unit(portal: Portal, actor: Person, unit_id: int) -> None:
    """Close a unit that holds nobody and nothing open; its past stays.

    Raises NotAllowed, or Refused with ``error.unit_closed``, ``error.unit_has_units`` (n),
    ``error.unit_has_people`` (n).
    """
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        people, below, _ = units.count_contents(c, unit_id)
        refusal = judge_close(_get(c, unit_id), people, below)
        _refuse(refusal, n=below or people)
        units.close_unit(c, unit_id, portal.now())
        note(portal, c, actor, "close_unit", f"unit:{unit_id}")


def reopen_unit(portal: Portal, actor: Person, unit_id: int) -> None:
    """Open a closed unit again where it stood, empty.

    Raises NotAllowed, or Refused with ``error.unit_open``, ``error.unit_closed`` (the one above).
    """
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        unit = _get(c, unit_id)
        parent = None if unit.parent_id is None else _get(c, unit.parent_id)
        _refuse(judge_reopen(unit, parent))
        units.reopen_unit(c, unit_id)
        note(portal, c, actor, "reopen_unit", f"unit:{unit_id}")


# Private functions


def _contents(c: Connection, unit_id: int) -> UnitContents:
    naming = sum(
        one.unit_id == unit_id or InUnit(unit_id) in parts(one.audience)
        for one in assignments.active(c)
    )
    return UnitContents(*units.count_contents(c, unit_id), naming)


def _get(c: Connection, unit_id: int) -> Unit:
    unit = units.get_unit(c, unit_id)
    if unit is None:
        raise NotAllowed
    return unit


def _refuse(key: str | None, **args: object) -> None:
    if key is not None:
        raise Refused(key, **args)


def _move_people(portal: Portal, c: Connection, unit_id: int, into_id: int) -> None:
    for person_id in postings.people_in(c, unit_id):
        held = postings.held(c, person_id)
        wanted = settle_main(
            replace(one, unit_id=into_id) if one.unit_id == unit_id else one for one in held
        )
        postings.replace(c, person_id, wanted, portal.now())
