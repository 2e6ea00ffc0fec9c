"""Runs of drills: clocks, absences, time-outs, ratings; and thousands of walks at random."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.core.drill_parser import parse_drill
from portal.core.drill_run import (
    ALLOWANCE,
    BEARINGS,
    Event,
    Fault,
    Play,
    RunState,
    best_option,
    shuffled,
)
from portal.core.drill_scores import is_best, rating_of, score_objectives, score_of_run
from portal.core.drill_walks import MAX_DEPTH, open_options
from portal.core.drills import Drill
from portal.core.question_parser import Place
from tests.core.drill_files import DRILL
from tests.core.drill_making import random_drill

START = datetime(2026, 11, 26, 8, tzinfo=UTC)
WALKS = 10_000


def small() -> Drill:
    drill, _ = parse_drill(DRILL, None, Place("zh", "one", "emergency"), "one/fire")
    assert drill is not None
    return drill


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def play() -> Play:
    return Play(small())


@pytest.fixture
def begun(play: Play) -> RunState:
    return play.replay([Event("begin", START)])


def pick(play: Play, state: RunState, option: int, when: float) -> RunState:
    return play.after(state, play.choice(state, state.step, option, at(when), 1))


def test_injects_come_while_one_thinks(play: Play, begun: RunState) -> None:
    """At ten seconds a minute, the news of minute 2 comes after twenty."""
    assert [one.clock for one in play.arrived(begun, at(0))] == [0.0]
    assert [one.clock for one in play.arrived(begun, at(19.9))] == [0.0]
    assert [one.clock for one in play.arrived(begun, at(20))] == [0.0, 2.0]
    assert play.next_inject(begun, at(1)) == at(20)
    assert play.next_inject(begun, at(21)) is None


def test_what_was_not_due_at_the_decision_does_not_come(play: Play, begun: RunState) -> None:
    quick = pick(play, begun, 1, 5)
    slow = pick(play, begun, 1, 25)
    assert [len(state.taken[0].arrived) for state in (quick, slow)] == [1, 2]


def test_conditions_decide_which_news_comes(play: Play, begun: RunState) -> None:
    state = pick(play, begun, 0, 3)
    assert [one.inject.text.zh for one in play.arrived(state, at(3))] == ["居民：四楼没人应门。"]


def test_the_scenario_clock_follows_the_decisions_and_never_runs_back(
    play: Play, begun: RunState
) -> None:
    quick = pick(play, begun, 1, 5)
    assert quick.clock == 3.0  # elapsed says more than five seconds of thought
    slow = pick(play, begun, 1, 50)
    assert slow.clock == 5.0


def test_time_is_up_on_the_servers_clock(play: Play, begun: RunState) -> None:
    assert play.deadline(begun) == at(60)
    assert play.timeout(begun, at(61)) is None  # a choice may still be on its way
    event = play.timeout(begun, at(63))
    assert event is not None and (event.kind, event.option) == ("timeout", 2)
    state = play.after(begun, event)
    assert state.taken[0].by_clock and state.step == "old-1"
    with pytest.raises(Fault, match="late"):
        play.choice(begun, "smoke-1", 1, at(63), 1)


def test_without_an_authors_choice_the_clock_takes_the_worst(play: Play, begun: RunState) -> None:
    state = pick(play, begun, 0, 1)
    event = play.timeout(state, at(40))
    assert event is not None and event.option == 1  # U


def test_a_choice_that_cannot_be_made_is_refused(play: Play, begun: RunState) -> None:
    for decision, option, reason in (
        ("old-1", 0, "moved_on"),
        ("smoke-1", 7, "not_open"),
        ("smoke-1", -1, "not_open"),
    ):
        with pytest.raises(Fault, match=reason):
            play.choice(begun, decision, option, at(1), 1)
    twice = Event("choose", at(2), "smoke-1", 1)
    once = play.after(begun, twice)
    assert play.after(once, twice).taken == once.taken


def test_an_absence_is_given_back_with_time_to_find_ones_place(play: Play, begun: RunState) -> None:
    """Cut off ten seconds before the end, back after five minutes: ten seconds and bearings."""
    event = play.absence(begun, seen_at=at(50), now=at(350))
    assert event is not None and event.given_back == timedelta(seconds=300) + BEARINGS
    state = play.after(begun, event)
    assert play.deadline(state) == at(350) + timedelta(seconds=10) + BEARINGS
    assert play.timeout(state, at(350)) is None
    assert [one.clock for one in play.arrived(state, at(350))] == [0.0, 2.0]


def test_a_short_gap_is_no_absence(play: Play, begun: RunState) -> None:
    assert play.absence(begun, seen_at=at(10), now=at(30)) is None


def test_what_is_given_back_has_an_end_and_costs_one_decision_at_most(
    play: Play, begun: RunState
) -> None:
    event = play.absence(begun, seen_at=at(50), now=at(7200))
    assert event is not None and event.given_back == ALLOWANCE
    state = play.after(begun, event)
    out = play.timeout(state, at(7200))
    assert out is not None
    state = play.after(state, out)
    assert state.began_at == at(7200)
    assert play.timeout(state, at(7200)) is None
    assert play.absence(state, seen_at=at(7200), now=at(7300)) is None, "nothing is left"


def test_coming_and_going_cannot_stretch_a_decision_for_ever(play: Play, begun: RunState) -> None:
    state, now = begun, 0.0
    for _ in range(100):
        event = play.absence(state, seen_at=at(now), now=at(now + 21))
        now += 21
        state = play.after(state, event) if event is not None else state
    assert play.deadline(state) == at(60) + ALLOWANCE


def test_options_are_shuffled_by_the_runs_seed(play: Play, begun: RunState) -> None:
    decision = play.drill.decision("smoke-1")
    orders = {tuple(at for at, _ in shuffled(decision, begun.values, seed)) for seed in range(60)}
    assert len(orders) == 6
    assert shuffled(decision, begun.values, 7) == shuffled(decision, begun.values, 7)


def test_ratings_follow_the_format() -> None:
    pairs = [(1, "P"), (0.85, "P"), (0.84, "S"), (0.6, "S"), (0.59, "M"), (0.3, "M"), (0.29, "U")]
    assert [rating_of(score) for score, _ in pairs] == [rating for _, rating in pairs]


def test_a_u_on_a_critical_objective_caps_it_at_m(play: Play, begun: RunState) -> None:
    state = begun
    for option in (0, 2, 1, 1):  # U, then P to the end
        state = pick(play, state, option, 5)
    critical, other = score_objectives(play.drill, state.taken)
    assert state.is_over and state.step == "end-good"
    assert critical.score == pytest.approx(2 / 3)
    assert (critical.rating, critical.is_capped) == ("M", True)
    assert (other.rating, other.is_capped) == ("P", False)
    assert score_of_run(play.drill, state.taken) == pytest.approx(0.75)


def test_an_objective_that_was_not_met_has_no_rating(play: Play, begun: RunState) -> None:
    state = pick(play, begun, 1, 5)
    assert score_objectives(play.drill, state.taken)[1].rating is None


def test_the_best_options_lead_to_the_best_ending(play: Play, begun: RunState) -> None:
    state = begun
    while not state.is_over:
        option = best_option(play.steps.decisions[state.step], state.values)
        state = pick(play, state, option, 5)
    assert is_best(play.drill, state)


# walks at random


def library_drills() -> list[Drill]:
    """Every drill that comes with the portal."""
    files = Path(__file__).parents[2].glob("quizzes/*/*.md")
    texts = [file.read_text("utf-8") for file in files if not file.name.endswith(".en.md")]
    texts = [text for text in texts if "\nkind: drill" in text]
    parsed = [parse_drill(text, None, Place("zh", "one"), "one/drill")[0] for text in texts]
    return [drill for drill in parsed if drill is not None]


def test_ten_thousand_walks_end_keep_to_the_grammar_and_to_time() -> None:
    """Over every drill of the library and drills made at random: choices, time-outs, absences."""
    dice = random.Random(20261126)
    plays = [Play(small()), *(Play(drill) for drill in library_drills())]
    made = (random_drill(dice) for _ in range(16))
    plays += [Play(drill) for drill in made if drill is not None]
    assert len(plays) > 12
    for walk in range(WALKS):
        _walk(plays[walk % len(plays)], dice)


def _walk(play: Play, dice: random.Random) -> None:
    now, seen = START, START
    state = play.replay([Event("begin", now)])
    clock = state.clock
    kinds = {name: type(value) is bool for name, value in play.drill.state.items()}
    for _ in range(MAX_DEPTH + 1):
        if state.is_over:
            break
        now += timedelta(seconds=dice.choice((0, 1, 7, 30, 100, 2000)))
        away = play.absence(state, seen, now)
        state = play.after(state, away) if away is not None else state
        seen = now
        arrived = play.arrived(state, now)
        clocks = [one.clock for one in arrived]
        assert clocks == sorted(clocks) and all(one >= clock - 1e-9 for one in clocks)
        event = play.timeout(state, now)
        if event is None:
            options = [at for at, _ in open_options(play.steps.decisions[state.step], state.values)]
            event = play.choice(state, state.step, dice.choice(options), now, None)
        before = state
        state = play.after(state, event)
        assert len(state.taken) == len(before.taken) + 1
        assert state.clock >= before.clock and state.began_at >= before.began_at
        assert {name: type(value) is bool for name, value in state.values.items()} == kinds
        clock = state.clock
    assert state.is_over and play.steps.scenes[state.step].is_ending
    assert all(one.rating in (*"PSMU", None) for one in score_objectives(play.drill, state.taken))
