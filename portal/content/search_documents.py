"""What can be found: courses, modules, sections, quizzes, and titles of questions.

Questions of exams and pools are left out: their titles would tell what an exam asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from portal.core import links, markdown
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.courses import Checkpoint, Course, Module, Prose, Section
from portal.core.drills import Drill
from portal.core.links import Link
from portal.core.quizzes import Quiz

_NOTHING = Bilingual("")
DocumentKind = Literal["course", "module", "section", "quiz", "question", "drill"]


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. ``text`` is plain text; ``within`` says where it stands."""

    kind: DocumentKind
    id: str
    title: Bilingual
    text: Bilingual
    link: Link
    within: Bilingual


def documents(catalogue: Catalogue) -> Iterator[Document]:
    """Everything that can be found in ``catalogue``."""
    for course in catalogue.courses.values():
        yield from _of_course(catalogue, course)
    for quiz in catalogue.quizzes.values():
        yield from _of_quiz(catalogue, quiz)
    for drill in catalogue.drills.values():
        yield _of_drill(catalogue, drill)


# Private functions


def _of_course(catalogue: Catalogue, course: Course) -> Iterator[Document]:
    link = links.to_course(course.id)
    yield Document("course", course.id, course.title, _plain(course.intro), link, _NOTHING)
    for module in course.modules:
        link = links.to_module(module.id)
        summary = _plain(module.summary)
        yield Document("module", module.id, module.title, summary, link, course.title)
        for section in module.sections:
            yield from _of_section(catalogue, module, section)


def _of_section(catalogue: Catalogue, module: Module, section: Section) -> Iterator[Document]:
    link = links.to_module(module.id, section.slug)
    prose = [segment.text for segment in section.segments if isinstance(segment, Prose)]
    name = f"{module.id}#{section.slug}"
    yield Document("section", name, section.title, _joined(prose), link, module.title)
    for segment in section.segments:
        if isinstance(segment, Checkpoint) and segment.question_id in catalogue.questions:
            question = catalogue.questions[segment.question_id]
            yield Document("question", question.id, question.title, _NOTHING, link, module.title)


def _of_quiz(catalogue: Catalogue, quiz: Quiz) -> Iterator[Document]:
    if quiz.kind == "pool":
        return
    link = links.to_quiz(quiz.id)
    course = catalogue.courses.get(quiz.course)
    within = course.title if course else _NOTHING
    yield Document("quiz", quiz.id, quiz.title, _plain(quiz.intro), link, within)
    if quiz.kind != "quiz" or quiz.draw:
        return
    for question_id in quiz.question_ids:
        question = catalogue.questions.get(question_id)
        if question is not None and not question.retired:
            yield Document("question", question_id, question.title, _NOTHING, link, quiz.title)


def _of_drill(catalogue: Catalogue, drill: Drill) -> Document:
    """The drill by title and briefing: its scenes would tell what comes."""
    course = catalogue.courses.get(drill.course)
    within = course.title if course else _NOTHING
    link = links.to_drill(drill.id)
    return Document("drill", drill.id, drill.title, _plain(drill.intro), link, within)


def _joined(texts: list[Bilingual]) -> Bilingual:
    return Bilingual(
        "\n".join(markdown.plain(text.zh) for text in texts),
        "\n".join(markdown.plain(text.en) for text in texts if text.en) or None,
    )


def _plain(text: Bilingual) -> Bilingual:
    return Bilingual(markdown.plain(text.zh), markdown.plain(text.en) if text.en else None)
