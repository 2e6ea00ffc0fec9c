"""What next: the facts of one person, for ``core.next_steps`` to weigh, and today's practice.

The first page shows it at every look, so the page keeps the result for as long as ``stamp`` stays
the same; the stamp is one small statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.actions import next_drills, permission, placement, reviews
from portal.actions.leave import streak_of
from portal.actions.ownership import oneself
from portal.actions.placement import PlacementState
from portal.actions.portal import Portal
from portal.actions.standing import CourseState, Facts, facts_of, is_meant_for, state_of
from portal.core.capability import CAPABILITIES, level_of
from portal.core.capability_log import BLANK
from portal.core.catalogue import Catalogue
from portal.core.courses import Course
from portal.core.next_steps import Candidate, Need, Suggestion, mean_recall, suggest
from portal.core.people import Person
from portal.core.review import Memory, recall
from portal.core.streak import Streak, day_of
from portal.store import capability, drill_runs, next_steps, practice
from portal.store.database import Connection, Row

PLACEMENT_STEPS = 4  # courses that a placement suggests
LOOKED_AT = 12  # suggestions, of which a page leaves out what it shows anyway


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What the first page says of today; ``suggestions`` are ``LOOKED_AT`` at most, the best first.

    ``offers_placement`` is for newcomers, once.
    """

    suggestions: tuple[Suggestion, ...]
    streak: Streak
    due: int  # cards
    done_today: int
    placement: PlacementState
    offers_placement: bool


def stamp(portal: Portal, actor: Person) -> tuple[Hashable, ...]:
    """Stays the same for as long as the first page says the same, but for the clock of an exam.

    Raises NotAllowed.
    """
    today = day_of(portal.now(), portal.settings.tz)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        changes = next_steps.stamp(conn, actor.id, today)
    fingerprint = portal.library.catalogue.fingerprint
    return (actor.id, today, actor.posts, fingerprint, *(str(one) for one in changes))


def look(portal: Portal, actor: Person) -> NextSteps:
    """Suggestions, today's practice and the placement. Raises NotAllowed."""
    now = portal.now()
    today = day_of(now, portal.settings.tz)
    reviews.take_in(portal, actor.id)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        facts = facts_of(conn, actor.id)
        cards = reviews.usable_cards(conn, portal, actor.id)
        needs = _needs(conn, portal, actor)
        asked = _asked(conn, actor)
        begun = drill_runs.open_of(conn, actor.id)
        candidates = [
            *_candidates(portal, actor, facts, asked, cards, now),
            *next_drills.candidates(portal.library.catalogue, actor, facts, needs, asked, begun),
        ]
        present = placement.state_of(conn, portal, actor.id)
        return NextSteps(
            suggestions=tuple(suggest(candidates, needs, today, LOOKED_AT)),
            streak=streak_of(conn, portal, actor.id, today),
            due=len(reviews.due_today(portal, cards, now)),
            done_today=practice.cards_on(conn, actor.id, today),
            placement=present,
            offers_placement=_is_newcomer(facts, needs) and _is_open_to(present),
        )


def suggested_start(portal: Portal, actor: Person) -> list[Suggestion]:
    """Three or four courses to begin with, after a placement. Raises NotAllowed."""
    now = portal.now()
    today = day_of(now, portal.settings.tz)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        facts = facts_of(conn, actor.id)
        needs = _needs(conn, portal, actor)
        for key, (asked, right) in placement.results(conn, portal, actor.id).items():
            needs[key] = replace(needs.get(key, Need()), asked=asked, right=right)
        courses = [
            one
            for one in _candidates(portal, actor, facts, _asked(conn, actor), {}, now)
            if one.kind == "course" and one.standing != "completed"
        ]
    return suggest(courses, needs, today, PLACEMENT_STEPS)


# Private functions


def _needs(conn: Connection, portal: Portal, actor: Person) -> dict[str, Need]:
    """What the person's posts ask for, the most of them, beside what is known of the person."""
    wanted: dict[str, int] = {}
    for post in portal.library.catalogue.capabilities.posts:
        if post.key in actor.posts:
            for key, level in post.needs.items():
                wanted[key] = max(level, wanted.get(key, 0))
    profile = capability.find_profile(conn, actor.id) or BLANK
    return {
        key: Need(
            wanted=wanted.get(key),
            level=level_of(profile.state.mean[k]) if profile.enough(k) else None,
            mean=profile.state.mean[k],
        )
        for k, key in enumerate(CAPABILITIES)
    }


def _asked(conn: Connection, actor: Person) -> dict[tuple[str, str], Row]:
    """What assignments still ask for, by kind and item."""
    rows = next_steps.open_obligations(conn, actor.id)
    return {(row["item_kind"], row["item_id"]): row for row in rows}


def _candidates(
    portal: Portal,
    actor: Person,
    facts: Facts,
    asked: Mapping[tuple[str, str], Row],
    cards: Mapping[str, Memory | None],
    now: datetime,
) -> Iterator[Candidate]:
    """Courses that fit the posts or are asked for, and quizzes that are asked for."""
    catalogue = portal.library.catalogue
    recalls = _recalls(catalogue, cards, now)
    for course in catalogue.courses.values():
        row = asked.get(("course", course.id))
        state = state_of(course, facts, now)
        if row is None and not _is_open(course, state, facts, actor):
            continue
        yield Candidate(
            "course",
            course.id,
            course.capability,
            level=course.level,
            minutes=_minutes_left(course, facts),
            standing=state.state,
            percent=state.percent,
            due_on=_day(row["due_on"]) if row else None,
            required=bool(row and row["required"]),
            recall=mean_recall(recalls[course.id]),
            cards=len(recalls[course.id]),
        )
    for (kind, item_id), row in asked.items():
        quiz = catalogue.quizzes.get(item_id) if kind == "quiz" else None
        if quiz is not None:
            of = catalogue.courses.get(quiz.course)
            yield Candidate(
                "quiz",
                quiz.id,
                of.capability if of else "",
                minutes=quiz.minutes,
                due_on=_day(row["due_on"]),
                required=bool(row["required"]),
            )


def _is_open(course: Course, state: CourseState, facts: Facts, actor: Person) -> bool:
    """Whether the course fits the post, and what it builds on has been completed."""
    if not is_meant_for(course, actor.posts):
        return False
    if state.state != "new":
        return True
    return all(
        (done := facts.courses.get(key)) is not None and done.completed_at is not None
        for key in course.prerequisites
    )


def _recalls(
    catalogue: Catalogue, cards: Mapping[str, Memory | None], now: datetime
) -> dict[str, list[float]]:
    """How likely each card's answer would come now, by course."""
    found: dict[str, list[float]] = defaultdict(list)
    for key, memory in cards.items():
        course = catalogue.questions[key].course
        found[course].append(0.0 if memory is None else recall(memory, now))
    return found


def _minutes_left(course: Course, facts: Facts) -> int:
    """Reading time of the modules that are not completed; of all when the course is."""
    left = [
        module.minutes
        for module in course.modules
        if (state := facts.modules.get(module.id)) is None or state.completed_at is None
    ]
    return sum(left) or sum(module.minutes for module in course.modules)


def _is_newcomer(facts: Facts, needs: Mapping[str, Need]) -> bool:
    done = any(course.completed_at is not None for course in facts.courses.values())
    return not done and all(need.level is None for need in needs.values())


def _is_open_to(present: PlacementState) -> bool:
    return present.is_offered and present.state == "none" and not present.skipped


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
