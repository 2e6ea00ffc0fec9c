"""The shape of a problem's words; the words themselves stand in ``problem_texts*``."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.problems import Severity


@dataclass(frozen=True, slots=True)
class ProblemText:
    """Message and hint in both languages; ``{name}`` is filled from the problem's ``args``."""

    severity: Severity
    zh: str
    en: str
    hint_zh: str
    hint_en: str
