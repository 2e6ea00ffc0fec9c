"""The six capabilities, their five levels, and the posts that need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Chinese, the source language, and in English where an edition exists."""

    zh: str
    en: str | None = None

    def in_(self, locale: str) -> str:
        """The text in ``locale`` (``zh`` or ``en``); Chinese where there is no English."""
        return self.en if locale == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Capability:
    key: str
    name: Bilingual
    colour: str  # "#rrggbb", one colour everywhere
    levels: tuple[Bilingual, ...]  # index 0 is level 1; observable behaviour


@dataclass(frozen=True, slots=True)
class Post:
    key: str
    name: Bilingual
    needs: Mapping[str, int]  # capability key -> level 1..5


@dataclass(frozen=True, slots=True)
class CapabilityModel:
    capabilities: tuple[Capability, ...] = ()
    posts: tuple[Post, ...] = ()
