"""How long somebody has practised day after day, with forgiveness.

Days are those of the portal's time zone. A day on which nobody is expected to work (a weekend,
a holiday that the operator has listed, one's own leave) may be left out; practising on it
counts. Today does not break a row before it is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CARDS_A_DAY = 5  # so many cards make a day count, or a whole set that is shorter
DAYS_A_WEEK = 3  # practised days that make a steady week
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are off: weekends but ``workdays``, ``holidays``, and one person's ``leaves``.

    ``leaves`` are (first, last) days, both included.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    leaves: tuple[tuple[date, date], ...] = ()

    def is_off(self, day: date) -> bool:
        """Whether nobody expects the person to practise on ``day``."""
        if any(first <= day <= last for first, last in self.leaves) or day in self.holidays:
            return True
        return day.weekday() >= 5 and day not in self.workdays


@dataclass(frozen=True, slots=True)
class Streak:
    """``days`` practised in a row up to today, the ``longest`` such row, ``today`` practised."""

    days: int
    longest: int
    today: bool


def day_of(moment: datetime, tz: str) -> date:
    """The day in which ``moment`` falls where the portal is."""
    return moment.astimezone(ZoneInfo(tz)).date()


def streak(practised: Collection[date], today: date, calendar: Calendar) -> Streak:
    """The row of ``practised`` days that ends today, or yesterday while today is not over."""
    days = sorted(day for day in set(practised) if day <= today)
    longest = row = 0
    last: date | None = None
    for day in days:
        row = row + 1 if last is not None and _joins(last, day, calendar) else 1
        longest, last = max(longest, row), day
    lives = last is not None and (last == today or _joins(last, today, calendar))
    return Streak(row if lives else 0, longest, last == today)


def steady_weeks(practised: Iterable[date], today: date, calendar: Calendar) -> int:
    """The longest row of steady weeks, Monday to Sunday.

    A week is steady with ``DAYS_A_WEEK`` practised days, or all its working days where there are
    fewer. A week without a working day is passed over; the present one counts once it is steady.
    """
    days = {day for day in practised if day <= today}
    if not days:
        return 0
    monday = min(days) - timedelta(days=min(days).weekday())
    best = row = 0
    while monday <= today:
        week = [monday + n * _DAY for n in range(7)]
        done = sum(day in days for day in week)
        wanted = min(DAYS_A_WEEK, sum(not calendar.is_off(day) for day in week))
        if done and done >= wanted:
            row += 1
        elif wanted and week[-1] < today:
            row = 0
        best = max(best, row)
        monday += 7 * _DAY
    return best


def _joins(last: date, day: date, calendar: Calendar) -> bool:
    """Whether every day between the two was off."""
    between = last + _DAY
    while between < day:
        if not calendar.is_off(between):
            return False
        between += _DAY
    return True
