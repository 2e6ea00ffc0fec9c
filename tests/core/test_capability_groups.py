"""Many groups in numpy give what one group at a time gives."""

from __future__ import annotations

import numpy as np
import pytest

from portal.core import capability as model
from portal.core.capability_groups import People, people_of, scores
from portal.core.capability_unit import TAU2


@pytest.fixture
def crowd():
    rng = np.random.default_rng(3)
    v = rng.uniform(0.05, 1.0, 400)
    v[:50] = 1.0
    m = rng.normal(0, 1, 400) * np.sqrt(1 - v)
    return m, v


def test_the_table_of_scores_is_the_score() -> None:
    thetas = np.linspace(-6, 6, 101)
    assert scores(thetas) == pytest.approx([model.score(t) for t in thetas], abs=1e-3)


@pytest.mark.parametrize("size", [1, 5, 40, 400])
def test_a_group_is_what_unit_says(crowd, size: int) -> None:
    m, v = crowd
    people = People(m, v, np.full(400, np.nan))
    members = np.arange(400)[::-1][:size] if size < 400 else np.arange(400)
    made = people.group(members).estimate
    wanted = model.unit([(m[i], v[i]) for i in members])
    assert made.score == pytest.approx(wanted.score, abs=1e-5)
    assert made.variance == pytest.approx(wanted.variance, rel=1e-4)
    assert (made.mu, made.precision) == pytest.approx((wanted.mu, wanted.precision))


def test_how_many_are_below_their_need_is_an_expectation(crowd) -> None:
    m, v = crowd
    needed = np.full(400, np.nan)
    needed[:10] = 50.0  # nobody gets there
    needed[10:20] = -50.0  # everybody is there
    group = People(m, v, needed).group(np.arange(400))
    assert group.below == pytest.approx(10, abs=1e-6)
    assert group.needed == pytest.approx(50, abs=0.1)
    assert People(m, v, np.full(400, np.nan)).group(np.arange(400)).needed is None


def test_tau2_is_estimated_where_there_are_groups_enough() -> None:
    rng = np.random.default_rng(8)
    groups, m, v = [], [], []
    for _ in range(120):
        mean = rng.normal(0, np.sqrt(0.4))
        start = len(m)
        for _ in range(30):
            theta, lam = rng.normal(mean, np.sqrt(0.6)), 8.0
            y = rng.normal(theta, np.sqrt(1 / lam))
            v.append(1 / (1 + lam))
            m.append(v[-1] * lam * y)
        groups.append(np.arange(start, len(m)))
    nothing = np.full(len(m), np.nan)
    assert people_of(np.array(m), np.array(v), nothing, groups).tau2 == pytest.approx(0.4, abs=0.12)
    assert people_of(np.array(m), np.array(v), nothing, groups[:5]).tau2 == TAU2
