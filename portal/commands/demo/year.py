"""Twelve months of learning, played through the same actions that people's clicks call.

Each person studies in sittings; sittings of all people are played in the order of their time, on
a clock that stands where the sitting is. How often and how well somebody learns follows from the
traits of the plan, so that units differ and hard questions are hard. Who keeps up begins with what
is asked and finishes what was begun; who has fallen behind stops on the way. Everybody has more to
learn about technology than about the rest.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.actions import attempts, progress
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.commands.demo.county import PersonPlan
from portal.core.catalogue import Catalogue
from portal.core.courses import Course
from portal.core.grading import guess_chance
from portal.core.people import Person
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Matching,
    Numeric,
    Ordering,
    Question,
    Response,
    Short,
)

SPAN = timedelta(days=365)
TRIES = 6  # of a quiz, by those who keep up
STUDIED = 0.6  # logits, from the checkpoints of a module to the quiz after it
LEARNED = 0.9  # logits, from one try to the next
GROWN = 1.3  # logits, from the beginning of the year to its end
PREPARED = 1.3  # logits, from an exam that was not passed to the next
LACKING = {"technology": 1.8}  # logits by capability, of the whole county
LAST_HOURS = timedelta(hours=3)  # nobody sits down so late that the year ends before it is done
DRIVE_DAYS = 5  # in which a whole town began, see county
# what is assigned in the course of the year, see assigning; first what was due first
ASKED = ("first-response", "hidden-danger", "data-security", "petitions-consultation")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person works on one module or quiz; ``step`` is its id."""

    at: datetime
    person: int  # position in the list of people
    kind: str  # "module", "quiz" or "retake" of an exam not passed (see practising for more)
    step: str
    tries: int = TRIES  # 1: who goes away after the first


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.at += timedelta(seconds=seconds)


def plan(
    catalogue: Catalogue, plans: list[PersonPlan], end: datetime, rng: random.Random
) -> list[Sitting]:
    """Everybody's sittings of the year before ``end``, in the order of time."""
    sittings: list[Sitting] = []
    for n, person in enumerate(plans):
        begin = DRIVE_DAYS if person.in_drive else rng.uniform(15, 300 if person.is_behind else 210)
        at = end - SPAN + timedelta(days=rng.uniform(0, 1) * DRIVE_DAYS + begin - DRIVE_DAYS)
        for course in _courses(catalogue, person, rng):
            steps = list(_steps(catalogue, course))
            if person.is_behind:
                steps = steps[: rng.randrange(1, len(steps))]
            for kind, step in steps:
                pace = 2.0 if at < end - SPAN + timedelta(days=30) else 7 - 5 * person.zeal
                at += timedelta(days=2 + rng.expovariate(1 / pace))
                if at >= end:
                    break
                tries = 1 if person.is_behind else TRIES
                sittings.append(Sitting(_in_hours(at, rng), n, kind, step, tries))
    return sorted((s for s in sittings if s.at < end - LAST_HOURS), key=lambda s: (s.at, s.person))


def skill_at(skill: float, at: datetime, end: datetime) -> float:
    """What somebody of ``skill`` at the beginning of the year can do at ``at``."""
    return skill + GROWN * (1 - (end - at) / SPAN)


def play(
    portal: Portal, sitting: Sitting, person: Person, skill: float, rng: random.Random
) -> None:
    """Play one sitting; what the portal refuses (no attempt left) is left undone, as in life."""
    clock = Clock(sitting.at)
    then = replace(portal, now=clock)
    try:
        if sitting.kind == "module":
            _study(then, clock, sitting.step, person, skill, rng)
        elif sitting.kind == "quiz" or not _has_passed(then, sitting.step, person):
            _take(then, clock, sitting, person, skill, rng)
    except Refused:
        return


def _courses(catalogue: Catalogue, person: PersonPlan, rng: random.Random) -> list[Course]:
    meant = [c for c in catalogue.courses.values() if not c.posts or person.post in c.posts]
    rng.shuffle(meant)
    if person.is_behind:
        return meant[: rng.choice((0, 1, 1, 2))]
    meant.sort(key=lambda course: ASKED.index(course.id) if course.id in ASKED else len(ASKED))
    return meant[: rng.choice((2, 3, 3, 4, 5))]


def _steps(catalogue: Catalogue, course: Course) -> Iterator[tuple[str, str]]:
    for module in course.modules:
        yield "module", module.id
    for quiz in catalogue.quizzes_of(course.id):
        yield "quiz", quiz.id
        if quiz.retake_after_hours:
            yield "retake", quiz.id


def _in_hours(at: datetime, rng: random.Random) -> datetime:
    """The same day between eight in the morning and six in the evening in China."""
    return at.replace(hour=rng.randrange(0, 10), minute=rng.randrange(60), second=rng.randrange(60))


def _study(
    portal: Portal, clock: Clock, module_id: str, person: Person, skill: float, rng: random.Random
) -> None:
    module = portal.library.catalogue.modules[module_id]
    progress.open_module(portal, person, module_id)
    for section in module.sections:
        clock.move(rng.uniform(40, 140))
        progress.see_section(portal, person, module_id, section.slug)
    if not module.checkpoint_ids:
        return
    view = attempts.open_checkpoints(portal, person, module_id)
    for item in view.items:
        if item.checked:
            continue
        response = chosen_answer(item.question, skill, rng)
        clock.move(rng.uniform(10, 60))
        attempts.answer(portal, person, view.attempt.id, item.position, response)
        attempts.check_item(portal, person, view.attempt.id, item.position)


def _has_passed(portal: Portal, quiz_id: str, person: Person) -> bool:
    return any(attempt.passed for attempt in attempts.history(portal, person, quiz_id))


def _take(
    portal: Portal,
    clock: Clock,
    sitting: Sitting,
    person: Person,
    skill: float,
    rng: random.Random,
) -> None:
    for turn in range(sitting.tries):
        attempt = attempts.open_attempt(portal, person, sitting.step)
        learned = STUDIED + LEARNED * turn + (PREPARED if sitting.kind == "retake" else 0)
        for item in attempts.get_attempt(portal, person, attempt.id).items:
            clock.move(rng.uniform(12, 50))
            response = chosen_answer(item.question, skill + learned, rng)
            attempts.answer(portal, person, attempt.id, item.position, response)
        if attempts.submit(portal, person, attempt.id).passed:
            return
        clock.move(rng.uniform(600, 1800))  # reads it again, and tries again


def chosen_answer(question: Question, skill: float, rng: random.Random) -> Response:
    """Right with the chance of a three-parameter logistic model, else a believable mistake."""
    guess = guess_chance(question)
    difficulty = 0.8 * (question.level - 3) - 0.8
    able = skill - LACKING.get(question.capability, 0.0)
    chance = guess + (1 - guess) / (1 + math.exp(-(able - difficulty)))
    return _right(question) if rng.random() < chance else _wrong(question, rng)


def _right(question: Question) -> Response:
    match question.body:
        case Choice():
            return [at for at, option in enumerate(question.body.options) if option.correct]
        case Short():
            return question.body.accepted[0]
        case Numeric():
            return f"{(question.body.low + question.body.high) / 2:g}"
        case Ordering():
            return list(range(len(question.body.items)))
        case Matching():
            return list(question.body.key)
        case Cloze():
            return [
                gap.choices[gap.right].zh if gap.choices else gap.accepted[0]
                for gap in question.body.gaps
            ]
        case Essay():
            return "先确认安全，再报告；逐户通知独居老人；做好记录并移交。"


def _wrong(question: Question, rng: random.Random) -> Response:
    match question.body:
        case Choice(kind="multiple"):
            width = range(len(question.body.options))
            return sorted(rng.sample(list(width), rng.randrange(1, len(width))))
        case Choice():
            wrong = [at for at, option in enumerate(question.body.options) if not option.correct]
            return [rng.choice(wrong)]
        case Short():
            return "记不清了"
        case Numeric():
            return f"{question.body.high + rng.choice((1, 5, 10, 30)):g}"
        case Ordering():
            order = list(range(len(question.body.items)))
            rng.shuffle(order)
            return order
        case Matching():
            return [rng.randrange(len(question.body.rights)) for _ in question.body.lefts]
        case Cloze():
            return [
                rng.choice(gap.choices).zh if gap.choices else "记不清了"
                for gap in question.body.gaps
            ]
        case Essay():
            return "及时上报。"
