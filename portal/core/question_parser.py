"""A question: heading, chip line, stem, answer part, labelled quotes.

A question is everything from its heading to the next one, as far as it can belong to it. The
parser knows one language only: it is used on the Chinese file and on its English edition, and
``editions`` puts the two together. Words stand in the ``zh`` slot either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.answer_choice import (
    is_pair_table,
    is_task_list,
    read_choice,
    read_matching,
    read_ordering,
)
from portal.core.answer_text import (
    FoundGap,
    find_gaps,
    read_answer,
    read_cloze,
    read_rubric,
)
from portal.core.blocks import Block, Page, plain_text
from portal.core.capabilities import Bilingual
from portal.core.chips import Chips, chip_texts, is_spoilt_chip_line, read_chips
from portal.core.containers import items
from portal.core.findings import Findings
from portal.core.labels import Labelled, near_label, read_labels
from portal.core.questions import Body, Choice, Essay, Question
from portal.core.slips import note_slips
from portal.core.statutes import StatuteRegistry


@dataclass(frozen=True, slots=True)
class Parsed:
    """One heading's region read as a question.

    ``question`` is None when a fault was noted; ``id`` and ``given`` (the chips as written) are
    known all the same. ``end`` is the number of blocks used, heading included.
    """

    id: str
    question: Question | None
    given: Mapping[str, Any]
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where questions stand: ``course`` and its default ``capability``; ``path`` of the file.

    In a module prose may follow a question; in a quiz file it may not. Citations are checked
    against ``statutes`` where it is given.
    """

    path: str
    course: str = ""
    capability: str = ""
    in_module: bool = False
    statutes: StatuteRegistry | None = None


def is_question(blocks: Sequence[Block], in_module: bool) -> bool:
    """Whether the heading ``blocks[0]``, with the blocks below it, is a question.

    It is one when a chip line follows. Without a chip line it is one when an answer part follows,
    which in a module needs a labelled quote as well: a check list there is ordinary text.
    """
    if len(blocks) < 2:
        return False
    if chip_texts(blocks[1]) is not None or is_spoilt_chip_line(blocks[1]):
        return True
    labelled = any(
        block.type == "blockquote_open" and _opens_with_label(block) for block in blocks[1:]
    )
    if in_module:
        return labelled
    tasks = any(is_task_list(block) for block in blocks[1:])
    return labelled or tasks or blocks[0].tokens[0].tag not in ("h1", "h2")


def parse_question(page: Page, blocks: Sequence[Block], place: Place, findings: Findings) -> Parsed:
    """``blocks`` from a question's heading up to the next heading, as a question."""
    before = len(findings.problems)
    heading, chips, body = _head(blocks, findings)
    region = _Region(page, body, place.in_module)
    answer = _answer(region, chips, heading, findings)
    used = len(blocks) - len(body) + region.end
    if not chips.id:
        findings.add(heading.line, "Q001", title=heading.text)
    question = None
    if answer is not None and chips.id:
        _check_tail(region, place, findings)
        if not any(_is_fault(problem.code) for problem in findings.problems[before:]):
            question = _build(heading, chips, answer, region, place, findings)
    return Parsed(chips.id, question, chips.given, used, heading.line)


# Private functions

_WARNINGS = frozenset(("Q025", "Q035", "Q108"))


def _is_fault(code: str) -> bool:
    return code not in _WARNINGS


def _opens_with_label(block: Block) -> bool:
    return bool(read_labels(block, _NoLines()))


class _NoLines(Sequence[str]):
    """Stands in for a page's lines where only labels are asked for."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, index: Any) -> Any:
        return ""


def _head(blocks: Sequence[Block], findings: Findings) -> tuple[Block, Chips, Sequence[Block]]:
    heading, rest = blocks[0], blocks[1:]
    if rest:
        texts = chip_texts(rest[0])
        if texts is not None:
            return heading, read_chips(texts, rest[0].line, findings), rest[1:]
        if is_spoilt_chip_line(rest[0]):
            findings.add(rest[0].line, "Q024")
            spans = tuple(rest[0].text.split("`")[1::2])
            return heading, read_chips(spans[:1], rest[0].line, findings), rest[1:]
    return heading, Chips(), rest


class _Region:
    """The blocks below the chip line: where the answer part is, what is stem, what is labelled."""

    def __init__(self, page: Page, blocks: Sequence[Block], in_module: bool) -> None:
        self.page = page
        self.blocks = blocks
        self.labels: dict[int, tuple[Labelled, ...]] = {}
        for at, block in enumerate(blocks):
            parts = read_labels(block, page.lines)
            if parts:
                self.labels[at] = parts
        self.answer_at = self._find_answer()
        self.end = self._find_end() if in_module else len(blocks)

    def part(self, label: str) -> Labelled | None:
        for at, parts in self.labels.items():
            for part in parts:
                if part.label == label and at < self.end:
                    return part
        return None

    @property
    def stem_blocks(self) -> list[Block]:
        """Blocks before the answer part that carry no label."""
        stop = self.answer_at
        if stop is None:
            behind = [at for at, parts in self.labels.items() if parts[0].label != "hint"]
            stop = min(behind, default=self.end)
        return [block for at, block in enumerate(self.blocks[:stop]) if at not in self.labels]

    def torn_at(self) -> Block | None:
        """An ordinary quote between two lists of options: feedback that is not indented."""
        start = self.answer_at
        if start is None:
            return None
        for at in range(start + 1, self.end - 1):
            if is_task_list(self.blocks[at + 1]) and self.blocks[at].type == "blockquote_open":
                return self.blocks[at] if at not in self.labels else None
        return None

    def stem(self) -> str:
        blocks = self.stem_blocks
        if not blocks:
            return ""
        parts, start, end = [], blocks[0].start, blocks[0].end
        for block in blocks[1:]:
            if any(line.strip() for line in self.page.lines[end : block.start]):
                parts.append(self.page.source(start, end))
                start = block.start
            end = block.end
        return "\n\n".join([*parts, self.page.source(start, end)])

    def _find_answer(self) -> int | None:
        """Index of the block that is the answer part, where that is a block of its own."""
        tasks = [at for at, block in enumerate(self.blocks) if is_task_list(block)]
        if tasks:
            return tasks[0]
        labels = {part.label for parts in self.labels.values() for part in parts}
        if labels & {"answer", "rubric"} or self._has_gaps():
            return None
        lists = [
            at
            for at, block in enumerate(self.blocks)
            if block.type == "ordered_list_open" or is_pair_table(block)
        ]
        first_label = min(self.labels, default=None)
        before = [at for at in lists if first_label is None or at < first_label]
        if not before:
            return lists[0] if lists else None
        return before[0] if first_label is None else before[-1]

    def _has_gaps(self) -> bool:
        return any(
            token.type == "inline" and "[[" in token.content
            for block in self.blocks
            for token in block.tokens
        )

    def _find_end(self) -> int:
        """Where prose resumes: at the first block that can no longer belong to the question."""
        closing = self.answer_at
        if closing is None:
            behind = [at for at, parts in self.labels.items() if parts[0].label != "hint"]
            closing = min(behind, default=len(self.blocks) - 1)
        at = closing + 1
        while at < len(self.blocks) and self._belongs(at):
            at += 1
        return at

    def _belongs(self, at: int) -> bool:
        """A label, a near label, or options torn apart by a quote that is not indented."""
        block = self.blocks[at]
        if at in self.labels or near_label(block) is not None:
            return True
        following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        torn = block.type == "blockquote_open" and following is not None
        return is_task_list(block) or (torn and following is not None and is_task_list(following))


def _answer(
    region: _Region, chips: Chips, heading: Block, findings: Findings
) -> tuple[Body, str] | None:
    """The answer part and the stem; None when a fault was noted."""
    asked = chips.given.get("kind")
    blocks = region.blocks[: region.end]
    lists = [block for at, block in enumerate(blocks) if at not in region.labels]
    slips = note_slips(lists, _has_answer(region), findings)
    if slips:
        return None
    torn = region.torn_at()
    if torn is not None:
        findings.add(torn.line, "Q029")
        return None
    stem = region.stem()
    body: Body | None = None
    part = region.part("answer")
    rubric = region.part("rubric")
    if region.answer_at is not None:
        body = _listed(region.blocks[region.answer_at], chips, region, findings)
    elif rubric is not None:
        body = read_rubric(rubric, findings)
    elif part is not None:
        body = read_answer(part, asked, findings)
    else:
        gaps = find_gaps(region.stem_blocks, findings)
        if gaps:
            return _clozed(gaps, stem, asked, heading, findings)
        _note_missing(lists, heading, findings)
    if body is None:
        return None
    if asked not in (None, body.kind) and not isinstance(body, Choice):
        findings.add(heading.line, "Q013", asked=asked, shape=body.kind)
    if isinstance(body, Essay):
        _check_rubric(body, chips, rubric, findings)
    return body, stem


def _check_rubric(body: Essay, chips: Chips, part: Labelled | None, findings: Findings) -> None:
    total, points = sum(row.points for row in body.rubric), chips.given.get("points")
    if points is not None and abs(points - total) > 1e-9:
        line = part.line if part is not None else 1
        findings.add(line, "Q023", total=f"{total:g}", points=f"{points:g}")


def _has_answer(region: _Region) -> bool:
    return (
        region.answer_at is not None
        or region.part("answer") is not None
        or region.part("rubric") is not None
        or region._has_gaps()
    )


def _listed(block: Block, chips: Chips, region: _Region, findings: Findings) -> Body | None:
    if block.type == "bullet_list_open":
        return read_choice(block, chips, region.page.lines, findings)
    if block.type == "ordered_list_open":
        return read_ordering(block, region.page.lines, findings)
    return read_matching(block, findings)


def _clozed(
    gaps: Sequence[FoundGap], stem: str, asked: str | None, heading: Block, findings: Findings
) -> tuple[Body, str] | None:
    read = read_cloze(gaps, stem, heading.line, findings)
    if asked not in (None, "cloze"):
        findings.add(heading.line, "Q013", asked=asked, shape="cloze")
    return read


def _note_missing(blocks: Sequence[Block], heading: Block, findings: Findings) -> None:
    """Say what is missing: boxes before the options, or the answer part as a whole."""
    if any(problem.code == "Q021" for problem in findings.problems[-3:]):
        return
    bullets = next((block for block in blocks if block.type == "bullet_list_open"), None)
    if bullets is not None and len(items(bullets)) > 1:
        findings.add(bullets.line, "Q009")
        return
    near = next((block for block in blocks if near_label(block) is not None), None)
    if near is not None:
        _note_near(near, findings)
        return
    findings.add(heading.line, "Q002", title=heading.text)


def _check_tail(region: _Region, place: Place, findings: Findings) -> None:
    """What follows the answer part must be labelled quotes, each label once."""
    seen: dict[str, int] = {}
    for at, parts in region.labels.items():
        for part in parts if at < region.end else ():
            if part.label in seen:
                findings.add(part.line, "Q034", first=seen[part.label])
            seen.setdefault(part.label, part.line)
    if region.answer_at is None and not region.labels:
        return
    closing = region.answer_at
    if closing is None:
        closing = min(
            (at for at, parts in region.labels.items() if parts[0].label != "hint"),
            default=region.end - 1,
        )
    for at in range(closing + 1, region.end):
        if at in region.labels:
            continue
        block = region.blocks[at]
        if near_label(block) is not None:
            _note_near(block, findings)
        elif block.type == "blockquote_open" and region.answer_at is not None:
            findings.add(block.line, "Q029")
        elif is_task_list(block):
            findings.add(block.line, "Q014")
        elif block.type != "hr":
            findings.add(block.line, "Q015")
        else:
            continue
        return  # what follows would only repeat it


def _note_near(block: Block, findings: Findings) -> None:
    written, meant = near_label(block) or ("", "")
    findings.add(block.line, "Q016", written=written, meant=meant)


def _build(
    heading: Block,
    chips: Chips,
    answer: tuple[Body, str],
    region: _Region,
    place: Place,
    findings: Findings,
) -> Question:
    body, stem = answer
    given = chips.given
    title = plain_text(heading.text)
    if not stem:
        findings.add(heading.line, "Q025", title=title)
    points = given.get("points")
    if points is None:
        points = sum(part.points for part in body.rubric) if isinstance(body, Essay) else 1.0
    return Question(
        id=chips.id,
        title=Bilingual(title),
        stem=Bilingual(stem or title),
        body=body,
        points=points,
        level=given.get("level", 3),
        capability=given.get("capability", place.capability),
        laws=given.get("laws", ()),
        tags=given.get("tags", ()),
        explanation=_words(region.part("explanation")),
        hint=_words(region.part("hint")),
        retired=bool(given.get("retired")),
        course=place.course,
        path=place.path,
        line=heading.line,
    )


def _words(part: Labelled | None) -> Bilingual | None:
    return Bilingual(part.text) if part is not None and part.text else None
