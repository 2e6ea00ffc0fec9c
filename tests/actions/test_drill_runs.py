"""Playing drills: what is on disk, what is refused, what follows from a finished run."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from portal.actions import (
    assignments,
    capability_questions,
    drill_figures,
    drill_reports,
    drill_runs,
    next_steps,
    progress,
    stepping,
)
from portal.actions.assignments import Draft
from portal.actions.errors import NotAllowed, Refused
from portal.core.assignments import Item
from portal.core.audience import Everyone
from portal.core.capabilities import Bilingual, CapabilityModel, Post
from portal.core.capability import State, prior
from portal.core.capability_log import Profile
from portal.core.catalogue import Catalogue
from portal.core.drill_parser import parse_drill
from portal.core.drills import Drill
from portal.core.due import Once, OnDate
from portal.core.people import Person
from portal.core.question_parser import Place
from portal.store import capability as capability_store
from portal.store import drill_runs as store
from portal.store import progress as progress_store
from portal.web import drill_files
from tests.actions.sample import World, reopen, sample_catalogue, world
from tests.core.drill_files import DRILL, DRILL_EN

BEST = (("smoke-1", 1), ("brigade-1", 1), ("brigade-2", 1))
WORSE = (("smoke-1", 0), ("old-1", 1), ("brigade-1", 0))
ID = "fire/drill"


def drill_of(text: str = DRILL) -> Drill:
    drill, problems = parse_drill(text, DRILL_EN, Place("zh", "fire", "emergency"), ID, "en")
    assert drill is not None, problems
    return drill


def shelf(text: str = DRILL) -> Catalogue:
    return replace(sample_catalogue(), drills={ID: drill_of(text)})


@pytest.fixture
def drills(learning: World) -> World:
    store.forget()
    learning.serve(shelf())
    return learning


def play(world: World, person: Person, choices: tuple[tuple[str, int], ...] = BEST) -> int:
    run_id = drill_runs.begin(world.portal, person, ID)
    for decision, option in choices:
        world.clock.forward(seconds=3)
        drill_runs.choose(world.portal, person, run_id, decision, option)
    return run_id


def kinds(world: World, run_id: int) -> list[str]:
    found = world.rows(
        "SELECT kind FROM drill_events WHERE run_id = :id ORDER BY number", id=run_id
    )
    return [row["kind"] for row in found]


def test_a_run_is_opened_once_and_goes_on_where_it_was(drills: World, learner: Person) -> None:
    first = drill_runs.begin(drills.portal, learner, ID)
    assert drill_runs.begin(drills.portal, learner, ID) == first
    drill_runs.choose(drills.portal, learner, first, "smoke-1", 1)
    view = drill_runs.visit(drills.portal, learner, drill_runs.begin(drills.portal, learner, ID))
    assert view.decision is not None and view.decision.id == "brigade-1"
    with pytest.raises(Refused, match=r"error\.drill_not_offered"):
        drill_runs.begin(drills.portal, learner, "fire/none")


def test_the_view_of_an_open_run_tells_no_answers(drills: World, learner: Person) -> None:
    view = drill_runs.visit(drills.portal, learner, drill_runs.begin(drills.portal, learner, ID))
    assert {choice.position for choice in view.choices} == {0, 1, 2}
    assert set(view.choices[0].__slots__) == {"position", "text"}
    assert view.seconds_left == 60
    assert [gauge.name for gauge in view.board] == list(drill_of().state)


def test_a_decision_is_taken_once(drills: World, learner: Person) -> None:
    run_id = play(drills, learner, BEST[:1])
    with pytest.raises(Refused, match=r"error\.drill_moved_on"):
        drill_runs.choose(drills.portal, learner, run_id, "smoke-1", 0)
    with pytest.raises(Refused, match=r"error\.drill_not_open"):
        drill_runs.choose(drills.portal, learner, run_id, "brigade-1", 3)  # only if not warned
    assert kinds(drills, run_id) == ["begin", "choose"]


def suggested(world: World, person: Person) -> dict[str, list[str]]:
    """The drills among the three best suggestions, with their reasons."""
    found = next_steps.look(world.portal, person).suggestions[:3]
    return {
        one.candidate.item_id: [reason.kind for reason in one.reasons]
        for one in found
        if one.candidate.kind == "drill"
    }


def know(world: World, person: Person, answers: int) -> None:
    """So many answers say that the person is not good at anything."""
    at = world.clock.now
    profile = Profile(State((-1.0,) * 6, prior().cov), at, (answers,) * 6, (at,) * 6)
    with world.portal.db.write() as conn:
        capability_store.save_profiles(conn, {person.id: profile})


def test_a_gap_that_answers_show_calls_for_a_drill_until_it_is_passed(
    drills: World, learner: Person
) -> None:
    assert suggested(drills, learner) == {}, "the post asks for nothing"
    post = Post("grid", Bilingual("网格员"), {"emergency": 3, "law": 3})
    made = replace(shelf(), capabilities=CapabilityModel((), (post,)))
    drills.serve(made)
    know(drills, learner, answers=4)
    assert suggested(drills, learner) == {}, "too little is known, and the course is not done"
    know(drills, learner, answers=5)
    assert suggested(drills, learner) == {ID: ["gap", "rehearse"]}
    others = {key: replace(one, posts=("city",)) for key, one in made.courses.items()}
    drills.serve(replace(made, courses=others))
    assert suggested(drills, learner) == {}, "meant for another post"
    drills.serve(made)
    before = next_steps.stamp(drills.portal, learner)
    run_id = play(drills, learner, BEST[:1])
    assert next_steps.stamp(drills.portal, learner) != before
    assert suggested(drills, learner) == {ID: ["drill_begun", "gap", "rehearse"]}
    for decision, option in BEST[1:]:
        drill_runs.choose(drills.portal, learner, run_id, decision, option)
    know(drills, learner, answers=9)
    assert suggested(drills, learner) == {}, "it was passed"


def test_a_completed_course_calls_for_its_drill_and_so_does_an_obligation(
    drills: World, learner: Person
) -> None:
    post = Post("grid", Bilingual("网格员"), {"emergency": 3})
    made = replace(shelf(), capabilities=CapabilityModel((), (post,)))
    drills.serve(made)
    assert suggested(drills, learner) == {}
    with drills.portal.db.write() as conn:
        course, now = (learner.id, None, "fire"), drills.clock.now
        progress_store.start_course(conn, *course, now)
        progress_store.complete_course(conn, *course, version="1", hours=1.0, now=now)
    assert suggested(drills, learner) == {ID: ["gap_unknown", "rehearse"]}
    drills.serve(shelf())
    assert suggested(drills, learner) == {}
    ask_for_the_drill(drills)
    assert suggested(drills, learner) == {ID: ["due"]}


def test_time_is_up_for_whoever_comes_late(drills: World, learner: Person) -> None:
    run_id = drill_runs.begin(drills.portal, learner, ID)
    for _ in range(4):  # the page is open: signs come in
        drills.clock.forward(seconds=15)
        drill_runs.visit(drills.portal, learner, run_id)
        drills.portal.db.settle()
    drills.clock.forward(seconds=3)
    with pytest.raises(Refused, match=r"error\.drill_late"):
        drill_runs.choose(drills.portal, learner, run_id, "smoke-1", 1)
    view = drill_runs.visit(drills.portal, learner, run_id)
    assert view.last_by_clock and view.decision is not None and view.decision.id == "old-1"
    assert kinds(drills, run_id) == ["begin", "timeout"]


def test_a_lost_connection_is_given_back(drills: World, learner: Person) -> None:
    run_id = drill_runs.begin(drills.portal, learner, ID)
    drills.clock.forward(seconds=15)
    drill_runs.visit(drills.portal, learner, run_id)
    drills.portal.db.settle()
    drills.clock.forward(minutes=5)
    view = drill_runs.visit(drills.portal, learner, run_id)
    assert view.given_back and view.seconds_left == pytest.approx(60)  # 45 left and 15 bearings
    drill_runs.choose(drills.portal, learner, run_id, "smoke-1", 1)
    assert kinds(drills, run_id) == ["begin", "absence", "choose"]


def test_an_absence_ends_with_the_click_that_comes_first(drills: World, learner: Person) -> None:
    """After a reconnect the choice itself may be the first sign of life."""
    run_id = drill_runs.begin(drills.portal, learner, ID)
    drills.clock.forward(minutes=5)
    drill_runs.choose(drills.portal, learner, run_id, "smoke-1", 1)
    assert kinds(drills, run_id) == ["begin", "absence", "choose"]


def test_events_cannot_be_changed(drills: World, learner: Person) -> None:
    play(drills, learner)
    for sql in ("UPDATE drill_events SET at = ''", "DELETE FROM drill_events"):
        with pytest.raises(sqlite3.IntegrityError), drills.portal.db.write() as conn:
            conn.run(sql)


def test_a_run_is_played_to_its_end_on_the_version_it_began_with(
    drills: World, learner: Person
) -> None:
    run_id = play(drills, learner, BEST[:1])
    drills.serve(shelf(DRILL.replace("`P` `elapsed+=1`", "`S` `elapsed+=1`")))
    for decision, option in BEST[1:]:
        drill_runs.choose(drills.portal, learner, run_id, decision, option)
    report = drill_reports.after_action(drills.portal, learner, run_id).report
    assert report.is_best and [one.rating for one in report.objectives] == ["P", "P"]


def test_a_finished_run_leaves_ratings_evidence_and_a_plan(drills: World, learner: Person) -> None:
    run_id = play(drills, learner, WORSE)
    rows = drills.rows("SELECT objective, rating FROM drill_ratings ORDER BY objective")
    assert [tuple(row.values()) for row in rows] == [("O1", "U"), ("O2", "U")]
    evidence = drills.rows(
        "SELECT item_id, capability, x FROM evidence WHERE source_id = :id ORDER BY position",
        id=run_id,
    )
    assert [(row["item_id"], row["capability"], row["x"]) for row in evidence] == [
        ("fire/drill#smoke-1", "emergency", 0.0),
        ("fire/drill#old-1", "emergency", 0.0),
        ("fire/drill#brigade-1", "emergency", 0.0),
        ("fire/drill#brigade-1", "law", 0.0),
    ]
    view = drill_reports.after_action(drills.portal, learner, run_id)
    assert [(one.objective, one.course_id) for one in view.actions] == [
        ("O1", "fire"),
        ("O2", ""),
    ]
    assert view.actions[0].due_on.isoformat() == "2026-11-29"
    assert view.actions[0].owner == learner.name
    assert [one.decision.id for one in view.report.gaps] == ["smoke-1", "old-1", "brigade-1"]
    assert view.report.gaps[0].best.text.zh.startswith("打 119")


def test_what_a_report_found_wanting_is_a_task_on_the_first_page(
    drills: World, learner: Person
) -> None:
    stamps = {next_steps.stamp(drills.portal, learner)}
    assert progress.home(drills.portal, learner).retests == ()
    play(drills, learner, WORSE)
    stamps.add(next_steps.stamp(drills.portal, learner))
    [retest] = progress.home(drills.portal, learner).retests
    assert (retest.drill_id, retest.due_on.isoformat()) == (ID, "2026-11-29")
    assert retest.days_left == 7 and len(retest.objectives) == 2
    play(drills, learner, BEST)
    stamps.add(next_steps.stamp(drills.portal, learner))
    assert progress.home(drills.portal, learner).retests == ()
    assert len(stamps) == 3, "the page is made anew"


def test_a_retest_closes_an_action_and_a_second_failure_opens_none_beside_it(
    drills: World, learner: Person
) -> None:
    play(drills, learner, WORSE)
    play(drills, learner, WORSE)
    assert len(drill_reports.my_drills(drills.portal, learner).actions) == 2
    retest = play(drills, learner, BEST)
    assert drill_reports.my_drills(drills.portal, learner).actions == []
    closed = drills.rows("SELECT closed_by_run FROM drill_actions")
    assert [row["closed_by_run"] for row in closed] == [retest, retest]


def test_a_stopped_run_is_rated_nowhere(drills: World, learner: Person) -> None:
    run_id = play(drills, learner, WORSE[:2])
    drill_runs.stop(drills.portal, learner, run_id)
    assert drills.rows("SELECT * FROM drill_ratings") == []
    assert drills.rows("SELECT * FROM evidence") == []
    with pytest.raises(Refused, match=r"error\.drill_over"):
        drill_runs.choose(drills.portal, learner, run_id, "brigade-1", 0)
    with pytest.raises(Refused, match=r"error\.drill_open"):
        drill_reports.after_action(drills.portal, learner, run_id)
    assert drill_runs.begin(drills.portal, learner, ID) != run_id


def test_a_drill_out_of_interest_begins_no_course(drills: World, learner: Person) -> None:
    play(drills, learner)
    assert drills.rows("SELECT * FROM course_progress") == []


def test_a_course_may_ask_for_a_drill(drills: World, learner: Person) -> None:
    catalogue = shelf()
    asked = replace(catalogue.courses["fire"], pass_modules=(), pass_quizzes=(ID,))
    drills.serve(replace(catalogue, courses={**catalogue.courses, "fire": asked}))
    play(drills, learner, WORSE)
    done = "SELECT completed_at FROM course_progress"
    assert drills.rows(done) == [{"completed_at": None}]
    play(drills, learner, BEST)
    assert drills.rows(done)[0]["completed_at"] is not None


def test_whoever_answers_a_doubt_reads_which_decision_counted(
    drills: World, learner: Person
) -> None:
    play(drills, learner)
    [row] = drills.rows("SELECT * FROM evidence WHERE item_id = 'fire/drill#smoke-1'")
    drill = drill_of()
    assert capability_questions.titles_of(drills.portal, row) == (
        drill.title,
        drill.decision("smoke-1").title,
    )
    drills.serve(sample_catalogue())
    assert capability_questions.titles_of(drills.portal, row) == (Bilingual("fire/drill#smoke-1"),)


def ask_for_the_drill(drills: World) -> None:
    boss = drills.grant(drills.add_person("chief", "east"), "manager", "east")
    draft = Draft(
        unit_id=drills.unit_ids["east"],
        items=(Item("drill", ID),),
        audience=Everyone(),
        title="",
        reason="",
        due=OnDate(date(2026, 12, 20)),
        recurrence=Once(),
    )
    made = assignments.create(drills.portal, boss, draft)
    list(stepping.bring_into_step(drills.portal, made))


def test_a_finished_drill_meets_the_obligation_to_play_it(drills: World, learner: Person) -> None:
    ask_for_the_drill(drills)
    asked = "SELECT done_at FROM obligations WHERE person_id = :id AND item_kind = 'drill'"
    assert drills.rows(asked, id=learner.id) == [{"done_at": None}]
    play(drills, learner, WORSE[:2])
    assert drills.rows(asked, id=learner.id) == [{"done_at": None}]
    play(drills, learner, WORSE[2:])
    assert drills.rows(asked, id=learner.id)[0]["done_at"] is not None
    assert len(drill_reports.my_drills(drills.portal, learner).actions) == 2


def test_the_report_as_pdf_holds_its_words_and_is_noted(drills: World, learner: Person) -> None:
    run_id = play(drills, learner, WORSE)
    file = drill_files.report(drills.portal, learner, {"r": str(run_id)})
    assert file.content.startswith(b"%PDF") and file.name.endswith(f"{learner.name}.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    flat = "".join(text.split())
    for words in ("下次这样做", "打119", "先报警", "改进事项", "2026年11月29日", "课程fire"):
        assert words in flat, words
    assert drills.rows("SELECT action FROM audit ORDER BY id DESC LIMIT 1") == [
        {"action": "exported"}
    ]
    for query in ({}, {"r": "x"}, {"r": "999"}):
        with pytest.raises(NotAllowed):
            drill_files.report(drills.portal, learner, query)


def test_whose_run_it_is_decides_who_sees_it(drills: World, learner: Person) -> None:
    other = drills.add_person("zhao", "west")
    run_id = play(drills, learner)
    boss = drills.grant(drills.add_person("chief", "east"), "manager", "east")
    stranger = drills.grant(drills.add_person("far", "west"), "manager", "west")
    assert not drill_reports.after_action(drills.portal, boss, run_id).is_mine
    for person in (other, stranger):
        with pytest.raises(NotAllowed):
            drill_reports.after_action(drills.portal, person, run_id)
    for act in (drill_runs.visit, drill_runs.stop):
        with pytest.raises(NotAllowed):
            act(drills.portal, boss, run_id)
    with pytest.raises(NotAllowed):
        drill_runs.choose(drills.portal, other, run_id, "smoke-1", 0)


def test_managers_see_groups_of_five_and_nothing_outside_their_unit(
    drills: World, learner: Person
) -> None:
    boss = drills.grant(drills.add_person("chief", "east"), "manager", "east")
    east = drills.unit_ids["east"]
    play(drills, learner, WORSE)
    for n in range(3):
        play(drills, drills.add_person(f"p{n}", "east-1"), WORSE)
    [row] = drill_figures.unit_drills(drills.portal, boss, east).drills
    assert (row["people"], row["small"], row["score"], row["objectives"]) == (4, True, None, None)
    play(drills, drills.add_person("coach", "east-1", post="trainer"), BEST)  # counts nowhere
    [row] = drill_figures.unit_drills(drills.portal, boss, east).drills
    assert (row["people"], row["small"]) == (4, True)
    play(drills, drills.add_person("p9", "east-1"), BEST)
    figures = drill_figures.unit_drills(drills.portal, boss, east)
    [row] = figures.drills
    assert (row["people"], row["runs"], row["best"]) == (5, 5, 1)
    assert row["score"] == pytest.approx(0.2)
    assert [(one["objective"], one["p"], one["u"]) for one in row["objectives"]] == [
        ("O1", 1, 4),
        ("O2", 1, 4),
    ]
    assert [(gap["decision"].id, gap["share"]) for gap in figures.gaps] == [
        ("old-1", 1.0),
        ("brigade-1", 0.8),
        ("smoke-1", 0.8),
    ]
    assert (figures.open, figures.overdue, len(figures.actions)) == (8, 0, 8)
    child = next(one for one in figures.children if one["people"])
    assert (child["people"], child["runs"]) == (5, 5)
    # four more next door: neither they nor, by subtraction, the five are shown
    top = drills.grant(drills.add_person("head", "county"), "manager", "county")
    for n in range(4):
        play(drills, drills.add_person(f"w{n}", "west"), BEST)
    county = drill_figures.unit_drills(drills.portal, top, drills.unit_ids["county"])
    assert [(row["people"], row["small"]) for row in county.drills] == [(9, False)]
    assert [(row["people"], row["score"]) for row in county.children] == [(5, None), (4, None)]
    for unit in ("east", "west"):
        below = drill_figures.unit_drills(drills.portal, top, drills.unit_ids[unit])
        assert [row["score"] for row in below.drills] == [None] and below.gaps == []
    drills.clock.forward(days=20)
    assert drill_figures.unit_drills(drills.portal, boss, east).overdue == 8
    for unit in ("county", "west"):
        with pytest.raises(NotAllowed):
            drill_figures.unit_drills(drills.portal, boss, drills.unit_ids[unit])


def test_shares_of_branches_are_of_the_present_version(drills: World, learner: Person) -> None:
    trainer = drills.grant(drills.add_person("coach", "east"), "trainer")
    for _ in range(4):
        play(drills, learner, WORSE)
    play(drills, learner, BEST)
    shares = drill_figures.branch_shares(drills.portal, trainer, drill_of())
    assert shares[("smoke-1", 0)] == 0.8 and shares[("smoke-1", 1)] == 0.2
    assert ("old-1", 1) not in shares, "met four times only"
    edited = drill_of(DRILL.replace("只能先做一件。", "只能先做一件事。"))
    assert not any(
        key[0] == "smoke-1" for key in drill_figures.branch_shares(drills.portal, trainer, edited)
    )
    with pytest.raises(NotAllowed):
        drill_figures.branch_shares(drills.portal, learner, drill_of())


# killed in the middle

PLAYING = """
import sys
from pathlib import Path
from portal.actions import drill_runs
from tests.actions.sample import reopen
from tests.actions.test_drill_runs import ID, WORSE, shelf

learning = reopen(Path(sys.argv[1]), shelf())
person = learning.person(int(sys.argv[2]))
while True:
    run = drill_runs.begin(learning.portal, person, ID)
    for decision, option in WORSE:
        try:
            drill_runs.choose(learning.portal, person, run, decision, option)
        except drill_runs.Refused:
            continue  # taken before the server was killed
        print(run, decision, option, flush=True)
"""


def test_kill_9_in_the_middle_loses_no_decision(tmp_path: Path) -> None:
    learning = world(tmp_path, shelf())
    person = learning.add_person("wang", "east-1")
    told: list[str] = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", PLAYING, str(learning.portal.db.path), str(person.id)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        told += [process.stdout.readline().strip() for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        told += [line for line in process.stdout.read().splitlines() if line.count(" ") == 2]
        process.wait()
        process.stdout.close()
    again = reopen(learning.portal.db.path, shelf())
    logged = {
        f"{row['run_id']} {row['decision']} {row['option']}"
        for row in again.rows(
            """SELECT run_id, body ->> 'decision' AS decision, body ->> 'option' AS option
               FROM drill_events WHERE kind = 'choose'"""
        )
    }
    assert set(told) <= logged and len(logged) <= len(told) + 2
    # a run is finished with everything that follows from it, or not at all
    ended = again.rows("SELECT id FROM drill_runs WHERE outcome = 'finished'")
    rated = again.rows("SELECT DISTINCT run_id FROM drill_ratings")
    counted = again.rows("SELECT SUM(runs) AS runs FROM unit_drills WHERE drill_id <> ''")
    assert len(ended) == len(rated) == counted[0]["runs"] > 8
    assert again.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    again.portal.db.close()
    learning.portal.db.close()
