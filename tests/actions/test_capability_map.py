"""What a manager is told of a unit: with uncertainty, never of a few people, never derivable."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from portal.actions import calibration, capability_map, capability_rounds, evidence
from portal.actions.errors import NotAllowed
from portal.core import capability_centre
from portal.core.capabilities import Bilingual
from portal.core.capability import CAPABILITIES
from portal.core.capability_centre import Use
from portal.core.capability_groups import people_of
from portal.core.capability_log import BLANK, at_time
from portal.core.people import Person
from portal.store import capability, units
from tests.actions.sample import QUESTIONS, World
from tests.actions.test_evidence import take


def answers(world: World, person: Person, rights: int, wrongs: int = 0, by: str = "emergency"):
    """Give the person answers to different questions of one capability."""
    decisions = [
        (f"d{n}", f"{person.id}-{n}-{by}", by, "P" if n < rights else "U")
        for n in range(rights + wrongs)
    ]
    with world.portal.db.write() as conn:
        evidence.drill_finished(conn, world.portal, person.id, person.id, decisions, world.clock())


def crowd(world: World, unit: str, count: int, rights: int = 5, wrongs: int = 0) -> list[Person]:
    made = [world.add_person(f"{unit}-{n}", unit) for n in range(count)]
    for person in made:
        answers(world, person, rights, wrongs)
    return made


@pytest.fixture
def boss(learning: World) -> Person:
    return learning.grant(learning.add_person("boss", "county", "street"), "manager", "county")


def view(world: World, actor: Person, unit: str):
    capability_rounds.refresh(world.portal)
    return capability_map.unit_map(world.portal, actor, world.unit_ids[unit])


def lines(found) -> dict[str, capability_map.Cell]:
    return {line.name: line.cells["emergency"] for line in found.children}


def test_units_stand_beside_each_other_with_band_and_number_measured(learning, boss) -> None:
    crowd(learning, "east", 9, rights=6)
    crowd(learning, "west", 8, rights=1, wrongs=5)
    learning.add_person("silent", "west")
    found = view(learning, boss, "county")
    east, west = lines(found)["东街道"], lines(found)["西街道"]
    assert (east.measured, east.members) == (9, 9) and (west.measured, west.members) == (8, 9)
    assert west.low < west.score < west.high < east.low < east.score < east.high
    total = found.total.cells["emergency"]
    assert (total.measured, total.members) == (17, 19) and west.score < total.score < east.score
    assert found.at is not None


def test_a_group_under_five_is_hidden_and_does_not_follow_from_the_others(learning, boss) -> None:
    crowd(learning, "east", 9)
    crowd(learning, "west", 4)
    found = view(learning, boss, "county")
    assert lines(found)["西街道"].score is None and lines(found)["西街道"].measured is None
    without = {line.name: line.cells["reform"] for line in found.children}
    assert without["西街道"].measured is None, "that nobody of four is measured tells of each"
    assert without["东街道"].measured == 0
    assert lines(found)["东街道"].score is None  # the total minus it would be the four
    assert found.total.cells["emergency"].score is not None
    street = learning.grant(learning.add_person("east-boss", "east"), "manager", "east")
    assert view(learning, street, "east").total.cells["emergency"].score is not None
    for unit in ("east", "west"):  # nor on the units' own pages, for whoever sees the total
        assert view(learning, boss, unit).total.cells["emergency"].score is None


def test_what_nobody_answered_has_no_number(learning, boss) -> None:
    crowd(learning, "east", 9)
    cell = view(learning, boss, "county").total.cells["reform"]
    assert cell.score is None and cell.measured == 0 and cell.standing == "unknown"


def test_only_within_ones_own_units(learning, boss) -> None:
    west = learning.grant(learning.add_person("w", "west"), "manager", "west")
    for actor, unit in (
        (west, "county"),
        (west, "east"),
        (learning.add_person("x", "west"), "west"),
    ):
        with pytest.raises(NotAllowed):
            view(learning, actor, unit)


def test_whoever_leaves_is_counted_where_they_are(learning, boss) -> None:
    people = crowd(learning, "east", 9)
    assert view(learning, boss, "east").total.cells["emergency"].members == 9
    learning.move(people[0], "west")
    with learning.portal.db.write() as conn:
        conn.run("UPDATE people SET disabled_at = '2026-11-22' WHERE id = :id", id=people[1].id)
    assert view(learning, boss, "east").total.cells["emergency"].members == 7


def test_who_only_trains_is_nobodys_staff(learning, boss) -> None:
    crowd(learning, "east", 9)
    before = view(learning, boss, "east").total.cells["emergency"]
    answers(learning, learning.add_person("coach", "east", post="trainer"), 5)
    after = view(learning, boss, "east").total.cells["emergency"]
    assert (after.members, after.measured) == (before.members, before.measured) == (9, 9)


def test_who_also_works_elsewhere_counts_where_the_main_post_is(learning, boss) -> None:
    people = crowd(learning, "east", 6)
    with learning.portal.db.write() as conn:
        conn.run(
            """
            INSERT INTO postings (person_id, unit_id, post, began_at, main)
            VALUES (:id, :unit, 'mediator', '2026-11-22', 0)
            """,
            id=people[0].id,
            unit=learning.unit_ids["west"],
        )
    found = view(learning, boss, "county")
    assert found.total.cells["emergency"].members == 7
    assert lines(found)["东街道"].members == 6 and "西街道" not in lines(found)


def test_nothing_is_worked_out_while_nothing_changes(learning, boss) -> None:
    crowd(learning, "east", 6)
    assert capability_rounds.refresh(learning.portal)
    assert not capability_rounds.refresh(learning.portal)
    answers(learning, boss, 2)
    assert not capability_rounds.refresh(learning.portal, timedelta(minutes=9))
    assert capability_rounds.refresh(learning.portal)
    learning.clock.forward(days=1)  # bands widen
    assert capability_rounds.refresh(learning.portal)


def test_a_unit_of_six_hundred_with_a_tree_below_is_as_quick_as_its_rows(learning, boss) -> None:
    with learning.portal.db.write() as conn:
        for n in range(40):
            units.add_unit(conn, learning.unit_ids["east"], "community", f"c{n}")
    crowd(learning, "east", 6)
    found = view(learning, boss, "east")
    assert len(found.children) == 0  # units without people have no figures
    assert set(found.total.cells) == set(CAPABILITIES)


def test_what_a_course_moved_is_told_of_those_who_completed_it(learning, boss) -> None:
    course = learning.portal.library.catalogue.courses["fire"]
    people = [learning.add_person(f"p{n}", "east") for n in range(9)]
    for person in people:
        answers(learning, person, 2, wrongs=3 if person != people[8] else 2)
        answers(learning, person, 6, by="law")  # lends a little, and is no answer of this kind
    learning.clock.forward(days=1)
    answers(learning, people[8], 2)  # the same questions again
    for person in people:
        for n, question in enumerate(QUESTIONS):
            with learning.portal.db.write() as conn:
                evidence.practice_answered(
                    conn,
                    learning.portal,
                    person.id,
                    question,
                    question.id,
                    1.0,
                    learning.clock() + timedelta(minutes=n),
                )
    with learning.portal.db.write() as conn:
        for person in people:
            evidence.course_completed(
                conn, person.id, course, learning.clock() + timedelta(hours=1)
            )
    capability_rounds.refresh_effects(learning.portal)
    [effect] = view(learning, boss, "county").effects
    assert (effect.course_id, effect.people) == ("fire", 8), "four questions before are too few"
    assert 45 < effect.before[0] < 58 and effect.after[0] > effect.before[0] + 5
    assert effect.before[2] - effect.before[1] > effect.after[2] - effect.after[1]


def test_what_a_course_moved_in_a_few_people_is_told_of_nobody(learning, boss) -> None:
    course = learning.portal.library.catalogue.courses["fire"]
    people = [learning.add_person(f"p{n}", "east" if n < 4 else "west") for n in range(12)]
    for person in people:
        answers(learning, person, 5)
    learning.clock.forward(days=1)
    for person in people:
        take(learning, person, "fire/quiz", [1], [1], [1], [1])
        with learning.portal.db.write() as conn:
            evidence.course_completed(conn, person.id, course, learning.clock())
    capability_rounds.refresh_effects(learning.portal)
    [whole] = view(learning, boss, "county").effects
    assert whole.people == 12
    assert view(learning, boss, "east").effects == (), "four people"
    assert view(learning, boss, "west").effects == (), "with the whole it would tell of the four"


def test_where_nothing_was_known_before_a_course_no_change_is_claimed(learning, boss) -> None:
    course = learning.portal.library.catalogue.courses["fire"]
    for person in [learning.add_person(f"p{n}", "east") for n in range(8)]:
        take(learning, person, "fire/quiz", [1], [1], [1], [1])
        learning.clock.forward(days=1)
        take(learning, person, "fire/quiz", [1], [1], [1], [1])
        with learning.portal.db.write() as conn:
            evidence.course_completed(conn, person.id, course, learning.clock())
    capability_rounds.refresh_effects(learning.portal)
    assert view(learning, boss, "county").effects == ()


def test_a_whole_staff_far_above_the_middle_is_read_around_its_own_centre(
    learning: World, boss: Person, monkeypatch
) -> None:
    people = crowd(learning, "east", 9, rights=9) + crowd(learning, "west", 8, rights=7)
    for person in people:
        answers(learning, person, 6, by="law")
        take(learning, person, "fire/quiz", [1], [1])
    plain = view(learning, boss, "county").total.cells["emergency"]
    monkeypatch.setattr(capability_centre, "ENOUGH_GROUPS", 2)
    calibration.calibrate(learning.portal)
    take(learning, people[0], "fire/quiz", [1])
    calibration.calibrate(learning.portal)
    learning.clock.forward(days=30)
    found = view(learning, boss, "county").total.cells["emergency"]
    everybody = [*people, boss]
    with learning.portal.db.read() as conn:
        known = capability.profiles(conn, [one.id for one in everybody])
        uses = [
            Use(row["item_id"], CAPABILITIES.index(row["capability"]), *numbers)
            for row in capability.item_uses(conn)
            for numbers in [(row["start"], row["weight"], row["weighted_b"])]
        ]
    now = learning.clock()
    states = [at_time(known.get(one.id, BLANK), now).state for one in everybody]
    groups = [np.arange(9), np.arange(9, 17), np.array([17])]
    cov = np.array([state.cov for state in states])
    from_here = capability_centre.origin(
        np.array([state.mean for state in states]), cov, groups, uses
    )
    k = CAPABILITIES.index("emergency")
    assert uses and from_here.shift[k] > 0.3
    wanted = (
        people_of(
            from_here.mean[:, k],
            cov[:, k, k],
            np.full(18, np.nan),
            groups,
            shift=from_here.shift[k],
            shift_variance=from_here.shift_variance[k],
            centre_variance=from_here.centre_variance[k],
        )
        .group(np.arange(18))
        .estimate
    )
    assert found.score == pytest.approx(wanted.score)
    assert (found.low, found.high) == pytest.approx(wanted.band())
    assert abs(found.score - plain.score) > 1


def test_above_and_below_are_said_of_a_whole_band_alone() -> None:
    def standing(needed: float | None) -> str:
        return capability_map.Cell(9, 9, 60.0, 52.0, 68.0, needed, 1.0).standing

    assert [standing(needed) for needed in (68.1, 64, 60, 56, 52, None)] == [
        "below",
        "near",
        "near",
        "near",
        "above",
        "unknown",
    ]
    assert capability_map.Cell(9, None).standing == "unknown"


def test_a_change_is_claimed_only_where_the_bands_lie_apart() -> None:
    def moved(after: tuple[float, float, float]) -> bool:
        title = Bilingual("课程")
        return capability_map.Effect("fire", title, "law", 9, (60.0, 55.0, 65.0), after).moved

    assert not moved((66.0, 64.0, 68.0)) and not moved((55.0, 52.0, 58.0))
    assert moved((70.0, 65.1, 75.0)) and moved((50.0, 45.0, 54.9))
