"""Injects and facilitator's notes: the labelled quotes of a drill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.blocks import Block
from portal.core.chips import chip_texts
from portal.core.containers import inner_blocks, quote_lines
from portal.core.drill_marks import INJECT_MARKS, Marks, folded, read_marks, take_chips
from portal.core.findings import Findings
from portal.core.labels import split_label

INJECT = "inject"
FACILITATOR = "facilitator"
LATEST = 24 * 60.0  # scenario minutes
_NOTES = ("主持人", "facilitator", "导调")
_UNITS = {"分钟": 1.0, "分": 1.0, "min": 1.0, "秒": 1 / 60, "sec": 1 / 60, "s": 1 / 60}


@dataclass(frozen=True, slots=True)
class Segment:
    """One labelled part of a quote: its Markdown without the label, and its 1-based line."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class InjectDraft:
    """An inject in one language; see ``drills.Inject``. ``is_timed``: a time was written."""

    minutes: float
    is_relative: bool
    is_timed: bool
    text: str
    marks: Marks
    line: int


def segments_of(block: Block, lines: Sequence[str]) -> list[Segment]:
    """The injects and notes of a quote; empty when it is an ordinary one.

    One quote may hold several: two without an empty line between them are one to Markdown.
    """
    if block.type != "blockquote_open":
        return []
    found: list[tuple[str, list[str], int]] = []
    chips = {
        child.start + offset
        for child in inner_blocks(block.tokens)
        if chip_texts(child) is not None
        for offset in range(child.end - child.start)
    }
    for number, text in quote_lines(block, lines):
        kind, rest = _label(text)
        if kind:
            found.append((kind, [rest], number + 1))
        elif found:
            found[-1][1].append(text)
        elif number not in chips and text.strip():
            return []
    return [Segment(kind, "\n".join(texts).strip(), line) for kind, texts, line in found]


def read_inject(segment: Segment, findings: Findings) -> InjectDraft:
    """Time, chips and words of an inject. Without a time it arrives at once."""
    minutes, is_relative, is_timed, rest = _time(segment, findings)
    chips, words = take_chips(rest)
    kept: list[str] = []
    for line in words.split("\n"):  # chips may also stand on a line of their own
        more, after = take_chips(line)
        if more and not after:
            chips += more
        else:
            kept.append(line)
    marks = read_marks(chips, INJECT_MARKS, segment.line, findings)
    text = "\n".join(kept).strip()
    if not text:
        findings.add(segment.line, "D017")
    return InjectDraft(minutes, is_relative, is_timed, text, marks, segment.line)


# Private functions


def _label(line: str) -> tuple[str, str]:
    """The kind of labelled part that ``line`` opens, and the rest of it; "" for none."""
    text = line.strip()
    if text.startswith("[!"):
        name, bracket, rest = text[2:].partition("]")
        return (INJECT, rest.strip()) if bracket and name.strip().upper() == "INJECT" else ("", "")
    if text.startswith("**"):
        name, rest = split_label(text)
        return (FACILITATOR, rest) if name in _NOTES else ("", "")
    name, colon, rest = text.replace("：", ":", 1).partition(":")
    return (FACILITATOR, rest.strip()) if colon and name.strip().lower() in _NOTES else ("", "")


def _time(segment: Segment, findings: Findings) -> tuple[float, bool, bool, str]:
    """``(minutes, is_relative, is_timed, rest)`` of ``T+5 words`` or ``+0.5 words``."""
    text = segment.text
    head = folded(text[:2]).upper()
    is_relative = head.startswith("+")
    if not is_relative and not (head.startswith("T+") or head == "T-"):
        return 0.0, True, False, text
    rest = text[1:] if is_relative else text[2:]
    at = 0
    while at < len(rest) and (folded(rest[at]) or " ") in "0123456789.:":
        if rest[at] in ":：" and not (at and rest[at + 1 : at + 3].isdecimal()):
            break
        at += 1
    minutes = _minutes(folded(rest[:at]))
    unit = next((one for one in _UNITS if rest[at:].lower().startswith(one)), "")
    if unit.isascii() and rest[at + len(unit) : at + len(unit) + 1].isascii():
        unit = "" if rest[at + len(unit) : at + len(unit) + 1].isalpha() else unit
    if minutes is None or head == "T-" or not 0 <= minutes <= LATEST:
        findings.add(segment.line, "D016", text=text.split()[0] if text.split() else text)
        return 0.0, True, True, text
    after = rest[at + len(unit) :].lstrip(" \u3000：:，,、\n")
    return round(minutes * (_UNITS[unit] if unit else 1.0), 4), is_relative, True, after


def _minutes(typed: str) -> float | None:
    whole, colon, seconds = typed.partition(":")
    if not whole or whole.count(".") > 1 or not whole.replace(".", "").isdecimal():
        return None
    if len(whole) > 7 or (colon and not (seconds.isdecimal() and int(seconds) < 60)):
        return None
    return float(whole) + (int(seconds) / 60 if colon else 0.0)
