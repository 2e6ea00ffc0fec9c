"""Questions in and out of other programs' formats, one module a format.

``read(format, data)`` and ``write(format, questions)`` are all that others need. Readers never
raise on what a file holds; what could not be carried is in the notes, question by question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from portal.core.questions import Question
from portal.exchange.questions.report import (
    MAX_FILE_BYTES,
    Imported,
    Note,
    refused,
)

__all__ = ["IN", "OUT", "Format", "Imported", "Note", "guess", "read", "write"]

Format = Literal["gift", "moodle", "aiken", "qti", "sheet"]
IN: tuple[Format, ...] = ("sheet", "gift", "moodle", "aiken", "qti")
OUT: dict[Format, tuple[str, str]] = {
    "gift": (".gift.txt", "text/plain; charset=utf-8"),
    "moodle": (".moodle.xml", "application/xml"),
    "qti": (".qti.zip", "application/zip"),
}


def read(form: Format, data: bytes) -> Imported:
    """The questions in ``data``, without ids, and what could not be carried."""
    from portal.exchange.questions import aiken, gift_in, moodle_in, qti_in, sheet

    if len(data) > MAX_FILE_BYTES:
        return refused("file_large", mb=str(MAX_FILE_BYTES >> 20))
    if not data.strip():
        return refused("file_empty")
    match form:
        case "moodle":
            return moodle_in.read(data)
        case "qti":
            return qti_in.read(data)
        case "sheet":
            return sheet.read(data)
    text = _decoded(data)
    if text is None:
        return refused("not_text")
    return gift_in.read(text) if form == "gift" else aiken.read(text)


def write(
    form: Format, questions: Sequence[Question], locale: str = "zh"
) -> tuple[bytes, tuple[Note, ...]]:
    """``questions`` in a format of ``OUT``, and what it has no place for."""
    from portal.exchange.questions import gift_out, moodle_out, qti_out

    if form == "qti":
        return qti_out.write(questions, locale)
    text, notes = (gift_out if form == "gift" else moodle_out).write(questions, locale)
    return text.encode("utf-8", "replace"), notes


def guess(name: str, data: bytes) -> Format | None:
    """The format of a file by what it holds and what it is called; None when nothing fits."""
    lower = name.lower()
    if data.startswith(b"PK"):
        return "sheet" if b"xl/" in data or lower.endswith((".xlsx", ".xlsm")) else "qti"
    if lower.endswith((".csv", ".xlsx", ".xls")):
        return "sheet"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        return "qti" if b"assessment" in head.lower() else "moodle"
    text = _decoded(data)
    if text is None:
        return None
    if any(line.strip().upper().startswith(("ANSWER:", "ANSWER：")) for line in text.split("\n")):
        return "aiken"
    return "gift" if "{" in text else None


# Private functions


def _decoded(data: bytes) -> str | None:
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for encoding in (marks.get(data[:2], "utf-8-sig"), "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None
