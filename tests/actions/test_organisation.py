"""The tree changes, people change posts; what was earned stays where it was earned."""

from __future__ import annotations

import pytest

from portal.actions import assignments, people, postings, reports, unit_changes
from portal.actions.assignments import Draft
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.actions.reports import Ask
from portal.core.assignments import Item
from portal.core.audience import AnyOf, Everyone, InUnit, Named
from portal.core.due import NoDue, Once
from portal.core.people import Person
from tests.actions.sample import World
from tests.actions.test_progress import finish_fire


@pytest.fixture
def admin(learning: World) -> Person:
    return learning.grant(learning.add_person("admin", None), "administrator")


@pytest.fixture
def boss(learning: World) -> Person:
    return learning.grant(learning.add_person("boss", None), "manager", "county")


@pytest.fixture
def team(learning: World) -> list[Person]:
    return [learning.add_person(f"grid-{at}", "east-1") for at in range(5)]


def paths(learning: World) -> dict[str, str]:
    return {row["name"]: row["path"] for row in learning.rows("SELECT name, path FROM units")}


def refused(action) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.key


def summary(portal: Portal, boss: Person, unit_id: int):
    return reports.run(portal, boss, "summary", Ask(unit_id=unit_id)).rows[0]


def overview(learning: World, boss: Person, unit: str):
    return summary(learning.portal, boss, learning.unit_ids[unit])


def log(learning: World, action: str):
    return learning.rows("SELECT target, detail FROM audit WHERE action = :action", action=action)


def test_a_unit_moves_with_everything_below_and_its_past(
    learning: World, admin: Person, boss: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    grid = people.create_unit(portal, admin, ids["east-1"], "grid", "一网格")
    finish_fire(learning, team[0])
    unit_changes.move_unit(portal, admin, ids["east-1"], ids["west"])
    assert paths(learning)["东一社区"] == f"/{ids['county']}/{ids['west']}/{ids['east-1']}/"
    assert paths(learning)["一网格"] == f"/{ids['county']}/{ids['west']}/{ids['east-1']}/{grid}/"
    assert (
        overview(learning, boss, "west")["staff"],
        overview(learning, boss, "east")["staff"],
    ) == (5, 0)
    assert overview(learning, boss, "west")["hours"] == 1.5
    [noted] = log(learning, "move_unit")
    assert noted["target"] == f"unit:{ids['east-1']}"
    # who manages the street manages it from the next look on
    west = learning.grant(learning.add_person("west boss", None), "manager", "west")
    assert summary(portal, west, ids["east-1"])["staff"] == 5


def test_moves_that_make_no_sense_change_nothing(learning: World, admin: Person) -> None:
    ids, portal = learning.unit_ids, learning.portal
    before = paths(learning)
    for unit, parent, key in (
        ("county", "east-1", "error.unit_cycle"),
        ("east", "west", "error.unit_kind"),
        ("east-1", "east", "error.unit_there_already"),
    ):
        action = lambda unit=unit, parent=parent: unit_changes.move_unit(  # noqa: E731
            portal, admin, ids[unit], ids[parent]
        )
        assert refused(action) == key
    assert paths(learning) == before


def test_a_merge_takes_people_and_units_along_and_leaves_the_past(
    learning: World, admin: Person, boss: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    finish_fire(learning, team[0])
    clerk = learning.add_person("clerk", "east", post="street")
    postings.add_post(portal, admin, clerk.id, ids["east-1"], "grid")
    learning.clock.forward(days=1)
    moved = unit_changes.merge_unit(portal, admin, ids["east"], ids["west"])
    assert (moved.people, moved.units) == (1, 1)
    assert overview(learning, boss, "west")["staff"] == 6
    assert overview(learning, boss, "west")["hours"] == 1.5  # the community came along
    history = postings.posting_history(portal, admin, clerk.id)
    assert [(row["unit_name"], row["main"], row["ended_at"] is None) for row in history] == [
        ("西街道", 1, True),
        ("东一社区", 0, True),  # goes on untouched
        ("东街道", 1, False),
    ]
    [row] = learning.rows(
        "SELECT closed_at, successor_id FROM units WHERE id = :id", id=ids["east"]
    )
    assert row["successor_id"] == ids["west"] and row["closed_at"] is not None
    assert refused(lambda: people.move(portal, admin, clerk.id, ids["east"], ["street"])) == (
        "error.unit_closed"
    )


def test_a_merge_says_which_assignments_nobody_will_match_any_more(
    learning: World, admin: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    chief = learning.grant(learning.add_person("chief", None), "manager", "county")
    named = AnyOf((InUnit(ids["east"]), Named((team[0].id,))))
    for reach, audience in (
        ("east", Everyone()),
        ("county", named),
        ("county", Everyone()),  # goes on for everybody
        ("east-1", Everyone()),  # so does a unit below
    ):
        items = (Item("quiz", "fire/quiz"),)
        draft = Draft(ids[reach], "", "", items, audience, NoDue(), Once())
        assignments.create(portal, chief, draft)
    assert unit_changes.unit_contents(portal, admin, ids["east"]).assignments == 2
    assert unit_changes.merge_unit(portal, admin, ids["east"], ids["west"]).assignments == 2
    detail = learning.rows("SELECT detail FROM audit WHERE action = 'merge_unit'")[0]["detail"]
    assert '"assignments": 2' in detail


EARNED = (
    "SELECT id, unit_id FROM attempts ORDER BY id",
    "SELECT person_id, course_id, unit_id, completed_unit_id FROM course_progress ORDER BY 1, 2",
    "SELECT * FROM unit_months ORDER BY unit_id, month, course_id",
    "SELECT id, unit_id FROM certificates ORDER BY id",
)


def test_no_change_of_the_tree_or_of_posts_touches_what_was_earned(
    learning: World, admin: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    for person in team:
        finish_fire(learning, person)
    before = [learning.rows(sql) for sql in EARNED]
    assert all(before)
    people.move(portal, admin, team[0].id, ids["west"], ["street"])
    north = people.create_unit(portal, admin, ids["county"], "community", "北社区")
    unit_changes.merge_unit(portal, admin, ids["east-1"], north)
    unit_changes.move_unit(portal, admin, north, ids["west"])
    people.move(portal, admin, team[1].id, ids["west"], ["grid"])
    people.disable(portal, admin, team[2].id)
    assert [learning.rows(sql) for sql in EARNED] == before


def test_what_was_earned_in_a_merged_unit_stays_with_it(
    learning: World, admin: Person, boss: Person
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    other = people.create_unit(portal, admin, ids["east"], "community", "东二社区")
    team = [learning.add_person(f"p{n}", "east-1") for n in range(5)]
    finish_fire(learning, team[0])
    unit_changes.merge_unit(portal, admin, ids["east-1"], other)
    assert summary(portal, boss, other)["hours"] == 0
    assert summary(portal, boss, other)["staff"] == 5
    assert overview(learning, boss, "east")["hours"] == 1.5
    finish_fire_again = learning.person(team[1].id)
    finish_fire(learning, finish_fire_again)
    assert summary(portal, boss, other)["hours"] == 1.5


def test_closing_and_reopening(learning: World, admin: Person, team: list[Person]) -> None:
    ids, portal = learning.unit_ids, learning.portal
    assert refused(lambda: unit_changes.close_unit(portal, admin, ids["east"])) == (
        "error.unit_has_units"
    )
    assert refused(lambda: unit_changes.close_unit(portal, admin, ids["east-1"])) == (
        "error.unit_has_people"
    )
    for person in team:
        people.move(portal, admin, person.id, ids["west"], ["grid"])
    unit_changes.close_unit(portal, admin, ids["east-1"])
    unit_changes.close_unit(portal, admin, ids["east"])
    assert refused(lambda: unit_changes.reopen_unit(portal, admin, ids["east-1"])) == (
        "error.unit_closed"
    )
    unit_changes.reopen_unit(portal, admin, ids["east"])
    unit_changes.reopen_unit(portal, admin, ids["east-1"])
    people.move(portal, admin, team[0].id, ids["east-1"], ["grid"])


def test_names_and_codes_change_and_the_log_keeps_the_old_name(
    learning: World, admin: Person
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    unit_changes.change_unit(portal, admin, ids["east"], "东湖街道", "Donghu", "330106")
    unit_changes.change_unit(portal, admin, ids["east"], "东湖街道", "", "330106")
    assert refused(
        lambda: unit_changes.change_unit(portal, admin, ids["west"], "西", None, "330106")
    ) == ("error.code_taken")
    [row] = learning.rows("SELECT name, name_en, code FROM units WHERE id = :id", id=ids["east"])
    assert row == {"name": "东湖街道", "name_en": None, "code": "330106"}
    assert '"name_before": "东街道"' in log(learning, "rename_unit")[0]["detail"]


def test_only_administrators_change_the_tree_and_posts(
    learning: World, boss: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    for actor in (boss, team[0]):
        for action in (
            lambda actor=actor: unit_changes.move_unit(portal, actor, ids["east-1"], ids["west"]),
            lambda actor=actor: unit_changes.merge_unit(portal, actor, ids["east"], ids["west"]),
            lambda actor=actor: unit_changes.close_unit(portal, actor, ids["west"]),
            lambda actor=actor: unit_changes.reopen_unit(portal, actor, ids["west"]),
            lambda actor=actor: unit_changes.change_unit(
                portal, actor, ids["west"], "x", None, None
            ),
            lambda actor=actor: unit_changes.unit_contents(portal, actor, ids["west"]),
            lambda actor=actor: postings.add_post(portal, actor, team[1].id, ids["west"], "grid"),
            lambda actor=actor: postings.end_post(portal, actor, team[1].id, ids["east-1"], "grid"),
            lambda actor=actor: postings.posting_history(portal, actor, team[1].id),
        ):
            with pytest.raises(NotAllowed):
                action()


# posts


def test_a_second_post_is_held_beside_the_first(
    learning: World, admin: Person, team: list[Person]
) -> None:
    ids, portal, person = learning.unit_ids, learning.portal, team[0]
    postings.add_post(portal, admin, person.id, ids["west"], "street")
    now = learning.person(person.id)
    assert (now.unit_id, now.posts) == (ids["east-1"], ("grid", "street"))
    assert refused(lambda: postings.add_post(portal, admin, person.id, ids["west"], "street")) == (
        "error.post_held"
    )
    learning.clock.forward(days=1)
    postings.end_post(portal, admin, person.id, ids["east-1"], "grid")
    now = learning.person(person.id)
    assert (now.unit_id, now.posts) == (ids["west"], ("street",))  # now it is the main one
    postings.end_post(portal, admin, person.id, ids["west"], "street")
    assert learning.person(person.id).unit_id is None
    assert refused(lambda: postings.end_post(portal, admin, person.id, ids["west"], "street")) == (
        "error.post_not_held"
    )


def test_a_new_main_post_moves_the_person(
    learning: World, admin: Person, boss: Person, team: list[Person]
) -> None:
    ids, portal = learning.unit_ids, learning.portal
    finish_fire(learning, team[0])
    postings.add_post(portal, admin, team[0].id, ids["west"], "street", main=True)
    assert learning.person(team[0].id).unit_id == ids["west"]
    assert overview(learning, boss, "county")["staff"] == 5
    assert overview(learning, boss, "county")["hours"] == 1.5


def test_a_transfer_to_the_same_place_goes_on(
    learning: World, admin: Person, team: list[Person]
) -> None:
    before = postings.posting_history(learning.portal, admin, team[0].id)
    learning.clock.forward(days=9)
    people.move(learning.portal, admin, team[0].id, learning.unit_ids["east-1"], ["grid"])
    assert postings.posting_history(learning.portal, admin, team[0].id) == before
