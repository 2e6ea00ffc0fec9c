"""Writes GIFT. Texts are sent as Markdown, which Moodle reads, so that nothing of them is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from portal.core import markdown
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)
from portal.exchange.questions.chip_tags import number, written
from portal.exchange.questions.making import has_headings
from portal.exchange.questions.report import Note, Notes

_CONTROLS = "~=#{}:"


def write(questions: Sequence[Question], locale: str = "zh") -> tuple[str, tuple[Note, ...]]:
    """The GIFT text, and what it cannot hold. Orderings and clozes have no GIFT at all."""
    notes = Notes()
    pieces = []
    for position, question in enumerate(questions, 1):
        notes.at(position, question.title.in_(locale))
        if isinstance(question.body, Ordering | Cloze):
            notes.lost("no_such_kind", kind=question.body.kind, format="GIFT")
            continue
        _note_losses(question, notes)
        pieces.append(_question(question, locale))
    return "\n\n".join(pieces) + "\n" if pieces else "", tuple(notes.found)


# Private functions


def _question(question: Question, locale: str) -> str:
    tags = "".join(f" [tag:{tag.replace(']', '］')}]" for tag in written(question, points=True))
    comment = f"// [id:{question.id}]{tags}\n" if question.id or tags else ""
    title = escape(markdown.plain(question.title.in_(locale)))
    stem = f"[markdown]{escape(question.stem.in_(locale))}"
    general = f"\n####{_text(question.explanation.in_(locale))}" if question.explanation else ""
    return f"{comment}::{title}::{stem}{{{_answers(question, locale)}{general}\n}}"


def _answers(question: Question, locale: str) -> str:
    body = question.body
    match body:
        case Choice(kind="truefalse"):
            return _true_false(body, locale)
        case Choice():
            keys = sum(option.correct for option in body.options)
            return "".join(_option(option, body.kind, keys, locale) for option in body.options)
        case Short():
            return "".join(f"\n={_arrowless(escape(word))}" for word in body.accepted)
        case Numeric():
            return f"#{number(body.low)}..{number(body.high)}"
        case Matching():
            return _pairs(body, locale)
        case Essay():
            return ""
        case Ordering() | Cloze():
            raise AssertionError("has no GIFT")
    assert_never(body)


def _option(option: Option, kind: str, keys: int, locale: str) -> str:
    words = _text(option.text.in_(locale))
    feedback = f"#{_text(option.feedback.in_(locale))}" if option.feedback else ""
    if kind != "multiple":
        return f"\n{'=' if option.correct else '~'}{words}{feedback}"
    share = number(round(100 / keys, 5))
    return f"\n~%{'' if option.correct else '-'}{share}%{words}{feedback}"


def _true_false(body: Choice, locale: str) -> str:
    """Feedback for a wrong answer comes first, then that for the right one."""
    truth = next(at for at, option in enumerate(body.options) if option.correct)
    first = body.options[0].text.zh.strip().casefold() in ("正确", "对", "true", "√", "是")
    said = [option.feedback.in_(locale) if option.feedback else "" for option in body.options]
    right, wrong = said[truth], said[1 - truth]
    feedback = f"#{_text(wrong) if wrong else ''}" if right or wrong else ""
    feedback += f"#{_text(right)}" if right else ""
    return ("TRUE" if first == (truth == 0) else "FALSE") + feedback


def _pairs(body: Matching, locale: str) -> str:
    rights = [_arrowless(escape(markdown.plain(cell.in_(locale)))) for cell in body.rights]
    pairs = [
        f"\n={_arrowless(_text(left.in_(locale)))} -> {rights[key]}"
        for left, key in zip(body.lefts, body.key, strict=True)
    ]
    spare = [f"\n= -> {words}" for at, words in enumerate(rights) if at not in body.key]
    return "".join([*pairs, *spare])


def _text(words: str) -> str:
    return f"[markdown]{escape(words)}"


def escape(words: str) -> str:
    """``words`` with every character escaped that GIFT gives a meaning to."""
    doubled = words.strip().replace("\\", "\\\\")
    marked = "".join("\\" + char if char in _CONTROLS else char for char in doubled)
    return "\\n".join(marked.split("\n"))


def _arrowless(words: str) -> str:
    """GIFT cannot escape the arrow of a pair; a character that nobody sees keeps it apart."""
    return words.replace("->", "-\u200b>")


def _note_losses(question: Question, notes: Notes) -> None:
    body = question.body
    lost = {
        "hint": question.hint is not None,
        "rubric": isinstance(body, Essay),
        "headers": isinstance(body, Matching) and has_headings(body),
        "unit": isinstance(body, Numeric) and bool(body.unit.zh),
        "fixed": isinstance(body, Choice) and body.fixed,
        "retired": question.retired,
    }
    for aspect, is_lost in lost.items():
        if is_lost:
            notes.add(f"out_{aspect}", format="GIFT")
