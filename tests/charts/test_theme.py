"""Words in charts can be read on either ground."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.charts import capability, gains, items, questions, ratings, units

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
WHITE_ON_BARS = "white"  # see ratings.COLOURS
SPECS = {
    "bars": units.bars("", "", ""),
    "many_bars": units.many_bars("", "", ""),
    "gains": gains.gain("", "", ""),
    "facility": questions.facility("", "", ""),
    "curve": items.curve("", "", ""),
    "ratings": ratings.ratings("", "", "", "", "P", "S", "M", "U"),
    "bands": capability.bands("", "", ""),
    "radar": capability.radar(),
}


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def words_of(spec: dict[str, Any]) -> Iterator[str]:
    """The colour of every mark of text."""
    for layer in spec.get("layer", [spec]):
        if layer["mark"]["type"] == "text":
            given = layer["encoding"].get("color", layer["mark"].get("color"))
            yield given["value"] if isinstance(given, dict) else given


@pytest.mark.parametrize("name", SPECS)
def test_words_in_a_chart_have_the_grey_of_the_readers_theme(name: str) -> None:
    found = set(words_of(SPECS[name]))
    assert found and found <= {"gray", WHITE_ON_BARS}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grey_words_can_be_read_on_their_ground(theme: str) -> None:
    look = tomllib.loads(CONFIG.read_text("utf-8"))["theme"][theme]
    for grey in ("grayColor", "grayTextColor"):
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(look[grey], look[ground]) >= 4.5, (grey, ground)


def test_words_on_the_bars_of_ratings_can_be_read() -> None:
    assert all(contrast("#FFFFFF", colour) >= 4.5 for colour in ratings.COLOURS)
