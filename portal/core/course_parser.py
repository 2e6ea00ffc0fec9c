"""``course.md``: what a course is for, and what completes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core import front_fields as fields
from portal.core.capabilities import Bilingual
from portal.core.courses import Course
from portal.core.documents import Document, open_document, version_of_text
from portal.core.findings import Findings, Notes
from portal.core.front_fields import Key, Spec, read_fields, read_words
from portal.core.page_checks import check_page
from portal.core.problems import Problem
from portal.core.question_parser import Place

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
    edition = open_document(english, other) if english is not None else None
    if edition is not None:
        check_page(edition.page, place.statutes, other, notes)
        words = read_words(edition.front, COURSE_KEYS, values, other)
    course = _course(place.course, values, words, document, edition)
    return course, findings.problems + other.problems


# Private functions


def _course(
    course_id: str,
    values: Mapping[str, Any],
    words: Mapping[str, Any],
    document: Document,
    edition: Document | None,
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
        intro=Bilingual(document.body, (edition.body or None) if edition is not None else None),
        modules=(),
        path=document.path,
        version=version_of_text(document.source),
        has_english="title" in words,
    )
