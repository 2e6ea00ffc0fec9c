"""Reports: what managers are told, and what they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.actions import attempts, progress, reports
from portal.actions.errors import NotAllowed, Refused
from portal.actions.reports import REPORTS, Ask
from portal.actions.summaries import rebuild_summaries
from portal.core.people import Person
from portal.store import people as people_store
from tests.actions.sample import World, keyed, sample_catalogue
from tests.actions.test_attempts import take
from tests.actions.test_progress import check, finish_fire, read
from tests.actions.test_unit_standing import obligation


@pytest.fixture
def boss(learning: World) -> Person:
    """Manages the county."""
    return learning.grant(learning.add_person("boss", None), "manager", "county")


@pytest.fixture
def team(learning: World) -> list[Person]:
    """Five grid workers in the community "east-1" and one street clerk in "west"."""
    progress.sync_courses(learning.portal)
    grid = [learning.add_person(f"grid-{at}", "east-1") for at in range(5)]
    return [*grid, learning.add_person("clerk", "west", post="street")]


def rows(world: World, who: Person, name: str, unit: str, **ask: Any) -> list[dict[str, Any]]:
    asked = Ask(unit_id=world.unit_ids[unit], **ask)
    return [dict(row) for row in reports.run(world.portal, who, name, asked).rows]


def summary(world: World, who: Person, unit: str, **ask: Any) -> dict[str, Any]:
    return rows(world, who, "summary", unit, **ask)[0]


def test_rates_are_over_the_courses_meant_for_present_staff(
    learning: World, boss: Person, team: list[Person]
) -> None:
    finish_fire(learning, team[0])
    take(learning, team[1], "fire/quiz", right=0)
    row = summary(learning, boss, "county")
    # five grid workers: fire and law; the clerk: law
    assert row["staff"] == 6
    assert row["course_rate"] == round(1 / 11, 3)
    assert row["pass_rate"] == 0.5
    assert (row["hours"], row["submitted"], row["passed"]) == (1.5, 2, 1)


def test_who_left_is_disabled_or_does_a_course_for_pleasure_does_not_count(
    learning: World, boss: Person, team: list[Person]
) -> None:
    finish_fire(learning, team[5])  # not meant for a clerk
    finish_fire(learning, team[4])
    learning.clock.forward(days=1)
    with learning.portal.db.write() as conn:
        conn.run(
            "UPDATE people SET disabled_at = :at WHERE id = :id",
            at="2026-11-22T08:00:00.000Z",
            id=team[4].id,
        )
    row = summary(learning, boss, "county")
    assert (row["staff"], row["course_rate"]) == (5, 0)


def test_due_tasks_that_are_over_are_done_in_time_late_or_overdue(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for person, done in zip(
        team, ["2026-11-20", "2026-11-21", None, None, None, None], strict=True
    ):
        obligation(learning, person, "2026-11-20", done=done and f"{done}T02:00:00.000Z")
    obligation(learning, team[0], "2026-11-22")  # its day is not over
    obligation(learning, team[1], "2026-11-01", required=0)
    learning.clock.forward(days=1)  # 23 November
    row = summary(learning, boss, "county", day="2026-11-22")
    assert (row["due"], row["done"], row["overdue"]) == (6, 2, 4)
    assert (row["completion"], row["on_time"]) == (0.333, 0.167)
    today = summary(learning, boss, "county")
    assert (today["due"], today["overdue"]) == (7, 5)
    late = rows(learning, boss, "overdue", "county")
    assert [(r["name"], r["due_on"], r["late"]) for r in late][-1] == (
        "姓名 grid-0",
        "2026-11-22",
        1,
    )
    assert len(late) == today["overdue"]
    assert len(rows(learning, boss, "overdue", "county", day="2026-11-22")) == row["overdue"]


def test_small_groups_show_no_figures_nor_do_those_from_which_theirs_follow(
    learning: World, boss: Person, team: list[Person]
) -> None:
    take(learning, team[5], "fire/quiz", right=0)
    found = rows(learning, boss, "units", "county")
    assert [(row["unit"], row["staff"], row["small"]) for row in found] == [
        ("东街道", 5, True),  # the county less this street would be the clerk
        ("西街道", 1, True),
    ]
    assert {row[key] for row in found for key in ("course_rate", "pass_rate", "hours")} == {None}
    assert summary(learning, boss, "county")["pass_rate"] == 0
    assert summary(learning, boss, "east")["pass_rate"] is None
    assert summary(learning, boss, "east-1")["hours"] is None
    assert rows(learning, boss, "courses", "east") == []
    assert rows(learning, boss, "questions", "east") == []
    assert {row["submitted"] for row in rows(learning, boss, "months", "west")} == {None}
    street = learning.grant(learning.add_person("chief", None), "manager", "east")
    assert summary(learning, street, "east")["hours"] == 0  # nothing to take it from


def hours(world: World, boss: Person, unit: str, report: str = "summary") -> Any:
    return rows(world, boss, report, unit)[-1]["hours"]


def test_what_somebody_did_who_has_left_does_not_follow_from_the_others(
    learning: World, boss: Person
) -> None:
    progress.sync_courses(learning.portal)
    for at in range(6):
        learning.add_person(f"east-{at}", "east")
    lone = learning.add_person("lone", "west")
    finish_fire(learning, lone)
    learning.clock.forward(days=1)
    learning.move(lone, "east")
    assert hours(learning, boss, "county") == 1.5
    # less what the east shows would be the one who served in the west
    assert hours(learning, boss, "east") is None
    assert [row["hours"] for row in rows(learning, boss, "units", "county")] == [None, None]
    assert rows(learning, boss, "courses", "east") == []
    # five who served there are a group
    for at in range(4):
        learning.move(learning.move(learning.add_person(f"west-{at}", "west"), "west"), "east")
    assert hours(learning, boss, "east") == 0


def test_a_month_is_hidden_in_which_it_would_give_a_small_group_away(
    learning: World, boss: Person
) -> None:
    progress.sync_courses(learning.portal)
    for at in range(6):
        learning.add_person(f"east-{at}", "east-1")
    finish_fire(learning, learning.add_person("lone", "west"))
    learning.clock.forward(days=40)
    for at in range(5):
        learning.add_person(f"west-{at}", "west")
    by_month = {
        unit: {row["month"]: row["hours"] for row in rows(learning, boss, "months", unit)}
        for unit in ("county", "east", "east-1", "west")
    }
    then, now = "2026-11", "2027-01"
    assert by_month["county"][then] == 1.5
    assert {by_month[unit][then] for unit in ("east", "east-1", "west")} == {None}
    assert {by_month[unit][now] for unit in by_month} == {0}


def test_months_are_local_and_there_are_twelve(
    learning: World, boss: Person, team: list[Person]
) -> None:
    learning.clock.forward(days=8, hours=11)  # 17:00 UTC on 30 November: 1 December in Shanghai
    finish_fire(learning, team[0])
    learning.clock.forward(days=31)
    take(learning, team[1], "fire/quiz", right=0)
    found = rows(learning, boss, "months", "county")
    assert [row["month"] for row in found][-3:] == ["2026-11", "2026-12", "2027-01"]
    assert len(found) == 12 and found[0]["staff"] == 0 and found[0]["submitted"] is None
    november, december, january = found[-3:]
    assert (november["started"], november["course_rate"]) == (0, 0)
    assert (december["started"], december["completed"], december["passed"]) == (1, 1, 1)
    assert december["hours"] == 1.5 and december["pass_rate"] == 1.0
    assert (january["submitted"], january["passed"], january["pass_rate"]) == (1, 0, 0)
    assert december["course_rate"] == january["course_rate"] == round(1 / 11, 3)
    then = rows(learning, boss, "months", "county", day="2026-12-01")
    assert [row["month"] for row in then][-1] == "2026-12"
    assert then[-1]["completed"] == 1


def test_as_at_a_day_everything_is_as_it_was(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for at in range(5):
        learning.add_person(f"west-{at}", "west")
    finish_fire(learning, team[0])
    obligation(learning, team[0], "2026-11-21", done="2026-11-22T06:00:00.000Z")
    before = {
        (name, unit): rows(learning, boss, name, unit)
        for name in ("summary", "units", "months", "courses", "people", "overdue")
        for unit in ("county", "east", "west")
    }
    learning.clock.forward(days=40)
    moved = learning.move(team[0], "west")
    take(learning, moved, "fire/quiz", right=4)
    finish_fire(learning, team[1])
    learning.clock.forward(days=1)
    for (name, unit), was in before.items():
        now = rows(learning, boss, name, unit, day="2026-11-22")
        for row in [*was, *now]:
            for known_today in ("help", "seen", "states"):
                row.pop(known_today, None)
        assert now == was, (name, unit)
        if name in ("summary", "units", "courses"):
            assert rows(learning, boss, name, "county") != was


def test_a_day_to_come_is_today_and_nonsense_is_refused(
    learning: World, boss: Person, team: list[Person]
) -> None:
    assert summary(learning, boss, "county", day="2031-01-01")["staff"] == 6
    for day in ("yesterday", "2026-13-01", "20261122", "1066-10-14", "2026-11-22T00"):
        with pytest.raises(Refused) as refused:
            summary(learning, boss, "county", day=day)
        assert refused.value.key == "error.report_day"


def test_a_result_counts_for_ever_where_the_person_served(
    learning: World, boss: Person, team: list[Person]
) -> None:
    finish_fire(learning, team[0])
    moved = learning.move(team[0], "west")
    for at in range(6):
        learning.add_person(f"more-{at}", "west" if at else "east-1")
    assert moved.unit_id == learning.unit_ids["west"]
    east, west = rows(learning, boss, "units", "county")
    assert (east["submitted"], east["hours"]) == (1, 1.5)
    assert west["submitted"] == 0  # what was earned elsewhere stays there
    assert west["course_rate"] == round(1 / 13, 3)  # today's staff


def test_what_a_trainer_does_inflates_no_total(
    learning: World, boss: Person, team: list[Person]
) -> None:
    names = ("summary", "units", "months", "courses", "questions", "gain")

    def shown() -> list[Any]:
        return [rows(learning, boss, name, "county") for name in names]

    before = shown()
    coach = learning.add_person("coach", "east-1", post="trainer")
    take(learning, coach, "fire/quiz", right=0)
    finish_fire(learning, coach)
    read(learning, coach, "law/one", "start")
    assert shown() == before
    rebuild_summaries(learning.portal)
    assert shown() == before
    assert {row["unit"] for row in learning.rows("SELECT unit FROM certificates")} == {"东一社区"}
    # who also does other work is counted for that
    with learning.portal.db.write() as conn:
        conn.run("UPDATE postings SET main = 0 WHERE person_id = :id", id=coach.id)
        people_store.post(conn, coach.id, learning.unit_ids["east-1"], ["grid"], learning.clock.now)
    take(learning, learning.person(coach.id), "fire/quiz", right=0)
    assert summary(learning, boss, "county")["submitted"] == 1


def test_hardest_questions_are_first_answers_of_five_or_more(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for at, person in enumerate(team[:5]):
        take(learning, person, "fire/quiz", right=1 if at else 4)
        take(learning, person, "fire/quiz", right=4)  # a second attempt does not count
    found = rows(learning, boss, "questions", "county", limit=3)
    assert [(row["question_id"], row["facility"], row["answered"]) for row in found] == [
        ("q-2", 0.2, 5),
        ("q-3", 0.2, 5),
        ("q-4", 0.2, 5),
    ]
    assert found[0]["question"] == "题目 q-2" and found[0]["course"] == "课程 fire"
    trainer = learning.grant(learning.add_person("coach", None), "trainer")
    assert len(rows(learning, trainer, "questions", "county")) == 4
    of_fire = rows(learning, boss, "questions", "county", course="fire", limit=2)
    assert [row["question_id"] for row in of_fire] == ["q-2", "q-3"]
    assert rows(learning, boss, "questions", "county", course="flood") == []


def test_gains_compare_the_last_result_with_the_first(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for person in team[:4]:
        take(learning, person, "fire/quiz", right=2)
        take(learning, person, "fire/quiz", right=3)
    assert rows(learning, boss, "gain", "county") == []  # four say nothing
    take(learning, team[4], "fire/quiz", right=0)
    take(learning, team[4], "fire/quiz", right=1)
    take(learning, team[4], "fire/quiz", right=4)
    [row] = rows(learning, boss, "gain", "county")
    assert (row["people"], row["first"], row["last"], row["gain"]) == (5, 40, 80, 40)
    assert row["low"] == pytest.approx(-1.6, abs=0.1)  # 40 ± 2.776 · 33.54 / √5
    assert row["high"] == pytest.approx(81.6, abs=0.1)


def test_an_edited_question_is_another_question_and_few_answers_say_nothing(
    learning: World, boss: Person, team: list[Person]
) -> None:
    for person in team[:4]:
        take(learning, person, "fire/quiz", right=0)
    served = sample_catalogue()
    learning.serve(replace(served, questions={**served.questions, "q-1": keyed("q-1", right=0)}))
    take(learning, team[4], "fire/quiz", right=0)
    found = rows(learning, boss, "questions", "county")
    assert [row["question_id"] for row in found] == ["q-2", "q-3", "q-4"]


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
    assert rows(learning, boss, "help", "county") == []  # all are new
    take(learning, team[0], "fire/quiz", right=0)
    take(learning, team[0], "fire/quiz", right=0)
    read(learning, team[1], "fire/reading", "start")
    finish_fire(learning, team[2])
    obligation(learning, team[2], "2026-11-25")
    learning.clock.forward(days=15)
    read(learning, team[3], "law/one", "start")
    found = rows(learning, boss, "help", "county")
    assert [(row["staff_no"], row["states"]) for row in found] == [
        ("grid-0", ("failing", "idle")),
        ("grid-2", ("overdue",)),
        ("grid-1", ("idle",)),
        ("clerk", ("waiting",)),
        ("grid-4", ("waiting",)),
    ]
    assert summary(learning, boss, "county")["help"] == 5
    assert found[0]["unit"] == "东一社区"
    take(learning, team[0], "fire/quiz", right=4)
    assert [row["staff_no"] for row in rows(learning, boss, "help", "county", limit=2)] == [
        "grid-2",
        "grid-1",
    ]
    assert [row["staff_no"] for row in rows(learning, boss, "help", "west")] == ["clerk"]


def test_people_are_filtered_counted_and_cut_into_pages(
    learning: World, boss: Person, team: list[Person]
) -> None:
    obligation(learning, team[1], "2026-11-20")
    finish_fire(learning, team[1])

    def numbers(**ask: Any) -> list[str]:
        return [row["staff_no"] for row in rows(learning, boss, "people", "county", **ask)]

    def counted(**ask: Any) -> int:
        return int(rows(learning, boss, "people_count", "county", **ask)[0]["people"])

    everybody = ["clerk", *(f"grid-{n}" for n in range(5))]
    for ask, wanted in (
        ({}, everybody),
        ({"post": "street"}, ["clerk"]),
        ({"state": "overdue"}, ["grid-1"]),
        ({"state": "waiting"}, []),
        ({"query": "D-1"}, ["grid-1"]),
        ({"query": "d-1"}, ["grid-1"]),
        ({"query": "姓名 cl"}, ["clerk"]),
        ({"query": "%"}, []),
        ({"query": "' OR 1=1 --"}, []),
    ):
        for day in (None, "2026-11-22"):
            if day and ask.get("state") == "waiting":
                continue
            assert numbers(day=day, **ask) == wanted, (ask, day)
            assert counted(day=day, **ask) == len(wanted)
    assert numbers(limit=2, offset=2) == everybody[2:4]
    [one] = rows(learning, boss, "people", "county", query="grid-1")
    assert (one["meant"], one["completed"], one["hours"], one["overdue"]) == (2, 1, 1.5, 1)
    assert one["seen"] == "2026-11-22" and one["unit"] == "东一社区"


def test_people_add_up_to_their_unit(learning: World, boss: Person, team: list[Person]) -> None:
    for at, person in enumerate(team):
        if at % 2:
            finish_fire(learning, person)
        obligation(learning, person, f"2026-11-{18 + at}", done=None)
    learning.clock.forward(days=2)
    for day in (None, "2026-11-22", "2026-11-23"):
        people = rows(learning, boss, "people", "county", day=day)
        row = summary(learning, boss, "county", day=day)
        assert len(people) == row["staff"]
        for key in ("due", "done", "overdue"):
            assert sum(person[key] for person in people) == row[key]
        done, meant = (sum(person[key] for person in people) for key in ("completed", "meant"))
        assert row["course_rate"] == round(done / meant, 3)


def test_completions_that_run_out_within_thirty_days(
    learning: World, boss: Person, team: list[Person]
) -> None:
    read(learning, team[0], "law/one", "start")  # holds twelve months
    assert rows(learning, boss, "expiring", "county") == []
    learning.clock.forward(days=340)
    [row] = rows(learning, boss, "expiring", "county")
    assert (row["staff_no"], row["course"], row["expires"]) == ("grid-0", "课程 law", "2027-11-22")
    assert row["left"] == 25
    assert summary(learning, boss, "county")["expiring"] == 1


def test_nobody_sees_beyond_the_subtree(learning: World, team: list[Person]) -> None:
    chief = learning.grant(learning.add_person("chief", None), "manager", "west")
    others = [
        chief,
        team[0],
        learning.grant(learning.add_person("coach", None), "trainer"),
        learning.grant(learning.add_person("admin", None), "administrator"),
        learning.grant(learning.add_person("audit", None), "auditor"),
    ]
    open_to = {"questions": {"coach"}}  # without names
    for other in others:
        for unit in ("county", "east-1") if other is chief else ("east",):
            for name in REPORTS:
                if other.login in open_to.get(name, ()):
                    rows(learning, other, name, unit)
                    continue
                asked = Ask(unit_id=learning.unit_ids[unit])
                with pytest.raises(NotAllowed):
                    reports.run(learning.portal, other, name, asked)
                if other is chief:
                    with pytest.raises(NotAllowed):
                        reports.export(learning.portal, other, name, asked, "xlsx")
            with pytest.raises(NotAllowed):
                reports.find_unit(learning.portal, other, learning.unit_ids[unit])
    for name in ("nothing", "summary"):
        with pytest.raises(NotAllowed):
            reports.run(learning.portal, chief, name, Ask(unit_id=999))


def test_an_export_is_noted(learning: World, boss: Person, team: list[Person]) -> None:
    asked = Ask(unit_id=learning.unit_ids["east"], day="2026-11-22")
    table = reports.export(learning.portal, boss, "people", asked, "csv")
    [entry] = learning.rows("SELECT * FROM audit WHERE action = 'exported'")
    assert (entry["actor_id"], entry["target"]) == (boss.id, f"unit:{asked.unit_id}")
    for said in ('"report": "people"', '"form": "csv"', f'"rows": {len(table.rows)}', "2026-11-22"):
        assert said in entry["detail"]


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
