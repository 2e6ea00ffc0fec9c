"""What a quiz, an exam or a pool is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from portal.core.capabilities import Bilingual

QuizKind = Literal["quiz", "exam", "pool"]


@dataclass(frozen=True, slots=True)
class Draw:
    """Take ``take`` questions at random from a pool (quiz id) or, with ``pool=None``, this file."""

    pool: str | None
    take: int
    levels: tuple[int, ...] = ()  # empty: every level


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz gives feedback at once; an exam after it closes; a pool is only drawn from.

    ``id`` is ``<course>/<file stem>``. ``minutes`` 0 means untimed, ``attempts`` 0 unlimited.
    ``layout`` ``"one"`` shows one question a page, ``"list"`` all of them. With ``second_marker``
    two trainers mark each essay, each without the other's mark.
    """

    id: str
    kind: QuizKind
    title: Bilingual
    course: str
    question_ids: tuple[str, ...]  # in file order, retired ones included
    pass_mark: float = 60.0  # percent
    attempts: int = 0
    minutes: int = 0
    shuffle: bool = True
    draw: tuple[Draw, ...] = ()
    retake_after_hours: float = 0.0
    layout: Literal["one", "list"] = "one"
    intro: Bilingual = field(default_factory=lambda: Bilingual(""))  # Markdown before question 1
    second_marker: bool = False
    path: str = ""
    has_english: bool = False
