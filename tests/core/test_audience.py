"""Rules of an audience: who matches, what can be decided without names, how it reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.audience import (
    AllOf,
    AnyOf,
    BadRule,
    BelowLevel,
    Everyone,
    Gap,
    HoldsPost,
    InUnit,
    Named,
    PassedBefore,
    Place,
    Rule,
    gaps_of,
    matches,
    only_named,
    read_rule,
    write_rule,
)
from portal.core.audience_words import Names, sentence

GRID = Place("/1/4/9/", "grid")

leaves = st.one_of(
    st.just(Everyone()),
    st.integers(1, 12).map(InUnit),
    st.sampled_from(["grid", "street"]).map(HoldsPost),
    st.builds(BelowLevel, st.sampled_from(["law", "risk"]), st.booleans()),
    st.just(PassedBefore("law", "2026-11-22T06:00:00.000Z")),
    st.lists(st.integers(1, 5), min_size=1, unique=True).map(lambda ids: Named(tuple(sorted(ids)))),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda some: st.sampled_from([AllOf(tuple(some)), AnyOf(tuple(some))])
    ),
    max_leaves=6,
)


def test_a_rule_is_tried_on_one_posting() -> None:
    assert matches(InUnit(4), GRID, 1, {})
    assert not matches(InUnit(1), Place("/11/4/", "grid"), 1, {})  # 1 is not 11
    both = AllOf((InUnit(4), HoldsPost("mediator")))
    assert not matches(both, GRID, 1, {})
    assert matches(AnyOf((InUnit(99), Named((1,)))), GRID, 1, {})


def test_what_is_not_measured_is_no_gap_unless_the_rule_says_so() -> None:
    gaps = gaps_of({"law": 3, "risk": 2, "people": 2}, {"law": 2, "risk": 2, "people": None})
    assert gaps == {"law": "below", "people": "unmeasured"}
    assert matches(BelowLevel("law"), GRID, 1, gaps)
    assert not matches(BelowLevel("risk"), GRID, 1, gaps)
    assert not matches(BelowLevel("people"), GRID, 1, gaps)
    assert matches(BelowLevel("people", unmeasured=True), GRID, 1, gaps)


@given(rules, st.integers(1, 6), st.sampled_from(["below", "unmeasured", None]))
def test_what_is_decided_for_whoever_is_there_holds_for_each(
    rule: Rule, person: int, gap: Gap | None
) -> None:
    gaps: dict[str, Gap] = {"law": gap} if gap else {}
    known = matches(rule, GRID, person, gaps, {"law": "2026-11-22T05:00:00.000Z"})
    assert known is not None
    assert matches(rule, GRID, None, None) in (known, None)
    ids = only_named(rule)
    assert ids is None or person in ids or known is False


@given(rules)
def test_a_rule_survives_json(rule: Rule) -> None:
    try:
        read = read_rule(json.loads(json.dumps(write_rule(rule))))
    except BadRule as refused:
        assert refused.key == "error.audience_large"
    else:
        assert read == rule


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (None, "form"),
        ({"type": "sql", "text": "1=1"}, "form"),
        ({"type": "unit", "unit_id": "4"}, "form"),
        ({"type": "unit", "unit_id": -1}, "form"),
        ({"type": "people", "ids": []}, "empty"),
        ({"type": "people", "ids": [True]}, "form"),
        ({"type": "people", "ids": ["7"]}, "form"),
        ({"type": "people", "ids": list(range(1, 1002))}, "large"),
        ({"type": "all", "of": []}, "empty"),
        ({"type": "any", "of": [{"type": "everyone"}] * 41}, "large"),
    ],
)
def test_what_is_no_rule_is_refused(data: Any, key: str) -> None:
    with pytest.raises(BadRule, match=f"audience_{key}"):
        read_rule(data)


def test_a_rule_nested_without_end_is_refused() -> None:
    data: dict[str, Any] = {"type": "everyone"}
    for _ in range(2000):
        data = {"type": "all", "of": [data]}
    with pytest.raises(BadRule, match="audience_large"):
        read_rule(data)


NAMES = {
    "zh": Names(
        {4: "望江街道"}.__getitem__, lambda _: "网格员", lambda _: "法律", lambda n: f"人{n}"
    ),
    "en": Names({4: "Wangjiang"}.__getitem__, lambda _: "grid worker", lambda _: "law", str),
}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (Everyone(), "所有人员", "everybody"),
        (
            AllOf((InUnit(4), HoldsPost("grid"))),
            "在望江街道（含下级），并且岗位是网格员",
            "in Wangjiang (and below), and in the post “grid worker”",
        ),
        (
            AnyOf((Named((1, 2)), AllOf((InUnit(4), BelowLevel("law", unmeasured=True))))),
            "指定人员：人1、人2，或者（在望江街道（含下级），并且法律低于岗位要求或还测不出）",
            "named: 1, 2, or (in Wangjiang (and below), and below the level of the post in law, "
            "or not measured yet)",
        ),
        (
            Named(tuple(range(1, 9))),
            "指定人员：人1、人2、人3、人4、人5等8人",
            "named: 1, 2, 3, 4, 5 and 3 more",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: Rule, zh: str, en: str) -> None:
    assert sentence(rule, NAMES["zh"], "zh") == zh
    assert sentence(rule, NAMES["en"], "en") == en


def test_who_passed_before_a_moment_is_decided_by_the_first_completion() -> None:
    rule = PassedBefore("law", "2026-11-22T06:00:00.000Z")
    assert matches(rule, GRID, 1, {}) is None  # not looked up
    assert matches(rule, GRID, 1, {}, {"law": "2026-11-22T05:59:59.999Z"})
    assert not matches(rule, GRID, 1, {}, {"law": "2026-11-22T06:00:00.000Z"})
    assert not matches(rule, GRID, 1, {}, {"fire": "2020-01-01T00:00:00.000Z"})
    names = Names(str, str, str, str, lambda key: "法律")
    assert sentence(rule, names, "zh") == "2026-11-22前已学完《法律》"
    assert sentence(rule, names, "en") == "completed “法律” by 2026-11-22"


@pytest.mark.parametrize("before", ["yesterday", "2026-11-22", "2026-11-22T06:00:00.000Z'--", 7])
def test_a_moment_that_is_none_is_refused(before: object) -> None:
    with pytest.raises(BadRule):
        read_rule({"type": "passed", "course": "law", "before": before})
