"""What assignments have asked of one person: what is due, overdue, done, let off and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.actions import permission
from portal.actions.assignments import title_of
from portal.actions.obligations import moment_of
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.core.capabilities import Bilingual
from portal.core.obligations import Cycle, Moment, State, state_of
from portal.core.people import Person
from portal.core.times import parse_iso
from portal.store import assigned, courses
from portal.store.database import Row

MOST = 500  # what ended before these is left out


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that was asked. ``days_left`` is negative once the day has passed; None without a
    day. ``offered``: whether it can be opened now. ``said`` and ``decided_by`` are of the newest
    decision, if that gave more time or let the person off; else empty."""

    item: Item
    title: Bilingual
    offered: bool
    state: State
    required: bool
    due_on: date | None
    days_left: int | None
    ended_at: datetime | None  # when it was done, or when the person was let off
    extended: bool
    assignment: str
    by: str  # the name of who assigned it
    said: str
    decided_by: str


def of_person(portal: Portal, actor: Person, person_id: int | None = None) -> tuple[Duty, ...]:
    """One's own, or those of a person one manages: what is open by its day, then the last ended
    first. Raises NotAllowed.
    """
    owner = actor.id if person_id is None else person_id
    target = oneself(actor) if owner == actor.id else permission.person(owner)
    with permission.read(portal, actor, "see_record", target) as conn:
        rows = assigned.record_of(conn, owner, MOST)
        titles = courses.titles(conn) if rows else {}
    moment = moment_of(portal)
    return tuple(_duty(portal, row, titles, moment) for row in rows)


# Private functions


def _duty(
    portal: Portal, row: Row, titles: dict[str, tuple[str, str | None]], moment: Moment
) -> Duty:
    item = Item(row["item_kind"], row["item_id"])
    title = title_of(portal, item)
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    ended = row["done_at"] or row["exempted_at"]
    decided = row["kind"] in ("extend", "exempt")
    return Duty(
        item=item,
        title=title or Bilingual(*titles.get(item.id, (item.id,))),
        offered=title is not None,
        state=state_of(_cycle(row, due), bool(row["required"]), moment),
        required=bool(row["required"]),
        due_on=due,
        days_left=(due - moment.today).days if due else None,
        ended_at=parse_iso(ended) if ended else None,
        extended=row["extended_to"] is not None,
        assignment=row["assignment_title"],
        by=row["assigned_by"] or "",
        said=row["said"] if decided else "",
        decided_by=row["decided_by"] if decided else "",
    )


def _cycle(row: Row, due: date | None) -> Cycle:
    done, let_off = row["done_at"], row["exempted_at"]
    return Cycle(
        cycle=row["cycle"],
        began_on=date.fromisoformat(row["began_on"]),
        ruled_due_on=due,
        done_at=parse_iso(done) if done else None,
        exempted_at=parse_iso(let_off) if let_off else None,
    )
