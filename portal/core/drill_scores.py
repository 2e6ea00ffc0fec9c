"""Ratings of a run's objectives, from the ratings of its decisions (HSEEP 2020, P/S/M/U)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.drill_grammar import holds
from portal.core.drill_run import RunState, Taken
from portal.core.drills import RATINGS, Drill, Objective, Rating

VALUES: Mapping[Rating, float] = {"P": 1.0, "S": 2 / 3, "M": 1 / 3, "U": 0.0}
_FROM: tuple[tuple[Rating, float], ...] = (("P", 0.85), ("S", 0.6), ("M", 0.3), ("U", 0.0))


@dataclass(frozen=True, slots=True)
class ObjectiveScore:
    """``score`` 0..1 is the mean of the objective's decisions on this run; None, and no rating,
    where the run met none of them. ``is_capped``: a U on a critical objective held it at M."""

    objective: Objective
    score: float | None
    rating: Rating | None
    decisions: int
    is_capped: bool = False


def rating_of(score: float) -> Rating:
    """P from .85, S from .6, M from .3, else U."""
    return next(rating for rating, least in _FROM if score >= least - 1e-9)


def rating_of_taken(drill: Drill, taken: Taken) -> Rating:
    """How a decision that was taken is rated: by the facilitator, else as its option is."""
    return taken.rated or drill.decision(taken.decision_id).options[taken.option].rating


def score_objectives(drill: Drill, taken: Sequence[Taken]) -> tuple[ObjectiveScore, ...]:
    """The score of every objective, in the author's order."""
    return tuple(_score(drill, objective, taken) for objective in drill.objectives)


def score_of_run(drill: Drill, taken: Sequence[Taken]) -> float | None:
    """The mean over all decisions, 0..1; None for a run without any."""
    values = [VALUES[rating_of_taken(drill, one)] for one in taken]
    return sum(values) / len(values) if values else None


def is_best(drill: Drill, state: RunState) -> bool:
    """Whether the run ended as ``best`` asks; without ``best``, with no decision below P."""
    if drill.best is not None:
        return holds(drill.best, state.values)
    return all(rating_of_taken(drill, one) == "P" for one in state.taken)


def is_passed(scores: Sequence[ObjectiveScore]) -> bool:
    """Whether every objective that was met is rated P or S, and one was met."""
    met = [one.rating for one in scores if one.rating is not None]
    return bool(met) and all(rating in ("P", "S") for rating in met)


# Private functions


def _score(drill: Drill, objective: Objective, taken: Sequence[Taken]) -> ObjectiveScore:
    ratings = [
        rating_of_taken(drill, one)
        for one in taken
        if objective.key in drill.decision(one.decision_id).objectives
    ]
    if not ratings:
        return ObjectiveScore(objective, None, None, 0)
    score = sum(VALUES[rating] for rating in ratings) / len(ratings)
    rating = rating_of(score)
    capped = objective.critical and "U" in ratings and RATINGS.index(rating) < RATINGS.index("M")
    return ObjectiveScore(objective, score, "M" if capped else rating, len(ratings), capped)
