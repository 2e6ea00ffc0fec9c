"""Checking an audience that somebody put together, and saying whom it would reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actions import permission
from portal.actions.errors import Refused
from portal.actions.obligations import matching
from portal.actions.portal import Portal
from portal.core.audience import (
    MAX_NAMED,
    AllOf,
    AnyOf,
    BadRule,
    BelowLevel,
    HoldsPost,
    InUnit,
    Named,
    PassedBefore,
    Rule,
    asks_for_levels,
    courses_asked,
    matches,
    only_named,
    parts,
    read_rule,
    write_rule,
)
from portal.core.people import Person, Target, may
from portal.core.suppression import SMALL
from portal.store import audiences, people, units
from portal.store.database import Connection, Row

SHOWN = 10
_WHOLE = "/"
_NOT_NAMED = 0  # the id of nobody


@dataclass(frozen=True, slots=True)
class Reached:
    """``count`` people match now. ``first``: id, name, staff_no, unit_name, unit_name_en of some
    of them; empty for somebody who may not see names. ``small``: results decide who matches, they
    are fewer than ``SMALL``, and who asks may not see whose results: ``count`` says nothing."""

    count: int
    first: list[Row]
    small: bool = False


def reached(portal: Portal, actor: Person, unit_id: int | None, rule: Rule) -> Reached:
    """Whom ``rule`` would reach below ``unit_id`` (None: everywhere) at this moment.

    Raises NotAllowed, or Refused as ``checked``.
    """
    with permission.read(portal, actor, "assign", target_of(unit_id)) as conn:
        checked(conn, portal, actor, unit_id, rule)
        path = path_of(conn, unit_id)
        count, ids = _count(conn, portal, path, rule)
        names = may(actor, "list_people", target_of(unit_id)(conn) or permission.nobody(conn))
        if names:
            return Reached(count, people.shown(conn, ids[:SHOWN]))
        small = count < SMALL and (asks_for_levels(rule) or bool(courses_asked(rule)))
        return Reached(0 if small else count, [], small)


def checked(
    conn: Connection, portal: Portal, actor: Person, unit_id: int | None, rule: Rule
) -> None:
    """Raise Refused unless every unit, post, capability and person of the rule can be meant.

    ``error.audience_form``, ``error.audience_empty``, ``error.audience_large``,
    ``error.audience_unit``, ``error.audience_post``, ``error.audience_capability``,
    ``error.audience_person``.
    """
    try:
        read_rule(write_rule(rule))
    except BadRule as bad:
        raise Refused(bad.key) from None
    model = portal.library.catalogue.capabilities
    for part in parts(rule):
        match part:
            case InUnit(named_unit):
                _require(conn, actor, permission.unit(named_unit), "error.audience_unit")
            case HoldsPost(post) if post not in {one.key for one in model.posts}:
                raise Refused("error.audience_post")
            case BelowLevel(key) if key not in {one.key for one in model.capabilities}:
                raise Refused("error.audience_capability")
            case PassedBefore(course) if course not in portal.library.catalogue.courses:
                raise Refused("error.item_unknown", item=course)
            case Named(ids):
                path = path_of(conn, unit_id)
                stays = audiences.stays(conn, ids)
                for person_id in ids:
                    if not any(
                        s.place.unit_path.startswith(path) for s in stays.get(person_id, ())
                    ):
                        raise Refused("error.audience_person")
            case _:
                pass


def target_of(unit_id: int | None) -> permission.FindTarget:
    """The reach of an assignment as the target of an action."""
    return permission.nobody if unit_id is None else permission.unit(unit_id)


def path_of(conn: Connection, unit_id: int | None) -> str:
    """The path of the reach; ``/`` for everywhere. Raises Refused("error.audience_unit")."""
    if unit_id is None:
        return _WHOLE
    unit = units.find_unit(conn, unit_id)
    if unit is None or unit["closed_at"] is not None:
        raise Refused("error.audience_unit")
    return str(unit["path"])


def named(portal: Portal, actor: Person, unit_id: int | None, numbers: Sequence[str]) -> Named:
    """The people with these staff numbers who may be named in an assignment of the unit.

    Raises NotAllowed, or Refused("error.staff_no_unknown") (numbers).
    """
    with permission.read(portal, actor, "assign", target_of(unit_id)) as conn:
        path = path_of(conn, unit_id)
        found = people.by_staff_no(conn, numbers[: MAX_NAMED + 1])
        stays = audiences.stays(conn, list(found.values()))
    unknown = [
        number
        for number in numbers
        if number not in found
        or not any(stay.place.unit_path.startswith(path) for stay in stays.get(found[number], ()))
    ]
    if unknown:
        raise Refused("error.staff_no_unknown", numbers="、".join(unknown[:5]))
    return Named(tuple(sorted(set(found.values()))))


def people_named(portal: Portal, actor: Person, rule: Rule) -> dict[int, Row]:
    """Of the people whom a rule names, those whom the actor may know: rows by id, as
    ``store.people.shown``."""
    ids = sorted(
        {one for part in parts(rule) if isinstance(part, Named) for one in part.person_ids}
    )
    if not ids:
        return {}
    with portal.db.read() as conn:
        rows = people.shown(conn, ids)
    return {
        row["id"]: row
        for row in rows
        if may(actor, "list_people", Target(row["id"], row["unit_path"]))
    }


# Private functions


def _require(conn: Connection, actor: Person, target: permission.FindTarget, key: str) -> None:
    found = target(conn)
    if found is None or not may(actor, "assign", found):
        raise Refused(key)


def _count(conn: Connection, portal: Portal, path: str, rule: Rule) -> tuple[int, list[int]]:
    """How many match, and the ids of the first.

    Whole units and posts are decided at once; only whoever is named or has several posts, and
    everybody where levels or passes decide, is looked at alone. Names only ever add people.
    """
    named = only_named(rule)
    if named is not None or asks_for_levels(rule) or courses_asked(rule):
        ids = list(named) if named is not None else audiences.people_below(conn, path)
        found = sorted(matching(conn, portal, path, rule, ids))
        return len(found), found[:SHOWN]
    count, first = 0, list[int]()
    for group in audiences.groups(conn, path):
        if matches(rule, group.place, _NOT_NAMED, {}, {}):
            count += group.people
            if len(first) < SHOWN:
                first += audiences.in_group(conn, group.unit_id, group.place.post, SHOWN)
    several = set(audiences.with_several(conn, path))
    named_too = {one for p in parts(rule) if isinstance(p, Named) for one in p.person_ids}
    alone = matching(conn, portal, path, rule, sorted(several | named_too))
    counted = sum(
        person_id not in several and bool(matches(rule, stay.place, _NOT_NAMED, {}, {}))
        for person_id, stay in alone.items()
    )
    return count + len(alone) - counted, list(dict.fromkeys([*first, *sorted(alone)]))


def joined(rules: list[Rule], any_of: bool) -> Rule:
    """Several rules by and / or; one stands for itself."""
    if len(rules) == 1:
        return rules[0]
    return AnyOf(tuple(rules)) if any_of else AllOf(tuple(rules))
