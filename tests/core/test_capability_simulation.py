"""A small simulated year with a fixed seed: the filter estimates, and knows how well.

The margins are wide, since few people are simulated; a broken filter falls out of them.
``tests/benchmarks/capability_simulation.py`` is the whole of it, with a fresh seed.
"""

from __future__ import annotations

import pytest

from portal.core import capability as model
from tests.benchmarks.capability_simulation import simulate


@pytest.fixture(scope="module")
def found():
    return simulate(5, people=150, units=12)


def test_bands_cover_what_they_promise(found) -> None:
    assert 0.73 < found.cover80 < 0.88
    assert 0.91 < found.cover95 < 0.99
    assert 0.6 < found.unit80 < 0.97


def test_the_score_is_nearer_the_truth_than_simpler_ones(found) -> None:
    assert found.rmse < 14.5
    assert found.rmse < found.percent_correct - 2 and found.rmse < found.beta_binomial - 1


@pytest.mark.parametrize(
    "fault", ["no guessing", "answers counted four times", "difficulty reversed"]
)
def test_a_broken_filter_is_noticed(monkeypatch, fault: str) -> None:
    """The margins above are of use only if these fall out of them."""
    real = model.respond
    from portal.core import capability_log

    def broken(state, k, x, b, s2, c, w):
        if fault == "no guessing":
            return real(state, k, x, b, s2, 0.0, w)
        if fault == "difficulty reversed":
            return real(state, k, x, -b, s2, c, w)
        for _ in range(4):
            state = real(state, k, x, b, s2, c, w)
        return state

    monkeypatch.setattr(capability_log, "respond", broken)
    bad = simulate(5, people=60, units=5)
    nearer = bad.rmse < bad.percent_correct - 2 and bad.rmse < bad.beta_binomial - 1
    assert not (0.73 < bad.cover80 < 0.88 and nearer)


def test_units_are_met_where_the_whole_staff_stands_far_from_the_prior() -> None:
    far = simulate(5, people=150, units=24, shift=0.9)
    assert far.unit80 > far.plain_unit80 + 0.15
    assert abs(far.unit_bias) < 4.5, "it was eight points"
