"""Reads QTI 2.1, 2.2 and 3.0: packages (zip with a manifest) and single items.

An item is one question when it has one interaction that we have a kind for; gaps in a text
(inline choices, text entries) together are one cloze. Source: 1EdTech QTI 3.0 and 2.1 information
models.
"""

from __future__ import annotations

from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from portal.core.capabilities import Bilingual
from portal.core.questions import Body, Ordering, Question
from portal.exchange.questions import making, package
from portal.exchange.questions.as_markdown import checked
from portal.exchange.questions.making import Answer
from portal.exchange.questions.moodle_rubric import read_rubric
from portal.exchange.questions.qti_gaps import read_gaps
from portal.exchange.questions.qti_parts import (
    INLINE,
    Key,
    content,
    explanation,
    feedback,
    hint,
    keys,
    prompt,
    stem,
    tags,
)
from portal.exchange.questions.report import MAX_QUESTIONS, Imported, Lost, Notes, refused
from portal.exchange.questions.xml_safe import attribute, children, name, parse, within

_BLOCKS = {
    "choiceinteraction",
    "orderinteraction",
    "matchinteraction",
    "extendedtextinteraction",
    "textentryinteraction",
    "inlinechoiceinteraction",
}


def read(data: bytes) -> Imported:
    """Every item of a package or of a single item's XML; never raises on what it holds."""
    if data[:2] == b"PK":
        files = package.read(data)
        if files is None:
            return refused("bad_package")
        items = _items(files)
    else:
        root = parse(data)
        items = [root] if root is not None and name(root) == "assessmentitem" else []
    if not items:
        return refused("not_qti")
    if len(items) > MAX_QUESTIONS:
        return refused("many_questions", most=str(MAX_QUESTIONS))
    notes = Notes()
    questions: list[Question] = []
    for number, item in enumerate(items, 1):
        notes.at(number, attribute(item, "title") or attribute(item, "identifier"))
        try:
            kept = checked(_question(item, notes), notes)
            questions += [kept] if kept else []
        except Lost as lost:
            notes.lost(lost.code, **lost.args_by_name)
    return Imported(tuple(questions), tuple(notes.found))


# Private functions


def _items(files: dict[str, bytes]) -> list[Element]:
    """The items in the manifest's order, then those that it does not name."""
    named: list[str] = []
    for path, data in files.items():
        if path.rpartition("/")[2].lower() == "imsmanifest.xml":
            root = parse(data)
            for resource in within(root, "resource") if root is not None else ():
                if "item" in attribute(resource, "type").lower():
                    named.append(
                        normpath(join(dirname(path), unquote(attribute(resource, "href"))))
                    )
    order = [path for path in dict.fromkeys(named) if path in files]
    rest = [path for path in files if path not in order]
    roots = (parse(files[path]) for path in [*order, *rest])
    return [root for root in roots if root is not None and name(root) == "assessmentitem"]


def _question(item: Element, notes: Notes) -> Question:
    body = next(iter(children(item, "itembody")), None)
    if body is None:
        raise Lost("no_stem")
    found = [part for part in within(body) if name(part).endswith("interaction")]
    unknown = [part for part in found if name(part) not in _BLOCKS]
    if unknown:
        raise Lost("unknown_kind", kind=name(unknown[0])[:40])
    if not found:
        raise Lost("description")
    declared = keys(item)
    gaps = [part for part in found if name(part) in INLINE]
    if (gaps and len(gaps) < len(found)) or (not gaps and len(found) > 1):
        raise Lost("several_interactions")
    answer: Body
    if gaps:
        answer, words = read_gaps(item, body, gaps, declared, notes)
    else:
        answer = _body(item, found[0], declared, notes)
        words = "\n\n".join(part for part in (stem(body, notes), prompt(found[0], notes)) if part)
    return making.question(
        _title(item),
        words,
        answer,
        points=_points(item, declared),
        explanation=explanation(item, notes),
        hint=hint(body, notes),
        tags=tags(item),
    )


def _title(item: Element) -> str:
    """Its title, unless a program has only put the identifier there."""
    title = attribute(item, "title")
    return "" if title == attribute(item, "identifier") else title


def _body(item: Element, part: Element, declared: dict[str, Key], notes: Notes) -> Body:
    key = declared.get(attribute(part, "response-identifier"), Key())
    match name(part):
        case "choiceinteraction":
            return _choice(item, part, key, notes)
        case "orderinteraction":
            return _ordering(part, key, notes)
        case "matchinteraction":
            return _matching(part, key, notes)
    guides = [one for one in within(item, "rubricblock") if "scorer" in attribute(one, "view")]
    guide = "\n\n".join(content(one, notes) for one in guides)
    points = _points(item, declared)
    return making.essay(points, read_rubric(guide, points), notes)


def _choice(item: Element, part: Element, key: Key, notes: Notes) -> Body:
    options = children(part, "simplechoice")
    multiple = key.cardinality == "multiple" or attribute(part, "max-choices", "1") not in ("", "1")
    most = max(key.mapped.values(), default=0.0)
    answers = []
    for option in options:
        mark = attribute(option, "identifier")
        if multiple:
            share = 1.0 if mark in key.correct or key.mapped.get(mark, 0) > 0 else 0.0
            share = share / max(len(key.correct), 1) if share else key.mapped.get(mark, -1.0)
        else:
            share = 1.0 if mark in key.correct else key.mapped.get(mark, 0.0) / (most or 1.0)
        answers.append(Answer(content(option, notes), share, feedback(item, option, mark, notes)))
    fixed = attribute(part, "shuffle", "false").lower() != "true"
    return making.choice(
        [answer if answer.fraction >= 0 else _flat(answer, key) for answer in answers],
        multiple=multiple and sum(a.fraction > 0 for a in answers) > 0,
        fixed=fixed,
        notes=notes,
    )


def _flat(answer: Answer, key: Key) -> Answer:
    """A wrong option without its own mapping costs what a right one gives, as our marks do."""
    return Answer(answer.words, -1.0 / max(len(key.correct), 1), answer.feedback)


def _ordering(part: Element, key: Key, notes: Notes) -> Body:
    items = {attribute(one, "identifier"): one for one in children(part, "simplechoice")}
    if len(items) < 2 or set(key.correct) != set(items):
        raise Lost("no_key")
    return Ordering(tuple(Bilingual(content(items[mark], notes)) for mark in key.correct))


def _matching(part: Element, key: Key, notes: Notes) -> Body:
    sets = children(part, "simplematchset")
    if len(sets) != 2:
        raise Lost("bad_pairs")
    left, right = (
        {
            attribute(one, "identifier"): content(one, notes)
            for one in children(half, "simpleassociablechoice")
        }
        for half in sets
    )
    pairs = dict(pair.split(None, 1) for pair in key.correct if len(pair.split(None, 1)) == 2)
    if len(pairs) < len(key.correct):
        raise Lost("several_partners")
    if set(pairs) != set(left):
        pairs = {there: here for here, there in pairs.items()}  # written the other way round
    if set(pairs) != set(left) or not set(pairs.values()) <= set(right):
        raise Lost("no_key")
    used = set(pairs.values())
    return making.matching(
        [(words, right[pairs[mark]]) for mark, words in left.items()],
        [words for mark, words in right.items() if mark not in used],
    )


def _points(item: Element, declared: dict[str, Key]) -> float:
    """The maximum that the item declares; else what its mapping adds up to; else 1."""
    for outcome in children(item, "outcomedeclaration"):
        if attribute(outcome, "identifier") == "SCORE":
            try:
                most = float(attribute(outcome, "normal-maximum"))
            except ValueError:
                break
            if 0 < most <= 100:
                return most
    return 1.0
