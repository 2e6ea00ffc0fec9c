"""Courses whose day of review has come or comes soon, and owners whom nobody would follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from portal.actions import permission
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.core.courses import Course
from portal.core.owners import Owner
from portal.core.people import Person
from portal.store import people

SOON = timedelta(days=60)
OwnerState = Literal["orphaned", "no_successor", "unregistered", "none"]


@dataclass(frozen=True, slots=True)
class DueCourse:
    """``days`` until the day of review; negative when it has passed."""

    course: Course
    day: date
    days: int


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """An owner that needs somebody. ``orphaned``: all holders and successors are gone;
    ``no_successor``: nobody would take over; ``unregistered``: not in the register; ``none``: the
    courses name nobody."""

    name: str
    state: OwnerState
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """``due`` by day; ``registered``: whether there is a register of owners at all."""

    due: list[DueCourse]
    owners: list[OwnerLine]
    registered: bool


def upkeep(portal: Portal, actor: Person) -> Upkeep:
    """What has to be looked after, over all courses. Raises NotAllowed."""
    catalogue = portal.library.catalogue
    owners = catalogue.owners
    numbers = {
        number
        for owner in owners.by_name.values()
        for number in (*owner.holders, *owner.successors)
    }
    with permission.read(portal, actor, "review_laws") as conn:
        active = people.active_numbers(conn, sorted(numbers))
    by_owner: dict[str, list[Course]] = {}
    for course in catalogue.courses.values():
        by_owner.setdefault(course.owner, []).append(course)
    lines = [
        OwnerLine(name, state, tuple(courses))
        for name, courses in sorted(by_owner.items())
        if (state := _state(name, owners.by_name.get(name), owners.known, active))
    ]
    return Upkeep(_due(portal, list(catalogue.courses.values())), lines, owners.known)


# Private functions


def _due(portal: Portal, courses: list[Course]) -> list[DueCourse]:
    today = moment_of(portal).today
    found = []
    for course in courses:
        day = date.fromisoformat(course.review_by) if course.review_by else None
        if day is not None and day <= today + SOON:
            found.append(DueCourse(course, day, (day - today).days))
    return sorted(found, key=lambda one: (one.day, one.course.id))


def _state(name: str, owner: Owner | None, known: bool, active: set[str]) -> OwnerState | None:
    if not name:
        return "none"
    if not known:
        return None
    if owner is None:
        return "unregistered"
    if owner.is_orphaned(active):
        return "orphaned"
    return "no_successor" if owner.lacks_successor(active) else None
