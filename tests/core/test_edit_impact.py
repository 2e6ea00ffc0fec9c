"""What an edit changed, and old answers graded by a new key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.core.attempts import score_items
from portal.core.capabilities import Bilingual
from portal.core.edit_impact import changes_the_key, what_changed
from portal.core.questions import Choice, Citation, Essay, Gap, Matching, Option, Ordering
from portal.core.regrading import obstacle, passed_after, regrade
from tests.core.making import (
    cloze,
    essay,
    matching,
    numeric,
    ordering,
    question,
    short,
    single,
    words,
)


def options(*texts: str, right: tuple[int, ...]) -> Choice:
    made = tuple(Option(Bilingual(text), at in right) for at, text in enumerate(texts))
    return Choice("single" if len(right) == 1 else "multiple", made)


ABC = options("甲", "乙", "丙", right=(1,))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (ABC, ABC, ()),
        (ABC, options("甲", "乙", "丙", right=(2,)), ("key",)),
        (ABC, options("乙", "丙", "甲", right=(0,)), ()),  # moved: the same answer is right
        (ABC, options("甲", "乙二", "丙", right=(1,)), ("options",)),  # the right one reworded
        (ABC, options("甲", "乙", "丙", "丁", right=(1,)), ("options",)),
        (ABC, options("甲", "乙", right=(0,)), ("key", "options")),
        (ABC, short("乙"), ("kind",)),
        (ABC, options("甲", "乙", "丙", right=(1, 2)), ("kind",)),
        (short("三十日"), short("三十日", "30日"), ("key",)),
        (numeric(30, 30, "日"), numeric(15, 15, "日"), ("key",)),
        (ordering(3), Ordering(words("第 1 步", "第 0 步", "第 2 步")), ("key",)),
        (matching(), replace(matching(), key=(1, 0)), ("key",)),
        (
            matching(),
            Matching(words("急救", "消防"), words("119", "120", "122"), (1, 0)),
            (),
        ),
        (cloze(), replace(cloze(), gaps=(Gap(("三十",)), cloze().gaps[1])), ("key",)),
        (essay(), replace(essay(), rubric=(*essay().rubric, *essay().rubric)), ("key",)),
    ],
)
def test_what_changed_in_the_body(old: Any, new: Any, found: tuple[str, ...]) -> None:
    assert what_changed(question(old), question(new)) == found


def test_what_changed_beside_the_body() -> None:
    old = question(single())
    new = replace(
        old, stem=Bilingual("新题干"), points=2, level=4, laws=(Citation("信访工作条例", "32"),)
    )
    assert what_changed(old, new) == ("points", "wording", "law", "level")
    assert not changes_the_key(old, new)
    english = replace(old, stem=Bilingual("题干", "Stem"), has_english=True)
    assert what_changed(old, english) == ()


@pytest.mark.parametrize(
    ("old", "new", "response", "fraction"),
    [
        (ABC, options("丙", "甲", "乙", right=(0,)), [2], 1.0),
        (ABC, options("丙", "甲", "乙", right=(0,)), [1], 0.0),
        (short("三十日"), short("15日"), "15日", 1.0),
        (numeric(30, 30, "日"), numeric(15, 15, "日"), "30日", 0.0),
        (ordering(3), Ordering(words("第 2 步", "第 1 步", "第 0 步")), [2, 1, 0], 1.0),
        (
            matching(),
            Matching(words("急救", "消防"), words("122", "120", "119"), (0, 2)),
            [0, 2],
            1.0,
        ),
        (cloze(), replace(cloze(), gaps=(Gap(("15",)), cloze().gaps[1])), ["15", "人民法院"], 1.0),
    ],
)
def test_an_old_answer_means_the_same_under_the_new_key(
    old: Any, new: Any, response: Any, fraction: float
) -> None:
    assert regrade(question(old), question(new), response).fraction == fraction


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (ABC, options("甲", "乙", "丁", right=(1,)), "options"),
        (ABC, options("甲", "乙", "丙", right=(1, 2)), "kind"),
        (options("甲", "甲", "乙", right=(0,)), options("甲", "乙", "甲", right=(0,)), "options"),
        (matching(), replace(matching(), lefts=words("消防", "急救站")), "options"),
        (essay(), essay(), "essay"),
        (ABC, essay(), "kind"),
    ],
)
def test_answers_to_other_choices_are_not_regraded(old: Any, new: Any, why: str) -> None:
    assert obstacle(question(old), question(new)) == why
    with pytest.raises(ValueError, match="carried over"):
        regrade(question(old), question(new), [0])


def test_nothing_said_stays_nothing_said() -> None:
    other = options("甲", "乙", "丙", right=(2,))
    assert not regrade(question(ABC), question(other), None).answered
    assert not regrade(question(ABC), question(other), [7]).answered


def test_passes_are_kept_and_gains_given() -> None:
    assert passed_after(True, False, take=False) is True
    assert passed_after(True, None, take=False) is True
    assert passed_after(True, False, take=True) is False
    assert passed_after(False, True, take=False) is True
    assert passed_after(False, False, take=True) is False


@pytest.mark.parametrize(
    ("graded", "passed"),
    [
        ([(6, 1.0), (4, None)], True),  # passed even with nothing for the essay
        ([(4, 0.0), (6, 1.0), (4, None)], None),
        ([(8, 0.0), (2, None)], False),  # failed even with everything
        ([(5, None)], None),
        ([(5, 0.6)], True),
        ([(0, None)], True),  # nothing to fail
        ([], True),
    ],
)
def test_awaited_marks_leave_open_what_they_can_still_turn(
    graded: list[tuple[float, float | None]], passed: bool | None
) -> None:
    assert score_items(graded, 60).passed is passed


def test_a_rubric_is_a_key() -> None:
    assert isinstance(essay(), Essay)
    reworded = replace(essay(), rubric=(replace(essay().rubric[0], points=3),))
    assert changes_the_key(question(essay()), question(reworded))
