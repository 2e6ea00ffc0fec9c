"""``capability_unit.unit`` for many groups at once, in numpy.

The same equations; S, S' and Φ are read from fine tables and E[S] is taken by Gauss–Hermite
quadrature, which agrees with the exact form to a thousandth of a point (a test sees to it). For
figures of units only: a person's profile never goes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from portal.core.capability_scale import QUANTILES
from portal.core.capability_unit import SIGMA_W2, TAU2, UnitEstimate, estimate_tau2

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_GRID = np.linspace(-12.0, 12.0, 4801)
_SIGMOID = 1.0 / (1.0 + np.exp(-(_GRID[:, None] - np.array(QUANTILES)[None, :])))
_SCORE = 100.0 * _SIGMOID.mean(axis=1)
_SLOPE = 100.0 * (_SIGMOID * (1.0 - _SIGMOID)).mean(axis=1)
_PHI = np.array([NormalDist().cdf(x) for x in _GRID])
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def scores(theta: Array) -> Array:
    """S(θ), element by element."""
    return np.asarray(np.interp(theta, _GRID, _SCORE))


@dataclass(frozen=True, slots=True)
class Group:
    """A group's estimate, what its members need on average (0..100) and how many, as expected, are
    below what they need. ``needed`` is None where nobody needs anything."""

    estimate: UnitEstimate
    needed: float | None
    below: float


class People:
    """Everybody's m and v in one capability, and what each one's posts need.

    ``needed``: θ of the level needed, NaN where nothing is. ``tau2`` is the spread of groups.
    Where ``m`` is relative to a centre (``capability_centre``), ``shift`` ± ``shift_variance``
    leads back to the scale.
    """

    def __init__(
        self,
        m: Array,
        v: Array,
        needed: Array,
        tau2: float = TAU2,
        *,
        shift: float = 0.0,
        shift_variance: float = 0.0,
    ) -> None:
        self.tau2 = tau2
        self.shift = shift
        self.shift_variance = shift_variance
        self.sigma_w2 = SIGMA_W2
        self._lam = np.maximum(1.0 / v - 1.0, 0.0)
        self._eta = m / v
        with np.errstate(divide="ignore", invalid="ignore"):
            self._weight = np.where(self._lam > 0, 1.0 / (self.sigma_w2 + 1.0 / self._lam), 0.0)
            self._pull_y = np.where(self._lam > 0, self._weight * self._eta / self._lam, 0.0)
        self._v = 1.0 / (1.0 / self.sigma_w2 + self._lam)
        self._sd = np.sqrt(self._v)
        self._needed = needed
        self._has_need = ~np.isnan(needed)
        self._needed_score = scores(np.where(self._has_need, needed, 0.0))

    def sums(self, members: Index) -> tuple[float, float]:
        """(Σ weights, Σ weights·y): what ``estimate_tau2`` asks for."""
        return float(self._weight[members].sum()), float(self._pull_y[members].sum())

    def group(self, members: Index) -> Group:
        """The estimate over ``members`` (positions, each once, at least one)."""
        n = len(members)
        precision = 1.0 / self.tau2 + float(self._weight[members].sum())
        mu = float(self._pull_y[members].sum()) / precision
        v, sd = self._v[members], self._sd[members]
        m = v * (mu / self.sigma_w2 + self._eta[members]) + self.shift
        expected = sum(w * scores(m + node * sd) for node, w in zip(_NODES, _WEIGHTS, strict=True))
        slope = np.interp(m, _GRID, _SLOPE)
        within = float((slope * slope * v).sum()) / (n * n)
        pull = float((slope * v).sum()) / self.sigma_w2 / n
        shared = float(slope.mean()) ** 2 * self.shift_variance
        variance = within + pull * pull / precision + shared
        estimate = UnitEstimate(float(np.mean(expected)), variance, mu + self.shift, precision, n)
        has = self._has_need[members]
        if not has.any():
            return Group(estimate, None, 0.0)
        distance = (self._needed[members][has] - m[has]) / sd[has]
        return Group(
            estimate,
            float(self._needed_score[members][has].mean()),
            float(np.interp(distance, _GRID, _PHI).sum()),
        )


def people_of(
    m: Array,
    v: Array,
    needed: Array,
    groups: list[Index],
    *,
    shift: float = 0.0,
    shift_variance: float = 0.0,
    centre_variance: float = 0.0,
) -> People:
    """``People`` with τ² estimated from ``groups``, which nobody belongs to twice.

    ``centre_variance``: how well the centre is known that groups are spread around.
    """
    first = People(m, v, needed)
    tau2 = estimate_tau2([first.sums(members) for members in groups]) + centre_variance
    return People(m, v, needed, tau2, shift=shift, shift_variance=shift_variance)
