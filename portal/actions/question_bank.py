"""The bank as trainers search it: where a question is used, what is like it, how it is retired."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import content_drafts, permission
from portal.actions.content_drafts import Clash
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.courses import Checkpoint
from portal.core.item_checks import bare, facts_of
from portal.core.near_duplicates import nearest
from portal.core.people import Person
from portal.core.questions import Question
from portal.core.retiring import retired
from portal.store import items

MOST_ALIKE = 20
LONGEST = 2_000  # characters of a text that is searched for


@dataclass(frozen=True, slots=True)
class Alike:
    """A question of the bank and how like it is, 0..1."""

    question: Question
    alike: float


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a question stands: ids of quizzes and exams with it, of those that draw from its pool,
    of pools, of modules; and how many first attempts answered it, by quiz."""

    quizzes: tuple[str, ...]
    drawn_by: tuple[str, ...]
    pools: tuple[str, ...]
    modules: tuple[str, ...]
    answered: dict[str, int]


def similar(portal: Portal, actor: Person, text: str, *, but: str = "") -> list[Alike]:
    """Questions whose text is like ``text`` (Markdown), the most alike first; ``but`` is left out.

    Raises NotAllowed.
    """
    with permission.read(portal, actor, "see_content_problems"):
        pass
    bank = [one for one in portal.library.catalogue.questions.values() if one.id != but]
    stems = [facts_of(one).stem for one in bank]
    found = nearest(bare(text[:LONGEST]), stems)
    return [Alike(bank[at], alike) for at, alike in found[:MOST_ALIKE]]


def similar_to(portal: Portal, actor: Person, question: Question) -> list[Alike]:
    """Questions that are like this one. Raises NotAllowed."""
    return similar(portal, actor, facts_of(question).stem, but=question.id)


def uses(portal: Portal, actor: Person, question_id: str) -> Uses:
    """Where a question is used. Raises NotAllowed."""
    with permission.read(portal, actor, "see_item_statistics") as conn:
        answered: dict[str, int] = {}
        for row in items.uses(conn, question_id):
            answered[row["quiz_id"]] = answered.get(row["quiz_id"], 0) + row["persons"]
    catalogue = portal.library.catalogue
    holding = [quiz for quiz in catalogue.quizzes.values() if question_id in quiz.question_ids]
    pools = {quiz.id for quiz in holding if quiz.kind == "pool"}
    drawing = [
        quiz.id
        for quiz in catalogue.quizzes.values()
        if any(draw.pool in pools for draw in quiz.draw if draw.pool)
    ]
    modules = [
        module.id
        for module in catalogue.modules.values()
        if any(
            isinstance(part, Checkpoint) and part.question_id == question_id
            for section in module.sections
            for part in section.segments
        )
    ]
    return Uses(
        tuple(quiz.id for quiz in holding if quiz.kind != "pool"),
        tuple(drawing),
        tuple(sorted(pools)),
        tuple(modules),
        answered,
    )


def retire(portal: Portal, actor: Person, question_id: str) -> str:
    """Mark a question as retired in a draft of its file, to be reviewed and published as any
    change; return the path.

    Raises NotAllowed, and Refused: ``error.no_such_question``, ``error.retired_already``,
    ``error.retire_clash`` when somebody writes in the file just now.
    """
    found = portal.library.catalogue.questions.get(question_id)
    if found is None or not found.path:
        raise Refused("error.no_such_question")
    opened = content_drafts.open_file(portal, actor, found.path)
    text = retired(opened.text, question_id, found.path.startswith("courses/"))
    if text is None:
        raise Refused("error.no_such_question")
    if text == opened.text:
        raise Refused("error.retired_already")
    saved = content_drafts.save(portal, actor, found.path, text, opened.rev, opened.text)
    if isinstance(saved, Clash):
        raise Refused("error.retire_clash")
    return found.path
