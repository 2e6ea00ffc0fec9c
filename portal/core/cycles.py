"""The cycles of an assignment for one person and item: which there are, when due, when done.

``plan`` is given what holds now and returns what should hold; whoever saves it compares the two.
It can be asked again at any time and changes nothing when nothing has changed.

- A person who stops matching keeps what is done or exempted; what is open is withdrawn. Who comes
  back is asked anew, with the time that a newcomer has.
- ``once``: one cycle, "once". ``yearly``: a cycle a year, "2026", which opens on 1 January, less
  the window. ``rolling``: cycles "1", "2", …; each opens ``window_days`` before the last expires.
- A pass counts for one cycle: the earliest open one. So what is passed inside the window, when the
  present cycle is done, counts for the next.
- A date once given to an open cycle stays, until the terms are changed: moving to another grid
  does not put off the day. Extensions live beside it and are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.core.due import (
    NEWCOMER_DAYS,
    Due,
    Once,
    OnDate,
    Recurrence,
    Rolling,
    Yearly,
    add_months,
    due_on,
    in_year,
)
from portal.core.obligations import Cycle, Evidence, Moment

ONCE = "once"
_MOST_CYCLES = 200  # a portal that slept for a century would still come to an end
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What of an assignment decides about cycles. ``changed_on``: since when these terms hold."""

    due: Due
    recurrence: Recurrence
    credit_earlier: bool  # whether what was passed before the beginning counts
    changed_on: date


def withdraw(held: Sequence[Cycle], now: datetime) -> list[Cycle]:
    """What should hold for somebody who does not match (any more)."""
    return [
        replace(one, next_on=None, withdrawn_at=now if one.is_open else one.withdrawn_at)
        for one in held
    ]


def plan(
    terms: Terms,
    *,
    joined_on: date,
    matched_on: date,
    held: Sequence[Cycle],
    evidence: Evidence,
    moment: Moment,
    terms_changed: bool = False,
) -> list[Cycle]:
    """What should hold for somebody who matches, in the order of the cycles.

    ``joined_on`` is when the posting began; ``matched_on`` counts for who has nothing open from
    an unbroken match. With ``terms_changed`` the days of open cycles are set anew.
    """
    asked = _Asked(terms, joined_on, matched_on, evidence, moment, terms_changed)
    match terms.recurrence:
        case Once():
            return asked.once(held)
        case Yearly():
            return asked.yearly(terms.recurrence, held)
        case Rolling():
            return asked.rolling(terms.recurrence, held)


# Private functions


@dataclass(frozen=True, slots=True)
class _Asked:
    """The arguments of ``plan``, and what each recurrence does with them."""

    terms: Terms
    joined_on: date
    matched_on: date
    evidence: Evidence
    moment: Moment
    terms_changed: bool

    def once(self, held: Sequence[Cycle]) -> list[Cycle]:
        known = {one.cycle: one for one in held}
        cycle = self._stand(known.pop(ONCE, None), Cycle(ONCE, self.matched_on, self._first_due()))
        if cycle.is_open:
            cycle = replace(cycle, done_at=self._credited(cycle.began_on))
        return [*self._closed(known.values()), replace(cycle, next_on=None)]

    def yearly(self, rule: Yearly, held: Sequence[Cycle]) -> list[Cycle]:
        due = self.terms.due
        assert isinstance(due, OnDate)  # core.due.check_terms
        window = timedelta(days=rule.window_days)
        known = {int(one.cycle): one for one in held if _is_year(one)}
        running = any(one.next_on is not None for one in known.values())
        if running:
            first = min(year for year, one in known.items() if one.is_open or one.next_on)
        else:
            first = max(due.day.year, self.matched_on.year)
        last = max(first, (self.moment.today + window).year, *(known if running else ()))
        cycles: list[Cycle] = []
        for year in range(first, min(last, first + _MOST_CYCLES) + 1):
            opens = date(year, 1, 1) - window
            if year == due.day.year:  # the first one may be set long before
                opens = min(opens, self.terms.changed_on)
            new = self._year(due, year, opens if running else max(opens, self.matched_on), running)
            cycle = self._stand(known.pop(year, None), new)
            if cycle.is_open:
                begin = opens if self.terms.credit_earlier else max(opens, cycle.began_on)
                earlier = [one.done_at for one in (*known.values(), *cycles) if _before(one, year)]
                since = max([self.moment.start_of(begin), *(at + _INSTANT for at in earlier if at)])
                cycle = replace(cycle, done_at=self.evidence.first_since(since))
            cycles.append(replace(cycle, next_on=None))
        cycles[-1] = replace(cycles[-1], next_on=date(last + 1, 1, 1) - window)
        others = [one for one in held if one.cycle not in {made.cycle for made in cycles}]
        return [*self._closed(others), *cycles]

    def rolling(self, rule: Rolling, held: Sequence[Cycle]) -> list[Cycle]:
        known = {int(one.cycle): one for one in held if one.cycle.isdigit() and not _is_year(one)}
        cycles: list[Cycle] = []
        new = Cycle("1", self.matched_on, self._first_due())
        for number in range(1, _MOST_CYCLES):
            old = known.get(number)
            cycle = self._stand(old, new)
            if cycle.is_open:
                cycle = replace(cycle, done_at=self._rolling_pass(rule, number, cycle))
            expiry = self._expiry(rule, number, cycle)
            opens = expiry - timedelta(days=rule.window_days) if expiry else None
            waits = opens is not None and opens > self.moment.today and number + 1 not in known
            cycles.append(replace(cycle, next_on=opens if waits else None))
            if expiry is None or opens is None or waits:
                break
            new = Cycle(str(number + 1), opens, expiry)
            if old is not None and old.next_on is None:  # back after a while: a day to be kept
                began = max(opens, self.matched_on)
                late = began + timedelta(days=NEWCOMER_DAYS)
                new = replace(new, began_on=began, ruled_due_on=max(expiry, late))
            nxt = known.get(number + 1)
            if nxt is not None and nxt.withdrawn_at is None:
                new = replace(new, ruled_due_on=expiry)
        others = [one for one in held if one.cycle not in {made.cycle for made in cycles}]
        return [*self._closed(others), *cycles]

    def _stand(self, old: Cycle | None, new: Cycle) -> Cycle:
        """The cycle as it stands: new, come back to, with new days, or as before."""
        if old is None or old.withdrawn_at is not None:
            return new
        if not (old.is_open and self.terms_changed):
            return old
        if old.cycle not in (ONCE, "1"):
            return replace(old, ruled_due_on=new.ruled_due_on)
        again = due_on(
            self.terms.due,
            starts_on=self.terms.changed_on,
            joined_on=self.joined_on,
            matched_on=old.began_on,
        )
        return replace(old, ruled_due_on=again)

    def _first_due(self) -> date | None:
        return due_on(
            self.terms.due,
            starts_on=self.terms.changed_on,
            joined_on=self.joined_on,
            matched_on=self.matched_on,
        )

    def _year(self, due: OnDate, year: int, began: date, running: bool) -> Cycle:
        day = in_year(due.day, year)
        if not running and self.matched_on > self.terms.changed_on:
            day = max(day, began + timedelta(days=due.newcomer_days))
        return Cycle(str(year), began, day)

    def _credited(self, began_on: date) -> datetime | None:
        if not self.terms.credit_earlier:
            return self.evidence.first_since(self.moment.start_of(began_on))
        at = self.evidence.latest()
        if at is not None and self.evidence.valid_at(at, self.moment.now):
            return at
        # a course that ran out and has been earned again part by part
        return self.evidence.first_since(self.moment.start_of(began_on))

    def _rolling_pass(self, rule: Rolling, number: int, cycle: Cycle) -> datetime | None:
        if number == 1 and self.terms.credit_earlier:
            at = self.evidence.latest()
            if at is not None and self._lasts(rule, at):
                return at
        return self.evidence.first_since(self.moment.start_of(cycle.began_on))

    def _lasts(self, rule: Rolling, at: datetime) -> bool:
        return add_months(self.moment.day_of(at), rule.months) > self.moment.today

    def _expiry(self, rule: Rolling, number: int, cycle: Cycle) -> date | None:
        """The day on which what the cycle proved runs out; None while it is open."""
        if cycle.done_at is not None:
            day = self.moment.day_of(cycle.done_at)
            end = cycle.ruled_due_on
            if number > 1 and end is not None and day <= end:
                day = end  # renewed inside the window: no time is lost
            return add_months(day, rule.months)
        if cycle.exempted_at is not None:
            return add_months(cycle.due_on or self.moment.day_of(cycle.exempted_at), rule.months)
        return None

    def _closed(self, rest: Iterable[Cycle]) -> list[Cycle]:
        """Cycles of an earlier recurrence or match: nothing is asked by them any more."""
        return withdraw(list(rest), self.moment.now)


def _is_year(cycle: Cycle) -> bool:
    return len(cycle.cycle) == 4 and cycle.cycle.isdigit()


def _before(cycle: Cycle, year: int) -> bool:
    return _is_year(cycle) and int(cycle.cycle) < year
