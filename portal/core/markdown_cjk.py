"""Chinese text beside Markdown's marks: emphasis, line breaks, bare web addresses.

Plain CommonMark was made for words with spaces between them. In Chinese text it leaves the
asterisks of ``根据**《人民调解法》**第三十三条`` standing (commonmark-spec issue 650), puts a space
where a line ends between two characters, and swallows the full stop after a web address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Code point ranges, inclusive: radicals to ideographs, kana, hangul, compatibility and
# full-width forms, and the planes of rare ideographs.
_CJK_RANGES = (
    (0x1100, 0x11FF),
    (0x2E80, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x1B000, 0x1B2FF),
    (0x20000, 0x3FFFF),
)
# Punctuation that Chinese shares with Western text: ‘ ’ “ ” … — ·
_SHARED_PUNCTUATION = frozenset("‘’“”…—·")
# What a bare address may hold (RFC 3986, without quotes and asterisks, which belong to the text).
_URL_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&()+,;=%"
)
# Brackets in one paragraph; each may start a link, and all of them are tried. More is no prose.
_MOST_BRACKETS = 2000
_URL_TAIL = ".,;:!?[]"  # never the last character of a bare address


def is_cjk(character: str) -> bool:
    """Whether ``character`` is written in a script without spaces, its punctuation included."""
    point = ord(character)
    if point < 0x1100:
        return character == "·"
    return character in _SHARED_PUNCTUATION or any(
        low <= point <= high for low, high in _CJK_RANGES
    )


class CjkStateInline(StateInline):
    """The inline state whose delimiter runs treat a CJK neighbour as a word boundary."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Whether the run at ``start`` opens or closes emphasis (CommonMark 6.2, amended).

        The amendment: punctuation inside the run, next to it, no longer stops the run from
        opening or closing when the character on the other side, or itself, is CJK.
        """
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = source[start - 1] if start > 0 else " "
        after = source[end] if end < self.posMax else " "
        before_space, after_space = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        before_mark, after_mark = _is_punctuation(before), _is_punctuation(after)
        cjk = is_cjk(before) or is_cjk(after)
        left = not after_space and (not after_mark or before_space or before_mark or cjk)
        right = not before_space and (not before_mark or after_space or after_mark or cjk)
        return Scanned(
            left and (canSplitWord or not right or before_mark),
            right and (canSplitWord or not left or after_mark),
            end - start,
        )


class CjkParserInline(ParserInline):
    """An inline parser of its own state class, so that other users of markdown-it are untouched."""

    def parse(
        self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]
    ) -> list[Token]:
        state = CjkStateInline(src, md, env, tokens)
        if src.count("[") > _MOST_BRACKETS:
            state.pos, state.pending = len(src), src
            state.pushPending()
            return state.tokens
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def join_lines(state: StateCore) -> None:
    """Core rule: a line break between two CJK characters is no space.

    The ``softbreak`` token stays in place, ``hidden``: it renders as nothing, and lines can still
    be counted.
    """
    for token in state.tokens:
        children = token.children
        if not children:
            continue
        for position, child in enumerate(children):
            if (
                child.type == "softbreak"
                and is_cjk(_edge(children, position, -1))
                and is_cjk(_edge(children, position, 1))
            ):
                child.hidden = True


def bare_address(state: StateInline, silent: bool) -> bool:
    """Inline rule at ``://``: a bare http(s) address ends before CJK text and its punctuation."""
    source, colon = state.src, state.pos
    if state.linkLevel > 0 or not source.startswith("://", colon):
        return False
    start = _scheme_start(source, colon)
    if start < 0 or (not silent and not state.pending.endswith(source[start:colon])):
        return False
    end = _address_end(source, colon + 3, state.posMax)
    if end == colon + 3:
        return False
    address = source[start:end]
    href = state.md.normalizeLink(address)
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: start - colon]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": href}
        opening.markup, opening.info = "linkify", "auto"
        state.push("text", "", 0).content = address
        closing = state.push("link_close", "a", -1)
        closing.markup, closing.info = "linkify", "auto"
    state.pos = end
    return True


# Private functions


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _edge(children: list[Token], position: int, step: int) -> str:
    """The character next to the break at ``position``, looking over emphasis marks."""
    position += step
    while 0 <= position < len(children):
        child = children[position]
        if child.content and child.type in ("text", "code_inline"):
            return child.content[-1 if step < 0 else 0]
        if child.nesting == 0 and child.type != "text":
            return " "
        position += step
    return " "


def _scheme_start(source: str, colon: int) -> int:
    """Where ``http`` or ``https`` before ``colon`` starts; -1 when there is none."""
    for scheme in ("https", "http"):
        start = colon - len(scheme)
        if start >= 0 and source[start:colon].lower() == scheme:
            before = source[start - 1] if start > 0 else " "
            return start if not (before.isascii() and before.isalnum()) else -1
    return -1


def _address_end(source: str, position: int, limit: int) -> int:
    """Where the address ends: at the first character it cannot hold, less trailing marks."""
    start = position
    while position < limit and source[position] in _URL_CHARACTERS:
        position += 1
    while position > start:
        last = source[position - 1]
        unmatched = last == ")" and source.count(")", start, position) > source.count(
            "(", start, position
        )
        if last not in _URL_TAIL and not unmatched:
            break
        position -= 1
    return position if position > start and source[start].isalnum() else start
