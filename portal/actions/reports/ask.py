"""What is asked of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.actions.errors import Refused
from portal.actions.portal import Portal

STATES = ("overdue", "idle", "failing", "waiting")
EARLIEST = "2000-01-01"


@dataclass(frozen=True, slots=True)
class Ask:
    """``unit_id`` None: the uppermost unit that the person manages. ``day`` None: today.

    The rest is for lists of people: ``state`` is one of ``STATES`` or empty, ``post`` a key,
    ``query`` is looked for in name and staff number; ``limit`` None: all of them. ``course`` is
    for questions: those of one course.
    """

    unit_id: int | None = None
    day: str | None = None
    state: str = ""
    post: str = ""
    query: str = ""
    limit: int | None = None
    offset: int = 0
    course: str = ""


def today(portal: Portal) -> str:
    """The day where the portal is."""
    return portal.now().astimezone(ZoneInfo(portal.settings.tz)).date().isoformat()


def checked_day(portal: Portal, day: str | None) -> str:
    """``day``, or today; a day to come is today. Raises Refused ``error.report_day``."""
    now = today(portal)
    if not day:
        return now
    try:
        given = date.fromisoformat(day).isoformat()
    except ValueError:
        raise Refused("error.report_day", day=day[:20]) from None
    if given != day or given < EARLIEST:
        raise Refused("error.report_day", day=day[:20])
    return min(given, now)
