"""Conditions and effects: what they mean, and what is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.drill_grammar import (
    MAX_CHARS,
    MAX_DEPTH,
    Effect,
    Name,
    Number,
    Unreadable,
    Value,
    changed,
    holds,
    misfit,
    parse_condition,
    parse_effect,
    shown,
)

STATE = {"elapsed": 5.0, "casualties": 0.0, "evacuated": True, "told": False, "信任": 40.0}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("evacuated", True),
        ("not evacuated", False),
        ("casualties == 0 and elapsed <= 10", True),
        ("told or elapsed > 4.5", True),
        ("not (told or evacuated)", False),
        ("told or evacuated and casualties != 0", False),
        ("信任 < 50", True),
        ("elapsed ≥ 5 AND 信任 ≠ 0", True),
        ("（elapsed＞=5）", True),
        ("evacuated == true", True),
        ("-3 < casualties", True),
    ],
)
def test_conditions(text: str, meaning: bool) -> None:
    assert holds(parse_condition(text), STATE) is meaning


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("elapsed+=3", "elapsed", 8.0),
        ("elapsed -= 2.5", "elapsed", 2.5),
        ("casualties=-1", "casualties", -1.0),
        ("told=true", "told", True),
        ("elapsed += 信任", "elapsed", 45.0),
        ("elapsed+=9999999999", "elapsed", 1e9),
    ],
)
def test_effects(text: str, name: str, value: float | bool) -> None:
    assert changed(STATE, (parse_effect(text),)) == {**STATE, name: value}
    assert STATE["elapsed"] == 5.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is written"),
        ("elapsed = 3", "a comparison is written =="),
        ("3", "“3” is compared with nothing"),
        ("a && b", "write and for “&&”"),
        ("a || b", "write or for “||”"),
        ("!a", "write not for “!”"),
        ("(a", "a closing bracket is missing"),
        ("a)", "“)” is too much"),
        ("1 < a < 3", "compare two things at a time; join with and"),
        ("a and", "it breaks off"),
        ("__import__('os')", "“'” has no meaning here"),
        ("a.b", "“.” has no meaning here"),
        ("a == 'x'", "“'” has no meaning here"),
        ("1.2.3 < a", "“1.2.3” is no number"),
        ("a" * (MAX_CHARS + 1), f"longer than {MAX_CHARS} characters"),
        ("(" * 20 + "a" + ")" * 20, f"nested more than {MAX_DEPTH} deep"),
        ("not " * 20 + "a", f"nested more than {MAX_DEPTH} deep"),
        (" or ".join("a" * 33), "more than 60 words"),
    ],
)
def test_what_is_no_condition_says_why(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as fault:
        parse_condition(text)
    assert fault.value.en == said and fault.value.zh


@pytest.mark.parametrize("text", ["elapsed", "elapsed*=2", "=3", "and=3", "elapsed==3", "a+=1 b"])
def test_what_is_no_effect(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_effect(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("elapsed", "elapsed"),
        ("not casualties", "casualties"),
        ("evacuated > 3", "evacuated"),
        ("elapsed == told", "elapsed"),
        ("told < evacuated", "told"),
        ("told == evacuated", ""),
    ],
)
def test_kinds_must_fit(text: str, wrong: str) -> None:
    assert misfit(parse_condition(text), STATE) == wrong


WORDS = [
    "a",
    "not",
    "and",
    "or",
    "(",
    ")",
    "==",
    "<",
    "=",
    "+=",
    "3",
    "-",
    "true",
    " ",
    "、",
    "1.5",
    "信",
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_reading_never_fails_otherwise_and_what_is_read_reads_back(text: str) -> None:
    for parse in (parse_condition, parse_effect):
        try:
            found = parse(text)
        except Unreadable:
            continue
        assert parse(shown(found)) == found


NAMES = ("trust", "casualties", "elapsed")
EFFECTS = st.lists(
    st.builds(
        Effect,
        st.sampled_from(NAMES),
        st.sampled_from(("=", "+=", "-=")),
        st.one_of(st.floats(-1e6, 1e6).map(Number), st.sampled_from(NAMES).map(Name)),
    ),
    max_size=8,
).map(tuple)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.floats(0, 100), EFFECTS)
def test_trust_never_leaves_0_to_100_whatever_an_author_writes(
    start: float, effects: tuple[Effect, ...]
) -> None:
    state: dict[str, Value] = {"trust": start, "casualties": 0.0, "elapsed": 0.0}
    for effect in effects:
        state = changed(state, (effect,))
        assert 0 <= state["trust"] <= 100
    raised = changed(state, (Effect("casualties", "=", Number(500.0)),))
    assert raised["casualties"] == 500, "others are counted as they come"
