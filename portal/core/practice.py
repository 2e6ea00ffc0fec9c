"""Which cards a practice set holds.

Due cards come first, those whose answer is most likely forgotten at the front; when they are
few, questions that the person has not met are added. A question that an exam may still ask is
never shown as new, nor one of the placement, nor an essay, which nobody marks here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256

from portal.core.catalogue import Catalogue
from portal.core.courses import Course
from portal.core.questions import Essay, Question
from portal.core.quizzes import Quiz

FEWEST = 5
MOST = 10
PLACEMENT_POOL = "placement/placement"


def is_practicable(question: Question | None) -> bool:
    """Whether a card may ask it: it is still served, not retired, and marked by the portal."""
    return question is not None and not question.retired and not isinstance(question.body, Essay)


def compose(due: Mapping[str, float], fresh: Sequence[str]) -> list[str]:
    """The question ids of a set: ``due`` (id → recall 0..1) up to ten, filled up to five."""
    cards = sorted(due, key=lambda key: (due[key], key))[:MOST]
    missing = max(0, FEWEST - len(cards))
    return cards + [key for key in fresh if key not in due][:missing]


def new_questions(
    catalogue: Catalogue,
    posts: Sequence[str],
    begun: Collection[str],
    met: Collection[str],
    seed: int,
) -> list[str]:
    """Questions not ``met`` that fit the posts: of courses ``begun`` first, then easier ones.

    Within a course and difficulty the order is decided by ``seed``.
    """
    hidden = _asked_in_exams(catalogue) | set(met)
    found: dict[str, tuple[bool, int, int, bytes]] = {}
    for course in catalogue.courses.values():
        if course.posts and not set(course.posts) & set(posts):
            continue
        for key in _practised_with(catalogue, course):
            question = catalogue.questions.get(key)
            if key not in hidden and question is not None and is_practicable(question):
                found[key] = (
                    course.id not in begun,
                    course.level,
                    question.level,
                    sha256(f"{seed}/{key}".encode()).digest(),
                )
    return sorted(found, key=lambda key: (found[key], key))


# Private functions


def _practised_with(catalogue: Catalogue, course: Course) -> Iterator[str]:
    for module in course.modules:
        yield from module.checkpoint_ids
    for quiz in catalogue.quizzes_of(course.id):
        if quiz.kind == "quiz":
            yield from _asked(catalogue, quiz)


def _asked_in_exams(catalogue: Catalogue) -> set[str]:
    return {
        key
        for quiz in catalogue.quizzes.values()
        if quiz.kind == "exam" or quiz.id == PLACEMENT_POOL
        for key in _asked(catalogue, quiz)
    }


def _asked(catalogue: Catalogue, quiz: Quiz) -> Iterator[str]:
    """Every question that an attempt at ``quiz`` may ask."""
    yield from quiz.question_ids
    for entry in quiz.draw:
        pool = catalogue.quizzes.get(entry.pool) if entry.pool else None
        if pool is not None:
            yield from pool.question_ids
