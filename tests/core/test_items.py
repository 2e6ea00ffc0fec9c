"""Item statistics against their textbook formulas, by hand and by NumPy."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import item_flags
from portal.core.capabilities import Bilingual
from portal.core.item_flags import OptionUse
from portal.core.item_guessing import random_guess_score
from portal.core.items import TestStatistics, analyse, interval, item_statistics
from portal.core.questions import Choice, Cloze, Gap, Matching, Option, Ordering, Question, Short

SHEET = [[1, 1, 0.5], [1, 0, 0.5], [0, 1, 1], [0, 0, 0], [1, 1, 1]]
BOTH = Bilingual("x")


def test_a_sheet_worked_out_by_hand() -> None:
    test, (first, second, third) = analyse(SHEET, [1, 1, 2], [0.5, None, None])
    assert (test.n, test.items, test.max_mark) == (5, 3, 4)
    # totals 2.5 1.5 2 0 3: mean 1.8, squares .49 .09 .04 3.24 1.44 = 5.3, / 4
    assert test.mean == pytest.approx(1.8, abs=1e-12)
    assert test.median == 2.0
    assert test.sd == pytest.approx(math.sqrt(1.325), abs=1e-12)
    assert first.facility == pytest.approx(0.6)
    assert third.facility == pytest.approx(0.3)
    assert first.sd == pytest.approx(math.sqrt(0.3), abs=1e-12)
    # rests of the first 1.5 .5 2 0 2, mean 1.2: cov (.4·.3 + .4·−.7 − .6·.8 + .6·1.2 + .4·.8) / 4
    assert first.discrimination_index == pytest.approx(100 * 0.1 / math.sqrt(0.3 * 0.825))
    # sorted marks 0 0 1 1 1 with sorted rests 0 .5 1.5 2 2: covariance 1.9/4
    assert first.discriminative_efficiency == pytest.approx(100 * 0.1 / 0.475)
    assert (first.intended_weight, third.intended_weight) == (25, 50)
    # cov(x, T) = var x + cov(x, o)
    roots = [math.sqrt(v) for v in (0.4, 0.525, 0.4)]
    assert first.covariance_with_total == pytest.approx(0.4)
    assert second.effective_weight == pytest.approx(100 * roots[1] / sum(roots))
    variances = 0.3 + 0.3 + 0.175
    cic = 100 * 3 / 2 * (1 - variances / 1.325)
    assert test.cic == pytest.approx(cic)
    assert test.error_ratio == pytest.approx(100 * math.sqrt(1 - cic / 100))
    assert test.standard_error == pytest.approx(test.error_ratio * test.sd / 100)
    assert first.random_guess_score == 0.5


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda items: st.lists(
            st.lists(
                st.sampled_from([-0.25, 0, 0.1, 1 / 3, 0.5, 0.9, 1, 2, 7.5]),
                min_size=items,
                max_size=items,
            ),
            min_size=4,
            max_size=25,
        )
    )
)
def test_any_sheet_agrees_with_numpy(rows: list[list[float]]) -> None:
    marks = np.array(rows)
    test, items = analyse(rows, [8.0] * marks.shape[1])
    totals = marks.sum(axis=1)
    for at, item in enumerate(items):
        x, o = marks[:, at], totals - marks[:, at]
        flat = len(set(x)) == 1 or np.ptp(o) < 1e-9
        assert item.mean == pytest.approx(x.mean(), abs=1e-9)
        assert item.sd == pytest.approx(x.std(ddof=1), abs=1e-9)
        assert (item.discrimination_index is None) == flat
        if not flat:
            assert item.discrimination_index == pytest.approx(
                100 * np.corrcoef(x, o)[0, 1], abs=1e-6
            )
            most = np.cov(np.sort(x), np.sort(o))[0, 1]
            assert item.discriminative_efficiency == pytest.approx(
                100 * np.cov(x, o)[0, 1] / most, rel=1e-6, abs=1e-6
            )
    if np.ptp(totals) > 1e-9:
        n, d = len(totals), totals - totals.mean()
        m2, m3, m4 = (np.mean(d**k) for k in (2, 3, 4))
        g1 = m3 / m2**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
        g2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
        assert test.skewness == pytest.approx(g1, abs=1e-6)
        assert test.kurtosis == pytest.approx(g2, abs=1e-6)
        variances = marks.var(axis=0, ddof=1).sum()
        p = marks.shape[1]
        assert test.cic == pytest.approx(
            100 * p / (p - 1) * (1 - variances / totals.var(ddof=1)), rel=1e-6, abs=1e-6
        )
    else:
        assert (test.skewness, test.kurtosis, test.cic, test.standard_error) == (None,) * 4


def test_nobody_and_one_person_have_no_spread() -> None:
    test, (item,) = analyse([], [1])
    assert (test.n, test.mean, test.median, test.sd, item.facility) == (0, None, None, None, None)
    test, (one, other) = analyse([[1, 0]], [1, 1])
    assert (test.mean, test.median, test.sd, test.cic, test.skewness) == (1, 1, None, None, None)
    assert (one.facility, one.sd, one.discrimination_index, one.effective_weight) == (
        1,
        None,
        None,
        None,
    )
    assert other.intended_weight == 50


def test_one_item_has_no_rest_and_no_consistency() -> None:
    test, (item,) = analyse([[1], [0], [1]], [1])
    assert item.discrimination_index is None
    assert item.discriminative_efficiency is None
    assert (test.cic, test.error_ratio, test.standard_error) == (None, None, None)
    assert item.effective_weight == pytest.approx(100)
    assert test.skewness == pytest.approx(-math.sqrt(3), abs=1e-9)
    assert test.kurtosis is None  # needs four persons


def test_equal_marks_are_equal_whatever_floats_make_of_them() -> None:
    test, items = analyse([[0.1, 0.2, 0.7]] * 11, [1, 1, 1])
    assert test.sd == 0
    assert (test.cic, test.skewness) == (None, None)
    assert {item.discrimination_index for item in items} == {None}
    assert {item.effective_weight for item in items} == {None}


def test_a_maximum_of_nothing_has_no_facility() -> None:
    test, (item, _) = analyse([[0, 1], [0, 0]], [0, 0])
    assert (item.facility, item.intended_weight) == (None, None)
    assert test.max_mark == 0


def test_an_item_that_works_against_the_test_has_no_effective_weight() -> None:
    rows = [[0, 2, 2], [1, 0, 0], [0, 3, 2], [1, 0, 1]]
    test, (against, *others) = analyse(rows, [1, 3, 3])
    assert against.negative_covariance
    assert against.effective_weight is None
    assert sum(item.effective_weight or 0 for item in others) == pytest.approx(100)
    assert against.discrimination_index is not None and against.discrimination_index < 0
    test, _ = analyse([[1, 0], [0, 1], [1, 0], [0, 0.5]], [1, 1])
    assert test.cic is not None and test.cic < 0, "shown as it is"
    assert test.error_ratio is not None and test.error_ratio > 100


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="every person"):
        analyse([[1, 0], [1]], [1, 1])


def test_ten_million_answers_are_as_exact_as_ten() -> None:
    few = Counter({(0, 1): 2, (0, 3): 1, (1, 2): 3, (1, 4): 4})
    many = Counter({pair: n * 1_000_000 for pair, n in few.items()})
    small, large = item_statistics(few, 1), item_statistics(many, 1)
    assert large.rest_correlation == pytest.approx(small.rest_correlation, abs=1e-12)
    assert large.discriminative_efficiency == pytest.approx(
        small.discriminative_efficiency, abs=1e-9
    )


def test_the_interval_is_fishers() -> None:
    bounds = interval(0.5, 28)
    assert bounds == pytest.approx(
        (math.tanh(math.atanh(0.5) - 0.2563103), math.tanh(math.atanh(0.5) + 0.2563103)), abs=1e-6
    )
    assert interval(None, 50) is None
    assert interval(0.5, 3) is None
    assert interval(1.0, 50) is not None


def choice(kind: str, right: int, options: int) -> Question:
    made = tuple(Option(BOTH, at < right) for at in range(options))
    return Question("q", BOTH, BOTH, Choice(kind, made))  # type: ignore[arg-type]


def test_what_guessing_earns() -> None:
    assert random_guess_score(choice("single", 1, 4)) == 0.25
    assert random_guess_score(choice("truefalse", 1, 2)) == 0.5
    # two right of three: {a} {b} {ab} {abc} earn .5 .5 1 .5, {c} {ac} {bc} nothing
    assert random_guess_score(choice("multiple", 2, 3)) == pytest.approx(2.5 / 7)
    assert random_guess_score(Question("q", BOTH, BOTH, Short(("a",)))) == 0
    assert random_guess_score(Question("q", BOTH, BOTH, Ordering((BOTH,) * 3))) == 0.5
    pairs = Matching((BOTH,) * 2, (BOTH,) * 4, (0, 1))
    assert random_guess_score(Question("q", BOTH, BOTH, pairs)) == 0.25
    gaps = Cloze((Gap(("a",)), Gap(("b",), (BOTH,) * 4, 0)))
    assert random_guess_score(Question("q", BOTH, BOTH, gaps)) == 0.125


def codes(joint: Counter[tuple[int, int]], **about: object) -> list[str]:
    item = item_statistics(joint, 1, guess=about.pop("guess", None))  # type: ignore[arg-type]
    return [flag.code for flag in item_flags.item_flags(item, **about)]  # type: ignore[arg-type]


def test_few_answers_are_provisional_and_nothing_else() -> None:
    assert codes(Counter({(0, 9): 15, (1, 1): 14})) == ["provisional"]


def test_a_key_that_the_able_avoid_is_suspected() -> None:
    assert codes(Counter({(0, 9): 15, (1, 1): 15})) == ["key"]
    options = [OptionUse("甲", True, 30, 0.1), OptionUse("乙", False, 20, 0.4)]
    assert codes(Counter({(0, 1): 25, (1, 2): 25}), options=options) == ["key_option"]
    few = [OptionUse("甲", True, 45, 0.1), OptionUse("乙", False, 5, 0.4)]
    assert codes(Counter({(0, 1): 25, (1, 2): 25}), options=few) == []


def test_a_question_that_sorts_nobody_is_named() -> None:
    even = Counter({(0, 1): 400, (0, 2): 400, (1, 1): 400, (1, 2): 400})
    assert codes(even) == ["flat"]
    assert codes(even, correlation=0.3) == [], "ability counts before the rest score"


def test_facility_is_compared_with_guessing_and_with_everybody() -> None:
    assert codes(Counter({(0, 1): 70, (1, 2): 30}), guess=0.25) == ["guessing"]
    assert codes(Counter({(0, 1): 69, (1, 2): 31}), guess=0.25) == []
    assert codes(Counter({(0, 1): 4, (1, 2): 96})) == ["too_easy"]


def test_a_bound_itself_is_a_bound_whatever_floats_make_of_it() -> None:
    unit = 1e-6  # marks as they are stored
    easy = item_statistics(Counter({(0, 1): 2, (10**6, 2): 38}), 1, unit)  # 95 %, not above
    assert item_flags.item_flags(easy) == ()
    third = item_statistics(Counter({(0, 1): 37, (10**6, 2): 23}), 1, unit, 1 / 3)  # 38⅓ %
    assert [flag.code for flag in item_flags.item_flags(third)] == ["guessing"]
    known = {"n": 60, "items": 2, "max_mark": 2, "mean": 1, "median": 1, "sd": 1}
    test = TestStatistics(
        **known, skewness=0, kurtosis=0, cic=63.9, error_ratio=60, standard_error=0.6
    )
    [flag] = item_flags.test_flags(test)
    assert flag.args == {"cic": "63"}, "never 64 %, below 64 %"
    assert item_flags.test_flags(replace(test, cic=64.0)) == ()


def test_a_correlation_is_as_sure_as_those_it_was_counted_over() -> None:
    met = Counter({(0, 1): 500, (1, 2): 500})
    assert codes(met, correlation=-0.1) == ["key"]
    assert codes(met, correlation=-0.1, persons=40) == [], "upper end 0.11"
    assert codes(met, correlation=-0.9, persons=29) == []
    unused = [OptionUse("甲", True, 37), OptionUse("乙", False, 20), OptionUse("丙", False, 3)]
    assert codes(met, options=unused) == ["unused_option"]
    assert codes(met, options=unused, persons=60) == [], "3 of 60 are 5 %"


def test_an_option_that_nobody_takes_is_named_from_fifty_answers_on() -> None:
    unused = [OptionUse("甲", True, 30), OptionUse("乙", False, 18), OptionUse("丙", False, 2)]
    assert codes(Counter({(0, 1): 20, (1, 2): 30}), options=unused) == ["unused_option"]
    assert codes(Counter({(0, 1): 20, (1, 2): 29}), options=unused) == []


def test_weight_and_consistency_are_judged() -> None:
    rows = [[at % 2, (at // 2) % 2, 20 * (at // 4 % 2)] for at in range(32)]
    test, items = analyse(rows, [1, 1, 2])
    found = [[flag.code for flag in item_flags.item_flags(item)] for item in items]
    assert "dominates" in found[2] and "dominates" not in found[0]
    assert [flag.code for flag in item_flags.test_flags(test)] == ["do_not_rank"]
