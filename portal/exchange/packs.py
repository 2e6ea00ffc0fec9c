"""Inspection packs as workbooks: records as text, sealed by a digest that can be checked.

Every cell of the records is text, exactly as it was digested, so that a workbook that Excel has
saved again still checks. The seal stands in the second sheet; ``core.inspection`` says what it
is over.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.core.inspection import digest
from portal.exchange.sheets import Sheet, safe, to_xlsx

SEAL = "SHA-256"
COUNT = "rows"
LARGEST = 200_000_000  # bytes, unpacked


class NotAPack(Exception):
    """The file is no workbook that ``write`` has made."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pack says of itself, and what its records give."""

    stated: str
    found: str
    stated_rows: int
    rows: int

    @property
    def is_sound(self) -> bool:
        """Whether the records are those that were sealed."""
        return self.stated == self.found and self.stated_rows == self.rows


def sealed(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The digest of the records as they will stand in the cells."""
    return digest([safe(h) for h in headings], ([safe(cell) for cell in row] for row in rows))


def write(
    name: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sheet,
    *,
    made_at: datetime,
) -> bytes:
    """The workbook: the records, then ``notes`` with the seal as its first rows."""
    records = Sheet(name, headings, ["text"] * len(headings), rows)
    seal = [[SEAL, sealed(headings, rows)], [COUNT, str(len(rows))]]
    stated = Sheet(notes.name, notes.headings, notes.kinds, [*seal, *notes.rows])
    return to_xlsx([records, stated], title=name, made_at=made_at)


def check(file: Path) -> Checked:
    """Compute the digest of a pack again. Raises NotAPack, OSError."""
    from openpyxl import load_workbook

    _refuse_bombs(file)
    try:
        book = load_workbook(io.BytesIO(file.read_bytes()), read_only=True, data_only=True)
        records, notes = book.worksheets[:2]
        stated = {str(row[0]): str(row[1]) for row in notes.iter_rows(values_only=True, max_col=2)}
        lines = [_texts(row) for row in records.iter_rows(values_only=True)]
        seal, count = stated[SEAL], int(stated[COUNT])
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile, TypeError) as error:
        raise NotAPack(str(file)) from error
    while lines and not any(lines[-1]):
        lines.pop()  # Excel keeps empty rows that were once filled
    if not lines:
        raise NotAPack(str(file))
    return Checked(seal, digest(lines[0], lines[1:]), count, len(lines) - 1)


# Private functions


def _texts(row: Sequence[object]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]


def _refuse_bombs(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile as error:
        raise NotAPack(str(file)) from error
    if size > LARGEST:
        raise NotAPack(f"{file}: {size} bytes")
