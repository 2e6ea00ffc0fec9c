"""Markdown as the XHTML that stands in a QTI item, and gaps put where their markers are.

QTI allows the flow elements of XHTML with few attributes. What our pages add for themselves (roles,
labels, scrolling frames around tables, classes) means nothing there and is taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml.ElementTree import fromstring

from portal.core.answer_text import GAP_MARK
from portal.exchange.questions import text

_VOID = ("br", "hr", "img")
_BLOCKS = frozenset(
    ("p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "pre", "hr")
) | {"div", "h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = frozenset(("strong", "em", "code", "a", "img", "br", "sub", "sup", "span", "b", "i"))
_KEPT = frozenset(("href", "src", "alt", "colspan", "rowspan", "scope", "start", "title"))


def put(parent: Element, source: str) -> None:
    """Markdown inside ``parent`` as XHTML."""
    fragment = _fragment(text.to_html(source))
    parent.text = fragment.text
    parent.extend(list(fragment))


def fill(body: Element, gaps: list[Element]) -> None:
    """Put the gaps where their markers stand in the text, in order."""
    waiting = iter(gaps)
    for element in list(body.iter()):
        _fill_text(element, waiting)


# Private functions


def _fragment(html: str) -> Element:
    """HTML as elements. The renderer's HTML is XHTML but for its void tags."""
    for tag in _VOID:
        parts = html.split(f"<{tag}")
        html = parts[0] + "".join(
            f"<{tag}{part[: part.index('>')].rstrip('/')}/>{part[part.index('>') + 1 :]}"
            for part in parts[1:]
        )
    try:
        whole: Element = fromstring(f"<div>{html.replace('&nbsp;', '&#160;')}</div>")
    except ParseError:
        plain = Element("div")
        SubElement(plain, "p").text = text.to_plain(html)
        return plain
    for element in list(whole.iter()):
        _plain(element)
    return whole


def _plain(element: Element) -> None:
    """Without what only our pages know; the frame around a table goes."""
    element.attrib = {key: value for key, value in element.attrib.items() if key in _KEPT}
    if element.tag not in _BLOCKS | _INLINE:
        holds_blocks = any(child.tag in _BLOCKS for child in element)
        element.tag = "div" if holds_blocks else "span"
    for at, child in enumerate(list(element)):
        if child.tag == "div" and [one.tag for one in child] == ["table"]:
            table = child[0]
            table.tail = child.tail
            element[at] = table


def _fill_text(element: Element, waiting: Iterator[Element]) -> None:
    """Markers in the text of ``element`` and in the tails of its children become gaps."""
    built: list[Element] = []

    def cut(text: str | None) -> str:
        """What stands before the first marker; the gaps after it are built."""
        first, *more = (text or "").split(GAP_MARK)
        for words in more:
            gap = next(waiting)
            gap.tail = words
            built.append(gap)
        return first

    element.text = cut(element.text)
    for child in list(element):
        built.append(child)
        child.tail = cut(child.tail)
    element[:] = built
