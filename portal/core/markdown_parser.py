"""The one Markdown parser of the house: which rules it has, and how it is shared.

The parser holds no state between calls (everything lives in the ``env`` of one call), and its
rule chains are compiled here, at import, so that any number of threads may use it at once.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin

from portal.core.markdown_cjk import CjkParserInline, bare_address, is_cjk, join_lines

_SCHEMES = ("http", "https", "mailto")
_SENTENCE_MARKS = frozenset("，。；：！？、“”《》")
_MATH = math_inline_dollar(allow_space=False, allow_digits=False)


class CourseMarkdown(MarkdownIt):
    """CommonMark with tables, strikethrough, footnotes, definition lists and math; no raw HTML."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "xhtmlOut": False})
        self.inline = CjkParserInline()
        self.configure("commonmark", {"html": False, "xhtmlOut": False})
        self.enable(["table", "strikethrough"])
        self.use(footnote_plugin).use(deflist_plugin)
        self.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
        self.inline.ruler.at("math_inline", math_inline)
        self.inline.ruler.before("newline", "bare_address", bare_address)
        self.core.ruler.push("join_lines", join_lines)
        for ruler in (self.core.ruler, self.block.ruler, self.inline.ruler, self.inline.ruler2):
            ruler.getRules("")  # compile now: doing it lazily would race between threads

    def validateLink(self, url: str) -> bool:
        """Only http, https, mailto and addresses without a scheme (relative, ``#`` and ``/``)."""
        scheme = scheme_of(url)
        return scheme is None or scheme in _SCHEMES


def scheme_of(url: str) -> str | None:
    """The scheme of ``url`` in lower case; None when it has none (``a/b:c`` is a path)."""
    head = url.strip().replace("\t", "").replace("\n", "")
    for position, character in enumerate(head):
        if character == ":":
            return head[:position].lower()
        if character in "/?#":
            return None
    return None


def math_inline(state: StateInline, silent: bool) -> bool:
    """Inline rule at ``$``: math, unless what stands between the signs is an amount of money."""
    start = state.pos
    if not _MATH(state, True):
        return False
    between = state.src[start + 1 : state.pos - 1]
    if _reads_as_prose(between):
        state.pos = start
        return False
    if not silent:
        state.pos = start
        _MATH(state, False)
    return True


def parse(source: str, env: MutableMapping[str, Any] | None = None) -> list[Token]:
    """Block tokens of ``source``; ``env`` receives what belongs to this call (footnotes).

    Callouts are still block quotes and tasks still ``[x]`` text; a ``softbreak`` that is
    ``hidden`` stands between two Chinese characters and means no space.
    """
    return _PARSER.parse(source, {} if env is None else env)


# Private functions


def _reads_as_prose(between: str) -> bool:
    """``$5和$`` or ``$风险，后果$`` is prose; ``$风险=可能性\\times 后果$`` is a formula."""
    if any(character in _SENTENCE_MARKS for character in between):
        return "{" not in between
    return between[0].isdigit() and any(is_cjk(character) for character in between)


_PARSER = CourseMarkdown()
