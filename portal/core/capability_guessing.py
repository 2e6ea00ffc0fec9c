"""What a blind guess is worth on average, question kind by question kind.

============================  ==================================================================
single choice                 1/options
true/false                    ½
multiple choice               the mean of our partial credit over all non-empty option subsets
cloze with drop-downs         the mean over the gaps: 1/entries of a drop-down, 0 of a typed gap
short, numeric, ordering,
matching, essay               0
============================  ==================================================================
"""

from __future__ import annotations

from functools import cache
from math import comb
from typing import assert_never

from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Matching,
    Numeric,
    Ordering,
    Question,
    Short,
)


def guessing(question: Question) -> float:
    """The chance c of ``question``, 0..1: the score that a blind guess has on average."""
    body = question.body
    match body:
        case Choice(kind="multiple"):
            right = sum(option.correct for option in body.options)
            return multiple_choice(len(body.options), right)
        case Choice(kind="truefalse"):
            return 0.5
        case Choice():
            return 1.0 / max(len(body.options), 1)
        case Cloze():
            shares = [1.0 / len(gap.choices) if gap.choices else 0.0 for gap in body.gaps]
            return sum(shares) / len(shares) if shares else 0.0
        case Short() | Numeric() | Ordering() | Matching() | Essay():
            return 0.0
    assert_never(body)


@cache
def multiple_choice(options: int, right: int) -> float:
    """Mean of max(0, (right chosen − wrong chosen)/right) over the 2ⁿ − 1 non-empty subsets."""
    if right < 1:
        return 0.0
    wrong = options - right
    total = sum(
        comb(right, hits) * comb(wrong, misses) * (hits - misses)
        for hits in range(right + 1)
        for misses in range(min(hits, wrong) + 1)
    )
    return float(total / right / (2**options - 1))
