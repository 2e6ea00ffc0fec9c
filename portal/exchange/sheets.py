"""Spreadsheets out: XLSX and CSV that open well in Excel and WPS, and in which nothing is run.

What people wrote ends up in cells: a text that begins like a formula gets an apostrophe in front,
in XLSX too (a file is saved on as CSV). Numbers and dates are numbers and dates with a format;
nothing else in a file is computed. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core.report_table import NOTHING, Kind, text_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

MOST_ROWS = 1_048_575  # of one sheet of Excel, without its heading
_MOST_CHARACTERS = 32_767  # of one cell of Excel
_WIDEST, _NARROWEST, _ROWS_LOOKED_AT = 48, 8, 300
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # Excel takes the full-width signs for the others
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "share": "0.0%",
    "hours": "#,##0.0",
    "number": "#,##0.0",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``headings`` are in the reader's language, ``kinds`` those of ``report_table``.

    A row has a value for each heading: None is shown as ``—``; ``share`` is 0..1; ``day`` is a
    date or ISO text; ``moment`` is a naive datetime in the portal's time zone.
    """

    name: str
    headings: Sequence[str]
    kinds: Sequence[Kind]
    rows: Sequence[Sequence[Any]]


def safe(text: str) -> str:
    """``text`` as a cell: nothing that a spreadsheet would compute or could not hold."""
    clean = _UNPRINTABLE.sub("", text)
    if clean.lstrip(" \u3000\u00a0").startswith(_FORMULA):
        clean = f"'{clean}"
    if len(clean) > _MOST_CHARACTERS:
        clean = clean[: _MOST_CHARACTERS - 1] + "…"
    return clean


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel accepts (at most 31 characters, unlike each other), in order."""
    taken: set[str] = {"history"}  # Excel keeps it for itself
    names = []
    for name in wanted:
        clean = _NOT_IN_NAMES.sub(" ", _UNPRINTABLE.sub("", name)).strip().strip("'") or "Sheet"
        clean, number = clean[:31].strip(), 1
        base = clean
        while clean.lower() in taken:
            number += 1
            clean = f"{base[: 31 - len(str(number)) - 3]} ({number})"
        taken.add(clean.lower())
        names.append(clean)
    return names


def to_xlsx(sheets: Sequence[Sheet], *, title: str, made_at: datetime) -> bytes:
    """A workbook. Raises ValueError when a sheet has more than ``MOST_ROWS`` rows."""
    from xlsxwriter import Workbook  # slow to import, and most visitors never export

    output = io.BytesIO()
    font = {"font_name": "微软雅黑", "font_size": 10}
    book = Workbook(
        output,
        # rows are written out as they come: 100,000 of them fit beside everything else
        {"constant_memory": True, "default_format_properties": font},
    )
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    heading = book.add_format(
        {**font, "bold": True, "bg_color": "#E8EEF5", "bottom": 1, "text_wrap": True}
    )
    formats = {
        kind: book.add_format({**font, "num_format": code, "align": "right"})
        for kind, code in _FORMATS.items()
    }
    formats["text"] = book.add_format({**font, "align": "left"})
    for sheet, name in zip(sheets, sheet_names([s.name for s in sheets]), strict=True):
        _write_sheet(book.add_worksheet(name), sheet, heading, formats)
    book.close()
    return output.getvalue()


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark by which Excel knows it; figures as the page shows them."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in sheet.headings])
    for row in sheet.rows:
        writer.writerow(
            [_csv_cell(kind, value) for kind, value in zip(sheet.kinds, row, strict=True)]
        )
    return output.getvalue().encode("utf-8-sig")


# Private functions


def _write_sheet(target: Any, sheet: Sheet, heading: Any, formats: dict[Kind, Any]) -> None:
    if len(sheet.rows) > MOST_ROWS:
        raise ValueError(f"a sheet holds at most {MOST_ROWS} rows, not {len(sheet.rows)}")
    for at, width in enumerate(_widths(sheet)):
        target.set_column(at, at, width)
    for at, words in enumerate(sheet.headings):
        target.write_string(0, at, safe(words), heading)
    for number, row in enumerate(sheet.rows, 1):
        for at, (kind, value) in enumerate(zip(sheet.kinds, row, strict=True)):
            _write_cell(target, number, at, kind, value, formats[kind])
    target.freeze_panes(1, 0)
    # staff numbers are text on purpose: no green corner for them
    target.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})
    if sheet.rows:
        target.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
    target.set_landscape()
    target.set_paper(9)  # A4
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)


def _write_cell(target: Any, row: int, at: int, kind: Kind, value: Any, look: Any) -> None:
    if value is None:
        target.write_string(row, at, NOTHING, look)
    elif kind == "day":
        target.write_datetime(row, at, _day(value), look)
    elif kind == "moment":
        target.write_datetime(row, at, value, look)
    elif kind == "text":
        target.write_string(row, at, safe(str(value)), look)
    else:
        target.write_number(row, at, value, look)


def _csv_cell(kind: Kind, value: Any) -> str:
    if value is None:
        return NOTHING
    match kind:
        case "text":
            return safe(str(value))
        case "moment":
            return f"{value:%Y-%m-%d %H:%M}"
        case "day":
            return _day(value).isoformat()
        case _:
            # thousands separators would make a text of it
            return text_of(kind, value).replace(",", "")


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _widths(sheet: Sheet) -> list[int]:
    """In characters of Latin script; a Chinese one is as wide as two."""
    widths = [_width(words) + 4 for words in sheet.headings]  # room for the filter's arrow
    for row in sheet.rows[:_ROWS_LOOKED_AT]:
        for at, (kind, value) in enumerate(zip(sheet.kinds, row, strict=True)):
            widths[at] = max(widths[at], _width(_csv_cell(kind, value)) + 2)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
