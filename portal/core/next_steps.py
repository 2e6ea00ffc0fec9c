"""What a person could do next: gap × due × forgetting, at most three, each with its reason.

- **gap**: ¼ plus how many levels the estimate of the capability lies below what the post asks for
  (0 … 4), so that somebody who meets every demand still gets an order. Nothing known of a person
  is the prior (m = 0), as everywhere.
- **due**: 4 overdue, 3 within a week or run out, 2 within thirty days or about to run out, 1.5
  required without a day, else 1.
- **forgetting**: 1 + 2 (1 − R), R being the mean recall of what was answered of that course.

A course of the right level comes before one that is too easy or too hard (0.6 for each level
off), and one that was begun before a new one (1.3). One drill may stand beside a course of the same
capability: that is read, this played.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from portal.core.capability_scale import LEVEL_THETA, level_of

MOST = 3
LEVEL_STEP = LEVEL_THETA[1] - LEVEL_THETA[0]  # logits between two levels
FORGOTTEN = 0.85  # mean recall below which something completed is worth going over again
FEWEST_CARDS = 5  # of which a mean says something

Kind = Literal["course", "quiz", "drill"]
Standing = Literal["new", "started", "completed", "expiring", "expired"]
ReasonKind = Literal[
    "overdue",
    "due",
    "expired",
    "expiring",
    "begun",
    "drill_begun",
    "rehearse",
    "gap",
    "gap_unknown",
    "met",
    "forgotten",
    "placement",
    "meant_for_you",
]


@dataclass(frozen=True, slots=True)
class Need:
    """One capability of one person. ``wanted`` is what the post asks for, None: nothing.

    ``level`` is None where there is not enough evidence; ``mean`` is the estimate in logits.
    ``asked`` and ``right`` count questions of the last placement, 0 without one.
    """

    wanted: int | None = None
    level: int | None = None
    mean: float = 0.0
    asked: int = 0
    right: int = 0

    @property
    def gap(self) -> float:
        """Levels below what is asked for, 0..4."""
        if self.wanted is None:
            return 0.0
        return min(max((LEVEL_THETA[self.wanted - 1] - self.mean) / LEVEL_STEP, 0.0), 4.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be done next. ``recall`` is None with too few ``cards`` to say."""

    kind: Kind
    item_id: str
    capability: str
    level: int = 0  # of the course; 0: no matter
    minutes: int = 0  # what is left of it; 0: not known
    standing: Standing = "new"
    percent: int = 0
    due_on: date | None = None
    required: bool = False
    recall: float | None = None
    cards: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, for the page to put into words; ``values`` fill its placeholders."""

    kind: ReasonKind
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step with its reasons, the strongest first."""

    candidate: Candidate
    score: float
    reasons: tuple[Reason, ...]


def suggest(
    candidates: Iterable[Candidate], needs: Mapping[str, Need], today: date, most: int = MOST
) -> list[Suggestion]:
    """The best ``most`` candidates, the best first.

    No capability comes twice while another has something to offer, unless a day is set. One drill
    may come beside the courses.
    """
    ranked = sorted(
        (
            Suggestion(one, score(one, need, today), reasons(one, need, today))
            for one in candidates
            if _is_worth_it(one)
            for need in [needs.get(one.capability, Need())]
        ),
        key=lambda suggestion: (-suggestion.score, suggestion.candidate.item_id),
    )
    chosen: list[Suggestion] = []
    met: set[str] = set()
    later: list[Suggestion] = []
    for suggestion in ranked:
        one = suggestion.candidate
        of = "drill" if one.kind == "drill" else one.capability
        if of in met and _due(one, today) < 2:
            later.append(suggestion)
        else:
            chosen.append(suggestion)
            met.add(of)
    return [*chosen[:most], *later][:most]


def score(one: Candidate, need: Need, today: date) -> float:
    """gap × due × forgetting, by how well the course fits."""
    forgetting = 1 + 2 * (1 - one.recall) if one.recall is not None else 1.0
    begun = 1.3 if one.standing == "started" else 1.0
    return (0.25 + need.gap) * _due(one, today) * forgetting * _fit(one, need) * begun


def reasons(one: Candidate, need: Need, today: date) -> tuple[Reason, ...]:
    """Every reason that holds; somebody who reads the first alone knows enough."""
    found: list[Reason] = []
    if one.due_on is not None:
        days = (one.due_on - today).days
        late = Reason("overdue", {"days": -days})
        found.append(late if days < 0 else Reason("due", {"days": days}))
    if one.standing in ("expired", "expiring"):
        found.append(Reason("expired" if one.standing == "expired" else "expiring"))
    if one.standing == "started":
        begun = Reason("begun", {"percent": one.percent})
        found.append(Reason("drill_begun") if one.kind == "drill" else begun)
    if need.asked:
        found.append(Reason("placement", {"asked": need.asked, "right": need.right}))
    if need.wanted is not None and need.level is not None and need.level < need.wanted:
        found.append(Reason("gap", {"wanted": need.wanted, "level": need.level}))
    if one.recall is not None and one.recall < FORGOTTEN:
        found.append(Reason("forgotten", {"percent": round(100 * one.recall)}))
    if one.kind == "drill" and need.gap > 0:
        if need.level is None:
            found.append(Reason("gap_unknown", {"wanted": need.wanted or 0}))
        found.append(Reason("rehearse"))
    if not found and need.wanted is not None:
        known: ReasonKind = "gap_unknown" if need.level is None else "met"
        found.append(Reason(known, {"wanted": need.wanted}))
    return tuple(found or [Reason("meant_for_you")])


def mean_recall(recalls: Sequence[float]) -> float | None:
    """The mean, or None with fewer than ``FEWEST_CARDS``."""
    return sum(recalls) / len(recalls) if len(recalls) >= FEWEST_CARDS else None


# Private functions


def _is_worth_it(one: Candidate) -> bool:
    """Something completed is offered when a day is set, or much of it is forgotten."""
    if one.standing != "completed" or one.due_on is not None:
        return True
    return one.recall is not None and one.recall < FORGOTTEN


def _due(one: Candidate, today: date) -> float:
    days = (one.due_on - today).days if one.due_on is not None else None
    if days is not None and days < 0:
        return 4.0
    if (days is not None and days <= 7) or one.standing == "expired":
        return 3.0
    if (days is not None and days <= 30) or one.standing == "expiring":
        return 2.0
    return 1.5 if one.required else 1.0


def _fit(one: Candidate, need: Need) -> float:
    if not one.level or one.standing != "new":
        return 1.0
    target = level_of(need.mean) + 1
    if need.wanted is not None:
        target = min(target, need.wanted)
    off: int = abs(one.level - min(target, len(LEVEL_THETA)))
    return float(0.6**off)
