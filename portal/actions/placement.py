"""The placement: eighteen questions, three of each capability, that end in a suggested start.

Answers count as evidence of capability like any others. Nothing is marked on the way and no key
is shown: the questions are asked again months later. What somebody does not know counts as
not known, which tells more than a guess.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from portal.actions import evidence, permission
from portal.actions.errors import Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.practice import seed_of
from portal.actions.practice_cards import Card, card_at, cards_of, own_set, save
from portal.core.capability import guessing, item_start
from portal.core.capability_log import BLANK, at_time
from portal.core.drawing import DrawnItem, option_order
from portal.core.people import Person
from portal.core.placement import ITEMS, Item, may_begin_at, next_item
from portal.core.practice import PLACEMENT_POOL, is_practicable
from portal.core.questions import Question, Response
from portal.core.streak import day_of
from portal.core.times import iso
from portal.store import capability, next_steps, practice, versions
from portal.store.attempts import dump
from portal.store.database import Connection
from portal.store.practice import PracticeSet

GIVEN_UP = timedelta(days=30)  # a placement left alone so long is begun anew
NOT_KNOWN = "null"  # the checked response of somebody who said so


@dataclass(frozen=True, slots=True)
class PlacementState:
    """Where the person stands. ``may_begin_at`` is None when it may begin now."""

    state: Literal["none", "open", "done"]
    set_id: int | None
    done: int
    total: int
    finished_at: datetime | None
    may_begin_at: datetime | None
    skipped: bool

    @property
    def is_offered(self) -> bool:
        """Whether there are questions to ask at all."""
        return self.total > 0


def state(portal: Portal, actor: Person) -> PlacementState:
    """Where the person stands with the placement. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        return state_of(conn, portal, actor.id)


def state_of(conn: Connection, portal: Portal, person_id: int) -> PlacementState:
    """The same, within a transaction."""
    now = portal.now()
    total = min(ITEMS, len(_pool(portal)))
    found = practice.last_set(conn, person_id, "placement")
    skipped = next_steps.has_skipped_placement(conn, person_id)
    if found is None or (found.finished_at is None and now - found.opened_at > GIVEN_UP):
        return PlacementState("none", None, 0, total, None, None, skipped)
    if found.finished_at is None:
        done = sum(item.checked for item in practice.items(conn, found.id))
        return PlacementState("open", found.id, done, total, None, None, skipped)
    again = may_begin_at(found.finished_at)
    later = again if again is not None and again > now else None
    return PlacementState("done", found.id, total, total, found.finished_at, later, skipped)


def begin(portal: Portal, actor: Person) -> int:
    """The open placement, or a new one; returns its id.

    Raises Refused ``error.no_placement`` without questions, ``error.placement_later`` (day).
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        present = state_of(conn, portal, actor.id)
        if present.state == "open" and present.set_id is not None:
            return present.set_id
        if not present.is_offered:
            raise Refused("error.no_placement")
        if present.may_begin_at is not None:
            day = day_of(present.may_begin_at, portal.settings.tz)
            raise Refused("error.placement_later", day=day.isoformat())
        seed = seed_of(actor.id, "placement", now)
        day = day_of(now, portal.settings.tz)
        set_id = practice.add_set(conn, actor.id, "placement", day.isoformat(), seed, now)
        _ask_next(conn, portal, own_set(conn, actor, set_id, "placement"), now)
        return set_id


def skip(portal: Portal, actor: Person) -> None:
    """Do not offer it again on the first page; it stays where practice is."""
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        next_steps.skip_placement(conn, actor.id, portal.now())


def current(portal: Portal, actor: Person, set_id: int) -> Card | None:
    """The question to answer now; None when the placement is over. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = own_set(conn, actor, set_id, "placement")
        open_cards = [card for card in cards_of(conn, set_id) if card.grade is None]
        return open_cards[0] if open_cards and found.finished_at is None else None


def answer(
    portal: Portal,
    actor: Person,
    set_id: int,
    position: int,
    response: Response,
    *,
    device: str = "",
) -> datetime:
    """Save a response without going on. Raises what ``practice.answer`` raises."""
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        own_set(conn, actor, set_id, "placement")
        return save(conn, card_at(conn, set_id, position), response, now, device)


def go_on(
    portal: Portal, actor: Person, set_id: int, position: int, *, not_known: bool = False
) -> None:
    """Count the saved answer, or that nothing is known, and ask the next question, or end.

    Doing it twice changes nothing. Raises NotAllowed, and Refused ``error.answer_first``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        found = own_set(conn, actor, set_id, "placement")
        card = card_at(conn, set_id, position)
        if card.grade is not None:
            return
        if card.response is None and not not_known:
            raise Refused("error.answer_first")
        checked = NOT_KNOWN if not_known else dump(card.response)
        practice.append(conn, set_id, position, "check", checked, now)
        given = card_at(conn, set_id, position).grade
        evidence.practice_answered(
            conn,
            portal,
            actor.id,
            card.question,
            card.version,
            given.fraction or 0.0 if given is not None else 0.0,
            now,
            kind="placement",
            source_id=set_id,
        )
        _ask_next(conn, portal, found, now)


def results(conn: Connection, portal: Portal, person_id: int) -> dict[str, tuple[int, int]]:
    """Of the last finished placement: questions asked and answered rightly, by capability."""
    found = practice.last_set(conn, person_id, "placement")
    if found is None or found.finished_at is None:
        return {}
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for card in cards_of(conn, found.id):
        asked[card.question.capability] += 1
        right[card.question.capability] += card.grade is not None and card.grade.right
    return {key: (asked[key], right[key]) for key in asked}


# Private functions


def _pool(portal: Portal) -> list[Question]:
    catalogue = portal.library.catalogue
    pool = catalogue.quizzes.get(PLACEMENT_POOL)
    found = [catalogue.questions.get(key) for key in pool.question_ids] if pool else []
    return [question for question in found if question is not None and is_practicable(question)]


def _ask_next(conn: Connection, portal: Portal, found: PracticeSet, now: datetime) -> None:
    """Append the next question, or finish."""
    cards = cards_of(conn, found.id)
    used = {card.question.id for card in cards}
    unused = [question for question in _pool(portal) if question.id not in used]
    chosen = None
    if len(cards) < ITEMS and unused:
        asked = Counter(card.question.capability for card in cards)
        profile = capability.find_profile(conn, found.person_id) or BLANK
        met = practice.asked_before(conn, found.person_id, found.id)
        items = _items(conn, portal, unused, met)
        chosen = next_item(asked, at_time(profile, now).state, items, found.seed)
    if chosen is None:
        practice.finish_set(conn, found.id, now)
        return
    question = portal.library.catalogue.questions[chosen.question_id]
    [version] = versions.keep(conn, [question], iso(now))
    drawn = DrawnItem(question.id, option_order(question, found.seed))
    practice.add_items(conn, found.id, [(drawn, version)], first_position=len(cards))


def _items(
    conn: Connection, portal: Portal, questions: list[Question], met: set[str]
) -> list[Item]:
    known = portal.library.catalogue.versions
    stored = capability.items(conn, [known[q.id] for q in questions if q.id in known])
    found = []
    for question in questions:
        item = stored.get(known.get(question.id, "")) or item_start(question.level)
        c = guessing(question)
        is_met = question.id in met
        found.append(Item(question.id, question.capability, item.b, item.s2, c, is_met))
    return found
