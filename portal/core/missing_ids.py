"""Ids that an author left out, written into the text; nothing else in it changes.

The text keeps its line ends, its byte order mark and every other character: an id is inserted at
the start of a chip line, or a chip line of its own below the heading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.core.blocks import Block
from portal.core.chips import chip_texts, is_spoilt_chip_line, read_chips
from portal.core.documents import open_document
from portal.core.drill_marks import HEAD_MARKS, read_marks
from portal.core.findings import Findings
from portal.core.question_region import is_question
from portal.core.quiz_parser import kind_of
from portal.core.sectioning import heading_level, runs


@dataclass(frozen=True, slots=True)
class Spot:
    """A question's heading: its ``id`` ("" where it has none), the 0-based line of its chip line
    (None where it has none), and the first line below the heading."""

    id: str
    chip_line: int | None
    below: int
    fixable: bool = True


def spots(text: str, in_module: bool) -> list[Spot]:
    """The questions of a file in order; empty when the file cannot be read."""
    document = open_document(text, Findings(""))
    if document is None:
        return []
    return [
        _spot(run)
        for run in runs(document.page)
        if run[0].type == "heading_open" and is_question(run, in_module)
    ]


def drill_spots(text: str) -> tuple[list[Spot], list[str]] | None:
    """The scenes and decisions of a drill file in order, with their kinds (``scene``,
    ``decision``); None when the file is no drill or cannot be read."""
    document = open_document(text, Findings(""))
    if document is None or kind_of(document.front) not in ("drill", ""):
        return None
    found: list[Spot] = []
    kinds: list[str] = []
    for run in runs(document.page):
        level = heading_level(run)
        if level == 2 or (level == 3 and kinds):
            found.append(_spot(run, is_drill=True))
            kinds.append("scene" if level == 2 else "decision")
    return found, kinds


def with_ids(text: str, found: Sequence[Spot], ids: Sequence[str]) -> str:
    """``text`` with ``ids`` written where ``found`` has none; an empty id writes nothing."""
    lines = _lines(text)
    for spot, name in reversed(list(zip(found, ids, strict=True))):
        if spot.id or not name or not spot.fixable:
            continue
        if spot.chip_line is not None:
            line = lines[spot.chip_line]
            indent = len(line) - len(line.lstrip(" "))
            lines[spot.chip_line] = f"{line[:indent]}`#{name}` {line[indent:]}"
        else:
            _insert_line(lines, spot.below, name)
    return "".join(lines)


def ids_for(found: Sequence[Spot], next_id: Callable[[], str]) -> list[str]:
    """An id for every spot: its own, or the next new one."""
    return [spot.id or (next_id() if spot.fixable else "") for spot in found]


def ids_of_twin(found: Sequence[Spot], twin: Sequence[Spot], ids: Sequence[str]) -> list[str]:
    """Ids for the English edition ``twin``: those of the same positions in ``found``.

    Empty ids where the editions do not correspond: guessing would join different questions.
    """
    same = len(found) == len(twin) and all(
        not other.id or other.id == name for other, name in zip(twin, ids, strict=True)
    )
    return list(ids) if same else [""] * len(twin)


# Private functions


def _spot(run: Sequence[Block], is_drill: bool = False) -> Spot:
    below = run[0].end
    if len(run) > 1 and is_spoilt_chip_line(run[1]):
        return Spot("", None, below, fixable=False)
    texts = chip_texts(run[1]) if len(run) > 1 else None
    if texts is None:
        return Spot("", None, below)
    nowhere = Findings("")
    name = (
        read_marks(texts, HEAD_MARKS, 1, nowhere).id
        if is_drill
        else read_chips(texts, 1, nowhere).id
    )
    written = any(text.strip().startswith(("#", "＃")) for text in texts)
    return Spot(name, run[1].start, below, fixable=not written)


def _lines(text: str) -> list[str]:
    """Lines with their ends, cut as the parser cuts them: at LF, CR LF and CR alone."""
    lines: list[str] = []
    start = 0
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            lines.append(text[start : at + 1])
            start = at + 1
    return [*lines, text[start:]] if start < len(text) else lines


def _insert_line(lines: list[str], below: int, name: str) -> None:
    end = _line_end(lines)
    if below > 0 and not lines[below - 1].endswith(("\n", "\r")):
        lines[below - 1] += end
    words_follow = below < len(lines) and lines[below].strip() != ""
    lines.insert(below, f"{end}`#{name}`{end}{end if words_follow else ''}")


def _line_end(lines: Sequence[str]) -> str:
    first = lines[0] if lines else ""
    if first.endswith("\r\n"):
        return "\r\n"
    return "\r" if first.endswith("\r") else "\n"
