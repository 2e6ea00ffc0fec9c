"""A report as typed rows: the one form that screen, chart, table twin and export share.

Values are rounded when a report is made (``rounded``), to the digits that are shown, so that no
two places can show different digits of one figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "count", "share", "hours", "number", "day", "moment"]

NOTHING = "—"  # hidden because the group is small, or nothing to divide by

_DIGITS: Mapping[Kind, int] = {"share": 3, "hours": 1, "number": 1}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` says what its values are (each may be None):

    ``text`` str · ``count`` int · ``share`` float 0..1, shown in percent with one decimal ·
    ``hours`` float, hours with one decimal · ``number`` float with one decimal ·
    ``day`` str ``2026-11-26``, the portal's own day · ``moment`` str, UTC as ``core.times.iso``.
    """

    key: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """``name`` is the report's; a row maps the key of every column to a value.

    Rows may hold more than their columns (ids to link to): only columns are shown and exported.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]


def make_table(name: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> Table:
    """The table of ``rows`` with every value rounded. Raises KeyError when a row lacks a column."""
    return Table(
        name,
        tuple(columns),
        tuple(
            {**row, **{column.key: rounded(column.kind, row[column.key]) for column in columns}}
            for row in rows
        ),
    )


def rounded(kind: Kind, value: Any) -> Any:
    """``value`` to the digits in which its kind is shown."""
    if value is None or kind not in _DIGITS:
        return value
    return round(float(value), _DIGITS[kind])


def text_of(kind: Kind, value: Any) -> str:
    """``value`` in words, the same in every language; days and moments as they are."""
    if value is None:
        return NOTHING
    match kind:
        case "share":
            return f"{value:.1%}"
        case "hours" | "number":
            return f"{value:,.1f}"
        case "count":
            return f"{value:,d}"
        case "text" | "day" | "moment":
            return str(value)
