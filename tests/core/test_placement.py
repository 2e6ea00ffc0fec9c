from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from portal.core.capability import CAPABILITIES, prior, respond
from portal.core.placement import Item, information, may_begin_at, next_item

POOL = [
    Item(f"{key}-{n}", key, (n - 5) / 2, 0.49, 0.25 if n % 2 else 0.0)
    for key in CAPABILITIES
    for n in range(12)
]


def test_information_peaks_where_difficulty_meets_capability_and_guessing_costs() -> None:
    sure = [information(0.4, Item("q", "law", b / 10, 0.0, 0.0)) for b in range(-20, 21)]
    assert max(range(41), key=sure.__getitem__) == 24, "b = 0.4"
    assert max(sure) == pytest.approx(0.25)
    item = Item("q", "law", 0.4, 0.49, 0.25)
    assert information(0.4, item) < 0.7 * information(0.4, Item("q", "law", 0.4, 0.49, 0.0))


def test_information_is_what_the_filter_gains() -> None:
    item = Item("q", CAPABILITIES[2], 0.8, 0.49, 0.25)
    before = prior()
    after = respond(before, 2, 1.0, item.b, item.s2, item.c)
    gained = 1 / after.cov[2][2] - 1 / before.cov[2][2]
    assert information(0.0, item) == pytest.approx(gained)


def test_eighteen_questions_are_three_of_each_and_none_twice() -> None:
    asked: Counter[str] = Counter()
    state, unused, order = prior(), list(POOL), []
    for turn in range(18):
        item = next_item(asked, state, unused, 5)
        assert item is not None and item.c == 0
        asked[item.capability] += 1
        unused.remove(item)
        order.append(item)
        k = CAPABILITIES.index(item.capability)
        state = respond(state, k, float(turn % 2), item.b, item.s2, item.c)
    assert set(asked.values()) == {3} and len({item.question_id for item in order}) == 18
    assert {item.capability for item in order[:6]} == set(CAPABILITIES)


def test_the_least_known_capability_breaks_a_tie() -> None:
    state = respond(prior(), 0, 1.0, 0.0)
    state = respond(state, 0, 1.0, 0.0)
    for _ in range(8):
        state = respond(state, 3, 1.0, 0.0)
    item = next_item({}, state, POOL, 5)
    assert item is not None
    k = CAPABILITIES.index(item.capability)
    assert state.cov[k][k] == max(state.cov[n][n] for n in range(6)) and k not in (0, 3)


def test_one_of_the_five_most_informative_by_the_seed() -> None:
    law = [Item(f"q-{n}", "law", n / 4, 0.49, 0.0) for n in range(12)]
    found = {item.question_id for seed in range(60) if (item := next_item({}, prior(), law, seed))}
    assert found == {"q-0", "q-1", "q-2", "q-3", "q-4"}
    assert next_item({}, prior(), law, 9) == next_item({}, prior(), law[::-1], 9)


def test_what_can_be_guessed_comes_when_nothing_else_is_left() -> None:
    guess = Item("guess", "law", 0.0, 0.49, 0.5)
    sure = Item("sure", "law", 3.0, 0.49, 0.0)
    assert next_item({}, prior(), [guess, sure], 1) == sure
    assert next_item({}, prior(), [guess], 1) == guess
    assert next_item({}, prior(), [Item("x", "no such", 0, 0.49, 0)], 1) is None


def test_what_an_earlier_placement_asked_comes_when_nothing_new_is_left() -> None:
    law = [Item(f"q-{n}", "law", n / 4, 0.49, 0.0, met=n < 5) for n in range(7)]
    found = {item.question_id for seed in range(40) if (item := next_item({}, prior(), law, seed))}
    assert found == {"q-5", "q-6"}, "less informative, but new"
    guess = Item("guess", "law", 0.0, 0.49, 0.5)
    again = next_item({}, prior(), [*law[:5], guess], 1)
    assert again is not None and again.met, "rather known than guessed"


def test_half_a_year_later_it_may_be_taken_again() -> None:
    assert may_begin_at(None) is None
    ended = datetime(2026, 8, 31, 2, tzinfo=UTC)
    assert may_begin_at(ended) == datetime(2027, 2, 28, 2, tzinfo=UTC)
    assert may_begin_at(ended.replace(month=3)) == datetime(2026, 9, 28, 2, tzinfo=UTC)
