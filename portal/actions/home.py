"""A person's first page and record: what to do next, what is due, what has been achieved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.actions import notifications, permission
from portal.actions.asked import Asked, asked_of
from portal.actions.closing import close_overdue_of
from portal.actions.drill_plan import Action, action_of
from portal.actions.notifications import Notification
from portal.actions.obligations import moment_of
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.standing import (
    CourseState,
    Facts,
    Standing,
    courses_for,
    facts_of,
    is_meant_for,
    state_of,
)
from portal.actions.syncing import sync_courses
from portal.core import links
from portal.core.attempts import Attempt, is_overdue
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.courses import Module
from portal.core.people import Person
from portal.store import attempts, courses, drill_results, progress, reminders
from portal.store.database import Connection, Row

NEW_FOR = timedelta(days=30)
REMINDED_FOR = timedelta(days=7)
MAX_ATTEMPTS = 200
_TASK_ORDER: tuple[Standing, ...] = ("expired", "expiring", "started", "new")


@dataclass(frozen=True, slots=True)
class ContinueAt:
    """Where the person left off: section ``number`` of ``count`` of a module."""

    course_id: str
    module_id: str
    section: str
    number: int  # 1-based
    count: int

    @property
    def url(self) -> str:
        """Path and query of the place."""
        return links.to_module(self.module_id, self.section).url


@dataclass(frozen=True, slots=True)
class Task:
    """A course meant for the person's post that is not completed, or runs out."""

    course_id: str
    title: Bilingual
    state: Standing
    percent: int
    expires_at: datetime | None

    @property
    def url(self) -> str:
        """Path and query of the course."""
        return links.to_course(self.course_id).url


@dataclass(frozen=True, slots=True)
class Retest:
    """A drill to be played once more because of what a report found wanting; ``is_group``: by the
    group, whose unit is ``unit_id``."""

    drill_id: str
    title: Bilingual
    due_on: date  # of the first of its open improvement actions
    days_left: int
    objectives: tuple[Bilingual, ...]
    is_group: bool = False
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class HomeView:
    """``asked`` is what assignments ask for, the most urgent first; ``retests`` are drills with
    open improvement actions that no assignment asks for, the first due first; ``tasks`` are the
    other courses meant for the person's post; ``new`` holds ids of courses first offered in the
    last 30 days that were not begun. ``reminded`` is the last reminder of a week that still has an
    object: name of who sent it (or None), at; ``told`` is what was marked or answered and not
    opened yet."""

    continue_at: ContinueAt | None
    open_attempts: tuple[Attempt, ...]
    asked: tuple[Asked, ...]
    reminded: Row | None
    retests: tuple[Retest, ...]
    tasks: tuple[Task, ...]
    new: tuple[str, ...]
    told: tuple[Notification, ...] = ()

    def is_current(self, now: datetime) -> bool:
        """Whether no attempt that it shows as open has run out of time by ``now``."""
        return not any(
            is_overdue(one.deadline_at, one.submitted_at, now) for one in self.open_attempts
        )


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One course in a record; courses no longer offered keep their line."""

    course_id: str
    title: Bilingual
    state: Standing
    percent: int
    started_at: datetime
    seen_at: datetime
    completed_at: datetime | None
    expires_at: datetime | None
    hours: float


@dataclass(frozen=True, slots=True)
class RecordView:
    """Totals, courses and attempts, the newest first."""

    courses_completed: int
    hours: float
    attempts_submitted: int
    attempts_passed: int
    courses: tuple[RecordLine, ...]
    attempts: tuple[Attempt, ...]


def home(portal: Portal, actor: Person) -> HomeView:
    """What the person's first page shows. Raises NotAllowed for somebody who may not learn."""
    now = portal.now()
    sync_courses(portal)
    close_overdue_of(portal, actor.id, now)
    catalogue = portal.library.catalogue
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        facts = facts_of(conn, actor.id)
        offered = courses.offered_since(conn, now - NEW_FOR)
        history = attempts.of_person(conn, actor.id, limit=MAX_ATTEMPTS)
        asked = asked_of(conn, portal, actor.id, facts)
        reminded = reminders.last_of(conn, actor.id, now - REMINDED_FOR) if asked else None
        told = notifications.unopened(conn, actor.id)
        actions = [action_of(row) for row in drill_results.open_actions_of(conn, actor.id)]
    drills = {one.item.id for one in asked if one.item.kind == "drill"}
    today = moment_of(portal).today
    assigned = {one.item.id for one in asked if one.item.kind == "course"}
    tasks = _tasks(catalogue, actor.posts, facts, now)
    new = [
        course_id
        for course_id in sorted(offered, key=lambda key: (offered[key], key), reverse=True)
        if course_id in catalogue.courses
        and course_id not in facts.courses
        and is_meant_for(catalogue.courses[course_id], actor.posts)
    ]
    return HomeView(
        continue_at=_continue_at(catalogue, facts),
        open_attempts=tuple(attempt for attempt in history if attempt.is_open),
        asked=asked,
        reminded=reminded,
        retests=_retests(
            catalogue, [one for one in actions if one.is_group or one.drill_id not in drills], today
        ),
        tasks=tuple(task for task in tasks if task.course_id not in assigned),
        new=tuple(new),
        told=told,
    )


def record(
    portal: Portal, actor: Person, person_id: int | None = None, latest: int = MAX_ATTEMPTS
) -> RecordView:
    """One's own record, or that of a person one manages, of whom open attempts are left out.

    Of attempts the ``latest`` only. Raises NotAllowed.
    """
    owner = actor.id if person_id is None else person_id
    now = portal.now()
    close_overdue_of(portal, owner, now)
    target = oneself(actor) if owner == actor.id else permission.person(owner)
    with permission.read(portal, actor, "see_record", target) as conn:
        facts = facts_of(conn, owner)
        lines = _record_lines(conn, portal.library.catalogue, facts, now)
        history = [
            attempt
            for attempt in attempts.of_person(conn, owner, limit=latest)
            if owner == actor.id or not attempt.is_open
        ]
        submitted, passed = attempts.count_submitted(conn, owner)
    return RecordView(
        courses_completed=sum(line.completed_at is not None for line in lines),
        hours=sum(line.hours for line in lines),
        attempts_submitted=submitted,
        attempts_passed=passed,
        courses=lines,
        attempts=tuple(history),
    )


# Private functions


def _continue_at(catalogue: Catalogue, facts: Facts) -> ContinueAt | None:
    """The last seen unfinished module; after a finished one, the next unfinished of its course."""
    for state in facts.modules.values():  # the last seen first
        course = catalogue.courses.get(state.course_id)
        done = facts.courses.get(state.course_id)
        if course is None or (done is not None and done.completed_at is not None):
            continue
        ids = [module.id for module in course.modules]
        if state.module_id not in ids:
            continue
        at = ids.index(state.module_id)
        for module in (*course.modules[at:], *course.modules[:at]):
            other = facts.modules.get(module.id)
            if module.sections and (other is None or other.completed_at is None):
                return _place_in(module, other.section if other else "")
    return None


def _place_in(module: Module, section: str) -> ContinueAt:
    slugs = [known.slug for known in module.sections]
    at = slugs.index(section) if section in slugs else 0
    return ContinueAt(module.course, module.id, slugs[at], at + 1, len(slugs))


def _retests(catalogue: Catalogue, actions: Sequence[Action], today: date) -> tuple[Retest, ...]:
    """One for each drill that is still offered, alone and for each unit that plays as a group, in
    the order of ``actions`` (first due first)."""
    found: dict[tuple[str, bool, int | None], list[Action]] = {}
    for one in actions:
        if one.drill_id in catalogue.drills:
            key = (one.drill_id, one.is_group, one.unit_id if one.is_group else None)
            found.setdefault(key, []).append(one)
    return tuple(
        Retest(
            drill_id,
            catalogue.drills[drill_id].title,
            due_on=of_drill[0].due_on,
            days_left=(of_drill[0].due_on - today).days,
            objectives=tuple(
                one.title
                for one in catalogue.drills[drill_id].objectives
                if one.key in {action.objective for action in of_drill}
            ),
            is_group=is_group,
            unit_id=unit_id,
        )
        for (drill_id, is_group, unit_id), of_drill in found.items()
    )


def _tasks(
    catalogue: Catalogue, posts: tuple[str, ...], facts: Facts, now: datetime
) -> tuple[Task, ...]:
    states = [(course, state_of(course, facts, now)) for course in courses_for(catalogue, posts)]
    tasks = [
        Task(course.id, course.title, state.state, state.percent, state.expires_at)
        for course, state in states
        if state.state != "completed"
    ]
    return tuple(sorted(tasks, key=lambda task: _TASK_ORDER.index(task.state)))


def _record_lines(
    conn: Connection, catalogue: Catalogue, facts: Facts, now: datetime
) -> tuple[RecordLine, ...]:
    titles = courses.titles(conn)
    lines = []
    for course_id, done in facts.courses.items():
        course = catalogue.courses.get(course_id)
        state: CourseState | None = state_of(course, facts, now) if course else None
        lines.append(
            RecordLine(
                course_id=course_id,
                title=course.title if course else Bilingual(*titles.get(course_id, (course_id,))),
                state=state.state if state else _gone(done),
                percent=state.percent if state else (100 if done.completed_at else 0),
                started_at=done.started_at,
                seen_at=done.seen_at,
                completed_at=done.renewed_at or done.completed_at,
                expires_at=state.expires_at if state else None,
                hours=done.hours,
            )
        )
    return tuple(lines)


def _gone(done: progress.CourseProgress) -> Standing:
    return "completed" if done.completed_at else "started"
