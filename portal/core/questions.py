"""What a question is: one type for every kind, and the shape of an answer to it.

A question is read from the Chinese file; its English edition only adds words. Markdown fields
hold source text and are rendered by ``core.markdown`` when they are shown.

Answers (``Response``) travel as JSON values:

=============  ==========================================================================
kind           response
=============  ==========================================================================
choice         list of chosen option positions in authored order, e.g. ``[1]`` (0-based)
short          str
numeric        str, as typed; grading reads number and unit
ordering       list of authored positions in the person's order, e.g. ``[2, 0, 1]``
matching       list, one entry a left cell: position in ``rights`` or ``null``
cloze          list of str, one entry a gap ("" when left empty)
essay          str
=============  ==========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from portal.core.capabilities import Bilingual

Response = list[int] | list[int | None] | list[str] | str
ChoiceKind = Literal["single", "multiple", "truefalse"]


@dataclass(frozen=True, slots=True)
class Option:
    text: Bilingual  # Markdown (inline or short blocks)
    correct: bool
    feedback: Bilingual | None = None  # Markdown


@dataclass(frozen=True, slots=True)
class Choice:
    """Single choice, multiple choice (partial credit) or true/false."""

    kind: ChoiceKind
    options: tuple[Option, ...]
    fixed: bool = False  # do not shuffle


@dataclass(frozen=True, slots=True)
class Short:
    """Short text: right when it equals an accepted variant after folding."""

    accepted: tuple[str, ...]  # Chinese and English variants together
    kind: Literal["short"] = "short"


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number within [low, high]; ``unit`` as written ("日"), possibly empty."""

    low: float
    high: float
    unit: Bilingual
    kind: Literal["numeric"] = "numeric"


@dataclass(frozen=True, slots=True)
class Ordering:
    items: tuple[Bilingual, ...]  # Markdown, in the right order
    kind: Literal["ordering"] = "ordering"


@dataclass(frozen=True, slots=True)
class Matching:
    """``rights`` holds every right cell once; ``key[i]`` is where left i's partner stands in it."""

    lefts: tuple[Bilingual, ...]
    rights: tuple[Bilingual, ...]  # those in no key entry are distractors
    key: tuple[int, ...]
    headers: tuple[Bilingual, Bilingual] = (Bilingual(""), Bilingual(""))
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of a cloze: typed text (``choices`` empty) or a drop-down."""

    accepted: tuple[str, ...]
    choices: tuple[Bilingual, ...] = ()  # drop-down entries in authored order
    right: int = -1  # position of the right choice; -1 for typed text


@dataclass(frozen=True, slots=True)
class Cloze:
    """The stem holds the marker U+FFFC (object replacement) where each gap stands, in order."""

    gaps: tuple[Gap, ...]
    kind: Literal["cloze"] = "cloze"


@dataclass(frozen=True, slots=True)
class Criterion:
    points: float
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Essay:
    rubric: tuple[Criterion, ...]
    kind: Literal["essay"] = "essay"


Body = Choice | Short | Numeric | Ordering | Matching | Cloze | Essay


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited article, e.g. "33" or "291-2"; ``law`` is the statute's registered short title."""

    law: str
    article: str
    paragraph: int | None = None  # 款
    item: int | None = None  # 项


@dataclass(frozen=True, slots=True)
class Question:
    id: str  # without the leading '#', unique over the library
    title: Bilingual  # the heading
    stem: Bilingual  # Markdown
    body: Body
    points: float = 1.0
    level: int = 3  # difficulty 1..5 as the author sees it
    capability: str = ""  # key of capabilities.toml
    laws: tuple[Citation, ...] = ()
    tags: tuple[str, ...] = ()
    explanation: Bilingual | None = None  # Markdown
    hint: Bilingual | None = None  # Markdown
    retired: bool = False
    has_english: bool = False
    course: str = ""  # course id; folder the file stands in, for images
    path: str = field(default="", compare=False)  # where it is written
    line: int = field(default=1, compare=False)
