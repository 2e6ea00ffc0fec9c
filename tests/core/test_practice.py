from __future__ import annotations

from dataclasses import replace

from portal.core.practice import compose, is_practicable, new_questions
from portal.core.quizzes import Draw, Quiz
from tests.actions.sample import POOL, QUIZ, TEXT, catalogue_of, course, module
from tests.core.making import essay, question, single


def test_due_cards_come_by_how_much_is_forgotten_ten_at_most() -> None:
    due = {f"q-{n}": n / 20 for n in range(12)}
    assert compose(due, ["new"]) == [f"q-{n}" for n in range(10)]


def test_new_ones_fill_a_set_up_to_five() -> None:
    assert compose({"b": 0.5, "a": 0.9}, ["a", "x", "y", "z", "w"]) == ["b", "a", "x", "y", "z"]
    assert compose({}, ["x"]) == ["x"]
    assert compose({}, []) == []


def test_essays_and_retired_questions_are_no_cards() -> None:
    assert is_practicable(question(single()))
    assert not is_practicable(question(essay()))
    assert not is_practicable(replace(question(single()), retired=True))
    assert not is_practicable(None)


EASY, HARD = (replace(question(single(), key), level=n) for key, n in (("easy", 1), ("hard", 5)))
OTHERS = [question(single(), key) for key in ("check", "pooled", "examined", "elsewhere")]
CATALOGUE = catalogue_of(
    (
        course("fire", (module("fire/one", ("start", ("check",))),), posts=("grid",)),
        replace(course("law", ()), level=2),
        course("city", (), posts=("city",)),
    ),
    (
        Quiz("fire/quiz", "quiz", TEXT, "fire", ("hard", "easy"), draw=(Draw("fire/pool", 1),)),
        Quiz("fire/exam", "exam", TEXT, "fire", (), draw=(Draw("fire/exam-pool", 1),)),
        Quiz("law/quiz", "quiz", TEXT, "law", ("examined", "pooled")),
        replace(QUIZ, id="city/quiz", course="city", question_ids=("elsewhere",)),
        replace(POOL, id="fire/pool", question_ids=("pooled",)),
        replace(POOL, id="fire/exam-pool", question_ids=("examined",)),
    ),
    (EASY, HARD, *OTHERS),
)


def test_new_questions_fit_the_post_and_give_no_exam_away() -> None:
    found = new_questions(CATALOGUE, ("grid",), (), (), 7)
    assert set(found) == {"easy", "hard", "check", "pooled"}
    assert found.index("easy") < found.index("hard")
    assert "elsewhere" in new_questions(CATALOGUE, ("city",), (), (), 7)
    assert set(new_questions(CATALOGUE, ("grid",), (), {"easy", "pooled"}, 7)) == {"hard", "check"}


def test_courses_begun_come_first() -> None:
    law = replace(CATALOGUE.quizzes["law/quiz"], question_ids=("pooled",))
    catalogue = replace(CATALOGUE, quizzes={"law/quiz": law})
    assert new_questions(catalogue, ("grid",), (), (), 7) == ["check", "pooled"]
    assert new_questions(catalogue, ("grid",), {"law"}, (), 7) == ["pooled", "check"]
