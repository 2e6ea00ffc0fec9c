"""The chip line under a question's heading: a paragraph of code spans only.

Chinese and English names are equal; full-width colons, digits and number signs are read as their
half-width twins, because that is what a Chinese keyboard gives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core.blocks import Block, inline_tokens
from portal.core.citations import parse_chip
from portal.core.findings import Findings
from portal.core.questions import Citation

KINDS: Mapping[str, str] = {
    "单选": "single",
    "single": "single",
    "多选": "multiple",
    "multiple": "multiple",
    "判断": "truefalse",
    "true/false": "truefalse",
    "truefalse": "truefalse",
    "简答": "short",
    "short": "short",
    "short text": "short",
    "数值": "numeric",
    "numeric": "numeric",
    "排序": "ordering",
    "ordering": "ordering",
    "配对": "matching",
    "matching": "matching",
    "填空": "cloze",
    "cloze": "cloze",
    "论述": "essay",
    "essay": "essay",
}
FLAGS = {"固定顺序": "fixed", "fixed": "fixed", "停用": "retired", "retired": "retired"}
NAMES = {
    "难度": "level",
    "level": "level",
    "能力": "capability",
    "capability": "capability",
    "依据": "law",
    "law": "law",
    "标签": "tag",
    "tag": "tag",
}
_ID_MARKS = frozenset("-_.")
MAX_ID = 80


@dataclass(slots=True)
class Chips:
    """What a chip line says. ``given`` holds only what was written, for comparing editions:
    ``points``, ``level``, ``capability``, ``laws``, ``tags``, ``kind``, ``fixed``, ``retired``."""

    id: str = ""
    given: dict[str, Any] = field(default_factory=dict)


def chip_texts(block: Block) -> tuple[str, ...] | None:
    """The code spans of a chip line; None when the block is another kind of block.

    A paragraph that opens with an id and goes on with words is not a chip line.
    """
    spans, clean = _spans(block)
    return spans if spans and clean else None


def is_spoilt_chip_line(block: Block) -> bool:
    """Whether the paragraph has an ``#id`` and words beside its code spans."""
    spans, clean = _spans(block)
    return not clean and bool(spans) and _folded(spans[0]).startswith("#")


def read_chips(texts: tuple[str, ...], line: int, findings: Findings) -> Chips:
    """The meaning of a chip line; what cannot be read is noted."""
    chips = Chips()
    for text in texts:
        _read_one(_folded(text), text, line, chips, findings)
    return chips


def is_id(text: str) -> bool:
    """An id is short and fits an address: ASCII letters, digits, ``-``, ``_``, ``.``."""
    return 0 < len(text) <= MAX_ID and all(
        char.isascii() and (char.isalnum() or char in _ID_MARKS) for char in text
    )


# Private functions


def _spans(block: Block) -> tuple[tuple[str, ...], bool]:
    """Code spans of a paragraph that starts with one, and whether nothing else stands there."""
    content = block.text
    if block.type != "paragraph_open" or not content.startswith("`"):
        return (), False
    if "``" not in content:
        parts = content.split("`")
        return tuple(parts[1:-1:2]), len(parts) % 2 == 1 and not "".join(parts[::2]).strip()
    tokens = inline_tokens(content)
    spans = tuple(token.content for token in tokens if token.type == "code_inline")
    others = [token for token in tokens if token.type not in ("code_inline", "softbreak")]
    return spans, not any(token.content.strip() or token.nesting for token in others)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _read_one(chip: str, shown: str, line: int, chips: Chips, findings: Findings) -> None:
    if chip.startswith("#"):
        _read_id(chip[1:].strip(), line, chips, findings)
        return
    lower = chip.lower()
    if lower in KINDS:
        _give(chips, "kind", KINDS[lower], shown, line, findings)
    elif lower in FLAGS:
        _give(chips, FLAGS[lower], True, shown, line, findings)
    elif _points_of(lower) is not None:
        _read_points(_points_of(lower) or "", shown, line, chips, findings)
    else:
        name, colon, value = chip.partition(":")
        key = NAMES.get(name.strip().lower()) if colon else None
        if key is None:
            findings.add(line, "Q007", chip=shown)
        else:
            _read_named(key, value.strip(), shown, line, chips, findings)


def _read_id(value: str, line: int, chips: Chips, findings: Findings) -> None:
    if chips.id:
        findings.add(line, "Q026", chip=f"#{value}")
    elif not is_id(value):
        findings.add(line, "Q006", id=value)
    else:
        chips.id = value


def _points_of(chip: str) -> str | None:
    for ending in ("分", "points", "point", "pts"):
        if chip.endswith(ending):
            number = chip.removesuffix(ending).strip()
            return number if number and number[0] in "+-.0123456789" else None
    return None


def _read_points(typed: str, shown: str, line: int, chips: Chips, findings: Findings) -> None:
    points = _decimal(typed)
    if points is None or not 0 < points <= 100:
        findings.add(line, "Q008", chip=shown, expected="0.5–100")
    else:
        _give(chips, "points", points, shown, line, findings)


def _read_named(
    key: str, value: str, shown: str, line: int, chips: Chips, findings: Findings
) -> None:
    if key == "level":
        if value not in ("1", "2", "3", "4", "5"):
            findings.add(line, "Q008", chip=shown, expected="1–5")
        else:
            _give(chips, "level", int(value), shown, line, findings)
    elif not value:
        findings.add(line, "Q008", chip=shown, expected="…")
    elif key == "capability":
        _give(chips, "capability", value, shown, line, findings)
    elif key == "tag":
        chips.given["tags"] = (*chips.given.get("tags", ()), value)
    else:
        citation: Citation | None = parse_chip(f"law:{value}")
        if citation is None:
            findings.add(line, "Q028", chip=shown)
        else:
            chips.given["laws"] = (*chips.given.get("laws", ()), citation)


def _give(chips: Chips, key: str, value: Any, shown: str, line: int, findings: Findings) -> None:
    if key in chips.given:
        findings.add(line, "Q026", chip=shown)
    else:
        chips.given[key] = value


def _decimal(typed: str) -> float | None:
    whole, _, decimals = typed.partition(".")
    if not (whole + decimals).isdigit() or not (whole + decimals).isascii():
        return None
    return float(typed)
