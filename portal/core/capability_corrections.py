"""What later decisions did to a profile: marks, regrades, and answers that count no longer.

The story (``capability_story``) is told from what counts now, so a decision changes the past of it.
Here it is said that it did, when, and by how much the score moved on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.core.capability import score
from portal.core.capability_log import Event, Profile, fold
from portal.core.capability_story import Occasion

MOST = 10  # corrections told, the newest


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log as it was written; ``event.x`` is None for a completed course alone."""

    id: int
    occasion: Occasion
    event: Event


@dataclass(frozen=True, slots=True)
class Corrected:
    """From ``at`` on ``x`` counts for the row ``row_id``; None: it counts no longer."""

    row_id: int
    at: datetime
    x: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision changed ``changed`` answers of an occasion and took ``removed`` out of it.

    ``points`` by which the score of ``k`` moved; None where there was or is not enough evidence.
    """

    at: datetime
    occasion: Occasion
    given_at: datetime
    k: int
    points: int | None
    changed: int
    removed: int


def corrections(log: Sequence[Logged], later: Iterable[Corrected]) -> list[Correction]:
    """What ``later``, in their order, did to the ``log``, in the order of the fold; the newest
    ``MOST`` first."""
    by_id = {row.id: row for row in log}
    groups = [
        list(found)
        for _, found in groupby(
            (one for one in later if one.row_id in by_id),
            key=lambda one: (one.at, by_id[one.row_id].occasion, by_id[one.row_id].event.k),
        )
    ]
    counts: dict[int, float | None] = {row.id: row.event.x for row in log}
    told: list[Correction] = []
    for at, group in enumerate(groups):
        is_told = at >= len(groups) - MOST
        before = _as_of(log, counts, group[0].at) if is_told else None
        counts.update((one.row_id, one.x) for one in group)
        if before is not None:
            told.append(_told(by_id, group, before, _as_of(log, counts, group[0].at)))
    return told[::-1]


# Private functions


def _as_of(log: Sequence[Logged], counts: dict[int, float | None], at: datetime) -> Profile:
    """The profile on that day, of what counted then."""
    return fold(
        row.event if row.event.x is None else row.event._replace(x=counts[row.id])
        for row in log
        if row.event.at <= at and (row.event.x is None or counts[row.id] is not None)
    )


def _told(
    by_id: dict[int, Logged], group: list[Corrected], before: Profile, after: Profile
) -> Correction:
    row = by_id[group[0].row_id]
    k = row.event.k
    points = None
    if before.enough(k) and after.enough(k):
        points = round(score(after.state.mean[k])) - round(score(before.state.mean[k]))
    removed = sum(one.x is None for one in group)
    return Correction(
        group[0].at, row.occasion, row.event.at, k, points, len(group) - removed, removed
    )
