"""Who passed a course on the text before a change of law, and asking them to learn it anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.actions import permission
from portal.actions.assignments import Draft, create_in
from portal.actions.audience import path_of, target_of
from portal.actions.errors import Refused
from portal.actions.law_reviewing import ChangeView, view
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.core.assignments import LONGEST_REASON, LONGEST_TITLE, Item
from portal.core.audience import PassedBefore
from portal.core.due import Once, OnDate
from portal.core.people import Person
from portal.core.suppression import hidden
from portal.core.times import iso
from portal.store import law, standing
from portal.store.database import Connection, Row

DAYS = 30
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class UnitCount:
    """People of a unit and all below it; None where so few are not counted out."""

    unit: Row  # id, path, name, name_en
    people: int | None


@dataclass(frozen=True, slots=True)
class Passed:
    """Who passed a course before ``until``: ``total`` below the unit, and by the units directly
    below; units without anybody are left out."""

    until: datetime
    total: int
    units: list[UnitCount]


def passed(
    portal: Portal, actor: Person, change_id: int, course: str, unit_id: int | None
) -> Passed | None:
    """How many people of a unit (None: everywhere) passed the course on the old text.

    None when nobody has to: the change did not touch the course. Raises NotAllowed.
    """
    with permission.read(portal, actor, "assign", target_of(unit_id)) as conn:
        permission.require(conn, actor, "review_laws")
        until = view(portal, conn, change_id).until.get(course)
        if until is None:
            return None
        path = path_of(conn, unit_id)
        counts = {
            row["path"]: row["people"] for row in law.passed_by_unit(conn, course, until, path)
        }
        return Passed(until, sum(counts.values()), _units(conn, unit_id, counts))


def passed_people(
    portal: Portal, actor: Person, change_id: int, course: str, unit_id: int, page: int = 0
) -> list[Row]:
    """Their names, for who manages the unit; rows as ``store.law.passed_people``.

    Raises NotAllowed.
    """
    with permission.read(portal, actor, "see_obligations", permission.unit(unit_id)) as conn:
        permission.require(conn, actor, "review_laws")
        until = view(portal, conn, change_id).until.get(course)
        if until is None:
            return []
        path = path_of(conn, unit_id)
        return law.passed_people(conn, course, until, path, A_PAGE, max(page, 0) * A_PAGE)


def refresher(
    portal: Portal,
    actor: Person,
    change_id: int,
    course: str,
    unit_id: int | None,
    title: str,
    reason: str,
) -> Draft:
    """The assignment that asks them: the course again, within thirty days, earlier passes not
    counted. Raises NotAllowed, or Refused("error.law_nobody")."""
    found = passed(portal, actor, change_id, course, unit_id)
    if found is None or not found.total:
        raise Refused("error.law_nobody")
    return Draft(
        unit_id=unit_id,
        title=title[:LONGEST_TITLE],
        reason=reason[:LONGEST_REASON],
        items=(Item("course", course),),
        audience=PassedBefore(course, iso(found.until)),
        due=OnDate(moment_of(portal).today + timedelta(days=DAYS)),
        recurrence=Once(),
        required=True,
        credit_earlier=False,
    )


def assign_refresher(
    portal: Portal,
    actor: Person,
    change_id: int,
    course: str,
    unit_id: int | None,
    title: str,
    reason: str,
) -> int:
    """Make that assignment; return its id. Raises as ``refresher`` and ``assignments.create``, and
    Refused("error.law_assigned") while one made for the same unit has not ended."""
    draft = refresher(portal, actor, change_id, course, unit_id, title, reason)
    with permission.write(portal, actor, "assign", target_of(unit_id)) as conn:
        permission.require(conn, actor, "review_laws")
        _refuse_twice(view(portal, conn, change_id), course, unit_id)
        assignment_id = create_in(conn, portal, actor, draft)
        law.add_refresher(conn, change_id, course, assignment_id)
    return assignment_id


# Private functions


def _refuse_twice(change: ChangeView, course: str, unit_id: int | None) -> None:
    for row in change.refreshers:
        mine = row["course_id"] == course and row["unit_id"] == unit_id
        if mine and row["ended_at"] is None:
            raise Refused("error.law_assigned")


def _units(conn: Connection, unit_id: int | None, counts: dict[str, int]) -> list[UnitCount]:
    """By unit directly below; small groups hidden, so that nobody is picked out by a number."""
    below = standing.children(conn, unit_id) if unit_id is not None else standing.roots(conn)
    sums = {
        row["path"]: sum(n for path, n in counts.items() if path.startswith(row["path"]))
        for row in below
    }
    small = hidden(sums)
    return [
        UnitCount(row, None if row["path"] in small else sums[row["path"]])
        for row in below
        if sums[row["path"]]
    ]
