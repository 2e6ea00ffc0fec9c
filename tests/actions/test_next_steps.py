from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions import attempts, next_steps, placement, practice, progress
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual, CapabilityModel, Post
from portal.core.capability import CAPABILITIES
from portal.core.catalogue import Catalogue
from portal.core.people import Person
from portal.core.quizzes import Quiz
from tests.actions.sample import TEXT, World, catalogue_of, course, keyed, module
from tests.core.making import numeric, question


def library(items: int = 3) -> Catalogue:
    """A course of each capability and a pool of ``items`` placement questions for each."""
    courses = tuple(
        replace(
            course(key, (module(f"{key}/one", ("start", (f"{key}-check",))),)),
            capability=key,
            level=2,
        )
        for key in CAPABILITIES
    )
    pool = tuple(
        replace(question(numeric(n, n), f"{key}-{n}", level=min(2 + n, 5)), capability=key)
        for key in CAPABILITIES
        for n in range(items)
    )
    checks = tuple(
        replace(keyed(f"{key}-check"), capability=key, course=key) for key in CAPABILITIES
    )
    ids = tuple(one.id for one in pool)
    made = catalogue_of(
        courses,
        (Quiz("placement/placement", "pool", TEXT, "placement", ids),),
        (*pool, *checks),
    )
    post = Post("grid", Bilingual("网格员"), dict.fromkeys(CAPABILITIES, 3))
    return replace(made, capabilities=CapabilityModel((), (post,)))


def place(world: World, person: Person, *, right: tuple[str, ...] = (), turns: int = 18) -> int:
    """Answer ``turns`` questions, those of the capabilities in ``right`` rightly."""
    set_id = placement.begin(world.portal, person)
    for _ in range(turns):
        card = placement.current(world.portal, person, set_id)
        assert card is not None
        at = (set_id, card.position)
        if card.question.capability in right:
            n = card.question.id.rpartition("-")[2]
            placement.answer(world.portal, person, *at, n)
            placement.go_on(world.portal, person, *at)
        else:
            placement.go_on(world.portal, person, *at, not_known=True)
    return set_id


def first(world: World, person: Person) -> list[str]:
    found = next_steps.look(world.portal, person).suggestions
    return [one.candidate.item_id for one in found]


def test_a_placement_asks_three_of_each_and_ends_in_a_start(
    learning: World, learner: Person
) -> None:
    learning.serve(library())
    assert next_steps.look(learning.portal, learner).offers_placement
    set_id = place(learning, learner, right=("law", "risk", "reform"), turns=7)
    state = placement.state(learning.portal, learner)
    assert (state.state, state.done, state.total) == ("open", 7, 18)
    assert not next_steps.look(learning.portal, learner).offers_placement
    learning.clock.forward(days=2)
    assert placement.begin(learning.portal, learner) == set_id, "it is gone on with"
    place(learning, learner, right=("law", "risk", "reform"), turns=11)
    assert placement.current(learning.portal, learner, set_id) is None
    assert placement.state(learning.portal, learner).state == "done"
    rows = learning.rows(
        "SELECT capability, COUNT(*) AS n, SUM(x) AS x FROM evidence WHERE kind = 'placement' "
        "GROUP BY capability"
    )
    assert {row["n"] for row in rows} == {3} and sum(row["x"] for row in rows) == 9
    start = next_steps.suggested_start(learning.portal, learner)
    assert len(start) == 4
    weak = {one.candidate.item_id for one in start[:3]}
    assert weak == {"mass-work", "technology", "emergency"}
    assert start[0].reasons[0].kind == "placement"
    assert start[0].reasons[0].values == {"asked": 3, "right": 0}


def test_a_placement_is_taken_again_after_half_a_year(learning: World, learner: Person) -> None:
    learning.serve(library())
    place(learning, learner)
    with pytest.raises(Refused) as caught:
        placement.begin(learning.portal, learner)
    assert caught.value.key == "error.placement_later"
    assert caught.value.args_by_name == {"day": "2027-05-22"}
    learning.clock.forward(days=185)
    place(learning, learner)
    weights = [row["w"] for row in learning.rows("SELECT w FROM evidence ORDER BY id")]
    assert weights[:18] == [1.0] * 18 and 0.9 < weights[18] < 1, "a repeat weighs less"


def test_the_second_placement_asks_other_questions_while_there_are_some(
    learning: World, learner: Person
) -> None:
    learning.serve(library(7))
    sets = []
    for _ in range(2):
        sets.append(place(learning, learner))
        learning.clock.forward(days=185)
    asked = [
        {
            row["question_id"]
            for row in learning.rows(
                "SELECT question_id FROM practice_items WHERE set_id = :s", s=s
            )
        }
        for s in sets
    ]
    assert [len(each) for each in asked] == [18, 18] and not asked[0] & asked[1]


def test_an_answer_twice_and_no_answer(learning: World, learner: Person) -> None:
    learning.serve(library())
    set_id = placement.begin(learning.portal, learner)
    with pytest.raises(Refused):
        placement.go_on(learning.portal, learner, set_id, 0)
    placement.answer(learning.portal, learner, set_id, 0, "7")
    placement.go_on(learning.portal, learner, set_id, 0)
    placement.go_on(learning.portal, learner, set_id, 0, not_known=True)
    assert len(learning.rows("SELECT 1 FROM evidence")) == 1
    with pytest.raises(Refused):
        placement.answer(learning.portal, learner, set_id, 0, "8")
    other = learning.add_person("other", "west")
    for action in (placement.current, placement.go_on):
        args = (set_id,) if action is placement.current else (set_id, 1)
        with pytest.raises(NotAllowed):
            action(learning.portal, other, *args)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        practice.get_card(learning.portal, learner, set_id, 0)  # its keys stay hidden


def test_a_placement_is_skipped_for_good_and_needs_questions(
    learning: World, learner: Person
) -> None:
    learning.serve(library())
    placement.skip(learning.portal, learner)
    assert not next_steps.look(learning.portal, learner).offers_placement
    assert placement.begin(learning.portal, learner), "it can still be taken"
    learning.serve(replace(library(), quizzes={}))
    other = learning.add_person("other", "west")
    assert not next_steps.look(learning.portal, other).offers_placement
    with pytest.raises(Refused) as caught:
        placement.begin(learning.portal, other)
    assert caught.value.key == "error.no_placement"


def test_one_left_alone_for_a_month_is_begun_anew(learning: World, learner: Person) -> None:
    learning.serve(library())
    old = place(learning, learner, turns=4)
    learning.clock.forward(days=31)
    assert placement.begin(learning.portal, learner) != old


def test_obligations_courses_and_forgetting_make_suggestions(
    learning: World, learner: Person
) -> None:
    learning.serve(library())
    progress.open_module(learning.portal, learner, "risk/one")
    assert first(learning, learner)[0] == "risk", "it was begun"
    oblige(learning, learner, "course", "law", due="2026-11-25")
    found = next_steps.look(learning.portal, learner).suggestions
    assert [one.candidate.item_id for one in found][:2] == ["law", "risk"]
    assert found[0].reasons[0].kind == "due" and found[0].reasons[0].values == {"days": 3}
    learning.clock.forward(days=5)
    found = next_steps.look(learning.portal, learner).suggestions
    assert found[0].reasons[0].kind == "overdue"


def oblige(world: World, person: Person, kind: str, item: str, due: str) -> None:
    with world.portal.db.write() as conn:
        assignment_id = conn.insert(
            """
            INSERT INTO assignments (
                title, audience, due, recurrence, required, starts_on, created_at, changed_at
            ) VALUES ('必学', '{}', '{}', '{}', 1, '2026-11-01', '', '')
            RETURNING id
            """
        )
        conn.run(
            """
            INSERT INTO obligations (
                assignment_id, person_id, item_kind, item_id, cycle, began_on, due_on, required
            ) VALUES (:assignment, :person, :kind, :item, '', '2026-11-01', :due, 1)
            """,
            assignment=assignment_id,
            person=person.id,
            kind=kind,
            item=item,
            due=due,
        )


def test_the_stamp_moves_with_everything_that_matters(learning: World, learner: Person) -> None:
    learning.serve(library())
    seen = {next_steps.stamp(learning.portal, learner)}

    def moved() -> bool:
        before = len(seen)
        seen.add(next_steps.stamp(learning.portal, learner))
        return len(seen) > before

    assert not moved()
    place(learning, learner, turns=1)
    assert moved()
    learning.clock.forward(minutes=1)
    set_id = practice.open_daily(learning.portal, learner)
    practice.answer(learning.portal, learner, set_id, 0, [1])
    practice.check(learning.portal, learner, set_id, 0)
    assert moved()
    progress.open_module(learning.portal, learner, "law/one")
    assert moved()
    view = attempts.open_checkpoints(learning.portal, learner, "law/one")
    attempts.answer(learning.portal, learner, view.attempt.id, 0, [0])
    learning.clock.forward(minutes=1)
    attempts.check_item(learning.portal, learner, view.attempt.id, 0)
    assert moved()
    placement.skip(learning.portal, learner)
    assert moved()
    learning.serve(replace(library(), fingerprint="2"))
    assert moved()
    learning.clock.now += timedelta(days=1)
    assert moved()


def test_the_stamp_moves_with_every_change_of_what_is_asked(
    learning: World, learner: Person
) -> None:
    learning.serve(library())
    oblige(learning, learner, "course", "law", due="2026-11-25")
    oblige(learning, learner, "course", "risk", due="2026-11-28")
    oblige(learning, learner, "course", "reform", due="2026-12-25")
    seen = {next_steps.stamp(learning.portal, learner)}
    changes = (
        "UPDATE obligations SET due_on = '2026-11-29' WHERE item_id = 'risk'",  # neither end
        "UPDATE obligations SET required = 0 WHERE item_id = 'risk'",
        "UPDATE obligations SET exempted_at = '2026-11-23' WHERE item_id = 'law'",
        "UPDATE assignments SET title = '改名', changed_at = '2026-11-23'",
        """
        INSERT INTO reminders (obligation_id, person_id, channel, day, at)
        SELECT id, person_id, 'portal', '2026-11-23', '2026-11-23' FROM obligations LIMIT 1
        """,
    )
    for n, change in enumerate(changes, 2):
        with learning.portal.db.write() as conn:
            conn.run(change)
        seen.add(next_steps.stamp(learning.portal, learner))
        assert len(seen) == n, change


def test_prerequisites_come_first_and_other_posts_courses_do_not(
    learning: World, learner: Person
) -> None:
    made = library()
    courses = {
        **made.courses,
        "law": replace(made.courses["law"], prerequisites=("risk",)),
        "reform": replace(made.courses["reform"], posts=("city",)),
    }
    learning.serve(replace(made, courses=courses))
    start = next_steps.suggested_start(learning.portal, learner)
    assert not {"law", "reform"} & {one.candidate.item_id for one in start}
