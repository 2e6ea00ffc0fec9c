"""The book of wrong answers: every question whose last answer was wrong, until it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.actions import permission, reviews
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.people import Person


@dataclass(frozen=True, slots=True)
class Wrong:
    """One question in the book. ``left`` is on how many days it still has to be right."""

    question_id: str
    title: Bilingual
    course_id: str
    capability: str
    left: int
    answered_at: datetime


def wrong_answers(portal: Portal, actor: Person) -> list[Wrong]:
    """The person's own book, the newest first. Raises NotAllowed."""
    reviews.take_in(portal, actor.id)
    questions = portal.library.catalogue.questions
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        cards = reviews.usable_cards(conn, portal, actor.id)
    found = [
        Wrong(
            key,
            questions[key].title,
            questions[key].course,
            questions[key].capability,
            memory.book,
            memory.reviewed_at,
        )
        for key, memory in cards.items()
        if memory is not None and memory.book > 0
    ]
    return sorted(found, key=lambda wrong: (wrong.answered_at, wrong.question_id), reverse=True)
