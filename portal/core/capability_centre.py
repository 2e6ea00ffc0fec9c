"""Where a whole staff stands, from its own evidence: for figures of units, never of a person.

Everybody's prior is N(0, R), 0 being the middle of the authors' levels. Where a staff stands
elsewhere, two errors are shared by all, so that they do not average out in a unit:

- **what one capability lends another** is drawn from that prior. A centre μ₀ of everybody, taken
  from the evidence (empirical Bayes; Efron & Morris 1973), puts it right: with prior N(μ₀, R) a
  filter at (m, V) would stand at m + V R⁻¹ μ₀, and μ₀ is where the observations that units are
  made of (``capability_unit.observation``) have mean 0 around it.
- **items learn from people who are shrunk towards 0**, and take part of their distance for ease.
  How far the difficulties in use moved from their authors' levels on average, answer by answer,
  is that part. Authors err by s² = 0.49 an item, not all in one direction: the levels hold the
  origin of the scale, to 0.49 over the number of items (mean anchoring; Kolen & Brennan 2014).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.core.capability import ITEM_VARIANCE, RHO, SIX
from portal.core.capability_unit import ENOUGH_GROUPS, SIGMA_W2

Array = NDArray[np.float64]
Index = NDArray[np.intp]

CENTRE_VARIANCE = 1.0  # prior variance of μ₀, squared logits: a weak one
_R = np.full((SIX, SIX), RHO) + (1.0 - RHO) * np.eye(SIX)
_R_INVERSE = np.linalg.inv(_R)


class Use(NamedTuple):
    """One item in use: the author's ``start`` and the sums of w and w·b over its answers."""

    item_id: str
    k: int
    start: float
    weight: float
    weighted_b: float


class Origin(NamedTuple):
    """``mean`` of everybody, a row a person, is relative to the centre; all in logits.

    ``shift`` leads back to the scale, by capability, ± ``shift_variance``; the centre itself is
    known to ``centre_variance``.
    """

    mean: Array
    shift: Array
    shift_variance: Array
    centre_variance: Array


def origin(m: Array, cov: Array, groups: Sequence[Index], uses: Iterable[Use]) -> Origin:
    """The origin for people at ``m`` (n×6) with ``cov`` (n×6×6) in ``groups``.

    Nothing is moved where fewer than ``ENOUGH_GROUPS`` groups hold any evidence.
    """
    lam = np.maximum(1.0 / np.diagonal(cov, axis1=1, axis2=2) - 1.0, 0.0)
    seen = np.asarray((lam > 0.0).any(axis=1))
    nothing = np.zeros(SIX)
    if sum(bool(seen[members].any()) for members in groups) < ENOUGH_GROUPS:
        return Origin(m, nothing, nothing, nothing)
    mu, variance = _centre(m, cov, lam)
    moved, moved_variance = _drift(uses)
    relative = m + cov @ _R_INVERSE @ mu - mu
    return Origin(relative, mu - moved, moved_variance, variance)


# Private functions


def _centre(m: Array, cov: Array, lam: Array) -> tuple[Array, Array]:
    """μ₀ and its variance: Σ weight·y(μ₀) = 0 for each capability, six linear equations."""
    v = np.diagonal(cov, axis1=1, axis2=2)
    sure = np.where(lam > 0.0, lam, 1.0)
    weight = np.where(lam > 0.0, 1.0 / (SIGMA_W2 + 1.0 / sure), 0.0)
    factor = weight / (v * sure)
    lent = np.eye(SIX) - cov @ _R_INVERSE
    left = np.einsum("nk,nkj->kj", factor, lent) + np.eye(SIX) / CENTRE_VARIANCE
    mu = np.linalg.solve(left, (factor * m).sum(axis=0))
    return mu, 1.0 / (1.0 / CENTRE_VARIANCE + weight.sum(axis=0))


def _drift(uses: Iterable[Use]) -> tuple[Array, Array]:
    """How far the difficulties in use moved from the authors' levels, and how sure that is."""
    weights, moved = np.zeros(SIX), np.zeros(SIX)
    by_item: dict[tuple[int, str], float] = defaultdict(float)
    for use in uses:
        weights[use.k] += use.weight
        moved[use.k] += use.weighted_b - use.weight * use.start
        by_item[use.k, use.item_id] += use.weight
    squares = np.zeros(SIX)
    for (k, _), weight in by_item.items():
        squares[k] += weight * weight
    some = np.where(weights > 0.0, weights, 1.0)
    return moved / some, ITEM_VARIANCE * squares / (some * some)
