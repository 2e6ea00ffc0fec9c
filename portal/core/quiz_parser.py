"""Quizzes, exams and pools: one file, its settings and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from yaml.nodes import ScalarNode

from portal.core import front_fields as fields
from portal.core.capabilities import Bilingual
from portal.core.documents import Document, open_document
from portal.core.editions import merge_questions
from portal.core.findings import Findings, Notes
from portal.core.front_fields import Key, Spec, read_fields, read_words
from portal.core.front_matter import Front
from portal.core.page_checks import check_chips, check_page
from portal.core.problems import Problem
from portal.core.question_parser import Parsed, Place, parse_question
from portal.core.question_region import is_question
from portal.core.questions import Question
from portal.core.quizzes import Draw, Quiz
from portal.core.sectioning import runs

KINDS = ("quiz", "exam", "pool", "drill")
_DRAW = "{pool: …, take: 8, levels: [1, 2, 3]}"
POOL_KEYS: Spec = {
    "kind": Key(fields.one_of(*KINDS)),
    "title": Key(fields.text, words=True),
}
QUIZ_KEYS: Spec = {
    **POOL_KEYS,
    "pass_mark": Key(fields.number(0, 100), 60.0),
    "attempts": Key(fields.whole(0, 100), 0),
    "minutes": Key(fields.whole(0, 600), 0),
    "shuffle": Key(fields.flag, True),
    "draw": Key(
        fields.list_of(
            fields.mapping(
                {
                    "pool": Key(fields.text, None),
                    "take": Key(fields.whole(1, 500)),
                    "levels": Key(fields.whole_numbers(1, 5), ()),
                },
                _DRAW,
            ),
            _DRAW,
        ),
        (),
    ),
    "retake_after_hours": Key(fields.number(0, 24 * 365), 0.0),
    "layout": Key(fields.one_of("one", "list"), "one"),
    "second_marker": Key(fields.flag, False),
}


@dataclass(frozen=True, slots=True)
class QuizFile:
    """``quiz`` is None when its settings cannot be read; ``is_drill``: another piece parses it."""

    quiz: Quiz | None
    questions: tuple[Question, ...] = ()
    is_drill: bool = False


def parse_quiz(
    text: str,
    english: str | None,
    place: Place,
    quiz_id: str,
    english_path: str = "",
    notes: Notes | None = None,
) -> tuple[QuizFile, list[Problem]]:
    """The quiz file ``text`` with its English edition, and everything that is wrong with them."""
    findings, other = Findings(place.path), Findings(english_path)
    document = open_document(text, findings)
    if document is None:
        return QuizFile(None), findings.problems
    kind = kind_of(document.front)
    if kind == "drill":
        return QuizFile(None, is_drill=True), []
    notes = notes if notes is not None else Notes()
    notes.key_lines.update(document.front.lines)
    check_page(document.page, place.statutes, findings, notes)
    spec = POOL_KEYS if kind == "pool" else QUIZ_KEYS
    values = read_fields(document.front, spec, findings)
    if values["kind"] is None:
        return QuizFile(None), findings.problems
    intro, parsed = _questions(document, place, findings)
    title, english_intro = None, None
    edition: list[Parsed] | None = None
    if english is not None:
        title, english_intro, edition = _edition(english, spec, values, place, other, notes)
    if edition is None:
        questions = [found.question for found in parsed if found.question is not None]
    else:
        questions = merge_questions(parsed, edition, other)
    if place.statutes is not None:
        check_chips(questions, place.statutes, findings)
    quiz = _quiz(quiz_id, values, place, questions, Bilingual(intro, english_intro), title)
    return QuizFile(quiz, tuple(questions)), findings.problems + other.problems


def kind_of(front: Front) -> str:
    """The kind that a front matter names; "" when it names none."""
    node = front.nodes.get("kind")
    return str(node.value) if isinstance(node, ScalarNode) else ""


# Private functions


def _questions(document: Document, place: Place, findings: Findings) -> tuple[str, list[Parsed]]:
    """The text before the first question, and the questions."""
    page = document.page
    found: list[Parsed] = []
    intro_end: int | None = None
    group: int | None = None  # where headings of groups begin that stand right before a question
    for run in runs(page):
        if run[0].type == "heading_open" and is_question(run, in_module=False):
            if intro_end is None:
                intro_end = run[0].start if group is None else group
            found.append(parse_question(page, run, place, findings))
        elif run[0].type == "heading_open" and len(run) == 1:
            group = run[0].start if group is None else group
        else:
            group = None
    seen: dict[str, int] = {}
    for parsed in found:
        if parsed.id and parsed.id in seen:
            where = f"{place.path}:{seen[parsed.id]}"
            findings.add(parsed.line, "Q005", id=parsed.id, other=where)
        seen.setdefault(parsed.id, parsed.line)
    end = len(page.lines) if intro_end is None else intro_end
    return page.source(document.front.body_at, end), _each_once(found)


def _each_once(found: list[Parsed]) -> list[Parsed]:
    seen: set[str] = set()
    kept = []
    for parsed in found:
        if not parsed.id or parsed.id not in seen:
            kept.append(parsed)
        seen.add(parsed.id)
    return kept


def _edition(
    text: str,
    spec: Spec,
    values: Mapping[str, Any],
    place: Place,
    findings: Findings,
    notes: Notes,
) -> tuple[str | None, str | None, list[Parsed] | None]:
    """Title, introduction and questions of the English edition; None where it cannot be read."""
    document = open_document(text, findings)
    if document is None:
        return None, None, None
    words = read_words(document.front, spec, values, findings)
    check_page(document.page, place.statutes, findings, notes)
    there = replace(place, path=findings.path)
    intro, parsed = _questions(document, there, findings)
    return words.get("title"), intro or None, parsed


def _quiz(
    quiz_id: str,
    values: Mapping[str, Any],
    place: Place,
    questions: list[Question],
    intro: Bilingual,
    title: str | None,
) -> Quiz:
    return Quiz(
        id=quiz_id,
        kind=values["kind"],
        title=Bilingual(values["title"] or quiz_id, title),
        course=place.course,
        question_ids=tuple(question.id for question in questions),
        pass_mark=values.get("pass_mark", 60.0),
        attempts=values.get("attempts", 0),
        minutes=values.get("minutes", 0),
        shuffle=values.get("shuffle", True),
        draw=tuple(
            Draw(_full_id(row["pool"], place.course), row["take"], row["levels"])
            for row in values.get("draw", ())
        ),
        retake_after_hours=values.get("retake_after_hours", 0.0),
        layout=values.get("layout", "one"),
        second_marker=values.get("second_marker", False),
        intro=intro,
        path=place.path,
        has_english=title is not None,
    )


def _full_id(name: str | None, course: str) -> str | None:
    """A pool of the same course may be named by its file name alone."""
    if name is None or "/" in name:
        return name
    return f"{course}/{name}"
