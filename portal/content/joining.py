"""Modules joined to their courses; questions kept only where their id belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from portal.core.courses import Checkpoint, Course, Module
from portal.core.quizzes import Quiz


def first_of_each_id(modules: Sequence[Module], owners: Mapping[str, str]) -> list[Module]:
    """The first module of each id, in order, without checkpoints that belong to other files."""
    seen: set[str] = set()
    kept = []
    for module in modules:
        if module.id not in seen:
            kept.append(_without_foreign(module, owners))
        seen.add(module.id)
    return kept


def with_own_questions(quiz: Quiz, owners: Mapping[str, str]) -> Quiz:
    """The quiz without questions whose id belongs to another file."""
    own = tuple(name for name in quiz.question_ids if owners.get(name) == quiz.path)
    return quiz if own == quiz.question_ids else replace(quiz, question_ids=own)


def with_modules(courses: Sequence[Course], modules: Sequence[Module]) -> dict[str, Course]:
    """Courses by id with their ``modules``; a version covers the course and its modules."""
    by_course: dict[str, list[Module]] = {}
    for module in modules:
        by_course.setdefault(module.course, []).append(module)
    joined = {}
    for course in courses:
        own = tuple(by_course.get(course.id, ()))
        digest = sha256(course.version.encode())
        for module in own:
            digest.update(module.version.encode())
        joined[course.id] = replace(
            course,
            modules=own,
            pass_modules=course.pass_modules or tuple(module.id for module in own),
            version=digest.hexdigest(),
        )
    return joined


# Private functions


def _without_foreign(module: Module, owners: Mapping[str, str]) -> Module:
    """The module without checkpoints whose id belongs to another file."""
    if all(owners.get(name) == module.path for name in module.checkpoint_ids):
        return module
    sections = tuple(
        replace(
            section,
            segments=tuple(
                segment
                for segment in section.segments
                if not isinstance(segment, Checkpoint)
                or owners.get(segment.question_id) == module.path
            ),
        )
        for section in module.sections
    )
    return replace(module, sections=sections)
