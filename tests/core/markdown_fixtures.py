"""Reads Markdown fixtures: a title, a source and the expected output, parted by lines of ``.``."""

from __future__ import annotations

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures" / "markdown"


def examples(name: str) -> list[tuple[str, str, str]]:
    """``(title, source, expected)`` of each example in ``<name>.md``."""
    parts = (FIXTURES / f"{name}.md").read_text(encoding="utf-8").split("\n.\n")
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    return [(title.strip(), source, expected) for title, source, expected in triples]
