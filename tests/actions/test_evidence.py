"""What counts as evidence, with which weight, and that a profile is the fold of its log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions import attempts, evidence, progress
from portal.actions.capability import levels
from portal.core.capability import CAPABILITIES, advance, item_start, prior, respond
from portal.core.capability_log import BLANK, fold
from portal.core.people import Person
from portal.store import capability, versions
from portal.store import evidence as log
from tests.actions.sample import QUESTIONS, QUIZ, World, catalogue_of, sample_catalogue
from tests.core.making import essay, question

EMERGENCY = CAPABILITIES.index("emergency")


def rows(world: World) -> list[dict]:
    return world.rows("SELECT * FROM evidence ORDER BY id")


def profile(world: World, person: Person):
    with world.portal.db.read() as conn:
        return capability.find_profile(conn, person.id)


def refolded(world: World, person: Person):
    with world.portal.db.read() as conn:
        return fold(map(evidence.event_of, log.of_person(conn, person.id)))


def take(world: World, person: Person, quiz_id: str, *responses) -> int:
    """Answer and hand in; a response of None leaves the item out."""
    attempt = attempts.open_attempt(world.portal, person, quiz_id)
    for position, response in enumerate(responses):
        if response is not None:
            attempts.answer(world.portal, person, attempt.id, position, response)
    attempts.submit(world.portal, person, attempt.id)
    return attempt.id


def test_nothing_counts_before_the_attempt_closes(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    attempts.check_item(learning.portal, learner, attempt.id, 0)
    assert rows(learning) == [] and profile(learning, learner) is None


def test_final_answers_count_when_the_attempt_closes(learning: World, learner: Person) -> None:
    attempt_id = take(learning, learner, "fire/quiz", [1], [0], None, [1])
    found = rows(learning)
    assert [row["x"] for row in found] == [1.0, 0.0, 1.0]  # what was left out is no answer
    assert {(r["kind"], r["source_id"], r["capability"]) for r in found} == {
        ("quiz", attempt_id, "emergency")
    }
    state, item = prior(), item_start(3)
    for x in (1.0, 0.0, 1.0):
        state = respond(state, EMERGENCY, x, item.b, item.s2, 0.25, 1.0)
    made = profile(learning, learner)
    assert made.state == state and made.answers[EMERGENCY] == 3
    assert found[1]["mean"] == respond(prior(), EMERGENCY, 1.0, 0, 0.49, 0.25).mean[EMERGENCY]


def test_an_exam_closed_by_the_clock_counts_as_of_its_deadline(
    learning: World, learner: Person
) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/exam")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    learning.clock.forward(hours=5)
    attempts.close_overdue(learning.portal)
    assert [row["at"] for row in rows(learning)] == ["2026-11-22T06:30:00.000Z"]


def test_a_repeat_weighs_by_the_days_between_and_is_no_further_answer(
    learning: World, learner: Person
) -> None:
    take(learning, learner, "fire/quiz", [1])
    learning.clock.forward(days=30)
    take(learning, learner, "fire/quiz", [1])
    first, second = rows(learning)
    assert (first["w"], first["gap_days"]) == (1.0, None)
    assert second["w"] == pytest.approx(0.3935, abs=1e-3) and second["gap_days"] == 30
    made = profile(learning, learner)
    assert made.answers[EMERGENCY] == 1
    one = respond(prior(), EMERGENCY, 1.0, 0.0, 0.49, 0.25, 1.0)
    assert made.state == respond(advance(one, 30), EMERGENCY, 1.0, 0.0, 0.49, 0.25, second["w"])


def test_an_edited_question_counts_as_new(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1])
    edited = [replace(q, level=5) if q.id == "q-1" else q for q in QUESTIONS]
    old = sample_catalogue()
    learning.serve(
        catalogue_of(tuple(old.courses.values()), tuple(old.quizzes.values()), tuple(edited), "2")
    )
    take(learning, learner, "fire/quiz", [1])
    assert [row["w"] for row in rows(learning)] == [1.0, 1.0]
    assert [row["b"] for row in rows(learning)] == [0.0, 1.6]
    assert profile(learning, learner).answers[EMERGENCY] == 2


def test_of_a_checkpoint_the_first_check_counts(learning: World, learner: Person) -> None:
    view = attempts.open_checkpoints(learning.portal, learner, "fire/checked")
    for response in ([0], [1]):
        attempts.answer(learning.portal, learner, view.attempt.id, 0, response)
        attempts.check_item(learning.portal, learner, view.attempt.id, 0)
        if response == [0]:
            attempts.try_again(learning.portal, learner, view.attempt.id, 0)
    assert [(row["kind"], row["x"]) for row in rows(learning)] == [("checkpoint", 0.0)]


def test_a_hint_changes_neither_score_nor_weight(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.use_hint(learning.portal, learner, attempt.id, 0)
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    attempts.submit(learning.portal, learner, attempt.id)
    assert [(row["x"], row["w"]) for row in rows(learning)] == [(1.0, 1.0)]


def test_a_completed_course_widens_the_band_only(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1], [1], [1], [1])
    before = profile(learning, learner)
    for module_id, sections in (("fire/reading", ("start", "end")), ("fire/checked", ())):
        progress.open_module(learning.portal, learner, module_id)
        for section in sections:
            progress.see_section(learning.portal, learner, module_id, section)
    course = learning.portal.library.catalogue.courses["fire"]
    with learning.portal.db.write() as conn:
        evidence.course_completed(conn, learner.id, course, learning.clock())
    after = profile(learning, learner)
    assert after.state.mean == before.state.mean
    widened = before.state.cov[EMERGENCY][EMERGENCY] + 0.15
    assert after.state.cov[EMERGENCY][EMERGENCY] == pytest.approx(widened)
    assert refolded(learning, learner) == after


def test_completing_the_course_writes_its_event_once(learning: World, learner: Person) -> None:
    progress.open_module(learning.portal, learner, "law/one")
    fire = learning.portal.library.catalogue.courses["fire"]
    with learning.portal.db.write() as conn:
        evidence.course_completed(conn, learner.id, fire, learning.clock())
    view = attempts.open_checkpoints(learning.portal, learner, "fire/checked")
    for section in ("start", "end"):
        progress.see_section(learning.portal, learner, "fire/reading", section)
        progress.see_section(learning.portal, learner, "fire/checked", section)
    for position in (0, 1):
        attempts.answer(learning.portal, learner, view.attempt.id, position, [1])
        attempts.check_item(learning.portal, learner, view.attempt.id, position)
    for _ in range(2):
        take(learning, learner, "fire/quiz", [1], [1], [1], [1])
    courses = [row for row in rows(learning) if row["kind"] == "course"]
    assert [row["course_id"] for row in courses] == ["fire", "fire"]  # ours above, and the real one


def test_drill_decisions_count_by_their_rating_and_number(learning, learner) -> None:
    decisions = [
        ("d-1", "v1", "emergency", "P"),
        ("d-2", "v2", "emergency", "M"),
        ("d-3", "v3", "mass-work", "U"),
        ("d-4", "v4", "cooking", "P"),  # outside the six
    ]
    with learning.portal.db.write() as conn:
        evidence.drill_finished(
            conn, learning.portal, learner.id, 9, decisions, learning.clock(), drill_id="fire/gas"
        )
    found = rows(learning)
    assert [(r["x"], r["c"], r["b"], r["position"]) for r in found] == [
        (1.0, 0.0, 0.0, 0),
        (pytest.approx(1 / 3), 0.0, 0.0, 1),
        (0.0, 0.0, 0.0, 2),
    ]
    assert [row["w"] for row in found] == pytest.approx([1 / 1.3, 1 / 1.3, 1])
    with learning.portal.db.write() as conn:
        evidence.drill_finished(
            conn, learning.portal, learner.id, 10, decisions, learning.clock() + timedelta(days=60)
        )
    assert rows(learning)[3]["w"] == pytest.approx((1 - 2.718281828**-1) / 1.3)


def test_practice_answers_weigh_like_repeats(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1])
    with learning.portal.db.write() as conn:
        [version] = versions.keep(conn, [QUESTIONS[0]], "2026-11-22T06:00:00.000Z")
        evidence.practice_answered(
            conn,
            learning.portal,
            learner.id,
            QUESTIONS[0],
            version,
            0.0,
            learning.clock() + timedelta(days=7),
        )
    assert rows(learning)[1]["w"] == pytest.approx(0.1101, abs=1e-3)


def essay_world(learning: World, learner: Person) -> int:
    """A closed attempt whose second item is an essay that waits for its mark."""
    old = sample_catalogue()
    essays = tuple(
        replace(question(essay(), q.id), course="fire") if q.id == "q-2" else q for q in QUESTIONS
    )
    learning.serve(catalogue_of(tuple(old.courses.values()), (QUIZ,), essays, "2"))
    return take(learning, learner, "fire/quiz", [1], "先报告，再疏散。", [1], [0])


def test_an_essay_counts_from_its_mark_on_as_of_the_day_it_was_handed_in(
    learning: World, learner: Person
) -> None:
    attempt_id = essay_world(learning, learner)
    assert len(rows(learning)) == 3
    learning.clock.forward(days=3)
    take(learning, learner, "fire/quiz", [1])
    for _ in range(2):  # the second call changes nothing
        with learning.portal.db.write() as conn:
            evidence.attempt_regraded(
                conn, learning.portal, attempt_id, {1: 0.8}, learning.clock(), "marked"
            )
    found = rows(learning)
    assert len(found) == 5 and found[-1]["x"] == 0.8 and found[-1]["c"] == 0.0
    assert found[-1]["at"] == found[0]["at"] < found[3]["at"]
    in_order = sorted(found, key=lambda row: (row["at"], row["id"]))
    assert profile(learning, learner) == fold(map(evidence.event_of, in_order))


def test_a_voided_question_counts_no_longer_and_a_regrade_changes_x(
    learning: World, learner: Person
) -> None:
    attempt_id = take(learning, learner, "fire/quiz", [1], [0], [1], [1])
    before = profile(learning, learner)
    with learning.portal.db.write() as conn:
        evidence.attempt_regraded(
            conn, learning.portal, attempt_id, {0: None, 1: 1.0}, learning.clock(), "key was wrong"
        )
    state, item = prior(), item_start(3)
    for x in (1.0, 1.0, 1.0):
        state = respond(state, EMERGENCY, x, item.b, item.s2, 0.25)
    after = profile(learning, learner)
    assert after != before and after.state == state and after.answers[EMERGENCY] == 3
    assert [row["x"] for row in rows(learning)] == [1.0, 0.0, 1.0, 1.0]  # the log stays


def test_taking_everything_out_leaves_no_profile(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1])
    with learning.portal.db.write() as conn:
        ids = [row["id"] for row in conn.all("SELECT id FROM evidence")]
        evidence.take_out(conn, learner.id, ids, "not hers", learning.clock())
    assert profile(learning, learner) is None and refolded(learning, learner) == BLANK


def test_the_log_refuses_changes(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1])
    for sql in ("UPDATE evidence SET x = 1", "DELETE FROM evidence"):
        with pytest.raises(Exception, match="append-only"), learning.portal.db.write() as conn:
            conn.run(sql)


def test_a_stored_profile_is_the_fold_of_the_log_to_the_last_digit(
    learning: World, learner: Person
) -> None:
    for step in range(6):
        take(learning, learner, "fire/quiz", [step % 2], [1], [step % 3], [1])
        learning.clock.forward(days=7.3, seconds=step)
    assert profile(learning, learner) == refolded(learning, learner)


def test_levels_wait_for_five_answers(learning: World, learner: Person) -> None:
    def level() -> int | None:
        with learning.portal.db.read() as conn:
            return levels(conn, [learner.id, 999])[learner.id]["emergency"]

    assert level() is None
    take(learning, learner, "fire/quiz", [1], [1], [1], [1])
    assert level() is None
    view = attempts.open_checkpoints(learning.portal, learner, "fire/checked")
    attempts.answer(learning.portal, learner, view.attempt.id, 0, [1])
    attempts.check_item(learning.portal, learner, view.attempt.id, 0)
    assert level() == 3
