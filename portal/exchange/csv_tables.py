"""CSV as rows of text: the encodings and separators that Excel, WPS and old systems write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice

from portal.exchange.table_model import Limits, TableProblem

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",;\t"
_SNIFFED_LINES = 20


def read(data: bytes, limits: Limits) -> tuple[Iterable[Sequence[str]], list[TableProblem]]:
    """Every row, blank ones too, so that numbers hold; at most one beyond the limits."""
    text = _decode(data)
    if text is None or "\x00" in text:
        return (), [TableProblem("table.unreadable")]
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own mark
        separator, text = first.strip()[-1], "\n" + rest
    else:
        separator = _sniff(text)
    rows: list[Sequence[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows.extend(islice(reader, limits.rows + 1))
    except csv.Error as error:
        key = "table.cell_long" if "field larger" in str(error) else "table.quote"
        return (), [TableProblem(key, len(rows) + 1, {"row": len(rows) + 1})]
    return rows, []


# Private functions


def _decode(data: bytes) -> str | None:
    marked = next((code for bom, code in _BOMS.items() if data.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _sniff(text: str) -> str:
    """The separator that cuts the first lines into the most cells."""

    def cells(separator: str) -> int:
        lines = islice(io.StringIO(text), _SNIFFED_LINES)
        try:
            return sum(len(row) for row in csv.reader(lines, delimiter=separator))
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=cells)
