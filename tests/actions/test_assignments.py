"""Assignments over a real database: who is asked, what follows events, who may decide."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.actions import assignments, attempts, duties, exceptions, people, progress, stepping
from portal.actions.assignments import Draft
from portal.actions.audience import path_of as audience_path
from portal.actions.audience import reached
from portal.actions.audit import read_audit
from portal.actions.errors import NotAllowed, Refused
from portal.actions.obligations import matching, people_changed
from portal.actions.summaries import rebuild_summaries
from portal.actions.unit_changes import move_unit
from portal.core.assignments import Item
from portal.core.audience import AllOf, AnyOf, BelowLevel, Everyone, HoldsPost, InUnit, Named, Rule
from portal.core.capabilities import Bilingual, Capability, CapabilityModel, Post
from portal.core.due import AfterJoining, AfterMatch, NoDue, Once, OnDate, Rolling, Yearly
from portal.core.people import Person
from portal.store import assigned, audiences, obligations
from portal.web.text import messages
from tests.actions.sample import World, sample_catalogue

LAW = Item("course", "law")
EVERYBODY = Everyone()
QUIZ = Item("quiz", "fire/quiz")
DUE = OnDate(date(2026, 12, 20))
POSTS = tuple(Post(key, Bilingual(key), {"law": 2}) for key in ("grid", "mediator"))


@pytest.fixture
def town(learning: World) -> World:
    """The sample county with posts and a capability."""
    model = CapabilityModel((Capability("law", Bilingual("法律"), "#000000", ()),), POSTS)
    learning.serve(replace(sample_catalogue(), capabilities=model))
    return learning


@pytest.fixture
def boss(town: World) -> Person:
    return town.grant(town.add_person("boss", "east"), "manager", "east")


@pytest.fixture
def wang(town: World) -> Person:
    return town.add_person("wang", "east-1")


def draft(town: World, *items: Item, audience: Rule = EVERYBODY, **others: Any) -> Draft:
    unit = others.pop("unit", "east")
    given: dict[str, Any] = {
        "title": "",
        "reason": "",
        "due": DUE,
        "recurrence": Once(),
        **others,
    }
    return Draft(
        unit_id=town.unit_ids[unit] if unit else None,
        items=items or (QUIZ,),
        audience=audience,
        **given,
    )


def give(town: World, actor: Person, *items: Item, **terms: Any) -> int:
    made = assignments.create(town.portal, actor, draft(town, *items, **terms))
    list(stepping.bring_into_step(town.portal, made))
    return made


def asked(town: World, person: Person | None = None) -> list[tuple[str, str, str]]:
    """Item, day, state of everybody's obligations or one person's."""
    rows = town.rows(
        "SELECT * FROM obligations WHERE :id IS NULL OR person_id = :id ORDER BY person_id, id",
        id=person.id if person else None,
    )
    return [(row["item_id"], row["due_on"] or "-", state_of(row)) for row in rows]


def state_of(row: dict[str, Any]) -> str:
    for name in ("done", "exempted", "withdrawn"):
        if row[f"{name}_at"]:
            return name
    return "open"


def obligation_of(town: World, person: Person) -> int:
    [row] = town.rows("SELECT id FROM obligations WHERE person_id = :id", id=person.id)
    return int(row["id"])


def take(town: World, person: Person, right: bool = True) -> None:
    """Hand in the practice quiz."""
    attempt = attempts.open_attempt(town.portal, person, "fire/quiz")
    for position in range(4):
        attempts.answer(town.portal, person, attempt.id, position, [1 if right else 0])
    attempts.submit(town.portal, person, attempt.id)


def figures_add_up(town: World) -> None:
    """The counts kept by the way are those made anew from the rows."""
    kept = town.rows(COUNTS)
    with town.portal.db.write() as conn:
        obligations.recount(conn)
    assert town.rows(COUNTS) == kept


def test_counts_that_went_wrong_are_made_anew(town: World, boss: Person, wang: Person) -> None:
    give(town, boss)
    kept = town.rows(COUNTS)
    assert kept
    with town.portal.db.write() as conn:
        conn.run("UPDATE obligation_counts SET asked = asked + 7")
    rebuild_summaries(town.portal)
    assert town.rows(COUNTS) == kept


COUNTS = """
    SELECT * FROM obligation_counts WHERE asked <> 0
    ORDER BY assignment_id, unit_id, required, due_on
"""


# Who is asked


def test_everybody_in_reach_is_asked_and_nobody_outside(
    town: World, boss: Person, wang: Person
) -> None:
    outside = town.add_person("li", "west")
    give(town, boss)
    assert asked(town, wang) == [("fire/quiz", "2026-12-20", "open")]
    assert asked(town, boss) == [("fire/quiz", "2026-12-20", "open")]
    assert asked(town, outside) == []
    figures_add_up(town)


def test_one_posting_has_to_fit_the_whole_rule(town: World, boss: Person, wang: Person) -> None:
    both = town.add_person("both", "west", "mediator")
    with town.portal.db.write() as conn:
        conn.run(
            """
            INSERT INTO postings (person_id, unit_id, post, began_at, main)
            VALUES (:p, :u, 'grid', '2026-01-01T00:00:00.000Z', 0)
            """,
            p=both.id,
            u=town.unit_ids["east-1"],
        )
    give(town, boss, audience=AllOf((InUnit(town.unit_ids["east-1"]), HoldsPost("mediator"))))
    assert asked(town) == []
    give(town, boss, audience=AnyOf((Named((both.id,)), HoldsPost("mediator"))))
    assert asked(town, both) == [("fire/quiz", "2026-12-20", "open")]
    assert asked(town, wang) == []


def test_levels_not_measured_match_only_when_asked_for(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss, audience=BelowLevel("law"))
    assert asked(town, wang) == []
    give(town, boss, audience=BelowLevel("law", unmeasured=True))
    assert asked(town, wang) == [("fire/quiz", "2026-12-20", "open")]


def test_the_preview_counts_whom_the_assignment_then_asks(
    town: World, boss: Person, wang: Person
) -> None:
    town.add_person("chen", "east-1", "mediator")
    unit = town.unit_ids["east"]
    rules: tuple[Rule, ...] = (
        Everyone(),
        HoldsPost("mediator"),
        Named((wang.id,)),
        AnyOf((HoldsPost("mediator"), Named((boss.id,)))),
        AllOf((InUnit(town.unit_ids["east-1"]), HoldsPost("grid"))),
        BelowLevel("law", unmeasured=True),
    )
    for rule in rules:
        seen = reached(town.portal, boss, unit, rule)
        made = give(town, boss, audience=rule)
        ids = {
            row["person_id"]
            for row in town.rows("SELECT * FROM obligations WHERE assignment_id = :a", a=made)
        }
        assert seen.count == len(ids)
        assert {row["id"] for row in seen.first} == ids


# What follows from events


def test_a_newcomer_is_asked_and_has_time(town: World, boss: Person) -> None:
    give(town, boss, due=OnDate(date(2026, 12, 1)))
    town.clock.forward(days=20)
    new = town.add_person("new", "east-1")
    with town.portal.db.write() as conn:
        people_changed(conn, town.portal, [new.id])
    assert asked(town, new) == [("fire/quiz", "2027-01-11", "open")]
    figures_add_up(town)


def test_days_after_joining_begin_with_the_posting(town: World, boss: Person, wang: Person) -> None:
    give(town, boss, due=AfterJoining(14))
    assert asked(town, wang)[0][1] == "2026-12-06"
    town.clock.forward(days=40)
    late = town.add_person("late", "east-1")
    with town.portal.db.write() as conn:
        people_changed(conn, town.portal, [late.id])
    assert asked(town, late)[0][1] == "2027-01-15"


def test_who_leaves_keeps_what_is_done_and_is_not_asked_for_the_rest(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss, QUIZ, LAW)
    take(town, wang)
    moved = town.move(wang, "west")
    with town.portal.db.write() as conn:
        people_changed(conn, town.portal, [wang.id])
    assert asked(town, moved) == [
        ("fire/quiz", "2026-12-20", "done"),
        ("law", "2026-12-20", "withdrawn"),
    ]
    [done] = town.rows("SELECT unit_id FROM obligations WHERE done_at IS NOT NULL")
    assert done["unit_id"] == town.unit_ids["east-1"]  # where it was done
    figures_add_up(town)


def test_moving_inside_the_reach_keeps_the_day_and_counts_in_the_new_unit(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss, due=AfterMatch(10))
    town.clock.forward(days=5)
    town.move(wang, "east")
    with town.portal.db.write() as conn:
        people_changed(conn, town.portal, [wang.id])
    [row] = town.rows("SELECT * FROM obligations WHERE person_id = :id", id=wang.id)
    assert (row["due_on"], row["unit_id"]) == ("2026-12-02", town.unit_ids["east"])
    figures_add_up(town)


def test_the_actions_on_people_keep_obligations_in_step(town: World, boss: Person) -> None:
    admin = town.grant(town.add_person("admin", None), "administrator")
    give(town, boss)
    made = people.create_person(
        town.portal,
        admin,
        staff_no="n1",
        login="n1",
        name="新人",
        unit_id=town.unit_ids["east-1"],
        posts=["grid"],
    )
    new = town.person(made.person_id)
    assert asked(town, new)[0][2] == "open"
    people.disable(town.portal, admin, new.id)
    assert asked(town, new)[0][2] == "withdrawn"
    people.enable(town.portal, admin, new.id)
    assert asked(town, new)[0][2] == "open"
    people.move(town.portal, admin, new.id, town.unit_ids["west"], ["grid"])
    assert asked(town, new)[0][2] == "withdrawn"


def test_a_passed_quiz_and_a_completed_course_are_done_at_once(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss, QUIZ, LAW)
    take(town, wang, right=False)
    assert [row[2] for row in asked(town, wang)] == ["open", "open"]
    take(town, wang)
    assert [row[2] for row in asked(town, wang)] == ["done", "open"]
    progress.open_module(town.portal, wang, "law/one")
    before = town.portal.db.revision()
    progress.see_section(town.portal, wang, "law/one", "start")
    assert [row[2] for row in asked(town, wang)] == ["done", "done"]
    assert town.portal.db.revision() > before
    figures_add_up(town)


def test_a_course_without_expiry_comes_round_and_is_done_by_reading_it_again(
    town: World, boss: Person, wang: Person
) -> None:
    catalogue = sample_catalogue()
    law = replace(catalogue.courses["law"], valid_months=0)
    town.serve(replace(catalogue, courses={**catalogue.courses, "law": law}))
    give(town, boss, LAW, due=NoDue(), recurrence=Rolling(12, 60))
    progress.open_module(town.portal, wang, "law/one")
    progress.see_section(town.portal, wang, "law/one", "start")
    assert asked(town, wang) == [("law", "-", "done")]
    town.clock.forward(days=306)
    stepping.keep_in_step(town.portal)
    assert asked(town, wang)[1] == ("law", "2027-11-22", "open")
    progress.see_section(town.portal, wang, "law/one", "start")
    assert asked(town, wang)[1] == ("law", "2027-11-22", "done")
    figures_add_up(town)


def test_a_year_begins_by_itself(town: World, boss: Person, wang: Person) -> None:
    give(town, boss, recurrence=Yearly())
    town.clock.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    stepping.keep_in_step(town.portal)
    assert len(asked(town, wang)) == 1
    town.clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    stepping.keep_in_step(town.portal)
    stepping.keep_in_step(town.portal)
    assert [row[1] for row in asked(town, wang)] == ["2026-12-20", "2027-12-20"]
    figures_add_up(town)


# Changing and ending


def test_a_changed_day_reaches_everybody_but_extensions(
    town: World, boss: Person, wang: Person
) -> None:
    made = give(town, boss)
    exceptions.extend(town.portal, boss, obligation_of(town, wang), date(2027, 3, 1), "生病住院")
    changed = draft(town, due=OnDate(date(2027, 1, 15)))
    assert assignments.change(town.portal, boss, made, changed)
    list(stepping.bring_into_step(town.portal, made))
    assert asked(town, wang)[0][1] == "2027-03-01"
    assert asked(town, boss)[0][1] == "2027-01-15"
    assert not assignments.change(town.portal, boss, made, replace(changed, title="安全月"))
    figures_add_up(town)


def test_another_audience_or_item_withdraws_and_asks(
    town: World, boss: Person, wang: Person
) -> None:
    made = give(town, boss)
    assignments.change(town.portal, boss, made, draft(town, LAW, audience=Named((wang.id,))))
    list(stepping.bring_into_step(town.portal, made))
    assert [(row[0], row[2]) for row in asked(town, wang)] == [
        ("fire/quiz", "withdrawn"),
        ("law", "open"),
    ]
    assert [row[2] for row in asked(town, boss)] == ["withdrawn"]
    figures_add_up(town)


def test_an_ended_assignment_asks_nobody_and_keeps_what_was_done(
    town: World, boss: Person, wang: Person
) -> None:
    made = give(town, boss)
    take(town, wang)
    assignments.end(town.portal, boss, made)
    stepping.keep_in_step(town.portal)
    assert [row[2] for row in asked(town, wang)] == ["done"]
    assert [row[2] for row in asked(town, boss)] == ["withdrawn"]
    with pytest.raises(Refused, match="assignment_ended"):
        assignments.change(town.portal, boss, made, draft(town))


def test_a_look_at_everybody_goes_on_where_it_was_left(
    town: World, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "A_BATCH", 3)
    for n in range(10):
        town.add_person(f"p{n}", "east-1")
    made = assignments.create(town.portal, boss, draft(town))
    steps = stepping.bring_into_step(town.portal, made)
    assert next(steps) == (3, 11)
    steps.close()  # the server went down
    assert len(asked(town)) == 3
    assert next(stepping.bring_into_step(town.portal, made)) == (6, 11)
    stepping.keep_in_step(town.portal)
    assert len(asked(town)) == 11
    assert town.rows("SELECT sync_after FROM assignments") == [{"sync_after": None}]


def test_a_change_in_the_middle_begins_anew(
    town: World, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "A_BATCH", 1)
    chen = town.add_person("chen", "east-1", "mediator")
    made = assignments.create(town.portal, boss, draft(town))
    steps = stepping.bring_into_step(town.portal, made)
    next(steps)
    assignments.change(town.portal, boss, made, draft(town, audience=HoldsPost("mediator")))
    assert list(steps) == []
    stepping.keep_in_step(town.portal)
    assert [row[2] for row in asked(town, chen)] == ["open"]
    assert [row[2] for row in asked(town, boss)] == ["withdrawn"]


def test_who_moves_by_whatever_way_is_dealt_with_by_the_next_round(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss)
    outside = town.add_person("li", "west")
    town.move(wang, "west")
    town.move(outside, "east-1")
    stepping.keep_in_step(town.portal)
    assert asked(town, wang)[0][2] == "withdrawn"
    assert asked(town, outside)[0][2] == "open"
    assert town.rows("SELECT * FROM moved_people") == []


def test_after_a_unit_has_moved_others_are_asked_and_days_stay(
    town: World, boss: Person, wang: Person
) -> None:
    admin = town.grant(town.add_person("admin", None), "administrator")
    top = town.grant(town.add_person("top", "county"), "manager", "county")
    give(town, boss)
    give(town, top, LAW, unit="county", due=AfterMatch(10))
    town.clock.forward(days=5)
    move_unit(town.portal, admin, town.unit_ids["east-1"], town.unit_ids["west"])
    stepping.keep_in_step(town.portal)
    assert asked(town, wang) == [
        ("fire/quiz", "2026-12-20", "withdrawn"),
        ("law", "2026-12-02", "open"),
    ]
    figures_add_up(town)


# Exceptions


def test_more_time_needs_a_reason_and_a_later_day(town: World, boss: Person, wang: Person) -> None:
    give(town, boss)
    mine = obligation_of(town, wang)
    for day, reason, key in (
        (date(2027, 1, 1), "  ", "reason_needed"),
        (date(2027, 1, 1), "长" * 301, "reason_long"),
        (date(2026, 12, 20), "病假", "extension_day"),
        (date(2026, 12, 1), "病假", "extension_day"),
        (date(2099, 1, 1), "病假", "extension_day"),
    ):
        with pytest.raises(Refused, match=key):
            exceptions.extend(town.portal, boss, mine, day, reason)
    exceptions.extend(town.portal, boss, mine, date(2027, 1, 1), "病假")
    assert asked(town, wang)[0][1] == "2027-01-01"
    [said] = exceptions.decisions(town.portal, boss, mine)
    assert (said["kind"], said["reason"], said["name"]) == ("extend", "病假", boss.name)
    figures_add_up(town)


def test_an_exemption_can_be_taken_back(town: World, boss: Person, wang: Person) -> None:
    give(town, boss)
    mine = obligation_of(town, wang)
    exceptions.exempt(town.portal, boss, mine, "已在市里参加同等培训")
    assert asked(town, wang)[0][2] == "exempted"
    with pytest.raises(Refused, match="not_open"):
        exceptions.exempt(town.portal, boss, mine, "再来一次")
    figures_add_up(town)
    exceptions.restore(town.portal, boss, mine, "证书过期")
    assert asked(town, wang)[0][2] == "open"
    with pytest.raises(Refused, match="not_exempted"):
        exceptions.restore(town.portal, boss, mine, "再来一次")
    figures_add_up(town)


# Who may


def test_who_may_assign_where(town: World, boss: Person, wang: Person) -> None:
    made = give(town, boss)
    other = town.grant(town.add_person("other", "west"), "manager", "west")
    admin = town.grant(town.add_person("admin", None), "administrator")
    trainer = town.grant(town.add_person("trainer", None), "trainer")
    for actor in (wang, other, admin):
        with pytest.raises(NotAllowed):
            assignments.create(town.portal, actor, draft(town))
        with pytest.raises(NotAllowed):
            assignments.change(town.portal, actor, made, draft(town, title="x"))
        with pytest.raises(NotAllowed):
            assignments.end(town.portal, actor, made)
        with pytest.raises(NotAllowed):
            reached(town.portal, actor, town.unit_ids["east"], Everyone())
    with pytest.raises(NotAllowed):
        assignments.create(town.portal, boss, draft(town, unit=None))
    with pytest.raises(NotAllowed):
        assignments.change(town.portal, boss, made, draft(town, unit="county"))
    assignments.create(town.portal, trainer, draft(town, unit=None))
    assert reached(town.portal, trainer, None, Everyone()).first == []  # counts, no names


def test_a_managers_rule_names_nobody_outside(town: World, boss: Person) -> None:
    outside = town.add_person("li", "west")
    for rule, key in (
        (Named((outside.id,)), "audience_person"),
        (Named((99999,)), "audience_person"),
        (InUnit(town.unit_ids["west"]), "audience_unit"),
        (AllOf((Everyone(), InUnit(99999))), "audience_unit"),
        (HoldsPost("pilot"), "audience_post"),
        (BelowLevel("magic"), "audience_capability"),
        (AnyOf(()), "audience_empty"),
    ):
        with pytest.raises(Refused, match=key):
            assignments.create(town.portal, boss, draft(town, audience=rule))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"items": ()}, "assignment_items"),
        ({"items": (QUIZ, QUIZ)}, "assignment_items"),
        ({"items": (Item("course", "gone"),)}, "item_unknown"),
        ({"items": (Item("quiz", "fire/pool"),)}, "item_unknown"),
        ({"items": (Item("drill", "none"),)}, "item_unknown"),
        ({"title": "长" * 81}, "assignment_title"),
        ({"reason": "长" * 301}, "assignment_reason"),
        ({"due": OnDate(date(2026, 11, 1))}, "due_past"),
        ({"due": NoDue(), "recurrence": Yearly()}, "yearly_needs_date"),
        ({"recurrence": Rolling(1, 60)}, "window_too_long"),
        ({"due": AfterMatch(-1)}, "due_form"),
    ],
)
def test_a_bad_draft_is_refused_and_nothing_is_written(
    town: World, boss: Person, change: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refused, match=key):
        assignments.create(town.portal, boss, replace(draft(town), **change))
    assert town.rows("SELECT * FROM assignments") == []


def test_a_manager_sees_what_comes_from_above_and_only_the_own_people(
    town: World, boss: Person, wang: Person
) -> None:
    top = town.grant(town.add_person("top", "county"), "manager", "county")
    town.add_person("li", "west")
    made = give(town, top, unit="county")
    give(town, top, unit="west")  # does not concern the east
    [line] = assignments.overview(town.portal, boss, town.unit_ids["east"])
    assert (line.assignment.id, line.mine, line.figures.asked) == (made, False, 2)
    assert line.by == top.name
    rows = assignments.people_of(town.portal, boss, made, town.unit_ids["east"])
    assert {row["person_id"] for row in rows} == {boss.id, wang.id}
    with pytest.raises(NotAllowed):
        assignments.people_of(town.portal, boss, made, town.unit_ids["county"])
    with pytest.raises(NotAllowed):
        assignments.get(town.portal, boss, made, None)
    with pytest.raises(NotAllowed):
        assignments.end(town.portal, boss, made)
    assert len(assignments.overview(town.portal, top, town.unit_ids["county"])) == 2


def test_a_trainer_learns_nothing_about_one_person_by_assigning_to_few(
    town: World, boss: Person, wang: Person
) -> None:
    trainer = town.grant(town.add_person("trainer", None), "trainer")
    take(town, wang)
    terms = {"unit": None, "audience": Named((wang.id,))}
    made = give(town, trainer, QUIZ, LAW, **terms)
    measured = AllOf((BelowLevel("law", unmeasured=True), InUnit(town.unit_ids["east-1"])))
    found = reached(town.portal, trainer, None, measured)
    assert (found.small, found.count) == (True, 0)  # nor whether the one there is below the level
    assert not reached(town.portal, trainer, None, InUnit(town.unit_ids["east-1"])).small
    assert reached(town.portal, boss, town.unit_ids["east"], measured).count == 1
    [line] = assignments.overview(town.portal, trainer, None)
    assert line.small and line.figures == assignments.Figures()
    assert assignments.get(town.portal, trainer, made, None).small
    unit = town.unit_ids["east"]
    assert assignments.get(town.portal, boss, made, unit).figures.done == 1  # who sees names
    five = tuple(town.add_person(f"p{n}", "east").id for n in range(4))
    give(town, trainer, QUIZ, unit=None, audience=Named((*five, wang.id)))
    line = assignments.overview(town.portal, trainer, None)[0]
    assert (line.small, line.figures.asked, line.figures.done) == (False, 5, 1)


def test_nobody_decides_about_people_elsewhere_or_about_themselves(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss)
    other = town.grant(town.add_person("other", "west"), "manager", "west")
    trainer = town.grant(town.add_person("trainer", None), "trainer")
    for actor in (other, trainer, wang):
        with pytest.raises(NotAllowed):
            exceptions.exempt(town.portal, actor, obligation_of(town, wang), "理由")
        with pytest.raises(NotAllowed):
            exceptions.decisions(town.portal, actor, obligation_of(town, wang))
    with pytest.raises(NotAllowed):
        exceptions.exempt(town.portal, boss, obligation_of(town, boss), "理由")
    with pytest.raises(NotAllowed):
        exceptions.exempt(town.portal, boss, 999, "理由")


def test_states_and_figures_tell_the_same(town: World, boss: Person, wang: Person) -> None:
    made = give(town, boss, QUIZ, due=OnDate(date(2026, 12, 1)))
    give(town, boss, LAW, required=False, due=OnDate(date(2026, 12, 1)))
    take(town, wang)
    town.clock.forward(days=20)
    unit = town.unit_ids["east"]
    line = assignments.get(town.portal, boss, made, unit)
    assert (line.figures.asked, line.figures.done, line.figures.overdue) == (2, 1, 1)
    assert line.figures.rate == 0.5
    states = {
        state: len(assignments.people_of(town.portal, boss, made, unit, state))
        for state in ("all", "overdue", "soon", "open", "done", "exempted")
    }
    assert states == {"all": 2, "overdue": 1, "soon": 0, "open": 1, "done": 1, "exempted": 0}
    [late] = assignments.due_in_unit(town.portal, boss, unit)
    assert (late["person_id"], late["item_id"]) == (boss.id, "fire/quiz")
    total = assignments.unit_figures(town.portal, boss, unit)
    assert (total.asked, total.done, total.overdue) == (4, 1, 1)  # recommended is never overdue


def test_every_change_is_in_the_audit_log(town: World, boss: Person, wang: Person) -> None:
    made = give(town, boss, reason="汛期将至")
    assignments.change(town.portal, boss, made, draft(town, title="汛前"))
    exceptions.exempt(town.portal, boss, obligation_of(town, wang), "理由")
    assignments.end(town.portal, boss, made)
    assignments.end(town.portal, boss, made)  # nothing more happens
    log = town.rows("SELECT action, target, actor_id, detail FROM audit ORDER BY id")
    assert [row["action"] for row in log] == [
        "create_assignment",
        "change_assignment",
        "exempt_obligation",
        "end_assignment",
    ]
    assert {row["actor_id"] for row in log} == {boss.id}
    for kind in ("extend", "exempt", "restore"):
        assert f"audit_action.{kind}_obligation" in messages("zh")
    detail = json.loads(log[0]["detail"])
    assert detail["audience"] == {"type": "everyone"} and detail["reason"] == "汛期将至"
    assert log[2]["target"] == f"person:{wang.id}"


def test_an_auditor_reads_for_whom_it_was(town: World, boss: Person, wang: Person) -> None:
    unit = town.unit_ids["east-1"]
    give(town, boss, audience=AnyOf((InUnit(unit), Named((boss.id,)))))
    auditor = town.grant(town.add_person("auditor", None), "auditor")
    [entry] = read_audit(town.portal, auditor)
    assert entry["names"] == {f"unit:{unit}": "东一社区", f"person:{boss.id}": boss.name}


# One person's record of what was asked


def test_the_record_tells_what_is_due_overdue_done_late_and_let_off_with_the_reason(
    town: World, boss: Person, wang: Person
) -> None:
    give(town, boss, LAW, due=OnDate(date(2026, 12, 1)), title="法治月")
    give(town, boss, QUIZ, due=OnDate(date(2026, 11, 25)))
    give(town, boss, Item("course", "fire"), due=OnDate(date(2026, 12, 24)), required=False)
    give(town, boss, Item("course", "fire"), due=NoDue())

    def told(actor: Person, whose: int | None = None) -> list[tuple[str, str, int | None]]:
        found = duties.of_person(town.portal, actor, whose)
        return [(one.item.id, one.state, one.days_left) for one in found]

    assert told(wang) == [
        ("fire/quiz", "open", 3),
        ("law", "open", 9),
        ("fire", "open", None),
        ("fire", "open", 32),
    ]
    town.clock.forward(days=5)
    take(town, wang)
    [law] = town.rows(
        "SELECT id FROM obligations WHERE item_id = 'law' AND person_id = :id", id=wang.id
    )
    exceptions.extend(town.portal, boss, law["id"], date(2026, 12, 3), "出差")
    assert told(wang)[0] == ("law", "open", 6) and told(wang)[-1] == ("fire/quiz", "late", -2)
    town.clock.forward(days=40)
    late, *_ = duties.of_person(town.portal, wang)
    assert (late.state, late.days_left, late.said, late.decided_by) == (
        "overdue",
        -34,
        "出差",
        boss.name,
    )
    assert (late.assignment, late.by, late.extended) == ("法治月", boss.name, True)
    assert ("fire", "open", -13) in told(wang)  # a recommendation is never overdue
    exceptions.exempt(town.portal, boss, law["id"], "产假")
    let_off = next(one for one in duties.of_person(town.portal, boss, wang.id) if one.ended_at)
    assert (let_off.item, let_off.state, let_off.said) == (LAW, "exempted", "产假")
    exceptions.restore(town.portal, boss, law["id"], "弄错了")
    assert duties.of_person(town.portal, wang)[0].said == ""
    assert told(boss, wang.id) == told(wang)
    # what is withdrawn was not asked; what is not offered any more keeps its title
    assignments.end(town.portal, boss, 4)
    list(stepping.bring_into_step(town.portal, 4))
    town.serve(replace(sample_catalogue(), courses={}, quizzes={}))
    progress.sync_courses(town.portal)
    gone = duties.of_person(town.portal, wang)
    assert len(gone) == 3 and not any(one.offered for one in gone)
    west = town.grant(town.add_person("far", None), "manager", "west")
    for other in (west, town.add_person("li", "east-1")):
        with pytest.raises(NotAllowed):
            duties.of_person(town.portal, other, wang.id)


# Counts and lists over many are the same as one by one


def test_who_is_reached_is_counted_as_if_everybody_were_looked_at(
    town: World, boss: Person
) -> None:
    rng = random.Random(4)
    places = list(town.unit_ids)
    staff = [town.add_person(f"p{n}", rng.choice(places), POSTS[n % 2].key) for n in range(25)]
    for person in staff[::6]:  # beside the main post
        with town.portal.db.write() as conn:
            conn.run(
                """
                INSERT INTO postings (person_id, unit_id, post, began_at, main)
                VALUES (:p, :u, 'mediator', '2026-01-01T00:00:00.000Z', 0)
                """,
                p=person.id,
                u=town.unit_ids[rng.choice(places)],
            )
    with town.portal.db.read() as conn:
        everybody = audiences.people_below(conn, "/")
    chief = town.grant(boss, "manager", "county")

    def rule(deep: int) -> Rule:
        if deep and rng.random() < 0.6:
            kind = rng.choice((AllOf, AnyOf))
            return kind(tuple(rule(deep - 1) for _ in range(rng.randrange(2, 4))))
        named = Named(tuple(sorted(person.id for person in rng.sample(staff, 3))))
        unit = InUnit(town.unit_ids[rng.choice(places)])
        return rng.choice((Everyone(), HoldsPost("grid"), unit, named, named))

    for _ in range(60):
        wanted = rule(2)
        with town.portal.db.read() as conn:
            path = audience_path(conn, town.unit_ids["county"])
            alone = matching(conn, town.portal, path, wanted, everybody)
        found = reached(town.portal, chief, town.unit_ids["county"], wanted)
        assert found.count == len(alone), wanted
        assert {row["id"] for row in found.first} <= set(alone), wanted


def test_pages_of_who_is_late_follow_each_other_by_day_unit_and_person(
    town: World, boss: Person
) -> None:
    for n in range(9):
        town.add_person(f"p{8 - n}", "east-1" if n % 2 else "east")
    first = give(town, boss, LAW, due=OnDate(date(2026, 11, 24)))
    give(town, boss, QUIZ, due=OnDate(date(2026, 11, 25)))
    give(town, boss, Item("course", "fire"), due=OnDate(date(2026, 12, 9)))
    give(town, boss, Item("course", "fire"), due=OnDate(date(2026, 11, 25)), required=False)
    town.clock.forward(days=5)

    def late(states=("overdue",), **page: int) -> list[tuple[str, str, str, str]]:
        east = town.unit_ids["east"]
        rows = assignments.due_in_unit(town.portal, boss, east, states, **page)
        return [(r["due_on"], r["unit_path"], r["staff_no"], r["item_id"]) for r in rows]

    everybody = late(limit=100)
    assert len(everybody) == 2 * 10 and everybody == sorted(everybody)
    for size in (1, 3, 7):
        pages = [late(limit=size, offset=at) for at in range(0, 20, size)]
        assert [row for page in pages for row in page] == everybody
    assert late(limit=5, offset=20) == []
    assert {row[3] for row in late(("soon",))} == {"fire"} and len(late(("soon",))) == 10
    assert len(late(("overdue", "soon"), limit=100)) == 30
    with town.portal.db.read() as conn:
        wanted = assigned.Wanted("/", ("overdue",), "2026-11-27", "", first)
        one = assigned.in_unit(conn, wanted, limit=99)
    assert len(one) == 10 and {row["assignment_id"] for row in one} == {first}
