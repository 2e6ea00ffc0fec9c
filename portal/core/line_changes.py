"""Two texts compared and three texts merged, line by line.

The merge is diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007): stretches
that all three texts share separate chunks; a chunk that one side changed takes that side's lines,
and one that both changed differently is a conflict, shown in full with both versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_MOST_LINES = 3000  # beyond it, differing stretches count as replaced: comparing is quadratic
MINE = "<<<<<<< "
MIDDLE = "======="
THEIRS = ">>>>>>> "
_Match = tuple[int, int, int]  # begin in one, begin in the other, length


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: ``sign`` is ``" "``, ``"-"``, ``"+"`` or ``"@"`` (lines left out).

    ``number`` is 1-based, in the new text, for ``-`` in the old one.
    """

    sign: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """``conflicts`` counts the chunks that hold both versions between marks."""

    text: str
    conflicts: int


def compare(old: str, new: str, context: int = 3) -> list[Line]:
    """What changed from ``old`` to ``new``, with ``context`` lines around; empty when equal."""
    a, b = old.splitlines(), new.splitlines()
    if a == b:
        return []
    lines: list[Line] = []
    for tag, a1, a2, b1, b2 in _opcodes(a, b):
        if tag == "equal":
            lines += [Line(" ", b1 + n + 1, text) for n, text in enumerate(b[b1:b2])]
        else:
            lines += [Line("-", a1 + n + 1, text) for n, text in enumerate(a[a1:a2])]
            lines += [Line("+", b1 + n + 1, text) for n, text in enumerate(b[b1:b2])]
    return _shortened(lines, context)


def merge(base: str, mine: str, theirs: str, my_name: str, their_name: str) -> Merged:
    """Both changes of ``base`` in one text; conflicts stand between marks with the two names."""
    old, a, b = (_lines(text) for text in (base, mine, theirs))
    merged: list[str] = []
    conflicts = 0
    for chunk in _chunks(old, a, b):
        common, left, right = chunk
        if left == right or common == right:
            merged += left
        elif common == left:
            merged += right
        else:
            conflicts += 1
            merged += [f"{MINE}{my_name}\n", *_ended(left), f"{MIDDLE}\n", *_ended(right)]
            merged += [f"{THEIRS}{their_name}\n"]
    return Merged("".join(merged), conflicts)


def has_marks(text: str) -> bool:
    """Whether marks of an unsettled conflict stand in ``text``."""
    lines = text.splitlines()
    return any(line.startswith(MINE) for line in lines) and any(
        line.startswith(THEIRS) for line in lines
    )


# Private functions


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _ended(lines: Sequence[str]) -> list[str]:
    """``lines`` with a line break at the end, so that a mark begins on a line of its own."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _opcodes(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As ``SequenceMatcher.get_opcodes``, in bearable time for any input."""
    i = j = 0
    for at, to, size in _matches(a, b):
        if i < at or j < to:
            yield "replace", i, at, j, to
        if size:
            yield "equal", at, at + size, to, to + size
        i, j = at + size, to + size


def _matches(a: Sequence[str], b: Sequence[str]) -> list[_Match]:
    """Stretches that are alike, in order, ending with an empty one at the ends of both."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    found: list[_Match] = [(0, 0, head)] if head else []
    if max(len(middle_a), len(middle_b)) <= _MOST_LINES:
        matcher = SequenceMatcher(None, middle_a, middle_b, autojunk=True)
        found += [
            (block.a + head, block.b + head, block.size)
            for block in matcher.get_matching_blocks()
            if block.size
        ]
    if tail:
        found.append((len(a) - tail, len(b) - tail, tail))
    return [*found, (len(a), len(b), 0)]


def _shortened(lines: list[Line], context: int) -> list[Line]:
    """Long runs of equal lines cut down to ``context`` lines beside each change."""
    short: list[Line] = []
    runs = [(sign, list(run)) for sign, run in groupby(lines, key=lambda line: line.sign == " ")]
    for at, (same, run) in enumerate(runs):
        before = context if at else 0
        after = context if at < len(runs) - 1 else 0
        if same and len(run) > before + after:
            left_out = len(run) - before - after
            end = run[len(run) - after :] if after else []
            short += [*run[:before], Line("@", left_out, ""), *end]
        else:
            short += run
    return short


def _chunks(
    old: list[str], a: list[str], b: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Base, mine and theirs cut where all three agree; agreed stretches come as chunks too."""
    i = j = k = 0
    for at, in_a, in_b, size in _agreed(_matches(old, a), _matches(old, b)):
        if i < at or j < in_a or k < in_b:
            yield old[i:at], a[j:in_a], b[k:in_b]
        same = old[at : at + size]
        if same:
            yield same, same, same
        i, j, k = at + size, in_a + size, in_b + size


def _agreed(with_a: list[_Match], with_b: list[_Match]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of the base that stand in both: begin in base, in a, in b, length."""
    one = two = 0
    while one < len(with_a) and two < len(with_b):
        base_a, in_a, size_a = with_a[one]
        base_b, in_b, size_b = with_b[two]
        begin, end = max(base_a, base_b), min(base_a + size_a, base_b + size_b)
        last = one == len(with_a) - 1 and two == len(with_b) - 1
        if begin < end or last:
            yield begin, in_a + begin - base_a, in_b + begin - base_b, max(end - begin, 0)
        if base_a + size_a < base_b + size_b or two == len(with_b) - 1:
            one += 1
        else:
            two += 1
