"""Chips of a drill: on scenes and decisions, on options, and at the head of an inject.

Chinese and English names are equal; full-width signs are read as their half-width twins.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from portal.core.chips import is_id
from portal.core.citations import parse_chip
from portal.core.drill_grammar import (
    Condition,
    Effect,
    Unreadable,
    parse_condition,
    parse_effect,
)
from portal.core.drills import Rating, Role
from portal.core.findings import Findings

_FLAGS = {"开始": "start", "start": "start", "结局": "ending", "ending": "ending", "end": "ending"}
_NAMES = {
    "目标": "objectives",
    "objective": "objectives",
    "objectives": "objectives",
    "限时": "seconds",
    "time": "seconds",
    "超时": "timeout",
    "timeout": "timeout",
    "依据": "laws",
    "law": "laws",
    "角色": "roles",
    "role": "roles",
    "如果": "condition",
    "if": "condition",
}
_ROLES: Mapping[str, Role] = {
    "指挥": "command",
    "command": "command",
    "现场": "scene",
    "scene": "scene",
    "信息": "information",
    "information": "information",
    "保障": "support",
    "support": "support",
}
_SECONDS = {"秒": 1, "s": 1, "sec": 1, "seconds": 1, "分": 60, "分钟": 60, "m": 60, "min": 60}
_LISTS = frozenset(("objectives", "laws", "roles"))
HEAD_MARKS = frozenset(
    ("start", "ending", "objectives", "seconds", "timeout", "laws", "roles")
)  # of scenes and decisions
OPTION_MARKS = frozenset(("condition", "rating", "effects"))
INJECT_MARKS = frozenset(("condition", "roles"))
SHORTEST, LONGEST = 10, 600  # seconds that a decision may be given


@dataclass(slots=True)
class Marks:
    """What chips say. ``given`` holds only what was written, by the names of ``HEAD_MARKS``,
    ``OPTION_MARKS`` and ``INJECT_MARKS``."""

    id: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def rating(self) -> Rating | None:
        return cast("Rating | None", self.given.get("rating"))

    @property
    def effects(self) -> tuple[Effect, ...]:
        return cast("tuple[Effect, ...]", self.given.get("effects", ()))

    @property
    def condition(self) -> Condition | None:
        return cast("Condition | None", self.given.get("condition"))

    @property
    def roles(self) -> tuple[Role, ...]:
        return cast("tuple[Role, ...]", self.given.get("roles", ()))


def read_marks(
    texts: Iterable[str], allowed: frozenset[str], line: int, findings: Findings
) -> Marks:
    """The meaning of chips at ``line``, of which the names in ``allowed`` may stand there."""
    marks = Marks()
    for text in texts:
        _read(folded(text), text, allowed, line, marks, findings)
    return marks


def folded(text: str) -> str:
    """``text`` with half-width signs and no space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def seconds_of(typed: str) -> int | None:
    """``60秒``, ``2分``, ``90s`` or ``60`` as seconds; None when it is no length of time."""
    number, unit = _split_number(typed.strip().lower())
    factor = _SECONDS.get(unit.strip()) if unit.strip() else 1
    if not number or number.count(".") > 1 or factor is None:
        return None
    return round(float(number) * factor)


def take_chips(text: str) -> tuple[list[str], str]:
    """The code spans that ``text`` begins with, and the words after them."""
    found: list[str] = []
    rest = text.lstrip()
    while rest.startswith("`") and not rest.startswith("``"):
        chip, closing, after = rest[1:].partition("`")
        if not closing or not is_mark(chip):
            break
        found.append(chip)
        rest = after.lstrip()
    return found, rest


def is_mark(text: str) -> bool:
    """Whether the code span ``text`` looks like a chip rather than like code in a sentence."""
    chip = folded(text)
    name = chip.partition(":")[0].strip().lower()
    return chip.startswith("#") or name in _NAMES or chip.lower() in _FLAGS


# Private functions


def _read(
    chip: str, shown: str, allowed: frozenset[str], line: int, marks: Marks, findings: Findings
) -> None:
    if chip.startswith("#"):
        _read_id(chip[1:].strip(), line, marks, findings)
        return
    flag = _FLAGS.get(chip.lower())
    name, colon, value = chip.partition(":")
    key = flag or (_NAMES.get(name.strip().lower()) if colon else None)
    if key is None and chip.upper() in get_args(Rating):
        key, value = "rating", chip.upper()
    elif key is None and "=" in chip:
        key, value = "effects", chip
    if key is None or key not in allowed:
        findings.add(line, "D003", chip=shown)
    elif flag:
        _give(marks, key, True, shown, line, findings)
    elif not value.strip():
        findings.add(line, "D004", chip=shown, expected="…")
    else:
        _read_value(key, value.strip(), shown, line, marks, findings)


def _read_id(value: str, line: int, marks: Marks, findings: Findings) -> None:
    if marks.id:
        findings.add(line, "Q026", chip=f"#{value}")
    elif not is_id(value):
        findings.add(line, "Q006", id=value)
    else:
        marks.id = value


def _read_value(
    key: str, value: str, shown: str, line: int, marks: Marks, findings: Findings
) -> None:
    meaning: Any = value
    expected = ""
    if key == "seconds":
        meaning = seconds_of(value)
        fits = meaning is not None and SHORTEST <= meaning <= LONGEST
        expected = "" if fits else f"{SHORTEST}–{LONGEST} 秒 / seconds"
    elif key == "timeout":
        fits = value.isascii() and value.isdigit() and 0 < int(value) <= 20
        meaning, expected = (int(value) - 1, "") if fits else (None, "1, 2, 3 …")
    elif key == "roles":
        names = _names(value)
        meaning = tuple(_ROLES[name.lower()] for name in names if name.lower() in _ROLES)
        expected = "" if len(meaning) == len(names) else ", ".join(_ROLES)
    elif key == "objectives":
        meaning = tuple(_names(value))
    elif key == "laws":
        citation = parse_chip(f"law:{value}")
        if citation is None:
            findings.add(line, "Q028", chip=shown)
            return
        meaning = (citation,)
    elif key in ("condition", "effects"):
        meaning = _expression(key, value, line, findings)
        if meaning is None:
            return
    if expected:
        findings.add(line, "D004", chip=shown, expected=expected)
    else:
        _give(marks, key, meaning, shown, line, findings)


def _expression(key: str, value: str, line: int, findings: Findings) -> Any:
    try:
        return parse_condition(value) if key == "condition" else (parse_effect(value),)
    except Unreadable as fault:
        findings.add(line, "D013", text=value, detail_zh=fault.zh, detail_en=fault.en)
        return None


def _give(marks: Marks, key: str, value: Any, shown: str, line: int, findings: Findings) -> None:
    if key in _LISTS or key == "effects":
        marks.given[key] = (*marks.given.get(key, ()), *value)
    elif key in marks.given:
        findings.add(line, "Q026", chip=shown)
    else:
        marks.given[key] = value


def _names(value: str) -> Sequence[str]:
    for mark in "，、;；/":
        value = value.replace(mark, ",")
    return [name.strip() for name in value.split(",") if name.strip()]


def _split_number(typed: str) -> tuple[str, str]:
    at = 0
    while at < len(typed) and (typed[at] in "0123456789" or typed[at] == "."):
        at += 1
    number = typed[:at]
    return ("", typed) if not number.strip(".") or len(number) > 6 else (number, typed[at:])
