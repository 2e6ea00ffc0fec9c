"""A drill's page cut into scenes, decisions, options and injects, in one language.

The reader is used on the Chinese file and on its English edition; what must be there in the
Chinese file alone is asked for where the two are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from portal.core.blocks import Block, Page, inline_tokens, plain_text
from portal.core.chips import chip_texts, is_spoilt_chip_line
from portal.core.containers import Item, blocks_source, items, quote_source
from portal.core.drill_injects import FACILITATOR, InjectDraft, read_inject, segments_of
from portal.core.drill_marks import HEAD_MARKS, OPTION_MARKS, Marks, read_marks
from portal.core.findings import Findings
from portal.core.markdown_marks import slug
from portal.core.sectioning import heading_level, runs

MAX_HEADINGS = 200  # more than anybody plays; what is beyond costs no time
MAX_OPTIONS = 12
MAX_INJECTS = 40


@dataclass(slots=True)
class OptionDraft:
    """``slug`` is the heading that the option's link names; "" where it has no link."""

    text: str
    slug: str
    marks: Marks
    reason: str
    line: int


@dataclass(slots=True)
class Part:
    """A scene or a decision while it is read."""

    title: str
    slug: str
    line: int
    marks: Marks
    text: str = ""
    injects: list[InjectDraft] = field(default_factory=list)
    notes: str = ""

    @property
    def id(self) -> str:
        return self.marks.id


@dataclass(slots=True)
class DecisionDraft(Part):
    options: list[OptionDraft] = field(default_factory=list)


@dataclass(slots=True)
class SceneDraft(Part):
    decisions: list[DecisionDraft] = field(default_factory=list)


def read_scenes(page: Page, body_at: int, findings: Findings) -> tuple[str, list[SceneDraft]]:
    """The text before the first scene, and the scenes."""
    intro_end = len(page.lines)
    scenes: list[SceneDraft] = []
    seen: dict[str, int] = {}
    part: Part | None = None
    text: list[Block] = []
    for run in runs(page):
        level = heading_level(run)
        name = _numbered(slug(plain_text(run[0].text)), seen) if level else ""
        if level == 3 and not scenes:
            findings.add(run[0].line, "D019", title=run[0].text)
        if level not in (2, 3) or (level == 3 and not scenes):
            if part is not None:
                text += run
                part.text = page.source_of(text)
            continue
        if not scenes:
            intro_end = run[0].start
        if len(seen) > MAX_HEADINGS:
            findings.add(run[0].line, "D027", count=f"> {MAX_HEADINGS}", limit=MAX_HEADINGS)
            break
        if level == 2:
            part, text = _scene(run, name, page, findings)
            scenes.append(part)
        else:
            part, text = _decision(run, name, page, findings)
            scenes[-1].decisions.append(part)
    return page.source(body_at, intro_end), scenes


# Private functions


def _numbered(name: str, seen: dict[str, int]) -> str:
    """The anchor as GitHub numbers equal headings: ``name``, ``name-1``, ``name-2``."""
    count = seen.get(name, 0)
    seen[name] = count + 1
    return f"{name}-{count}" if count else name


def _scene(
    run: Sequence[Block], name: str, page: Page, findings: Findings
) -> tuple[SceneDraft, list[Block]]:
    marks, blocks = _head(run, findings)
    scene = SceneDraft(plain_text(run[0].text), name, run[0].line, marks)
    return scene, _fill(scene, blocks, page, findings)


def _decision(
    run: Sequence[Block], name: str, page: Page, findings: Findings
) -> tuple[DecisionDraft, list[Block]]:
    marks, blocks = _head(run, findings)
    decision = DecisionDraft(plain_text(run[0].text), name, run[0].line, marks)
    rest: list[Block] = []
    for at, block in enumerate(blocks):
        if not _is_options(block):
            if _tears(blocks, at):
                findings.add(block.line, "Q029")
            rest.append(block)
        elif decision.options:
            findings.add(block.line, "D024")
        else:
            found = items(block)
            if len(found) > MAX_OPTIONS:
                findings.add(block.line, "D027", count=len(found), limit=MAX_OPTIONS)
            decision.options = [_option(item, page, findings) for item in found[:MAX_OPTIONS]]
    return decision, _fill(decision, rest, page, findings)


def _head(run: Sequence[Block], findings: Findings) -> tuple[Marks, Sequence[Block]]:
    blocks = run[1:]
    if not blocks:
        return Marks(), blocks
    texts = chip_texts(blocks[0])
    if texts is not None:
        return read_marks(texts, HEAD_MARKS, blocks[0].line, findings), blocks[1:]
    if is_spoilt_chip_line(blocks[0]):
        findings.add(blocks[0].line, "Q024")
        first = tuple(blocks[0].text.split("`")[1:2])
        return read_marks(first, HEAD_MARKS, blocks[0].line, findings), blocks[1:]
    return Marks(), blocks


def _fill(part: Part, blocks: Sequence[Block], page: Page, findings: Findings) -> list[Block]:
    """Sort ``blocks`` into injects, notes and text; returns those that are text."""
    text: list[Block] = []
    for block in blocks:
        segments = segments_of(block, page.lines)
        if not segments:
            text.append(block)
        for segment in segments:
            if segment.kind == FACILITATOR:
                part.notes = "\n\n".join(one for one in (part.notes, segment.text) if one)
            else:
                part.injects.append(read_inject(segment, findings))
    if len(part.injects) > MAX_INJECTS:
        count = len(part.injects)
        findings.add(part.line, "D027", count=count, limit=MAX_INJECTS)
        del part.injects[MAX_INJECTS:]
    part.text = page.source_of(text)
    return text


def _is_options(block: Block) -> bool:
    """A list whose items lead somewhere or are rated."""
    if block.type not in ("bullet_list_open", "ordered_list_open"):
        return False
    return any(_link_of(item.first) or _chips_of(item)[0] for item in items(block))


def _tears(blocks: Sequence[Block], at: int) -> bool:
    """Whether a quote stands between two lists of options: a reason that is not indented."""
    return (
        0 < at < len(blocks) - 1
        and blocks[at].type == "blockquote_open"
        and _is_options(blocks[at - 1])
        and _is_options(blocks[at + 1])
    )


def _option(item: Item, page: Page, findings: Findings) -> OptionDraft:
    line = item.start + 1
    chips, words, used = _chips_of(item)
    marks = read_marks(chips, OPTION_MARKS, line, findings)
    reasons = []
    for block in item.blocks[used:]:
        if block.type == "blockquote_open":
            reasons.append(quote_source(block, page.lines))
        else:
            reasons.append(blocks_source([block], page.lines))
    return OptionDraft(
        plain_text(words), _link_of(words), marks, "\n\n".join(filter(None, reasons)), line
    )


def _chips_of(item: Item) -> tuple[list[str], str, int]:
    """The chips of an option, its words, and how many of its blocks these take up.

    Chips stand below the words, in the same paragraph or in one of their own.
    """
    lines = item.first.split("\n")
    words = [line for line in lines if not line.lstrip().startswith("`")]
    chips = [chip for line in lines if line.lstrip().startswith("`") for chip in _spans(line)]
    used = 1 if item.blocks and item.blocks[0].type == "paragraph_open" else 0
    if len(item.blocks) > 1 and (texts := chip_texts(item.blocks[1])) is not None:
        chips += texts
        used = 2
    if words and "`" in words[-1]:
        words[-1], tail = _trailing_spans(words[-1])
        chips = tail + chips
    return chips, "\n".join(words), used


def _spans(line: str) -> list[str]:
    return [token.content for token in inline_tokens(line) if token.type == "code_inline"]


def _trailing_spans(line: str) -> tuple[str, list[str]]:
    """Code spans right behind the link on its own line: ``[words](#scene) `P```."""
    at = line.rfind(")")
    after = line[at + 1 :].strip()
    if at < 0 or not after.startswith("`") or not after.endswith("`"):
        return line, []
    return line[: at + 1], _spans(after)


def _link_of(words: str) -> str:
    """The heading that the first link to one in ``words`` names, as its slug."""
    if "](" not in words:
        return ""
    for token in inline_tokens(words):
        href = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        if href.startswith("#"):
            return unquote(href[1:]).lower()
    return ""
