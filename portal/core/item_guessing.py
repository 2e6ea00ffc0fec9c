"""What blind guessing earns at a question, on average.

Not the chance of being wholly right (``grading.guess_chance``), but the expected share of the
marks, which is what a facility is compared with. After Moodle's random guess score; for a multiple
choice, which Moodle leaves open, the mean over all non-empty sets of options.
"""

from __future__ import annotations

from portal.core.capability_guessing import guessing
from portal.core.questions import Matching, Ordering, Question


def random_guess_score(question: Question) -> float:
    """Share 0..1 of the marks that blind guessing earns on average.

    What the filter takes for the chance c, but for two kinds that it holds not to be guessed: an
    ordering earns half its pairs by chance, a matching one pair in as many as there are partners.
    """
    match question.body:
        case Matching(rights=rights):
            return 1 / max(len(rights), 1)
        case Ordering():
            return 0.5
    return guessing(question)
