"""Answer parts that are lists: choices, true/false, ordering; and the matching table."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.blocks import Block
from portal.core.capabilities import Bilingual
from portal.core.chips import Chips
from portal.core.containers import Item, Row, blocks_source, items, quote_source, rows
from portal.core.findings import Findings
from portal.core.folding import fold
from portal.core.questions import Choice, ChoiceKind, Matching, Option, Ordering
from portal.core.slips import is_marked

_TRUE = frozenset(("正确", "对", "true", "√", "是"))
_FALSE = frozenset(("错误", "错", "false", "×", "否"))


def is_task_list(block: Block) -> bool:
    """Whether any item of a bullet list carries ``[ ]`` or ``[x]``."""
    if block.type != "bullet_list_open":
        return False
    tokens = block.tokens
    depth = tokens[0].level + 1
    return any(
        is_marked(tokens[at + 2].content)
        for at, token in enumerate(tokens[:-2])
        if token.type == "list_item_open" and token.level == depth
    )


def is_pair_table(block: Block) -> bool:
    """Whether the block is a table of two columns."""
    return block.type == "table_open" and all(len(row.cells) == 2 for row in rows(block.tokens))


def read_choice(
    block: Block, chips: Chips, lines: Sequence[str], findings: Findings
) -> Choice | None:
    """The options of a task list; None when a fault was noted."""
    before = len(findings.problems)
    options = []
    for item in items(block):
        if not is_marked(item.first):
            findings.add(item.start + 1, "Q010")
            continue
        option = _option(item, lines)
        if not option.text.zh:
            findings.add(item.start + 1, "Q011")
        options.append(option)
    if len(findings.problems) > before:
        return None
    kind = _choice_kind(options, chips, block.line, findings)
    if kind is None:
        return None
    return Choice(kind, tuple(options), fixed=bool(chips.given.get("fixed")))


def read_ordering(block: Block, lines: Sequence[str], findings: Findings) -> Ordering | None:
    """The items of an ordered list, in the right order."""
    found = [(item, blocks_source(item.blocks, lines)) for item in items(block)]
    for item, text in found:
        if not text:
            findings.add(item.start + 1, "Q011")
            return None
    if len(found) < 2:
        findings.add(block.line, "Q030")
        return None
    return Ordering(tuple(Bilingual(text) for _, text in found))


def read_matching(block: Block, findings: Findings) -> Matching | None:
    """The pairs of a two-column table; a row without a left cell is a distractor."""
    head, *body = rows(block.tokens)
    lefts: list[str] = []
    rights: list[str] = []
    key: list[int] = []
    for row in body:
        left, right = row.cells
        if not right:
            findings.add(row.line, "Q019")
            return None
        if right not in rights:
            rights.append(right)
        if left:
            if left in lefts:
                findings.add(row.line, "Q032", cell=left)
                return None
            lefts.append(left)
            key.append(rights.index(right))
    if len(lefts) < 2:
        findings.add(block.line, "Q031")
        return None
    return Matching(
        tuple(map(Bilingual, lefts)),
        tuple(map(Bilingual, rights)),
        tuple(key),
        _headers(head),
    )


# Private functions


def _option(item: Item, lines: Sequence[str]) -> Option:
    quotes = [block for block in item.blocks if block.type == "blockquote_open"]
    others = [block for block in item.blocks if block.type != "blockquote_open"]
    text = blocks_source(others, lines)
    feedback = "\n\n".join(quote_source(quote, lines) for quote in quotes)
    return Option(
        Bilingual(text[3:].strip(" \t\u3000\n")),
        item.first[1] in "xX",
        Bilingual(feedback) if feedback else None,
    )


def _choice_kind(
    options: Sequence[Option], chips: Chips, line: int, findings: Findings
) -> ChoiceKind | None:
    right = sum(option.correct for option in options)
    asked = chips.given.get("kind")
    truth = len(options) == 2 and {_truth(option.text.zh) for option in options} == {True, False}
    if asked == "truefalse" and not truth:
        findings.add(line, "Q033")
    elif asked not in (None, "single", "multiple", "truefalse"):
        findings.add(line, "Q013", asked=asked, shape="single / multiple")
    elif right == 0:
        findings.add(line, "Q003")
    elif len(options) < 2:
        findings.add(line, "Q012")
    elif right > 1 and (truth or asked in ("single", "truefalse")):
        findings.add(line, "Q004", count=right)
    elif truth and asked in (None, "truefalse"):
        return "truefalse"
    elif asked == "multiple" or right > 1:
        return "multiple"
    else:
        return "single"
    return None


def _truth(text: str) -> bool | None:
    word = fold(text)
    return True if word in _TRUE else False if word in _FALSE else None


def _headers(head: Row) -> tuple[Bilingual, Bilingual]:
    return Bilingual(head.cells[0]), Bilingual(head.cells[1])
