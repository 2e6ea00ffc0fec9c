from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.actions import attempts, leave, practice, reviews
from portal.actions.errors import NotAllowed, Refused
from portal.core.people import Person
from portal.core.questions import Citation
from portal.core.statutes import Statute, StatuteRegistry
from portal.store import reviews as stored
from tests.actions.sample import World, keyed, sample_catalogue
from tests.core.making import essay, question


def refusal(action: Callable[..., object], *args: object) -> str:
    with pytest.raises(Refused) as caught:
        action(*args)
    return caught.value.key


def take(world: World, person: Person, quiz_id: str, right: int) -> None:
    attempt = attempts.open_attempt(world.portal, person, quiz_id)
    view = attempts.get_attempt(world.portal, person, attempt.id)
    for n, item in enumerate(view.items):
        attempts.answer(world.portal, person, attempt.id, item.position, [1] if n < right else [0])
    attempts.submit(world.portal, person, attempt.id)


def do(world: World, person: Person, set_id: int, *responses: int) -> None:
    for position, option in enumerate(responses):
        practice.answer(world.portal, person, set_id, position, [option])
        practice.check(world.portal, person, set_id, position)


def cards(world: World, person: Person) -> dict[str, tuple[int, str]]:
    rows = world.rows(
        "SELECT question_id, book, due_at FROM review_cards WHERE person_id = :p", p=person.id
    )
    return {row["question_id"]: (row["book"], row["due_at"][:10]) for row in rows}


# Cards from what was answered elsewhere


def test_cards_come_from_closed_quizzes_and_checked_checkpoints(
    learning: World, learner: Person
) -> None:
    take(learning, learner, "fire/quiz", right=3)
    checkpoints = attempts.open_checkpoints(learning.portal, learner, "fire/checked")
    attempts.answer(learning.portal, learner, checkpoints.attempt.id, 0, [0])
    attempts.check_item(learning.portal, learner, checkpoints.attempt.id, 0)
    view = practice.overview(learning.portal, learner)
    assert view.wrong == 2 and view.due == 0
    found = cards(learning, learner)
    assert set(found) == {"q-1", "q-2", "q-3", "q-4", "c-1"}
    assert found["q-1"] == (0, "2026-11-24") and found["q-4"] == (2, "2026-11-23")
    practice.overview(learning.portal, learner)
    assert len(learning.rows("SELECT 1 FROM reviews")) == 5, "taken in once"
    attempts.try_again(learning.portal, learner, checkpoints.attempt.id, 0)
    attempts.answer(learning.portal, learner, checkpoints.attempt.id, 0, [1])
    attempts.check_item(learning.portal, learner, checkpoints.attempt.id, 0)
    practice.overview(learning.portal, learner)
    rows = learning.rows("SELECT rating FROM reviews WHERE question_id = 'c-1' ORDER BY id")
    assert [row["rating"] for row in rows] == [1, 2], "right after a wrong try is hard"
    assert cards(learning, learner)["c-1"][0] == 1


def test_what_was_left_out_says_nothing_about_memory(learning: World, learner: Person) -> None:
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    attempts.answer(learning.portal, learner, attempt.id, 0, [1])
    practice.overview(learning.portal, learner)
    assert cards(learning, learner) == {}, "an open attempt is nobody's card"
    attempts.submit(learning.portal, learner, attempt.id)
    practice.overview(learning.portal, learner)
    assert set(cards(learning, learner)) == {"q-1"}


def test_cards_are_what_their_reviews_make(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", right=2)
    practice.overview(learning.portal, learner)
    for day in range(6):
        learning.clock.forward(days=1 + day)
        set_id = practice.open_daily(learning.portal, learner)
        count = len(practice.get_set(learning.portal, learner, set_id).cards)
        do(learning, learner, set_id, *([1, 0, 1, 1, 1][:count]))
        practice.say_easy(learning.portal, learner, set_id, 0)
    with learning.portal.db.read() as conn:
        for key, card in stored.cards(conn, learner.id).items():
            assert reviews.recomputed(conn, learning.portal, learner.id, key) == card


def test_reviews_and_the_log_are_append_only(learning: World, learner: Person) -> None:
    set_id = practice.open_daily(learning.portal, learner)
    do(learning, learner, set_id, 1)
    for table in ("reviews", "practice_log"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET at = ''"):
            with pytest.raises(sqlite3.IntegrityError), learning.portal.db.write() as conn:
                conn.run(sql)


# A set


def test_a_set_is_due_cards_and_then_new_ones_and_is_gone_on_with(
    learning: World, learner: Person
) -> None:
    take(learning, learner, "fire/quiz", right=3)
    first = practice.open_daily(learning.portal, learner)
    ids = [c.question.id for c in practice.get_set(learning.portal, learner, first).cards]
    assert sorted(ids) == ["c-1", "c-2"], (
        "nothing is due, and the quiz shares its items with an exam"
    )
    assert practice.open_daily(learning.portal, learner) == first
    practice.answer(learning.portal, learner, first, 0, [1])
    learning.clock.forward(hours=1)
    card = practice.get_card(learning.portal, learner, first, 0)
    assert card.response == [1] and card.grade is None, "what was chosen is kept unchecked"
    do(learning, learner, first, 1)
    assert practice.get_set(learning.portal, learner, first).next_open == 1
    learning.clock.forward(days=2)
    second = practice.open_daily(learning.portal, learner)
    assert second != first
    due = [c.question.id for c in practice.get_set(learning.portal, learner, second).cards]
    assert due[0] == "q-4" and set(due) == {"q-1", "q-2", "q-3", "q-4", ids[0]}


def test_a_check_settles_a_card_once(learning: World, learner: Person) -> None:
    set_id = practice.open_daily(learning.portal, learner)
    assert refusal(practice.check, learning.portal, learner, set_id, 0) == "error.answer_first"
    do(learning, learner, set_id, 0)
    assert not practice.check(learning.portal, learner, set_id, 0).right
    key = refusal(practice.answer, learning.portal, learner, set_id, 0, [1])
    assert key == "error.item_checked"
    assert refusal(practice.answer, learning.portal, learner, set_id, 1, [9]) == "error.bad_answer"
    assert len(learning.rows("SELECT 1 FROM reviews")) == 1
    assert practice.overview(learning.portal, learner).done_today == 1


def test_a_hint_or_a_long_time_is_hard_and_easy_only_when_said(
    learning: World, learner: Person
) -> None:
    set_id = practice.open_daily(learning.portal, learner)
    practice.use_hint(learning.portal, learner, set_id, 0)
    do(learning, learner, set_id, 1)
    practice.say_easy(learning.portal, learner, set_id, 0)
    practice.answer(learning.portal, learner, set_id, 1, [1])
    long_ago = learning.clock.now - timedelta(minutes=3)
    practice.check(learning.portal, learner, set_id, 1, shown_at=long_ago)
    ratings = [row["rating"] for row in learning.rows("SELECT rating FROM reviews ORDER BY id")]
    assert ratings == [2, 2]
    due = cards(learning, learner)
    practice.say_easy(learning.portal, learner, set_id, 1)
    practice.say_easy(learning.portal, learner, set_id, 1)
    ratings = [row["rating"] for row in learning.rows("SELECT rating FROM reviews ORDER BY id")]
    assert ratings == [2, 2, 4]
    key = practice.get_card(learning.portal, learner, set_id, 1).question.id
    assert cards(learning, learner)[key][1] > due[key][1], "it comes back later"


def test_nobody_reaches_anothers_set(learning: World, learner: Person) -> None:
    set_id = practice.open_daily(learning.portal, learner)
    boss = learning.grant(learning.add_person("boss", "east", "street"), "manager", "east")
    for action in (practice.get_set, practice.get_card, practice.check, practice.use_hint):
        args = (set_id,) if action is practice.get_set else (set_id, 0)
        with pytest.raises(NotAllowed):
            action(learning.portal, boss, *args)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        practice.answer(learning.portal, boss, set_id, 0, [1])
    with pytest.raises(NotAllowed):
        practice.get_card(learning.portal, learner, set_id, 99)


def test_practice_gives_no_running_exam_away(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/exam", right=0)
    practice.overview(learning.portal, learner)
    learning.clock.forward(days=1, hours=1)
    before = practice.open_wrong(learning.portal, learner, ("q-1", "q-2"))
    practice.answer(learning.portal, learner, before, 0, [1])
    attempts.open_attempt(learning.portal, learner, "fire/exam")
    assert refusal(practice.check, learning.portal, learner, before, 0) == "error.asked_in_exam"
    key = refusal(practice.open_wrong, learning.portal, learner, ("q-1",))
    assert key == "error.nothing_to_practise"
    daily = practice.open_daily(learning.portal, learner)
    shown = {c.question.id for c in practice.get_set(learning.portal, learner, daily).cards}
    assert shown == {"c-1", "c-2"}


def test_practice_is_evidence_of_capability_and_moves_no_report(
    learning: World, learner: Person
) -> None:
    catalogue = sample_catalogue()
    known = {key: replace(one, capability="risk") for key, one in catalogue.questions.items()}
    learning.serve(replace(catalogue, questions=known))
    before = learning.portal.db.revision()
    set_id = practice.open_daily(learning.portal, learner)
    do(learning, learner, set_id, 1, 0)
    rows = learning.rows("SELECT kind, source_id, capability, x, w FROM evidence ORDER BY id")
    assert [(row["capability"], row["x"], row["w"]) for row in rows] == [
        ("risk", 1.0, 1.0),
        ("risk", 0.0, 1.0),
    ]
    assert {(row["kind"], row["source_id"]) for row in rows} == {("practice", set_id)}
    assert learning.portal.db.revision() == before
    for table in ("attempts", "answer_log", "unit_items", "unit_months"):
        assert learning.rows(f"SELECT 1 FROM {table}") == []


# The law changes, questions go


def test_a_card_is_due_at_once_when_its_law_has_changed(learning: World, learner: Person) -> None:
    def serve(version: str, article: str = "6") -> None:
        law = Statute("某法", "某法", "A Law", (), "2020-01-01", 99, True, version=version)
        cited = replace(keyed("c-1"), laws=(Citation("某法", article),))
        catalogue = sample_catalogue()
        learning.serve(
            replace(
                catalogue,
                questions={**catalogue.questions, "c-1": cited},
                statutes=StatuteRegistry({"某法": (law,)}),
            )
        )

    serve("2020")
    set_id = practice.open_daily(learning.portal, learner)
    do(learning, learner, set_id, 1, 1)
    assert practice.overview(learning.portal, learner).due == 0
    serve("2026")
    assert practice.overview(learning.portal, learner).due == 1
    serve("2020", "7")
    assert practice.overview(learning.portal, learner).due == 1
    again = practice.open_daily(learning.portal, learner)
    do(learning, learner, again, 1)
    assert practice.overview(learning.portal, learner).due == 0


def test_retired_questions_and_essays_are_dropped(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", right=0)
    assert practice.overview(learning.portal, learner).wrong == 4
    catalogue = sample_catalogue()
    changed = {
        "q-1": replace(keyed("q-1"), retired=True),
        "q-2": question(essay(), "q-2"),
    }
    kept = {key: one for key, one in catalogue.questions.items() if key != "q-3"}
    learning.serve(replace(catalogue, questions={**kept, **changed}))
    assert practice.overview(learning.portal, learner).wrong == 1


# The book, the row of days, leave


def test_the_book_is_left_after_two_right_days(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", right=3)
    assert practice.overview(learning.portal, learner).wrong == 1
    for left in (1, 0):
        set_id = practice.open_wrong(learning.portal, learner, ("q-4", "q-1"))
        assert len(practice.get_set(learning.portal, learner, set_id).cards) == 1
        do(learning, learner, set_id, 1)
        assert practice.overview(learning.portal, learner).wrong == left
        learning.clock.forward(days=1)


def test_a_finished_set_makes_the_day_count_however_short(learning: World, learner: Person) -> None:
    learning.clock.now = learning.clock.now.replace(day=23, hour=15, minute=30)  # Monday 23:30
    set_id = practice.open_daily(learning.portal, learner)
    do(learning, learner, set_id, 1)
    assert practice.overview(learning.portal, learner).streak.days == 0
    do(learning, learner, set_id, 1, 1)
    assert practice.overview(learning.portal, learner).streak == (
        practice.get_set(learning.portal, learner, set_id).streak
    )
    assert practice.overview(learning.portal, learner).streak.today
    learning.clock.forward(hours=1)  # Tuesday
    view = practice.overview(learning.portal, learner)
    assert (view.streak.days, view.streak.today) == (1, False)
    learning.clock.forward(days=1)
    assert practice.overview(learning.portal, learner).streak.days == 0
    entry = leave.enter(learning.portal, learner, date(2026, 11, 24), date(2026, 11, 27))
    assert practice.overview(learning.portal, learner).streak.days == 1
    stranger = learning.add_person("stranger", "west")
    leave.withdraw(learning.portal, stranger, entry)
    assert len(practice.overview(learning.portal, learner).leaves) == 1
    leave.withdraw(learning.portal, learner, entry)
    assert practice.overview(learning.portal, learner).streak.days == 0


def test_leave_that_cannot_be(learning: World, learner: Person) -> None:
    def enter(first: str, last: str) -> str:
        days = (date.fromisoformat(first), date.fromisoformat(last))
        return refusal(leave.enter, learning.portal, learner, *days)

    assert enter("2026-11-24", "2026-11-23") == "error.leave_order"
    assert enter("2026-11-24", "2027-11-23") == "error.leave_too_long"
    assert enter("2026-10-01", "2026-10-03") == "error.leave_too_late"


def test_nothing_to_practise_is_said(learning: World, learner: Person) -> None:
    learning.serve(replace(sample_catalogue(), questions={}))
    key = refusal(practice.open_daily, learning.portal, learner)
    assert key == "error.nothing_to_practise"
    assert refusal(practice.open_wrong, learning.portal, learner, ()) == key
