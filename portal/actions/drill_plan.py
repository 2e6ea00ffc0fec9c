"""One improvement action as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.times import parse_iso
from portal.store.database import Row


@dataclass(frozen=True, slots=True)
class Action:
    """``text`` is what a facilitator wrote, "" where the report made the action; ``course_id`` ""
    where no course teaches it. ``owner`` and the unit's names are there where they were asked for.
    """

    id: int
    run_id: int
    drill_id: str
    objective: str
    capability: str
    text: str
    person_id: int
    unit_id: int | None  # where the run counts; of a group, the unit that plays once more
    course_id: str
    due_on: date
    closed_at: datetime | None
    closed_by_run: int | None
    owner: str = ""
    owner_name: str = ""  # somebody without an account does it; person_id answers for it
    is_group: bool = False  # only another tabletop of the unit closes it
    unit_name: str = ""
    unit_name_en: str | None = None

    def is_overdue(self, today: date) -> bool:
        return self.closed_at is None and self.due_on < today


def action_of(row: Row) -> Action:
    """A row of ``drill_actions``, perhaps with names beside it."""
    return Action(
        id=row["id"],
        run_id=row["run_id"],
        drill_id=row["drill_id"],
        objective=row["objective"],
        capability=row["capability"],
        text=row["text"],
        person_id=row["person_id"],
        unit_id=row["unit_id"],
        course_id=row["course_id"],
        due_on=date.fromisoformat(row["due_on"]),
        closed_at=None if row["closed_at"] is None else parse_iso(row["closed_at"]),
        closed_by_run=row["closed_by_run"],
        owner=row.get("owner", ""),
        owner_name=row["owner_name"],
        is_group=bool(row["is_group"]),
        unit_name=row.get("unit_name", ""),
        unit_name_en=row.get("unit_name_en"),
    )
