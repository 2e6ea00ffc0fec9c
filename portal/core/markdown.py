"""Course Markdown to what a page can show: safe HTML, diagrams, formulas.

A document becomes few blocks: runs of ordinary Markdown stay one ``Html`` block, because every
element of a page costs its reader time. Rendering is pure: equal arguments, equal blocks. Authors'
Markdown never raises, whatever it is; raw HTML in it is shown as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from portal.core import markdown_marks as marks
from portal.core.citation_tokens import link_citations
from portal.core.markdown_html import RENDERER, sanitise
from portal.core.markdown_parser import CourseMarkdown, parse
from portal.core.markdown_rich import to_markdown
from portal.core.statutes import StatuteRegistry

__all__ = ["Block", "Formula", "Html", "Mermaid", "Rich", "plain", "render", "sanitise"]


@dataclass(frozen=True, slots=True)
class Html:
    """Sanitised HTML."""

    html: str


@dataclass(frozen=True, slots=True)
class Mermaid:
    """The source of one diagram."""

    code: str


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX of one displayed formula, without its dollar signs."""

    latex: str


@dataclass(frozen=True, slots=True)
class Rich:
    """Markdown of one block that holds inline math, for a component that sets math.

    Written anew from the tokens: links, images and citations are resolved in it, and its emphasis
    holds beside Chinese punctuation in any CommonMark renderer.
    """

    markdown: str


Block = Html | Mermaid | Formula | Rich


def render(
    source: str,
    *,
    base: str = "",
    statutes: StatuteRegistry | None = None,
    locale: str = "zh",
) -> tuple[Block, ...]:
    """Blocks of ``source`` in reading order.

    ``base`` is the address of the course's files (``/content/<course>``) that relative images and
    links are resolved against; with ``statutes``, citations of known statutes become links.
    """
    env: dict[str, Any] = {"locale": locale, "document": f"{crc32(source.encode()):08x}"}
    stream = parse(source, env)
    _decorate(stream, base)
    if statutes is not None:
        link_citations(stream, statutes, locale)
    blocks: list[Block] = []
    run: list[Token] = []
    for top in _top_level(stream):
        block = _special(top, locale)
        if block is None:
            run += top
            continue
        _flush(run, blocks, env)
        blocks.append(block)
    _flush(run, blocks, env)
    return tuple(blocks)


def plain(source: str) -> str:
    """What ``source`` says, a line a block, without marks, diagrams and code fences."""
    stream = parse(source)
    marks.mark_callouts(stream)
    marks.mark_tasks(stream)
    lines = (marks.inline_text(token) for token in stream if token.type == "inline")
    return "\n".join(line for line in lines if line)


# Private functions

_OPTIONS: OptionsDict = CourseMarkdown().options


def _decorate(stream: list[Token], base: str) -> None:
    marks.mark_callouts(stream)
    marks.mark_tasks(stream)
    marks.mark_headings(stream)
    marks.mark_tables(stream)
    for token in stream:
        if token.type == "inline" and token.children:
            token.children = marks.mark_images(token.children, base)
            marks.mark_links(token.children, base)


def _top_level(stream: Sequence[Token]) -> list[list[Token]]:
    """The stream cut into its outermost blocks."""
    cut: list[list[Token]] = []
    depth = 0
    for token in stream:
        if depth == 0:
            cut.append([])
        cut[-1].append(token)
        depth += token.nesting
    return cut


def _special(top: Sequence[Token], locale: str) -> Block | None:
    """The block of its own that ``top`` must be; None for ordinary Markdown."""
    first = top[0]
    if first.type == "fence" and first.info.split()[:1] == ["mermaid"]:
        return Mermaid(first.content)
    if first.type == "math_block":
        return Formula(first.content.strip())
    if first.type == "footnote_block_open" or not any(map(_holds_math, top)):
        return None
    return Rich(to_markdown(top, locale))


def _holds_math(token: Token) -> bool:
    return token.type == "math_block" or any(
        child.type == "math_inline" for child in token.children or ()
    )


def _flush(run: list[Token], blocks: list[Block], env: dict[str, Any]) -> None:
    """Render the waiting tokens into one ``Html`` block."""
    if run:
        html = sanitise(RENDERER.render(run, _OPTIONS, env))
        if html.strip():
            blocks.append(Html(html))
        run.clear()
