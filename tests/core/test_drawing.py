from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.capabilities import Bilingual
from portal.core.drawing import DrawnItem, draw, gap_orders, option_order
from portal.core.questions import Question
from portal.core.quizzes import Draw, Quiz
from tests.core.making import choice, cloze, matching, ordering, question, short, single

SEEDS = st.integers(0, 2**63 - 1)
EXPECTED = [
    DrawnItem(question_id="l2-2", option_order=(1, 0, 2, 3)),
    DrawnItem(question_id="l2-3", option_order=(3, 1, 0, 2)),
    DrawnItem(question_id="l1-0", option_order=(1, 3, 2, 0)),
]


def quiz(*draws: Draw, shuffle: bool = True, own: int = 0) -> Quiz:
    ids = tuple(f"own-{at}" for at in range(own))
    return Quiz("c/quiz", "quiz", Bilingual("测验"), "c", ids, shuffle=shuffle, draw=draws)


def pool(**count_by_level: int) -> list[Question]:
    """``pool(l1=3, l2=5)``: three questions of level 1, five of level 2."""
    return [
        question(single(), f"{key}-{at}", level=int(key[1:]))
        for key, count in count_by_level.items()
        for at in range(count)
    ]


def own(count: int) -> list[Question]:
    return [question(single(), f"own-{at}") for at in range(count)]


def ids(items: list[DrawnItem]) -> list[str]:
    return [item.question_id for item in items]


def test_the_algorithm_is_fixed_for_ever() -> None:
    """Stored attempts name only a seed in logs and exports: these values may never change."""
    pools = {"c/quiz": [], "c/p": pool(l1=4, l2=4)}
    drawn = draw(quiz(Draw("c/p", 3, (1, 2))), pools, 20261122)
    assert drawn == EXPECTED


def test_a_seed_gives_one_paper_whatever_order_the_pool_has() -> None:
    asked = quiz(Draw("c/p", 5))
    one = draw(asked, {"c/quiz": [], "c/p": pool(l1=9)}, 7)
    other = draw(asked, {"c/quiz": [], "c/p": pool(l1=9)[::-1]}, 7)
    assert one == other
    assert (
        len({tuple(ids(draw(asked, {"c/quiz": [], "c/p": pool(l1=9)}, s))) for s in range(9)}) > 1
    )


@given(SEEDS)
def test_levels_are_spread_evenly_and_nothing_comes_twice(seed: int) -> None:
    pools = {"c/quiz": [], "c/p": pool(l1=9, l2=9, l3=9, l5=9)}
    drawn = ids(draw(quiz(Draw("c/p", 8, (1, 2, 3)), Draw("c/p", 4, (5,))), pools, seed))
    assert len(set(drawn)) == len(drawn) == 12
    levels = Counter(name[1] for name in drawn)
    assert levels["5"] == 4
    assert sorted(levels[n] for n in "123") == [2, 3, 3]


def test_a_short_level_is_made_up_from_the_others() -> None:
    pools = {"c/quiz": [], "c/p": pool(l1=1, l2=9)}
    levels = Counter(name[1] for name in ids(draw(quiz(Draw("c/p", 6, (1, 2))), pools, 3)))
    assert levels == {"1": 1, "2": 5}


@given(SEEDS)
def test_a_wide_draw_leaves_a_narrow_one_its_questions(seed: int) -> None:
    pools = {"c/quiz": [], "c/p": pool(l1=6, l3=2)}
    drawn = ids(draw(quiz(Draw("c/p", 6), Draw("c/p", 2, (3,))), pools, seed))
    assert {"l3-0", "l3-1"} <= set(drawn)
    assert len(drawn) == 8


def test_a_short_pool_gives_what_it_has() -> None:
    pools = {"c/quiz": [], "c/p": pool(l1=3)}
    short_quiz = quiz(Draw("c/p", 5))
    assert len(draw(short_quiz, pools, 1)) == 3


def test_retired_questions_are_not_drawn() -> None:
    questions = own(3)
    questions[1] = replace(questions[1], retired=True)
    assert set(ids(draw(quiz(own=3), {"c/quiz": questions}, 1))) == {"own-0", "own-2"}


def test_nothing_to_ask_is_an_error() -> None:
    with pytest.raises(ValueError, match="c/quiz has no question"):
        draw(quiz(), {"c/quiz": []}, 1)


def test_own_questions_are_all_asked_unless_a_draw_takes_from_this_file() -> None:
    pools = {"c/quiz": own(3), "c/p": pool(l1=5)}
    everything = ids(draw(quiz(Draw("c/p", 2), own=3), pools, 1))
    assert {"own-0", "own-1", "own-2"} < set(everything) and len(everything) == 5
    assert len(draw(quiz(Draw(None, 2), own=3), pools, 1)) == 2


def test_without_shuffle_questions_and_options_keep_their_order() -> None:
    items = draw(quiz(shuffle=False, own=8), {"c/quiz": own(8)}, 99)
    assert ids(items) == [f"own-{at}" for at in range(8)]
    assert {item.option_order for item in items} == {(0, 1, 2, 3)}


@given(SEEDS)
def test_true_false_and_fixed_are_never_shuffled(seed: int) -> None:
    assert option_order(question(choice("truefalse", True, False)), seed) == (0, 1)
    fixed = choice("single", True, False, False, False, fixed=True)
    assert option_order(question(fixed), seed) == (0, 1, 2, 3)
    assert option_order(question(short("x")), seed) == ()


@given(SEEDS, st.integers(2, 7), st.booleans())
def test_an_ordering_is_never_shown_solved(seed: int, length: int, shuffle: bool) -> None:
    order = option_order(question(ordering(length)), seed, shuffle=shuffle)
    assert sorted(order) == list(range(length))
    assert length == 2 or order != tuple(range(length))


def test_no_seed_shows_a_short_ordering_solved() -> None:
    orders = {option_order(question(ordering(3)), seed) for seed in range(300)}
    assert len(orders) == 5 and (0, 1, 2) not in orders


@given(SEEDS)
def test_every_order_holds_each_position_once(seed: int) -> None:
    assert sorted(option_order(question(single(of=6)), seed)) == list(range(6))
    assert sorted(option_order(question(matching()), seed)) == [0, 1, 2]
    body = cloze()
    assert [sorted(gap) for gap in gap_orders(body, option_order(question(body), seed))] == [
        [],
        [0, 1],
    ]


def test_options_and_rights_do_move() -> None:
    for body in (single(), matching(), ordering(2), cloze()):
        assert len({option_order(question(body), seed) for seed in range(30)}) > 1
    assert len({option_order(question(matching()), seed, shuffle=False) for seed in range(30)}) > 1
    assert len({option_order(question(ordering(4)), seed, shuffle=False) for seed in range(9)}) > 1
