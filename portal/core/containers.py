"""The Markdown inside block quotes, list items and tables, as source text of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from portal.core.blocks import Block


@dataclass(frozen=True, slots=True)
class Item:
    """One list item: its own ``blocks`` and the lines [start, end) it covers, 0-based."""

    blocks: Sequence[Block]
    start: int
    end: int

    @property
    def first(self) -> str:
        """Inline source of the item's first paragraph; "" when it does not begin with one."""
        return self.blocks[0].text if self.blocks else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row: inline source of its cells, and its 1-based line."""

    cells: Sequence[str]
    line: int
    head: bool


def inner_blocks(tokens: Sequence[Token]) -> tuple[Block, ...]:
    """The blocks directly inside a container; ``tokens`` includes its opening and closing."""
    return tuple(_children(tokens[1:-1]))


def items(block: Block) -> tuple[Item, ...]:
    """The items of a list block."""
    return tuple(
        Item(inner_blocks(child.tokens), child.start, child.end)
        for child in _children(block.tokens[1:-1])
        if child.type == "list_item_open"
    )


def rows(tokens: Sequence[Token]) -> tuple[Row, ...]:
    """The rows of the tables among ``tokens``, heads included."""
    found: list[Row] = []
    cells: list[str] = []
    line, head, inside = 1, False, False
    for token in tokens:
        if token.type == "tr_open":
            cells, line = [], (token.map or [line - 1])[0] + 1
        elif token.type in ("th_open", "td_open"):
            inside, head = True, token.type == "th_open"
        elif token.type == "inline" and inside:
            cells.append(token.content.strip())
            inside = False
        elif token.type == "tr_close":
            found.append(Row(tuple(cells), line, head))
    return tuple(found)


def quote_lines(block: Block, lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of a block quote without its ``>`` marks, each with its 0-based number."""
    inside = inner_blocks(block.tokens)
    if all(child.type == "paragraph_open" for child in inside):
        return list(_paragraph_lines(inside))
    return [(number, _unquoted(lines[number])) for number in range(block.start, block.end)]


def quote_source(block: Block, lines: Sequence[str]) -> str:
    """The Markdown inside a block quote."""
    return "\n".join(text for _, text in quote_lines(block, lines)).strip()


def blocks_source(blocks: Sequence[Block], lines: Sequence[str]) -> str:
    """The Markdown of ``blocks`` that stand in a list item, without the item's indent."""
    if all(block.type == "paragraph_open" for block in blocks):
        return "\n\n".join(block.text for block in blocks)
    parts = []
    for block in blocks:
        if block.type == "paragraph_open":
            parts.append(block.text)
        else:
            parts.append(_dedented(lines[block.start : block.end]))
    return "\n\n".join(part for part in parts if part)


# Private functions


def _children(tokens: Sequence[Token]) -> Iterator[Block]:
    depth, first, last_end = 0, 0, 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            opening = tokens[first]
            start, end = opening.map or token.map or [last_end, last_end]
            last_end = end
            yield Block(opening.type, tokens[first : position + 1], start, end)
            first = position + 1


def _paragraph_lines(paragraphs: Sequence[Block]) -> Iterator[tuple[int, str]]:
    for position, paragraph in enumerate(paragraphs):
        if position:
            yield paragraph.start - 1, ""
        for offset, text in enumerate(paragraph.text.split("\n")):
            yield paragraph.start + offset, text


def _unquoted(line: str) -> str:
    rest = line.lstrip()
    if not rest.startswith(">"):
        return rest
    rest = rest[1:]
    return rest[1:] if rest.startswith(" ") else rest


def _dedented(lines: Sequence[str]) -> str:
    full = [line for line in lines if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return "\n".join(line[indent:] for line in lines).rstrip()
