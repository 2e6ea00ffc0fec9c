"""A small life, worked out from the model's equations with forty digits by another program.

The figures below come from no code of the portal: an arithmetic of arbitrary precision, S by the
inverse normal distribution, E[S] by adaptive quadrature, τ² by a secant root.
"""

from __future__ import annotations

import pytest

from portal.core import capability as model
from portal.core.capability_guessing import multiple_choice

EXACT = {"rel": 0, "abs": 1e-9}


@pytest.fixture(scope="module")
def state() -> model.State:
    """Every kind of event once: (days before it, capability, x, b, s², c, w), or a course."""
    two = model.drill_weight(2)
    events = [
        (0, 1, 1.0, 0.0, 0.49, 0.25, 1.0),  # single choice of four
        (2, 1, 0.0, -0.8, 0.2, 0.5, 1.0),  # true/false
        (5, 2, 0.5, 0.8, 0.49, multiple_choice(5, 2), 1.0),  # one of two right options
        (0, 5, 1.0, 1.6, 0.31, 0.0, 1.0),  # short text
        (30, 1, 1.0, 0.0, 0.4, 0.25, model.repeat_weight(37)),  # the first one again
        (11, 5, model.rating_value("S"), 0.0, 0.49, 0.0, two),  # a drill of two decisions
        (0, 5, model.rating_value("M"), 0.0, 0.49, 0.0, two),
        (90, 1),  # a course
        (400, 0, 0.7, -1.6, 0.49, 0.0, 1.0),  # an essay
    ]
    now = model.prior()
    for days, k, *response in events:
        now = model.advance(now, days)
        now = model.respond(now, k, *response) if response else model.course_completed(now, k)
    return model.advance(now, 10)


def test_the_chance_of_guessing_two_right_options_of_five() -> None:
    assert multiple_choice(5, 2) == pytest.approx(3.5 / 31, **EXACT)


def test_the_mean_of_each_capability(state: model.State) -> None:
    assert state.mean == pytest.approx(
        (
            0.058086848289348,
            -0.026683021713402,
            0.14253649253415,
            0.11637646620327,
            0.11637646620327,
            0.40794201190627,
        ),
        **EXACT,
    )


def test_the_covariance(state: model.State) -> None:
    assert [state.cov[k][k] for k in range(6)] == pytest.approx(
        [
            0.8597073211349,
            0.95162850370165,
            0.90926420016759,
            0.93256042051174,
            0.93256042051174,
            0.85897621517329,
        ],
        **EXACT,
    )
    assert state.cov[1][5] == pytest.approx(0.39814303037876, **EXACT)
    assert state.cov[0][3] == pytest.approx(0.40908992864569, **EXACT)


@pytest.mark.parametrize(
    ("k", "score", "low", "high"),
    [
        (1, 49.448144870032, 25.584091264419, 73.540472907424),
        (5, 58.367393556312, 34.348158369785, 79.278288394119),
    ],
)
def test_what_is_shown(state: model.State, k: int, score: float, low: float, high: float) -> None:
    assert model.score(state.mean[k]) == pytest.approx(score, **EXACT)
    assert model.band(state.mean[k], state.cov[k][k]) == pytest.approx((low, high), **EXACT)


def test_an_item_after_three_answers() -> None:
    item = model.item_start(4)
    for answer in [
        (1.0, 0.3, 0.5, 0.25, 1.0),
        (0.0, -0.6, 0.9, 0.25, 1.0),
        (0.5, 1.1, 0.2, 0, 0.4),
    ]:
        item = model.item_respond(item, *answer)
    assert item == pytest.approx((0.77013442449412, 0.43383897794071), **EXACT)


def test_a_unit_two_of_five_unmeasured() -> None:
    members = [(0.9, 0.3), (-0.4, 0.6), (0.2, 0.95), (0.0, 1.0), (0.0, 1.0)]
    made = model.unit(members)
    assert (made.mu, made.precision) == pytest.approx((0.10481261221347, 7.5160419414452), **EXACT)
    assert made.score == pytest.approx(54.059239788598, **EXACT)
    assert made.variance == pytest.approx(89.159061690005, **EXACT)
    assert made.band() == pytest.approx((41.957850180921, 66.160629396275), **EXACT)
    assert model.unit(members, tau2=0.31).score == pytest.approx(55.086160827438, **EXACT)


def test_the_spread_of_groups() -> None:
    groups = [(5.0 + i % 7, (5 + i % 7) * ((i * 37) % 23 - 11) / 16) for i in range(24)]
    assert model.estimate_tau2(groups) == pytest.approx(0.061166373709863, **EXACT)
