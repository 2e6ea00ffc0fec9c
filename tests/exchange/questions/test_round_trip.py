"""What goes out comes back the same, whatever characters stand in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.capabilities import Bilingual
from portal.core.questions import Criterion, Essay, Numeric, Question
from portal.exchange import questions as exchange
from portal.exchange.questions.as_markdown import reads_back, write
from tests.exchange.questions import making

MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def round_trip(form: str, question: Question) -> Question:
    data, noted = exchange.write(form, [question])  # type: ignore[arg-type]
    assert not noted
    found = exchange.read(form, data)  # type: ignore[arg-type]
    assert not [note for note in found.notes if note.lost], found.notes
    (back,) = found.questions
    return back


def same(question: Question, back: Question) -> None:
    assert replace(back, title=question.title) == question


@MANY
@given(making.questions(st.one_of(making.EVERYWHERE, making.ORDERING)))
def test_our_markdown_says_what_the_question_is(question: Question) -> None:
    assert reads_back(question), write(question)


@MANY
@given(making.questions())
def test_gift(question: Question) -> None:
    same(question, round_trip("gift", question))


@MANY
@given(making.questions(st.one_of(making.EVERYWHERE, making.ORDERING)), st.none() | making.BLOCK)
def test_moodle_xml(question: Question, hint: str | None) -> None:
    question = replace(question, hint=Bilingual(hint) if hint else None)
    same(question, round_trip("moodle", question))


@MANY
@given(making.questions(st.one_of(making.EVERYWHERE, making.ORDERING)))
def test_qti(question: Question) -> None:
    same(question, round_trip("qti", question))


@pytest.mark.parametrize("form", ["moodle", "qti"])
@MANY
@given(made=making.clozes())
def test_gaps(form: str, made: tuple) -> None:
    body, stem = made
    question = Question("", Bilingual("填空"), Bilingual(stem), body, points=float(len(body.gaps)))
    same(question, round_trip(form, question))


@pytest.mark.parametrize("form", ["moodle", "qti"])
def test_units_and_rubrics(form: str) -> None:
    number = Question("", Bilingual("期限"), Bilingual("几日？"), Numeric(28, 31, Bilingual("日")))
    same(number, round_trip(form, number))
    rubric = (Criterion(4, Bilingual("说出**时限**")), Criterion(6, Bilingual("说出部门")))
    essay = Question("", Bilingual("谈谈"), Bilingual("怎么办？"), Essay(rubric), points=10)
    same(essay, round_trip(form, essay))


def test_formatting_survives() -> None:
    table = "| 一 | 二 |\n| --- | --- |\n| a | b |"
    stem = f"按**《人民调解法》**，*先*做：\n\n- 甲\n- 乙\n\n> 引文\n\n{table}"
    question = Question("", Bilingual("格式"), Bilingual(stem), Numeric(1, 1, Bilingual("")))
    for form in ("gift", "moodle", "qti"):
        same(question, round_trip(form, question))


def test_what_a_format_lacks_is_said() -> None:
    question = Question(
        "",
        Bilingual("期限"),
        Bilingual("几日？"),
        Numeric(1, 1, Bilingual("日")),
        hint=Bilingual("想想"),
    )
    _, noted = exchange.write("gift", [question])
    assert {note.code for note in noted} == {"out_unit", "out_hint"}
    body, stem = Essay((Criterion(5, Bilingual("甲")),)), Bilingual("谈谈")
    _, noted = exchange.write("gift", [Question("", stem, stem, body, points=5)])
    assert {note.code for note in noted} == {"out_rubric"}
