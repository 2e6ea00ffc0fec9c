"""Top-level blocks of a Markdown page, each with its tokens and the lines it covers.

Only the block structure is parsed here (it is cheap); words inside a block are parsed when
somebody asks for them. The rules are those of the page renderer, so that what an author sees and
what is parsed agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from portal.core.markdown_parser import CourseMarkdown

_DEEPEST = 18  # markdown-it stops at level 20 without a word; nine lists in each other reach it


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``type`` of its first token, its tokens, and its lines [start, end), 0-based."""

    type: str
    tokens: Sequence[Token]
    start: int
    end: int

    @property
    def line(self) -> int:
        """The 1-based line the block starts at."""
        return self.start + 1

    @property
    def text(self) -> str:
        """The inline source of a paragraph or heading; "" for other blocks."""
        for token in self.tokens[:2]:
            if token.type == "inline":
                return token.content
        return ""


@dataclass(frozen=True, slots=True)
class Page:
    """``lines`` of the source and its top-level ``blocks``; ``links`` are link definitions and
    ``footnotes`` the labels of footnotes that have a text."""

    lines: Sequence[str]
    blocks: Sequence[Block]
    links: Mapping[str, Any] = field(default_factory=dict)
    footnotes: frozenset[str] = frozenset()

    def source(self, start: int, end: int) -> str:
        """The source of lines [start, end), 0-based, without blank lines around it."""
        return "\n".join(self.lines[start:end]).strip("\n").rstrip()

    def source_of(self, blocks: Sequence[Block]) -> str:
        """The source of ``blocks``, neighbours in one piece so that their own spacing is kept."""
        pieces: list[str] = []
        start = end = blocks[0].start if blocks else 0
        for block in blocks:
            if any(line.strip() for line in self.lines[end : block.start]):
                pieces.append(self.source(start, end))
                start = block.start
            end = block.end
        pieces.append(self.source(start, end))
        return "\n\n".join(piece for piece in pieces if piece)


def parse_page(text: str) -> Page:
    """``text`` (newlines are ``\\n``) as a page."""
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text, env)
    labels = frozenset(env.get("footnotes", {}).get("refs", {}))
    return Page(text.split("\n"), tuple(_top_level(tokens)), env.get("references", {}), labels)


def inline_tokens(content: str, footnotes: Collection[str] = ()) -> list[Token]:
    """The tokens of one run of inline source; ``footnotes`` are labels that may be referred to."""
    env = {"footnotes": {"refs": dict.fromkeys(footnotes, -1)}} if footnotes else {}
    return _INLINE.inline.parse(content, _INLINE, env, [])


def plain_text(content: str) -> str:
    """Inline source as the reader sees it, without marks."""
    if not any(mark in content for mark in "*_`[]<>\\&!~$"):
        return content.strip()
    return "".join(_words(inline_tokens(content))).strip()


def unclosed_fence(page: Page) -> int | None:
    """The 1-based line of a code fence that never closes; None when all do."""
    for block in page.blocks:
        for token in block.tokens:
            if token.type == "fence" and token.map and not _closes(token, page.lines):
                return token.map[0] + 1
    return None


def too_deep(page: Page) -> int | None:
    """The 1-based line of a block nested so deeply that the parser leaves out what is inside."""
    for block in page.blocks:
        for token in block.tokens:
            if token.level >= _DEEPEST:
                return (token.map or [block.start])[0] + 1
    return None


# Private functions


def _top_level(tokens: Sequence[Token]) -> Iterator[Block]:
    depth, first = 0, 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            opening = tokens[first]
            lines = opening.map or token.map or [0, 0]
            yield Block(opening.type, tokens[first : position + 1], lines[0], lines[1])
            first = position + 1


def _closes(fence: Token, lines: Sequence[str]) -> bool:
    start, end = fence.map or [0, 0]
    if end - start < 2 or end > len(lines):
        return False
    last = lines[end - 1].strip().lstrip("> ").strip()
    return last.startswith(fence.markup) and not last.strip(fence.markup[0])


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline", "math_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.children:
            yield from _words(token.children)


def _block_parser() -> CourseMarkdown:
    """The house parser up to its blocks: words inside them are left alone."""
    parser = CourseMarkdown()
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.disable("html_block")  # never fires without raw HTML, and costs time
    for ruler in (parser.core.ruler, parser.block.ruler):
        ruler.getRules("")  # compiled now: doing it lazily would race between threads
    return parser


_INLINE = CourseMarkdown()
_BLOCKS = _block_parser()
