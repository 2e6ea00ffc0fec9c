"""How questions ought to be written: warnings, never errors.

``check_item`` looks at one question, ``check_file`` at all questions of a file, and
``repeated`` (in ``near_duplicates``) at a whole course.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.blocks import inline_tokens
from portal.core.problems import Problem
from portal.core.questions import Choice, Essay, Question

_ALL_OF_THEM = (
    "以上都对",
    "以上都是",
    "以上皆是",
    "以上全对",
    "以上全部",
    "以上都不对",
    "以上都不是",
    "以上均",
    "都正确",
    "all of the above",
    "none of the above",
)
_NEGATIVES = (
    "不正确",
    "不属于",
    "不包括",
    "不符合",
    "不恰当",
    "不妥",
    "不应当",
    "不应该",
    "不应",
    "不得",
    "不能",
    "不可以",
    "不需要",
    "不是",
    "错误的",
)
_ASKS = ("下列", "以下", "哪", "的是")
_SENTENCE_ENDS = "。！；\n"
_LONGER = 1.5  # the key is clearly longer: half as long again as the longest distractor …
_LONGER_BY = 6  # … and by this many characters
_SKEW_FROM = 8  # single-choice questions in a file before positions are looked at
_SKEW = 0.5
_REPEATABLE = 12  # folded characters below which a repeated option means nothing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is asked about a question across files, without reading the question again."""

    id: str
    line: int
    level: int
    retired: bool
    capability: str
    stem: str  # folded, for near-duplicates
    options: tuple[str, ...]  # folded, only long ones

    def to_list(self) -> list[Any]:
        return [
            self.id,
            self.line,
            self.level,
            self.retired,
            self.capability,
            self.stem,
            list(self.options),
        ]

    @classmethod
    def from_list(cls, entry: list[Any]) -> Facts:
        name, line, level, retired, capability, stem, options = entry
        return cls(name, line, level, retired, capability, stem, tuple(options))


def facts_of(question: Question) -> Facts:
    """The facts of ``question``; a stem that says little is joined by its options."""
    stem = bare(question.stem.zh)
    options = (
        tuple(bare(option.text.zh) for option in question.body.options)
        if isinstance(question.body, Choice) and question.body.kind != "truefalse"
        else ()
    )
    if len(stem) < 16:
        stem += "".join(options)
    return Facts(
        question.id,
        question.line,
        question.level,
        question.retired,
        question.capability,
        stem,
        tuple(option for option in options if len(option) >= _REPEATABLE),
    )


def bare(text: str) -> str:
    """Letters, digits and ideographs of ``text``, folded: what a near-duplicate is judged by."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def check_item(question: Question) -> list[Problem]:
    """Warnings about one question; retired ones are left alone."""
    if question.retired:
        return []
    return [Problem(question.path, question.line, code, args) for code, args in _warnings(question)]


def check_file(questions: Sequence[Question]) -> list[Problem]:
    """Whether the key stands in one position too often."""
    places = [
        next(at for at, option in enumerate(question.body.options, 1) if option.correct)
        for question in questions
        if isinstance(question.body, Choice)
        and question.body.kind == "single"
        and not question.retired
    ]
    if len(places) < _SKEW_FROM:
        return []
    position, count = Counter(places).most_common(1)[0]
    if count <= _SKEW * len(places):
        return []
    args = {"position": str(position), "count": str(count), "total": str(len(places))}
    return [Problem(questions[0].path, 1, "Q211", args)]


# Private functions


def _warnings(question: Question) -> Iterator[tuple[str, dict[str, str]]]:
    if question.explanation is None and not isinstance(question.body, Essay):
        yield "Q201", {}
    if question.capability == "law" and not question.laws:
        yield "Q202", {}
    if isinstance(question.body, Choice):
        yield from _choice_warnings(question.body)
        word = _plain_negative(question.stem.zh)
        if word:
            yield "Q207", {"word": word}


def _choice_warnings(body: Choice) -> Iterator[tuple[str, dict[str, str]]]:
    texts = [option.text.zh for option in body.options]
    if body.kind != "truefalse" and len(texts) < 3:
        yield "Q203", {}
    folded = [bare(text) or text for text in texts]
    twice = next((text for at, text in enumerate(texts) if folded[at] in folded[:at]), None)
    if twice is not None:
        yield "Q204", {"option": twice[:60]}
    lettered = next((text for text in texts if _begins_with_letter(text)), None)
    if lettered is not None:
        yield "Q108", {"letter": lettered[:2]}
    for text in texts:
        if text.strip().lower().rstrip("。.").startswith(_ALL_OF_THEM):
            yield "Q206", {"option": text[:60]}
    if body.kind == "single":
        right = max(len(text) for text, one in zip(texts, body.options, strict=True) if one.correct)
        distractors = [one.text.zh for one in body.options if not one.correct]
        wrong = max(map(len, distractors), default=0)
        if wrong and right >= _LONGER * wrong and right >= wrong + _LONGER_BY:
            yield "Q205", {}


def _begins_with_letter(text: str) -> bool:
    return text[:1] in "ABCDEFGH" and text[:1] != "" and text[1:2] in (".", "、", "．")


def _plain_negative(stem: str) -> str:
    """The negative word a stem asks with, when it stands there without emphasis; else ""."""
    tail = stem.strip()
    for end in _SENTENCE_ENDS:
        tail = tail.rstrip(end).rpartition(end)[2]
    if not any(word in tail for word in _NEGATIVES) or not any(ask in tail for ask in _ASKS):
        return ""
    if "*" not in tail and "_" not in tail:
        return next(word for word in _NEGATIVES if word in tail)
    depth, plain = 0, ""
    for token in inline_tokens(tail):
        if token.type in ("strong_open", "em_open", "strong_close", "em_close"):
            depth += token.nesting
            plain += "\n"
        elif depth == 0:
            plain += token.content
    return next((word for word in _NEGATIVES if word in plain), "")
