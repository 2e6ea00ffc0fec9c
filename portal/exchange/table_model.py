"""What a spreadsheet becomes once it is read: rows of text, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; more is refused before it is parsed."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 96 * 1024 * 1024  # of an XLSX, which is a zip of XML
    ratio: int = 100  # unpacked : packed, for any part that unpacks to more than a megabyte
    parts: int = 1_000  # files in the zip
    rows: int = 200_000
    columns: int = 100
    cell_characters: int = 32_767  # what Excel itself holds


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` as the spreadsheet shows it; ``cells`` tidied of white space around them."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text in a column (0-based), empty where the row ends before it."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that hold something, in order; the first is mostly the header."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TableProblem:
    """``key`` is a locale key (``table.…``) whose words say what is wrong and how to mend it.

    ``row`` is 1-based, None when the whole file is meant; ``args`` fill the words' placeholders.
    """

    key: str
    row: int | None = None
    args: Mapping[str, object] = field(default_factory=dict)
