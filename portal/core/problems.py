"""What is wrong with authored content: where it is, and how to mend it.

Parsers never raise on what an author wrote; they return ``(value | None, list[Problem])``.
A problem's words live in ``problem_texts`` (Chinese and English), so that the code that finds
a problem states facts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding in one file.

    ``path`` is relative to the content folder with ``/`` separators; ``line`` is 1-based (1 when
    the whole file is meant); ``code`` is a key of ``problem_texts.TEXTS``; ``args`` fill the
    placeholders of that code's message and hint.
    """

    path: str
    line: int
    code: str
    args: Mapping[str, str] = field(default_factory=dict, compare=False)
