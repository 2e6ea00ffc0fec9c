"""By when something is due, and how it comes round again. Days are days where the portal is.

Both are small closed unions, stored as JSON and read back by ``read_due`` and ``read_recurrence``,
which trust nothing.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, assert_never

MAX_DAYS = 3650
MAX_MONTHS = 120
NEWCOMER_DAYS = 30


@dataclass(frozen=True, slots=True)
class NoDue:
    """Whenever the person likes."""


@dataclass(frozen=True, slots=True)
class OnDate:
    """On a day. Who comes to match later has ``newcomer_days`` at least."""

    day: date
    newcomer_days: int = NEWCOMER_DAYS


@dataclass(frozen=True, slots=True)
class AfterJoining:
    """``days`` after the posting began, for those already there after the assignment began."""

    days: int


@dataclass(frozen=True, slots=True)
class AfterMatch:
    """``days`` after the person came to match."""

    days: int


Due = NoDue | OnDate | AfterJoining | AfterMatch


@dataclass(frozen=True, slots=True)
class Once:
    """One cycle."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """Every calendar year, by the month and day of ``OnDate``, from its year on.

    What is passed in the last ``window_days`` of a year counts for the next one, when this year's
    is done already.
    """

    window_days: int = 0


@dataclass(frozen=True, slots=True)
class Rolling:
    """Again ``months`` after the last pass; it may be renewed from ``window_days`` before.

    Renewing inside the window loses no time: the next cycle ends ``months`` after the end of this
    one. After the end, it counts from the pass.
    """

    months: int
    window_days: int = 60


Recurrence = Once | Yearly | Rolling


class BadTerms(ValueError):
    """What was stored or sent is no date rule. ``key`` names a message for people."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def add_months(day: date, months: int) -> date:
    """31 January + 1 month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def in_year(day: date, year: int) -> date:
    """The same month and day in another year; 29 February becomes the 28th where there is none."""
    return add_months(day, 12 * (year - day.year))


def due_on(due: Due, *, starts_on: date, joined_on: date, matched_on: date) -> date | None:
    """The day by which a first cycle is due; None when there is none.

    ``starts_on`` is the day from which the terms hold, ``joined_on`` when the posting began,
    ``matched_on`` when the person came to match.
    """
    match due:
        case NoDue():
            return None
        case OnDate(day, newcomer_days):
            if matched_on <= starts_on:
                return day
            return max(day, matched_on + timedelta(days=newcomer_days))
        case AfterJoining(days):
            return max(joined_on, starts_on) + timedelta(days=days)
        case AfterMatch(days):
            return matched_on + timedelta(days=days)
    assert_never(due)


def check_terms(due: Due, recurrence: Recurrence) -> None:
    """Raise BadTerms where the two do not go together."""
    if isinstance(recurrence, Yearly) and not isinstance(due, OnDate):
        raise BadTerms("error.yearly_needs_date")
    if isinstance(recurrence, Rolling) and recurrence.window_days >= 28 * recurrence.months:
        raise BadTerms("error.window_too_long")


def write_due(due: Due) -> dict[str, Any]:
    """As JSON, which ``read_due`` reads back."""
    match due:
        case NoDue():
            return {"type": "none"}
        case OnDate(day, newcomer_days):
            return {"type": "date", "day": day.isoformat(), "newcomer_days": newcomer_days}
        case AfterJoining(days):
            return {"type": "joining", "days": days}
        case AfterMatch(days):
            return {"type": "match", "days": days}
    assert_never(due)


def read_due(data: object) -> Due:
    """What ``data`` (decoded JSON) says. Raises BadTerms."""
    match data:
        case {"type": "none"}:
            return NoDue()
        case {"type": "date", "day": str(day), "newcomer_days": int(days)}:
            return OnDate(_day(day), _within(days, 0, MAX_DAYS))
        case {"type": "joining", "days": int(days)}:
            return AfterJoining(_within(days, 0, MAX_DAYS))
        case {"type": "match", "days": int(days)}:
            return AfterMatch(_within(days, 0, MAX_DAYS))
    raise BadTerms("error.due_form")


def write_recurrence(recurrence: Recurrence) -> dict[str, Any]:
    """As JSON, which ``read_recurrence`` reads back."""
    match recurrence:
        case Once():
            return {"type": "once"}
        case Yearly(window_days):
            return {"type": "yearly", "window_days": window_days}
        case Rolling(months, window_days):
            return {"type": "rolling", "months": months, "window_days": window_days}
    assert_never(recurrence)


def read_recurrence(data: object) -> Recurrence:
    """What ``data`` (decoded JSON) says. Raises BadTerms."""
    match data:
        case {"type": "once"}:
            return Once()
        case {"type": "yearly", "window_days": int(days)}:
            return Yearly(_within(days, 0, 364))
        case {"type": "rolling", "months": int(months), "window_days": int(days)}:
            return Rolling(_within(months, 1, MAX_MONTHS), _within(days, 0, MAX_DAYS))
    raise BadTerms("error.recurrence_form")


# Private functions


def _within(number: int, least: int, most: int) -> int:
    if isinstance(number, bool) or not least <= number <= most:
        raise BadTerms("error.due_form")
    return number


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadTerms("error.due_form") from None
    if not 2000 <= day.year <= 2200:
        raise BadTerms("error.due_form")
    return day
