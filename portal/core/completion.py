"""When a module and a course are complete, how far a person has come, and when it expires.

A completion, once given, is a fact with a date: these functions say when to give it and are not
asked whether to take it back.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from portal.core.courses import Course, Module

RENEWAL = timedelta(days=60)  # how long before its end a completion may be renewed


def is_module_complete(
    module: Module, sections_seen: Collection[str], checked: Collection[str]
) -> bool:
    """Whether the module is done.

    With checkpoints: each has been checked (``checked`` holds question ids; a wrong answer
    counts, reading on is not an exam) and every section seen. Without: the last section was seen.
    """
    if not module.checkpoint_ids:
        return not module.sections or module.sections[-1].slug in sections_seen
    return set(module.checkpoint_ids) <= set(checked) and all(
        section.slug in sections_seen for section in module.sections
    )


def is_course_complete(
    course: Course, modules_completed: Collection[str], quizzes_passed: Collection[str]
) -> bool:
    """Whether everything that the course asks for is done. A course that asks nothing never is."""
    if not (course.pass_modules or course.pass_quizzes):
        return False
    return set(course.pass_modules) <= set(modules_completed) and set(course.pass_quizzes) <= set(
        quizzes_passed
    )


def module_share(module: Module, sections_seen: Collection[str], checked: Collection[str]) -> float:
    """How much of the module is done, 0..1: sections seen and checkpoints checked, each as one."""
    steps = len(module.sections) + len(module.checkpoint_ids)
    done = sum(section.slug in sections_seen for section in module.sections) + sum(
        question_id in checked for question_id in module.checkpoint_ids
    )
    return done / steps if steps else 0.0


def course_percent(
    course: Course, module_shares: Mapping[str, float], quizzes_passed: Collection[str]
) -> int:
    """How far the person is through what the course asks for, 0..99 (100 is for a completion)."""
    steps = len(course.pass_modules) + len(course.pass_quizzes)
    if not steps:
        return 0
    done = sum(module_shares.get(module_id, 0.0) for module_id in course.pass_modules) + sum(
        quiz_id in quizzes_passed for quiz_id in course.pass_quizzes
    )
    return min(99, int(100 * done / steps + 1e-9))


def is_renewed(
    course: Course,
    valid_since: datetime,
    quizzes_passed: Mapping[str, datetime],
    modules_seen: Mapping[str, datetime],
) -> bool:
    """Whether a completion that runs out has been earned again.

    What counts begins ``RENEWAL`` before the expiry: every quiz that the course asks for passed
    again, or, where it asks for none, every module seen again. ``valid_since`` is the completion
    or its last renewal.
    """
    expiry = expires_at(valid_since, course.valid_months)
    if expiry is None:
        return False
    begin = max(expiry - RENEWAL, valid_since + timedelta(microseconds=1))
    done = quizzes_passed if course.pass_quizzes else modules_seen
    wanted = course.pass_quizzes or course.pass_modules
    return all(key in done and done[key] >= begin for key in wanted)


def expires_at(completed_at: datetime, valid_months: int) -> datetime | None:
    """When a completion ends; None when it never does. 31 January + 1 month is 28/29 February."""
    if valid_months <= 0:
        return None
    months = completed_at.year * 12 + completed_at.month - 1 + valid_months
    year, month = divmod(months, 12)
    day = min(completed_at.day, calendar.monthrange(year, month + 1)[1])
    return completed_at.replace(year=year, month=month + 1, day=day)
