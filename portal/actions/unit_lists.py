"""The tree of units as it is looked at: one unit, what is above it and what is below, in pages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import permission
from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.store import people_lists, units
from portal.store.database import Row


@dataclass(frozen=True, slots=True)
class UnitPage:
    """``unit``: id, parent_id, path, kind, name, name_en, code, closed_at, successor_id, people
    (posted in it, those below included); None at the top of the tree. ``above`` and ``successor``
    are such rows without ``people``; ``below`` are those directly below, of which there are
    ``total``."""

    unit: Row | None
    above: tuple[Row, ...]
    successor: Row | None
    below: tuple[Row, ...]
    total: int


def unit_page(
    portal: Portal,
    actor: Person,
    unit_id: int | None,
    *,
    closed: bool = False,
    limit: int = 30,
    offset: int = 0,
) -> UnitPage:
    """A unit, or the top of the tree, and a page of what is below; ``closed``: closed ones too.

    Raises NotAllowed.
    """
    target = permission.nobody if unit_id is None else permission.unit(unit_id)
    with permission.read(portal, actor, "manage_units", target) as c:
        unit = None if unit_id is None else units.find_unit(c, unit_id)
        if unit_id is not None and unit is None:
            raise NotAllowed
        below = units.list_below(c, unit_id, closed=closed, limit=limit, offset=offset)
        above, successor = [], None
        if unit is not None:
            ids = [int(step) for step in unit["path"].strip("/").split("/")][:-1]
            above = [row for row in (units.find_unit(c, one) for one in ids) if row]
            if unit["successor_id"] is not None:
                successor = units.find_unit(c, unit["successor_id"])
        counted = people_lists.count_by_unit(c, unit["path"] if unit else "/")
        for row in [*below, *([unit] if unit else [])]:
            inside = (one for one in counted if one["path"].startswith(row["path"]))
            row["people"] = sum(one["people"] for one in inside)
        total = units.count_below(c, unit_id, closed=closed)
    return UnitPage(unit, tuple(above), successor, tuple(below), total)
