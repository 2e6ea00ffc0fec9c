"""Finding the unit and the posts that a roster names, and the nearest when there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from portal.core.postings import TRAINER_POST
from portal.core.roster_model import RosterProblem, UnitFact

_BETWEEN_UNITS = re.compile(r"\s*[/\\>›»→]\s*")
_BETWEEN_POSTS = re.compile(r"[、,;/|\n]")
_MOST_SUGGESTIONS = 30  # texts for which the nearest is looked for: it takes a while
_NEAR = 0.5


def fold(text: str) -> str:
    """Full-width forms, case and white space do not tell units and posts apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


class UnitLookup:
    """Units by code or by the names from the top down."""

    def __init__(self, units: Sequence[UnitFact]) -> None:
        self._by_code = {fold(unit.code): unit for unit in units if unit.code}
        self._by_names: dict[str, list[UnitFact]] = {}
        for unit in units:
            self._by_names.setdefault(fold("/".join(unit.names)), []).append(unit)
        self._words = {fold("/".join(u.names)): "/".join(u.names) for u in units if not u.closed}
        self._known: dict[str, UnitFact | RosterProblem] = {}
        self._looked_for = 0

    def find(self, text: str) -> UnitFact | RosterProblem:
        """The open unit that ``text`` names, or why there is none (a problem without a row)."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> UnitFact | RosterProblem:
        folded = fold(_BETWEEN_UNITS.sub("/", unicodedata.normalize("NFKC", text).strip("/\\> ")))
        by_code = self._by_code.get(fold(text))
        found = [by_code] if by_code else self._by_names.get(folded, [])
        open_ones = [unit for unit in found if not unit.closed]
        if len(open_ones) == 1:
            return open_ones[0]
        if open_ones:
            return RosterProblem("roster.unit_ambiguous", args={"unit": text})
        if found and found[0].successor:
            return RosterProblem(
                "roster.unit_merged", args={"unit": text, "successor": found[0].successor}
            )
        if found:
            return RosterProblem("roster.unit_closed", args={"unit": text})
        return self._unknown(text, folded)

    def _unknown(self, text: str, folded: str) -> RosterProblem:
        endings = [words for key, words in self._words.items() if key.endswith(f"/{folded}")]
        near = endings[:1]
        if not near and self._looked_for < _MOST_SUGGESTIONS:
            self._looked_for += 1
            near = [
                self._words[key]
                for key in get_close_matches(folded, list(self._words), 1, cutoff=_NEAR)
            ]
        if near:
            return RosterProblem("roster.unit_near", args={"unit": text, "near": near[0]})
        return RosterProblem("roster.unit_unknown", args={"unit": text})


def find_posts(text: str, posts: Mapping[str, str]) -> tuple[str, ...] | RosterProblem:
    """The keys of the posts that ``text`` names, in order, or the first that is not known."""
    names = [
        name for name in _BETWEEN_POSTS.split(unicodedata.normalize("NFKC", text)) if name.strip()
    ]
    keys = []
    for name in names:
        key = posts.get(fold(name)) if posts else name.strip()
        if key is None:
            near = get_close_matches(fold(name), list(posts), 1, cutoff=_NEAR)
            if near:
                return RosterProblem(
                    "roster.post_near", args={"post": name.strip(), "near": near[0]}
                )
            return RosterProblem("roster.post_unknown", args={"post": name.strip()})
        keys.append(key)
    if not keys:
        return RosterProblem("roster.post_missing")
    return tuple(dict.fromkeys(keys))


def post_names(posts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """``Facts.posts`` from keys with their names; a trainer's post is always known."""
    named = {**posts, TRAINER_POST: ("培训师", "trainer")} if posts else {}
    return {fold(name): key for key, names in named.items() for name in (key, *names)}
