"""The filter, against the equations written out once more in matrices, and its promises."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from portal.core import capability as model
from portal.core.capability_guessing import multiple_choice
from tests.core.making import (
    choice,
    cloze,
    essay,
    matching,
    numeric,
    ordering,
    question,
    short,
    single,
)

R = np.full((6, 6), 0.5) + 0.5 * np.eye(6)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def by_matrices(m, v, k, x, b, s2, c, w):
    """Rule 3 as the model states it."""
    kappa = 1 / math.sqrt(1 + 3 * s2 / math.pi**2)
    q = sigmoid(kappa * (m[k] - b))
    p = c + (1 - c) * q
    d = (1 - c) * q * (1 - q) * kappa
    old = v[k, k]
    new = 1 / (1 / old + w * d**2 / (p * (1 - p)))
    g = v[:, k] / old
    return m + g * new * w * (x - p) * d / (p * (1 - p)), v + np.outer(g, g) * (new - old)


def walk(seed: int, steps: int = 60):
    rng = random.Random(seed)
    for _ in range(steps):
        yield (
            rng.uniform(0, 90),
            rng.randrange(6),
            rng.choice([0, 1 / 3, 0.5, 1]),
            rng.uniform(-2, 2),
            rng.uniform(0, 0.5),
            rng.choice([0, 0.25, 0.5]),
            rng.uniform(0, 1),
        )


@pytest.mark.parametrize("seed", range(5))
def test_a_walk_agrees_with_the_matrix_form(seed: int) -> None:
    state = model.prior()
    m, v = np.zeros(6), R.copy()
    for days, k, x, b, s2, c, w in walk(seed):
        state = model.respond(model.advance(state, days), k, x, b, s2, c, w)
        f = math.exp(-days / 1000)
        v = R - f**2 * (R - v)
        m, v = by_matrices(m, v, k, x, b, s2, c, w)
        if k == 2:
            state = model.course_completed(state, k)
            v[k, k] = min(v[k, k] + 0.15, 1)
    assert np.allclose(state.mean, m, rtol=0, atol=1e-12)
    assert np.allclose(state.cov, v, rtol=0, atol=1e-12)


@pytest.mark.parametrize("b", [36.0, 37.0, 60.0, 700.0])
def test_far_too_hard_or_too_easy_an_item_moves_as_much_as_its_limit_says(b: float) -> None:
    """c = 0: D/(P(1 − P)) = κ, whatever b; with c > 0 a right guess at q → 0 tells nothing."""
    kappa = 1 / math.sqrt(1 + 3 * 0.49 / math.pi**2)
    solved = model.respond(model.prior(), 0, 1.0, b)
    missed = model.respond(model.prior(), 0, 0.0, -b)
    assert solved.mean[0] == pytest.approx(kappa, abs=1e-9)
    assert missed.mean[0] == pytest.approx(-kappa, abs=1e-9)
    assert solved.cov[0][0] == pytest.approx(1.0, abs=1e-9)
    guessed = model.respond(model.prior(), 0, 1.0, b, c=0.25)
    assert guessed.mean[0] == pytest.approx(0.0, abs=1e-9)
    item = model.item_respond(model.ItemState(b, 0.49), 1.0, 0.0, 0.0)
    assert item.b == pytest.approx(b - 0.49, abs=1e-9)


def test_one_response_by_hand() -> None:
    """κ = 1/√1.14895 = 0.93294, q = ½, P = 0.625, D = 0.174926, D²/(P(1 − P)) = 0.130557."""
    state = model.respond(model.prior(), 0, 1.0, 0.0, 0.49, 0.25, 1.0)
    assert state.cov[0][0] == pytest.approx(1 / 1.130557, abs=1e-5)
    assert state.mean[0] == pytest.approx(0.375 * 0.174926 / 0.234375 / 1.130557, abs=1e-5)
    assert state.mean[1] == pytest.approx(state.mean[0] / 2)


@pytest.mark.parametrize("seed", range(5))
def test_the_covariance_stays_symmetric_positive_and_below_the_prior(seed: int) -> None:
    state = model.prior()
    for days, k, x, b, s2, c, w in walk(seed, 300):
        state = model.respond(model.advance(state, days), k, x, b, s2, c, w)
        cov = np.array(state.cov)
        assert (cov == cov.T).all()
        assert np.linalg.eigvalsh(cov).min() > 0
        assert cov.diagonal().max() <= 1 + 1e-12


def test_time_alone_leads_back_to_the_prior_and_keeps_the_mean() -> None:
    state = model.respond(model.prior(), 1, 1.0, 0.0)
    later = model.advance(state, 100_000)
    assert later.mean == state.mean
    assert np.allclose(later.cov, R)
    assert model.advance(state, 0) is state and model.advance(state, -3) is state


def test_a_course_widens_its_capability_alone_and_never_beyond_one() -> None:
    state = model.prior()
    for _ in range(10):
        state = model.respond(state, 3, 1.0, 0.0)
    after = model.course_completed(state, 3)
    assert after.mean == state.mean
    changed = np.argwhere(np.array(after.cov) != np.array(state.cov)).tolist()
    assert changed == [[3, 3]]
    assert after.cov[3][3] == pytest.approx(state.cov[3][3] + 0.15)
    assert model.course_completed(model.prior(), 3).cov[3][3] == 1.0


@pytest.mark.parametrize(("c", "w"), [(1.0, 1.0), (0.25, 0.0)])
def test_what_tells_nothing_changes_nothing(c: float, w: float) -> None:
    assert model.respond(model.prior(), 0, 1.0, 0.0, 0.49, c, w) == model.prior()


def test_extreme_values_stay_finite() -> None:
    state = model.prior()
    for b in (-1e4, 1e4, -40, 40):
        for x in (0.0, 1.0):
            state = model.respond(state, 0, x, b, 0.0, 0.0)
    assert all(map(math.isfinite, state.mean))


def test_repeats_weigh_by_the_days_between() -> None:
    assert model.repeat_weight(None) == 1.0
    assert model.repeat_weight(0) == 0.0 and model.repeat_weight(-1) == 0.0
    assert model.repeat_weight(60) == pytest.approx(1 - 1 / math.e)


def test_drills_rate_by_letter_and_weigh_by_number() -> None:
    assert [model.rating_value(r) for r in "PSMU"] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert [model.drill_weight(n) for n in (1, 2, 5)] == pytest.approx([1, 1 / 1.3, 1 / 2.2])


def test_an_item_mirrors_the_person() -> None:
    item = model.item_respond(model.ItemState(0.3, 0.49), 1.0, -0.2, 0.6, 0.25, 1.0)
    state = model.State((0.3,) + (0.0,) * 5, ((0.49, *(0.0,) * 5), *model.prior().cov[1:]))
    # the item at 0.3 "wins" against the person at -0.2 exactly when the person fails
    kappa = 1 / math.sqrt(1 + 3 * 0.6 / math.pi**2)
    q = sigmoid(kappa * (-0.2 - 0.3))
    p = 0.25 + 0.75 * q
    d = 0.75 * q * (1 - q) * kappa
    s2 = 1 / (1 / state.cov[0][0] + d * d / (p * (1 - p)))
    assert item.s2 == pytest.approx(s2)
    assert item.b == pytest.approx(0.3 - s2 * (1 - p) * d / (p * (1 - p)))
    assert item.b < 0.3


def test_an_item_freezes_when_it_is_known() -> None:
    item = model.item_start(4)
    assert item == (0.8, 0.49)
    rng = random.Random(1)
    for _ in range(2000):
        item = model.item_respond(item, float(rng.random() < 0.5), 0.8, 0.2)
    assert item.frozen and 0.02 < item.s2 < 0.03
    assert model.item_respond(item, 0.0, 0.0, 0.5) is item


def test_scores_lie_between_0_and_100_and_rise() -> None:
    thetas = [t / 4 for t in range(-40, 41)]
    scores = [model.score(t) for t in thetas]
    assert scores == sorted(scores) and 0 < scores[0] < 1 and 99 < scores[-1] < 100
    assert model.score(0) == pytest.approx(50)
    assert model.score(1.0) == pytest.approx(100 - model.score(-1.0))
    for t in (-2.0, 0.3, 1.7):
        step = (model.score(t + 1e-5) - model.score(t - 1e-5)) / 2e-5
        assert model.slope(t) == pytest.approx(step, rel=1e-6)


def test_a_band_is_the_score_of_the_ends() -> None:
    assert model.band(0.4, 0.25) == (
        model.score(0.4 - 1.2816 * 0.5),
        model.score(0.4 + 1.2816 * 0.5),
    )
    assert model.overlap((10, 20), (20, 30)) and not model.overlap((10, 19), (20, 30))


def test_the_expected_score_is_the_mean_over_the_posterior() -> None:
    rng = np.random.default_rng(4)
    draws = rng.normal(0.7, math.sqrt(0.5), 4000)
    assert model.expected_score(0.7, 0.5) == pytest.approx(
        np.mean([model.score(t) for t in draws]), abs=0.8
    )
    assert model.expected_score(0.7, 0.0) == pytest.approx(model.score(0.7), abs=1e-12)


def test_levels_begin_where_two_of_three_are_right() -> None:
    for level, b in enumerate((-1.6, -0.8, 0.0, 0.8, 1.6), 1):
        theta = b + math.log(2)
        assert sigmoid(theta - b) == pytest.approx(2 / 3)
        assert model.level_of(theta + 1e-9) == level
        assert model.needed_score(level) == model.score(theta)
    assert model.level_of(-9) == 1 and model.level_of(9) == 5


def test_guessing_by_kind() -> None:
    assert model.guessing(question(single(of=5))) == 0.2
    assert model.guessing(question(choice("truefalse", True, False))) == 0.5
    assert model.guessing(question(cloze())) == 0.25  # a typed gap and a drop-down of two
    for body in (short("a"), numeric(1, 2), ordering(), matching(), essay()):
        assert model.guessing(question(body)) == 0.0


@pytest.mark.parametrize(("options", "right"), [(4, 2), (5, 3), (4, 1), (4, 4), (7, 2)])
def test_guessing_a_multiple_choice_is_the_mean_over_all_subsets(options, right) -> None:
    subsets = [
        set(chosen)
        for size in range(1, options + 1)
        for chosen in itertools.combinations(range(options), size)
    ]
    credit = [max(0, (len([o for o in s if o < right]) * 2 - len(s)) / right) for s in subsets]
    assert multiple_choice(options, right) == pytest.approx(sum(credit) / len(subsets))


def test_a_unit_of_unmeasured_members_is_the_prior_with_a_wide_band() -> None:
    made = model.unit([(0.0, 1.0)] * 9)
    assert made.score == pytest.approx(50) and made.mu == 0 and made.precision == 1 / 0.16
    low, high = made.band()
    assert high - low > 20
    with pytest.raises(ValueError):
        model.unit([])


def test_a_unit_follows_its_equations() -> None:
    members = [(0.8, 0.3), (-0.2, 0.6), (0.0, 1.0)]
    precision, weighted = 1 / 0.16, 0.0
    for m, v in members[:2]:
        lam = 1 / v - 1
        weight = 1 / (0.84 + 1 / lam)
        precision += weight
        weighted += weight * (m / v) / lam
    mu = weighted / precision
    scores, within, pull = [], 0.0, 0.0
    for m, v in members:
        new = 1 / (1 / 0.84 + 1 / v - 1)
        mean = new * (mu / 0.84 + m / v)
        scores.append(model.expected_score(mean, new))
        within += model.slope(mean) ** 2 * new
        pull += new / 0.84 * model.slope(mean)
    made = model.unit(members)
    assert made.mu == pytest.approx(mu) and made.precision == pytest.approx(precision)
    assert made.score == pytest.approx(sum(scores) / 3)
    assert made.variance == pytest.approx(within / 9 + (pull / 3) ** 2 / precision)


@pytest.mark.parametrize("tau2", [0.08, 0.3])
def test_tau2_is_found_again_where_there_are_groups_enough(tau2: float) -> None:
    rng = np.random.default_rng(11)
    groups = []
    for _ in range(800):
        weight = rng.uniform(4, 30)
        mean = rng.normal(0.2, math.sqrt(tau2)) + rng.normal(0, 1 / math.sqrt(weight))
        groups.append((weight, weight * mean))
    assert model.estimate_tau2(groups) == pytest.approx(tau2, rel=0.25)
    assert model.estimate_tau2(groups[:10]) == 0.16
