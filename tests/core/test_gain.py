from __future__ import annotations

import pytest

from portal.core.gain import gain, t_quantile

# tables of Student's t, 97.5 %
TABLE = {4: 2.7764, 5: 2.5706, 9: 2.2622, 19: 2.0930, 29: 2.0452, 120: 1.9799}


@pytest.mark.parametrize("freedom", TABLE)
def test_quantiles_are_those_of_the_tables(freedom: int) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(TABLE[freedom], rel=0.002)
    with pytest.raises(ValueError, match="degrees"):
        t_quantile(0.975, 3)


def test_a_paired_gain_has_the_interval_of_a_paired_t_test() -> None:
    pairs = [(40, 60), (50, 80), (55, 70), (60, 60), (70, 90)]
    squares = sum((b - a) ** 2 for a, b in pairs)
    found = gain(5, sum(a for a, _ in pairs), sum(b for _, b in pairs), squares)
    assert found is not None
    assert (found.first, found.last, found.gain) == (55, 72, 17)
    # mean 17, sd 10.954, 5 people: 17 ± 2.776 · 10.954 / √5
    assert found.low == pytest.approx(17 - 13.60, abs=0.05)
    assert found.high == pytest.approx(17 + 13.60, abs=0.05)


def test_fewer_than_five_people_say_nothing() -> None:
    assert gain(4, 100, 200, 5000) is None
