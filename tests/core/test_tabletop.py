"""The state machine of a room: entries in, room out; who decides, ties, news, pauses."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.core import tabletop_codes as codes
from portal.core import tabletop_rules as rules
from portal.core.drill_parser import parse_drill
from portal.core.drill_report import make_report
from portal.core.drill_run import Fault, Play
from portal.core.people import Person
from portal.core.question_parser import Place
from portal.core.tabletop import Entry, Room, Table
from portal.core.tabletop_proofs import proofs
from tests.core.drill_files import DRILL, DRILL_EN
from tests.core.drill_making import random_drill

START = datetime(2026, 11, 26, 9, tzinfo=UTC)
LEAD, ANN, BO, CY = 1, 11, 12, 13


def table_of(text: str = DRILL) -> Table:
    drill, problems = parse_drill(text, DRILL_EN, Place("zh", "fire", "emergency"), "fire/d", "en")
    assert drill is not None, problems
    return Table(Play(drill))


WITH_ROLES = DRILL.replace("`#smoke-1` `目标:O1`", "`#smoke-1` `目标:O1` `角色:指挥`")


class Game:
    """A room to play with: every ``do`` is one entry, every second counts."""

    def __init__(self, text: str = DRILL, *, by_vote: bool = False, by_hand: bool = False) -> None:
        self.table = table_of(text)
        self.now = START
        self.room = Room()
        self.do("open", LEAD, by_vote=by_vote, by_hand=by_hand)

    def do(self, kind: str, who: int | None = None, **body: object) -> Room:
        entry = Entry(self.room.number + 1, kind, self.now, who, body)
        self.room = self.table.after(self.room, entry)
        return self.room

    def seat(self, **roles: str) -> None:
        for name, held in roles.items():
            self.do("join", {"ann": ANN, "bo": BO, "cy": CY}[name], roles=held.split())

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def words(self) -> list[str]:
        return [one.inject.text.zh for one in self.table.news(self.room, self.now)]

    def vote(self, who: int, option: int, words: str = "") -> None:
        self.do("vote", who, step=self.room.step, option=option, words=words)


def begun(text: str = DRILL, *, by_vote: bool = False, by_hand: bool = False) -> Game:
    game = Game(text, by_vote=by_vote, by_hand=by_hand)
    game.seat(ann="command", bo="scene information", cy="")
    game.do("begin", LEAD)
    return game


def test_roles_decide_and_what_nobody_holds_falls_to_the_command() -> None:
    game = begun(WITH_ROLES)
    decision = rules.open_decision(game.table, game.room)
    assert decision is not None
    assert rules.deciders(game.room, decision) == {ANN}
    with pytest.raises(Fault, match="not_yours"):
        rules.check_choice(game.table, game.room, 0, 1, BO, game.now)
    assert rules.check_choice(game.table, game.room, 0, 1, ANN, game.now) is decision
    support = replace(decision, roles=("support",))
    assert rules.deciders(game.room, support) == {ANN}
    game.do("join", ANN, roles=[])
    assert rules.deciders(game.room, support) == {ANN, BO, CY}
    # without roles everybody votes, in any room
    assert rules.is_by_vote(game.room, replace(decision, roles=()))
    assert rules.deciders(game.room, replace(decision, roles=())) == {ANN, BO, CY}


def test_the_last_vote_before_closing_counts_and_what_is_said_is_kept() -> None:
    game = begun(by_vote=True)
    game.vote(ANN, 0, "快去看")
    game.vote(BO, 1)
    game.vote(ANN, 1, "先报警")
    game.vote(CY, -1, "问问物业")
    assert rules.tally(game.room.votes) == [(1, 2)]
    game.vote(BO, -1, "同意")
    assert game.room.votes[BO].option == 1 and game.room.votes[BO].words == "同意"
    decision = rules.open_decision(game.table, game.room)
    assert decision is not None
    kind, body = rules.outcome(game.room, decision)
    game.do(kind, None, **body)
    assert kind == "choose" and game.room.step == 1 and game.room.votes == {}
    how = game.room.decided[0]
    assert how.way == "vote" and how.votes[ANN].words == "先报警"
    # a vote that was on its way when the step closed moves nothing
    game.do("vote", BO, step=0, option=0)
    assert game.room.votes == {}


def test_a_tie_stops_the_clock_until_facilitator_or_command_decides() -> None:
    game = begun(by_vote=True)
    game.vote(ANN, 0)
    game.vote(BO, 1)
    game.wait(70)
    fallen = rules.fallen_due(game.table, game.room, game.now)
    assert fallen is not None and fallen[0] == "tie"
    game.do("tie", None, **fallen[1])
    game.wait(600)
    assert rules.fallen_due(game.table, game.room, game.now) is None
    assert rules.breaks_tie(game.room, ANN) and rules.breaks_tie(game.room, LEAD)
    assert not rules.breaks_tie(game.room, BO)
    with pytest.raises(Fault, match="not_yours"):
        rules.check_choice(game.table, game.room, 0, 2, ANN, game.now)
    assert rules.check_choice(game.table, game.room, 0, 1, ANN, game.now)


def test_nobody_voted_and_the_clock_decides_as_the_author_says() -> None:
    game = begun(by_vote=True)
    game.vote(ANN, -1, "还没想好")
    game.wait(61)
    assert rules.fallen_due(game.table, game.room, game.now) is None, "on its way still counts"
    game.wait(1)
    fallen = rules.fallen_due(game.table, game.room, game.now)
    assert fallen is not None and fallen[0] == "timeout" and fallen[1]["option"] == 2
    game.do("timeout", None, **fallen[1])
    assert game.room.decided[0].way == "clock"


def test_news_by_the_clock_held_released_and_written_by_hand() -> None:
    game = begun()
    assert game.words() == ["居民：三楼楼道冒烟，闻到胶皮味。"]
    [(at, due)] = game.table.waiting(game.room, game.now)
    assert game.table.next_news(game.room, game.now) == due.at == START + timedelta(seconds=20)
    game.do("hold", LEAD, step=0, inject=at)
    game.wait(30)
    assert len(game.words()) == 1 and game.table.next_news(game.room, game.now) is None
    game.do("own", LEAD, step=0, text="记者到了门口", roles=["information"])
    game.wait(1)
    game.do("release", LEAD, step=0, inject=at)
    game.do("release", LEAD, step=0, inject=at)  # a second click
    assert game.words()[1:] == ["记者到了门口", "居民：烟更大了，楼上有老人。"]
    own = game.table.news(game.room, game.now)[1]
    assert rules.reads(game.room, BO, own) and rules.reads(game.room, LEAD, own)
    assert not rules.reads(game.room, ANN, own)
    game.do("join", BO, roles=["scene"])
    assert rules.reads(game.room, ANN, own), "a role that nobody holds any more: everybody reads"
    game.do("choose", LEAD, step=0, decision="smoke-1", option=1, way="lead", words="试试")
    taken = game.room.state.taken[0] if game.room.state else None
    assert taken is not None and len(taken.arrived) == 3


def test_by_hand_nothing_comes_by_itself_and_what_came_stays() -> None:
    game = begun(by_hand=True)
    game.wait(50)
    assert len(game.words()) == 1
    game.do("set", LEAD, by_vote=False, by_hand=False)
    assert len(game.words()) == 2
    game.do("set", LEAD, by_vote=False, by_hand=True)
    assert len(game.words()) == 2, "what people have read does not go away"


def test_a_pause_gives_its_time_back() -> None:
    game = begun()
    game.wait(10)
    game.do("pause", LEAD, step=0)
    game.wait(300)
    assert len(game.words()) == 1 and game.table.deadline(game.room) is None
    assert rules.fallen_due(game.table, game.room, game.now) is None
    game.do("pause", LEAD, step=0)  # the other tab
    game.do("resume", LEAD, given_back_s=300.0)
    assert game.table.deadline(game.room) == START + timedelta(seconds=360)
    game.wait(9)
    assert len(game.words()) == 1
    game.wait(2)
    assert len(game.words()) == 2


def test_time_is_given_back_only_when_nobody_at_all_was_there() -> None:
    game = begun()
    seen = START + timedelta(seconds=5)
    assert not rules.away(game.room, seen, START + timedelta(seconds=20))
    given = rules.away(game.room, seen, START + timedelta(seconds=100))
    assert given == timedelta(seconds=110)
    game.do("pause", LEAD, step=0)
    assert not rules.away(game.room, seen, START + timedelta(seconds=100))


def test_ratings_by_the_facilitator_reach_report_and_proofs() -> None:
    game = begun(WITH_ROLES)
    game.do("choose", ANN, step=0, decision="smoke-1", option=1, way="role", words="")
    game.vote(ANN, 1)
    game.vote(BO, 1)
    game.vote(CY, 2)
    game.do("choose", None, step=1, decision="brigade-1", option=1, way="vote")
    game.do("choose", LEAD, step=2, decision="brigade-2", option=1, way="lead", words="没时间了")
    assert game.room.phase == "wash"
    game.do("choose", ANN, step=3, decision="brigade-2", option=0, way="role")
    assert len(game.room.decided) == 3, "nothing is decided after the end"
    game.do("rate", LEAD, taken=0, rating="M", words="报警说不清地址")
    game.do("rate", LEAD, taken=9, rating="U", words="没有这一步")
    game.do("rate", LEAD, taken=1, rating="X", words="没有这个评级")
    assert proofs(game.table, game.room, ANN) == [(0, "M"), (1, "P")]
    assert proofs(game.table, game.room, BO) == [(1, "P")]
    assert proofs(game.table, game.room, CY) == [(1, "M")]
    assert game.room.state is not None
    report = make_report(game.table.play, game.room.state)
    assert [one.decision.id for one in report.gaps] == ["smoke-1"] and report.gaps[0].is_changed
    assert report.objectives[0].score == pytest.approx((1 / 3 + 1) / 2)


def test_wash_remarks_plans_and_closing() -> None:
    game = begun()
    game.do("remark", ANN, is_good=True, text="早了")
    assert game.room.remarks == (), "only in the hot wash"
    for step, decision in enumerate(("smoke-1", "brigade-1", "brigade-2")):
        game.do("choose", LEAD, step=step, decision=decision, option=1, way="lead", words="快")
    game.do("remark", None, is_good=False, text="名册要更新")
    assert game.room.remarks[0].person_id is None
    body = {"objective": "O1", "text": "更新名册", "owner_id": ANN, "due_on": "2026-12-10"}
    game.do("plan", LEAD, **body)
    game.do("plan", LEAD, **{**body, "owner_id": None, "owner": "物业老周"})
    game.do("unplan", LEAD, number=game.room.plans[0].number)
    assert [one.owner for one in game.room.plans] == ["物业老周"]
    game.do("close", LEAD)
    game.do("remark", ANN, is_good=True, text="晚了")
    assert game.room.phase == "closed" and len(game.room.remarks) == 1


def test_any_order_of_entries_keeps_the_room_sound() -> None:
    """Random entries, stale and foolish ones among them, through random drills: no error, time
    never runs backwards, one record for every decision, and the same room from the log again."""
    dice = random.Random(20)
    kinds = ("choose", "vote", "pause", "resume", "release", "hold", "own", "set", "join", "rate")
    kinds += ("timeout", "tie", "remark", "absence", "comment")
    ended = rounds = 0
    while rounds < 25:
        drill = random_drill(dice)
        if drill is None:
            continue
        rounds += 1
        table, room, now, log = Table(Play(drill)), Room(), START, []
        script = [("open", {}), ("join", {"roles": ["command"]}), ("begin", {})]
        for _ in range(60):
            step = room.step + dice.choice((0, 0, 0, -1, 1))
            state = room.state
            decision = state.step if state is not None and dice.random() < 0.8 else "nothing"
            script.append(
                (
                    dice.choice(kinds),
                    {
                        "step": step,
                        "option": dice.randint(-1, 4),
                        "decision": decision,
                        "inject": dice.randint(0, 3),
                        "text": "消息",
                        "words": "",
                        "given_back_s": dice.randint(0, 90),
                        "options": [0, 1],
                        "taken": dice.randint(-1, 4),
                        "rating": dice.choice("PSMUX"),
                        "is_good": True,
                        "by_hand": dice.random() < 0.5,
                        "way": "lead",
                    },
                )
            )
            kind, body = script.pop(0)
            now += timedelta(seconds=dice.randint(0, 40))
            log.append(Entry(len(log) + 1, kind, now, dice.choice((LEAD, ANN)), body))
            before = room
            room = table.after(room, log[-1])
            if before.state is not None and room.state is not None:
                assert room.state.began_at >= before.state.began_at
                assert room.state.clock >= before.state.clock
                assert len(room.state.taken) == len(room.decided)
            news = table.news(room, now)
            assert [one.clock for one in news] == sorted(one.clock for one in news)
        ended += room.phase == "wash"
        assert table.replay(log) == room
    assert ended > 2, "some get to their end"


def test_codes_are_unlike_one_another_and_read_as_people_type() -> None:
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 25
    assert not set("0O1IL2Z5S8B") & set(codes.ALPHABET)
    assert codes.code_of([0, 1, 2, 3, 4, 24]) == "ACDEF9"
    assert codes.typed(" acd-ｅｆ9 ") == "ACDEF9"
    for text in ("", "ACDEF", "ACDEF99", "ACDEF0", "'; DROP", "A" * 5_000):
        assert codes.typed(text) == ""
    assert not codes.must_wait(9, 59) and codes.must_wait(10, 0) and codes.must_wait(0, 60)


def test_who_may_lead_is_in_the_one_table() -> None:
    from portal.core.people import Role, Target, may

    boss = Person(1, "1", "a", "甲", roles=frozenset({Role("manager", 3, "/1/3/")}))
    assert may(boss, "facilitate_drill", Target(unit_path="/1/3/4/"))
    assert not may(boss, "facilitate_drill", Target(unit_path="/1/5/"))
    assert not may(Person(2, "2", "b", "乙"), "facilitate_drill", Target(unit_path="/1/3/"))
