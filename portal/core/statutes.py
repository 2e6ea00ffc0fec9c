"""The registry of statutes that courses may cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Statute:
    """One version of one statute. ``articles`` is the number of the last article.

    ``inserted`` lists articles added between numbers ("291-1", "291-2").
    """

    title: str
    short: str
    english: str
    aliases: tuple[str, ...]
    effective: str  # ISO date
    articles: int
    in_force: bool
    inserted: frozenset[str] = frozenset()
    replaced_by: str = ""  # short title of the statute that took its place
    source: str = ""


@dataclass(frozen=True, slots=True)
class StatuteRegistry:
    """``by_name`` maps every title, short title and alias to its versions, the one in force first."""

    by_name: Mapping[str, tuple[Statute, ...]] = field(default_factory=dict)
