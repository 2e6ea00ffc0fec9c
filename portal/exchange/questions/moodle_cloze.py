"""Moodle's embedded answers, ``{1:SHORTANSWER:=Paris~=paris}``, and our gaps."""

from __future__ import annotations

import re
from html import unescape

import nh3

from portal.core import markdown
from portal.core.questions import Cloze, Gap
from portal.exchange.questions import making
from portal.exchange.questions.report import Lost, Notes
from portal.exchange.questions.text import GAP

_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CHOSEN = {"MULTICHOICE", "MC", "MULTICHOICE_S", "MCS", "MULTICHOICE_V", "MCV", "MULTICHOICE_H"}
_CHOSEN |= {"MCH", "MCVS", "MCHS", "MULTICHOICE_VS", "MULTICHOICE_HS"}
_NUMBERS = {"NUMERICAL", "NM"}
MOST_GAPS = 60
LONGEST = 4_000  # characters of one gap
_SPECIAL = '}#~/"\\'
_OPENING = re.compile(r"\{\s*\d*\s*:\s*[A-Z_\\]{2,24}\s*:")


def read_cloze(stem: str, notes: Notes) -> tuple[Cloze, str]:
    """The gaps of ``stem``, the text as Moodle holds it, and it with a marker for each gap.

    The gaps are read before HTML becomes Markdown: their own marks would not survive that.
    """
    stem = stem.replace(GAP, "")
    gaps: list[Gap] = []
    pieces: list[str] = []
    at = 0
    for opening in _OPENING.finditer(stem):
        if opening.start() < at:
            continue  # inside the gap before
        end = _end(stem, opening.start() + 1)
        found = _gap(stem[opening.start() + 1 : end], notes)
        if found is None:
            continue
        gaps.append(found)
        if len(gaps) > MOST_GAPS:
            raise Lost("many_options", most=str(MOST_GAPS))
        pieces.append(stem[at : opening.start()])
        at = end + 1
    if not gaps:
        raise Lost("no_key")
    return Cloze(tuple(gaps)), GAP.join([*pieces, stem[at:]])


def write_gap(gap: Gap, locale: str) -> str:
    """A gap as Moodle writes it."""
    if gap.choices:
        answers = [
            ("=" if at == gap.right else "") + _escaped(choice.in_(locale))
            for at, choice in enumerate(gap.choices)
        ]
        return "{1:MULTICHOICE:" + "~".join(answers) + "}"
    return "{1:SHORTANSWER:" + "~".join(f"={_escaped(word)}" for word in gap.accepted) + "}"


# Private functions


def _end(stem: str, at: int) -> int:
    """Where the closing brace stands that is not escaped."""
    last = min(len(stem), at + LONGEST)
    while at < last:
        if stem[at] == "\\":
            at += 2
        elif stem[at] == "}":
            return at
        else:
            at += 1
    raise Lost("braces")


def _gap(inside: str, notes: Notes) -> Gap | None:
    """The gap that stands between braces; None where they hold something else."""
    weight, colon, rest = inside.partition(":")
    kind, second, answers = rest.partition(":")
    kind = kind.replace("\\_", "_").strip()
    if not colon or not second or (weight.strip() and not weight.strip().isdigit()):
        return None
    if kind not in _TYPED | _CHOSEN | _NUMBERS:
        if kind.isupper() and "=" in answers:
            raise Lost("unknown_kind", kind=kind[:40])
        return None
    if weight.strip() not in ("", "1"):
        notes.add("gap_weights")
    found = [_answer(piece) for piece in _split(answers)]
    if any(feedback for _, _, feedback in found):
        notes.add("answer_feedback")
    if kind in _CHOSEN:
        return _chosen(found, notes)
    return _typed(found, kind in _NUMBERS, notes)


def _chosen(found: list[tuple[str, float, str]], notes: Notes) -> Gap:
    words = [word for word, _, _ in found]
    best = max((share for _, share, _ in found), default=0.0)
    if best <= 0:
        raise Lost("no_key")
    shares = [share for _, share, _ in found]
    if sum(share > 0 for share in shares) > 1:
        notes.add("partial_marks")
    return making.gap((), words, shares.index(best))


def _typed(found: list[tuple[str, float, str]], number: bool, notes: Notes) -> Gap:
    accepted = [word for word, share, _ in found if share >= 1 and (number or "*" not in word)]
    if len(accepted) < len(found):
        notes.add("partial_marks")
    if number:
        if any(":" in word and word.partition(":")[2].strip(" 0.") for word in accepted):
            notes.add("tolerance")
        accepted = [word.partition(":")[0] for word in accepted]
    return making.gap(accepted)


def _split(answers: str) -> list[str]:
    """The answers, parted by ``~``; escapes stay for ``_until_hash``."""
    pieces, at = [""], 0
    while at < len(answers):
        if answers[at] == "\\":
            pieces[-1] += answers[at : at + 2]
            at += 2
        elif answers[at] == "~":
            pieces.append("")
            at += 1
        else:
            pieces[-1] += answers[at]
            at += 1
    return pieces


def _answer(piece: str) -> tuple[str, float, str]:
    """Words, share of the marks and feedback of one answer."""
    share = 0.0
    piece = piece.strip()
    if piece.startswith("="):
        share, piece = 1.0, piece[1:]
    elif piece.startswith("%"):
        number, closed, rest = piece[1:].partition("%")
        if closed and number.strip("-").isdigit():
            share, piece = float(number) / 100, rest
    words, feedback = _until_hash(piece)
    return _plain(words), share, feedback.strip()


def _until_hash(piece: str) -> tuple[str, str]:
    """The words without escapes, and what follows the first free ``#``."""
    out, at = [], 0
    while at < len(piece):
        if piece[at] == "\\" and at + 1 < len(piece):
            out.append(piece[at + 1])
            at += 2
        elif piece[at] == "#":
            return "".join(out), piece[at + 1 :]
        else:
            out.append(piece[at])
            at += 1
    return "".join(out), ""


def _plain(words: str) -> str:
    """Words that may hold HTML, as plain text."""
    if "<" in words:
        words = nh3.clean(words, tags=set())
    return " ".join(unescape(words).split())


def _escaped(words: str) -> str:
    plain = markdown.plain(words)
    return "".join("\\" + char if char in _SPECIAL else char for char in plain)
