"""What a person remembers of a question, and when to ask again: FSRS-6 by the ``fsrs`` package.

FSRS holds memory of facts, not capability. A card forgets everything it knew when the law that
its question cites has changed: the old answer may have become wrong.

Source: Ye et al., *Free Spaced Repetition Scheduler*, version 6 (2024).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from fsrs import Card, Scheduler, State
from fsrs import Rating as FsrsRating

from portal.core.questions import Question
from portal.core.statutes import StatuteRegistry

RIGHT_DAYS = 2  # different days on which a wrong answer has to be put right
INTERRUPTED_S = 600.0  # somebody came to the door: such a time says nothing about memory

_CARD = 1  # the package wants a number; ours are keyed by person and question
_SCHEDULER = Scheduler(
    desired_retention=0.9,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=180,
    enable_fuzzing=False,
)


class Rating(IntEnum):
    """How well an answer came."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Review:
    """One answer as memory sees it; ``law`` is the mark of what the question cited then."""

    law: str
    rating: Rating
    at: datetime
    day: str  # ISO date where the portal is


@dataclass(frozen=True, slots=True)
class Memory:
    """A card. ``stability`` is in days (recall is 0.9 after so many), ``difficulty`` 1..10.

    ``book`` counts the different days on which the question still has to be answered rightly
    before it leaves the book of wrong answers; 0 when it is not in it. ``book_day`` is the last
    day that counted.
    """

    law: str
    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime
    book: int = 0
    book_day: str = ""


def rate(*, right: bool, helped: bool = False, slow: bool = False, easy: bool = False) -> Rating:
    """Wrong is Again, right with help (a hint, an earlier try) or slowly is Hard, else Good.

    Easy only if the person says so, and never of a wrong answer or one with help.
    """
    if not right:
        return Rating.AGAIN
    if helped:
        return Rating.HARD
    if easy:
        return Rating.EASY
    return Rating.HARD if slow else Rating.GOOD


def is_slow(question: Question, seconds: float | None) -> bool:
    """Whether the answer took long; None (not known) and an interruption are not slow.

    Forty seconds and a quarter of a second for each character of the stem, which is half the
    speed at which Chinese is read with ease.
    """
    if seconds is None or seconds >= INTERRUPTED_S:
        return False
    return seconds > 40 + len(question.stem.zh) / 4


def law_mark(question: Question, statutes: StatuteRegistry) -> str:
    """What the question rests on: each cited article with the version of its statute in force.

    ``"突发事件应对法 2024 63"``; empty without citations. A new version or a new number of the
    article makes another mark.
    """
    marks = []
    for law in question.laws:
        versions = statutes.versions(law.law)
        version = (versions[0].version or versions[0].effective) if versions else ""
        place = "/".join(str(part) for part in (law.article, law.paragraph, law.item) if part)
        marks.append(f"{law.law} {version} {place}")
    return "; ".join(sorted(marks))


def review(memory: Memory | None, given: Review) -> Memory:
    """The card after ``given``; a card of another law starts anew, and so does its book."""
    if memory is not None and memory.law != given.law:
        memory = None
    at = given.at.astimezone(UTC)  # the package takes nothing else
    card, _ = _SCHEDULER.review_card(_card(memory, at), FsrsRating(int(given.rating)), at)
    assert card.stability is not None
    assert card.difficulty is not None
    book, book_day = _book(memory, given)
    return Memory(given.law, card.stability, card.difficulty, at, card.due, book, book_day)


def remember(reviews: Iterable[Review]) -> Memory | None:
    """The card that all ``reviews``, in their order, make; None without any."""
    memory: Memory | None = None
    for given in reviews:
        memory = review(memory, given)
    return memory


def recall(memory: Memory, now: datetime) -> float:
    """The probability, 0..1, that the answer would come now (FSRS's retrievability)."""
    now = now.astimezone(UTC)
    return float(_SCHEDULER.get_card_retrievability(_card(memory, now), now))


# Private functions


def _card(memory: Memory | None, now: datetime) -> Card:
    if memory is None:
        return Card(_CARD, due=now)
    return Card(
        _CARD,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.reviewed_at,
    )


def _book(memory: Memory | None, given: Review) -> tuple[int, str]:
    if given.rating is Rating.AGAIN:
        return RIGHT_DAYS, ""
    if memory is None or memory.book == 0:
        return 0, ""
    if given.day == memory.book_day:
        return memory.book, memory.book_day
    return memory.book - 1, given.day
