"""The tree of units, and who is in it, within the reach of the person who asks."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.people_rules import checked_code, checked_name
from portal.actions.portal import Portal
from portal.core.people import NOBODY_IN_PARTICULAR, Person, may, may_somewhere
from portal.core.units import UNIT_KINDS, judge_place
from portal.store import people_lists, units
from portal.store.database import Connection, Row

__all__ = [
    "UNIT_KINDS",
    "PeoplePage",
    "create_unit",
    "has_units",
    "list_open",
    "list_people",
    "list_units",
    "open_units",
    "rename_unit",
    "search_units",
]

_MOST_PEOPLE = 200  # a page of the list


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """``rows``: id, staff_no, name, unit_id, unit_name, unit_name_en, posts (list of keys), roles
    (list of (role, unit_id)), disabled (bool); for administrators also login. ``total``: of all
    pages."""

    rows: list[Row]
    total: int


def create_unit(
    portal: Portal,
    actor: Person,
    parent_id: int | None,
    kind: str,
    name: str,
    name_en: str | None = None,
    code: str | None = None,
) -> int:
    """Add a unit below another, or at the top; return its id.

    Raises NotAllowed, or Refused with ``error.unit_kind`` (a unit lies below one of a higher
    kind), ``error.unit_closed``, ``error.name_form``, ``error.code_form``, ``error.code_taken``.
    """
    name, name_en = checked_name(name), checked_name(name_en) if name_en else None
    code = checked_code(code)
    target = permission.nobody if parent_id is None else permission.unit(parent_id)
    with permission.write(portal, actor, "manage_units", target) as c:
        _check_place(c, parent_id, kind)
        if code and units.code_taken(c, code):
            raise Refused("error.code_taken")
        unit_id = units.add_unit(c, parent_id, kind, name, name_en=name_en, code=code)
        note(
            portal,
            c,
            actor,
            "create_unit",
            f"unit:{unit_id}",
            parent=parent_id,
            kind=kind,
            name=name,
        )
        return unit_id


def rename_unit(
    portal: Portal, actor: Person, unit_id: int, name: str, name_en: str | None = None
) -> None:
    """Give a unit another name. Raises NotAllowed, or Refused("error.name_form")."""
    name, name_en = checked_name(name), checked_name(name_en) if name_en else None
    with permission.write(portal, actor, "manage_units", permission.unit(unit_id)) as c:
        units.rename_unit(c, unit_id, name, name_en)
        note(portal, c, actor, "rename_unit", f"unit:{unit_id}", name=name)


def list_units(portal: Portal, actor: Person) -> list[Row]:
    """The units within reach, parents before children; none for who has none.

    Columns: id, parent_id, path, kind, name, name_en, code, closed_at.
    """
    if not may_somewhere(actor, "list_units"):
        return []
    with portal.db.read() as c:
        return units.list_units(c, _reach(actor, "list_units"))


def has_units(portal: Portal, actor: Person) -> bool:
    """Whether there is any unit within reach."""
    return bool(list_units(portal, actor))


def list_open(portal: Portal, actor: Person, within: str = "") -> list[Row]:
    """What of ``list_units`` is open; ``within``: the path of a unit, for it and those below
    alone."""
    return [
        row
        for row in list_units(portal, actor)
        if row["closed_at"] is None and row["path"].startswith(within)
    ]


def open_units(portal: Portal, actor: Person, most: int, within: str = "") -> list[Row] | None:
    """``list_open`` as ``search_units`` gives units; None when there are more than ``most``."""
    rows = list_open(portal, actor, within)
    if len(rows) > most:
        return None
    with portal.db.read() as c:
        return [row | {"above": units.names_above(c, row["path"])} for row in rows]


def search_units(
    portal: Portal, actor: Person, query: str, limit: int = 20, within: str = ""
) -> list[Row]:
    """Units within reach whose name or code holds ``query``, the likeliest first.

    ``within``: the path of a unit, to look at it and those below alone.
    Columns: id, path, kind, name, name_en, code, closed_at, above (names from the top down, in the
    form of ``(name, name_en)``). None for who has no reach.
    """
    if not may_somewhere(actor, "list_units"):
        return []
    with portal.db.read() as c:
        paths = _narrowed(_reach(actor, "list_units"), within)
        rows = units.search_units(c, query, paths=paths, limit=limit)
        return [row | {"above": units.names_above(c, row["path"])} for row in rows]


def list_people(
    portal: Portal,
    actor: Person,
    unit_id: int | None = None,
    query: str = "",
    limit: int = 50,
    offset: int = 0,
) -> PeoplePage:
    """People posted in a unit's subtree, by staff number, ``limit`` (at most 200) at a time.

    Without ``unit_id``: everybody for an administrator, the one managed unit for a manager of one.
    ``query`` is looked for in name, number and login. Raises NotAllowed.
    """
    with permission.read(portal, actor, "list_people", _people_of(actor, unit_id)) as c:
        path = _path(c, actor, unit_id)
        rows = people_lists.list_people(
            c, path, query, limit=min(max(limit, 1), _MOST_PEOPLE), offset=max(offset, 0)
        )
        held = people_lists.posts_and_roles(c, [row["id"] for row in rows])
        total = people_lists.count_people(c, path, query)
    by_login = may(actor, "manage_people")
    return PeoplePage([_shown(row, held, by_login) for row in rows], total)


def _people_of(actor: Person, unit_id: int | None) -> permission.FindTarget:
    if unit_id is not None:
        return permission.unit(unit_id)
    managed = [role.unit_id for role in actor.roles if role.unit_id is not None]
    if may(actor, "list_people") or len(managed) != 1:
        return permission.nobody
    return permission.unit(managed[0])


def _path(c: Connection, actor: Person, unit_id: int | None) -> str:
    if unit_id is None:
        return "/" if may(actor, "list_people") else actor.managed_paths[0]
    unit = units.find_unit(c, unit_id)
    if unit is None:
        raise NotAllowed
    return str(unit["path"])


def _reach(actor: Person, action: str) -> tuple[str, ...] | None:
    """The subtrees within reach; None when that is everything."""
    return None if may(actor, action, NOBODY_IN_PARTICULAR) else actor.managed_paths


def _narrowed(paths: tuple[str, ...] | None, within: str) -> tuple[str, ...] | None:
    """What of the subtrees at ``paths`` (None: everything) lies in the one at ``within``."""
    if paths is None or within.startswith(paths):
        return (within,)
    return tuple(path for path in paths if path.startswith(within))


def _shown(row: Row, held: list[Row], by_login: bool) -> Row:
    mine = [one for one in held if one["person_id"] == row["id"]]
    shown = {
        "id": row["id"],
        "staff_no": row["staff_no"],
        "name": row["name"],
        "unit_id": row["unit_id"],
        "unit_name": row["unit_name"],
        "unit_name_en": row["unit_name_en"],
        "posts": [one["post"] for one in mine if one["post"] is not None],
        "roles": [(one["role"], one["unit_id"]) for one in mine if one["role"] is not None],
        "disabled": row["disabled_at"] is not None,
    }
    return shown | {"login": row["login"]} if by_login else shown


def _check_place(c: Connection, parent_id: int | None, kind: str) -> None:
    parent = None if parent_id is None else units.get_unit(c, parent_id)
    if parent_id is not None and parent is None:
        raise Refused("error.unit_closed")
    refusal = judge_place(kind, parent)
    if refusal:
        raise Refused(refusal)
