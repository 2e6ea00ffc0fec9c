"""The records of a unit that an inspection asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from portal.actions import permission
from portal.actions.certificates import Held, sealing_keys, state_now
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.reports.ask import Ask, checked_day
from portal.actions.reports.scope import Scope, asked_unit, get_unit
from portal.core.people import Person
from portal.core.times import iso, parse_iso
from portal.core.unit_days import day_after
from portal.store import courses, inspection
from portal.store.certificates import Issued
from portal.store.database import Connection, Row

A_YEAR_DAYS = 365
MOST = 200_000  # records of one pack


def inspection_records(
    portal: Portal, actor: Person, ask: Ask, first: str | None = None
) -> tuple[str, str, list[Row]]:
    """(first day, last day, records) of a unit's subtree; by default those of a year.

    The records are those of ``store.inspection.records``, assigned by the portal's own days, with
    ``item`` (the title) and ``unit`` in the reader's language, and ``certificate``: that of a
    completion or renewal with its state now, or None. Names and results are shown, so the person
    must be allowed to see the results of the unit. Raises NotAllowed, Refused ``error.report_day``,
    ``error.pack_too_large`` (n, most).
    """
    last = checked_day(portal, ask.day)
    first = checked_day(portal, first) if first else day_after(last, 1 - A_YEAR_DAYS)
    unit_id = asked_unit(actor, ask.unit_id)
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        scope = Scope(conn, portal, actor, get_unit(conn, unit_id), ask)
        span = (scope.begin(first), scope.until)
        found = inspection.count(conn, scope.path, *span)
        if found > MOST:
            raise Refused("error.pack_too_large", n=found, most=MOST)
        rows = inspection.records(conn, scope.path, *span)
        for row in rows:
            row.update(_assigned_at_night(conn, portal, row))
        issued = inspection.certificates(conn, scope.path, *span)
        titles = courses.titles(conn)
    held = _held(portal, issued)
    quizzes = portal.library.catalogue.quizzes
    drills: Mapping[str, Any] = portal.library.catalogue.drills

    def title(row: Row) -> str:
        if row["item_kind"] == "course":
            zh, en = titles.get(row["item_id"], (row["item_id"], None))
            return en if actor.locale == "en" and en else zh
        known = drills if row["item_kind"] == "drill" else quizzes
        found = known.get(row["item_id"])
        return found.title.in_(actor.locale) if found else str(row["item_id"])

    named = [
        {
            **row,
            "item": title(row),
            "unit": scope.name_of(row, "unit_name"),
            "certificate": held.get((row["person_id"], row["item_id"], row["at"]))
            if row["item_kind"] == "course"
            else None,
        }
        for row in rows
    ]
    return date.fromisoformat(first).isoformat(), last, named


# Private functions


def _assigned_at_night(conn: Connection, portal: Portal, row: Row) -> Row:
    """What was assigned by the portal's day, where that is another one than the day in UTC."""
    day = parse_iso(row["at"]).astimezone(ZoneInfo(portal.settings.tz)).date().isoformat()
    if day == row["at"][:10]:
        return {}
    nothing = dict.fromkeys(("due_on", "assignment", "assigned_by"))
    return inspection.assigned(conn, row, day) or nothing


def _held(portal: Portal, issued: list[Issued]) -> dict[tuple[int, str, str], Held]:
    """Certificates with their states, by person, course and the moment of the completion."""
    known, now = sealing_keys(portal), portal.now()
    return {
        (one.person_id, one.course_id, iso(one.earned_at)): Held(one, state_now(row, known, now))
        for row in issued
        for one in [row.certificate]
    }
