"""How much better people got between their first and their last result of one quiz.

Only people who handed the quiz in twice or more are counted, each with the difference of two
results; the interval is that of a paired t test. It says how sure the mean is for people like
these. It does not say that the training is the cause: those who try again are mostly those who
did badly, and would do better the second time by chance alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FEWEST = 5  # people


@dataclass(frozen=True, slots=True)
class Gain:
    """Means in percent points; ``low`` and ``high`` bound the mean gain with 95 % confidence."""

    people: int
    first: float
    last: float
    gain: float
    low: float
    high: float


def gain(people: int, first_sum: float, last_sum: float, squares: float) -> Gain | None:
    """The gain of ``people``; ``squares`` sums the squared differences. None under ``FEWEST``."""
    if people < FEWEST:
        return None
    mean = (last_sum - first_sum) / people
    variance = max(0.0, (squares - people * mean**2) / (people - 1))
    half = t_quantile(0.975, people - 1) * sqrt(variance / people)
    return Gain(people, first_sum / people, last_sum / people, mean, mean - half, mean + half)


def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t by Cornish and Fisher's expansion (Abramowitz and Stegun, 26.7.5).

    Off by less than 0.2 % from four degrees of ``freedom`` on; asking for fewer is a ValueError.
    """
    if freedom < FEWEST - 1:
        raise ValueError(f"at least {FEWEST - 1} degrees of freedom, not {freedom}")
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(z + sum(term / freedom**power for power, term in enumerate(terms, 1)))
