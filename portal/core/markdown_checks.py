"""What will not be shown as its author means it: callouts, pictures, footnotes, HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from portal.core.markdown_addresses import leads_out, resolve
from portal.core.markdown_marks import CALLOUTS
from portal.core.markdown_parser import scheme_of
from portal.core.problems import Problem


def check_marks(tokens: Sequence[Token], path: str, line: int = 1) -> list[Problem]:
    """Problems of block tokens, fresh from the parser, of a text that starts at ``line``."""
    problems: list[Problem] = []
    at = 0
    for position, token in enumerate(tokens):
        at = token.map[0] if token.map else at
        if token.type != "inline":
            continue
        quoted = position > 1 and tokens[position - 2].type == "blockquote_open"
        breaks = 0
        for child in token.children or ():
            breaks += child.type in ("softbreak", "hardbreak")
            for code, name, value in _findings(child, quoted and not breaks):
                problems.append(Problem(path, line + at + breaks, code, {name: value}))
    return problems


# Private functions


def _findings(child: Token, opens_quote: bool) -> Iterator[tuple[str, str, str]]:
    """``(code, name of its argument, value)`` of what is wrong with one inline token."""
    if child.type == "image":
        source = str(child.attrs.get("src", ""))
        if leads_out(source) or scheme_of(source) or not resolve(source, "/content/course"):
            yield "M002", "source", source
    if child.type != "text":
        return
    text = child.content
    if opens_quote and text.startswith("[!"):
        kind, bracket, _ = text[2:].partition("]")
        if bracket and kind.isalpha() and kind.upper() not in CALLOUTS:
            yield "M001", "kind", kind
    label, bracket, _ = text.partition("[^")[2].partition("]")
    if bracket and label and " " not in label:
        yield "M003", "label", label
    tag = _tag(text)
    if tag:
        yield "M004", "tag", tag


def _tag(text: str) -> str:
    """The first HTML tag in ``text``: ``<`` and a letter or ``/`` up to ``>``; "" for none."""
    opening = text.find("<")
    closing = text.find(">", opening)
    inside = text[opening + 1 : closing]
    if opening < 0 or closing < 0 or len(inside) > 60:
        return ""
    name = inside.removeprefix("/")[:1]
    return f"<{inside}>" if name.isascii() and name.isalpha() else ""
