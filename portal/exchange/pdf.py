"""PDF out: A4 pages with Chinese text, headings, paragraphs, figures, tables and bars.

Chinese fonts are large and their licences differ, so none is shipped. A TrueType font that the
machine happens to have is embedded (the file then looks alike everywhere); without one the text
is set in STSong-Light, one of the fonts that the PDF standard's Chinese collection names and
that readers replace by a Chinese font of their own. ``portal/docs/decisions/0012`` tells why.
Text is text: no markup in it is read.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from portal.exchange.pdf_signs import printable

PDF = "application/pdf"

# fonts with TrueType outlines, which alone can be embedded; (file, number within the file)
_EMBEDDABLE = (
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
)
_NEEDED = "0a%治"  # some Chinese fonts have no Latin letters and figures
_STANDARD = "STSong-Light"
_INK, _MUTED, _PRIMARY, _GROUND, _LINE = "#1F2933", "#5B6672", "#1D4E89", "#E8EEF5", "#C9D1DA"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Large figures beside each other: (what, how much)."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``aligned`` has ``l`` or ``r`` for each column, ``widths`` their relative widths."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    aligned: str
    widths: Sequence[float]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars: (label, share 0..1 or None, its words)."""

    bars: Sequence[tuple[str, float | None, str]]


Part = Heading | Text | Figures | Grid | Bars


def to_pdf(
    title: str, parts: Sequence[Part], *, subtitle: str = "", footer: str = "", pages: str = "{n}"
) -> bytes:
    """A document. ``pages`` words the page number, with ``{n}`` and ``{of}``."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    output = io.BytesIO()
    book = SimpleDocTemplate(
        output,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author="",
        lang="zh-CN",
        invariant=1,
    )
    flow: list[Any] = [Paragraph(_plain(title), _style(18, _PRIMARY))]
    if subtitle:
        flow += [Spacer(1, 2 * mm), Paragraph(_plain(subtitle), _style(9.5, _MUTED))]
    for part in parts:
        flow += [Spacer(1, 4 * mm), *_flow(part, book.width)]
    book.build(flow, canvasmaker=partial(_numbered(), footer=printed(footer), words=printed(pages)))
    return output.getvalue()


@cache
def font_name() -> str:
    """The font of every document, registered; see the module for the choice."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for path, number in _EMBEDDABLE:
        if Path(path).is_file():
            try:
                font = TTFont("portal", path, subfontIndex=number)
            except TTFError:
                continue
            if all(ord(sign) in font.face.charToGlyph for sign in _NEEDED):
                pdfmetrics.registerFont(font)
                return "portal"
    pdfmetrics.registerFont(UnicodeCIDFont(_STANDARD))
    return _STANDARD


def printed(text: str) -> str:
    """``text`` as the font of the document can show it."""
    return printable(text) if font_name() == _STANDARD else text


# Private functions


def _plain(text: str) -> str:
    return escape(printed(text)).replace("\n", "<br/>")


@cache
def _style(size: float, colour: str = _INK, align: Literal["l", "r"] = "l") -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{size}{colour}{align}",
        fontName=font_name(),
        fontSize=size,
        leading=size * 1.5,
        textColor=HexColor(colour),
        alignment=TA_RIGHT if align == "r" else TA_LEFT,
        wordWrap="CJK",
    )


def _flow(part: Part, width: float) -> list[Any]:
    from reportlab.platypus import Paragraph

    match part:
        case Heading(text):
            return [Paragraph(_plain(text), _style(13, _PRIMARY))]
        case Text(text, muted):
            return [Paragraph(_plain(text), _style(10, _MUTED if muted else _INK))]
        case Figures(pairs):
            return [_figures(pairs, width)] if pairs else []
        case Grid():
            return [_grid(part, width)]
        case Bars(bars):
            return [_bars(bars, width)] if bars else []


def _figures(pairs: Sequence[tuple[str, str]], width: float) -> Any:
    from reportlab.platypus import Paragraph, Table

    rows = [
        [Paragraph(_plain(name), _style(9, _MUTED)) for name, _ in pairs],
        [Paragraph(_plain(value), _style(17)) for _, value in pairs],
    ]
    return Table(rows, colWidths=[width / len(pairs)] * len(pairs), hAlign="LEFT")


def _grid(part: Grid, width: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph, Table

    whole = sum(part.widths)
    styles = [_style(9, _INK, "r" if side == "r" else "l") for side in part.aligned]
    rows = [
        [Paragraph(_plain(cell), look) for cell, look in zip(row, styles, strict=True)]
        for row in (part.headings, *part.rows)
    ]
    table = Table(
        rows, colWidths=[width * share / whole for share in part.widths], repeatRows=1, splitInRow=1
    )
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(_GROUND)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_LINE)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return table


def _bars(bars: Sequence[tuple[str, float | None, str]], width: float) -> Any:
    from reportlab.platypus import Paragraph, Table

    room = width * 0.5
    rows = [
        [
            Paragraph(_plain(label), _style(9)),
            _bar(share, room),
            Paragraph(_plain(words), _style(9)),
        ]
        for label, share, words in bars
    ]
    table = Table(rows, colWidths=[width * 0.32, room + 6, width * 0.18 - 6])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 2)])
    return table


def _bar(share: float | None, room: float) -> Any:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor

    drawing = Drawing(room, 9)
    drawing.add(Rect(0, 0, room, 9, fillColor=HexColor(_GROUND), strokeColor=None))
    if share:
        filled = min(max(share, 0.0), 1.0) * room
        drawing.add(Rect(0, 0, filled, 9, fillColor=HexColor(_PRIMARY), strokeColor=None))
    return drawing


@cache
def _numbered() -> Any:
    """A canvas that knows at the end how many pages there are, and writes the footers then."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, footer: str, words: str, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._footer, self._words = footer, words
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._kept, 1):
                self.__dict__.update(page)
                self.setFont(font_name(), 8)
                self.setFillColor(HexColor(_MUTED))
                self.drawString(51, 34, self._footer)
                said = self._words.format(n=number, of=len(self._kept))
                self.drawRightString(A4[0] - 51, 34, said)
                super().showPage()
            super().save()

    return Numbered
