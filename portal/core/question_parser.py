"""A question: heading, chip line, stem, answer part, labelled quotes.

The parser knows one language only: it is used on the Chinese file and on its English edition, and
``editions`` puts the two together. Words stand in the ``zh`` slot either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.answer_parts import check_around, read_answer_part
from portal.core.blocks import Block, Page, plain_text
from portal.core.capabilities import Bilingual
from portal.core.chips import Chips, chip_texts, is_spoilt_chip_line, read_chips
from portal.core.findings import Findings
from portal.core.labels import Labelled
from portal.core.question_region import Region
from portal.core.questions import Body, Essay, Question
from portal.core.statutes import StatuteRegistry

_WARNINGS = frozenset(("Q025", "Q035"))  # noted on the way; the question is served all the same


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


def parse_question(page: Page, blocks: Sequence[Block], place: Place, findings: Findings) -> Parsed:
    """``blocks`` from a question's heading up to the next heading, as a question."""
    before = len(findings.problems)
    heading, chips, body = _head(blocks, findings)
    region = Region(page, body, place.in_module)
    answer = read_answer_part(region, chips, heading, findings)
    if not chips.id:
        findings.add(heading.line, "Q001", title=heading.text)
    if answer is not None:
        check_around(region, findings)
    faults = [one for one in findings.problems[before:] if one.code not in _WARNINGS]
    question = None
    if answer is not None and not faults:
        question = _build(heading, chips, answer, region, place, findings)
    used = len(blocks) - len(body) + region.end
    return Parsed(chips.id, question, chips.given, used, heading.line)


# Private functions


def _head(blocks: Sequence[Block], findings: Findings) -> tuple[Block, Chips, Sequence[Block]]:
    """The heading, what the chip line says, and the blocks below."""
    heading, rest = blocks[0], blocks[1:]
    if rest:
        texts = chip_texts(rest[0])
        if texts is not None:
            return heading, read_chips(texts, rest[0].line, findings), rest[1:]
        if is_spoilt_chip_line(rest[0]):
            findings.add(rest[0].line, "Q024")
            first = tuple(rest[0].text.split("`")[1:2])
            return heading, read_chips(first, rest[0].line, findings), rest[1:]
    return heading, Chips(), rest


def _build(
    heading: Block,
    chips: Chips,
    answer: tuple[Body, str],
    region: Region,
    place: Place,
    findings: Findings,
) -> Question:
    body, stem = answer
    given = chips.given
    title = plain_text(heading.text)
    if not stem:
        findings.add(heading.line, "Q025", title=title)
    total = sum(row.points for row in body.rubric) if isinstance(body, Essay) else 1.0
    return Question(
        id=chips.id,
        title=Bilingual(title),
        stem=Bilingual(stem or title),
        body=body,
        points=given.get("points", total),
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
