"""Daily practice: a few cards, one at a time, marked at once.

Answers go to a log of their own, beside that of quizzes: they move no report, and nobody but the
person ever sees them. Everything is saved when it happens; a set is gone on with where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from portal.actions import evidence, permission, reviews
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.drawing import DrawnItem, option_order
from portal.core.grading import Grade, grade, is_empty, is_valid
from portal.core.people import Person
from portal.core.practice import compose, is_practicable, new_questions
from portal.core.questions import Question, Response
from portal.core.review import Memory, is_slow, law_mark, rate, recall
from portal.core.streak import CARDS_A_DAY, Calendar, Streak, day_of, streak
from portal.core.times import iso, parse_iso
from portal.store import practice, progress, versions
from portal.store import reviews as stored_reviews
from portal.store.attempts import dump
from portal.store.database import Connection
from portal.store.practice import Leave, PracticeItem, PracticeSet, SetKind

BOOK_CARDS = 10  # wrong answers tried again in one go
LONGEST_LEAVE = timedelta(days=184)
LATE_LEAVE = timedelta(days=31)  # how long afterwards one may still enter it


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a set as its owner sees it. ``grade`` is None until it is checked.

    ``due_at`` is when the question comes back; ``get_card`` alone fills it in, once checked.
    """

    set_id: int
    position: int  # 0-based
    question: Question
    version: str
    option_order: tuple[int, ...]
    response: Response | None
    saved_at: datetime | None
    device: str
    hint_used: bool
    easy: bool
    grade: Grade | None
    due_at: datetime | None = None


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
        cards = usable_cards(conn, portal, actor.id)
        found = practice.last_set(conn, actor.id, "daily", today.isoformat())
        return PracticeView(
            open_set=found if found is not None and found.finished_at is None else None,
            done_today=practice.cards_on(conn, actor.id, today),
            due=len(due_today(portal, cards, now)),
            wrong=sum(memory is not None and memory.book > 0 for memory in cards.values()),
            streak=_streak(conn, portal, actor.id, today),
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
        cards = usable_cards(conn, portal, actor.id)
        due = due_today(portal, cards, now)
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
        cards = usable_cards(conn, portal, actor.id)
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
        found = _own(conn, actor, set_id)
        return SetView(found, tuple(_cards(conn, set_id)), _streak(conn, portal, actor.id, today))


def get_card(portal: Portal, actor: Person, set_id: int, position: int) -> Card:
    """One card of one's own set. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        _own(conn, actor, set_id)
        card = _card(conn, set_id, position)
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
        _own(conn, actor, set_id)
        card = _card(conn, set_id, position)
        if not is_valid(card.question, response):
            raise Refused("error.bad_answer")
        if card.response == response and card.saved_at is not None:
            return card.saved_at
        if card.grade is not None:
            raise Refused("error.item_checked")
        practice.append(conn, set_id, position, "answer", dump(response), now, device)
    return parse_iso(iso(now))


def use_hint(portal: Portal, actor: Person, set_id: int, position: int) -> Bilingual:
    """The hint to a card; that it was used is logged. Raises NotAllowed, ``error.no_hint``."""
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        _own(conn, actor, set_id)
        card = _card(conn, set_id, position)
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
        found = _own(conn, actor, set_id)
        card = _card(conn, set_id, position)
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
        _own(conn, actor, set_id)
        card = _card(conn, set_id, position)
        if card.easy or card.hint_used or card.grade is None or not card.grade.right:
            return
        practice.append(conn, set_id, position, "easy", "null", now)
        origin = f"practice {set_id}/{position}"
        reviews.amend_as_easy(conn, portal, actor.id, card.question.id, now, origin)


def enter_leave(portal: Portal, actor: Person, begins_on: date, ends_on: date) -> int:
    """Enter days on which one's row of days shall not break.

    Raises Refused ``error.leave_order``, ``error.leave_too_long`` (days), ``error.leave_too_late``
    (days).
    """
    now = portal.now()
    if ends_on < begins_on:
        raise Refused("error.leave_order")
    if ends_on - begins_on >= LONGEST_LEAVE:
        raise Refused("error.leave_too_long", days=LONGEST_LEAVE.days)
    if begins_on < day_of(now, portal.settings.tz) - LATE_LEAVE:
        raise Refused("error.leave_too_late", days=LATE_LEAVE.days)
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        return practice.add_leave(conn, actor.id, begins_on, ends_on, now)


def withdraw_leave(portal: Portal, actor: Person, leave_id: int) -> None:
    """Take an entry back. One that is not the person's own stays as it is."""
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        practice.withdraw_leave(conn, actor.id, leave_id, portal.now())


# What other actions on practice share


def usable_cards(conn: Connection, portal: Portal, person_id: int) -> dict[str, Memory | None]:
    """The person's cards by question id; None stands for one whose law has changed.

    Cards of questions that are retired or gone are left out.
    """
    catalogue = portal.library.catalogue
    found: dict[str, Memory | None] = {}
    for key, memory in stored_reviews.cards(conn, person_id).items():
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


def calendar_of(conn: Connection, portal: Portal, person_id: int) -> Calendar:
    """The days off of one person."""
    return Calendar(
        holidays=frozenset(portal.settings.holidays),
        workdays=frozenset(portal.settings.workdays),
        leaves=tuple(
            (leave.begins_on, leave.ends_on) for leave in practice.leaves(conn, person_id)
        ),
    )


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


def _streak(conn: Connection, portal: Portal, person_id: int, today: date) -> Streak:
    return streak(practice.days(conn, person_id), today, calendar_of(conn, portal, person_id))


def _own(conn: Connection, actor: Person, set_id: int) -> PracticeSet:
    found = practice.find_set(conn, set_id)
    if found is None or found.person_id != actor.id or found.kind == "placement":
        raise NotAllowed
    return found


def _card(conn: Connection, set_id: int, position: int) -> Card:
    cards = _cards(conn, set_id)
    if not 0 <= position < len(cards):
        raise NotAllowed
    return cards[position]


def _cards(conn: Connection, set_id: int) -> list[Card]:
    items = practice.items(conn, set_id)
    questions = versions.get_questions(conn, [item.version for item in items])
    return [_view(set_id, item, questions[item.version]) for item in items]


def _view(set_id: int, item: PracticeItem, question: Question) -> Card:
    return Card(
        set_id=set_id,
        position=item.position,
        question=question,
        version=item.version,
        option_order=item.option_order,
        response=item.response,
        saved_at=item.saved_at,
        device=item.device,
        hint_used=item.hinted,
        easy=item.easy,
        grade=grade(question, item.response) if item.checked else None,
    )
