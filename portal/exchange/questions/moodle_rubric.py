"""A rubric inside another program's notes for the marker: a table of points and criteria."""

from __future__ import annotations

from portal.core.blocks import parse_page
from portal.core.containers import rows
from portal.core.questions import Essay


def write_rubric(body: Essay, locale: str) -> str:
    """The rubric as a Markdown table."""
    lines = ["| 分 | 要点 |", "| --- | --- |"]
    return "\n".join(
        [*lines, *(f"| {row.points:g} | {_cell(row.text.in_(locale))} |" for row in body.rubric)]
    )


def read_rubric(guide: str, points: float) -> list[tuple[float, str]]:
    """The rows of the first table; without one the whole guide is one criterion, if short."""
    page = parse_page(guide)
    found = [row for block in page.blocks for row in rows(block.tokens) if not row.head]
    criteria = []
    for row in found:
        if len(row.cells) < 2:
            continue
        try:
            worth = float(row.cells[0].strip().removesuffix("分"))
        except ValueError:
            continue
        if 0 < worth <= 100 and row.cells[1].strip():
            criteria.append((worth, row.cells[1]))
    if criteria:
        return criteria
    line = " ".join(guide.split())
    return [(points if points > 0 else 1.0, line)] if line and "|" not in line else []


# Private functions


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
