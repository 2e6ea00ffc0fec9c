"""What blind guessing earns at a question, on average.

Not the chance of being wholly right (``grading.guess_chance``), but the expected share of the
marks, which is what a facility is compared with. After Moodle's random guess score; for a multiple
choice, which Moodle leaves open, the mean over all non-empty sets of options.
"""

from __future__ import annotations

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


def random_guess_score(question: Question) -> float:
    """Share 0..1 of the marks that blind guessing earns on average.

    An ordering earns half its pairs by chance; what is typed or written earns nothing.
    """
    body = question.body
    match body:
        case Choice():
            if body.kind != "multiple":
                return 1 / max(len(body.options), 1)
            return _subsets(sum(option.correct for option in body.options), len(body.options))
        case Matching():
            return 1 / max(len(body.rights), 1)
        case Ordering():
            return 0.5
        case Cloze():
            gaps = [1 / len(gap.choices) if gap.choices else 0.0 for gap in body.gaps]
            return sum(gaps) / len(gaps) if gaps else 0.0
        case Short() | Numeric() | Essay():
            return 0.0
    assert_never(body)


# Private functions


def _subsets(right: int, options: int) -> float:
    """Mean of (right chosen − wrong chosen)/right, not below 0, over all non-empty subsets."""
    if not right:
        return 0.0
    wrong = options - right
    earned = sum(
        comb(right, hits) * comb(wrong, misses) * max(0, hits - misses)
        for hits in range(right + 1)
        for misses in range(wrong + 1)
    )
    return earned / right / float(2**options - 1)
