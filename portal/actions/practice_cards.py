"""One card of a practice set as its owner sees it; nobody else ever does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.actions.errors import NotAllowed, Refused
from portal.core.grading import Grade, grade, is_valid
from portal.core.people import Person
from portal.core.questions import Question, Response
from portal.core.times import iso, parse_iso
from portal.store import practice, versions
from portal.store.attempts import dump
from portal.store.database import Connection
from portal.store.practice import PracticeItem, PracticeSet, SetKind


@dataclass(frozen=True, slots=True)
class Card:
    """One card. ``grade`` is None until it is checked.

    ``due_at`` is when the question comes back; ``practice.get_card`` alone fills it in.
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


def own_set(conn: Connection, actor: Person, set_id: int, *kinds: SetKind) -> PracticeSet:
    """The person's own set of one of these kinds. Raises NotAllowed for any other."""
    found = practice.find_set(conn, set_id)
    if found is None or found.person_id != actor.id or found.kind not in kinds:
        raise NotAllowed
    return found


def cards_of(conn: Connection, set_id: int) -> list[Card]:
    """All cards of a set, in order."""
    items = practice.items(conn, set_id)
    questions = versions.get_questions(conn, [item.version for item in items])
    return [_view(set_id, item, questions[item.version]) for item in items]


def card_at(conn: Connection, set_id: int, position: int) -> Card:
    """One card. Raises NotAllowed when the set has none there."""
    cards = cards_of(conn, set_id)
    if not 0 <= position < len(cards):
        raise NotAllowed
    return cards[position]


def save(conn: Connection, card: Card, response: Response, now: datetime, device: str) -> datetime:
    """Append a response to the log, unless it is the one saved already; when it was saved.

    Raises Refused ``error.bad_answer`` and ``error.item_checked``.
    """
    if not is_valid(card.question, response):
        raise Refused("error.bad_answer")
    if card.response == response and card.saved_at is not None:
        return card.saved_at
    if card.grade is not None:
        raise Refused("error.item_checked")
    practice.append(conn, card.set_id, card.position, "answer", dump(response), now, device)
    return parse_iso(iso(now))


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
