"""What one person has to do once for an assignment, and the evidence that it was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Literal

from portal.core.completion import expires_at

# late: done, after the day on which it was due
State = Literal["overdue", "open", "late", "done", "exempted"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """When an item was passed.

    ``passes`` are whole passes (of a quiz, or completions of a course), ascending. ``parts`` are
    the last passes of all parts that make up a course, by which one that was completed is earned
    again; empty when some part was never done or there is none. ``valid_months`` 0: no expiry.
    """

    passes: tuple[datetime, ...] = ()
    parts: Mapping[str, datetime] = field(default_factory=dict)
    valid_months: int = 0

    def first_since(self, since: datetime) -> datetime | None:
        """The first time that it was passed at ``since`` or later."""
        for at in self.passes:
            if at >= since:
                return at
        if self.passes and self.parts and min(self.parts.values()) >= since:
            return max(self.parts.values())
        return None

    def latest(self) -> datetime | None:
        """The last whole pass."""
        return self.passes[-1] if self.passes else None

    def valid_at(self, at: datetime, now: datetime) -> bool:
        """Whether a pass at ``at`` still holds at ``now``."""
        expiry = expires_at(at, self.valid_months)
        return expiry is None or expiry > now


@dataclass(frozen=True, slots=True)
class Cycle:
    """One obligation, as it is or should be. ``next_on``: when to look at this person again."""

    cycle: str
    began_on: date
    ruled_due_on: date | None
    extended_to: date | None = None
    done_at: datetime | None = None
    exempted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    next_on: date | None = None

    @property
    def due_on(self) -> date | None:
        """The day that holds."""
        return self.extended_to or self.ruled_due_on

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.done_at is None and self.exempted_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Moment:
    """The present, and the zone in which it is a day."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Local midnight."""
        return datetime.combine(day, time(), self.zone)


def state_of(cycle: Cycle, required: bool, moment: Moment) -> State:
    """How an obligation that was not withdrawn stands. A recommendation is never overdue or late.

    What was done after an exemption is done.
    """
    due = cycle.due_on if required else None
    if cycle.done_at is not None:
        return "late" if due is not None and moment.day_of(cycle.done_at) > due else "done"
    if cycle.exempted_at is not None:
        return "exempted"
    return "overdue" if due is not None and due < moment.today else "open"
