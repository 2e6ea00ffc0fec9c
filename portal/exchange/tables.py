"""Reads spreadsheets that people send: CSV and XLSX into rows of text, whatever they hold.

``read_table(data)`` gives ``(table | None, problems)`` and never raises on what was sent. Cells are
the text that a person sees in Excel or WPS: a staff number formatted ``000`` is ``007``, 20240101.0
is ``20240101``, a date is ``2024-01-01``, a formula its last result. Row numbers are those of the
spreadsheet, from 1; blank rows are left out. A file that cannot be trusted whole (bombs, macros,
encryption, another format) gives no table and one problem; what is wrong with a single cell is a
problem beside the table: callers refuse the file when there is any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from portal.exchange import csv_tables, workbooks
from portal.exchange.table_model import Limits, Row, Table, TableProblem

__all__ = ["LIMITS", "Limits", "Row", "Table", "TableProblem", "find_columns", "read_table"]

LIMITS = Limits()
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff")
_AROUND = " \t\r\n\u3000\xa0"
_FORMULA = tuple("=+-@＝＋－＠\t\r")


def read_table(
    data: bytes, limits: Limits = LIMITS
) -> tuple[Table | None, tuple[TableProblem, ...]]:
    """The first visible sheet of an XLSX, or a CSV (UTF-8, UTF-16 with a mark, GB18030; ``,`` ``;``
    or tab). What it is is told by its bytes, never by its name."""
    if not data.strip():
        return None, (TableProblem("table.empty"),)
    if len(data) > limits.file_bytes:
        return None, (TableProblem("table.too_large", args={"mb": limits.file_bytes >> 20}),)
    read = workbooks.read if workbooks.is_workbook(data) else csv_tables.read
    rows, problems = read(data, limits)
    return _checked(rows, problems, limits)


def find_columns(header: Row, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where the columns are that ``names`` (field: accepted headings) asks for.

    Headings are compared without white space, case, ``*`` ``_`` ``-`` or full-width forms. A field
    whose heading is not there is missing in the answer; the first of two equal headings counts.
    """
    found = {_folded(cell): column for column, cell in reversed(list(enumerate(header.cells)))}
    places = {
        name: next((found[_folded(one)] for one in accepted if _folded(one) in found), None)
        for name, accepted in names.items()
    }
    return {name: place for name, place in places.items() if place is not None}


def tidy(text: str) -> str:
    """A cell's text without what nobody sees, and without the ``'`` that disarms a formula."""
    text = text.translate(_INVISIBLE).strip(_AROUND)
    if text.startswith('="') and text.endswith('"'):  # how exports keep 007 from becoming 7
        text = text[2:-1].strip(_AROUND)
    if text[:1] == "'" and text[1:2] in _FORMULA:
        text = text[1:]
    return text


# Private functions


def _checked(
    rows: Iterable[Sequence[str]], problems: Sequence[TableProblem], limits: Limits
) -> tuple[Table | None, tuple[TableProblem, ...]]:
    kept: list[Row] = []
    found = list(problems)
    for row in _numbered(rows):
        if row.number > limits.rows:
            return None, (TableProblem("table.many_rows", args={"most": limits.rows}),)
        if len(row.cells) > limits.columns:
            args = {"most": limits.columns, "row": row.number}
            return None, (TableProblem("table.many_columns", row.number, args),)
        if any(len(cell) > limits.cell_characters for cell in row.cells):
            found.append(TableProblem("table.cell_long", row.number, {"row": row.number}))
        kept.append(row)
    if not kept:
        return None, tuple(found) or (TableProblem("table.empty"),)
    return Table(tuple(kept)), tuple(found)


def _numbered(rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Rows that hold something, without the empty cells at their end."""
    for number, given in enumerate(rows, 1):
        cells = list(given)
        while cells and not (cells[-1] and tidy(cells[-1])):
            cells.pop()
        if cells:
            yield Row(number, tuple(tidy(cell) for cell in cells))


def _folded(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "*_-")
