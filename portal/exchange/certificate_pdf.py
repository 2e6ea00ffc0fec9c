"""A certificate to print: one A4 page across, with a QR code that leads to its verification.

Everything is placed by hand and fits: a long title or name gets a smaller size, then a second
line, then an ellipsis. The QR code is drawn as squares, sharp at any size.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.exchange.pdf import font_name, printed

_INK, _MUTED, _PRIMARY, _LINE, _PAPER = "#1F2933", "#5B6672", "#1D4E89", "#B9C4D0", "#FFFFFF"
_ALARM = "#B83A26"


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a certificate, in the reader's language.

    ``facts`` are (what, value) pairs in the foot; ``address`` is where it can be verified, drawn as
    a QR code; without one the code is left out. ``stamp`` is set across where it no longer holds.
    """

    heading: str
    subheading: str
    awarded_to: str
    name: str
    sentence: str
    title: str
    credit: str
    facts: Sequence[tuple[str, str]]
    issuer: str
    verify: Sequence[str]
    address: str | None
    stamp: str = ""
    lang: str = "zh-CN"


def certificate(page: Page) -> bytes:
    """The PDF."""
    page = _printed(page)
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    output = io.BytesIO()
    width, height = landscape(A4)
    canvas = Canvas(output, pagesize=(width, height), invariant=1, lang=page.lang)
    canvas.setTitle(f"{page.heading} · {page.title}")
    canvas.setAuthor(page.issuer)
    _frame(canvas, width, height, mm)
    middle = width / 2

    def line(text: str, y: float, size: float, colour: str = _INK, room: float = 220) -> None:
        _centred(canvas, text, middle, y * mm, size, HexColor(colour), room * mm)

    line(_spread(page.heading), 168, 34, _PRIMARY)
    line(page.subheading, 157.5, 10.5, _MUTED)
    _rule(canvas, middle, 151 * mm, 26 * mm, HexColor(_PRIMARY))
    line(page.awarded_to, 139, 11.5, _MUTED)
    line(page.name, 124, 30, room=210)
    canvas.setStrokeColor(HexColor(_LINE))
    canvas.setLineWidth(0.6)
    canvas.line(middle - 62 * mm, 118.5 * mm, middle + 62 * mm, 118.5 * mm)
    line(page.sentence, 107.5, 11.5, _MUTED)
    _title(canvas, page.title, middle, 93 * mm, 215 * mm, HexColor(_INK))
    line(page.credit, 76.5, 12.5, _MUTED)
    _foot(canvas, page, mm)
    if page.stamp:
        canvas.saveState()
        canvas.translate(240 * mm, 150 * mm)
        canvas.rotate(12)
        canvas.setStrokeColor(HexColor(_ALARM))
        canvas.setLineWidth(1.6)
        canvas.roundRect(-24 * mm, -4.5 * mm, 48 * mm, 15 * mm, 2 * mm)
        _centred(canvas, page.stamp, 0, 0, 20, HexColor(_ALARM), 44 * mm)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def qr_runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """A QR code (level M) as (modules a side, dark runs): runs are (row, column, length)."""
    import segno

    matrix = segno.make(text, error="m", micro=False).matrix
    runs = []
    for row, modules in enumerate(matrix):
        at = 0
        while at < len(modules):
            length = 0
            while at + length < len(modules) and modules[at + length]:
                length += 1
            if length:
                runs.append((row, at, length))
            at += length or 1
    return len(matrix), runs


# Private functions


def _printed(page: Page) -> Page:
    """The words as the font can show them; what a machine reads stays as it is."""
    words = ("heading", "subheading", "awarded_to", "name", "sentence", "title", "credit", "issuer")
    return replace(
        page,
        **{word: printed(getattr(page, word)) for word in (*words, "stamp")},
        facts=[(printed(what), printed(value)) for what, value in page.facts],
        verify=[printed(line) for line in page.verify],
    )


def _frame(canvas: Any, width: float, height: float, mm: float) -> None:
    from reportlab.lib.colors import HexColor

    canvas.setFillColor(HexColor(_PAPER))
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor(_PRIMARY))
    canvas.setLineWidth(1.8)
    canvas.rect(11 * mm, 11 * mm, width - 22 * mm, height - 22 * mm)
    canvas.setStrokeColor(HexColor(_LINE))
    canvas.setLineWidth(0.5)
    canvas.rect(13.5 * mm, 13.5 * mm, width - 27 * mm, height - 27 * mm)


def _rule(canvas: Any, x: float, y: float, half: float, colour: Any) -> None:
    """A thin line with a diamond in its middle."""
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(0.7)
    canvas.line(x - half, y, x - 5, y)
    canvas.line(x + 5, y, x + half, y)
    path = canvas.beginPath()
    path.moveTo(x - 2.6, y)
    path.lineTo(x, y + 2.6)
    path.lineTo(x + 2.6, y)
    path.lineTo(x, y - 2.6)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _foot(canvas: Any, page: Page, mm: float) -> None:
    """Facts on the left, the issuer in the middle of the right, the code at the edge."""
    from reportlab.lib.colors import HexColor

    y = 56 * mm
    for what, value in page.facts:
        canvas.setFillColor(HexColor(_MUTED))
        canvas.setFont(font_name(), 9)
        canvas.drawString(26 * mm, y, what)
        canvas.setFillColor(HexColor(_INK))
        _left(canvas, value, 52 * mm, y, 10.5, 88 * mm)
        y -= 7 * mm
    side = 30 * mm if page.address else 0
    right = 271 * mm
    if page.address:
        _qr(canvas, page.address, right - side, 29.5 * mm, side)
    edge = right - side - (8 * mm if side else 0)
    canvas.setFillColor(HexColor(_INK))
    _right(canvas, page.issuer, edge, 54 * mm, 13, 78 * mm)
    canvas.setFillColor(HexColor(_MUTED))
    y = 45 * mm
    for words in page.verify:
        _right(canvas, words, edge, y, 9, 78 * mm)
        y -= 5.5 * mm


def _qr(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    from reportlab.lib.colors import HexColor

    count, runs = qr_runs(text)
    module = side / count
    path = canvas.beginPath()
    for row, column, length in runs:
        path.rect(x + column * module, y + (count - row - 1) * module, length * module, module)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)


def _title(canvas: Any, text: str, x: float, y: float, room: float, colour: Any) -> None:
    """One line in a large size, or two in a smaller one."""
    if _width(text, 15) <= room:
        _centred(canvas, text, x, y - 2, 24, colour, room)
        return
    first, rest = _broken(text, 16, room)
    _centred(canvas, first, x, y + 9, 16, colour, room)
    _centred(canvas, rest, x, y - 14, 16, colour, room)


def _broken(text: str, size: float, room: float) -> tuple[str, str]:
    """The longest beginning that fits, cut at a space where one is near, and the rest."""
    end = len(text)
    while end > 1 and _width(text[:end], size) > room:
        end -= 1
    space = text.rfind(" ", max(end - 24, 1), end)
    cut = space if space > 0 else end
    return text[:cut].rstrip(), text[cut:].lstrip()


def _width(text: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font_name(), size))


def _fitted(text: str, size: float, room: float) -> tuple[str, float]:
    """The text and a size in which it fits, cut where even the smallest is too large."""
    smallest = max(size * 0.6, 8)
    while size > smallest and _width(text, size) > room:
        size -= 0.5
    if _width(text, size) <= room:
        return text, size
    while text and _width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…", size


def _centred(
    canvas: Any, text: str, x: float, y: float, size: float, colour: Any, room: float
) -> None:
    fitted, size = _fitted(text, size, room)
    canvas.setFillColor(colour)
    canvas.setFont(font_name(), size)
    canvas.drawCentredString(x, y, fitted)


def _left(canvas: Any, text: str, x: float, y: float, size: float, room: float) -> None:
    fitted, size = _fitted(text, size, room)
    canvas.setFont(font_name(), size)
    canvas.drawString(x, y, fitted)


def _right(canvas: Any, text: str, x: float, y: float, size: float, room: float) -> None:
    fitted, size = _fitted(text, size, room)
    canvas.setFont(font_name(), size)
    canvas.drawRightString(x, y, fitted)


def _spread(text: str) -> str:
    """Chinese headings are set apart."""
    return " ".join(text) if not text.isascii() and len(text) < 8 else text
