"""Citations in Markdown tokens: turned into links for readers, checked for authors.

An inline token's children are laid out as one text, so that a citation is seen whole where
emphasis or a line break runs through it: ``**《人民调解法》**第三十三条``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from markdown_it.token import Token

from portal.core.citations import FoundCitation, article_label, check_found, find_citations
from portal.core.markdown_parser import parse
from portal.core.problems import Problem
from portal.core.statutes import StatuteRegistry

_OBJECT = "\ufffc"  # stands for code, pictures and formulas, which are no part of a citation


@dataclass(slots=True)
class Layout:
    """The text of inline children: where each text child starts, and where lines break."""

    text: str = ""
    starts: list[int] = field(default_factory=list)  # offset of each text child in ``text``
    children: list[int] = field(default_factory=list)  # its index among the children
    breaks: list[int] = field(default_factory=list)  # offsets at which a new line starts


def check_tokens(
    tokens: Sequence[Token], registry: StatuteRegistry, path: str, line: int = 1
) -> list[Problem]:
    """Problems of the citations in block tokens of a text that starts at ``line`` of ``path``."""
    problems: list[Problem] = []
    named = ""
    at = 0
    for token in tokens:
        at = token.map[0] if token.map else at
        if token.type != "inline" or not token.children:
            continue
        layout = lay_out(token.children)
        for found in find_citations(layout.text, registry, named):
            named = found.law or named
            broken = bisect_right(layout.breaks, found.start)
            problems += check_found(found, path, line + at + broken)
    return problems


def citations_in(source: str, registry: StatuteRegistry) -> Iterator[FoundCitation]:
    """The citations in Markdown ``source``, in order."""
    named = ""
    for token in parse(source):
        if token.type == "inline" and token.children:
            for found in find_citations(lay_out(token.children).text, registry, named):
                named = found.law or named
                yield found


def link_citations(tokens: Sequence[Token], registry: StatuteRegistry, locale: str) -> None:
    """Wrap the citations in ``tokens`` in links to the entries of their articles, in place."""
    named = ""
    for token in tokens:
        if token.type != "inline" or not token.children:
            continue
        layout = lay_out(token.children)
        cuts: dict[int, list[tuple[int, Token]]] = {}
        for found in find_citations(layout.text, registry, named):
            named = found.law or named
            if found.statute is not None:
                _cut(cuts, layout, token.children, found, locale)
        if cuts:
            token.children = list(_woven(token.children, cuts))


def lay_out(children: Sequence[Token]) -> Layout:
    """The layout of ``children``. Text inside links is read, but no place to put a link in."""
    layout = Layout()
    pieces: list[str] = []
    length = depth = 0
    for index, child in enumerate(children):
        piece = ""
        if child.type in ("link_open", "link_close"):
            depth += child.nesting
        elif child.type == "text" and not depth:
            piece = child.content
            layout.starts.append(length)
            layout.children.append(index)
        elif child.type in ("softbreak", "hardbreak"):
            piece = "" if child.hidden else "\n" if child.type == "hardbreak" else " "
            layout.breaks.append(length + len(piece))
        elif child.nesting == 0:
            piece = child.content if child.type == "text" else _OBJECT
        pieces.append(piece)
        length += len(piece)
    layout.text = "".join(pieces)
    return layout


def statute_address(found: FoundCitation) -> str:
    """The page of the statute, at the article where the statute has it."""
    statute = found.statute
    address = f"/statute?law={quote(found.law)}"
    if statute is None or not statute.in_force or not found.article:
        return address
    if not statute.has_article(found.article):
        return address
    paragraph = found.citations[0].paragraph
    marked = f"&paragraph={paragraph}" if paragraph else ""
    return f"{address}&article={found.article}{marked}"


# Private functions


def _cut(
    cuts: dict[int, list[tuple[int, Token]]],
    layout: Layout,
    children: Sequence[Token],
    found: FoundCitation,
    locale: str,
) -> None:
    """Note where the link of ``found`` opens and closes, as offsets into text children."""
    first = bisect_right(layout.starts, found.start) - 1
    last = bisect_right(layout.starts, found.end - 1) - 1
    if first < 0 or not _within(layout, children, first, found.start):
        return
    if not _within(layout, children, last, found.end - 1):
        return
    start = found.start
    if any(
        child.type not in ("text", "softbreak")
        for child in children[layout.children[first] : layout.children[last]]
    ):
        first, start = last, layout.starts[last]  # marks run through it: link its last part
    opening = Token("link_open", "a", 1, {"href": statute_address(found), "class": "law"})
    if locale == "en" and found.statute is not None:
        name = found.statute.english
        label = f", {article_label(found.article, locale)}" if found.article else ""
        opening.attrs["title"] = name + label
    cuts.setdefault(layout.children[first], []).append((start - layout.starts[first], opening))
    closing = Token("link_close", "a", -1)
    cuts.setdefault(layout.children[last], []).append((found.end - layout.starts[last], closing))


def _within(layout: Layout, children: Sequence[Token], text: int, offset: int) -> bool:
    """Whether ``offset`` lies in text child number ``text``, and not in a link after it."""
    return offset < layout.starts[text] + len(children[layout.children[text]].content)


def _woven(children: Sequence[Token], cuts: dict[int, list[tuple[int, Token]]]) -> Iterator[Token]:
    """``children`` with the link tokens of ``cuts`` between the parts of their texts."""
    for index, child in enumerate(children):
        done = 0
        for offset, link in cuts.get(index, ()):
            if offset > done:
                yield Token("text", "", 0, content=child.content[done:offset])
            yield link
            done = offset
        if not done and index not in cuts:
            yield child
        elif done < len(child.content):
            yield Token("text", "", 0, content=child.content[done:])
