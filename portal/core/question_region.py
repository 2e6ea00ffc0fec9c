"""The blocks under a question's heading: which are stem, which answer, which carry a label.

A question reaches from its heading to the next one, as far as blocks can belong to it. In a quiz
file everything up to the next heading is its; in a module, prose may follow it.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.answer_choice import is_pair_table, is_task_list
from portal.core.blocks import Block, Page
from portal.core.chips import chip_texts, is_spoilt_chip_line
from portal.core.labels import Label, Labelled, near_label, opens_with_label, read_labels


def is_question(blocks: Sequence[Block], in_module: bool) -> bool:
    """Whether the heading ``blocks[0]``, with the blocks below it, is a question.

    It is one when a chip line follows. Without a chip line it is one when an answer part follows,
    which in a module needs a labelled quote as well: a check list there is ordinary text.
    """
    if len(blocks) < 2:
        return False
    if chip_texts(blocks[1]) is not None or is_spoilt_chip_line(blocks[1]):
        return True
    labelled = any(opens_with_label(block) for block in blocks[1:])
    if in_module or labelled:
        return labelled
    is_group = blocks[0].tokens[0].tag in ("h1", "h2")
    return not is_group or any(is_task_list(block) for block in blocks[1:])


class Region:
    """``blocks`` below the chip line, sorted out; ``end`` is where prose resumes.

    ``answer_at`` is the block that is the answer part, None where the answer stands in a label or
    in gaps of the stem.
    """

    def __init__(self, page: Page, blocks: Sequence[Block], in_module: bool) -> None:
        self.page = page
        self.blocks = blocks
        self.labels: dict[int, tuple[Labelled, ...]] = {
            at: parts
            for at, block in enumerate(blocks)
            if (parts := read_labels(block, page.lines))
        }
        self.answer_at = self._find_answer()
        self.end = self._find_end() if in_module else len(blocks)

    @property
    def parts(self) -> list[Labelled]:
        """The labelled parts of the question, in order."""
        return [part for at, parts in self.labels.items() if at < self.end for part in parts]

    def part(self, label: Label) -> Labelled | None:
        """The first part with ``label``."""
        return next((part for part in self.parts if part.label == label), None)

    @property
    def unlabelled(self) -> list[Block]:
        """Blocks of the question that carry no label."""
        return [block for at, block in enumerate(self.blocks[: self.end]) if at not in self.labels]

    @property
    def stem_blocks(self) -> list[Block]:
        """Blocks before the answer that carry no label."""
        stop = self.answer_at if self.answer_at is not None else self._first_label(self.end)
        return [block for at, block in enumerate(self.blocks[:stop]) if at not in self.labels]

    @property
    def tail(self) -> list[Block]:
        """Blocks behind the answer that carry no label: there should be none."""
        start = self.answer_at if self.answer_at is not None else self._first_label(self.end)
        behind = range(start + 1, self.end)
        return [self.blocks[at] for at in behind if at not in self.labels]

    @property
    def is_answered(self) -> bool:
        """Whether there is something that looks like an answer part."""
        return (
            self.answer_at is not None
            or self.part("answer") is not None
            or self.part("rubric") is not None
            or self._has_gaps()
        )

    def torn_at(self) -> Block | None:
        """An ordinary quote between two lists of options: feedback that is not indented."""
        if self.answer_at is None:
            return None
        for at in range(self.answer_at + 1, self.end - 1):
            quote = self.blocks[at].type == "blockquote_open" and at not in self.labels
            if quote and is_task_list(self.blocks[at + 1]):
                return self.blocks[at]
        return None

    # Private methods

    def _first_label(self, default: int) -> int:
        """The first labelled block but hints, which may stand before the answer."""
        behind = (at for at, parts in self.labels.items() if parts[0].label != "hint")
        return min(behind, default=default)

    def _find_answer(self) -> int | None:
        """Options win over everything: lists and tables beside them are part of the stem."""
        tasks = next((at for at, block in enumerate(self.blocks) if is_task_list(block)), None)
        if tasks is not None:
            return tasks
        labels = {part.label for parts in self.labels.values() for part in parts}
        if labels & {"answer", "rubric"} or self._has_gaps():
            return None
        lists = [
            at
            for at, block in enumerate(self.blocks)
            if block.type == "ordered_list_open" or is_pair_table(block)
        ]
        first_label = min(self.labels, default=None)
        before = [at for at in lists if first_label is not None and at < first_label]
        if before:
            return before[-1]  # one further up belongs to the stem
        return lists[0] if lists else None

    def _has_gaps(self) -> bool:
        return any(
            token.type == "inline" and "[[" in token.content
            for block in self.blocks
            for token in block.tokens
        )

    def _find_end(self) -> int:
        last = len(self.blocks) - 1
        at = (self.answer_at if self.answer_at is not None else self._first_label(last)) + 1
        while at < len(self.blocks) and self._belongs(at):
            at += 1
        return at

    def _belongs(self, at: int) -> bool:
        """A label, even one misspelt; or options, and feedback that tears them apart."""
        block = self.blocks[at]
        if at in self.labels or near_label(block) is not None or is_task_list(block):
            return True
        if block.type != "blockquote_open":
            return False
        glued = self.page.lines[block.start - 1].strip() != "" and is_task_list(self.blocks[at - 1])
        return glued or any(is_task_list(other) for other in self.blocks[at + 1 : at + 2])
