from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.grading import Grade, grade, guess_chance, is_valid
from portal.core.questions import Body
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


def fraction(body: Body, response: object) -> float | None:
    return grade(question(body), response).fraction  # type: ignore[arg-type]


def test_single_choice_is_right_or_wrong() -> None:
    assert grade(question(single(right=1)), [1]) == Grade(1.0, right=True, answered=True)
    assert grade(question(single(right=1)), [0]) == Grade(0.0, right=False, answered=True)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([0, 1], 1.0),
        ([0], 0.5),
        ([0, 2], 0.0),
        ([0, 1, 2], 0.5),
        ([2, 3], 0.0),  # would be negative
        ([0, 1, 2, 3], 0.0),  # ticking everything gains nothing
    ],
)
def test_multiple_choice_gives_right_minus_wrong(chosen: list[int], expected: float) -> None:
    assert fraction(choice("multiple", True, True, False, False), chosen) == expected


def test_multiple_choice_is_right_only_when_whole() -> None:
    body = choice("multiple", True, True, False)
    assert not grade(question(body), [0]).right
    assert grade(question(body), [1, 0]).right


@pytest.mark.parametrize(
    "typed",
    [
        "调委会",
        " 调 委 会 。",
        "人民调解委员会！",
        "ＴＩＡＯＷＥＩ",
        "tiaowei.",
        "Tiaowei",
        "People's  Court",
        "people’s court",
        "调委\u200b会",
    ],
)
def test_short_text_folds_what_an_input_method_adds(typed: str) -> None:
    assert fraction(short("调委会", "人民调解委员会", "TiaoWei", "People's Court"), typed) == 1.0


@pytest.mark.parametrize("typed", ["调委", "调委会员", "peoplescourt", "。"])
def test_short_text_is_wrong_otherwise(typed: str) -> None:
    assert fraction(short("调委会", "people's court"), typed) == 0.0


@pytest.mark.parametrize(
    "typed",
    [
        "30",
        "30日",
        "30 日",
        "三十",
        "三十日",
        "３０",
        "30.0",
        "30天",
        "30 days",
        "30 Days.",
        "叁拾",
    ],
)
def test_numeric_reads_what_people_type(typed: str) -> None:
    assert fraction(numeric(29.5, 30.5, "日", "days"), typed) == 1.0


@pytest.mark.parametrize(
    "typed", ["29", "31", "三十一", "30个月", "30小时", "30工作日", "30%", "30 or 60", "abc", "-30"]
)
def test_numeric_refuses_another_number_or_unit(typed: str) -> None:
    assert fraction(numeric(30, 30, "日", "days"), typed) == 0.0


@pytest.mark.parametrize(
    ("low", "unit", "typed"),
    [
        (15, "", "１５"),
        (15, "", "十五"),
        (105, "", "一百零五"),
        (1000, "元", "1,000"),
        (1000, "元", "1，000元"),
        (1000, "元", "¥1000"),
        (1000, "元", "一千元"),
        (15000, "元", "1.5万元"),
        (15000, "元", "一万五千"),
        (120_000_000, "元", "一亿二千万元"),
        (2026, "年", "二〇二六年"),
        (2, "个月", "两个月"),
        (1.5, "小时", "一点五小时"),
        (0.5, "年", "半年"),
        (30, "%", "30％"),
        (30, "%", "百分之三十"),
        (1, "千米", "一千米"),
        (1000, "米", "一千米"),
        (2, "千克", "2千克"),
        (-5, "", "负五"),
        (0.1, "", ".1"),
    ],
)
def test_numeric_reads_chinese_and_grouped_numbers(low: float, unit: str, typed: str) -> None:
    assert fraction(numeric(low, low, unit), typed) == 1.0


@pytest.mark.parametrize("typed", ["1,00", "1,0000", "1.2.3", "三五十", "万", ".", "9" * 70])
def test_numeric_reads_no_number_where_there_is_none(typed: str) -> None:
    assert fraction(numeric(-1e9, 1e99), typed) == 0.0


def test_numeric_bounds_are_inside_and_a_missing_key_unit_judges_none() -> None:
    body = numeric(30 - 0.1, 30 + 0.1)
    assert fraction(body, "29.9") == fraction(body, "30.1") == 1.0
    assert fraction(body, "30 日") == 1.0


@pytest.mark.parametrize(
    ("order", "expected"),
    [([0, 1, 2, 3], 1.0), ([3, 2, 1, 0], 0.0), ([1, 0, 2, 3], 5 / 6), ([3, 0, 1, 2], 0.5)],
)
def test_ordering_gives_the_share_of_pairs(order: list[int], expected: float) -> None:
    assert fraction(ordering(4), order) == pytest.approx(expected)


def test_matching_and_cloze_give_the_share_of_parts() -> None:
    assert fraction(matching(), [0, 1]) == 1.0
    assert fraction(matching(), [0, None]) == 0.5
    assert fraction(matching(), [1, 0]) == 0.0
    assert fraction(cloze(), ["三十", "人民法院"]) == 1.0
    assert fraction(cloze(), ["３０", "公安机关"]) == 0.5
    assert fraction(cloze(), ["", "人民法院"]) == 0.5


def test_an_essay_waits_for_its_mark() -> None:
    assert grade(question(essay()), "一段话") == Grade(None, right=False, answered=True)
    assert grade(question(essay()), "  ") == Grade(0.0, right=False, answered=False)


@pytest.mark.parametrize(
    ("body", "response"),
    [
        (single(), None),
        (single(), []),
        (short("x"), " "),
        (matching(), [None, None]),
        (cloze(), ["", " "]),
        (ordering(), []),
        (single(), [9]),  # malformed counts for nothing
    ],
)
def test_nothing_said_is_unanswered(body: Body, response: object) -> None:
    assert grade(question(body), response) == Grade(0.0, right=False, answered=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "response"),
    [
        (single(), [1, 2]),
        (single(), [4]),
        (single(), [-1]),
        (single(), [True]),
        (single(), ["1"]),
        (single(), "1"),
        (single(), None),
        (single(), [[]]),
        (choice("multiple", True, False), [0, 0]),
        (short("x"), ["x"]),
        (short("x"), "x" * 501),
        (short("x"), "\ud800"),
        (ordering(3), [0, 1]),
        (ordering(3), [0, 1, 1]),
        (ordering(3), [0, 1, True]),
        (matching(), [0]),
        (matching(), [0, 3]),
        (cloze(), ["30"]),
        (cloze(), ["30", "法院"]),
        (cloze(), ["30", 1]),
        (essay(), "长" * 20_001),
    ],
)
def test_a_response_of_another_shape_or_range_is_invalid(body: Body, response: object) -> None:
    assert not is_valid(question(body), response)


_bodies = st.sampled_from(
    [
        single(),
        choice("multiple", True, True, False, False, True),
        choice("truefalse", True, False),
        short("答案"),
        numeric(1, 2, "日"),
        ordering(5),
        matching(),
        cloze(),
        essay(),
    ]
)
_scalars = st.none() | st.integers(-1, 6) | st.text(max_size=20) | st.booleans()
_anything = _scalars | st.lists(_scalars, max_size=6) | st.permutations(range(5)).map(list)


@given(_bodies, _anything)
def test_every_response_gets_a_fraction_between_0_and_1(body: Body, response: object) -> None:
    given_grade = grade(question(body), response)  # type: ignore[arg-type]
    assert given_grade.fraction is None or 0.0 <= given_grade.fraction <= 1.0
    assert given_grade.right == (given_grade.fraction == 1.0)
    if not is_valid(question(body), response):
        assert not given_grade.answered


@given(st.permutations(range(6)))
def test_an_ordering_and_its_reverse_share_the_pairs(order: list[int]) -> None:
    forth, back = fraction(ordering(6), list(order)), fraction(ordering(6), list(order)[::-1])
    assert forth is not None and back is not None
    assert forth + back == pytest.approx(1.0)


@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))
def test_a_number_typed_as_python_prints_it_is_read_back(number: float) -> None:
    assert fraction(numeric(number, number), f"{number:,.3f}") == 1.0


def test_guess_chance() -> None:
    chances = [
        guess_chance(question(body))
        for body in (single(of=4), choice("truefalse", True, False), ordering(3), short("x"))
    ]
    assert chances == [0.25, 0.5, 1 / 6, 0.0]
    assert guess_chance(question(matching())) == 1 / 6
    assert guess_chance(question(cloze())) == 0.0
    assert guess_chance(question(choice("multiple", True, False, False))) == 1 / 7
