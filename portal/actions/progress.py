"""Progress as pages use it: reading modules, where one stands, home and record.

What these return is of one person and changes without moving ``revision`` on: it is not to be
cached by revision.
"""

from __future__ import annotations

from portal.actions import permission
from portal.actions.errors import NotAllowed
from portal.actions.home import (
    MAX_ATTEMPTS,
    ContinueAt,
    HomeView,
    RecordLine,
    RecordView,
    Retest,
    Task,
    home,
    record,
)
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.reading import open_module, see_section
from portal.actions.standing import CourseState, facts_of, state_of
from portal.actions.syncing import sync_courses
from portal.core.people import Person
from portal.store import progress as store

__all__ = [
    "MAX_ATTEMPTS",
    "ContinueAt",
    "CourseState",
    "HomeView",
    "RecordLine",
    "RecordView",
    "Retest",
    "Task",
    "course_state",
    "course_states",
    "courses_marker",
    "home",
    "open_module",
    "record",
    "see_section",
    "sync_courses",
]


def course_state(portal: Portal, actor: Person, course_id: str) -> CourseState:
    """Where one stands in a course. Raises NotAllowed for an unknown course."""
    course = portal.library.catalogue.courses.get(course_id)
    if course is None:
        raise NotAllowed
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        return state_of(course, facts_of(conn, actor.id, course_id), portal.now())


def courses_marker(portal: Portal, actor: Person) -> tuple[object, ...]:
    """Changes whenever ``course_states`` may, but for what a day passing by changes."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        return store.marker(conn, actor.id)


def course_states(portal: Portal, actor: Person) -> dict[str, CourseState]:
    """Where one stands in every offered course that one has begun, by course id."""
    catalogue = portal.library.catalogue
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        facts = facts_of(conn, actor.id)
    now = portal.now()
    return {
        course_id: state_of(catalogue.courses[course_id], facts, now)
        for course_id in facts.courses
        if course_id in catalogue.courses
    }
