"""From the logit scale of the filter to the 0–100 that people read.

S(θ) is the mean over 51 normal quantiles z_i = Φ⁻¹((i + ½)/51) of 100 σ(θ − z_i): the share, in
percent, that a person at θ would answer rightly without guessing over questions whose difficulty
is spread as N(0, 1).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import NormalDist

Z80 = 1.2816  # half the width of an 80 % band, in standard deviations

QUANTILES: tuple[float, ...] = tuple(NormalDist().inv_cdf((i + 0.5) / 51) for i in range(51))
_STEP = 0.6
_DENSITY = [exp(-0.5 * (_STEP * i) ** 2) for i in range(-13, 14)]
_NORMAL = [(_STEP * i, _DENSITY[i + 13] / sum(_DENSITY)) for i in range(-13, 14)]  # node, weight
LEVEL_DIFFICULTY = (-1.6, -0.8, 0.0, 0.8, 1.6)  # b of an author's level 1..5
# the level is reached where two of three questions of that difficulty are answered rightly without
# guessing: σ(θ − b) = ⅔. The bookmark method's RP67 (Mitzel, Lewis, Patz & Green 2001)
LEVEL_THETA: tuple[float, ...] = tuple(b + log(2.0) for b in LEVEL_DIFFICULTY)


def sigmoid(x: float) -> float:
    """σ(x) = 1/(1 + e^−x), without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def score(theta: float) -> float:
    """S(θ), 0..100."""
    return 100.0 * sum(sigmoid(theta - z) for z in QUANTILES) / 51


def slope(theta: float) -> float:
    """S'(θ), points a logit."""
    total = 0.0
    for z in QUANTILES:
        q = sigmoid(theta - z)
        total += q * (1.0 - q)
    return 100.0 * total / 51


def expected_score(m: float, v: float) -> float:
    """E[S(θ)] for θ ~ N(m, v), 0..100.

    By the trapezoidal rule, which converges exponentially for such a function (Trefethen & Weideman
    2014, SIAM Review 56): over 27 points within 7.8 standard deviations, exact to 1e-10 for v ≤ 1.
    """
    sd = sqrt(v)
    return sum(weight * score(m + sd * node) for node, weight in _NORMAL)


def band(m: float, v: float, z: float = Z80) -> tuple[float, float]:
    """S(m ± z √v): where the score lies with the probability that ``z`` stands for (80 %)."""
    half = z * sqrt(v)
    return score(m - half), score(m + half)


def level_of(theta: float) -> int:
    """Level 1..5 of a person at ``theta``; 1 is the lowest, also for those who are below it."""
    return max(1, bisect_right(LEVEL_THETA, theta))


def needed_score(level: int) -> float:
    """Where on 0..100 level 1..5 begins: S(b_level + ln 2), about 32, 48, 64, 78, 88."""
    return score(LEVEL_THETA[level - 1])


def overlap(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether two bands (low, high) share a point: then neither stands before the other."""
    return first[0] <= second[1] and second[0] <= first[1]
