"""Which answer part a question has, and what is wrong with it or around it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.answer_choice import is_task_list, read_choice, read_matching, read_ordering
from portal.core.answer_text import FoundGap, find_gaps, read_answer, read_cloze, read_rubric
from portal.core.blocks import Block
from portal.core.chips import Chips
from portal.core.containers import items
from portal.core.findings import Findings
from portal.core.labels import near_label
from portal.core.question_region import Region
from portal.core.questions import Body, Choice, Essay
from portal.core.slips import note_slips


def read_answer_part(
    region: Region, chips: Chips, heading: Block, findings: Findings
) -> tuple[Body, str] | None:
    """The answer part and the stem (with gap markers); None when a fault was noted."""
    if note_slips(region.unlabelled, region.is_answered, findings):
        return None
    torn = region.torn_at()
    if torn is not None:
        findings.add(torn.line, "Q029")
        return None
    before = len(findings.problems)
    gaps = [] if _answered_apart(region) else find_gaps(region.stem_blocks, findings)
    if len(findings.problems) > before:
        return None
    stem = region.page.source_of(region.stem_blocks)
    if gaps:
        return _cloze(gaps, stem, chips, heading, findings)
    body = _body(region, chips, heading, findings)
    if body is None:
        return None
    asked = chips.given.get("kind")
    if asked not in (None, body.kind) and not isinstance(body, Choice):
        findings.add(heading.line, "Q013", asked=asked, shape=body.kind)
    return body, stem


def check_around(region: Region, findings: Findings) -> None:
    """Each label stands once, and nothing else stands behind the answer part."""
    seen: dict[str, int] = {}
    for part in region.parts:
        if part.label in seen:
            findings.add(part.line, "Q034", first=seen[part.label])
        seen.setdefault(part.label, part.line)
    for block in region.tail:
        if block.type == "hr":
            continue
        if near_label(block) is not None:
            _note_near(block, findings)
        elif block.type == "blockquote_open" and region.answer_at is not None:
            findings.add(block.line, "Q029")
        else:
            findings.add(block.line, "Q014" if is_task_list(block) else "Q015")
        return  # what follows would only repeat it


# Private functions


def _answered_apart(region: Region) -> bool:
    """Whether the answer stands in a block or a label of its own: then ``[[`` is only text."""
    return (
        region.answer_at is not None
        or region.part("answer") is not None
        or region.part("rubric") is not None
    )


def _body(region: Region, chips: Chips, heading: Block, findings: Findings) -> Body | None:
    if region.answer_at is not None:
        return _listed(region.blocks[region.answer_at], chips, region, findings)
    rubric = region.part("rubric")
    if rubric is not None:
        essay = read_rubric(rubric, findings)
        if essay is not None:
            _check_points(essay, chips, rubric.line, findings)
        return essay
    answer = region.part("answer")
    if answer is not None:
        return read_answer(answer, chips.given.get("kind"), findings)
    _note_missing(region.unlabelled, heading, findings)
    return None


def _listed(block: Block, chips: Chips, region: Region, findings: Findings) -> Body | None:
    if block.type == "bullet_list_open":
        return read_choice(block, chips, region.page.lines, findings)
    if block.type == "ordered_list_open":
        return read_ordering(block, region.page.lines, findings)
    return read_matching(block, findings)


def _cloze(
    gaps: Sequence[FoundGap], stem: str, chips: Chips, heading: Block, findings: Findings
) -> tuple[Body, str] | None:
    asked = chips.given.get("kind")
    if asked not in (None, "cloze"):
        findings.add(heading.line, "Q013", asked=asked, shape="cloze")
    return read_cloze(gaps, stem, findings)


def _check_points(essay: Essay, chips: Chips, line: int, findings: Findings) -> None:
    total, points = sum(row.points for row in essay.rubric), chips.given.get("points")
    if points is not None and abs(points - total) > 1e-9:
        findings.add(line, "Q023", total=f"{total:g}", points=f"{points:g}")


def _note_missing(blocks: Sequence[Block], heading: Block, findings: Findings) -> None:
    """Say what is missing: boxes before the options, a label's name, or the whole answer part."""
    near = next((block for block in blocks if near_label(block) is not None), None)
    lists = [block for block in blocks if block.type == "bullet_list_open"]
    options = next((block for block in lists if len(items(block)) > 1), None)
    if options is not None:
        findings.add(options.line, "Q009")
    elif near is not None:
        _note_near(near, findings)
    else:
        findings.add(heading.line, "Q002", title=heading.text)


def _note_near(block: Block, findings: Findings) -> None:
    written, meant = near_label(block) or ("", "")
    findings.add(block.line, "Q016", written=written, meant=meant)
