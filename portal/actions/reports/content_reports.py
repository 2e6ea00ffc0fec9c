"""What courses, questions and repeated quizzes show, over a unit's subtree."""

from __future__ import annotations

from portal.actions.reports.scope import Scope
from portal.core.gain import gain
from portal.store import courses as course_store
from portal.store import gains as gain_store
from portal.store import reports, versions
from portal.store.database import Row
from portal.store.unit_events import by_course

ENOUGH_ANSWERS = 5
MOST_QUESTIONS = 200


def courses(scope: Scope) -> list[Row]:
    """A row for every course in which anything happened until the day, the most begun first."""
    if not scope.shown:
        return []
    titles = course_store.titles(scope.conn)
    rows: list[Row] = []
    for course_id, found in by_course(scope.conn, scope.path, scope.span()).items():
        zh, en = titles.get(course_id, (course_id, None))
        rows.append(
            {
                "course_id": course_id,
                "course": en if scope.locale == "en" and en else zh,
                **found,
                "finished": _rate(found["completed"], found["started"]),
                "pass_rate": _rate(found["passed"], found["submitted"]),
            }
        )
    return sorted(rows, key=lambda row: (-row["started"], row["course_id"]))


def questions(scope: Scope) -> list[Row]:
    """Questions by the share of points in first answers, the hardest first.

    Of everything that is recorded, whatever the day. Of a course that is asked for, those
    questions which it has now.
    """
    if not scope.shown:
        return []
    limit = min(scope.ask.limit or MOST_QUESTIONS, MOST_QUESTIONS)
    rows = reports.hardest(
        scope.conn,
        scope.path,
        at_least=ENOUGH_ANSWERS,
        limit=None if scope.ask.course else limit,
    )
    if scope.ask.course:
        rows = _of_course(scope, rows)[:limit]
    known = versions.get_questions(scope.conn, [row["version"] for row in rows])
    catalogue = scope.portal.library.catalogue.courses
    found = []
    for row in rows:
        question = known[row["version"]]
        course = catalogue.get(question.course)
        found.append(
            {
                **row,
                "question": question.title.in_(scope.locale),
                "course": course.title.in_(scope.locale) if course else question.course,
            }
        )
    return found


def gained(scope: Scope) -> list[Row]:
    """Quizzes that five people or more handed in twice: first against last result.

    Of everything that is recorded, whatever the day; the greatest number of people first.
    """
    if not scope.shown:
        return []
    catalogue = scope.portal.library.catalogue.quizzes
    found = []
    for row in gain_store.by_quiz(scope.conn, scope.path):
        made = gain(row["people"], row["first_sum"], row["last_sum"], row["gain_squares"])
        if made is None:
            continue
        quiz = catalogue.get(row["quiz_id"])
        found.append(
            {
                "quiz_id": row["quiz_id"],
                "quiz": quiz.title.in_(scope.locale) if quiz else row["quiz_id"],
                "people": made.people,
                "first": made.first,
                "last": made.last,
                "gain": made.gain,
                "low": made.low,
                "high": made.high,
            }
        )
    return found


# Private functions


def _of_course(scope: Scope, rows: list[Row]) -> list[Row]:
    known = scope.portal.library.catalogue.questions
    return [
        row
        for row in rows
        if (question := known.get(row["question_id"])) and question.course == scope.ask.course
    ]


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None
