"""Labelled block quotes of a question: 解析, 提示, 答案, 评分标准 and their English names.

One quote may hold several labels, because two quotes without an empty line between them are one
quote to Markdown, though not to the person who wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.core.blocks import Block
from portal.core.containers import Row, inner_blocks, quote_lines, rows

Label = Literal["explanation", "hint", "answer", "rubric"]

LABELS: Mapping[str, Label] = {
    "解析": "explanation",
    "explanation": "explanation",
    "提示": "hint",
    "hint": "hint",
    "答案": "answer",
    "answer": "answer",
    "评分标准": "rubric",
    "rubric": "rubric",
    "criteria": "rubric",
    "marking": "rubric",
    "marking criteria": "rubric",
    "marking scheme": "rubric",
    "marking guide": "rubric",
    "scoring criteria": "rubric",
}
# What people write instead; each gets a message that names the right word.
NEAR: Mapping[str, str] = {
    "解释": "解析",
    "分析": "解析",
    "说明": "解析",
    "答案解析": "解析",
    "解答": "解析",
    "参考答案": "答案",
    "正确答案": "答案",
    "标准答案": "答案",
    "评分": "评分标准",
    "评分要点": "评分标准",
    "hints": "Hint",
    "explain": "Explanation",
    "answers": "Answer",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled part: its Markdown, the rows of tables in it, and its 1-based line."""

    label: Label
    text: str
    rows: tuple[Row, ...]
    line: int


def read_labels(block: Block, lines: Sequence[str]) -> tuple[Labelled, ...]:
    """The labelled parts of a block quote; empty when it is an ordinary quote."""
    if block.type != "blockquote_open":
        return ()
    starts = _starts(block)
    if not starts:
        return ()
    inside = quote_lines(block, lines)
    if inside and starts[0][0] > inside[0][0]:
        return ()  # words stand before the first label
    parts = []
    for position, (number, label, rest) in enumerate(starts):
        end = starts[position + 1][0] if position + 1 < len(starts) else block.end
        body = [text for at, text in inside if number < at < end]
        table = tuple(row for row in rows(block.tokens) if number < row.line - 1 < end)
        parts.append(Labelled(label, "\n".join([rest, *body]).strip(), table, number + 1))
    return tuple(parts)


def opens_with_label(block: Block) -> bool:
    """Whether the block is a quote that begins with a label."""
    if block.type != "blockquote_open":
        return False
    inside = inner_blocks(block.tokens)
    return bool(inside) and split_label(inside[0].text.split("\n")[0])[0] in LABELS


def near_label(block: Block) -> tuple[str, str] | None:
    """The label somebody wrote for another, and the one that is meant; None when there is none."""
    if block.type != "blockquote_open":
        return None
    inside = inner_blocks(block.tokens)
    name = split_label(inside[0].text.split("\n")[0])[0] if inside else ""
    return (name, NEAR[name]) if name in NEAR else None


def split_label(line: str) -> tuple[str, str]:
    """``**解析** 因为…`` or ``解析：因为…`` as label and rest; no label is ""."""
    if line.startswith("**"):
        end = line.find("**", 2)
        if end > 2:
            name = line[2:end].strip().rstrip("：:").strip().casefold()
            return name, line[end + 2 :].lstrip(" \u3000：:")
    for colon in ("：", ":"):
        name, found, rest = line.partition(colon)
        if found and name.strip().casefold() in LABELS:
            return name.strip().casefold(), rest.strip()
    return "", line


# Private functions


def _starts(block: Block) -> list[tuple[int, Label, str]]:
    """0-based line, label and first words of every labelled part."""
    found = []
    for child in inner_blocks(block.tokens):
        if child.type == "paragraph_open":
            for offset, line in enumerate(child.text.split("\n")):
                name, rest = split_label(line)
                if name in LABELS:
                    found.append((child.start + offset, LABELS[name], rest))
    return found
