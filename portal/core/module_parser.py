"""Modules: front matter, and the sections with their prose and checkpoints in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from portal.core import front_fields as fields
from portal.core.capabilities import Bilingual
from portal.core.courses import Checkpoint, Module, Prose, Section, Segment
from portal.core.documents import open_document, version_of_text
from portal.core.editions import merge_questions
from portal.core.findings import Findings, Notes
from portal.core.front_fields import Key, Spec, read_fields, read_words
from portal.core.module_sections import SectionDraft, TextDraft, read_sections
from portal.core.page_checks import check_chips, check_page
from portal.core.problems import Problem
from portal.core.question_parser import Parsed, Place
from portal.core.questions import Question

MODULE_KEYS: Spec = {
    "title": Key(fields.text, words=True),
    "minutes": Key(fields.whole(1, 600)),
    "summary": Key(fields.text, "", words=True),
    "id": Key(fields.text, None),
}


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
    title = values["title"] or slug_of_file
    drafts, parsed = read_sections(document, title, place, findings)
    questions = [found.question for found in parsed if found.question is not None]
    words: dict[str, Any] = {}
    twins: Sequence[SectionDraft] | None = None
    edition = open_document(english, other) if english is not None else None
    if edition is not None:
        check_page(edition.page, place.statutes, other, notes)
        words = read_words(edition.front, MODULE_KEYS, values, other)
        there = replace(place, path=english_path)
        twins, theirs = read_sections(edition, words.get("title", ""), there, other)
        questions = merge_questions(parsed, theirs, other)
        if not _same_structure(drafts, twins, other):
            twins = None
    if place.statutes is not None:
        check_chips(questions, place.statutes, findings)
    valid = frozenset(question.id for question in questions)
    module = Module(
        id=f"{place.course}/{values['id'] or slug_of_file}",
        course=place.course,
        title=Bilingual(title, words.get("title")),
        minutes=values["minutes"] or 1,
        summary=Bilingual(values["summary"], words.get("summary")),
        sections=_joined(drafts, twins, valid),
        path=place.path,
        version=version_of_text(document.source),
        has_english=twins is not None,
    )
    return module, tuple(questions), findings.problems + other.problems


# Private functions


def _same_structure(
    drafts: Sequence[SectionDraft], twins: Sequence[SectionDraft], findings: Findings
) -> bool:
    """Whether both editions have the same sections with the same parts."""
    if len(drafts) != len(twins):
        findings.add(1, "C012", source=len(drafts), other=len(twins))
        return False
    for one, two in zip(drafts, twins, strict=True):
        if _shape(one) != _shape(two):
            findings.add(two.line, "C016", title=one.title, source_line=one.line)
            return False
    return True


def _shape(draft: SectionDraft) -> list[str]:
    return [part.id if isinstance(part, Parsed) else "" for part in draft.parts]


def _joined(
    drafts: Sequence[SectionDraft],
    twins: Sequence[SectionDraft] | None,
    valid: frozenset[str],
) -> tuple[Section, ...]:
    """Sections in both languages; checkpoints that are not ``valid`` are left out."""
    sections = []
    for at, draft in enumerate(drafts):
        twin = twins[at] if twins is not None else None
        segments: list[Segment] = []
        for position, part in enumerate(draft.parts):
            other = twin.parts[position] if twin is not None else None
            if isinstance(part, TextDraft):
                english = other.source if isinstance(other, TextDraft) else None
                segments.append(Prose(Bilingual(part.source, english), part.line))
            elif part.id in valid:
                segments.append(Checkpoint(part.id))
        title = Bilingual(draft.title, (twin.title or None) if twin is not None else None)
        sections.append(Section(draft.slug, title, tuple(segments)))
    return tuple(sections)
