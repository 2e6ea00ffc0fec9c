"""Questions of a course that repeat each other, found without comparing all pairs.

Stems are compared by the three-character pieces they are made of: alike means that at least four
fifths of all pieces of both are shared (Jaccard ≥ 0.8). Two texts that alike must share one of
their rarest pieces, so each text is looked up by these alone (prefix filter: Chaudhuri, Ganti and
Kaushik 2006; Bayardo, Ma and Srikant 2007). A text that repeats an earlier one is reported and not
looked up again; thousands of copies cost no more than thousands of different texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from portal.core.item_checks import Facts
from portal.core.problems import Problem

ALIKE = 0.8
_PIECE = 3
_SHORTEST = 10  # folded characters; shorter stems say too little to repeat each other
_CANDIDATES = 64  # looked at for one text; more only means that many earlier ones are alike


def repeated(questions: Sequence[tuple[str, Facts]]) -> list[Problem]:
    """Problems of stems and options repeated among ``questions``, pairs of path and facts.

    The later question is reported, with the earlier one's place.
    """
    active = [(path, facts) for path, facts in questions if not facts.retired]
    return _repeated_stems(active) + _repeated_options(active)


def nearest(text: str, stems: Sequence[str], *, least: float = 0.5) -> list[tuple[int, float]]:
    """Positions in ``stems`` of what is like ``text``, with how like (Jaccard, 0..1), the most
    alike first. All texts are folded already; those that are too short are like nothing."""
    wanted = _pieces(text)
    if len(text) < _SHORTEST:
        return []
    found = []
    for at, stem in enumerate(stems):
        # a text of half the length cannot share half of all pieces
        if len(stem) < _SHORTEST or not least <= len(stem) / len(text) <= 1 / least:
            continue
        pieces = _pieces(stem)
        shared = len(wanted & pieces)
        alike = shared / (len(wanted) + len(pieces) - shared)
        if alike >= least:
            found.append((at, alike))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


# Private functions


def _repeated_stems(questions: Sequence[tuple[str, Facts]]) -> list[Problem]:
    problems = []
    first_of: dict[str, int] = {}
    unlike: list[int] = []
    for at, (_, facts) in enumerate(questions):
        if len(facts.stem) < _SHORTEST:
            continue
        first = first_of.setdefault(facts.stem, at)
        if first == at:
            unlike.append(at)
        else:
            problems.append(_problem(questions[at], questions[first], "Q208"))
    pieces = {at: _pieces(questions[at][1].stem) for at in unlike}
    for at, first in _alike(pieces).items():
        problems.append(_problem(questions[at], questions[first], "Q208"))
    return problems


def _pieces(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1))


def _alike(pieces: Mapping[int, frozenset[str]]) -> dict[int, int]:
    """For each text that is like an earlier one: which."""
    rarity = Counter(piece for found in pieces.values() for piece in found)
    index: dict[str, list[int]] = {}
    alike: dict[int, int] = {}
    for at, found in pieces.items():
        rare = sorted(found, key=lambda piece: (rarity[piece], piece))
        prefix = rare[: len(rare) - ceil(ALIKE * len(rare)) + 1]
        twin = _twin(found, prefix, index, pieces)
        if twin is not None:
            alike[at] = twin
            continue
        for piece in prefix:
            if rarity[piece] > 1:
                index.setdefault(piece, []).append(at)
    return alike


def _twin(
    found: frozenset[str],
    prefix: Sequence[str],
    index: Mapping[str, list[int]],
    pieces: Mapping[int, frozenset[str]],
) -> int | None:
    seen: set[int] = set()
    for piece in prefix:
        for other in index.get(piece, ()):
            if other in seen:
                continue
            seen.add(other)
            shared = len(found & pieces[other])
            if shared >= ALIKE * (len(found) + len(pieces[other]) - shared):
                return other
            if len(seen) >= _CANDIDATES:
                return None
    return None


def _repeated_options(questions: Sequence[tuple[str, Facts]]) -> list[Problem]:
    """One problem a question at most: the first of its options that stands elsewhere."""
    first_of: dict[str, int] = {}
    problems = []
    for at, (path, facts) in enumerate(questions):
        twice = next((text for text in facts.options if text in first_of), None)
        if twice is not None:
            other_path, other = questions[first_of[twice]]
            place = f"{other_path}:{other.line}"
            args = {"option": twice[:40], "other": place}
            problems.append(Problem(path, facts.line, "Q209", args))
        for text in facts.options:
            first_of.setdefault(text, at)
    return problems


def _problem(one: tuple[str, Facts], other: tuple[str, Facts], code: str) -> Problem:
    place = f"{other[0]}:{other[1].line}"
    return Problem(one[0], one[1].line, code, {"other": place, "id": other[1].id})
