from __future__ import annotations

from dataclasses import replace

import pytest

from portal.actions import attempts, progress, reports
from portal.actions.errors import NotAllowed
from portal.actions.summaries import rebuild_summaries
from portal.core.people import Person
from tests.actions.sample import START, World, keyed, sample_catalogue
from tests.actions.test_attempts import take
from tests.actions.test_progress import check, finish_fire, read


@pytest.fixture
def boss(learning: World) -> Person:
    """Manages the county."""
    return learning.grant(learning.add_person("boss", None), "manager", "county")


@pytest.fixture
def team(learning: World) -> list[Person]:
    """Five grid workers in the community "east-1" and one street clerk in "west"."""
    grid = [learning.add_person(f"grid-{at}", "east-1") for at in range(5)]
    return [*grid, learning.add_person("clerk", "west", post="street")]


def test_rates_are_over_the_courses_meant_for_present_staff(
    learning: World, boss: Person, team: list[Person]
) -> None:
    finish_fire(learning, team[0])
    take(learning, team[1], "fire/quiz", right=0)
    row = reports.unit_overview(learning.portal, boss, learning.unit_ids["county"])
    # five grid workers: fire and law; the clerk: law
    assert row["staff"] == 6
    assert row["completion_rate"] == 1 / 11
    assert row["pass_rate"] == 1 / 2
    assert (row["hours"], row["submitted"], row["passed"]) == (1.5, 2, 1)
    east = reports.unit_overview(learning.portal, boss, learning.unit_ids["east"])
    assert (east["staff"], east["completion_rate"]) == (5, 1 / 10)


def test_who_left_is_disabled_or_does_a_course_for_pleasure_does_not_count(
    learning: World, boss: Person, team: list[Person]
) -> None:
    unit_id = learning.unit_ids["county"]
    finish_fire(learning, team[5])  # not meant for a clerk
    finish_fire(learning, team[4])
    with learning.portal.db.write() as conn:
        conn.run("UPDATE people SET disabled_at = 'x' WHERE id = :id", id=team[4].id)
    row = reports.unit_overview(learning.portal, boss, unit_id)
    assert (row["staff"], row["completion_rate"]) == (5, 0)
    learning.serve(
        replace(
            sample_catalogue(), courses={"law": sample_catalogue().courses["law"]}, fingerprint="2"
        )
    )
    read(learning, team[0], "law/one", "start")
    row = reports.unit_overview(learning.portal, boss, unit_id)
    assert (row["completion_rate"], row["completed"]) == (1 / 5, 1)  # fire is offered no longer


def test_two_posts_count_a_course_once(learning: World, boss: Person, team: list[Person]) -> None:
    from portal.store import people

    with learning.portal.db.write() as conn:
        people.post(conn, team[0].id, learning.unit_ids["east-1"], ["grid", "community"], START)
    finish_fire(learning, team[0])
    row = reports.unit_overview(learning.portal, boss, learning.unit_ids["east"])
    assert (row["staff"], row["completion_rate"]) == (5, 1 / 10)


def test_small_groups_show_no_figures(learning: World, boss: Person, team: list[Person]) -> None:
    take(learning, team[5], "fire/quiz", right=0)
    rows = reports.units_compared(learning.portal, boss, learning.unit_ids["county"])
    assert [(row["name"], row["staff"], row["small"]) for row in rows] == [
        ("东街道", 5, False),
        ("西街道", 1, True),
    ]
    assert rows[0]["completion_rate"] == 0 and rows[0]["pass_rate"] is None
    assert {rows[1][key] for key in ("completion_rate", "pass_rate", "hours", "submitted")} == {
        None
    }
    west = reports.months(learning.portal, boss, learning.unit_ids["west"])
    assert {row["submitted"] for row in west} == {None}


def test_months_are_local_and_there_are_twelve(
    learning: World, boss: Person, team: list[Person]
) -> None:
    learning.clock.forward(days=8, hours=11)  # 17:00 UTC on 30 November: 1 December in Shanghai
    finish_fire(learning, team[0])
    learning.clock.forward(days=31)
    take(learning, team[1], "fire/quiz", right=0)
    rows = reports.months(learning.portal, boss, learning.unit_ids["county"])
    assert len(rows) == 12
    assert [row["month"] for row in rows][-3:] == ["2026-11", "2026-12", "2027-01"]
    november, december, january = rows[-3:]
    assert (november["started"], november["completion_rate"]) == (0, 0)
    assert (december["started"], december["completed"], december["passed"]) == (1, 1, 1)
    assert december["hours"] == 1.5 and december["pass_rate"] == 1.0
    assert (january["submitted"], january["passed"], january["pass_rate"]) == (1, 0, 0)
    assert december["completion_rate"] == january["completion_rate"] == 1 / 11


def test_a_result_counts_for_ever_where_the_person_served(
    learning: World, boss: Person, team: list[Person]
) -> None:
    finish_fire(learning, team[0])
    learning.move(team[0], "west")
    for at in range(4):
        learning.add_person(f"west-{at}", "west")
    east = reports.unit_overview(learning.portal, boss, learning.unit_ids["east"])
    assert east["small"]  # one of five has left
    west = reports.unit_overview(learning.portal, boss, learning.unit_ids["west"])
    assert west["completion_rate"] == 1 / 11  # today's staff
    assert west["submitted"] == 0  # what was earned elsewhere stays there


def test_hardest_questions_are_first_answers_of_five_or_more(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for at, person in enumerate(team[:5]):
        take(learning, person, "fire/quiz", right=1 if at else 4)
        take(learning, person, "fire/quiz", right=4)  # a second attempt does not count
    rows = reports.hardest_questions(learning.portal, boss, learning.unit_ids["county"], 3)
    assert [(row["question_id"], row["facility"], row["answered"]) for row in rows] == [
        ("q-2", 0.2, 5),
        ("q-3", 0.2, 5),
        ("q-4", 0.2, 5),
    ]
    assert rows[0]["title"] == "题目 q-2" and rows[0]["course_id"] == "fire"
    trainer = learning.grant(learning.add_person("coach", None), "trainer")
    county = learning.unit_ids["county"]
    assert len(reports.hardest_questions(learning.portal, trainer, county)) == 4


def test_hardest_questions_of_a_small_group_are_not_told(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for person in team[:5]:
        take(learning, person, "fire/quiz", right=0)
    east = learning.unit_ids["east"]
    assert len(reports.hardest_questions(learning.portal, boss, east)) == 4
    learning.move(team[0], "west")
    assert reports.hardest_questions(learning.portal, boss, east) == []


def test_an_edited_question_is_another_question_and_few_answers_say_nothing(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for person in team[:4]:
        take(learning, person, "fire/quiz", right=0)
    served = sample_catalogue()
    learning.serve(replace(served, questions={**served.questions, "q-1": keyed("q-1", right=0)}))
    take(learning, team[4], "fire/quiz", right=0)
    rows = reports.hardest_questions(learning.portal, boss, learning.unit_ids["county"])
    assert [row["question_id"] for row in rows] == ["q-2", "q-3", "q-4"]


def test_an_unanswered_question_says_nothing_about_the_question(
    learning: World, team: list[Person]
) -> None:
    attempt = attempts.open_attempt(learning.portal, team[0], "fire/quiz")
    attempts.answer(learning.portal, team[0], attempt.id, 0, [1])
    attempts.submit(learning.portal, team[0], attempt.id)
    assert [row["question_id"] for row in learning.rows("SELECT * FROM unit_items")] == ["q-1"]


def test_the_first_check_of_a_checkpoint_counts(learning: World, team: list[Person]) -> None:
    check(learning, team[0], "fire/checked", 0, [0])
    check(learning, team[0], "fire/checked", 0, [1])
    [row] = learning.rows("SELECT question_id, answered, fraction_sum FROM unit_items")
    assert row == {"question_id": "c-1", "answered": 1, "fraction_sum": 0.0}


def test_people_who_need_help_with_the_most_pressing_reason_first(
    learning: World, boss: Person, team: list[Person]
) -> None:
    county = learning.unit_ids["county"]
    assert reports.people_needing_help(learning.portal, boss, county) == []  # all are new
    take(learning, team[0], "fire/quiz", right=0)
    take(learning, team[0], "fire/quiz", right=0)
    read(learning, team[1], "fire/reading", "start")
    finish_fire(learning, team[2])
    learning.clock.forward(days=15)
    read(learning, team[3], "law/one", "start")
    rows = reports.people_needing_help(learning.portal, boss, county)
    assert [(row["staff_no"], row["reason"], row["count"]) for row in rows] == [
        ("grid-0", "failing", 2),
        ("grid-1", "stuck", 1),
        ("grid-4", "not_started", 2),
        ("clerk", "not_started", 1),
    ]
    assert (rows[0]["name"], rows[0]["unit_name"]) == ("姓名 grid-0", "东一社区")
    take(learning, team[0], "fire/quiz", right=4)
    rows = reports.people_needing_help(learning.portal, boss, county, limit=2)
    assert [row["staff_no"] for row in rows] == ["grid-1", "grid-4"]
    west = reports.people_needing_help(learning.portal, boss, learning.unit_ids["west"])
    assert [row["staff_no"] for row in west] == ["clerk"]


def test_nobody_sees_beyond_the_subtree(learning: World, team: list[Person]) -> None:
    chief = learning.grant(learning.add_person("chief", None), "manager", "west")
    others = [
        chief,
        team[0],
        learning.grant(learning.add_person("coach", None), "trainer"),
        learning.grant(learning.add_person("admin", None), "administrator"),
        learning.grant(learning.add_person("audit", None), "auditor"),
    ]
    for other in others:
        for unit in ("county", "east", "east-1"):
            for report in (
                reports.unit_overview,
                reports.units_compared,
                reports.months,
                reports.people_needing_help,
                reports.find_unit,
            ):
                with pytest.raises(NotAllowed):
                    report(learning.portal, other, learning.unit_ids[unit])
    with pytest.raises(NotAllowed):
        reports.hardest_questions(learning.portal, chief, learning.unit_ids["east"])
    with pytest.raises(NotAllowed):
        reports.unit_overview(learning.portal, chief, 999)


def test_find_unit_begins_at_the_uppermost_and_shows_the_way(learning: World, boss: Person) -> None:
    assert reports.find_unit(learning.portal, boss).name == "县"
    unit = reports.find_unit(learning.portal, boss, learning.unit_ids["east-1"])
    assert [above.name for above in unit.above] == ["县", "东街道"]
    chief = learning.grant(learning.add_person("chief", None), "manager", "east")
    unit = reports.find_unit(learning.portal, chief, learning.unit_ids["east-1"])
    assert [above.name for above in unit.above] == ["东街道"]
    with pytest.raises(NotAllowed):
        reports.find_unit(learning.portal, learning.add_person("none", "east"))


def test_rebuilt_summaries_equal_the_incremental_ones(learning: World, team: list[Person]) -> None:
    finish_fire(learning, team[0])
    check(learning, team[1], "fire/checked", 0, [0])
    check(learning, team[1], "fire/checked", 0, [1])
    take(learning, team[1], "fire/quiz", right=2)
    learning.clock.forward(days=9)
    moved = learning.move(team[1], "west")
    take(learning, moved, "fire/quiz", right=4)
    read(learning, moved, "fire/reading", "start", "end")
    read(learning, moved, "fire/checked", "start", "end")
    check(learning, moved, "fire/checked", 1, [1])
    attempts.open_attempt(learning.portal, team[2], "fire/exam")
    learning.clock.forward(hours=1)
    attempts.close_overdue(learning.portal)
    attempts.open_attempt(learning.portal, team[3], "fire/quiz")  # still open
    nowhere = learning.add_person("nowhere", None)
    take(learning, nowhere, "fire/quiz", right=1)

    def summaries() -> list[object]:
        return [
            learning.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            for table in ("unit_months", "unit_items")
        ]

    before = summaries()
    assert learning.rows("SELECT SUM(completed) AS n FROM unit_months") == [{"n": 2}]
    rebuild_summaries(learning.portal)
    assert summaries() == before


def test_courses_are_synced_once_for_a_fingerprint(learning: World) -> None:
    assert progress.sync_courses(learning.portal)
    assert not progress.sync_courses(learning.portal)
    learning.serve(replace(sample_catalogue(), fingerprint="2", courses={}))
    assert progress.sync_courses(learning.portal)
    rows = learning.rows("SELECT id, offered FROM courses ORDER BY id")
    assert rows == [{"id": "fire", "offered": 0}, {"id": "law", "offered": 0}]
    assert learning.rows("SELECT * FROM course_posts") == []
