"""Daily practice: a few cards, one at a time, marked at once.

Answers go to a log of their own, beside that of quizzes: they move no report, and nobody but the
person ever sees them. Everything is saved when it happens; a set is gone on with where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from portal.actions import evidence, permission, reviews
from portal.actions.errors import Refused
from portal.actions.leave import streak_of
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.practice_cards import Card, card_at, cards_of, own_set, save
from portal.core.capabilities import Bilingual
from portal.core.drawing import DrawnItem, option_order
from portal.core.grading import Grade, grade, is_empty
from portal.core.people import Person
from portal.core.practice import compose, new_questions
from portal.core.questions import Response
from portal.core.review import is_slow, rate
from portal.core.streak import CARDS_A_DAY, Streak, day_of
from portal.core.times import iso
from portal.store import practice, progress, versions
from portal.store import reviews as stored_reviews
from portal.store.attempts import dump
from portal.store.database import Connection
from portal.store.practice import Leave, PracticeSet, SetKind

BOOK_CARDS = 10  # wrong answers tried again in one go
KINDS: tuple[SetKind, ...] = ("daily", "wrong")


@dataclass(frozen=True, slots=True)
class SetView:
    """A set with its cards. ``streak`` is that of this moment."""

    practice_set: PracticeSet
    cards: tuple[Card, ...]
    streak: Streak

    @property
    def next_open(self) -> int | None:
        """The first card that is not done; None when the set is finished."""
        return next((card.position for card in self.cards if card.grade is None), None)

    @property
    def right(self) -> int:
        """How many cards were answered rightly."""
        return sum(card.grade is not None and card.grade.right for card in self.cards)


@dataclass(frozen=True, slots=True)
class PracticeView:
    """What the practice page shows first. ``open_set`` is the one to go on with."""

    open_set: PracticeSet | None
    done_today: int  # cards
    due: int  # cards due today
    wrong: int  # questions in the book of wrong answers
    streak: Streak
    leaves: tuple[Leave, ...]


def overview(portal: Portal, actor: Person) -> PracticeView:
    """Where the person stands with practising. Raises NotAllowed."""
    now = portal.now()
    reviews.take_in(portal, actor.id)
    today = day_of(now, portal.settings.tz)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        cards = reviews.usable_cards(conn, portal, actor.id)
        found = practice.last_set(conn, actor.id, "daily", today.isoformat())
        return PracticeView(
            open_set=found if found is not None and found.finished_at is None else None,
            done_today=practice.cards_on(conn, actor.id, today),
            due=len(reviews.due_today(portal, cards, now)),
            wrong=sum(memory is not None and memory.book > 0 for memory in cards.values()),
            streak=streak_of(conn, portal, actor.id, today),
            leaves=tuple(
                leave for leave in practice.leaves(conn, actor.id) if leave.ends_on >= today
            ),
        )


def open_daily(portal: Portal, actor: Person) -> int:
    """Today's set, or the next one when that is finished; returns its id.

    Raises Refused ``error.nothing_to_practise`` when there is no card to show.
    """
    now = portal.now()
    reviews.take_in(portal, actor.id)
    today = day_of(now, portal.settings.tz).isoformat()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        found = practice.last_set(conn, actor.id, "daily", today)
        if found is not None and found.finished_at is None:
            return found.id
        cards = reviews.usable_cards(conn, portal, actor.id)
        due = reviews.due_today(portal, cards, now)
        seed = seed_of(actor.id, "daily", now)
        busy = stored_reviews.in_open_exams(conn, actor.id)
        fresh = new_questions(
            portal.library.catalogue,
            actor.posts,
            progress.courses(conn, actor.id),
            {*cards, *busy},
            seed,
        )
        chosen = compose({key: due[key] for key in due if key not in busy}, fresh)
        return _begin(conn, portal, actor, "daily", chosen, seed, now)


def open_wrong(portal: Portal, actor: Person, question_ids: tuple[str, ...]) -> int:
    """A set of these questions of the book, ten at most; returns its id.

    Raises Refused ``error.nothing_to_practise`` when none of them stands in the book.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        cards = reviews.usable_cards(conn, portal, actor.id)
        busy = stored_reviews.in_open_exams(conn, actor.id)
        chosen = [
            key
            for key in dict.fromkeys(question_ids)
            if (memory := cards.get(key)) is not None and memory.book > 0 and key not in busy
        ]
        seed = seed_of(actor.id, "wrong", now)
        return _begin(conn, portal, actor, "wrong", chosen[:BOOK_CARDS], seed, now)


def get_set(portal: Portal, actor: Person, set_id: int) -> SetView:
    """One of the person's own sets. Raises NotAllowed for any other."""
    today = day_of(portal.now(), portal.settings.tz)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = own_set(conn, actor, set_id, *KINDS)
        return SetView(
            found, tuple(cards_of(conn, set_id)), streak_of(conn, portal, actor.id, today)
        )


def get_card(portal: Portal, actor: Person, set_id: int, position: int) -> Card:
    """One card of one's own set. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        own_set(conn, actor, set_id, *KINDS)
        card = card_at(conn, set_id, position)
        if card.grade is None:
            return card
        memory = stored_reviews.find_card(conn, actor.id, card.question.id)
        return replace(card, due_at=memory.due_at if memory else None)


def answer(
    portal: Portal,
    actor: Person,
    set_id: int,
    position: int,
    response: Response,
    *,
    device: str = "",
) -> datetime:
    """Save a response; it is on disk, since the returned moment, when this returns.

    Raises NotAllowed for another person's set, Refused ``error.bad_answer`` and
    ``error.item_checked``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        own_set(conn, actor, set_id, *KINDS)
        card = card_at(conn, set_id, position)
        return save(conn, card, response, now, device)


def use_hint(portal: Portal, actor: Person, set_id: int, position: int) -> Bilingual:
    """The hint to a card; that it was used is logged. Raises NotAllowed, ``error.no_hint``."""
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        own_set(conn, actor, set_id, *KINDS)
        card = card_at(conn, set_id, position)
        if card.question.hint is None:
            raise Refused("error.no_hint")
        if not card.hint_used and card.grade is None:
            practice.append(conn, set_id, position, "hint", "null", now)
        return card.question.hint


def check(
    portal: Portal,
    actor: Person,
    set_id: int,
    position: int,
    *,
    shown_at: datetime | None = None,
) -> Grade:
    """Mark the saved answer; with it the card's next day is set, and the day may count.

    ``shown_at`` is when the page first showed the card, None when it does not know. A second
    check changes nothing. Raises NotAllowed, and Refused ``error.answer_first``,
    ``error.asked_in_exam`` while an open exam asks the same question.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        found = own_set(conn, actor, set_id, *KINDS)
        card = card_at(conn, set_id, position)
        if card.grade is not None:
            return card.grade
        given = grade(card.question, card.response)
        if is_empty(card.response) or card.response is None:
            raise Refused("error.answer_first")
        if card.question.id in stored_reviews.in_open_exams(conn, actor.id):
            raise Refused("error.asked_in_exam")
        practice.append(conn, set_id, position, "check", dump(card.response), now)
        seconds = (now - shown_at).total_seconds() if shown_at is not None else None
        rating = rate(
            right=given.right, helped=card.hint_used, slow=is_slow(card.question, seconds)
        )
        origin = f"practice {set_id}/{position}"
        reviews.learn(conn, portal, actor.id, card.question, rating, now, origin)
        evidence.practice_answered(
            conn,
            portal,
            actor.id,
            card.question,
            card.version,
            given.fraction or 0.0,
            now,
            source_id=set_id,
        )
        _count(conn, portal, actor.id, found, now)
        return given


def say_easy(portal: Portal, actor: Person, set_id: int, position: int) -> None:
    """The person says that a right answer came easily: the card comes back later.

    Nothing happens to a card that was wrong or had a hint. Raises NotAllowed.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        own_set(conn, actor, set_id, *KINDS)
        card = card_at(conn, set_id, position)
        if card.easy or card.hint_used or card.grade is None or not card.grade.right:
            return
        practice.append(conn, set_id, position, "easy", "null", now)
        origin = f"practice {set_id}/{position}"
        reviews.amend_as_easy(conn, portal, actor.id, card.question.id, now, origin)


def seed_of(person_id: int, kind: str, now: datetime) -> int:
    """A seed for what is drawn now."""
    return int(sha256(f"{person_id}/{kind}/{iso(now)}".encode()).hexdigest()[:12], 16)


# Private functions


def _begin(
    conn: Connection,
    portal: Portal,
    actor: Person,
    kind: SetKind,
    question_ids: list[str],
    seed: int,
    now: datetime,
) -> int:
    if not question_ids:
        raise Refused("error.nothing_to_practise")
    catalogue = portal.library.catalogue
    questions = [catalogue.questions[key] for key in question_ids]
    kept = versions.keep(conn, questions, iso(now))
    day = day_of(now, portal.settings.tz).isoformat()
    set_id = practice.add_set(conn, actor.id, kind, day, seed, now)
    drawn = [DrawnItem(question.id, option_order(question, seed)) for question in questions]
    practice.add_items(conn, set_id, list(zip(drawn, kept, strict=True)))
    return set_id


def _count(
    conn: Connection, portal: Portal, person_id: int, found: PracticeSet, now: datetime
) -> None:
    """Count the card for today, and finish the set with its last card."""
    today = day_of(now, portal.settings.tz)
    practice.count_card(conn, person_id, today, enough=CARDS_A_DAY)
    if all(item.checked for item in practice.items(conn, found.id)):
        practice.finish_set(conn, found.id, now)
        practice.let_day_count(conn, person_id, today)
