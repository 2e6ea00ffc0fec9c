"""What moved a profile, told event by event from a person's log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from portal.core.capability import SIX, band, score
from portal.core.capability_log import BLANK, Event, Profile, apply, at_time

MAX_POINTS = 60  # of a history; more cannot be told apart in a chart


class Occasion(NamedTuple):
    """What an event belongs to: events of one attempt, drill or day of practice are told as one."""

    kind: str
    source: str  # the attempt, run or day
    content_id: str  # quiz, module, drill or course


@dataclass(frozen=True, slots=True)
class Move:
    """One occasion moved the score of capability ``k`` by ``points`` (whole, not 0)."""

    at: datetime
    occasion: Occasion
    k: int
    points: int


@dataclass(frozen=True, slots=True)
class Point:
    """Score and 80 % band of one capability at a moment, 0..100."""

    at: datetime
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Story:
    """``moves`` the newest first; ``history`` by capability, in order, after each occasion.

    ``lent``: by how many points the answers on other capabilities moved each one, all together.
    """

    profile: Profile
    moves: tuple[Move, ...]
    history: tuple[tuple[Point, ...], ...]
    lent: tuple[int, ...]


def tell(events: Iterable[tuple[Occasion, Event]]) -> Story:
    """The story of a log in order. A capability is told of from enough answers on.

    What a move says is the change of the score from just before the occasion to just after it, in
    the capabilities that it gave answers to. What it moved in the others is summed up: from the
    first estimate on, moves and what was lent add up to the score.
    """
    profile = BLANK
    moves: list[Move] = []
    history: list[list[Point]] = [[] for _ in range(SIX)]
    lent = [0] * SIX
    for occasion, grouped in groupby(events, key=lambda pair: pair[0]):
        happened = [event for _, event in grouped]
        before = profile
        for event in happened:
            profile = apply(profile, event)
        at = happened[-1].at
        answered = {event.k for event in happened if event.x is not None}
        for k in range(SIX):
            if not profile.enough(k):
                continue
            points = round(score(profile.state.mean[k])) - round(score(before.state.mean[k]))
            if k not in answered:
                lent[k] += points
                continue
            history[k].append(_point(profile, k, at))
            if points:
                moves.append(Move(at, occasion, k, points))
    thinned = tuple(_thinned(one) for one in history)
    return Story(profile, tuple(reversed(moves)), thinned, tuple(lent))


def now_point(profile: Profile, k: int, now: datetime) -> Point:
    """Score and band of capability ``k`` at ``now``."""
    return _point(at_time(profile, now), k, now)


# Private functions


def _point(profile: Profile, k: int, at: datetime) -> Point:
    m, v = profile.state.mean[k], profile.state.cov[k][k]
    return Point(at, score(m), *band(m, v))


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """At most ``MAX_POINTS``, evenly taken, the last one among them."""
    if len(points) <= MAX_POINTS:
        return tuple(points)
    step = len(points) / MAX_POINTS
    return tuple(points[int((n + 1) * step) - 1] for n in range(MAX_POINTS))
