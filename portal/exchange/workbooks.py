"""XLSX as rows of text, read a row at a time after the zip around it has been judged.

What a zip claims about itself is believed as far as ``zipfile`` enforces it: reading a part never
yields more bytes than its entry announces. Rows and columns are cut at the limits while they are
read, so that a cell far out (``XFD1048576``) claims no memory; a stray cell beyond the columns is
not read, one below the rows is an error.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from portal.exchange.table_model import Limits, TableProblem

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of an XLSX with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SMALL_PART = 1 << 20
_EXCEL_ROWS = 1 << 20
_EXACT = 10**15  # Excel keeps fifteen digits
_ZEROS = re.compile(r'(?:"([^"]*)")?(0+)(?:"([^"]*)")?')  # 000, or with words around it: "B-"000
_PERCENT = re.compile(r"0(?:\.(0+))?%")

Rows = Iterable[Sequence[str]]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an Office file of any age."""
    return data.startswith((_ZIP, _OLE))


def read(data: bytes, limits: Limits) -> tuple[Rows, list[TableProblem]]:
    """Every row of the first visible sheet, blank ones too; at most one beyond the limits."""
    problem = _judge(data, limits)
    if problem:
        return (), [TableProblem(problem, args={"mb": limits.unpacked_bytes >> 20})]
    problems: list[TableProblem] = []
    try:
        return list(_rows(data, limits, problems)), problems
    # openpyxl and the XML parser below it raise what they please on a broken file
    except Exception:
        return (), [TableProblem("table.broken")]


# Private functions


def _judge(data: bytes, limits: Limits) -> str | None:
    """The locale key of what is wrong with the file as a whole."""
    if data.startswith(_OLE):
        return "table.encrypted" if _ENCRYPTED in data else "table.legacy"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _judge_parts(archive, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError):
        return "table.broken"


def _judge_parts(archive: zipfile.ZipFile, limits: Limits) -> str | None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        return "table.encrypted"
    if _is_bomb(parts, limits):
        return "table.bomb"
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        return "table.macros"
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        return "table.other_format"
    if len(names) < len(parts) or any(_has_document_type(archive, part) for part in parts):
        return "table.broken"
    return "table.macros" if b"macroEnabled" in archive.read("[Content_Types].xml") else None


def _is_bomb(parts: Sequence[zipfile.ZipInfo], limits: Limits) -> bool:
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        return True
    return any(
        part.file_size > max(_SMALL_PART, limits.ratio * part.compress_size) for part in parts
    )


def _has_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No program writes one into a workbook; who does, wants entities to multiply."""
    if not part.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(part) as stream:
        start = stream.read(4096).replace(b"\x00", b"")  # UTF-16 alike
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start


def _rows(data: bytes, limits: Limits, problems: list[TableProblem]) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook  # takes a while; a CSV does without
    from openpyxl.cell.read_only import EMPTY_CELL

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet: Any = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
        if sheet is None:
            return
        sheet.reset_dimensions()  # programs write wrong ones
        before: object = None
        rows = islice(sheet.iter_rows(max_col=limits.columns + 1), _EXCEL_ROWS)
        for number, row in enumerate(rows, 1):
            if row is before:  # rows that are missing in the file are one and the same tuple
                cells = [""]
            else:
                cells = ["" if c is EMPTY_CELL else _text(c, number, problems) for c in row]
            before = row
            if number <= limits.rows:
                yield cells
            elif any(cells):
                yield cells
                return
    finally:
        book.close()


def _text(cell: Any, row: int, problems: list[TableProblem]) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        if value and cell.data_type == "e":
            _note(problems, "table.error_value", row, cell)
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            _note(problems, "table.long_number", row, cell)
        return _number(value, cell.number_format or "")
    return _moment(value)


def _note(problems: list[TableProblem], key: str, row: int, cell: Any) -> None:
    args = {"row": row, "column": cell.column_letter, "value": str(cell.value)}
    problems.append(TableProblem(key, row, args))


def _number(value: float, shown_as: str) -> str:
    zeros = _ZEROS.fullmatch(shown_as)
    if zeros and value >= 0 and float(value).is_integer():
        before, digits, after = zeros.groups(default="")
        return f"{before}{int(value):0{len(digits)}d}{after}"
    percent = _PERCENT.fullmatch(shown_as)
    if percent:
        return f"{value:.{len(percent[1] or '')}%}"
    return str(int(value)) if float(value).is_integer() else f"{value:.15g}"


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)
