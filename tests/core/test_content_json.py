"""Content survives JSON both ways, and its version says what it is, not where it stands."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from portal.core.content_json import (
    course_from_json,
    module_from_json,
    question_from_json,
    quiz_from_json,
    to_json,
    version_of,
)
from portal.core.course_parser import parse_course
from portal.core.courses import Module
from portal.core.question_parser import Place
from portal.core.questions import Question
from portal.core.quizzes import Quiz
from tests.content.small import COURSE, EXAM, MODULE, MODULE_EN
from tests.core.cases import Case, cases, run

QUESTIONS = list(cases("questions"))


def question_of(case: Case) -> Question:
    (question,) = run(case).questions
    return question


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case.title)
def test_every_kind_of_question_survives(case: Case) -> None:
    question = question_of(case)
    again = question_from_json(to_json(question), path="elsewhere", line=7)
    assert again == question
    assert (again.path, again.line) == ("elsewhere", 7)
    assert to_json(again) == to_json(question)


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case.title)
def test_canonical(case: Case) -> None:
    text = to_json(question_of(case))
    assert (
        json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        == text
    )
    assert "\n" not in text


def test_version_ignores_place_and_nothing_else() -> None:
    question = question_of(QUESTIONS[0])
    moved = replace(question, path="x", line=99)
    assert version_of(moved) == version_of(question)
    assert version_of(replace(question, points=3)) != version_of(question)
    assert version_of(replace(question, level=1)) != version_of(question)
    assert len(version_of(question)) == 64


def test_whole_points_do_not_depend_on_their_type() -> None:
    question = question_of(QUESTIONS[0])
    assert version_of(replace(question, points=2)) == version_of(replace(question, points=2.0))


def test_modules_and_quizzes_survive_with_their_places() -> None:
    module = run(Case("", {"file-module": MODULE, "file-module-en": MODULE_EN})).value
    assert isinstance(module, Module) and module.has_english
    assert module_from_json(to_json(module, places=True)) == module
    quiz = run(Case("", {"file-quiz": EXAM})).value
    assert isinstance(quiz, Quiz) and quiz.draw
    assert quiz_from_json(to_json(quiz, places=True)) == quiz
    assert module_from_json(to_json(module)).path == ""


def test_courses_survive() -> None:
    course, _ = parse_course(COURSE, None, Place("courses/one/course.md", "one"))
    assert course is not None
    module = run(Case("", {"file-module": MODULE})).value
    assert isinstance(module, Module)
    whole = replace(course, modules=(module,))
    assert course_from_json(to_json(whole, places=True)) == whole
