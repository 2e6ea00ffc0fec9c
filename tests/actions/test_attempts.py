from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions import attempts
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual
from portal.core.people import Person
from portal.core.quizzes import Draw
from tests.actions.sample import START, World, catalogue_of, keyed, sample_catalogue
from tests.core.making import essay, question


def refusal(action: object, *args: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*args)  # type: ignore[operator]
    return caught.value.key


def answer_all(world: World, person: Person, attempt_id: int, right: int) -> None:
    """Answer the four questions, the first ``right`` of them rightly."""
    for position in range(4):
        response = [1] if position < right else [0]
        attempts.answer(world.portal, person, attempt_id, position, response)


def take(world: World, person: Person, quiz_id: str, right: int) -> int:
    attempt = attempts.open_attempt(world.portal, person, quiz_id)
    answer_all(world, person, attempt.id, right)
    attempts.submit(world.portal, person, attempt.id)
    return attempt.id


# Opening


def test_a_second_opening_resumes_the_first(learning: World, learner: Person) -> None:
    first = attempts.open_attempt(learning.portal, learner, "fire/exam")
    learning.clock.forward(minutes=5)
    assert attempts.open_attempt(learning.portal, learner, "fire/exam") == first
    assert first.number == 1
    assert first.unit_id == learning.unit_ids["east-1"]
    assert first.deadline_at == START + timedelta(minutes=30)


def test_double_clicks_open_one_attempt(learning: World, learner: Person) -> None:
    opened: list[int] = []
    barrier = threading.Barrier(4)

    def click() -> None:
        barrier.wait()
        opened.append(attempts.open_attempt(learning.portal, learner, "fire/quiz").id)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4 and len(set(opened)) == 1
    assert learning.rows("SELECT COUNT(*) AS n FROM attempts") == [{"n": 1}]


def test_the_limit_and_the_pause(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/exam", right=0)
    with pytest.raises(Refused) as caught:
        attempts.open_attempt(learning.portal, learner, "fire/exam")
    assert caught.value.key == "error.retake_later"
    assert caught.value.args_by_name == {"until": "2026-11-23 14:00"}
    learning.clock.forward(hours=24)
    take(learning, learner, "fire/exam", right=0)
    learning.clock.forward(hours=24)
    key = refusal(attempts.open_attempt, learning.portal, learner, "fire/exam")
    assert key == "error.attempts_used_up"
    assert take(learning, learner, "fire/quiz", right=0)  # a quiz is unlimited
    assert take(learning, learner, "fire/quiz", right=0)


@pytest.mark.parametrize("quiz_id", ["fire/pool", "fire/none", "fire/checked"])
def test_only_quizzes_and_exams_open(learning: World, learner: Person, quiz_id: str) -> None:
    key = refusal(attempts.open_attempt, learning.portal, learner, quiz_id)
    assert key == "error.quiz_not_offered"


def test_a_quiz_without_questions_is_refused(learning: World, learner: Person) -> None:
    served = sample_catalogue()
    empty = replace(served.quizzes["fire/quiz"], question_ids=())
    learning.serve(replace(served, quizzes={"fire/quiz": empty}))
    assert refusal(attempts.open_attempt, learning.portal, learner, "fire/quiz") == (
        "error.quiz_empty"
    )
    assert learning.rows("SELECT * FROM course_progress") == []  # nothing was begun either


def test_draws_come_from_the_pool(learning: World, learner: Person) -> None:
    served = sample_catalogue()
    drawing = replace(served.quizzes["fire/quiz"], question_ids=(), draw=(Draw("fire/pool", 2),))
    learning.serve(replace(served, quizzes={**served.quizzes, "fire/quiz": drawing}))
    attempts.open_attempt(learning.portal, learner, "fire/quiz")
    view = attempts.find_open(learning.portal, learner, "fire/quiz")
    assert view is not None
    drawn = [item.question.id for item in view.items]
    assert len(drawn) == 2 and set(drawn) < {"p-1", "p-2", "p-3"}


def test_who_must_change_the_password_may_not_learn(learning: World, learner: Person) -> None:
    with pytest.raises(NotAllowed):
        attempts.open_attempt(learning.portal, replace(learner, must_change=True), "fire/quiz")


# Answering


def test_an_answer_is_there_for_the_next_device(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    saved = attempts.answer(learning.portal, learner, attempt.id, 2, [3], device="phone")
    assert saved.at == START
    item = attempts.get_item(learning.portal, learner, attempt.id, 2)
    assert (item.response, item.saved_at, item.device) == ([3], START, "phone")
    assert item.grade is None and not item.locked


def test_the_same_answer_twice_is_one_row_with_the_old_time(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [3])
    learning.clock.forward(minutes=1)
    assert attempts.answer(learning.portal, learner, attempt.id, 0, [3]).at == START
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    attempts.answer(learning.portal, learner, attempt.id, 0, [3])
    logged = learning.rows("SELECT response FROM answer_log ORDER BY id")
    assert [row["response"] for row in logged] == ["[3]", "[1]", "[3]"]


def test_answers_leave_the_revision_alone_and_submission_moves_it(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    before = learning.portal.db.revision()
    attempts.answer(learning.portal, learner, attempt.id, 0, [3])
    assert learning.portal.db.revision() == before
    attempts.submit(learning.portal, learner, attempt.id)
    assert learning.portal.db.revision() == before + 1


@pytest.mark.parametrize("response", [[4], [0, 1], "1", None, [True], {"a": 1}])
def test_what_no_widget_can_send_is_refused(
    learning: World, learner: Person, response: object
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    args = (learning.portal, learner, attempt.id, 0, response)
    assert refusal(attempts.answer, *args) == "error.bad_answer"
    assert learning.rows("SELECT * FROM answer_log") == []


def test_another_persons_attempt_does_not_exist(learning: World, learner: Person) -> None:
    other = learning.grant(learning.add_person("li", "east-1"), "manager", "county")
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    for action in (
        lambda: attempts.answer(learning.portal, other, attempt.id, 0, [1]),
        lambda: attempts.check_item(learning.portal, other, attempt.id, 0),
        lambda: attempts.use_hint(learning.portal, other, attempt.id, 0),
        lambda: attempts.submit(learning.portal, other, attempt.id),
        lambda: attempts.get_item(learning.portal, other, attempt.id, 0),
        lambda: attempts.seconds_left(learning.portal, other, attempt.id),
        lambda: attempts.answer(learning.portal, learner, attempt.id, 99, [1]),
        lambda: attempts.answer(learning.portal, learner, 99, 0, [1]),
        lambda: attempts.get_attempt(learning.portal, other, 99),
    ):
        with pytest.raises(NotAllowed):
            action()


def test_two_threads_answer_the_same_attempt_and_nothing_is_lost(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    failures: list[Exception] = []

    def device(responses: list[int]) -> None:
        try:
            for response in responses:
                for position in range(4):
                    args = (learner, attempt.id, position, [response])
                    attempts.answer(learning.portal, *args)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=device, args=([0, 1, 2, 3] * 5,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    view = attempts.find_open(learning.portal, learner, "fire/quiz")
    assert view is not None
    newest = learning.rows(
        """
        SELECT position, response FROM answer_log
        WHERE id IN (SELECT max(id) FROM answer_log GROUP BY position) ORDER BY position
        """
    )
    assert [str(item.response) for item in view.items] == [row["response"] for row in newest]


def test_the_hot_path_is_at_most_four_statements(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [3])
    seen: list[str] = []
    learning.portal.db._writer.set_trace_callback(seen.append)
    attempts.answer(learning.portal, learner, attempt.id, 1, [3])
    learning.portal.db._writer.set_trace_callback(None)
    assert len(seen) <= 4, seen  # BEGIN, read what decides, append, COMMIT


# Hints and checks


def test_a_hint_is_logged_once(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    for _ in range(2):
        hint = attempts.use_hint(learning.portal, learner, attempt.id, 0)
        assert hint == Bilingual("想一想")
    assert len(learning.rows("SELECT * FROM answer_log WHERE kind = 'hint'")) == 1
    assert attempts.get_item(learning.portal, learner, attempt.id, 0).hint_used
    assert not attempts.get_item(learning.portal, learner, attempt.id, 1).hint_used


def test_a_question_without_a_hint_has_none(learning: World, learner: Person) -> None:
    served = sample_catalogue()
    plain = replace(served.questions["q-1"], hint=None)
    learning.serve(replace(served, questions={**served.questions, "q-1": plain}))
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    assert refusal(attempts.use_hint, learning.portal, learner, attempt.id, 0) == "error.no_hint"


def test_a_quiz_gives_feedback_at_once_and_settles_the_item(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    args = (learning.portal, learner, attempt.id, 0)
    assert refusal(attempts.check_item, *args) == "error.answer_first"
    attempts.answer(*args, [0])
    assert attempts.check_item(*args).fraction == 0.0
    assert refusal(attempts.answer, *args, [1]) == "error.item_checked"
    attempts.answer(*args, [0])  # a page that repeats itself is not told off
    item = attempts.get_item(*args)
    assert item.locked and item.checked and item.grade is not None and not item.grade.right
    assert not item.may_try_again and not item.feedback_at_once
    attempts.check_item(*args)
    assert len(learning.rows("SELECT * FROM answer_log WHERE kind = 'check'")) == 1
    assert attempts.get_item(learning.portal, learner, attempt.id, 1).grade is None


def test_an_exam_tells_nothing_before_it_closes(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    answer_all(learning, learner, attempt.id, right=4)
    args = (learning.portal, learner, attempt.id, 0)
    assert refusal(attempts.check_item, *args) == "error.feedback_later"
    view = attempts.get_attempt(learning.portal, learner, attempt.id)
    assert all(item.grade is None and not item.feedback_at_once for item in view.items)
    assert not view.may_review and view.attempt.score is None
    attempts.submit(learning.portal, learner, attempt.id)
    view = attempts.get_attempt(learning.portal, learner, attempt.id)
    assert view.may_review and all(item.grade and item.grade.right for item in view.items)


# Submitting and the clock


def test_submission_scores_what_is_saved_and_is_final(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    answer_all(learning, learner, attempt.id, right=3)
    done = attempts.submit(learning.portal, learner, attempt.id)
    assert (done.score, done.max_score, done.percent, done.passed) == (3, 4, 75, True)
    assert (done.submitted_at, done.closed_by) == (START, "person")
    learning.clock.forward(minutes=1)
    assert attempts.submit(learning.portal, learner, attempt.id) == done
    args = (learning.portal, learner, attempt.id, 0)
    assert refusal(attempts.answer, *args, [2]) == "error.attempt_closed"
    assert refusal(attempts.use_hint, *args) == "error.attempt_closed"
    assert refusal(attempts.check_item, *args) == "error.attempt_closed"


def test_an_unanswered_question_scores_nothing(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    done = attempts.submit(learning.portal, learner, attempt.id)
    assert (done.score, done.max_score, done.passed) == (1, 4, False)


def test_an_essay_is_not_counted_until_it_is_marked(learning: World, learner: Person) -> None:
    served = sample_catalogue()
    quiz = replace(served.quizzes["fire/quiz"], question_ids=("q-1", "e-1"))
    learning.serve(
        catalogue_of(
            tuple(served.courses.values()), (quiz,), (keyed("q-1"), question(essay(), "e-1"))
        )
    )
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    attempts.answer(learning.portal, learner, attempt.id, 1, "先断火源。")
    done = attempts.submit(learning.portal, learner, attempt.id)
    assert (done.score, done.max_score, done.passed) == (1, 1, None)
    assert learning.rows("SELECT completed_at FROM course_progress") == [{"completed_at": None}]
    view = attempts.get_attempt(learning.portal, learner, attempt.id)
    assert view.items[1].grade is not None and view.items[1].grade.fraction is None


def test_after_the_deadline_nothing_is_taken_and_the_attempt_closes(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    for position in range(3):
        attempts.answer(learning.portal, learner, attempt.id, position, [1])
    learning.clock.forward(minutes=30)
    args = (learning.portal, learner, attempt.id, 3)
    assert refusal(attempts.answer, *args, [1]) == "error.time_is_up"
    [row] = learning.rows("SELECT submitted_at, closed_by, score, passed FROM attempts")
    assert row == {
        "submitted_at": "2026-11-22T06:30:00.000Z",
        "closed_by": "clock",
        "score": 3.0,
        "passed": 1,
    }


def test_the_last_millisecond_counts(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    learning.clock.forward(minutes=30, milliseconds=-1)
    assert attempts.answer(learning.portal, learner, attempt.id, 0, [1])


@pytest.mark.parametrize(
    "look",
    [
        lambda w, p, a: attempts.get_attempt(w.portal, p, a),
        lambda w, p, a: attempts.get_item(w.portal, p, a, 0),
        lambda w, p, a: attempts.find_open(w.portal, p, "fire/exam"),
        lambda w, p, a: attempts.history(w.portal, p),
        lambda w, p, a: attempts.submit(w.portal, p, a),
        lambda w, p, a: attempts.close_overdue(w.portal),
        lambda w, p, a: refusal(attempts.use_hint, w.portal, p, a, 0),
        lambda w, p, a: refusal(attempts.open_attempt, w.portal, p, "fire/exam"),
    ],
)
def test_whoever_looks_at_an_overdue_attempt_closes_it_as_of_its_deadline(
    learning: World, learner: Person, look: object
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    learning.clock.forward(hours=2)
    look(learning, learner, attempt.id)  # type: ignore[operator]
    [row] = learning.rows("SELECT submitted_at, closed_by FROM attempts")
    assert row == {"submitted_at": "2026-11-22T06:30:00.000Z", "closed_by": "clock"}


def test_close_overdue_closes_everybodys_and_says_how_many(
    learning: World, learner: Person
) -> None:
    other = learning.add_person("li", "west")
    attempts.open_attempt(learning.portal, learner, "fire/exam")
    attempts.open_attempt(learning.portal, learner, "fire/quiz")  # not timed
    attempts.open_attempt(learning.portal, other, "fire/exam")
    assert attempts.close_overdue(learning.portal) == 0
    learning.clock.forward(minutes=30)
    assert attempts.close_overdue(learning.portal) == 2
    assert attempts.close_overdue(learning.portal) == 0


def test_seconds_left_is_the_servers_clock(learning: World, learner: Person) -> None:
    exam = attempts.open_attempt(learning.portal, learner, "fire/exam")
    quiz = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    learning.clock.forward(minutes=29)
    assert attempts.seconds_left(learning.portal, learner, exam.id) == 60
    assert attempts.seconds_left(learning.portal, learner, quiz.id) is None
    learning.clock.forward(minutes=9)
    assert attempts.seconds_left(learning.portal, learner, exam.id) == 0
    attempts.submit(learning.portal, learner, quiz.id)
    assert attempts.seconds_left(learning.portal, learner, quiz.id) == 0


# Nothing moves under a person


def test_an_edit_moves_neither_question_nor_key_nor_mark_nor_deadline(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    before = attempts.get_attempt(learning.portal, learner, attempt.id)
    served = sample_catalogue()
    edited = {key: replace(keyed(key, right=2), points=9.0) for key in served.questions}
    exam = replace(served.quizzes["fire/exam"], pass_mark=100, minutes=1, question_ids=())
    learning.serve(replace(served, quizzes={"fire/exam": exam}, questions=edited, fingerprint="2"))
    after = attempts.get_attempt(learning.portal, learner, attempt.id)
    assert after == before
    for item in after.items:
        attempts.answer(learning.portal, learner, attempt.id, item.position, [1])
    done = attempts.submit(learning.portal, learner, attempt.id)
    assert (done.score, done.max_score, done.passed, done.pass_mark) == (4, 4, True, 75)


def test_an_attempt_outlives_its_quiz(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    learning.serve(catalogue_of(()))
    assert attempts.open_attempt(learning.portal, learner, "fire/quiz").id == attempt.id
    answer_all(learning, learner, attempt.id, right=4)
    assert attempts.submit(learning.portal, learner, attempt.id).passed
    view = attempts.get_attempt(learning.portal, learner, attempt.id)
    assert view.quiz is not None and view.quiz.title == Bilingual("练习")


def test_the_log_cannot_be_rewritten(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [3])
    for sql in ("UPDATE answer_log SET response = '[1]'", "DELETE FROM answer_log"):
        with pytest.raises(Exception, match="append-only"), learning.portal.db.write() as conn:
            conn.run(sql)


# Who may see what


def test_a_manager_sees_the_score_of_submitted_attempts_of_the_subtree_and_no_more(
    learning: World, learner: Person
) -> None:
    above = learning.grant(learning.add_person("boss", "county"), "manager", "east")
    beside = learning.grant(learning.add_person("chief", "county"), "manager", "west")
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    with pytest.raises(NotAllowed):
        attempts.get_attempt(learning.portal, above, attempt.id)
    assert attempts.history(learning.portal, above, person_id=learner.id) == []
    attempts.submit(learning.portal, learner, attempt.id)
    view = attempts.get_attempt(learning.portal, above, attempt.id)
    assert view.attempt.score == 0 and view.items == () and not view.may_review
    assert len(attempts.history(learning.portal, above, person_id=learner.id)) == 1
    with pytest.raises(NotAllowed):
        attempts.get_attempt(learning.portal, beside, attempt.id)
    with pytest.raises(NotAllowed):
        attempts.history(learning.portal, beside, person_id=learner.id)


@pytest.mark.parametrize("role", ["trainer", "auditor", "administrator"])
def test_other_roles_see_nobodys_attempts(learning: World, learner: Person, role: str) -> None:
    other = learning.grant(learning.add_person("other", "county"), role)
    attempt_id = take(learning, learner, "fire/quiz", right=4)
    with pytest.raises(NotAllowed):
        attempts.get_attempt(learning.portal, other, attempt_id)


def test_a_manager_does_not_see_checkpoints(learning: World, learner: Person) -> None:
    above = learning.grant(learning.add_person("boss", "county"), "manager", "east")
    view = attempts.open_checkpoints(learning.portal, learner, "fire/checked")
    with pytest.raises(NotAllowed):
        attempts.get_attempt(learning.portal, above, view.attempt.id)


def test_history_is_newest_first_and_by_quiz(learning: World, learner: Person) -> None:
    first = take(learning, learner, "fire/quiz", right=1)
    second = take(learning, learner, "fire/exam", right=1)
    history = attempts.history(learning.portal, learner)
    assert [attempt.id for attempt in history] == [second, first]
    assert [a.id for a in attempts.history(learning.portal, learner, "fire/quiz")] == [first]
