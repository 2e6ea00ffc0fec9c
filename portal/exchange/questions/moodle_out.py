"""Writes Moodle XML. Texts are sent as Markdown, a format Moodle has, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from portal.core import markdown
from portal.core.answer_text import GAP_MARK
from portal.core.capabilities import Bilingual
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
from portal.exchange.questions.chip_tags import written
from portal.exchange.questions.making import has_headings
from portal.exchange.questions.moodle_cloze import write_gap
from portal.exchange.questions.moodle_rubric import write_rubric
from portal.exchange.questions.report import Note, Notes

KINDS = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "short": "shortanswer",
    "numeric": "numerical",
    "ordering": "ordering",
    "matching": "matching",
    "cloze": "cloze",
    "essay": "essay",
}


def write(questions: Sequence[Question], locale: str = "zh") -> tuple[str, tuple[Note, ...]]:
    """The XML text, and what Moodle has no place for."""
    notes = Notes()
    quiz = Element("quiz")
    for number, question in enumerate(questions, 1):
        notes.at(number, question.title.in_(locale))
        _note_losses(question, notes)
        quiz.append(_Writer(question, locale).element())
    indent(quiz)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + _clean(tostring(quiz, encoding="unicode")) + "\n", tuple(notes.found)


# Private functions


def _clean(xml: str) -> str:
    """Without characters that XML 1.0 cannot hold."""
    return "".join(
        char
        for char in xml
        if char in "\n\t"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
    )


class _Writer:
    def __init__(self, question: Question, locale: str) -> None:
        self._question = question
        self._locale = locale

    def element(self) -> Element:
        question, body = self._question, self._question.body
        element = Element("question", type=KINDS[body.kind])
        title = markdown.plain(question.title.in_(self._locale))
        SubElement(SubElement(element, "name"), "text").text = title
        stem = question.stem.in_(self._locale)
        if isinstance(body, Cloze):
            stem = self._with_gaps(stem, body)
        self._text(element, "questiontext", stem)
        said = question.explanation
        self._text(element, "generalfeedback", said.in_(self._locale) if said else "")
        SubElement(element, "defaultgrade").text = f"{question.points:.7g}"
        SubElement(element, "hidden").text = "1" if question.retired else "0"
        SubElement(element, "idnumber").text = question.id
        self._answers(element)
        if question.hint:
            self._text(element, "hint", question.hint.in_(self._locale))
        found = written(question)
        if found:
            tags = SubElement(element, "tags")
            for tag in found:
                SubElement(SubElement(tags, "tag"), "text").text = tag
        return element

    # Private methods

    def _answers(self, element: Element) -> None:
        body = self._question.body
        match body:
            case Choice(kind="truefalse"):
                self._true_false(element, body)
            case Choice():
                self._choice(element, body)
            case Short():
                SubElement(element, "usecase").text = "0"
                for word in body.accepted:
                    self._answer(element, word.replace("*", "\\*"), 100, None, "plain_text")
            case Numeric():
                self._numeric(element, body)
            case Ordering():
                for item in body.items:
                    self._answer(element, item.in_(self._locale), 100, None)
            case Matching():
                self._matching(element, body)
            case Essay():
                SubElement(element, "responseformat").text = "editor"
                self._text(element, "graderinfo", write_rubric(body, self._locale))
            case Cloze():
                pass
            case _:
                assert_never(body)

    def _choice(self, element: Element, body: Choice) -> None:
        keys = sum(option.correct for option in body.options)
        multiple = body.kind == "multiple"
        SubElement(element, "single").text = "false" if multiple else "true"
        SubElement(element, "shuffleanswers").text = "false" if body.fixed else "true"
        SubElement(element, "answernumbering").text = "ABCD"
        for option in body.options:
            share = 100 / keys if option.correct else -100 / keys if multiple else 0
            self._answer(element, option.text.in_(self._locale), share, option.feedback)

    def _true_false(self, element: Element, body: Choice) -> None:
        first_is_true = body.options[0].text.zh.strip().casefold() in (
            "正确", "对", "true", "√", "是",
        )  # fmt: skip
        for at, option in enumerate(body.options):
            word = "true" if first_is_true == (at == 0) else "false"
            self._answer(element, word, 100 if option.correct else 0, option.feedback)

    def _numeric(self, element: Element, body: Numeric) -> None:
        middle, off = (body.low + body.high) / 2, (body.high - body.low) / 2
        answer = self._answer(element, f"{middle!r}", 100, None, "plain_text")
        SubElement(answer, "tolerance").text = f"{off!r}"
        unit = body.unit.in_(self._locale)
        if unit:
            one = SubElement(SubElement(element, "units"), "unit")
            SubElement(one, "multiplier").text = "1"
            SubElement(one, "unit_name").text = unit
            SubElement(element, "unitgradingtype").text = "0"
            SubElement(element, "showunits").text = "1"

    def _matching(self, element: Element, body: Matching) -> None:
        SubElement(element, "shuffleanswers").text = "true"
        rights = [markdown.plain(cell.in_(self._locale)) for cell in body.rights]
        pairs = [
            (left.in_(self._locale), rights[key])
            for left, key in zip(body.lefts, body.key, strict=True)
        ]
        spare = [("", words) for at, words in enumerate(rights) if at not in body.key]
        for left, right in [*pairs, *spare]:
            one = SubElement(element, "subquestion", format="markdown")
            SubElement(one, "text").text = left
            SubElement(SubElement(one, "answer"), "text").text = right

    def _answer(
        self,
        element: Element,
        words: str,
        fraction: float,
        feedback: Bilingual | None,
        form: str = "markdown",
    ) -> Element:
        answer = SubElement(element, "answer", fraction=f"{fraction:.7g}", format=form)
        SubElement(answer, "text").text = words
        self._text(answer, "feedback", feedback.in_(self._locale) if feedback else "")
        return answer

    def _text(self, parent: Element, tag: str, words: str) -> None:
        SubElement(SubElement(parent, tag, format="markdown"), "text").text = words

    def _with_gaps(self, stem: str, body: Cloze) -> str:
        parts = stem.split(GAP_MARK)
        gaps = [write_gap(gap, self._locale) for gap in body.gaps]
        return "".join(a + b for a, b in zip(parts, [*gaps, ""], strict=False))


def _note_losses(question: Question, notes: Notes) -> None:
    if isinstance(question.body, Matching) and has_headings(question.body):
        notes.add("out_headers", format="Moodle XML")
