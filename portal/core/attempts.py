"""What an attempt is, when one may be opened, when it is over, and what it is worth.

Everything that decides travels with the attempt: the deadline and the pass mark are fixed when
it is opened, so that an edit of the quiz moves nothing under a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from portal.core.quizzes import Quiz

AttemptKind = Literal["quiz", "exam", "checkpoint"]
ClosedBy = Literal["person", "clock"]

_SLACK = 1e-9  # sums of fractions such as 1/3 + 1/3 + 1/3


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person's run through a quiz or exam, or the checkpoints of a module.

    ``quiz_id`` is the module's id when ``kind`` is ``checkpoint``; such an attempt stays open, so
    that a wrong answer may be tried again. ``score`` and ``max_score`` are points, None while the
    attempt is open; ``passed`` is None as well while awaited marks can still turn the outcome.
    """

    id: int
    person_id: int
    unit_id: int | None  # where the person served when it was opened
    kind: AttemptKind
    quiz_id: str
    course_id: str
    version: str  # of the quiz or module, a key of content_versions
    number: int  # 1 is the first
    seed: int
    pass_mark: float  # percent
    opened_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    closed_by: ClosedBy | None
    score: float | None
    max_score: float | None
    passed: bool | None

    @property
    def percent(self) -> float | None:
        """``score`` in percent, 0..100; None while open or when there is nothing to score."""
        if self.score is None or not self.max_score:
            return None
        return 100 * self.score / self.max_score

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given, as far as the record says (see ``is_overdue``)."""
        return self.submitted_at is None


@dataclass(frozen=True, slots=True)
class Past:
    """What opening needs to know of an earlier attempt."""

    id: int
    number: int
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Begin:
    """A new attempt may be opened, with this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Resume:
    """There is an open attempt: go on with it."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    """The next attempt may be opened at ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class UsedUp:
    """All ``limit`` attempts have been made."""

    limit: int


Opening = Begin | Resume | Wait | UsedUp


@dataclass(frozen=True, slots=True)
class Score:
    """Points over the items that are marked; ``pending`` counts those that wait for a mark."""

    score: float
    max_score: float
    pending: int
    passed: bool | None


def decide_opening(quiz: Quiz, past: Sequence[Past], now: datetime) -> Opening:
    """Whether the person may begin, must resume, wait, or has no attempt left.

    ``past`` are all attempts at this quiz. The pause counts from the last submission.
    """
    for attempt in past:
        if attempt.submitted_at is None:
            return Resume(attempt.id)
    if quiz.attempts and len(past) >= quiz.attempts:
        return UsedUp(quiz.attempts)
    ended = [attempt.submitted_at for attempt in past if attempt.submitted_at is not None]
    if ended and quiz.retake_after_hours > 0:
        until = max(ended) + timedelta(hours=quiz.retake_after_hours)
        if now < until:
            return Wait(until)
    return Begin(max((attempt.number for attempt in past), default=0) + 1)


def deadline_of(quiz: Quiz, opened_at: datetime) -> datetime | None:
    """When an attempt opened at ``opened_at`` ends; None when the quiz is not timed."""
    return opened_at + timedelta(minutes=quiz.minutes) if quiz.minutes > 0 else None


def is_overdue(deadline_at: datetime | None, submitted_at: datetime | None, now: datetime) -> bool:
    """Whether an open attempt's time is up at ``now``. There is no grace."""
    return submitted_at is None and deadline_at is not None and now >= deadline_at


def score_items(graded: Iterable[tuple[float, float | None]], pass_mark: float) -> Score:
    """The score of an attempt from its items' (points, fraction) pairs.

    An item that was voided is not among them: it counts for nobody, on neither side. A fraction
    of None (an essay that waits for its mark) counts on neither side either, but decides nothing:
    ``passed`` is None as long as the awaited marks could still turn the outcome, whatever they
    will be. Where every question is worth zero points there is nothing to fail.
    """
    score = max_score = awaited = 0.0
    pending = 0
    for points, fraction in graded:
        if fraction is None:
            pending += 1
            awaited += points
        else:
            score += points * fraction
            max_score += points
    whole = max_score + awaited
    at_worst, at_best = (_reaches(points, whole, pass_mark) for points in (score, score + awaited))
    return Score(score, max_score, pending, at_worst if at_worst == at_best else None)


def _reaches(score: float, max_score: float, pass_mark: float) -> bool:
    return 100 * score >= pass_mark * max_score - _SLACK * max_score
