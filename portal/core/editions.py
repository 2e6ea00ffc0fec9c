"""A Chinese question and its English edition put together.

Only words are taken from the English edition. Keys, points and laws are the Chinese file's; where
the English one repeats them they must agree, because a scoring that differs by language would be
a fault nobody sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from portal.core.capabilities import Bilingual
from portal.core.findings import Findings
from portal.core.question_parser import Parsed
from portal.core.questions import (
    Body,
    Choice,
    Cloze,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)


class _Differs(Exception):
    """The English edition differs in structure or key; ``code`` says how."""

    def __init__(self, code: str, **args: object) -> None:
        super().__init__(code)
        self.code, self.args_by_name = code, args


def merge_questions(
    source: Sequence[Parsed], edition: Sequence[Parsed], findings: Findings
) -> list[Question]:
    """Every valid question of ``source``, with English words where the edition agrees.

    ``findings`` belongs to the English file.
    """
    english = {parsed.id: parsed for parsed in edition if parsed.id}
    known = {parsed.id for parsed in source}
    for parsed in edition:
        if parsed.id and parsed.id not in known:
            findings.add(parsed.line, "Q301", id=parsed.id)
    merged = []
    for parsed in source:
        if parsed.question is None:
            continue
        other = english.get(parsed.id)
        if other is None and parsed.id:
            findings.add(1, "Q302", id=parsed.id)
        merged.append(_merge(parsed, other, findings))
    return merged


def bilingual(source: Bilingual, other: Bilingual) -> Bilingual:
    """``source`` with the words of the other edition; words that are empty add nothing."""
    return Bilingual(source.zh, other.zh or None)


# Private functions


def _merge(source: Parsed, other: Parsed | None, findings: Findings) -> Question:
    question = cast(Question, source.question)
    if other is None or other.question is None:
        return question
    chip = _differing_chip(source.given, other.given)
    if chip:
        findings.add(other.line, "Q307", id=source.id, chip=chip)
        return question
    english = other.question
    try:
        body = _merge_body(question.body, english.body)
    except _Differs as differs:
        findings.add(other.line, differs.code, id=source.id, **differs.args_by_name)
        return question
    return replace(
        question,
        title=bilingual(question.title, english.title),
        stem=bilingual(question.stem, english.stem),
        body=body,
        explanation=_optional(question.explanation, english.explanation),
        hint=_optional(question.hint, english.hint),
        has_english=True,
    )


def _differing_chip(source: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The first chip that the edition repeats with another meaning; tags are words and free."""
    for name, value in other.items():
        if name == "tags":
            continue
        if name == "laws":
            if not set(value) <= set(source.get("laws", ())):
                return "law"
        elif source.get(name, value if name == "kind" else None) != value:
            return name
    return ""


def _optional(source: Bilingual | None, other: Bilingual | None) -> Bilingual | None:
    if source is None or other is None:
        return source
    return bilingual(source, other)


def _merge_body(source: Body, other: Body) -> Body:
    if type(source) is not type(other) or source.kind != other.kind:
        raise _Differs("Q303", source=source.kind, other=other.kind)
    return _MERGERS[type(source)](source, other)


def _merge_choice(source: Choice, other: Choice) -> Choice:
    _same_count(source.options, other.options)
    for position, (one, two) in enumerate(zip(source.options, other.options, strict=True), 1):
        if one.correct != two.correct:
            raise _Differs("Q305", position=position)
    options = tuple(
        Option(bilingual(one.text, two.text), one.correct, _optional(one.feedback, two.feedback))
        for one, two in zip(source.options, other.options, strict=True)
    )
    return replace(source, options=options)


def _merge_short(source: Short, other: Short) -> Short:
    return Short(tuple(dict.fromkeys(source.accepted + other.accepted)))


def _merge_numeric(source: Numeric, other: Numeric) -> Numeric:
    if (source.low, source.high) != (other.low, other.high):
        raise _Differs("Q306", source=_span(source), other=_span(other))
    return replace(source, unit=bilingual(source.unit, other.unit))


def _merge_ordering(source: Ordering, other: Ordering) -> Ordering:
    _same_count(source.items, other.items)
    return Ordering(tuple(map(bilingual, source.items, other.items)))


def _merge_matching(source: Matching, other: Matching) -> Matching:
    _same_count(source.lefts, other.lefts)
    _same_count(source.rights, other.rights)
    if source.key != other.key:
        raise _Differs("Q305", position=_first_difference(source.key, other.key))
    return replace(
        source,
        lefts=tuple(map(bilingual, source.lefts, other.lefts)),
        rights=tuple(map(bilingual, source.rights, other.rights)),
        headers=(
            bilingual(source.headers[0], other.headers[0]),
            bilingual(source.headers[1], other.headers[1]),
        ),
    )


def _merge_cloze(source: Cloze, other: Cloze) -> Cloze:
    _same_count(source.gaps, other.gaps)
    return Cloze(tuple(map(_merge_gap, source.gaps, other.gaps)))


def _merge_gap(source: Gap, other: Gap) -> Gap:
    _same_count(source.choices, other.choices)
    if source.right != other.right:
        raise _Differs("Q305", position=other.right + 1)
    return Gap(
        tuple(dict.fromkeys(source.accepted + other.accepted)),
        tuple(map(bilingual, source.choices, other.choices)),
        source.right,
    )


def _merge_essay(source: Essay, other: Essay) -> Essay:
    _same_count(source.rubric, other.rubric)
    for one, two in zip(source.rubric, other.rubric, strict=True):
        if one.points != two.points:
            raise _Differs("Q306", source=f"{one.points:g}", other=f"{two.points:g}")
    return Essay(
        tuple(
            Criterion(one.points, bilingual(one.text, two.text))
            for one, two in zip(source.rubric, other.rubric, strict=True)
        )
    )


def _same_count(source: Sequence[Any], other: Sequence[Any]) -> None:
    if len(source) != len(other):
        raise _Differs("Q304", source=len(source), other=len(other))


def _first_difference(source: Sequence[int], other: Sequence[int]) -> int:
    return next(
        at for at, (one, two) in enumerate(zip(source, other, strict=True), 1) if one != two
    )


def _span(value: Numeric) -> str:
    return f"{value.low:g}" if value.low == value.high else f"[{value.low:g}, {value.high:g}]"


_MERGERS: Mapping[type, Callable[[Any, Any], Body]] = {
    Choice: _merge_choice,
    Short: _merge_short,
    Numeric: _merge_numeric,
    Ordering: _merge_ordering,
    Matching: _merge_matching,
    Cloze: _merge_cloze,
    Essay: _merge_essay,
}
