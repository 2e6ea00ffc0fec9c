"""A wrong key is mended for everybody who met it, and can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.actions import (
    attempts,
    capability_view,
    decided,
    evidence,
    item_counting,
    item_statistics,
    regrading,
    summaries,
)
from portal.actions.errors import NotAllowed, Refused
from portal.core import content_json
from portal.core.capabilities import Bilingual
from portal.core.people import Person
from portal.core.questions import Choice
from tests.actions.sample import QUESTIONS, World, keyed, sample_catalogue
from tests.actions.test_evidence import profile, refolded
from tests.core.making import question


@pytest.fixture
def trainer(learning: World) -> Person:
    return learning.grant(learning.add_person("trainer", "county"), "trainer")


def take(world: World, person: Person, *chosen: int, quiz: str = "fire/quiz") -> int:
    attempt = attempts.open_attempt(world.portal, person, quiz)
    for position, option in enumerate(chosen):
        attempts.answer(world.portal, person, attempt.id, position, [option])
    attempts.submit(world.portal, person, attempt.id)
    return attempt.id


def serve_key(world: World, right: int, question_id: str = "q-1") -> str:
    """Let another option of the question be right; returns the version that was in service."""
    served = world.shelf.catalogue
    edited = keyed(question_id, right)
    world.serve(
        replace(
            served,
            questions={**served.questions, question_id: edited},
            versions={**served.versions, question_id: content_json.version_of(edited)},
        )
    )
    return served.versions[question_id]


def state(world: World, attempt_id: int) -> tuple[float, float, int | None]:
    [row] = world.rows(
        "SELECT score, max_score, passed FROM attempts WHERE id = :id", id=attempt_id
    )
    return row["score"], row["max_score"], row["passed"]


def carry_out(world: World) -> regrading.Step:
    return regrading.carry_on(world.portal)[-1]


def figures(world: World) -> dict[str, list[dict[str, object]]]:
    tables = ("unit_months", "unit_items", "item_marks", "item_totals", "item_choices")
    return {name: sorted(world.rows(f"SELECT * FROM {name}"), key=str) for name in tables}


def test_a_new_key_gives_points_a_pass_and_what_follows_and_undoing_takes_them_back(
    learning: World, trainer: Person
) -> None:
    right, wrong = (learning.add_person(name, "east-1") for name in ("wang", "chen"))
    first = take(learning, right, 1, 1, 1, 0)
    second = take(learning, wrong, 2, 1, 1, 0)
    item_counting.count_pending(learning.portal)
    before = figures(learning)
    assert (state(learning, first), state(learning, second)) == ((3, 4, 1), (2, 4, 0))

    served = learning.shelf.catalogue.questions["q-1"]
    old = serve_key(learning, 2)
    learning.clock.forward(days=1)
    decision = regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误")
    step = carry_out(learning)
    assert (step.attempts, step.changed, step.gained, step.lost, step.spared) == (2, 2, 1, 0, 1)
    assert state(learning, second) == (3, 4, 1)
    assert state(learning, first) == (2, 4, 1)  # the pass is kept
    months = learning.rows("SELECT submitted, passed FROM unit_months WHERE submitted > 0")
    assert months == [{"submitted": 2, "passed": 2}]
    item_counting.count_pending(learning.portal)
    [found] = [
        one
        for one in item_statistics.question(learning.portal, trainer, "q-1")
        if one.version == old
    ]
    assert found.n == 2
    kept = figures(learning)
    summaries.rebuild_summaries(learning.portal)
    assert figures(learning) == kept
    log = learning.rows("SELECT kind, score, reason FROM marks ORDER BY attempt_id")
    assert [(row["kind"], row["score"]) for row in log] == [("regrade", 0), ("regrade", 1)]
    assert {row["reason"] for row in log} == {"答案有误"}
    audited = learning.rows("SELECT detail FROM audit WHERE action = 'question_decision'")
    assert '"deed": "regrade"' in audited[0]["detail"]

    item = attempts.get_attempt(learning.portal, wrong, second).items[0]
    assert item.question == served and item.graded_by == keyed("q-1", 2)
    [told] = decided.history_of(learning.portal, wrong, second, 0)
    assert (told.kind, told.before, told.after, told.worth) == ("regrade", 0, 1, 1)
    with pytest.raises(NotAllowed):
        decided.history_of(learning.portal, right, second, 0)

    regrading.undo(learning.portal, trainer, decision, "原来的答案没错", take_passes=True)
    carry_out(learning)
    assert attempts.get_attempt(learning.portal, wrong, second).items[0].graded_by is None
    undone = decided.history_of(learning.portal, wrong, second, 0)[-1]
    assert (undone.kind, undone.before, undone.after) == ("restore", 1, 0)
    assert (state(learning, first), state(learning, second)) == ((3, 4, 1), (2, 4, 0))
    item_counting.count_pending(learning.portal)
    assert figures(learning) == before
    assert len(learning.rows("SELECT * FROM marks")) == 4  # added, never overwritten


def test_taking_passes_is_a_choice(learning: World, learner: Person, trainer: Person) -> None:
    attempt = take(learning, learner, 1, 1, 1, 0)
    old = serve_key(learning, 2)
    regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误", take_passes=True)
    assert carry_out(learning).lost == 1
    assert state(learning, attempt) == (2, 4, 0)


def test_what_was_shown_against_a_wrong_key_outside_papers_proves_nothing(
    learning: World, trainer: Person, monkeypatch
) -> None:
    """Checkpoints, practice and placements are not marked anew; they count no longer."""
    monkeypatch.setattr(regrading, "A_ROUND", 2)
    version = learning.shelf.catalogue.versions["c-1"]
    people = [learning.add_person(name, "east-1") for name in ("wang", "chen", "zhou")]
    for person in people:
        view = attempts.open_checkpoints(learning.portal, person, "fire/checked")
        for position in (0, 1):
            attempts.answer(learning.portal, person, view.attempt.id, position, [1])
            attempts.check_item(learning.portal, person, view.attempt.id, position)
    learning.clock.forward(days=1)
    practise(learning, people[0], version)
    before = {person.id: profile(learning, person) for person in people}

    decision = regrading.decide(learning.portal, trainer, "c-1", version, "void", "答案有误")
    step = carry_out(learning)
    assert step.finished and step.attempts == 0
    assert [sum(profile(learning, person).answers) for person in people] == [1, 1, 1]
    assert profile(learning, people[0]).at < learning.clock(), "the practice is out, too"
    practise(learning, people[0], version)
    assert len(learning.rows("SELECT 1 FROM evidence WHERE kind = 'practice'")) == 1
    for person in people:
        assert profile(learning, person) == refolded(learning, person)
    [told] = capability_view.profile(learning.portal, people[1]).corrections
    assert (told.kind, told.removed, told.points) == ("checkpoint", 1, None)

    regrading.undo(learning.portal, trainer, decision, "原来的答案没错")
    assert carry_out(learning).finished
    assert {person.id: profile(learning, person) for person in people} == before


def practise(world: World, person: Person, version: str) -> None:
    [asked] = [one for one in QUESTIONS if content_json.version_of(one) == version]
    with world.portal.db.write() as conn:
        evidence.practice_answered(conn, world.portal, person.id, asked, version, 1, world.clock())


def test_a_void_question_counts_for_nobody(learning: World, trainer: Person) -> None:
    right, wrong = (learning.add_person(name, "east-1") for name in ("wang", "chen"))
    first, second = take(learning, right, 1, 1, 1, 0), take(learning, wrong, 0, 1, 1, 0)
    version = learning.shelf.catalogue.versions["q-1"]
    item_counting.count_pending(learning.portal)
    regrading.decide(learning.portal, trainer, "q-1", version, "void", "两个答案都对")
    step = carry_out(learning)
    assert step.finished and step.spared == 1
    assert state(learning, first) == (2, 3, 1)  # two of three: kept
    assert state(learning, second) == (2, 3, 0)
    item_counting.count_pending(learning.portal)
    assert not learning.rows("SELECT * FROM item_marks WHERE question_id = 'q-1'")
    assert not learning.rows("SELECT * FROM unit_items WHERE question_id = 'q-1' AND answered > 0")
    [told] = decided.history_of(learning.portal, right, first, 0)
    assert (told.kind, told.before, told.after) == ("void", 1, None)
    view = attempts.get_attempt(learning.portal, right, first)
    grade = view.items[0].grade
    assert grade is not None and grade.voided
    with pytest.raises(Refused, match="decision_stands"):
        regrading.decide(learning.portal, trainer, "q-1", version, "void", "再来一次")


def test_evidence_follows(learning: World, learner: Person, trainer: Person) -> None:
    served = learning.shelf.catalogue
    capable = {key: replace(one, capability="law") for key, one in served.questions.items()}
    learning.serve(replace(served, questions=capable))
    take(learning, learner, 2, 1, 1, 0)
    [version] = [
        row["version"]
        for row in learning.rows("SELECT version FROM evidence WHERE item_id = 'q-1'")
    ]
    before = learning.rows("SELECT * FROM capability_states")
    edited = replace(capable["q-1"], body=keyed("q-1", 2).body)
    learning.serve(replace(served, questions={**capable, "q-1": edited}))
    regrading.decide(learning.portal, trainer, "q-1", version, "regrade", "答案有误")
    carry_out(learning)
    assert [row["x"] for row in learning.rows("SELECT x FROM evidence_corrections")] == [1.0]
    assert learning.rows("SELECT * FROM capability_states") != before


def test_a_decision_goes_on_where_it_stopped(
    learning: World, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [learning.add_person(f"p{at}", "east") for at in range(5)]
    made = [take(learning, one, 2, 1, 1, 1) for one in people]
    old = serve_key(learning, 2)
    decision = regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误")
    monkeypatch.setattr(regrading, "A_ROUND", 2)
    step = regrading.one_round(learning.portal, decision)
    assert step is not None and (step.attempts, step.finished) == (2, False)
    assert [state(learning, one)[0] for one in made] == [4, 4, 3, 3, 3]
    with pytest.raises(Refused, match="decision_running"):
        regrading.undo(learning.portal, trainer, decision, "还没做完")
    assert carry_out(learning).attempts == 5
    assert [state(learning, one)[0] for one in made] == [4] * 5
    assert regrading.carry_on(learning.portal) == []


def test_an_attempt_that_was_open_is_marked_when_it_closes(
    learning: World, learner: Person, trainer: Person
) -> None:
    other = learning.add_person("chen", "east")
    take(learning, other, 1, 1, 1, 1)
    attempt = attempts.open_attempt(learning.portal, learner, "fire/quiz")
    old = serve_key(learning, 2)
    regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误")
    carry_out(learning)
    for position, option in enumerate((2, 1, 1, 0)):
        attempts.answer(learning.portal, learner, attempt.id, position, [option])
    closed = attempts.submit(learning.portal, learner, attempt.id)
    assert (closed.score, closed.passed) == (3, True)


def test_an_older_key_was_right_in_its_time(
    learning: World, learner: Person, trainer: Person
) -> None:
    first = take(learning, learner, 1, 1, 1, 1)  # when option 1 was right
    serve_key(learning, 2)
    second = take(learning, learner, 3, 1, 1, 1)
    old = serve_key(learning, 3)
    regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误")
    carry_out(learning)
    assert (state(learning, first)[0], state(learning, second)[0]) == (4, 4)


def test_refusals(learning: World, learner: Person, trainer: Person) -> None:
    take(learning, learner, 1, 1, 1, 1)
    version = learning.shelf.catalogue.versions["q-1"]
    decide = regrading.decide
    with pytest.raises(Refused, match="decision_same"):
        decide(learning.portal, trainer, "q-1", version, "regrade", "没有改")
    with pytest.raises(Refused, match="decision_reason"):
        decide(learning.portal, trainer, "q-1", version, "void", "  ")
    with pytest.raises(NotAllowed):
        decide(learning.portal, learner, "q-1", version, "void", "我答错了")
    with pytest.raises(NotAllowed):
        decide(learning.portal, trainer, "q-1", "none", "void", "没有这一版")
    served = learning.shelf.catalogue
    body = served.questions["q-1"].body
    assert isinstance(body, Choice)
    fifth = replace(body.options[0], text=Bilingual("另一个"), correct=True)
    others = tuple(replace(one, correct=False) for one in body.options[1:])
    edited = question(Choice("single", (fifth, *others)), "q-1")
    learning.serve(replace(served, questions={**served.questions, "q-1": edited}))
    with pytest.raises(Refused, match="decision_options"):
        decide(learning.portal, trainer, "q-1", version, "regrade", "选项换了")


def test_only_the_newest_decision_is_undone(
    learning: World, learner: Person, trainer: Person
) -> None:
    attempt = take(learning, learner, 1, 1, 1, 0)
    old = serve_key(learning, 2)
    first = regrading.decide(learning.portal, trainer, "q-1", old, "regrade", "答案有误")
    carry_out(learning)
    second = regrading.decide(learning.portal, trainer, "q-1", old, "void", "两个都对")
    carry_out(learning)
    assert state(learning, attempt)[:2] == (2, 3)
    with pytest.raises(Refused, match="decision_not_newest"):
        regrading.undo(learning.portal, trainer, first, "撤回")
    regrading.undo(learning.portal, trainer, second, "撤回")
    carry_out(learning)
    assert state(learning, attempt)[:2] == (2, 4)  # as regraded
    regrading.undo(learning.portal, trainer, first, "撤回")
    carry_out(learning)
    assert state(learning, attempt)[:2] == (3, 4)
    assert sample_catalogue().versions["q-1"] == old
