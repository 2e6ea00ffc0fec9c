"""What changed in the register of statutes since it was last seen.

Compared is what a citation rests on: the version in force of each statute, its dates and its
articles. A statute that is registered for the first time is no change: nothing cites it yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.core.statutes import Statute, StatuteRegistry

ChangeKind = Literal["amended", "repealed", "corrected"]
Verdict = Literal["unchanged", "changed", "open"]
VERDICTS: tuple[Verdict, ...] = ("unchanged", "changed", "open")


@dataclass(frozen=True, slots=True)
class Known:
    """One statute as it was seen. ``inserted`` and ``deleted`` are articles in order."""

    title: str
    short: str
    version: str
    effective: str  # ISO date, "" where unknown
    articles: int
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    in_force: bool = True
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class LawChange:
    """``amended``: another version is in force; ``repealed``: none is, ``after`` is what took its
    place or, where nothing did, the statute itself; ``corrected``: the same version has other
    dates or articles than was registered."""

    kind: ChangeKind
    before: Known
    after: Known


@dataclass(frozen=True, slots=True)
class Judged:
    """The newest judgement on a place; None as long as nobody gave one."""

    verdict: Verdict | None = None
    at: datetime | None = None


def known_of(registry: StatuteRegistry) -> dict[str, Known]:
    """Every statute by title: its version in force, else the one registered first."""
    found: dict[str, Known] = {}
    for versions in registry.by_name.values():
        for statute in versions:
            held = found.get(statute.title)
            if held is None or (statute.in_force and not held.in_force):
                found[statute.title] = _known(statute)
    return found


def compare(before: Mapping[str, Known], now: Mapping[str, Known]) -> list[LawChange]:
    """The changes from ``before`` to ``now``, by title."""
    changes: list[LawChange] = []
    by_short = {known.short: known for known in now.values()}
    for title, old in sorted(before.items()):
        change = _change(old, now.get(title), by_short) if old.in_force else None
        if change is not None:
            changes.append(change)
    return changes


def passed_until(judged: Iterable[Judged]) -> datetime | Literal["now"] | None:
    """Until when people passed a course on the old text, given its places' judgements.

    ``"now"`` while a place is open: the text still stands there. Otherwise the last moment at which
    a place was found changed; None when the law's change touched none of them.
    """
    last: datetime | None = None
    for one in judged:
        if one.verdict in (None, "open"):
            return "now"
        if one.verdict == "changed" and one.at is not None:
            last = one.at if last is None else max(last, one.at)
    return last


# Private functions


def _known(statute: Statute) -> Known:
    return Known(
        title=statute.title,
        short=statute.short,
        version=statute.version,
        effective=statute.effective,
        articles=statute.articles,
        inserted=tuple(sorted(statute.inserted)),
        deleted=tuple(sorted(statute.deleted)),
        in_force=statute.in_force,
        replaced_by=statute.replaced_by,
    )


def _change(old: Known, new: Known | None, by_short: Mapping[str, Known]) -> LawChange | None:
    if new is None or not new.in_force:
        successor = by_short.get(new.replaced_by) if new is not None else None
        return LawChange("repealed", old, successor or old)
    if (new.version, new.effective) != (old.version, old.effective):
        same = new.version == old.version and new.version != ""
        return LawChange("corrected" if same else "amended", old, new)
    if _articles(new) != _articles(old):
        return LawChange("corrected", old, new)
    return None


def _articles(known: Known) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    return known.articles, known.inserted, known.deleted
