"""Reads Moodle XML. Source: Moodle documentation, "Moodle XML format"."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from portal.core.capabilities import Bilingual
from portal.core.questions import Body, Ordering, Question
from portal.exchange.questions import making, text
from portal.exchange.questions.as_markdown import checked
from portal.exchange.questions.making import Answer
from portal.exchange.questions.moodle_cloze import read_cloze
from portal.exchange.questions.moodle_rubric import read_rubric
from portal.exchange.questions.report import MAX_QUESTIONS, Imported, Lost, Notes, refused
from portal.exchange.questions.xml_safe import children, name, parse, words


def read(data: bytes) -> Imported:
    """Every question of a Moodle XML file; never raises on what the file holds."""
    root = parse(data)
    if root is None or name(root) != "quiz":
        return refused("not_moodle_xml")
    notes = Notes()
    questions: list[Question] = []
    found = [one for one in children(root, "question") if one.get("type") != "category"]
    if len(found) > MAX_QUESTIONS:
        return refused("many_questions", most=str(MAX_QUESTIONS))
    for number, element in enumerate(found, 1):
        notes.at(number, words(_child(element, "name")))
        try:
            kept = checked(_question(element, notes), notes)
            questions += [kept] if kept else []
        except Lost as lost:
            notes.lost(lost.code, **lost.args_by_name)
    return Imported(tuple(questions), tuple(notes.found))


# Private functions


def _question(element: Element, notes: Notes) -> Question:
    kind = element.get("type", "")
    if words(_child(element, "image")).strip():
        notes.add("image")
    body: Body
    asked = _child(element, "questiontext")
    if kind in ("cloze", "multianswer"):
        cloze, raw = read_cloze(words(_child(asked, "text")), notes)
        body, stem, points = cloze, _converted(raw, _format(asked), notes), float(len(cloze.gaps))
    else:
        stem = _text(asked, notes)
        reader = _KINDS.get(kind)
        if reader is None:
            raise Lost("description" if kind == "description" else "unknown_kind", kind=kind[:40])
        body = reader(element, notes)
        points = _float(words(_child(element, "defaultgrade")), 1.0)
    hints = [_text(one, notes) for one in children(element, "hint")]
    if len([hint for hint in hints if hint]) > 1:
        notes.add("more_hints")
    return making.question(
        words(_child(element, "name")).strip(),
        stem,
        body,
        points=_float(words(_child(element, "defaultgrade")), points),
        explanation=_text(_child(element, "generalfeedback"), notes),
        hint=next((hint for hint in hints if hint), ""),
        tags=[words(tag).strip() for group in children(element, "tags") for tag in group],
    )


def _choice(element: Element, notes: Notes) -> Body:
    multiple = words(_child(element, "single")).strip().lower() in ("false", "0")
    shuffled = words(_child(element, "shuffleanswers")).strip().lower()
    if _answer_feedback(element):
        notes.add("combined_feedback")
    fixed = shuffled in ("0", "false")
    return making.choice(_answers(element, notes), multiple=multiple, fixed=fixed, notes=notes)


def _answer_feedback(element: Element) -> bool:
    named = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    usual = (
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
    )
    said = (text.to_plain(words(_child(one, "text"))) for one in children(element, *named))
    return any(part.strip() and part.strip() not in usual and "<" not in part for part in said)


def _answers(element: Element, notes: Notes) -> list[Answer]:
    return [
        Answer(
            _text(one, notes),
            _float(one.get("fraction", "0"), 0.0) / 100,
            _text(_child(one, "feedback"), notes, one.get("format", "")),
        )
        for one in children(element, "answer")
    ]


def _true_false(element: Element, notes: Notes) -> Body:
    by_word = {
        words(_child(one, "text")).strip().lower(): (
            _float(one.get("fraction", "0"), 0.0),
            _text(_child(one, "feedback"), notes),
        )
        for one in children(element, "answer")
    }
    if set(by_word) != {"true", "false"}:
        raise Lost("no_key")
    (truth, if_true), (untruth, if_false) = by_word["true"], by_word["false"]
    return making.true_false(truth > untruth, if_true, if_false)


def _short(element: Element, notes: Notes) -> Body:
    accepted = []
    for one in children(element, "answer"):
        word = words(_child(one, "text")).strip()
        if text.to_plain(_text(_child(one, "feedback"), notes)):
            notes.add("answer_feedback")
        if _float(one.get("fraction", "0"), 0.0) < 100:
            notes.add("partial_marks")
        elif "*" in word.replace("\\*", ""):
            notes.add("wildcard")
        else:
            accepted.append(word.replace("\\*", "*"))
    return making.short(accepted)


def _numeric(element: Element, notes: Notes) -> Body:
    best = None
    for one in children(element, "answer"):
        if _float(one.get("fraction", "0"), 0.0) < 100 or best is not None:
            notes.add("partial_marks")
            continue
        try:
            number = float(words(_child(one, "text")).strip())
        except ValueError:
            raise Lost("bad_number") from None
        best = (number, abs(_float(words(_child(one, "tolerance")), 0.0)))
    if best is None:
        raise Lost("no_key")
    units = [
        words(_child(unit, "unit_name")).strip()
        for group in children(element, "units")
        for unit in children(group, "unit")
    ]
    if len(units) > 1:
        notes.add("more_units")
    middle, off = best
    return making.numeric(middle - off, middle + off, units[0] if units else "")


def _matching(element: Element, notes: Notes) -> Body:
    pairs, spare = [], []
    for one in children(element, "subquestion"):
        left = _text(one, notes)
        right = text.plain(words(_child(_child(one, "answer"), "text")))
        if left.strip():
            pairs.append((left, right))
        elif right:
            spare.append(right)
    return making.matching(pairs, spare)


def _ordering(element: Element, notes: Notes) -> Body:
    items = [_text(one, notes) for one in children(element, "answer")]
    if len(items) < 2 or not all(items):
        raise Lost("few_options")
    return Ordering(tuple(map(Bilingual, items)))


def _essay(element: Element, notes: Notes) -> Body:
    points = _float(words(_child(element, "defaultgrade")), 1.0)
    guide = _text(_child(element, "graderinfo"), notes)
    return making.essay(points, read_rubric(guide, points), notes)


_KINDS: dict[str, Callable[[Element, Notes], Body]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}


def _child(element: Element | None, wanted: str) -> Element | None:
    if element is None:
        return None
    return next(iter(children(element, wanted)), None)


def _text(element: Element | None, notes: Notes, inherited: str = "") -> str:
    """A text element as Markdown, by its ``format``."""
    if element is None:
        return ""
    inside = _child(element, "text")
    given = words(inside) if inside is not None else (element.text or "")
    if children(element, "file"):
        notes.add("image")
    return _converted(given, element.get("format") or inherited or _format(None), notes)


def _format(element: Element | None) -> str:
    return (element.get("format") if element is not None else "") or "moodle_auto_format"


def _converted(given: str, kind: str, notes: Notes) -> str:
    if kind == "markdown":
        return text.tidy(given).strip()
    if kind == "plain_text":
        return text.plain(given)
    if kind == "html" or ("<" in given and ">" in given) or "&" in given:
        return text.from_html(given, notes.add)
    return text.plain(given)


def _float(given: str, default: float) -> float:
    try:
        value = float(given.strip())
    except ValueError:
        return default
    return value if abs(value) < 1e15 else default
