"""The transcript of training hours: every completed course of a person, in a period or ever."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.actions import audit, permission
from portal.actions.certificates import held_by
from portal.actions.errors import NotAllowed
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.people import Person
from portal.store import courses, people, progress
from portal.store.database import Connection

K = TypeVar("K", bound=Hashable)

_NOT_TO_BE_CITED = ("revoked", "altered")


@dataclass(frozen=True, slots=True)
class Line:
    """One completion. ``capability`` is None for a course that is no longer offered; ``number`` is
    that of its certificate, None when there is none that may be relied on."""

    course_id: str
    title: Bilingual
    capability: Bilingual | None
    on: date  # the portal's own day
    hours: float
    number: str | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """``lines`` are the newest first; ``since`` and ``until`` are the first and last day asked
    for, None without limit."""

    name: str
    staff_no: str
    since: date | None
    until: date | None
    lines: tuple[Line, ...]

    @property
    def hours(self) -> float:
        """Training hours of all lines."""
        return sum(line.hours for line in self.lines)

    def by_capability(self) -> list[tuple[Bilingual | None, int, float]]:
        """(capability, courses, hours), the most hours first."""
        totals = _totals(self.lines, lambda line: line.capability)
        return sorted(totals, key=lambda total: -total[2])

    def by_year(self) -> list[tuple[int, int, float]]:
        """(year, courses, hours), the newest year first."""
        return _totals(self.lines, lambda line: line.on.year)


def take(
    portal: Portal,
    actor: Person,
    person_id: int | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    form: str,
) -> Transcript:
    """One's own transcript, or that of a person one manages, to be taken away; noted in the log.

    Raises NotAllowed.
    """
    owner = actor.id if person_id is None else person_id
    target = oneself(actor) if owner == actor.id else permission.person(owner)
    with permission.read(portal, actor, "see_record", target) as conn:
        person = people.find_person(conn, owner)
        if person is None:
            raise NotAllowed
        lines = _lines(conn, portal, owner)
    with portal.db.write(bump=False) as conn:
        kind = {"report": "transcript", "form": form}
        audit.note(portal, conn, actor, "exported", f"person:{owner}", **kind)
    kept = (
        line
        for line in lines
        if (since is None or line.on >= since) and (until is None or line.on <= until)
    )
    return Transcript(person.name, person.staff_no, since, until, tuple(kept))


# Private functions


def _lines(conn: Connection, portal: Portal, owner: int) -> list[Line]:
    catalogue, zone = portal.library.catalogue, ZoneInfo(portal.settings.tz)
    names = {one.key: one.name for one in catalogue.capabilities.capabilities}
    titles = courses.titles(conn)
    numbers = {
        (held.certificate.course_id, held.certificate.earned_at): held.certificate.number
        for held in held_by(conn, portal, owner)
        if held.state not in _NOT_TO_BE_CITED
    }
    found: list[tuple[datetime, Line]] = []
    for course_id, done in progress.courses(conn, owner).items():
        if done.completed_at is None:
            continue
        course = catalogue.courses.get(course_id)
        line = Line(
            course_id=course_id,
            title=course.title if course else Bilingual(*titles.get(course_id, (course_id,))),
            capability=names.get(course.capability) if course else None,
            on=done.completed_at.astimezone(zone).date(),
            hours=done.hours,
            number=numbers.get((course_id, done.completed_at)),
        )
        found.append((done.completed_at, line))
    return [line for _, line in sorted(found, key=lambda one: one[0], reverse=True)]


def _totals(lines: Iterable[Line], key: Callable[[Line], K]) -> list[tuple[K, int, float]]:
    totals: dict[K, tuple[int, float]] = {}
    for line in lines:
        count, hours = totals.get(key(line), (0, 0.0))
        totals[key(line)] = (count + 1, hours + line.hours)
    return [(name, count, hours) for name, (count, hours) in totals.items()]
