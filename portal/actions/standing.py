"""Where a person stands: in each course, in its modules and quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.core.catalogue import Catalogue
from portal.core.completion import RENEWAL, course_percent, expires_at, module_share
from portal.core.courses import Course
from portal.store import attempts, drill_runs, progress
from portal.store.database import Connection
from portal.store.progress import CourseProgress, ModuleProgress

Standing = Literal["new", "started", "completed", "expiring", "expired"]


@dataclass(frozen=True, slots=True)
class CourseState:
    """One person in one course.

    ``modules`` holds the modules that were begun. ``percent`` is 100 from the completion on;
    ``completed_at`` is the last completion or renewal, from which ``expires_at`` counts.
    """

    course_id: str
    state: Standing
    percent: int
    started_at: datetime | None
    seen_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime | None
    hours: float
    modules: Mapping[str, ModuleProgress]
    quizzes_passed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything recorded of one person that says where the person stands."""

    courses: Mapping[str, CourseProgress]
    modules: Mapping[str, ModuleProgress]  # the last seen first
    checked: Mapping[str, set[str]]  # checkpoint questions checked, by module
    passed: frozenset[str]  # ids of quizzes and drills


def facts_of(conn: Connection, person_id: int, course_id: str | None = None) -> Facts:
    """What is recorded of the person, of all courses or of one; five statements."""
    return Facts(
        courses=progress.courses(conn, person_id),
        modules=progress.modules(conn, person_id, course_id),
        checked=attempts.checked_questions(conn, person_id, course_id),
        passed=frozenset(
            [*attempts.quizzes_passed(conn, person_id), *drill_runs.drills_passed(conn, person_id)]
        ),
    )


def state_of(course: Course, facts: Facts, now: datetime) -> CourseState:
    """Where the person stands in ``course``."""
    done = facts.courses.get(course.id)
    modules = {m.id: facts.modules[m.id] for m in course.modules if m.id in facts.modules}
    completed_at = (done.renewed_at or done.completed_at) if done else None
    expiry = expires_at(completed_at, course.valid_months) if completed_at else None
    return CourseState(
        course_id=course.id,
        state=_standing(done, expiry, now),
        percent=100 if completed_at else _percent(course, facts),
        started_at=done.started_at if done else None,
        seen_at=done.seen_at if done else None,
        completed_at=completed_at,
        expires_at=expiry,
        hours=done.hours if done else 0.0,
        modules=modules,
        quizzes_passed=facts.passed,
    )


def is_meant_for(course: Course, posts: tuple[str, ...]) -> bool:
    """Whether the course is meant for somebody who holds ``posts``."""
    return not course.posts or bool(set(course.posts) & set(posts))


def courses_for(catalogue: Catalogue, posts: tuple[str, ...]) -> list[Course]:
    """The courses meant for somebody who holds ``posts``, easier ones first."""
    meant = [course for course in catalogue.courses.values() if is_meant_for(course, posts)]
    return sorted(meant, key=lambda course: (course.level, course.id))


# Private functions


def _standing(done: CourseProgress | None, expiry: datetime | None, now: datetime) -> Standing:
    if done is None:
        return "new"
    if done.completed_at is None:
        return "started"
    if expiry is not None and now >= expiry:
        return "expired"
    if expiry is not None and now >= expiry - RENEWAL:
        return "expiring"
    return "completed"


def _percent(course: Course, facts: Facts) -> int:
    shares = {
        module.id: 1.0
        if (state := facts.modules.get(module.id)) and state.completed_at
        else module_share(
            module,
            state.sections_seen if state else (),
            facts.checked.get(module.id, set()),
        )
        for module in course.modules
    }
    return course_percent(course, shares, facts.passed)
