"""Gaps of a QTI item. One text entry below a text is no cloze but a short or numeric answer."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from portal.core.questions import Body, Cloze, Gap
from portal.exchange.questions import making, text
from portal.exchange.questions.qti_parts import Key, content, marked
from portal.exchange.questions.report import Lost, Notes
from portal.exchange.questions.xml_safe import attribute, children, name, within, words


def read_gaps(
    item: Element, body: Element, parts: Sequence[Element], declared: dict[str, Key], notes: Notes
) -> tuple[Body, str]:
    """The answer part and the stem as Markdown."""
    stem = content(marked(body), notes)
    if len(parts) == 1 and name(parts[0]) == "textentryinteraction":
        key = declared.get(attribute(parts[0], "response-identifier"), Key())
        before, _, behind = stem.partition(text.GAP)
        unit = "" if "\n" in behind.strip() else behind.strip()
        if key.base in ("float", "integer") and _is_unit(unit):
            return _typed(item, key, unit), before.rstrip()
        if key.base in ("float", "integer") or not behind.strip():
            kept = stem.replace(text.GAP, "＿＿") if behind.strip() else before.rstrip()
            return _typed(item, key, ""), kept
    gaps = tuple(
        _gap(part, declared.get(attribute(part, "response-identifier"), Key()), notes)
        for part in parts
    )
    if stem.count(text.GAP) != len(gaps):
        raise Lost("not_writable")
    return Cloze(gaps), stem


# Private functions


def _gap(part: Element, key: Key, notes: Notes) -> Gap:
    if name(part) == "textentryinteraction":
        return making.gap(_accepted(key))
    choices = {
        attribute(one, "identifier"): " ".join(words(one).split())
        for one in children(part, "inlinechoice")
    }
    best = (
        key.correct[0] if key.correct else max(key.mapped, key=lambda k: key.mapped[k], default="")
    )
    if best not in choices:
        raise Lost("no_key")
    if sum(value > 0 for value in key.mapped.values()) > 1:
        notes.add("partial_marks")
    return making.gap((), list(choices.values()), list(choices).index(best))


def _accepted(key: Key) -> list[str]:
    most = max(key.mapped.values(), default=0.0)
    full = [word for word, share in key.mapped.items() if share == most and share > 0]
    return list(dict.fromkeys([*key.correct, *full]))


def _is_unit(behind: str) -> bool:
    return len(behind) <= 16 and not any(ch.isdigit() or ch in ".。,，;；?？" for ch in behind)


def _typed(item: Element, key: Key, unit: str) -> Body:
    if key.base not in ("float", "integer"):
        return making.short(_accepted(key))
    limits = [_number(words(one)) for one in _limits(item)]
    if len(limits) == 2:
        return making.numeric(min(limits), max(limits), unit)
    if not key.correct:
        raise Lost("no_key")
    number = _number(key.correct[0])
    off = _tolerance(item)
    return making.numeric(number - off, number + off, unit)


def _limits(item: Element) -> list[Element]:
    """The two numbers of ``gte`` and ``lte`` in the response processing."""
    found = [
        value
        for one in within(item, "gte", "lte")
        for value in children(one, "basevalue")
        if attribute(value, "base-type").lower() in ("float", "integer")
    ]
    return found if len(found) == 2 else []


def _tolerance(item: Element) -> float:
    for equal in within(item, "equal"):
        if attribute(equal, "tolerance-mode") == "absolute":
            return abs(_number(attribute(equal, "tolerance").partition(" ")[0]))
    return 0.0


def _number(given: str) -> float:
    try:
        return float(given.strip())
    except (ValueError, IndexError):
        raise Lost("bad_number") from None
