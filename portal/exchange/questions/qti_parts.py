"""The pieces that every QTI item has: keys, texts, feedback."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from portal.exchange.questions import text
from portal.exchange.questions.report import Notes
from portal.exchange.questions.xml_safe import attribute, children, name, within, words

INLINE = frozenset(("inlinechoiceinteraction", "textentryinteraction"))
_LEFT_OUT = frozenset(
    ("prompt", "rubricblock", "feedbackblock", "feedbackinline", "modalfeedback", "templateblock")
) | {"cataloginfo", "companionmaterialsinfo", "stylesheet"}


@dataclass(frozen=True, slots=True)
class Key:
    """A response declaration: its cardinality and base type, right values and mapped shares."""

    cardinality: str = "single"
    base: str = "identifier"
    correct: tuple[str, ...] = ()
    mapped: dict[str, float] = field(default_factory=dict)


def keys(item: Element) -> dict[str, Key]:
    """Declared responses by their identifier."""
    return {
        attribute(one, "identifier"): _key(one) for one in children(item, "responsedeclaration")
    }


def content(element: Element, notes: Notes) -> str:
    """What stands inside, as Markdown; inline feedback is not part of it."""
    return text.from_html(_html(element), notes.add)


def stem(body: Element, notes: Notes) -> str:
    """The item's text without its interactions, as Markdown."""
    return content(body, notes)


def prompt(interaction: Element, notes: Notes) -> str:
    """The question above the options."""
    return "\n\n".join(content(one, notes) for one in children(interaction, "prompt"))


def feedback(item: Element, option: Element, mark: str, notes: Notes) -> str:
    """Feedback on one option: inside it, or shown in its own window under the same identifier."""
    inside = within(option, "feedbackinline", "feedbackblock")
    modal = [one for one in children(item, "modalfeedback") if attribute(one, "identifier") == mark]
    return "\n\n".join(part for part in (content(one, notes) for one in [*inside, *modal]) if part)


def explanation(item: Element, notes: Notes) -> str:
    """Modal feedback that belongs to no option, and feedback blocks of the body."""
    marks = {attribute(one, "identifier") for one in within(item, "simplechoice")}
    found = [
        one
        for one in [*children(item, "modalfeedback"), *within(item, "feedbackblock")]
        if attribute(one, "identifier") not in marks
    ]
    return "\n\n".join(part for part in (content(one, notes) for one in found) if part)


def hint(body: Element, notes: Notes) -> str:
    """A rubric block for the candidate that is marked as a hint."""
    found = [
        one
        for one in within(body, "rubricblock")
        if "candidate" in attribute(one, "view") and "hint" in attribute(one, "class")
    ]
    return "\n\n".join(content(one, notes) for one in found)


def tags(item: Element) -> list[str]:
    """Words in the item's label."""
    return [tag for tag in attribute(item, "label").split(";") if tag.strip()]


# Private functions


def _key(declaration: Element) -> Key:
    correct = tuple(
        words(value).strip()
        for group in children(declaration, "correctresponse")
        for value in children(group, "value")
    )
    mapped = {}
    for entry in within(declaration, "mapentry"):
        try:
            mapped[attribute(entry, "map-key")] = float(attribute(entry, "mapped-value"))
        except ValueError:
            continue
    return Key(
        attribute(declaration, "cardinality", "single"),
        attribute(declaration, "base-type", "identifier").lower(),
        correct,
        mapped,
    )


def _html(element: Element) -> str:
    """The inside of ``element`` as HTML; interactions and what is no text are left out."""
    out: list[str] = [escape(element.text or "", quote=False)]
    for child in element:
        tag = name(child)
        if tag == "gapmark":
            out.append(text.GAP)
        elif tag not in _LEFT_OUT and not tag.endswith("interaction"):
            out.append(_element(child, tag))
        out.append(escape(child.tail or "", quote=False))
    return "".join(out)


def _element(element: Element, tag: str) -> str:
    kept = {key: element.get(key) for key in ("alt", "href") if element.get(key)}
    attributes = "".join(f' {key}="{escape(value or "")}"' for key, value in kept.items())
    inside = _html(element)
    return (
        f"<{tag}{attributes}>"
        if tag in ("br", "img", "hr")
        else f"<{tag}{attributes}>{inside}</{tag}>"
    )


def marked(body: Element) -> Element:
    """A copy of the body in which a ``gapmark`` stands for every inline interaction."""
    copy = deepcopy(body)
    for element in copy.iter():
        if name(element) in INLINE:
            tail = element.tail
            element.clear()
            element.tag, element.tail = "gapmark", tail
    return copy
