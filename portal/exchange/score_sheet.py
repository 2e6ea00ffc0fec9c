"""Reads a paper test's score sheet: one row a person, one column an item.

What is optional is told by what stands there:

- *Header*: a first row with words where the others have numbers. It names the items.
- *Names*: leading columns that are headed 姓名, 学号, id, name … or hold words; a first column that
  runs 1, 2, 3 … or holds numbers that are all different and above every mark. They are no items.
  A column headed 总分 / total is left out: the total is worked out anew.
- *Maximum marks*: the first row below the header, when the names column says so (满分, max …) or is
  empty there though every person has one. Without a names column it is the first row when no mark
  in any column is higher and it is not simply the same as all others; with fewer than three items
  it must be higher somewhere. ``max_row`` overrides this.

Without a row of maximum marks an item counts the highest mark that anybody has, at least 1.
An empty cell is a question left blank and counts 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from portal.exchange.score_layout import (
    BLANK,
    SUMMARY_WORDS,
    MaxRow,
    folded,
    is_header,
    is_max_row,
    is_total,
    name_columns,
    number,
    says_maximum,
)
from portal.exchange.tables import Row, TableProblem, read_table

MOST_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """``marks[person][item]`` and ``maxima[item]`` in points. ``max_from`` says where the maxima
    are from: ``row``, or ``marks`` when none were given. ``blanks`` counts empty cells."""

    items: tuple[str, ...]
    marks: tuple[tuple[float, ...], ...]
    maxima: tuple[float, ...]
    max_from: Literal["row", "marks"]
    blanks: int


def read_score_sheet(
    name: str, data: bytes, max_row: MaxRow = "auto"
) -> tuple[ScoreSheet | None, tuple[TableProblem, ...]]:
    """The sheet in a CSV or XLSX; None with at least one problem, and all problems at once."""
    table, problems = read_table(data)
    if table is None or problems:
        return None, problems or (TableProblem("table.empty"),)
    return read_rows(table.rows, max_row)


def read_rows(
    rows: Sequence[Row], max_row: MaxRow = "auto"
) -> tuple[ScoreSheet | None, tuple[TableProblem, ...]]:
    """The sheet in these rows."""
    width = max((len(row.cells) for row in rows), default=0)
    header = rows[0] if rows and is_header(rows) else None
    body = list(rows[1:] if header else rows)
    if not body:
        return None, (TableProblem("scores.no_persons"),)
    if len(body) * width > MOST_CELLS:
        return None, (TableProblem("scores.too_many", args={"most": f"{MOST_CELLS:,}"}),)
    names = name_columns(header, body, width)
    columns = [at for at in range(len(names), width) if not is_total(header, at)]
    columns = [at for at in columns if _holds_something(header, body, at)]
    if not columns:
        return None, (TableProblem("scores.no_items"),)
    top = body[0] if is_max_row(body, names, columns, max_row) else None
    return _sheet(header, top, body[1:] if top else body, columns)


# Private functions


def _sheet(
    header: Row | None, top: Row | None, people: Sequence[Row], columns: Sequence[int]
) -> tuple[ScoreSheet | None, tuple[TableProblem, ...]]:
    if not people:
        return None, (TableProblem("scores.no_persons"),)
    problems: list[TableProblem] = []
    maxima = _marks(top, columns, problems) if top else None
    marks = [_marks(row, columns, problems) for row in people]
    if maxima is not None:
        problems += _too_high(people, columns, marks, maxima)
    problems += _no_persons(people, columns[0])
    if problems:
        return None, tuple(sorted(problems, key=lambda problem: problem.row or 0))
    given = maxima or [max(1.0, *(row[at] for row in marks)) for at in range(len(columns))]
    return ScoreSheet(
        items=_item_names(header, columns),
        marks=tuple(map(tuple, marks)),
        maxima=tuple(given),
        max_from="row" if maxima is not None else "marks",
        blanks=sum(row.cell(at) in BLANK for row in people for at in columns),
    ), ()


def _marks(row: Row, columns: Sequence[int], problems: list[TableProblem]) -> list[float]:
    found = []
    for at in columns:
        mark = number(row.cell(at))
        if mark is None:
            args = {"column": _letter(at), "cell": row.cell(at)[:30]}
            problems.append(TableProblem("scores.not_a_number", row.number, args))
        found.append(mark or 0.0)
    return found


def _too_high(
    people: Sequence[Row],
    columns: Sequence[int],
    marks: Sequence[Sequence[float]],
    maxima: Sequence[float],
) -> list[TableProblem]:
    return [
        TableProblem(
            "scores.above_maximum",
            row.number,
            {"column": _letter(columns[at]), "mark": f"{mark:g}", "max": f"{maxima[at]:g}"},
        )
        for row, given in zip(people, marks, strict=True)
        for at, mark in enumerate(given)
        if mark > maxima[at]
    ]


def _no_persons(people: Sequence[Row], names: int) -> list[TableProblem]:
    """Rows that a spreadsheet adds below or between: averages, a second row of maxima."""
    return [
        TableProblem("scores.not_a_person", row.number, {"name": row.cell(at)[:30]})
        for row in people
        for at in range(names)
        if folded(row.cell(at)) in SUMMARY_WORDS or says_maximum(row.cell(at))
    ]


def _holds_something(header: Row | None, body: Sequence[Row], at: int) -> bool:
    return bool(header and header.cell(at)) or any(row.cell(at) for row in body)


def _item_names(header: Row | None, columns: Sequence[int]) -> tuple[str, ...]:
    """The headings, those that are missing or doubled told apart by their position."""
    names: list[str] = []
    for position, at in enumerate(columns, 1):
        name = (header.cell(at) if header else "") or str(position)
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)


def _letter(at: int) -> str:
    """The column as a spreadsheet names it: A … Z, AA …"""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
