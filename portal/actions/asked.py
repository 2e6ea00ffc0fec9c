"""What one person is asked to do by assignments, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from portal.actions.assignments import title_of
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.actions.standing import Facts, state_of
from portal.core.assignments import Item
from portal.core.capabilities import Bilingual
from portal.store import assigned
from portal.store.database import Connection, Row

SOON = timedelta(days=14)
Urgency = Literal["overdue", "soon", "open"]
_ORDER: tuple[Urgency, ...] = ("overdue", "soon", "open")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to do. ``days_left`` is negative once the day has passed; both are None without a
    day. A recommendation is never overdue. ``renewal``: it was done before and comes round again.
    """

    item: Item
    title: Bilingual
    urgency: Urgency
    due_on: date | None
    days_left: int | None
    required: bool
    renewal: bool
    extended: bool
    percent: int  # of a course, 0..100
    by: str | None  # the name of who assigned it
    why: str  # the assignment's title and reason, as they were written


def asked_of(conn: Connection, portal: Portal, person_id: int, facts: Facts) -> tuple[Asked, ...]:
    """What the person has to do now; an item that several assignments ask for comes once, by the
    most pressing of them. What is not offered any more is left out."""
    today = moment_of(portal).today
    found: dict[Item, Asked] = {}
    for row in assigned.of_person(conn, person_id):
        item = Item(row["item_kind"], row["item_id"])
        title = title_of(portal, item)
        if title is not None:
            one = replace(_asked(row, item, title, today), percent=_percent(portal, item, facts))
            known = found.get(item)
            found[item] = one if known is None else min(known, one, key=_pressing)
    return tuple(sorted(found.values(), key=_pressing))


# Private functions


def _asked(row: Row, item: Item, title: Bilingual, today: date) -> Asked:
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    required = bool(row["required"])
    urgency: Urgency = "open"
    if due is not None and due < today and required:
        urgency = "overdue"
    elif due is not None and due <= today + SOON:
        urgency = "soon"
    return Asked(
        item=item,
        title=title,
        urgency=urgency,
        due_on=due,
        days_left=(due - today).days if due else None,
        required=required,
        renewal=row["cycle"].isdigit() and len(row["cycle"]) < 4 and row["cycle"] != "1",
        extended=row["extended_to"] is not None,
        percent=0,
        by=row["assigned_by"],
        why=" — ".join(text for text in (row["assignment_title"], row["reason"]) if text),
    )


def _percent(portal: Portal, item: Item, facts: Facts) -> int:
    course = portal.library.catalogue.courses.get(item.id) if item.kind == "course" else None
    return state_of(course, facts, portal.now()).percent if course else 0


def _pressing(one: Asked) -> tuple[int, bool, date]:
    return (_ORDER.index(one.urgency), not one.required, one.due_on or date.max)
