"""Chips as tags: what other programs have no field for travels as a tag that reads like our chip.

``难度:4``, ``依据:人民调解法§33`` and ``2分`` are ordinary tags to Moodle and to QTI programs, and
become level, law and points again when they come back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from portal.core.citations import parse_chip
from portal.core.questions import Citation, Essay, Question


def written(question: Question, *, points: bool = False) -> list[str]:
    """The question's tags and its chips; ``points`` where the format has no field for them."""
    tags = list(question.tags)
    if question.level != 3:
        tags.append(f"难度:{question.level}")
    tags += [law_chip(law) for law in question.laws]
    if points and abs(question.points - 1) > 1e-9 and not isinstance(question.body, Essay):
        tags.append(f"{number(question.points)}分")
    return tags


def law_chip(law: Citation) -> str:
    """``依据:人民调解法§33(2)``"""
    chip = f"依据:{law.law}§{law.article}"
    if law.paragraph is not None:
        chip += f"({law.paragraph})"
        if law.item is not None:
            chip += f"({law.item})"
    return chip


def read(question: Question, tags: Sequence[str]) -> Question:
    """``question`` with what its tags say; the others stay tags."""
    kept: list[str] = []
    for tag in tags:
        changed = _chip(question, unicodedata.normalize("NFKC", tag).strip())
        if changed is None:
            kept.append(" ".join(tag.replace("`", "").split())[:40])
        else:
            question = changed
    return replace(question, tags=tuple(dict.fromkeys(tag for tag in kept if tag)))


def number(value: float) -> str:
    """A decimal number without exponent."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# Private functions


def _chip(question: Question, tag: str) -> Question | None:
    name, colon, value = tag.partition(":")
    if colon and name in ("难度", "level") and value in ("1", "2", "3", "4", "5"):
        return replace(question, level=int(value))
    if colon and name in ("依据", "law"):
        law = parse_chip(tag)
        return replace(question, laws=(*question.laws, law)) if law is not None else None
    bare = tag.removesuffix("分")
    if bare != tag and bare.replace(".", "", 1).isdigit() and bare.isascii():
        points = float(bare)
        essay = isinstance(question.body, Essay)
        return replace(question, points=points) if 0 < points <= 100 and not essay else None
    return None
