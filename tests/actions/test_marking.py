"""Essays: marked without names, by one or two, with what follows; appeals against marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.actions import (
    appeals,
    attempts,
    item_counting,
    marking,
    next_steps,
    notifications,
    progress,
    regrading,
    summaries,
)
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual
from portal.core.people import Person
from portal.core.questions import Criterion, Essay
from tests.actions.sample import World, catalogue_of, course, keyed
from tests.core.making import question

RUBRIC = Essay((Criterion(2, Bilingual("依据")), Criterion(2, Bilingual("步骤"))))
QUIZ = "fire/quiz"


@pytest.fixture
def town(learning: World) -> World:
    """The quiz asks one choice (1 point) and an essay of 4, and a course waits for it."""
    serve(learning, second=False)
    return learning


@pytest.fixture
def ann(town: World) -> Person:
    return town.grant(town.add_person("ann", "county"), "trainer")


@pytest.fixture
def bo(town: World) -> Person:
    return town.grant(town.add_person("bo", "county"), "trainer")


def serve(world: World, *, second: bool) -> None:
    from tests.actions.sample import QUIZ as SAMPLE

    quiz = replace(SAMPLE, question_ids=("q-1", "e-1"), second_marker=second)
    asked = replace(question(RUBRIC, "e-1", points=4), capability="law", course="fire")
    world.serve(catalogue_of((course("fire", (), (QUIZ,)),), (quiz,), (keyed("q-1"), asked)))


def write(world: World, person: Person, words: str = "先断火源，再疏散。", right: int = 1) -> int:
    attempt = attempts.open_attempt(world.portal, person, QUIZ)
    attempts.answer(world.portal, person, attempt.id, 0, [right])
    attempts.answer(world.portal, person, attempt.id, 1, words)
    attempts.submit(world.portal, person, attempt.id)
    return attempt.id


def state(world: World, attempt_id: int) -> tuple[float, float, int | None]:
    sql = "SELECT score, max_score, passed FROM attempts WHERE id = :id"
    [row] = world.rows(sql, id=attempt_id)
    return row["score"], row["max_score"], row["passed"]


def completed(world: World) -> int:
    return len(world.rows("SELECT 1 FROM course_progress WHERE completed_at IS NOT NULL"))


def test_a_course_waits_for_the_mark_that_its_pass_depends_on(
    town: World, learner: Person, ann: Person
) -> None:
    attempt = write(town, learner)
    assert state(town, attempt) == (1, 1, None) and completed(town) == 0
    [(row, asked)] = marking.queue(town.portal, ann, "waiting").rows
    assert (row["attempt_id"], asked.id, row["taken"]) == (attempt, "e-1", 0)
    assert "name" not in row and "unit" not in row
    view = marking.open_essay(town.portal, ann, attempt, 1)
    assert view.answer == "先断火源，再疏散。" and view.stage == "first"
    item_counting.count_pending(town.portal)
    assert not town.rows("SELECT * FROM item_marks")
    assert marking.give(town.portal, ann, attempt, 1, [2, 1], "缺警戒") == "marked"
    assert state(town, attempt) == (4, 5, 1) and completed(town) == 1
    assert town.rows("SELECT x FROM evidence WHERE item_id = 'e-1'") == [{"x": 0.75}]
    assert [r["passed"] for r in town.rows("SELECT passed FROM unit_months WHERE submitted")] == [1]
    kept = town.rows("SELECT * FROM unit_items ORDER BY question_id")
    assert [(r["question_id"], r["fraction_sum"]) for r in kept] == [("e-1", 0.75), ("q-1", 1)]
    summaries.rebuild_summaries(town.portal)
    assert town.rows("SELECT * FROM unit_items ORDER BY question_id") == kept
    town.clock.forward(days=2)
    assert item_counting.count_pending(town.portal) == 1
    result = appeals.result_of(town.portal, learner, attempt, 1)
    assert result is not None and result.points == (2, 1) and result.comments == ("缺警戒",)
    assert marking.queue(town.portal, ann, "waiting").rows == ()
    [(row, _)] = marking.queue(town.portal, ann, "marked").rows
    assert row["name"] == "姓名 wang"


def test_what_is_settled_either_way_waits_for_nobody(town: World, learner: Person) -> None:
    attempt = write(town, learner, words="")
    assert state(town, attempt) == (1, 5, 0)  # nothing was written: nothing to mark
    assert not town.rows("SELECT * FROM essays")


def test_the_same_answer_is_marked_by_one_at_a_time(
    town: World, learner: Person, ann: Person, bo: Person
) -> None:
    attempt = write(town, learner)
    marking.open_essay(town.portal, ann, attempt, 1)
    with pytest.raises(Refused, match="essay_taken"):
        marking.open_essay(town.portal, bo, attempt, 1)
    with pytest.raises(Refused, match="essay_taken"):
        marking.give(town.portal, bo, attempt, 1, [2, 2], "")
    [(row, _)] = marking.queue(town.portal, bo, "waiting").rows
    assert row["taken"] == 1
    marking.keep_draft(town.portal, ann, attempt, 1, [2, None], "写到一半")
    town.clock.forward(minutes=31)
    assert marking.open_essay(town.portal, bo, attempt, 1).comment == ""
    marking.put_back(town.portal, bo, attempt, 1)
    back = marking.open_essay(town.portal, ann, attempt, 1)
    assert (back.points, back.comment) == ((2, None), "写到一半")
    marking.give(town.portal, ann, attempt, 1, [2, 2], "")
    with pytest.raises(Refused, match="essay_done"):
        marking.give(town.portal, ann, attempt, 1, [0, 0], "再来")


def test_nobody_marks_their_own(town: World, ann: Person, learner: Person) -> None:
    attempt = write(town, ann)
    assert marking.queue(town.portal, ann, "waiting").rows == ()
    with pytest.raises(Refused, match="essay_own"):
        marking.open_essay(town.portal, ann, attempt, 1)
    for action in (marking.open_essay, marking.put_back):
        with pytest.raises(NotAllowed):
            action(town.portal, learner, attempt, 1)


@pytest.mark.parametrize(
    ("points", "comment", "key"),
    [
        ([2, None], "", "essay_points"),
        ([3, 0], "", "essay_points"),
        ([2, 1], " ", "essay_comment"),
        ([2, 2], "字" * 2001, "essay_comment"),
    ],
)
def test_a_mark_is_whole_and_says_why(
    town: World, learner: Person, ann: Person, points: list[float | None], comment: str, key: str
) -> None:
    attempt = write(town, learner)
    with pytest.raises(Refused, match=key):
        marking.give(town.portal, ann, attempt, 1, points, comment)
    assert not town.rows("SELECT * FROM marks")


def test_two_markers_who_agree(town: World, learner: Person, ann: Person, bo: Person) -> None:
    serve(town, second=True)
    attempt = write(town, learner)
    assert marking.give(town.portal, ann, attempt, 1, [2, 1], "好") == "second"
    assert state(town, attempt)[2] is None
    assert marking.queue(town.portal, ann, "waiting").rows == ()
    with pytest.raises(Refused, match="essay_second"):
        marking.give(town.portal, ann, attempt, 1, [2, 1], "再一次")
    assert marking.open_essay(town.portal, bo, attempt, 1).others == ()  # unseen
    assert marking.give(town.portal, bo, attempt, 1, [1.8, 0.9], "还好") == "marked"
    assert state(town, attempt)[:2] == (pytest.approx(3.85), 5)


def test_two_markers_who_differ(town: World, learner: Person, ann: Person, bo: Person) -> None:
    serve(town, second=True)
    attempt = write(town, learner)
    marking.give(town.portal, ann, attempt, 1, [2, 2], "")
    assert marking.give(town.portal, bo, attempt, 1, [0, 0], "文不对题") == "differ"
    assert state(town, attempt)[2] is None
    [(row, _)] = marking.queue(town.portal, ann, "differ").rows
    assert row["attempt_id"] == attempt
    view = marking.open_essay(town.portal, ann, attempt, 1)
    assert [one["points"] for one in view.others] == [[2, 2], [0, 0]]
    with pytest.raises(Refused, match="essay_settle"):
        marking.give(town.portal, ann, attempt, 1, [1, 1], "折中")
    marking.put_back(town.portal, ann, attempt, 1)
    third = town.grant(town.add_person("di", "county"), "trainer")
    assert marking.give(town.portal, third, attempt, 1, [1, 1], "折中") == "marked"
    assert state(town, attempt) == (3, 5, 0)


def test_an_appeal_is_answered_by_somebody_else_with_reasons(
    town: World, learner: Person, ann: Person, bo: Person
) -> None:
    attempt = write(town, learner)
    with pytest.raises(Refused, match="appeal_early"):
        appeals.appeal(town.portal, learner, attempt, 1, "还没批")
    marking.give(town.portal, ann, attempt, 1, [1, 1], "步骤不全")
    assert state(town, attempt) == (3, 5, 0)
    with pytest.raises(Refused, match="appeal_reason"):
        appeals.appeal(town.portal, learner, attempt, 1, "  ")
    with pytest.raises(NotAllowed):
        appeals.appeal(town.portal, bo, attempt, 1, "替他说")
    appeals.appeal(town.portal, learner, attempt, 1, "第二步写了警戒")
    with pytest.raises(Refused, match="appeal_once"):
        appeals.appeal(town.portal, learner, attempt, 1, "再说一次")
    assert appeals.queue(town.portal, ann).rows == ()
    with pytest.raises(Refused, match="essay_done"):
        appeals.answer(town.portal, ann, attempt, 1, [1, 1], "维持")
    assert appeals.count_open(town.portal, bo) == 1
    view = marking.open_essay(town.portal, bo, attempt, 1)
    assert view.appeal is not None and view.appeal["reason"] == "第二步写了警戒"
    with pytest.raises(Refused, match="appeal_lower"):
        appeals.answer(town.portal, bo, attempt, 1, [0, 1], "更低")
    assert appeals.answer(town.portal, bo, attempt, 1, [2, 2], "确实写了") == "changed"
    assert state(town, attempt) == (5, 5, 1) and completed(town) == 1
    result = appeals.result_of(town.portal, learner, attempt, 1)
    assert result is not None and result.points == (2, 2) and not result.may_appeal
    assert result.appeal is not None and result.appeal["answer"] == "确实写了"
    noted = {row["action"] for row in town.rows("SELECT action FROM audit")}
    assert {"essay_marked", "essay_appealed", "essay_appeal_answered"} <= noted
    assert len(town.rows("SELECT * FROM marks")) == 2


def test_the_writer_is_told_until_the_result_was_opened(
    town: World, learner: Person, ann: Person, bo: Person
) -> None:
    def told(person: Person = learner) -> list[tuple[str, int, str]]:
        home = progress.home(town.portal, person)
        return [(one.kind, one.about, one.title.zh) for one in home.told]

    attempt = write(town, learner)
    title = town.shelf.catalogue.quizzes[QUIZ].title.zh
    stamps = {next_steps.stamp(town.portal, learner)}
    marking.give(town.portal, ann, attempt, 1, [1, 1], "步骤不全")
    stamps.add(next_steps.stamp(town.portal, learner))
    assert told() == [("essay", attempt, title)] and told(ann) == []
    notifications.note_opened(town.portal, learner, ("essay", "appeal"), attempt + 1)
    notifications.note_opened(town.portal, ann, ("essay", "appeal"), attempt)
    assert told()
    notifications.note_opened(town.portal, learner, ("essay", "appeal"), attempt)
    assert told() == []
    appeals.appeal(town.portal, learner, attempt, 1, "再看看")
    assert told() == []
    town.clock.forward(minutes=1)
    appeals.answer(town.portal, bo, attempt, 1, [2, 2], "确实写了")
    stamps.add(next_steps.stamp(town.portal, learner))
    assert told() == [("appeal", attempt, title)]
    assert len(stamps) == 3  # the page that is kept for the person is made anew


def test_an_appeal_that_stands_moves_nothing(
    town: World, learner: Person, ann: Person, bo: Person
) -> None:
    attempt = write(town, learner)
    marking.give(town.portal, ann, attempt, 1, [1, 1], "步骤不全")
    appeals.appeal(town.portal, learner, attempt, 1, "再看看")
    assert appeals.answer(town.portal, bo, attempt, 1, [1, 1], "缺警戒") == "stands"
    assert state(town, attempt) == (3, 5, 0) and len(town.rows("SELECT * FROM marks")) == 1
    assert appeals.count_open(town.portal, bo) == 0


def test_a_void_essay_waits_for_nobody_and_comes_back(
    town: World, learner: Person, ann: Person
) -> None:
    attempt = write(town, learner)
    version = town.shelf.catalogue.versions["e-1"]
    decision = regrading.decide(town.portal, ann, "e-1", version, "void", "题目有误")
    regrading.carry_on(town.portal)
    assert state(town, attempt) == (1, 1, 1)
    assert marking.queue(town.portal, ann, "waiting").rows == ()
    with pytest.raises(Refused, match="essay_done"):
        marking.give(town.portal, ann, attempt, 1, [2, 2], "")
    regrading.undo(town.portal, ann, decision, "没有问题", take_passes=True)
    regrading.carry_on(town.portal)
    assert state(town, attempt) == (1, 1, None)
    assert len(marking.queue(town.portal, ann, "waiting").rows) == 1


def test_the_queue_is_by_quiz_and_oldest_first(town: World, ann: Person) -> None:
    made = []
    for name in ("a", "b", "c"):
        made.append(write(town, town.add_person(name, "east")))
        town.clock.forward(minutes=1)
    found = marking.queue(town.portal, ann, "waiting", QUIZ)
    assert [row["attempt_id"] for row, _ in found.rows] == made
    assert found.by_quiz == {QUIZ: 3} and not found.more
    assert marking.queue(town.portal, ann, "waiting", "fire/other").rows == ()
