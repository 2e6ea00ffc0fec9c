"""Courses and their modules.

A module is cut into sections at its ``##`` headings, and each section into prose and checkpoints
in reading order. Footnote and link definitions are taken out of the prose and repeated in every
part that may use them, because each part is rendered on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from portal.core import front_fields as fields
from portal.core.blocks import Block, Page, plain_text
from portal.core.capabilities import Bilingual
from portal.core.courses import Checkpoint, Course, Module, Prose, Section, Segment
from portal.core.documents import Document, normalised, open_document
from portal.core.editions import merge_questions
from portal.core.findings import Findings, Notes
from portal.core.front_fields import Key, Spec, read_fields, read_words
from portal.core.markdown_marks import slug
from portal.core.page_checks import check_chips, check_page
from portal.core.problems import Problem
from portal.core.question_parser import Parsed, Place, is_question, parse_question
from portal.core.questions import Question
from portal.core.sectioning import heading_level, runs

START = "start"
_NOTE = "footnote_reference_open"
COURSE_KEYS: Spec = {
    "title": Key(fields.text, words=True),
    "capability": Key(fields.text),
    "level": Key(fields.whole(1, 5)),
    "posts": Key(fields.names, ()),
    "hours": Key(fields.number(0, 1000)),
    "owner": Key(fields.text, "", words=True),
    "review_by": Key(fields.iso_date, None),
    "prerequisites": Key(fields.names, ()),
    "pass": Key(
        fields.mapping(
            {"modules": Key(fields.all_or_names, "all"), "quizzes": Key(fields.names, ())},
            "{modules: all, quizzes: [basics]}",
        ),
        {"modules": "all", "quizzes": ()},
    ),
    "valid_months": Key(fields.whole(0, 240), 0),
}
MODULE_KEYS: Spec = {
    "title": Key(fields.text, words=True),
    "minutes": Key(fields.whole(1, 600)),
    "summary": Key(fields.text, "", words=True),
    "id": Key(fields.text, None),
}


@dataclass(slots=True)
class _Text:
    """A run of prose: its blocks, and the source made of them once the section is complete."""

    blocks: list[Block]
    source: str = ""


@dataclass(slots=True)
class _Draft:
    """A section while it is read: its title, heading line, and its parts in order."""

    title: str
    slug: str
    line: int
    parts: list[_Text | Parsed] = field(default_factory=list)

    def add(self, blocks: Iterable[Block]) -> None:
        """Prose: it joins the prose before it."""
        found = list(blocks)
        if found and self.parts and isinstance(self.parts[-1], _Text):
            self.parts[-1].blocks += found
        elif found:
            self.parts.append(_Text(found))


def parse_course(
    text: str,
    english: str | None,
    place: Place,
    english_path: str = "",
    notes: Notes | None = None,
) -> tuple[Course | None, list[Problem]]:
    """``course.md`` with its English edition. Modules are joined on by the library.

    ``pass_modules`` holds what the author listed, as module ids; empty means all.
    """
    findings, other = Findings(place.path), Findings(english_path)
    document = open_document(text, findings)
    if document is None:
        return None, findings.problems
    notes = notes if notes is not None else Notes()
    notes.key_lines.update(document.front.lines)
    check_page(document.page, place.statutes, findings, notes)
    values = read_fields(document.front, COURSE_KEYS, findings)
    words: dict[str, Any] = {}
    english_intro = None
    if english is not None:
        edition = open_document(english, other)
        if edition is not None:
            check_page(edition.page, place.statutes, other, notes)
            words = read_words(edition.front, COURSE_KEYS, values, other)
            english_intro = _body(edition) or None
    intro = Bilingual(_body(document), english_intro)
    course = _course(place.course, values, words, intro, document)
    return course, findings.problems + other.problems


def parse_module(
    text: str,
    english: str | None,
    place: Place,
    slug_of_file: str,
    english_path: str = "",
    notes: Notes | None = None,
) -> tuple[Module | None, tuple[Question, ...], list[Problem]]:
    """A module with its checkpoints, and everything that is wrong with it and its edition."""
    findings, other = Findings(place.path), Findings(english_path)
    document = open_document(text, findings)
    if document is None:
        return None, (), findings.problems
    notes = notes if notes is not None else Notes()
    notes.key_lines.update(document.front.lines)
    check_page(document.page, place.statutes, findings, notes)
    values = read_fields(document.front, MODULE_KEYS, findings)
    drafts, parsed = _sections(document, values["title"] or slug_of_file, place, findings)
    words: dict[str, Any] = {}
    twins: Sequence[_Draft] | None = None
    questions = [found.question for found in parsed if found.question is not None]
    if english is not None:
        edition = open_document(english, other)
        if edition is not None:
            check_page(edition.page, place.statutes, other, notes)
            words = read_words(edition.front, MODULE_KEYS, values, other)
            there = replace(place, path=english_path)
            twins, theirs = _sections(edition, words.get("title") or "", there, other)
            questions = merge_questions(parsed, theirs, other)
            if not _same_structure(drafts, twins, other):
                twins = None
    if place.statutes is not None:
        check_chips(questions, place.statutes, findings)
    valid = frozenset(question.id for question in questions)
    module = Module(
        id=f"{place.course}/{values['id'] or slug_of_file}",
        course=place.course,
        title=Bilingual(values["title"] or slug_of_file, words.get("title")),
        minutes=values["minutes"] or 1,
        summary=Bilingual(values["summary"], words.get("summary")),
        sections=_joined(drafts, twins, valid),
        path=place.path,
        version=version_of_text(document.source),
        has_english=twins is not None,
    )
    return module, tuple(questions), findings.problems + other.problems


def version_of_text(*sources: str) -> str:
    """sha256 of sources as hex; line ends and byte order marks do not count."""
    digest = sha256()
    for source in sources:
        digest.update(normalised(source).encode("utf-8", "replace"))
        digest.update(b"\0")
    return digest.hexdigest()


# Private functions


def _body(document: Document) -> str:
    return document.page.source(document.front.body_at, len(document.page.lines))


def _course(
    course_id: str,
    values: Mapping[str, Any],
    words: Mapping[str, Any],
    intro: Bilingual,
    document: Document,
) -> Course:
    listed = values["pass"]["modules"]
    return Course(
        id=course_id,
        title=Bilingual(values["title"] or course_id, words.get("title")),
        capability=values["capability"] or "",
        level=values["level"] or 1,
        posts=values["posts"],
        hours=values["hours"] or 0.0,
        owner=values["owner"],
        review_by=values["review_by"],
        prerequisites=values["prerequisites"],
        pass_modules=() if listed == "all" else tuple(f"{course_id}/{name}" for name in listed),
        pass_quizzes=tuple(
            name if "/" in name else f"{course_id}/{name}" for name in values["pass"]["quizzes"]
        ),
        valid_months=values["valid_months"],
        intro=intro,
        modules=(),
        path=document.path,
        version=version_of_text(document.source),
        has_english="title" in words,
    )


def _sections(
    document: Document, title: str, place: Place, findings: Findings
) -> tuple[list[_Draft], list[Parsed]]:
    page = document.page
    definitions = _Definitions(page)
    drafts = [_Draft(title, START, document.front.body_at + 1)]
    parsed: list[Parsed] = []
    seen: dict[str, int] = {}
    for run in runs(page):
        level = heading_level(run)
        if level == 1:
            findings.add(run[0].line, "C011", title=run[0].text)
        if level == 2:
            heading = plain_text(run[0].text)
            drafts.append(_Draft(heading, _unique(slug(heading), seen), run[0].line))
        blocks = run
        if level and is_question(run, in_module=True):
            question = parse_question(page, run, place, findings)
            _note_twice(question, parsed, findings)
            parsed.append(question)
            drafts[-1].parts.append(question)
            blocks = run[question.end :]
        elif level == 2:
            blocks = run[1:]
        drafts[-1].add(block for block in blocks if block.type != _NOTE)
    if len(drafts) == 1:
        findings.add(document.front.body_at + 1, "C003")
    kept = [draft for draft in drafts if draft.slug != START or draft.parts]
    for draft in kept:
        for part in draft.parts:
            if isinstance(part, _Text):
                part.source = definitions.prose(part.blocks)
        if not draft.parts:
            findings.add(draft.line, "C013", title=draft.title)
    return kept, parsed


def _note_twice(question: Parsed, before: Sequence[Parsed], findings: Findings) -> None:
    first = next((one for one in before if one.id and one.id == question.id), None)
    if first is not None:
        other = f"{findings.path}:{first.line}"
        findings.add(question.line, "Q005", id=question.id, other=other)


class _Definitions:
    """Footnote and link definitions of a page, to be repeated where they are used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.notes: dict[str, str] = {}
        for block in page.blocks:
            if block.type == _NOTE:
                label = str(block.tokens[0].meta.get("label", ""))
                self.notes[label] = page.source(block.start, block.end)
        self.links = {page.source(*link["map"]) for link in page.links.values() if link.get("map")}

    def prose(self, blocks: Sequence[Block]) -> str:
        """The source of ``blocks`` without note definitions, the notes it refers to added."""
        text = "\n\n".join(self._spans(blocks))
        used = [note for label, note in self.notes.items() if f"[^{label}]" in text]
        links = [link for link in sorted(self.links) if "[" in text and link not in text]
        return "\n\n".join([text, *links, *used])

    def _spans(self, blocks: Sequence[Block]) -> list[str]:
        """Source of neighbouring blocks in one piece, so that their own spacing is kept."""
        pieces, start, end = [], blocks[0].start, blocks[0].end
        for block in blocks[1:]:
            if any(line.strip() for line in self.page.lines[end : block.start]):
                pieces.append(self.page.source(start, end))
                start = block.start
            end = block.end
        pieces.append(self.page.source(start, end))
        return [piece for piece in pieces if piece]


def _unique(name: str, seen: dict[str, int]) -> str:
    name = name or "section"
    while name in seen or name == START:
        seen[name] = seen.get(name, 0) + 1
        name = f"{name}-{seen[name]}"
    seen[name] = 0
    return name


def _same_structure(drafts: Sequence[_Draft], twins: Sequence[_Draft], findings: Findings) -> bool:
    """Whether both editions have the same sections with the same parts."""
    if len(drafts) != len(twins):
        findings.add(1, "C012", source=len(drafts), other=len(twins))
        return False
    for one, two in zip(drafts, twins, strict=True):
        if _shape(one) != _shape(two):
            findings.add(two.line, "C016", title=one.title, source_line=one.line)
            return False
    return True


def _shape(draft: _Draft) -> list[str]:
    return [part.id if isinstance(part, Parsed) else "" for part in draft.parts]


def _joined(
    drafts: Sequence[_Draft], twins: Sequence[_Draft] | None, valid: frozenset[str]
) -> tuple[Section, ...]:
    sections = []
    for at, draft in enumerate(drafts):
        twin = twins[at] if twins is not None else None
        segments: list[Segment] = []
        for position, part in enumerate(draft.parts):
            if isinstance(part, Parsed):
                if part.id in valid:
                    segments.append(Checkpoint(part.id))
                continue
            other = twin.parts[position] if twin is not None else None
            english = other.source if isinstance(other, _Text) else None
            segments.append(Prose(Bilingual(part.source, english), part.blocks[0].line))
        title = Bilingual(draft.title, (twin.title or None) if twin is not None else None)
        sections.append(Section(draft.slug, title, tuple(segments)))
    return tuple(sections)
