"""Rooms over a real database: who gets in, what is on disk, what follows from closing one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from threading import Barrier

import pytest

from portal.actions import (
    assignments,
    drill_reports,
    drill_runs,
    stepping,
    tabletop_close,
    tabletop_lead,
    tabletop_play,
    tabletop_rooms,
    tabletop_table,
    tabletop_views,
)
from portal.actions.assignments import Draft
from portal.actions.errors import NotAllowed, Refused
from portal.core.assignments import Item
from portal.core.audience import Everyone
from portal.core.due import Once, OnDate
from portal.core.people import Person
from portal.core.tabletop_rules import tally
from portal.store import drill_runs as store
from tests.actions.sample import World, reopen
from tests.actions.test_drill_runs import ID, shelf
from tests.core.drill_files import DRILL

WITH_ROLES = DRILL.replace("`#smoke-1` `目标:O1`", "`#smoke-1` `目标:O1` `角色:指挥`")
DUE = date(2026, 12, 20)


@dataclass
class Room:
    """A world with a room that a manager of the street "east" has opened."""

    world: World
    boss: Person
    run_id: int
    ann: Person
    bo: Person

    @property
    def code(self) -> str:
        [row] = self.world.rows("SELECT code FROM drill_rooms WHERE run_id = :r", r=self.run_id)
        return str(row["code"])

    def kinds(self) -> list[str]:
        rows = self.world.rows(
            "SELECT kind FROM drill_events WHERE run_id = :r ORDER BY number", r=self.run_id
        )
        return [row["kind"] for row in rows]

    def to_the_end(self) -> None:
        """Ann takes the first decision as command, the rest are voted."""
        portal, run = self.world.portal, self.run_id
        tabletop_play.decide(portal, self.ann, run, 0, 1, "先报警")
        tabletop_play.vote(portal, self.ann, run, 1, 1, "名册在手")
        tabletop_play.vote(portal, self.bo, run, 1, 2, "大概吧")
        with pytest.raises(NotAllowed):
            tabletop_lead.close_vote(portal, self.ann, run, 1)
        tabletop_play.vote(portal, self.bo, run, 1, 1, "改主意了")
        tabletop_lead.close_vote(portal, self.boss, run, 1)
        tabletop_lead.decide(portal, self.boss, run, 2, 1, "时间不多")


@pytest.fixture
def room(learning: World) -> Room:
    return make_room(learning)


def make_room(world: World, text: str = WITH_ROLES) -> Room:
    store.forget()
    tabletop_table.forget()
    world.serve(shelf(text))
    boss = world.grant(world.add_person("boss", "east"), "manager", "east")
    ann, bo = world.add_person("ann", "east-1"), world.add_person("bo", "east-1")
    run_id = tabletop_rooms.open_room(world.portal, boss, ID, world.unit_ids["east"])
    return Room(world, boss, run_id, ann, bo)


def begin(room: Room) -> None:
    portal = room.world.portal
    for person, roles in ((room.ann, ["command"]), (room.bo, ["scene", "support"])):
        assert tabletop_rooms.join(portal, person, room.code.lower()) == room.run_id
        tabletop_rooms.choose_roles(portal, person, room.run_id, roles)
    tabletop_lead.begin(portal, room.boss, room.run_id)


def test_who_may_open_join_read_and_take_over(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    stranger = world.add_person("stranger", "east-1")
    west = world.grant(world.add_person("west", "west"), "manager", "west")
    chief = world.grant(world.add_person("chief", "county"), "manager", "county")
    with pytest.raises(NotAllowed):
        tabletop_rooms.open_room(portal, stranger, ID, world.unit_ids["east"])
    with pytest.raises(NotAllowed):
        tabletop_rooms.open_room(portal, west, ID, world.unit_ids["east"])
    # a stranger reads nothing, and whoever might take over reads nothing before doing it
    for person in (stranger, west, chief):
        for read in (tabletop_views.visit, tabletop_views.look):
            with pytest.raises(NotAllowed):
                read(portal, person, run)
    for person in (stranger, west):
        with pytest.raises(NotAllowed):
            tabletop_rooms.take_over(portal, person, run)
        with pytest.raises(NotAllowed):
            tabletop_lead.begin(portal, person, run)
    with pytest.raises(NotAllowed):
        tabletop_play.vote(portal, stranger, run, 0, 1, "")
    begin(room)
    tabletop_rooms.take_over(portal, chief, run)
    tabletop_rooms.take_over(portal, chief, run)
    assert room.kinds().count("lead") == 1
    assert tabletop_views.visit(portal, chief, run).is_lead
    tabletop_lead.pause(portal, chief, run)
    tabletop_lead.resume(portal, room.boss, run)
    # a facilitator plays no part, a participant does not take over
    with pytest.raises(Refused, match="tabletop_leads"):
        tabletop_rooms.join(portal, chief, room.code)
    world.grant(room.ann, "manager", "east")
    with pytest.raises(Refused, match="tabletop_takes_part"):
        tabletop_rooms.take_over(portal, world.person(room.ann.id), run)
    assert [one.run_id for one in tabletop_rooms.rooms_to_lead(portal, chief)] == [run]
    assert tabletop_rooms.rooms_to_lead(portal, west) == []
    assert [one.run_id for one in tabletop_rooms.my_rooms(portal, room.bo)] == [run]


def test_a_lead_without_the_right_any_more_leads_no_more(room: Room) -> None:
    world = room.world
    with world.portal.db.write() as conn:
        conn.run("UPDATE role_grants SET revoked_at = granted_at WHERE role = 'manager'")
    gone = world.person(room.boss.id)
    with pytest.raises(NotAllowed):
        tabletop_lead.begin(world.portal, gone, room.run_id)
    with pytest.raises(NotAllowed):
        tabletop_views.visit(world.portal, gone, room.run_id)


def test_guessing_codes_gets_slow_and_a_code_runs_out(room: Room) -> None:
    world, portal = room.world, room.world.portal
    for n in range(10):
        with pytest.raises(Refused, match="tabletop_code"):
            tabletop_rooms.join(portal, room.ann, "ACDEF9" if n % 2 else "nonsense")
    with pytest.raises(Refused, match="tabletop_wait"):
        tabletop_rooms.join(portal, room.ann, room.code)
    assert tabletop_rooms.join(portal, room.bo, room.code) == room.run_id, "others are not held"
    world.clock.forward(hours=1, seconds=1)
    assert tabletop_rooms.join(portal, room.ann, room.code) == room.run_id
    world.clock.forward(hours=11)
    with pytest.raises(Refused, match="tabletop_code"):
        tabletop_rooms.join(portal, world.add_person("late", "east"), room.code)


def test_one_room_from_lobby_to_plan(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    with pytest.raises(Refused, match="tabletop_nobody"):
        tabletop_lead.begin(portal, room.boss, run)
    begin(room)
    tabletop_lead.begin(portal, room.boss, run)  # the other tab
    mine, leads = (tabletop_views.visit(portal, who, run) for who in (room.ann, room.boss))
    assert leads.best == 1 and mine.best is None and mine.waiting == () and leads.waiting
    with pytest.raises(Refused, match="tabletop_not_yours"):
        tabletop_play.decide(portal, room.bo, run, 0, 1, "")
    room.to_the_end()
    with pytest.raises(Refused, match="drill_over"):
        tabletop_lead.close_vote(portal, room.boss, run, 1)
    with pytest.raises(Refused, match="drill_open"):
        drill_reports.after_action(portal, room.boss, run)
    with pytest.raises(Refused, match="tabletop_words"):
        tabletop_close.rate(portal, room.boss, run, 0, "U", "")
    tabletop_close.rate(portal, room.boss, run, 0, "U", "地址报错了")
    tabletop_close.comment(portal, room.boss, run, -1, "配合好")
    tabletop_play.remark(portal, room.ann, run, "分工清楚", is_good=True, named=True)
    tabletop_play.remark(portal, room.bo, run, "喇叭没电", is_good=False, named=False)
    for owner_id, name in ((room.bo.id, ""), (None, "物业老周")):
        tabletop_close.plan(portal, room.boss, run, "O1", "备好喇叭", owner_id, name, DUE)
    with pytest.raises(Refused, match="tabletop_owner"):
        tabletop_close.plan(portal, room.boss, run, "O1", "谁来", None, " ", DUE)
    with pytest.raises(Refused, match="tabletop_due"):
        tabletop_close.plan(portal, room.boss, run, "O1", "昨天", None, "甲", date(2020, 1, 1))
    tabletop_close.close(portal, room.boss, run)
    tabletop_close.close(portal, room.boss, run)
    assert room.kinds().count("close") == 1
    [anonymous] = world.rows(
        "SELECT person_id FROM drill_events WHERE kind = 'remark' AND body LIKE '%喇叭没电%'"
    )
    assert anonymous["person_id"] is None
    view = drill_reports.after_action(portal, room.bo, run)
    assert view.room is not None and view.room.comments == {-1: "配合好"}
    assert [one.decision.id for one in view.report.gaps] == ["smoke-1"]
    assert {one.owner for one in view.actions} == {"姓名 bo", "物业老周"}
    ratings = world.rows("SELECT person_id, rating FROM drill_ratings WHERE objective = 'O1'")
    assert {row["person_id"] for row in ratings} == {room.ann.id, room.bo.id}
    # evidence: Ann decided (rated U) and voted, Bo voted alone; half the weight of deciding alone
    counted = world.rows("SELECT person_id, item_id, x, w FROM evidence WHERE kind = 'drill'")
    found = {(row["person_id"], row["item_id"].split("#")[1]): row["x"] for row in counted}
    assert found == {
        (room.ann.id, "smoke-1"): 0.0,
        (room.ann.id, "brigade-1"): 1.0,
        (room.bo.id, "brigade-1"): 1.0,
    }
    assert all(row["w"] <= 0.5 for row in counted)
    with pytest.raises(NotAllowed):
        drill_reports.after_action(portal, world.add_person("other", "east"), run)


def test_a_retest_of_the_unit_closes_the_groups_actions_and_nothing_else(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    begin(room)
    room.to_the_end()
    tabletop_close.plan(portal, room.boss, run, "O1", "备好喇叭", room.bo.id, "", DUE)
    tabletop_close.close(portal, room.boss, run)
    # Bo alone does well: that mends nothing of the group's
    alone = drill_runs.begin(portal, room.bo, ID)
    for decision in ("smoke-1", "brigade-1", "brigade-2"):
        drill_runs.choose(portal, room.bo, alone, decision, 1)
    assert world.rows("SELECT closed_at FROM drill_actions")[0]["closed_at"] is None
    again = tabletop_rooms.open_room(portal, room.boss, ID, world.unit_ids["east"])
    second = Room(world, room.boss, again, room.ann, room.bo)
    begin(second)
    second.to_the_end()
    tabletop_close.close(portal, room.boss, again)
    assert world.rows("SELECT closed_by_run FROM drill_actions")[0]["closed_by_run"] == again


def test_an_obligation_to_play_is_met_for_those_who_took_part(room: Room) -> None:
    world, portal = room.world, room.world.portal
    unit = world.unit_ids["east"]
    draft = Draft(unit, "演练", "", (Item("drill", ID),), Everyone(), OnDate(DUE), Once())
    list(stepping.bring_into_step(portal, assignments.create(portal, room.boss, draft)))
    begin(room)
    room.to_the_end()
    tabletop_close.close(portal, room.boss, room.run_id)
    rows = world.rows("SELECT person_id, done_at FROM obligations WHERE item_id = :d", d=ID)
    done = {row["person_id"] for row in rows if row["done_at"]}
    assert done == {room.ann.id, room.bo.id} and len(rows) == 3


def test_time_up_ties_and_everybody_away(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    begin(room)
    world.clock.forward(seconds=3)
    tabletop_lead.set_ways(portal, room.boss, run, by_vote=True, by_hand=False)
    tabletop_play.vote(portal, room.ann, run, 0, 0, "去看看")
    tabletop_play.vote(portal, room.bo, run, 0, 1, "先报警")
    # somebody looks every few seconds, one of them is cut off: the clock goes on
    for _ in range(12):
        world.clock.forward(seconds=5)
        tabletop_views.look(portal, room.ann, run)
    assert room.kinds()[-1] == "tie"
    with pytest.raises(Refused, match="tabletop_tie"):
        tabletop_lead.resume(portal, room.boss, run)
    tabletop_play.decide(portal, room.ann, run, 0, 1, "")
    view = tabletop_views.visit(portal, room.bo, run)
    assert view.decision is not None and view.decision.id == "brigade-1"
    # nobody at all for five minutes on a step with a limit: given back when somebody returns
    portal.db.settle()
    assert tabletop_views.look(portal, room.bo, run).phase == "play"


def test_a_vote_that_comes_too_late_keeps_what_the_clock_did(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    begin(room)
    for _ in range(11):
        world.clock.forward(seconds=5)
        tabletop_views.look(portal, room.ann, run)
    world.clock.forward(seconds=8)
    with pytest.raises(Refused, match="drill_"):
        tabletop_play.vote(portal, room.bo, run, 0, 1, "先报警")
    assert room.kinds()[-1] == "timeout"


def test_everybody_cut_off_loses_no_time(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    begin(room)
    tabletop_views.look(portal, room.ann, run)
    portal.db.settle()
    world.clock.forward(seconds=300)
    view = tabletop_views.visit(portal, room.bo, run)
    assert room.kinds()[-1] == "absence"
    assert view.decision is not None and view.decision.id == "smoke-1"


def test_the_room_on_disk_is_the_room_in_memory(room: Room) -> None:
    world, portal, run = room.world, room.world.portal, room.run_id
    begin(room)
    world.clock.forward(seconds=7.1234567)
    room.to_the_end()
    kept = tabletop_views.visit(portal, room.boss, run).room
    again = reopen(portal.db.path, shelf(WITH_ROLES))
    again.clock.now = world.clock.now
    tabletop_table.forget()
    assert tabletop_views.visit(again.portal, room.boss, run).room == kept
    again.portal.db.close()


def test_stopping_rates_nobody(room: Room) -> None:
    portal = room.world.portal
    begin(room)
    tabletop_lead.stop(portal, room.boss, room.run_id)
    with pytest.raises(Refused):
        tabletop_play.decide(portal, room.ann, room.run_id, 0, 1, "")
    assert room.world.rows("SELECT * FROM drill_ratings") == []
    with pytest.raises(Refused, match="tabletop_code"):
        tabletop_rooms.join(portal, room.world.add_person("x", "east"), room.code)


def test_thirty_people_join_and_vote_at_once_and_each_vote_counts_once(learning: World) -> None:
    room = make_room(learning, DRILL)  # whose first decision everybody votes on
    world, portal, run = room.world, room.world.portal, room.run_id
    people = [world.add_person(f"p{n}", "east-1") for n in range(30)]
    code = room.code
    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(lambda one: tabletop_rooms.join(portal, one, code), people)) == {run}
        tabletop_lead.begin(portal, room.boss, run)
        gate = Barrier(30, timeout=30)

        def vote(n: int) -> None:
            gate.wait()
            for _ in range(2):  # a second click of the same
                tabletop_play.vote(portal, people[n], run, 0, n % 3 % 2, f"第{n}个理由")

        list(pool.map(vote, range(30)))
    view = tabletop_views.visit(portal, room.boss, run)
    assert view.voted == len(view.deciders) == 30
    assert dict(tally(view.room.votes)) == {0: 20, 1: 10}
    rows = world.rows("SELECT person_id, body FROM drill_events WHERE kind = 'vote'")
    assert sorted(row["person_id"] for row in rows) == sorted(one.id for one in people)
    numbers = world.rows("SELECT number FROM drill_events ORDER BY number")
    assert [row["number"] for row in numbers] == list(range(1, 63))  # open, 30 joins, begin, 30
    tabletop_lead.close_vote(portal, room.boss, run, 0)
    assert tabletop_views.visit(portal, room.boss, run).room.decided[0].votes.keys() == {
        one.id for one in people
    }
