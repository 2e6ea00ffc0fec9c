"""How an answer is judged: a pure function of the question and the response.

===========  ================================================================================
kind         fraction of the points
===========  ================================================================================
single, t/f  1 for the right option, else 0
multiple     (right chosen - wrong chosen) / right, not below 0
short        1 when equal to an accepted variant after folding (``core.folding``)
numeric      1 when within [low, high]; a unit may be left out, a wrong unit is wrong
ordering     share of pairs that stand in the right order
matching     share of left cells with the right partner
cloze        share of gaps filled rightly
essay        None: waits for a trainer's mark
===========  ================================================================================

In a cloze the entry of a drop-down gap is the Chinese text of the chosen entry whatever language
it was shown in, so that an answer given in one language reads the same in the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from portal.core.folding import fold
from portal.core.quantities import Quantity, read_quantities, same_unit
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Gap,
    Matching,
    Numeric,
    Ordering,
    Question,
    Response,
    Short,
)

MAX_SHORT_CHARS = 500
MAX_ESSAY_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Grade:
    """``fraction`` 0..1 of the points, None while an essay waits for its mark.

    ``voided``: the question was taken out for everybody; the item is left out of score and maximum.
    """

    fraction: float | None
    right: bool
    answered: bool
    voided: bool = False


UNANSWERED = Grade(0.0, right=False, answered=False)


def grade(question: Question, response: Response | None) -> Grade:
    """The grade of ``response``; an empty or malformed one counts as unanswered."""
    if is_empty(response) or not is_valid(question, response):
        return UNANSWERED
    fraction = _fraction(question, response)
    return Grade(fraction, right=fraction is not None and fraction >= 1.0, answered=True)


def is_empty(response: object) -> bool:
    """Whether a response says nothing: none, blank text, no option, every gap or partner blank."""
    match response:
        case None:
            return True
        case str():
            return not response.strip()
        case list():
            return all(
                entry is None or (isinstance(entry, str) and not entry.strip())
                for entry in response
            )
    return False


def is_valid(question: Question, response: object) -> bool:
    """Whether ``response`` has the shape and range of an answer to ``question``.

    The server never trusts a widget: positions out of range, repeated options, text over the
    limit and text that is no Unicode are refused. An empty answer is valid: it clears.
    """
    body = question.body
    match body:
        case Choice():
            limit = len(body.options) if body.kind == "multiple" else 1
            return (
                isinstance(response, list)
                and len(response) <= limit
                and len(set(map(str, response))) == len(response)
                and all(_is_position(entry, len(body.options)) for entry in response)
            )
        case Short() | Numeric():
            return _is_text(response, MAX_SHORT_CHARS)
        case Ordering():
            return isinstance(response, list) and (
                not response
                or (
                    all(_is_position(entry, len(body.items)) for entry in response)
                    and sorted(response) == list(range(len(body.items)))
                )
            )
        case Matching():
            return (
                isinstance(response, list)
                and len(response) == len(body.lefts)
                and all(
                    entry is None or _is_position(entry, len(body.rights)) for entry in response
                )
            )
        case Cloze():
            return (
                isinstance(response, list)
                and len(response) == len(body.gaps)
                and all(map(_is_gap_entry, body.gaps, response))
            )
        case Essay():
            return _is_text(response, MAX_ESSAY_CHARS)
    assert_never(body)


def guess_chance(question: Question) -> float:
    """Probability, 0..1, that blind guessing is wholly right; 0 where an answer is typed."""
    body = question.body
    match body:
        case Choice():
            options = max(len(body.options), 1)
            # a multiple choice asks for one of the non-empty subsets
            return 1 / (2**options - 1) if body.kind == "multiple" else 1 / options
        case Ordering():
            return 1 / math.factorial(len(body.items))
        case Matching():
            return (
                1 / math.perm(len(body.rights), len(body.lefts))
                if (len(body.rights) >= len(body.lefts))
                else 1 / max(len(body.rights), 1) ** len(body.lefts)
            )
        case Cloze():
            return math.prod(1 / len(gap.choices) if gap.choices else 0.0 for gap in body.gaps)
        case Short() | Numeric() | Essay():
            return 0.0
    assert_never(body)


# What follows trusts is_valid


def _fraction(question: Question, response: object) -> float | None:
    body = question.body
    match body:
        case Choice():
            return _choice(body, _positions(response))
        case Short():
            return float(fold(_text(response)) in {fold(variant) for variant in body.accepted})
        case Numeric():
            return float(
                any(
                    _is_quantity_right(body, quantity)
                    for quantity in read_quantities(_text(response))
                )
            )
        case Ordering():
            return _ordering(_positions(response))
        case Matching():
            assert isinstance(response, list)
            return _share([given == key for given, key in zip(response, body.key, strict=True)])
        case Cloze():
            assert isinstance(response, list)
            return _share(
                [_is_gap_right(gap, entry) for gap, entry in zip(body.gaps, response, strict=True)]
            )
        case Essay():
            return None
    assert_never(body)


def _choice(body: Choice, chosen: list[int]) -> float:
    right = {at for at, option in enumerate(body.options) if option.correct}
    if body.kind != "multiple":
        return float(set(chosen) <= right)
    hits = sum(1 if at in right else -1 for at in chosen)
    return max(0.0, hits / len(right)) if right else 0.0


def _ordering(order: list[int]) -> float:
    pairs = math.comb(len(order), 2)
    in_order = sum(earlier < later for at, earlier in enumerate(order) for later in order[at + 1 :])
    return in_order / pairs if pairs else 1.0


def _is_quantity_right(body: Numeric, quantity: Quantity) -> bool:
    slack = 1e-9 * max(1.0, abs(body.low), abs(body.high))  # 29.5 typed against 30 - 0.5 computed
    if not body.low - slack <= quantity.number <= body.high + slack:
        return False
    units = [unit for unit in (body.unit.zh, body.unit.en) if unit]
    # a key without a unit cannot tell a wrong one
    return not quantity.unit or not units or any(same_unit(quantity.unit, u) for u in units)


def _is_gap_right(gap: Gap, entry: str) -> bool:
    if gap.choices:
        return entry == gap.choices[gap.right].zh
    return bool(entry.strip()) and fold(entry) in {fold(variant) for variant in gap.accepted}


def _share(rights: Sequence[bool]) -> float:
    return sum(rights) / len(rights) if rights else 1.0


def _is_position(entry: object, length: int) -> bool:
    return isinstance(entry, int) and not isinstance(entry, bool) and 0 <= entry < length


def _is_text(response: object, limit: int) -> bool:
    if not isinstance(response, str) or len(response) > limit:
        return False
    return not any(0xD800 <= ord(char) <= 0xDFFF for char in response)  # cannot be stored


def _is_gap_entry(gap: Gap, entry: object) -> bool:
    if not gap.choices:
        return _is_text(entry, MAX_SHORT_CHARS)
    return entry == "" or entry in [choice.zh for choice in gap.choices]


def _positions(response: object) -> list[int]:
    assert isinstance(response, list)
    return response


def _text(response: object) -> str:
    assert isinstance(response, str)
    return response
