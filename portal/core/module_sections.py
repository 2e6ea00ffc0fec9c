"""A module's page cut into sections at its ``##`` headings, in one language.

Each section is prose and checkpoints in reading order. Footnote and link definitions are taken
out of the prose and repeated in every part that may use them, because each part is rendered on
its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.core.blocks import Block, Page, plain_text
from portal.core.documents import Document
from portal.core.findings import Findings
from portal.core.markdown_marks import slug
from portal.core.question_parser import Parsed, Place, parse_question
from portal.core.question_region import is_question
from portal.core.sectioning import heading_level, runs

START = "start"
_NOTE = "footnote_reference_open"


@dataclass(slots=True)
class TextDraft:
    """A run of prose: its blocks, and the source made of them once the section is complete."""

    blocks: list[Block]
    source: str = ""

    @property
    def line(self) -> int:
        return self.blocks[0].line


@dataclass(slots=True)
class SectionDraft:
    """A section while it is read: its title, heading line, and its parts in order."""

    title: str
    slug: str
    line: int
    parts: list[TextDraft | Parsed] = field(default_factory=list)

    def add(self, blocks: Iterable[Block]) -> None:
        """Prose: it joins the prose before it."""
        found = list(blocks)
        if found and self.parts and isinstance(self.parts[-1], TextDraft):
            self.parts[-1].blocks += found
        elif found:
            self.parts.append(TextDraft(found))


def read_sections(
    document: Document, title: str, place: Place, findings: Findings
) -> tuple[list[SectionDraft], list[Parsed]]:
    """The sections of a module and its checkpoints. Text before the first ``##`` is a section of
    its own with the module's ``title``."""
    page = document.page
    first_line = document.front.body_at + 1
    drafts = [SectionDraft(title, START, first_line)]
    questions: list[Parsed] = []
    seen: dict[str, int] = {}
    for run in runs(page):
        level = heading_level(run)
        if level == 1:
            findings.add(run[0].line, "C011", title=run[0].text)
        if level == 2:
            heading = plain_text(run[0].text)
            drafts.append(SectionDraft(heading, _unique(slug(heading), seen), run[0].line))
        prose: Sequence[Block] = run
        if level and is_question(run, in_module=True):
            question = parse_question(page, run, place, findings)
            _note_twice(question, questions, findings)
            questions.append(question)
            drafts[-1].parts.append(question)
            prose = run[question.end :]
        elif level == 2:
            prose = run[1:]
        drafts[-1].add(block for block in prose if block.type != _NOTE)
    if len(drafts) == 1:
        findings.add(first_line, "C003")
    return _finished(drafts, page, findings), questions


# Private functions


def _finished(drafts: Sequence[SectionDraft], page: Page, findings: Findings) -> list[SectionDraft]:
    definitions = _Definitions(page)
    kept = [draft for draft in drafts if draft.slug != START or draft.parts]
    for draft in kept:
        if not draft.parts:
            findings.add(draft.line, "C013", title=draft.title)
        for part in draft.parts:
            if isinstance(part, TextDraft):
                part.source = definitions.joined_to(page.source_of(part.blocks))
    return kept


class _Definitions:
    """Footnote and link definitions of a page, to be repeated where they are used."""

    def __init__(self, page: Page) -> None:
        self._notes = {
            str(block.tokens[0].meta.get("label", "")): page.source(block.start, block.end)
            for block in page.blocks
            if block.type == _NOTE
        }
        self._links = sorted(
            {page.source(*link["map"]) for link in page.links.values() if link.get("map")}
        )

    def joined_to(self, text: str) -> str:
        """``text`` with the definitions it may need behind it."""
        links = [link for link in self._links if "[" in text and link not in text]
        notes = [note for label, note in self._notes.items() if f"[^{label}]" in text]
        return "\n\n".join([text, *links, *notes])


def _note_twice(question: Parsed, before: Sequence[Parsed], findings: Findings) -> None:
    first = next((one for one in before if one.id and one.id == question.id), None)
    if first is not None:
        other = f"{findings.path}:{first.line}"
        findings.add(question.line, "Q005", id=question.id, other=other)


def _unique(name: str, seen: dict[str, int]) -> str:
    name = name or "section"
    while name in seen or name == START:
        seen[name] = seen.get(name, 0) + 1
        name = f"{name}-{seen[name]}"
    seen[name] = 0
    return name
