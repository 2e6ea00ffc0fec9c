"""Every problem in words, Chinese and English, by code; and how they are put together."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.problem_texts_drills import DRILL_TEXTS
from portal.core.problem_texts_files import FILE_TEXTS
from portal.core.problem_texts_law import LAW_TEXTS
from portal.core.problem_texts_questions import QUESTION_TEXTS
from portal.core.problem_texts_statutes import STATUTE_TEXTS
from portal.core.problem_words import ProblemText
from portal.core.problems import Problem, Severity

__all__ = ["TEXTS", "ProblemText", "describe", "severity_of"]

TEXTS: Mapping[str, ProblemText] = {
    **FILE_TEXTS,
    **QUESTION_TEXTS,
    **LAW_TEXTS,
    **DRILL_TEXTS,
    **STATUTE_TEXTS,
}


def describe(problem: Problem, locale: str) -> tuple[str, str]:
    """Message and hint of ``problem`` in ``locale`` (``zh`` or ``en``)."""
    text = TEXTS[problem.code]
    message, hint = (text.en, text.hint_en) if locale == "en" else (text.zh, text.hint_zh)
    return _filled(message, problem.args), _filled(hint, problem.args)


def severity_of(problem: Problem) -> Severity:
    """``error`` or ``warning``."""
    return TEXTS[problem.code].severity


# Private functions


def _filled(words: str, args: Mapping[str, str]) -> str:
    """``words`` with its placeholders filled by plain substitution, so that braces are harmless."""
    for name, value in args.items():
        words = words.replace("{" + name + "}", value)
    return words
