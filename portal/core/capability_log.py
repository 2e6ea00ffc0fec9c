"""A profile as the fold of a person's log: the same events in the same order, the same digits.

Events come in the order of their time; those of one moment in the order in which they were logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from portal.core.capability import SIX, State, advance, course_completed, prior, respond

_DAY_S = 86400.0
ENOUGH_ANSWERS = 5  # direct answers, below which there is not enough evidence


class Event(NamedTuple):
    """A response to an item of capability ``k``, or (``x`` None) a completed course in it."""

    at: datetime
    k: int
    x: float | None  # 0..1
    c: float = 0.0  # chance of guessing
    b: float = 0.0  # difficulty at the time
    s2: float = 0.0  # its variance
    w: float = 1.0
    first: bool = True  # the item had not been met before


class Profile(NamedTuple):
    """What is known of a person as of ``at``, the last event (None: there was none).

    ``answers`` counts different questions and drill decisions answered, by capability: a repeat
    sharpens the estimate by its weight, but is no further answer. ``practised`` is the last answer.
    """

    state: State
    at: datetime | None
    answers: tuple[int, ...]
    practised: tuple[datetime | None, ...]

    def enough(self, k: int) -> bool:
        """Whether there are answers enough to speak of capability ``k``."""
        return self.answers[k] >= ENOUGH_ANSWERS


BLANK = Profile(prior(), None, (0,) * SIX, (None,) * SIX)


def at_time(profile: Profile, moment: datetime) -> Profile:
    """The profile at ``moment``: bands have widened since the last event."""
    if profile.at is None or moment <= profile.at:
        return profile
    days = (moment - profile.at).total_seconds() / _DAY_S
    return profile._replace(state=advance(profile.state, days), at=moment)


def apply(profile: Profile, event: Event) -> Profile:
    """The profile after one event, which is not older than the profile."""
    state = profile.state
    if profile.at is not None:
        state = advance(state, (event.at - profile.at).total_seconds() / _DAY_S)
    k = event.k
    if event.x is None:
        return Profile(course_completed(state, k), event.at, profile.answers, profile.practised)
    state = respond(state, k, event.x, event.b, event.s2, event.c, event.w)
    answers, practised = profile.answers, profile.practised
    if event.first:
        answers = (*answers[:k], answers[k] + 1, *answers[k + 1 :])
    practised = (*practised[:k], event.at, *practised[k + 1 :])
    return Profile(state, event.at, answers, practised)


def fold(events: Iterable[Event], profile: Profile = BLANK) -> Profile:
    """The profile after all ``events``."""
    for event in events:
        profile = apply(profile, event)
    return profile
