"""Foreign text as Markdown in which nothing is markup, HTML as the Markdown that says the same.

What stands in another program's file was written by anybody. Plain text is escaped so that no
character of it makes a heading, a chip, an option or a link. HTML is sanitised first and then
written anew, tag by tag; what Markdown has no word for is left out and noted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import nh3

from portal.core import markdown
from portal.core.markdown import Html
from portal.exchange.questions.report import MAX_TEXT, Lost

GAP = "\ufffc"
_INLINE = frozenset("\\`*_[]<>$~|")
_STARTS = frozenset("#>-+=:")
_SLIPS = frozenset("【［☑☐□■✅•·●–—－")
_TAGS = {
    "p", "br", "div", "b", "strong", "i", "em", "code", "pre", "ul", "ol", "li", "a", "img", "sub",
    "sup", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "h1", "h2", "h3", "h4", "h5",
    "h6", "span", "u", "del", "s", "hr",
}  # fmt: skip
_BLOCKS = frozenset(
    ("p", "div", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
) | {"hr", "tr"}
_DROPPED = {"script", "style", "iframe", "object", "svg", "math", "video", "audio", "form"}


def tidy(text: str) -> str:
    """Line ends, no-break and invisible characters as a Markdown file has them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\t", "    ")
    text = "".join(
        char
        for char in text
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    if len(text) > MAX_TEXT:
        raise Lost("text_long", most=str(MAX_TEXT))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def plain(text: str) -> str:
    """Plain text as Markdown: line breaks stay, nothing is markup."""
    lines = [escaped_line(line.strip()) for line in tidy(text).split("\n")]
    return "\n".join(_broken(lines)).strip()


def one_line(text: str) -> str:
    """Plain text as one line of Markdown, for headings and cells."""
    return escaped_line(" ".join(tidy(text).split()))


def escaped_line(line: str) -> str:
    """One line of plain text with every character escaped that could be markup."""
    escaped = "".join("\\" + char if char in _INLINE else char for char in line)
    escaped = escaped.replace("&", "&amp;") if _looks_like_entity(line) else escaped
    if escaped[:1] in _STARTS:
        return "\\" + escaped
    digits = len(escaped) - len(escaped.lstrip("0123456789"))
    if 0 < digits < 10 and escaped[digits : digits + 1] in (".", ")"):
        return f"{escaped[:digits]}\\{escaped[digits:]}"
    if escaped[:1] in _SLIPS:  # what a Chinese keyboard writes for a box or a bullet
        return f"&#{ord(escaped[0])};{escaped[1:]}"
    return escaped


def from_html(html: str, note: Callable[[str], None] = lambda _: None) -> str:
    """HTML as Markdown; ``note`` is told the code of what was left out (``image``, ``link`` …)."""
    if len(html) > 2 * MAX_TEXT:
        raise Lost("text_long", most=str(MAX_TEXT))
    for tag in sorted(_DROPPED):
        if f"<{tag}" in html.lower():
            note("media")
    clean = nh3.clean(html, tags=_TAGS, clean_content_tags={"script", "style"}, link_rel=None)
    writer = _Writer(note)
    writer.feed(clean)
    writer.close()
    return writer.markdown()


def to_html(source: str) -> str:
    """Our Markdown as HTML for other programs; diagrams and formulas stay as their source."""
    pieces = []
    for block in markdown.render(source):
        match block:
            case Html(html=html):
                pieces.append(html)
            case _:
                pieces.append(nh3.clean_text(markdown.plain(source)))
    return "".join(pieces).strip()


def to_plain(source: str) -> str:
    """Our Markdown as plain text, a paragraph a line."""
    return "\n".join(markdown.plain(part) for part in source.split("\n\n")).strip()


# Private functions


def _broken(lines: list[str]) -> list[str]:
    """A line break inside a paragraph is a hard one: to Markdown a soft one is a space."""
    return [
        line + "\\" if line and at + 1 < len(lines) and lines[at + 1] else line
        for at, line in enumerate(lines)
    ]


def _looks_like_entity(line: str) -> bool:
    return "&" in line and ";" in line[line.index("&") :]


class _Writer(HTMLParser):
    """Writes Markdown from sanitised HTML, so nothing here needs to expect broken tags."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(convert_charrefs=True)
        self._note = note
        self._blocks: list[str] = []
        self._line = ""
        self._lists: list[tuple[str, int]] = []
        self._quotes = 0
        self._pre = False
        self._row: list[str] | None = None
        self._rows: list[list[str]] = []
        self._tables = 0
        self._link: list[str] = []

    def markdown(self) -> str:
        self._end_block()
        return "\n\n".join(self._blocks).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._end_block()
            self._tables += 1
        elif tag in ("td", "th") and self._tables:
            self._line = ""
        elif tag == "tr" and self._tables:
            self._row = []
        elif tag == "br":
            self._line += " " if self._row is not None else "\n"
        elif tag in ("ul", "ol"):
            self._end_block()
            self._lists.append((tag, 0))
        elif tag == "li":
            self._end_block()
        elif tag == "blockquote":
            self._end_block()
            self._quotes += 1
        elif tag == "pre":
            self._end_block()
            self._pre = True
        elif tag in _BLOCKS and self._row is None:
            self._end_block()
        elif tag == "img":
            self._note("image")
            self._line += escaped_inline(given.get("alt") or "")
        elif tag == "a":
            self._link.append(given.get("href") or "")
            self._line += "\x02"

        else:
            self._line += _mark(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th") and self._row is not None:
            self._row.append(" ".join(_closed(self._line).split()))
            self._line = ""
        elif tag == "tr" and self._row is not None:
            self._rows.append(self._row)
            self._row = None
        elif tag in ("ul", "ol"):
            self._end_block()
            if self._lists:
                self._lists.pop()
        elif tag == "li":
            self._end_block(item=True)
        elif tag == "blockquote":
            self._end_block()
            self._quotes = max(0, self._quotes - 1)
        elif tag == "pre":
            self._end_block()
            self._pre = False
        elif tag in _BLOCKS and self._row is None:
            self._end_block(item=bool(self._lists) and tag in ("p", "div"))
        elif tag == "a" and self._link:
            self._end_link(self._link.pop())
        else:
            self._line += _mark(tag)

    def handle_data(self, data: str) -> None:
        if self._pre:
            self._line += data
            return
        words = GAP.join(escaped_inline(part) for part in _spaced(data).split(GAP))
        self._line += words

    # Private methods

    def _end_link(self, address: str) -> None:
        before, _, words = self._line.rpartition("\x02")
        if address.startswith(("https://", "http://")) and words.strip():
            target = address.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
            self._line = f"{before}[{words.strip()}](<{target}>)"
        else:
            if address and not address.startswith("#"):
                self._note("link")
            self._line = before + words

    def _end_block(self, item: bool = False) -> None:
        text, self._line = _closed(self._line).replace("\x02", ""), ""
        if self._row is not None:
            self._line = text
            return
        if self._pre:
            body = text.strip("\n")
            if body.strip():
                fence = "`" * max(3, _longest_run(body) + 1)
                self._put(f"{fence}\n{body}\n{fence}")
            return
        lines = [_started(" ".join(line.split())) for line in text.split("\n")]
        words = "\n".join(_broken([line for line in lines if line]))
        if words:
            self._put(words)

    def _put(self, text: str) -> None:
        if self._lists and len(self._lists) <= 6:
            kind, count = self._lists[-1]
            self._lists[-1] = (kind, count + 1)
            bullet = "- " if kind == "ul" else f"{count + 1}. "
            indent = "   " * (len(self._lists) - 1)
            lines = text.split("\n")
            text = "\n".join(
                [indent + bullet + lines[0], *(indent + " " * len(bullet) + li for li in lines[1:])]
            )
            if self._blocks and count and not self._quotes:
                self._blocks[-1] += "\n" + text
                return
        if self._quotes:
            text = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        self._blocks.append(text)

    def _end_table(self) -> None:
        self._tables -= 1
        rows, self._rows, self._row = [row for row in self._rows if row], [], None
        if not rows:
            return
        width = max(len(row) for row in rows)
        padded = [row + [""] * (width - len(row)) for row in rows]
        head, *body = padded
        lines = [_cells(head), _cells(["---"] * width), *map(_cells, body)]
        self._put("\n".join(lines))


def escaped_inline(text: str) -> str:
    """Text in the middle of a line, escaped."""
    escaped = "".join("\\" + char if char in _INLINE else char for char in text)
    return escaped.replace("&", "&amp;") if _looks_like_entity(text) else escaped


def _spaced(data: str) -> str:
    kept = "".join(
        char if char == GAP or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") else " "
        for char in data.replace("\xa0", " ")
    )
    return kept.replace("\n", " ")


def _started(line: str) -> str:
    """A finished line whose first characters must not start a heading, list or slip."""
    if line[:1] in _STARTS:
        return "\\" + line
    digits = len(line) - len(line.lstrip("0123456789"))
    if 0 < digits < 10 and line[digits : digits + 1] in (".", ")"):
        return f"{line[:digits]}\\{line[digits:]}"
    return f"&#{ord(line[0])};{line[1:]}" if line[:1] in _SLIPS else line


def _mark(tag: str) -> str:
    """Marks as private characters: whether they may stand is known when the line is done."""
    return {"b": "\x10", "strong": "\x10", "i": "\x11", "em": "\x11", "code": "\x12"}.get(tag, "")


def _closed(line: str) -> str:
    """Private characters as Markdown, in pairs and only around words."""
    for mark, written in (("\x10", "**"), ("\x11", "*"), ("\x12", "")):
        parts = line.split(mark)
        out = parts[0]
        for at, part in enumerate(parts[1:]):
            opens = at % 2 == 0
            inside = part.strip(" \n") if opens and at + 1 < len(parts) - 1 else ""
            if opens and inside and written:
                lead = part[: len(part) - len(part.lstrip(" \n"))]
                tail = part[len(part.rstrip(" \n")) :]
                out += f"{lead}{written}{inside}{written}{tail}"
            else:
                out += part
        line = out
    return line


def _cells(row: list[str]) -> str:
    return "| " + " | ".join(row) + " |"


def _longest_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest
