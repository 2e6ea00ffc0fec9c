"""What one person adds to the standing of units, day by day, and where the person stands now.

A unit's standing at the end of a day is a sum over the people who belonged to it on that day.
Each person therefore adds numbers on the days on which something changes, and takes them away
again on leaving: summed up to a day, they give exactly the postings, completions and obligations
of that day. Days are ISO text where the portal is (``2026-11-26``); every fact of a day counts
from that day on.

A person belongs to one unit at a time, the **home unit**: that of the main posting, unless it is a
trainer's (``core.postings``). So nobody counts twice, however many posts somebody holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from portal.core.postings import TRAINER_POST

MEASURES = ("staff", "pairs", "pairs_done", "due", "done", "on_time", "expiring")
STAFF, PAIRS, PAIRS_DONE, DUE, DONE, ON_TIME, EXPIRING = range(len(MEASURES))
EXPIRES_SOON_DAYS = 30
FAILING_TRIES = 2

Deltas = dict[tuple[int, str], list[int]]  # (unit id, day): a number for each of MEASURES


@dataclass(frozen=True, slots=True)
class Stay:
    """A posting: ``ended`` is the first day on which it is over."""

    posting_id: int
    unit_id: int
    post: str
    began: str
    ended: str | None
    main: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """A course as it is offered now; no ``posts`` means everybody."""

    since: str
    posts: frozenset[str]

    def is_meant_for(self, posts: frozenset[str]) -> bool:
        """Whether somebody who holds ``posts`` is meant."""
        return not self.posts or not self.posts.isdisjoint(posts)


@dataclass(frozen=True, slots=True)
class Learnt:
    """One person in one course; ``expires`` is the last day on which the completion holds.

    ``earlier``: (day, last day) of the completion and of each renewal but the newest.
    """

    course_id: str
    seen: str
    completed: str | None
    renewed: str | None
    expires: str | None
    hours: float
    earlier: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation. Only what is required and has a due day can be overdue.

    One that was changed later than a day that depends on it is there several times: as it stood at
    the end of the days from ``since`` until before ``until``; without an ``until``, as it stands.
    """

    due: str | None
    required: bool
    began: str
    done: str | None
    exempted: str | None
    withdrawn: str | None
    since: str | None = None
    until: str | None = None

    def stood(self, day: str) -> bool:
        """Whether it stood like this at the end of ``day``."""
        return (self.since or "") <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A quiz or exam that was handed in, in the order of time. ``percent`` None: not marked yet."""

    quiz_id: str
    percent: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one person that decides the standing.

    ``absences``: (first day, first day back) of times for which the account was disabled.
    """

    stays: Sequence[Stay]
    disabled: str | None
    learnt: Sequence[Learnt]
    duties: Sequence[Duty]
    sittings: Sequence[Sitting]
    absences: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands now.

    ``overdue_from``: the due day of the oldest obligation that is open; the person is overdue on
    every later day. ``idle_from``: the day on which a begun, uncompleted course was last seen, the
    oldest. ``waiting_from``: since when the person is posted, while none of the meant courses was
    begun. ``failing``: most tries at a quiz that was never passed, from ``FAILING_TRIES`` on.
    """

    unit_id: int | None
    pairs: int
    pairs_done: int
    hours: float
    failing: int
    overdue_from: str | None
    idle_from: str | None
    waiting_from: str | None
    seen_on: str | None


@lru_cache(maxsize=20_000)
def day_after(day: str, days: int = 1) -> str:
    """The ISO day ``days`` after ``day``."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def deltas(facts: Facts, offers: Mapping[str, Offer]) -> Deltas:
    """What the person adds to each unit on each day; entries that are all zero are left out."""
    found: Deltas = {}
    homes = list(_homes(facts))
    completed = {one.course_id: one.completed for one in facts.learnt if one.completed}
    for home in homes:
        _add(found, home, STAFF, home.since, None)
        for course_id, offer in offers.items():
            if offer.is_meant_for(home.posts):
                _add(found, home, PAIRS, offer.since, None)
                done = completed.get(course_id)
                if done is not None:
                    _add(found, home, PAIRS_DONE, max(done, offer.since), None)
        for duty in facts.duties:
            _add_duty(found, home, duty)
        for one in facts.learnt:
            _add_expiry(found, home, one)
    return {key: numbers for key, numbers in found.items() if any(numbers)}


def standing(facts: Facts, offers: Mapping[str, Offer]) -> Standing:
    """Where the person stands, by everything that is recorded."""
    homes = list(_homes(facts))
    home = homes[-1] if homes and homes[-1].until is None else None
    posts = home.posts if home else frozenset[str]()
    meant = {key for key, offer in offers.items() if home and offer.is_meant_for(posts)}
    begun = {one.course_id for one in facts.learnt}
    completed = {one.course_id for one in facts.learnt if one.completed}
    open_days = [
        duty.due
        for duty in facts.duties
        if duty.required and duty.due and duty.until is None
        if not (duty.done or duty.exempted or duty.withdrawn)
    ]
    idle = [one.seen for one in facts.learnt if not one.completed and one.course_id in offers]
    posted = min((s.began for s in facts.stays if s.ended is None), default=None)
    return Standing(
        unit_id=home.unit_id if home else None,
        pairs=len(meant),
        pairs_done=len(meant & completed),
        hours=sum(one.hours for one in facts.learnt),
        failing=_failing(facts.sittings),
        overdue_from=min(open_days, default=None),
        idle_from=min(idle, default=None),
        waiting_from=posted if meant and not meant & begun else None,
        seen_on=max((one.seen for one in facts.learnt), default=None),
    )


def gains(sittings: Sequence[Sitting]) -> dict[str, tuple[float, float]]:
    """(first, last) percent by quiz, of quizzes that were handed in twice or more."""
    met: dict[str, list[float]] = {}
    for sitting in sittings:
        if sitting.percent is not None:
            met.setdefault(sitting.quiz_id, []).append(sitting.percent)
    return {quiz_id: (all_[0], all_[-1]) for quiz_id, all_ in met.items() if len(all_) > 1}


# Private functions


@dataclass(frozen=True, slots=True)
class _Home:
    """The home unit from ``since`` until the day ``until`` (exclusive)."""

    unit_id: int
    posts: frozenset[str]
    since: str
    until: str | None


def _homes(facts: Facts) -> Iterator[_Home]:
    stays, disabled = facts.stays, facts.disabled
    days = {stay.began for stay in stays} | {stay.ended for stay in stays if stay.ended}
    days |= {day for absence in facts.absences for day in absence}
    if disabled is not None:
        days = {day for day in days if day < disabled}
        stops: list[str | None] = [*sorted(days), disabled]
    else:
        stops = [*sorted(days), None]
    last: _Home | None = None
    for since, until in pairwise(stops):
        assert since is not None
        there = [s for s in stays if s.began <= since and (s.ended is None or s.ended > since)]
        main = max((s for s in there if s.main), key=lambda s: s.posting_id, default=None)
        home = None
        away = any(first <= since < back for first, back in facts.absences)
        if main is not None and main.post != TRAINER_POST and not away:
            home = _Home(main.unit_id, frozenset(s.post for s in there), since, until)
        if last is not None and home is not None and _is_same(last, home):
            last = _Home(last.unit_id, last.posts, last.since, until)
            continue
        if last is not None:
            yield last
        last = home
    if last is not None:
        yield last


def _is_same(one: _Home, next_: _Home) -> bool:
    return (one.unit_id, one.posts, one.until) == (next_.unit_id, next_.posts, next_.since)


def _add_duty(found: Deltas, home: _Home, duty: Duty) -> None:
    if not duty.required or duty.due is None:
        return
    since = max(day_after(duty.due), duty.began, duty.since or "")
    ends = [day for day in (duty.exempted, duty.withdrawn, duty.until) if day is not None]
    until = min(ends) if ends else None
    _add(found, home, DUE, since, until)
    if duty.done is not None:
        _add(found, home, DONE, max(since, duty.done), until)
        if duty.done <= duty.due:
            _add(found, home, ON_TIME, since, until)


def _add_expiry(found: Deltas, home: _Home, one: Learnt) -> None:
    last = one.renewed or one.completed
    if one.expires is None or last is None:
        return
    held = (*one.earlier, (last, one.expires))
    renewals = (*(day for day, _ in held[1:]), None)
    for (earned, expires), renewed in zip(held, renewals, strict=True):
        soon = max(day_after(expires, -EXPIRES_SOON_DAYS), earned)
        over = day_after(expires)
        _add(found, home, EXPIRING, soon, over if renewed is None else min(over, renewed))


def _add(found: Deltas, home: _Home, measure: int, since: str, until: str | None) -> None:
    """Count one in ``measure`` from ``since`` until ``until``, as long as the person is there."""
    begins = max(home.since, since)
    ends = home.until if until is None else until if home.until is None else min(home.until, until)
    if ends is not None and ends <= begins:
        return
    _at(found, home.unit_id, begins)[measure] += 1
    if ends is not None:
        _at(found, home.unit_id, ends)[measure] -= 1


def _at(found: Deltas, unit_id: int, day: str) -> list[int]:
    numbers = found.get((unit_id, day))
    if numbers is None:
        numbers = found[unit_id, day] = [0] * len(MEASURES)
    return numbers


def _failing(sittings: Sequence[Sitting]) -> int:
    passed = {sitting.quiz_id for sitting in sittings if sitting.passed}
    tries: dict[str, int] = {}
    for sitting in sittings:
        if sitting.passed is False and sitting.quiz_id not in passed:
            tries[sitting.quiz_id] = tries.get(sitting.quiz_id, 0) + 1
    most = max(tries.values(), default=0)
    return most if most >= FAILING_TRIES else 0
