"""What follows from an event, inside the transaction of that event.

A submitted attempt has a score, counts in its unit's month and may complete a course; a checked
checkpoint may complete a module. Each happens in the transaction that caused it, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.actions import evidence, issuing, obligations, standing_marks
from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.core.attempts import Attempt, ClosedBy, Score, score_items
from portal.core.completion import is_course_complete, is_module_complete, is_renewed
from portal.core.courses import Course, Module
from portal.core.grading import UNANSWERED, Grade, grade
from portal.core.questions import Question
from portal.store import attempts, drill_runs, essays, progress, versions
from portal.store import items as item_figures
from portal.store.attempts import StoredItem
from portal.store.database import Connection


def month_of(portal: Portal, moment: datetime) -> str:
    """The month "2026-11" in which ``moment`` falls where the portal is."""
    return moment.astimezone(ZoneInfo(portal.settings.tz)).strftime("%Y-%m")


def start_course(
    conn: Connection,
    portal: Portal,
    person_id: int,
    unit_id: int | None,
    course_id: str,
    now: datetime,
) -> bool:
    """Note that the person is in the course; True when this is the beginning."""
    if course_id not in portal.library.catalogue.courses:
        return False
    began = progress.start_course(conn, person_id, unit_id, course_id, now)
    if began:
        progress.count_month(conn, unit_id, month_of(portal, now), course_id, started=1)
    return began


def see_drill(
    conn: Connection,
    portal: Portal,
    person_id: int,
    unit_id: int | None,
    course_id: str,
    drill_id: str,
    now: datetime,
) -> bool:
    """Note that the person plays a drill of the course; True when this is the course's beginning.

    Only a course that asks for the drill begins with it. Whoever plays one drill out of interest
    has begun nothing, and is not to be told a fortnight later that a course was left half done.
    """
    course = portal.library.catalogue.courses.get(course_id)
    asked = course is not None and drill_id in course.pass_quizzes
    if not asked and progress.find_course(conn, person_id, course_id) is None:
        return False
    return start_course(conn, portal, person_id, unit_id, course_id, now)


def close_attempt(
    conn: Connection, portal: Portal, attempt: Attempt, at: datetime, by: ClosedBy
) -> Attempt:
    """Submit an open attempt as of ``at`` with what has been saved; return it as it is then."""
    standing_marks.apply(conn, attempt.id, at)
    items = attempts.items(conn, attempt.id)
    questions = versions.get_questions(conn, [item.version for item in items])
    grades = [grade_item(item, questions[item.version]) for item in items]
    score = score_of(items, grades, attempt.pass_mark)
    if attempts.close(conn, attempt.id, at, by, score):
        _await_marks(conn, attempt, items, grades, at)
        progress.count_month(
            conn,
            attempt.unit_id,
            month_of(portal, at),
            attempt.course_id,
            submitted=1,
            passed=int(bool(score.passed)),
        )
        counted = [given if not given.voided else UNANSWERED for given in grades]
        evidence.quiz_closed(conn, portal, attempt, items, questions, counted, at)
        if attempt.number == 1:
            for item, given in zip(items, grades, strict=True):
                count_first_answer(conn, attempt.unit_id, item.question_id, item.version, given)
            item_figures.await_counting(conn, attempt.id, at)
        if score.passed:
            passed_quiz(conn, portal, attempt, at)
    return attempts.get(conn, attempt.id)


def passed_quiz(conn: Connection, portal: Portal, attempt: Attempt, at: datetime) -> None:
    """What a pass brings: what was asked is done, and courses that wait for it are complete."""
    obligations.passed(conn, portal, attempt.person_id, Item("quiz", attempt.quiz_id))
    for course in portal.library.catalogue.courses.values():
        if attempt.quiz_id in course.pass_quizzes:
            complete_course_if_due(conn, portal, attempt.person_id, course, at)


def grade_item(item: StoredItem, question: Question) -> Grade:
    """The item's grade by its stored question; a trainer's mark counts before the machine's."""
    return marked(grade(question, item.response), item.mark, voided=item.voided)


def marked(given: Grade, mark: float | None, *, voided: bool) -> Grade:
    """The machine's grade with the newest mark of the item (None: no mark)."""
    if mark is None:
        return replace(given, voided=voided)
    return Grade(mark, right=mark >= 1.0, answered=given.answered, voided=voided)


def score_of(items: Sequence[StoredItem], grades: Sequence[Grade], pass_mark: float) -> Score:
    """The score of an attempt; what was voided is left out of it."""
    return score_items(
        (
            (item.points, given.fraction)
            for item, given in zip(items, grades, strict=True)
            if not given.voided
        ),
        pass_mark,
    )


def count_first_answer(
    conn: Connection,
    unit_id: int | None,
    question_id: str,
    version: str,
    given: Grade,
    *,
    sign: int = 1,
) -> None:
    """Add an answer to the item statistics, or take it out again (``sign`` -1); what was left out,
    was voided or waits for a mark is no answer."""
    if given.answered and given.fraction is not None and not given.voided:
        progress.count_item(conn, unit_id, question_id, version, given.fraction, sign)


def complete_module_if_due(
    conn: Connection, portal: Portal, person_id: int, module: Module, now: datetime
) -> bool:
    """Complete the module, and with it perhaps its course, when all is done; True when it was."""
    state = progress.find_module(conn, person_id, module.id)
    if state is None or state.completed_at is not None:
        return False
    checked = attempts.checked_questions(conn, person_id, module.course).get(module.id, set())
    if not is_module_complete(module, state.sections_seen, checked):
        return False
    progress.complete_module(conn, person_id, module.id, now)
    course = portal.library.catalogue.courses.get(module.course)
    if course is not None:
        complete_course_if_due(conn, portal, person_id, course, now)
    return True


def complete_course_if_due(
    conn: Connection, portal: Portal, person_id: int, course: Course, now: datetime
) -> bool:
    """Complete the course and credit its hours, once, when everything asked for is done.

    A completion that runs out is renewed when it has been earned again. What the person was asked
    to do by an assignment may be done with it. True when any of these happened.
    """
    completed = _complete_course(conn, portal, person_id, course, now)
    asked = obligations.passed(conn, portal, person_id, Item("course", course.id))
    return completed or asked


# Private functions


def _await_marks(
    conn: Connection,
    attempt: Attempt,
    items: Sequence[StoredItem],
    grades: Sequence[Grade],
    at: datetime,
) -> None:
    """Put answered essays into the queue of those who mark."""
    awaited = [
        (item.position, item.question_id, item.version)
        for item, given in zip(items, grades, strict=True)
        if given.answered and given.fraction is None and not given.voided
    ]
    if awaited:
        quiz = versions.find_quiz(conn, attempt.version)
        essays.add(
            conn,
            attempt.id,
            attempt.person_id,
            attempt.quiz_id,
            awaited,
            second=quiz is not None and quiz.second_marker,
            at=at,
        )


def _complete_course(
    conn: Connection, portal: Portal, person_id: int, course: Course, now: datetime
) -> bool:
    state = progress.find_course(conn, person_id, course.id)
    if state is None:
        return False
    modules = progress.modules(conn, person_id, course.id)
    passed = attempts.quizzes_passed(conn, person_id) | drill_runs.drills_passed(conn, person_id)
    if state.completed_at is not None:
        seen = {module_id: module.seen_at for module_id, module in modules.items()}
        if not is_renewed(course, state.renewed_at or state.completed_at, passed, seen):
            return False
        progress.renew_course(conn, person_id, course.id, now)
        issuing.issue(conn, portal, person_id, course, "renewal", now)
        evidence.course_completed(conn, person_id, course, now)
        return True
    done = {key for key, module in modules.items() if module.completed_at is not None}
    if not is_course_complete(course, done, passed):
        return False
    unit_id = progress.unit_of(conn, person_id)
    progress.complete_course(
        conn, person_id, unit_id, course.id, version=course.version, hours=course.hours, now=now
    )
    progress.count_month(
        conn, unit_id, month_of(portal, now), course.id, completed=1, hours=course.hours
    )
    issuing.issue(conn, portal, person_id, course, "completion", now)
    evidence.course_completed(conn, person_id, course, now)
    return True
