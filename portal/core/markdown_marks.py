"""What the portal reads into a token stream: callouts, tasks, tables, headings, links, images.

Every function changes fresh tokens in place before they are rendered; nothing here is shared
between calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from portal.core.markdown_addresses import leads_out, page_of, resolve
from portal.core.markdown_parser import scheme_of

CALLOUTS = {
    "NOTE": "note",
    "TIP": "tip",
    "WARNING": "warning",
    "LAW": "law",
    "CASE": "case",
    "INJECT": "inject",
    "IMPORTANT": "note",
    "CAUTION": "warning",
}
_BOXES = {"[ ]": "open", "[x]": "done", "[X]": "done"}
# A prefix keeps an author's heading from taking an id that the page itself uses ("root").
ANCHOR_PREFIX = "s-"


def slug(heading: str) -> str:
    """The anchor that GitHub and Gitee give to ``heading`` (before duplicates are numbered)."""
    kept = (
        character
        for character in heading.strip().lower()
        if character.isalnum() or character in "-_ " or character.isidentifier()
    )
    return "".join(kept).replace(" ", "-")


def mark_callouts(tokens: Sequence[Token]) -> None:
    """``> [!LAW] …`` becomes ``callout_open`` … ``callout_close``; ``info`` is the kind."""
    for position, token in enumerate(tokens):
        if token.type != "blockquote_open":
            continue
        kind = _take_callout_marker(tokens, position)
        if kind is None:
            continue
        token.type, token.tag, token.info = "callout_open", "aside", kind
        closing = _closing(tokens, position)
        closing.type, closing.tag = "callout_close", "aside"


def mark_tasks(tokens: Sequence[Token]) -> None:
    """List items that start with ``[ ]`` or ``[x]``: ``info`` becomes ``open`` or ``done``."""
    for position, token in enumerate(tokens):
        if token.type != "list_item_open" or position + 2 >= len(tokens):
            continue
        first = _first_text(tokens[position + 2])
        if tokens[position + 1].type != "paragraph_open" or first is None:
            continue
        state = _BOXES.get(first.content[:3])
        if state and first.content[3:4] in (" ", "\t", "\u3000"):
            first.content = first.content[4:].lstrip()
            token.info = state
            token.attrs = {"class": "task done" if state == "done" else "task"}


def mark_tables(tokens: Sequence[Token]) -> None:
    """Alignment as classes, headers as cell labels, the header row as the table's name."""
    headers: list[str] = []
    column = 0
    table: Token | None = None
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            table, headers = token, []
        elif token.type == "tr_open":
            column = 0
        elif token.type in ("th_open", "td_open"):
            _align(token)
            if token.type == "th_open":
                headers.append(inline_text(tokens[position + 1]))
                token.attrs["scope"] = "col"
            elif column < len(headers):
                token.attrs["data-label"] = headers[column]
            column += 1
        elif token.type == "thead_close" and table is not None:
            table.meta["headers"] = [header for header in headers if header]


def mark_headings(tokens: Sequence[Token]) -> None:
    """Unique ids; an ``h1`` steps down, because the page has its own."""
    seen: dict[str, int] = {}
    for position, token in enumerate(tokens):
        if token.type == "heading_close" and token.tag == "h1":
            token.tag = "h2"
        if token.type != "heading_open":
            continue
        if token.tag == "h1":
            token.tag = "h2"
        token.attrs["id"] = ANCHOR_PREFIX + _unique(slug(inline_text(tokens[position + 1])), seen)


def mark_links(children: Sequence[Token], base: str) -> None:
    """Links that lead out get ``rel``; relative ones are resolved; anchors get the prefix."""
    for token in children:
        if token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            if href.startswith("#"):
                token.attrs["href"] = "#" + ANCHOR_PREFIX + href[1:]
            elif leads_out(href):
                token.attrs["rel"] = "noopener noreferrer"
            elif scheme_of(href) is None:
                token.attrs["href"] = page_of(href, base) or resolve(href, base) or "#"


def mark_images(children: list[Token], base: str) -> list[Token]:
    """Images of the course are resolved; others become links, for no page loads them."""
    if not any(token.type == "image" for token in children):
        return children
    marked: list[Token] = []
    for token in children:
        source = str(token.attrs.get("src", "")) if token.type == "image" else ""
        if source and (leads_out(source) or scheme_of(source)):
            marked += _as_link(token, source)
            continue
        if source:
            token.attrs["src"] = resolve(source, base)
        marked.append(token)
    return marked


def inline_text(inline: Token) -> str:
    """What an inline token says, without marks."""
    return "".join(pieces_of_text(inline.children or ()))


def pieces_of_text(children: Sequence[Token]) -> Iterator[str]:
    """Texts of inline tokens in order; images say their alternative text."""
    for token in children:
        if token.type in ("text", "code_inline", "math_inline"):
            yield token.content
        elif token.type == "image":
            yield from pieces_of_text(token.children or ())
        elif token.type == "softbreak" and not token.hidden:
            yield " "
        elif token.type == "hardbreak":
            yield "\n"


# Private functions


def _take_callout_marker(tokens: Sequence[Token], opening: int) -> str | None:
    """The kind of callout at ``opening``, its marker removed; None for an ordinary quote."""
    if opening + 2 >= len(tokens) or tokens[opening + 1].type != "paragraph_open":
        return None
    inline = tokens[opening + 2]
    first = _first_text(inline)
    if first is None or not first.content.startswith("[!"):
        return None
    name, bracket, rest = first.content[2:].partition("]")
    kind = CALLOUTS.get(name.upper()) if bracket else None
    if kind is None:
        return None
    first.content = rest.lstrip()
    children = inline.children or []
    if not first.content:
        children.pop(0)
        if children and children[0].type in ("softbreak", "hardbreak"):
            children.pop(0)
    if not children:  # the marker stood alone
        tokens[opening + 1].hidden = tokens[opening + 3].hidden = True
    return kind


def _first_text(inline: Token) -> Token | None:
    children = inline.children
    return children[0] if children and children[0].type == "text" else None


def _closing(tokens: Sequence[Token], opening: int) -> Token:
    """The token that closes the block opened at ``opening``."""
    level = tokens[opening].level
    position = opening + 1
    while tokens[position].level != level or tokens[position].nesting != -1:
        position += 1
    return tokens[position]


def _align(token: Token) -> None:
    """``style="text-align:right"`` becomes ``class="align-right"``: styles do not pass."""
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrs["class"] = "align-" + style.rpartition(":")[2]


def _unique(name: str, seen: dict[str, int]) -> str:
    name = name or "section"
    count = seen.get(name, 0)
    seen[name] = count + 1
    return f"{name}-{count}" if count else name


def _as_link(image: Token, source: str) -> list[Token]:
    opening = Token("link_open", "a", 1, {"href": source, "rel": "noopener noreferrer"})
    text = Token("text", "", 0, content="".join(pieces_of_text(image.children or ())) or source)
    return [opening, text, Token("link_close", "a", -1)]
