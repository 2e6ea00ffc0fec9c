"""Keeping the cards in step with what a person has answered anywhere.

Closed quizzes and exams and checked checkpoints are taken in when the person comes to practise
or looks at the first page, not in the transaction of the answer: nobody waits for it there, and
people whose answers are older than the cards have theirs at the first look.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.actions.portal import Portal
from portal.core.grading import grade
from portal.core.practice import is_practicable
from portal.core.questions import Question
from portal.core.review import (
    Memory,
    Rating,
    Review,
    law_mark,
    rate,
    recall,
    remember,
    review,
)
from portal.core.streak import day_of
from portal.store import reviews, versions
from portal.store.database import Connection
from portal.store.reviews import StoredReview

_EASY = " easy"  # ends the origin of a review that amends the one before it


def take_in(portal: Portal, person_id: int) -> None:
    """Let the cards know of everything the person has answered since; nothing is done twice."""
    with portal.db.read() as conn:
        attempt_ids, check_id = reviews.waiting(conn, person_id)
        checks, _ = reviews.checks_since(conn, person_id, check_id)
    if not attempt_ids and not checks:
        return
    with portal.db.write(bump=False) as conn:
        attempt_ids, check_id = reviews.waiting(conn, person_id)
        checks, last = reviews.checks_since(conn, person_id, check_id)
        answered = [*reviews.answers_of(conn, attempt_ids), *checks]
        questions = versions.get_questions(conn, [one.version for one in answered])
        for one in sorted(answered, key=lambda one: one.at):
            question = questions[one.version]
            given = grade(question, one.response)
            if given.answered and is_practicable(question):
                rating = rate(right=given.right, helped=one.helped)
                learn(conn, portal, person_id, question, rating, one.at, one.origin)
        reviews.note_taken(conn, person_id, attempt_ids, last)


def learn(
    conn: Connection,
    portal: Portal,
    person_id: int,
    question: Question,
    rating: Rating,
    at: datetime,
    origin: str,
) -> Memory | None:
    """Take one answer into its card; None when it was in it already."""
    mark = law_mark(question, portal.library.catalogue.statutes)
    if not reviews.add(conn, person_id, question.id, law=mark, rating=rating, at=at, origin=origin):
        return None
    before = reviews.find_card(conn, person_id, question.id)
    day = day_of(at, portal.settings.tz).isoformat()
    after = review(before, Review(mark, rating, at, day))
    reviews.save_card(conn, person_id, question.id, after)
    return after


def amend_as_easy(
    conn: Connection, portal: Portal, person_id: int, question_id: str, at: datetime, origin: str
) -> None:
    """The person says that the answer at ``origin`` came easily: the card is worked out anew."""
    stored = reviews.of_question(conn, person_id, question_id)
    before = next((one for one in stored if one.origin == origin), None)
    if before is None or before.rating is Rating.AGAIN:
        return
    reviews.add(
        conn,
        person_id,
        question_id,
        law=before.law,
        rating=Rating.EASY,
        at=at,
        origin=origin + _EASY,
    )
    memory = recomputed(conn, portal, person_id, question_id)
    if memory is not None:
        reviews.save_card(conn, person_id, question_id, memory)


def recomputed(conn: Connection, portal: Portal, person_id: int, question_id: str) -> Memory | None:
    """The card as all its reviews make it: what ``review_cards`` must hold."""
    stored = _amended(reviews.of_question(conn, person_id, question_id))
    tz = portal.settings.tz
    return remember(
        Review(one.law, one.rating, one.at, day_of(one.at, tz).isoformat()) for one in stored
    )


def usable_cards(conn: Connection, portal: Portal, person_id: int) -> dict[str, Memory | None]:
    """The person's cards by question id; None stands for one whose law has changed.

    Cards of questions that are retired or gone are left out.
    """
    catalogue = portal.library.catalogue
    found: dict[str, Memory | None] = {}
    for key, memory in reviews.cards(conn, person_id).items():
        question = catalogue.questions.get(key)
        if question is not None and is_practicable(question):
            same = memory.law == law_mark(question, catalogue.statutes)
            found[key] = memory if same else None
    return found


def due_today(portal: Portal, cards: dict[str, Memory | None], now: datetime) -> dict[str, float]:
    """Cards due before today ends, each with the chance 0..1 that its answer would come."""
    tz = portal.settings.tz
    midnight = datetime.combine(day_of(now, tz) + timedelta(days=1), time(), ZoneInfo(tz))
    return {
        key: 0.0 if memory is None else recall(memory, now)
        for key, memory in cards.items()
        if memory is None or memory.due_at < midnight
    }


def _amended(stored: Iterable[StoredReview]) -> list[StoredReview]:
    """The reviews with each amendment in the place of what it amends."""
    kept: dict[str, StoredReview] = {}
    for one in stored:
        if one.origin.endswith(_EASY):
            base = one.origin.removesuffix(_EASY)
            one = StoredReview(one.law, one.rating, kept[base].at, base)
        kept[one.origin] = one
    return list(kept.values())
