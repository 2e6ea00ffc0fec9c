"""What six capabilities a person has shown: a Gaussian filter, and what is read off it.

A Glicko-type rating (Glickman 1999) with guessing (Birnbaum 1968; Lord 1980, 3PL) over six
correlated capabilities. All functions are pure and give the same digits for the same input:
plain floats in a fixed order of operations. The interface, by name:

==============================  ================================================================
``prior()``                     the state of somebody of whom nothing is known: m = 0, V = R
``advance(state, days)``        rule 1, time passes: V ← R − f²(R − V), f = exp(−days/1000)
``course_completed(state, k)``  rule 2, a course: V_kk ← min(V_kk + 0.15, 1); the mean stays
``respond(state, k, x, b, s2, c, w)``  rule 3, a response
``guessing(question)``          rule 4, the chance c that a guess is worth
``repeat_weight(gap_days)``     rule 5, w = 1 − exp(−gap/60); None: never met before, w = 1
``rating_value(letter)``, ``drill_weight(n)``  rule 6, P S M U = 1 ⅔ ⅓ 0, w = 1/(1 + 0.3(n − 1))
``item_start(level)``, ``item_respond(item, x, m, v, c, w)``  rule 7, what an item learns
``score(theta)``, ``band(m, v, z)``  S(θ) and S(m ± z√v) on 0..100, S by 51 normal quantiles
``unit(members)``               the estimate of a group, Fay & Herriot 1979 (``capability_unit``)
``estimate_tau2(groups)``       τ² from the groups' own spread (``capability_unit``)
==============================  ================================================================

Capabilities are numbered k = 0..5 in the order of ``CAPABILITIES``. θ, m and b are in logits, v and
s² in squared logits; x and c are shares 0..1.
"""

from __future__ import annotations

from math import exp, pi, sqrt
from typing import NamedTuple

from portal.core.capability_guessing import guessing
from portal.core.capability_scale import (
    LEVEL_DIFFICULTY,
    band,
    expected_score,
    level_of,
    needed_score,
    overlap,
    score,
    sigmoid,
    slope,
)
from portal.core.capability_unit import UnitEstimate, estimate_tau2, unit

__all__ = [
    "CAPABILITIES",
    "ITEM_VARIANCE",
    "ItemState",
    "State",
    "UnitEstimate",
    "advance",
    "band",
    "course_completed",
    "drill_weight",
    "estimate_tau2",
    "expected_score",
    "guessing",
    "item_respond",
    "item_start",
    "level_of",
    "needed_score",
    "overlap",
    "prior",
    "rating_value",
    "repeat_weight",
    "respond",
    "score",
    "slope",
    "unit",
]

# the order of the state's coordinates, for ever: stored states depend on it
CAPABILITIES = ("reform", "law", "risk", "mass-work", "technology", "emergency")
SIX = len(CAPABILITIES)
RHO = 0.5  # prior correlation of two capabilities
FORGETTING_DAYS = 1000.0
COURSE_WIDENING = 0.15
REPEAT_DAYS = 60.0
ITEM_VARIANCE = 0.49  # s² of an item that nobody has answered
FROZEN_BELOW = 0.03  # s² below which an item is known well enough

_RATINGS = {"P": 1.0, "S": 2.0 / 3.0, "M": 1.0 / 3.0, "U": 0.0}
_3_PI2 = 3.0 / (pi * pi)
_SIX = range(SIX)
_R = tuple(tuple(1.0 if i == j else RHO for j in _SIX) for i in _SIX)


class State(NamedTuple):
    """What is known of a person: mean vector m (6) and covariance V (6×6, symmetric)."""

    mean: tuple[float, ...]
    cov: tuple[tuple[float, ...], ...]


class ItemState(NamedTuple):
    """What is known of an item: difficulty b with variance s²."""

    b: float
    s2: float

    @property
    def frozen(self) -> bool:
        """Whether it learns no more."""
        return self.s2 < FROZEN_BELOW


_PRIOR = State((0.0,) * SIX, _R)


def prior() -> State:
    """m = 0, V = R: 1 on the diagonal and ρ = 0.5 elsewhere. One prior for everybody."""
    return _PRIOR


def advance(state: State, days: float) -> State:
    """Rule 1: ``days`` pass (none where it is not positive). The mean stays, the band widens."""
    if days <= 0.0:
        return state
    f = exp(-days / FORGETTING_DAYS)
    f2 = f * f
    return State(
        state.mean,
        tuple(
            tuple([r - f2 * (r - v) for r, v in zip(prior_row, row, strict=True)])
            for prior_row, row in zip(_R, state.cov, strict=True)
        ),
    )


def course_completed(state: State, k: int) -> State:
    """Rule 2: a course in capability ``k`` is completed. Attendance earns no score."""
    row = list(state.cov[k])
    row[k] = min(row[k] + COURSE_WIDENING, 1.0)
    return State(state.mean, (*state.cov[:k], tuple(row), *state.cov[k + 1 :]))


def respond(
    state: State,
    k: int,
    x: float,
    b: float,
    s2: float = ITEM_VARIANCE,
    c: float = 0.0,
    w: float = 1.0,
) -> State:
    """Rule 3: a response ``x`` 0..1 to an item of capability ``k``.

    The item has difficulty ``b`` with variance ``s2`` and guessing chance ``c``; the response
    weighs ``w`` 0..1. With κ = 1/√(1 + 3s²/π²), q = σ(κ(m_k − b)), P = c + (1 − c)q and
    D = (1 − c) q (1 − q) κ, v = V_kk becomes v' = 1/(1/v + wD²/(P(1 − P))), and along
    G = V_·k/v: m ← m + G v' w (x − P) D/(P(1 − P)), V ← V + G Gᵀ(v' − v).
    What tells nothing (w = 0; an item that every guess solves) leaves the state as it is.
    """
    mean, cov = state
    column = cov[k]
    v = column[k]
    information, step = _score_step(mean[k], b, s2, c, w, x)
    if information <= 0.0 and step == 0.0:
        return state
    v_new = 1.0 / (1.0 / v + information)
    gain = [g / v for g in column]
    move, change = v_new * step, v_new - v
    return State(
        tuple([m + g * move for m, g in zip(mean, gain, strict=True)]),
        tuple(
            tuple([a + (gi * gj) * change for a, gj in zip(row, gain, strict=True)])
            for row, gi in zip(cov, gain, strict=True)
        ),
    )


def repeat_weight(gap_days: float | None) -> float:
    """Rule 5: what an answer to an item weighs ``gap_days`` after the last one to it.

    A remembered answer proves less: 0 at once, 0.39 after a month, 0.78 after three. None stands
    for an item that the person has not met, or that was edited since: 1.
    """
    return 1.0 if gap_days is None else 1.0 - exp(-max(gap_days, 0.0) / REPEAT_DAYS)


def rating_value(letter: str) -> float:
    """Rule 6: x of an exercise rating P, S, M or U. Raises KeyError on another letter."""
    return _RATINGS[letter]


def drill_weight(n: int) -> float:
    """Rule 6: what each of ``n`` ≥ 1 decisions on one capability weighs in a drill."""
    return 1.0 / (1.0 + 0.3 * (n - 1))


def item_start(level: int) -> ItemState:
    """Rule 7: an item of the author's level 1..5 that nobody has answered."""
    return ItemState(LEVEL_DIFFICULTY[level - 1], ITEM_VARIANCE)


def item_respond(
    item: ItemState, x: float, m: float, v: float, c: float = 0.0, w: float = 1.0
) -> ItemState:
    """Rule 7: the mirror of rule 3. The item learns from a person at m with variance v.

    The person's uncertainty attenuates as the item's does there: κ = 1/√(1 + 3v/π²),
    s²' = 1/(1/s² + wD²/(P(1 − P))), b ← b − s²' w (x − P) D/(P(1 − P)). Below s² = 0.03 nothing
    moves any more (Elo-type calibration, Pelánek 2016).
    """
    if item.frozen:
        return item
    information, step = _score_step(m, item.b, v, c, w, x)
    if information <= 0.0 and step == 0.0:
        return item
    s2 = 1.0 / (1.0 / item.s2 + information)
    return ItemState(item.b - s2 * step, s2)


# Private functions


def _score_step(m: float, b: float, s2: float, c: float, w: float, x: float) -> tuple[float, float]:
    """(w D²/(P(1 − P)), w (x − P) D/(P(1 − P))); zeros where the response tells nothing.

    1 − P = (1 − c)(1 − q) cancels out: D/(P(1 − P)) = κ q/P. An item far too easy or too hard then
    does not divide nothing by nothing.
    """
    if c >= 1.0:
        return 0.0, 0.0
    kappa = 1.0 / sqrt(1.0 + _3_PI2 * s2)
    distance = kappa * (m - b)
    q, r = sigmoid(distance), sigmoid(-distance)
    p = c + (1.0 - c) * q
    if p <= 0.0:
        return 0.0, 0.0
    rate = kappa * q / p
    return w * (1.0 - c) * q * r * kappa * rate, w * (x - p) * rate
