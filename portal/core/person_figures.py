"""One person's figures on a day: the same definitions that the sums of units follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.unit_days import Facts, Offer


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """At the end of a day: courses meant and completed of them, hours credited, obligations that
    were due, done and overdue, and the day on which the person was last seen in a course."""

    posts: tuple[str, ...]
    pairs: int
    pairs_done: int
    hours: float
    due: int
    done: int
    overdue: int


def figures_on(facts: Facts, offers: Mapping[str, Offer], day: str) -> PersonFigures:
    """``facts`` as they were at the end of ``day`` (ISO), with the courses that are offered now."""
    there = [s for s in facts.stays if s.began <= day and (s.ended is None or s.ended > day)]
    posts = tuple(sorted({stay.post for stay in there}))
    completed = {
        one.course_id: one for one in facts.learnt if one.completed and one.completed <= day
    }
    meant = {
        key
        for key, offer in offers.items()
        if there and offer.since <= day and offer.is_meant_for(frozenset(posts))
    }
    due = done = 0
    for duty in facts.duties:
        if not duty.stood(day):
            continue
        gone = any(end is not None and end <= day for end in (duty.exempted, duty.withdrawn))
        if duty.required and duty.due and duty.due < day and duty.began <= day and not gone:
            due += 1
            done += bool(duty.done and duty.done <= day)
    return PersonFigures(
        posts=posts,
        pairs=len(meant),
        pairs_done=len(meant & set(completed)),
        hours=sum(one.hours for one in completed.values()),
        due=due,
        done=done,
        overdue=due - done,
    )
