"""What a group of people can do: shrinkage of its members towards the group's own mean.

A member's filter says N(m, v) under the prior N(0, 1), which holds as much as an observation
y = (m/v)/λ with precision λ = 1/v − 1. With members spread as N(μ, σ_w²) in their group and groups
as N(0, τ²), an observation of μ weighs 1/(σ_w² + 1/λ): the area-level model of Fay & Herriot
(1979), one observation a member. Averaging the members' own bands instead covers the truth only
40 to 60 times in a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from portal.core.capability_scale import Z80, expected_score, slope

SIGMA_W2 = 0.84  # spread of members within a group, squared logits
TAU2 = 0.16  # spread of groups
TAU2_RANGE = (0.02, 0.5)
ENOUGH_GROUPS = 20  # to estimate τ² from


class UnitEstimate(NamedTuple):
    """A group on 0–100. ``mu`` is its mean in logits with ``precision``; ``n`` its members."""

    score: float
    variance: float  # of the score, squared points
    mu: float
    precision: float
    n: int

    def band(self, z: float = Z80) -> tuple[float, float]:
        """(low, high), within 0..100."""
        half = z * sqrt(self.variance)
        return max(0.0, self.score - half), min(100.0, self.score + half)


def observation(m: float, v: float) -> tuple[float, float]:
    """(λ, m/v): what a filter N(m, v) has seen beyond the prior N(0, 1)."""
    return max(1.0 / v - 1.0, 0.0), m / v


def unit(
    members: Iterable[tuple[float, float]], sigma_w2: float = SIGMA_W2, tau2: float = TAU2
) -> UnitEstimate:
    """The estimate of a group from its members' (m, v) in one capability, unmeasured ones too.

    μ̂ has precision 1/τ² + Σ weights. Each member is shrunk anew to N(μ̂, σ_w²), which gives
    N(m', v'); the score is the mean of E[S], its variance Σ(S'² v')/n² + (mean(k S'))²/precision
    with k = v'/σ_w² and S' at m'. Raises ValueError when there are no members.
    """
    seen = [observation(m, v) for m, v in members]
    if not seen:
        raise ValueError("a group has at least one member")
    precision, weighted = 1.0 / tau2, 0.0
    for lam, eta in seen:
        if lam > 0.0:
            weight = 1.0 / (sigma_w2 + 1.0 / lam)
            precision += weight
            weighted += weight * eta / lam
    mu = weighted / precision
    total = within = pull = 0.0
    for lam, eta in seen:
        v_new = 1.0 / (1.0 / sigma_w2 + lam)
        m_new = v_new * (mu / sigma_w2 + eta)
        s = slope(m_new)
        total += expected_score(m_new, v_new)
        within += s * s * v_new
        pull += v_new / sigma_w2 * s
    n = len(seen)
    variance = within / (n * n) + (pull / n) ** 2 / precision
    return UnitEstimate(total / n, variance, mu, precision, n)


def estimate_tau2(groups: Sequence[tuple[float, float]]) -> float:
    """τ² from groups given as (Σ weights, Σ weights·y): Fay & Herriot's moment equation.

    Solves Σ (ȳ_j − ȳ)²/(τ² + 1/W_j) = J − 1 by bisection within ``TAU2_RANGE``; ``TAU2`` where
    fewer than ``ENOUGH_GROUPS`` groups have any weight.
    """
    means = [(total / weight, 1.0 / weight) for weight, total in groups if weight > 0.0]
    if len(means) < ENOUGH_GROUPS:
        return TAU2
    low, high = TAU2_RANGE
    for _ in range(50):
        middle = (low + high) / 2
        if _spread(means, middle) > len(means) - 1:
            low = middle
        else:
            high = middle
    return (low + high) / 2


# Private functions


def _spread(means: Sequence[tuple[float, float]], tau2: float) -> float:
    weights = [1.0 / (tau2 + variance) for _, variance in means]
    centre = sum(w * y for w, (y, _) in zip(weights, means, strict=True)) / sum(weights)
    return sum(w * (y - centre) ** 2 for w, (y, _) in zip(weights, means, strict=True))
