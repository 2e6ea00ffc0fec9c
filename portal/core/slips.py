"""What a Chinese keyboard writes in place of Markdown: ``【x】 ［x］ [√] -[x] 1、 A.``

Each slip has its own message, so that an author mends the character instead of hunting for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.core.blocks import Block
from portal.core.findings import Findings

_BULLETS = "-*+－—–•·●"
_TICKS = "√✓✔☑✅对错×✗✘vV*＊●○"
_DIGITS = "0123456789０１２３４５６７８９"
_LETTERS = "ABCDEFGHＡＢＣＤＥＦＧＨabcdefgh"


def note_slips(blocks: Sequence[Block], answered: bool, findings: Findings) -> bool:
    """Note each slip once; True when there was one.

    ``answered``: the question has an answer part, so that ``1、`` and ``A.`` are ordinary text.
    """
    seen: dict[str, int] = {}
    for line, code in _slips(blocks):
        if not (answered and code in ("Q105", "Q106")):
            seen.setdefault(code, line)
    for code, line in sorted(seen.items(), key=lambda entry: (entry[1], entry[0])):
        findings.add(line, code)
    return bool(seen)


def is_marked(content: str) -> bool:
    """Whether a list item starts with ``[ ]`` or ``[x]`` and a space."""
    return content[:3] in ("[ ]", "[x]", "[X]") and (
        len(content) == 3 or content[3] in " \t\n\u3000"
    )


# Private functions


def _slips(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        if block.type == "paragraph_open":
            yield from _in_paragraph(block.text, block.line)
        elif block.type == "bullet_list_open":
            for line, content in _first_lines(block):
                yield from _in_item(content, line)


def _first_lines(block: Block) -> Iterator[tuple[int, str]]:
    """Line and first paragraph of every item that could hold a slip: one written as it should
    be, on one line, cannot."""
    tokens = block.tokens
    depth = tokens[0].level + 1
    for at, token in enumerate(tokens[:-2]):
        if token.type == "list_item_open" and token.level == depth:
            content = tokens[at + 2].content
            if "\n" in content or not is_marked(content):
                yield (token.map or [block.start])[0] + 1, content


def _in_paragraph(content: str, line: int) -> Iterator[tuple[int, str]]:
    lines = content.split("\n")
    numbered = sum(_is_numbered(text) for text in lines)
    lettered = sum(_is_lettered(text) for text in lines)
    for offset, text in enumerate(lines):
        if _is_glued(text):
            yield line + offset, "Q104"
        elif _box_slip(text):
            yield line + offset, _box_slip(text)
        elif numbered and _is_numbered(text):
            yield line + offset, "Q105"
        elif lettered and _is_lettered(text):
            yield line + offset, "Q106"


def _in_item(content: str, line: int) -> Iterator[tuple[int, str]]:
    first, *rest = content.split("\n")
    code = _box_slip(first)
    if code:
        yield line, code
    elif _is_lettered(first):
        yield line, "Q106"
    elif _is_numbered(first):
        yield line, "Q105"
    for offset, text in enumerate(rest, 1):
        if _is_glued(text):
            yield line + offset, "Q104"
        elif _box_slip(text):
            yield line + offset, _box_slip(text)


def _box_slip(text: str) -> str:
    """The code of a wrongly written box at the start of ``text``; "" when there is none."""
    if text[:1] == "【":
        return "Q101" if _is_box(text, "】") else ""
    if text[:1] == "［":
        return "Q102" if _is_box(text, "］") or _is_box(text, "]") else ""
    if text[:1] == "[":
        if is_marked(text) or text[3:4] == "(":
            return ""
        inside, bracket, _ = text[1:5].partition("]")
        if not bracket:
            inside, bracket, _ = text[1:5].partition("］")
            return "Q102" if bracket and _is_mark(inside) else ""
        if inside.strip() and inside.strip() in _TICKS:
            return "Q103"
        return "Q107" if _is_mark(inside) else ""
    if text[:1] in ("☑", "☐", "□", "■", "✅"):
        return "Q107"
    return ""


def _is_box(text: str, closing: str) -> bool:
    inside, bracket, _ = text[1:5].partition(closing)
    return bool(bracket) and (_is_mark(inside) or inside.strip() in _TICKS)


def _is_mark(inside: str) -> bool:
    return inside.strip(" \u3000") in ("", "x", "X", "ｘ", "Ｘ")


def _is_glued(text: str) -> bool:
    """``-[x]`` without its space, or a box behind a bullet that Markdown does not know."""
    if text[:1] not in _BULLETS or not text:
        return False
    rest = text[1:].lstrip(" \u3000")
    return is_marked(rest) or rest[:3] in ("[ ]", "[x]", "[X]") or bool(_box_slip(rest))


def _is_numbered(text: str) -> bool:
    """``1、`` ``１．`` ``（1）`` where ``1. `` was meant."""
    bare = text.lstrip("（(")
    digits = len(bare) - len(bare.lstrip(_DIGITS))
    if not 0 < digits <= 2:
        return False
    after = bare[digits : digits + 1]
    return after in ("、", "．", "）") or (after in (".", ")") and bare != text)


def _is_lettered(text: str) -> bool:
    """``A.`` ``B、`` ``（C）`` at the start."""
    bare = text.lstrip("（(")
    return len(bare) > 1 and bare[0] in _LETTERS and bare[1] in ".、．)）："
