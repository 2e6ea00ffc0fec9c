"""Days off that people enter for themselves, and the calendar that a row of days is judged by."""

from __future__ import annotations

from datetime import date, timedelta

from portal.actions import permission
from portal.actions.errors import Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.core.streak import Calendar, Streak, day_of, streak
from portal.store import practice
from portal.store.database import Connection

LONGEST = timedelta(days=184)
LATE = timedelta(days=31)  # how long afterwards one may still enter it


def enter(portal: Portal, actor: Person, begins_on: date, ends_on: date) -> int:
    """Enter days on which one's row of days shall not break.

    Raises Refused ``error.leave_order``, ``error.leave_too_long`` (days), ``error.leave_too_late``
    (days).
    """
    now = portal.now()
    if ends_on < begins_on:
        raise Refused("error.leave_order")
    if ends_on - begins_on >= LONGEST:
        raise Refused("error.leave_too_long", days=LONGEST.days)
    if begins_on < day_of(now, portal.settings.tz) - LATE:
        raise Refused("error.leave_too_late", days=LATE.days)
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        return practice.add_leave(conn, actor.id, begins_on, ends_on, now)


def withdraw(portal: Portal, actor: Person, leave_id: int) -> None:
    """Take an entry back. One that is not the person's own stays as it is."""
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        practice.withdraw_leave(conn, actor.id, leave_id, portal.now())


def calendar_of(conn: Connection, portal: Portal, person_id: int) -> Calendar:
    """The days off of one person."""
    return Calendar(
        holidays=frozenset(portal.settings.holidays),
        workdays=frozenset(portal.settings.workdays),
        leaves=tuple(
            (leave.begins_on, leave.ends_on) for leave in practice.leaves(conn, person_id)
        ),
    )


def streak_of(conn: Connection, portal: Portal, person_id: int, today: date) -> Streak:
    """The person's row of practice days."""
    return streak(practice.days(conn, person_id), today, calendar_of(conn, portal, person_id))
