"""Classical item and test statistics, as Moodle's quiz report defines them.

Every figure is worked out from distributions: for an item the joint distribution of its mark x and
the rest score o (the total of the same person without x), for the test that of the totals. Marks
are whole numbers of a small ``unit`` (a mark of 0.3 is 3 units of 0.1), so all sums are exact, a
variance is zero exactly when all marks are equal, and ten million answers add up as two do.

Variances and covariances divide by S − 1. What is not defined is None: with one person no
variance, with equal marks no discrimination, with one item no internal consistency, with a maximum
of 0 no facility. A question left blank counts 0, as in Moodle. A negative internal consistency is
shown as it is.

Source: Moodle documentation, "Quiz statistics calculations"; skewness and kurtosis are k-statistics
(g1 = k3 / k2^1.5, g2 = k4 / k2²), Kendall and Stuart, The Advanced Theory of Statistics, vol. 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import atanh, sqrt, tanh
from statistics import NormalDist

Joint = Mapping[tuple[int, int], int]  # (mark, rest score) in units -> persons
Totals = Mapping[int, int]  # total in units -> persons

_Z80 = NormalDist().inv_cdf(0.9)  # both ends of an 80 % interval


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item. Marks (``mean``, ``sd``, ``max_mark``) are in points; ``facility`` and
    ``random_guess_score`` 0..1 of the maximum; weights, index and efficiency in percent.

    ``effective_weight`` is None also where the mark and the total move against each other, which
    ``negative_covariance`` then says. ``rest_correlation`` is corr(x, o), −1..1.
    """

    n: int
    max_mark: float
    mean: float | None
    facility: float | None
    sd: float | None
    intended_weight: float | None
    effective_weight: float | None
    negative_covariance: bool
    discrimination_index: float | None
    discriminative_efficiency: float | None
    random_guess_score: float | None
    rest_correlation: float | None
    variance: float | None = None
    covariance_with_total: float | None = None


@dataclass(frozen=True, slots=True)
class TestStatistics:
    """The whole test. ``mean``, ``median``, ``sd`` and ``standard_error`` are in points, ``cic``
    (coefficient of internal consistency, Cronbach's α) and ``error_ratio`` in percent."""

    __test__ = False  # not a test case, whatever a test runner reads into the name

    n: int
    items: int
    max_mark: float
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None


def analyse(
    marks: Sequence[Sequence[float]],
    maxima: Sequence[float],
    guesses: Sequence[float | None] | None = None,
) -> tuple[TestStatistics, tuple[ItemStatistics, ...]]:
    """The statistics of a sheet: ``marks[person][item]``, ``maxima[item]``, both in points, and
    the share 0..1 of each maximum that random guessing earns (None: not known).

    Raises ValueError when a row is not as long as ``maxima``.
    """
    if any(len(row) != len(maxima) for row in marks):
        raise ValueError("every person needs a mark for every item")
    unit, rows = _in_units(marks)
    totals = [sum(row) for row in rows]
    items = []
    for at, maximum in enumerate(maxima):
        joint = Counter((row[at], total - row[at]) for row, total in zip(rows, totals, strict=True))
        items.append(item_statistics(joint, maximum, unit, guesses[at] if guesses else None))
    weighted = weigh(items)
    return test_statistics(Counter(totals), weighted, unit), weighted


def item_statistics(
    joint: Joint, max_mark: float, unit: float = 1.0, guess: float | None = None
) -> ItemStatistics:
    """An item by itself; weights are None until ``weigh`` has seen the others."""
    n = sum(joint.values())
    marks = _marginal(joint, 0)
    rests = _marginal(joint, 1)
    mean = _sum(marks) / n * unit if n else None
    spread, rest_spread = _scatter(marks, n), _scatter(rests, n)
    cross = n * sum(x * o * k for (x, o), k in joint.items()) - _sum(marks) * _sum(rests)
    correlation = efficiency = variance = with_total = None
    if n > 1:
        variance = spread / (n * (n - 1)) * unit * unit
        with_total = (spread + cross) / (n * (n - 1)) * unit * unit
    if spread and rest_spread:
        correlation = cross / sqrt(spread) / sqrt(rest_spread)
        most = n * _sorted_cross(marks, rests) - _sum(marks) * _sum(rests)
        efficiency = 100 * cross / most
    return ItemStatistics(
        n=n,
        max_mark=max_mark,
        mean=mean,
        facility=mean / max_mark if mean is not None and max_mark else None,
        sd=None if variance is None else sqrt(variance),
        intended_weight=None,
        effective_weight=None,
        negative_covariance=with_total is not None and with_total < 0,
        discrimination_index=None if correlation is None else 100 * correlation,
        discriminative_efficiency=efficiency,
        random_guess_score=guess,
        rest_correlation=correlation,
        variance=variance,
        covariance_with_total=with_total,
    )


def weigh(items: Sequence[ItemStatistics]) -> tuple[ItemStatistics, ...]:
    """The items of one test with their weights: what each was meant to count for, and did.

    Effective weight is 100·√cov(x, T) over the sum of these roots; an item whose covariance is
    negative has none and does not enter the sum.
    """
    maximum = sum(item.max_mark for item in items)
    roots = [
        sqrt(item.covariance_with_total)
        if item.covariance_with_total is not None and item.covariance_with_total >= 0
        else None
        for item in items
    ]
    total = sum(root for root in roots if root is not None)
    return tuple(
        replace(
            item,
            intended_weight=100 * item.max_mark / maximum if maximum else None,
            effective_weight=100 * root / total if root is not None and total else None,
        )
        for item, root in zip(items, roots, strict=True)
    )


def test_statistics(
    totals: Totals, items: Sequence[ItemStatistics], unit: float = 1.0
) -> TestStatistics:
    """The test over all persons; ``items`` as answered by exactly these persons."""
    n = sum(totals.values())
    scatter = _scatter(totals, n)
    variance = scatter / (n * (n - 1)) * unit * unit if n > 1 else None
    sd = None if variance is None else sqrt(variance)
    skewness, kurtosis = _shape(totals, n, scatter)
    cic = _consistency([item.variance for item in items], variance)
    ratio = None if cic is None else 100 * sqrt(max(0.0, 1 - cic / 100))
    return TestStatistics(
        n=n,
        items=len(items),
        max_mark=sum(item.max_mark for item in items),
        mean=_sum(totals) / n * unit if n else None,
        median=_median(totals, n) * unit if n else None,
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        cic=cic,
        error_ratio=ratio,
        standard_error=None if ratio is None or sd is None else ratio * sd / 100,
    )


test_statistics.__test__ = False  # type: ignore[attr-defined]


def interval(correlation: float | None, n: int) -> tuple[float, float] | None:
    """The 80 % interval of a correlation by Fisher's z; None with fewer than four persons or
    where there is no correlation."""
    if correlation is None or n < 4:
        return None
    bounded = max(-1 + 1e-12, min(1 - 1e-12, correlation))
    z = atanh(bounded)
    half = _Z80 / sqrt(n - 3)
    return tanh(z - half), tanh(z + half)


# Private functions


def _in_units(marks: Sequence[Sequence[float]]) -> tuple[float, list[list[int]]]:
    """The marks as whole numbers of a unit that all of them are multiples of."""
    known = {mark: Decimal(repr(float(mark))) for row in marks for mark in row}
    places = max((-int(mark.as_tuple().exponent) for mark in known.values()), default=0)
    scale = 10 ** max(places, 0)
    units = {mark: int(exact * scale) for mark, exact in known.items()}
    return 1 / scale, [[units[mark] for mark in row] for row in marks]


def _marginal(joint: Joint, side: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for pair, persons in joint.items():
        counts[pair[side]] = counts.get(pair[side], 0) + persons
    return counts


def _sum(counts: Mapping[int, int]) -> int:
    return sum(value * persons for value, persons in counts.items())


def _scatter(counts: Mapping[int, int], n: int) -> int:
    """n·Σx² − (Σx)², that is n(n − 1) times the variance; 0 exactly when all are equal."""
    return n * sum(value * value * k for value, k in counts.items()) - _sum(counts) ** 2


def _sorted_cross(marks: Mapping[int, int], rests: Mapping[int, int]) -> int:
    """Σ xᵢoᵢ with both sorted: the most that these marks could agree with these rest scores."""
    total = 0
    left, right = sorted(marks.items()), sorted(rests.items())
    at = used = 0
    for mark, persons in left:
        while persons:
            rest, there = right[at]
            taken = min(persons, there - used)
            total += mark * rest * taken
            persons -= taken
            used += taken
            if used == there:
                at, used = at + 1, 0
    return total


def _median(totals: Totals, n: int) -> float:
    lower, upper = (n - 1) // 2, n // 2
    found: list[int] = []
    seen = 0
    for total, persons in sorted(totals.items()):
        found += [total for rank in (lower, upper) if seen <= rank < seen + persons]
        seen += persons
    return sum(found) / 2


def _shape(totals: Totals, n: int, scatter: int) -> tuple[float | None, float | None]:
    """Skewness k3/k2^1.5 (three persons) and kurtosis k4/k2² (four), by exact central sums."""
    if n < 3 or not scatter:
        return None, None
    sum_of = _sum(totals)
    deviations = [(n * total - sum_of, k) for total, k in totals.items()]  # n times too large
    # both are ratios without unit: with d = n(x − x̄), Σ(x − x̄)² is Σd²/n², and so on
    square, cube, fourth = (sum(d**power * k for d, k in deviations) for power in (2, 3, 4))
    k2 = square / (n * n) / (n - 1)
    k3 = n * (cube / n**3) / ((n - 1) * (n - 2))
    skewness = k3 / k2**1.5
    if n < 4:
        return skewness, None
    m2, m4 = square / n**3, fourth / n**5
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, k4 / (k2 * k2)


def _consistency(variances: Sequence[float | None], of_total: float | None) -> float | None:
    known = [variance for variance in variances if variance is not None]
    p = len(variances)
    if p < 2 or len(known) < p or not of_total:
        return None
    return 100 * p / (p - 1) * (1 - sum(known) / of_total)
