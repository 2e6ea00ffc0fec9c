"""What finished drills leave in a city: runs with their events, ratings, sums of units, plans.

Each of the staff has played ``RUNS_EACH`` times alone, and in each unit of ``ROOM`` or more, once
the first ``ROOM`` of them sat at a table together. The ways through a drill are played by its own
rules, by people who mostly know what to do, and given out among the runs.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.actions.drill_finish import course_for
from portal.actions.portal import Portal
from portal.core.catalogue import Catalogue
from portal.core.drill_json import drill_to_json, version_of_decision, version_of_drill
from portal.core.drill_report import GAPS, Report, improvements, make_report
from portal.core.drill_run import Event, Play
from portal.core.drill_scores import is_passed, rating_of_taken
from portal.core.drill_walks import open_options
from portal.core.drills import RATINGS, Drill
from portal.core.tabletop_proofs import WEIGHT
from portal.core.times import iso
from portal.store.drill_results import ALL_DRILLS

RUNS_EACH = 3
ROOM = 8  # people at a table
WALKS = 200  # different ways a drill
STEP = timedelta(seconds=20)  # that a decision takes
_WEIGHTS = {"P": 11, "S": 4, "M": 4, "U": 2}
_DAYS = 300


@dataclass(frozen=True, slots=True)
class Walk:
    """One way through a drill, and all that is stored of it whoever goes it."""

    drill: Drill
    version: str
    report: Report
    marks: tuple[str, ...]  # the version of each decision taken
    proofs: tuple[tuple[str, str, str, str], ...]  # name, version, capability, rating


@dataclass(frozen=True, slots=True)
class Run:
    """Who went which way when, and where; several people sat at a table with the first leading."""

    id: int
    unit_id: int
    people: tuple[int, ...]
    walk: Walk
    began: datetime
    lead: int | None = None

    @property
    def ended(self) -> datetime:
        return self.began + len(self.walk.report.state.taken) * STEP


@dataclass
class Proof:
    """What a run proves of each who took part; ``weight`` of each decision as evidence."""

    at: datetime
    run: Run
    weight: float = field(default=1.0)


def fill(
    portal: Portal,
    raw: sqlite3.Connection,
    staff: list[tuple[int, int]],
    lead: int,
    rng: random.Random,
) -> dict[int, list[Proof]]:
    """Store the runs of ``staff`` (person, unit); what they prove of each person.

    ``lead`` leads all tables. ``raw`` is in a transaction.
    """
    now = portal.now().replace(microsecond=0)
    began = now - timedelta(days=_DAYS)
    catalogue = portal.library.catalogue
    walks = {one.id: _walks(raw, one, now, rng) for one in catalogue.drills.values()}
    runs = list(_runs(walks, staff, lead, began, rng))
    _save_runs(raw, runs)
    _save_sums(raw, runs)
    raw.executemany(
        """
        INSERT INTO drill_actions (run_id, drill_id, objective, capability, decisions, person_id,
                                   unit_id, course_id, due_on, opened_at, closed_at, closed_by_run,
                                   is_group)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """,
        _actions(catalogue, runs),
    )
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for run in runs:
        for person in run.people:
            weight = 1.0 if run.lead is None else WEIGHT
            proofs[person].append(Proof(run.ended, run, weight))
    return proofs


# Private functions


def _walks(raw: sqlite3.Connection, drill: Drill, now: datetime, rng: random.Random) -> list[Walk]:
    version = _keep(raw, drill, now)
    play, found = Play(drill), []
    for _ in range(WALKS):
        state = play.begun(now)
        while not state.is_over:
            options = list(open_options(play.steps.decisions[state.step], state.values))
            weights = [_WEIGHTS[option.rating] for _, option in options]
            [(at, _)] = rng.choices(options, weights)
            state = play.after(state, Event("choose", state.last_at + STEP, state.step, at))
        report = make_report(play, state)
        marks = tuple(version_of_decision(drill.decision(one.decision_id)) for one in state.taken)
        found.append(Walk(drill, version, report, marks, tuple(_proofs(report, marks))))
    return found


def _keep(raw: sqlite3.Connection, drill: Drill, now: datetime) -> str:
    version = version_of_drill(drill)
    raw.execute(
        "INSERT INTO drill_versions VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
        (version, drill.id, drill_to_json(drill), iso(now)),
    )
    return version


def _proofs(report: Report, marks: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
    drill = report.drill
    for taken, mark in zip(report.state.taken, marks, strict=True):
        decision = drill.decision(taken.decision_id)
        among = dict.fromkeys(drill.objective(key).capability for key in decision.objectives)
        for capability in filter(None, among):
            yield f"{drill.id}#{decision.id}", mark, capability, rating_of_taken(drill, taken)


def _runs(
    walks: Mapping[str, list[Walk]],
    staff: list[tuple[int, int]],
    lead: int,
    began: datetime,
    rng: random.Random,
) -> Iterator[Run]:
    """By person, each one's in the order of time; then those of tables."""
    drills, number = list(walks), 0
    members: dict[int, list[int]] = defaultdict(list)
    for person, unit in staff:
        members[unit].append(person)
        at = began
        for drill in rng.choices(drills, k=RUNS_EACH):
            at += timedelta(seconds=rng.randrange(3600, (_DAYS - 10) * 86_400 // RUNS_EACH))
            number += 1
            yield Run(number, unit, (person,), rng.choice(walks[drill]), at)
    for unit, people in sorted(members.items()):
        if len(people) >= ROOM:
            at = began + timedelta(seconds=rng.randrange(86_400, (_DAYS - 10) * 86_400))
            number += 1
            walk = rng.choice(walks[rng.choice(drills)])
            yield Run(number, unit, tuple(people[:ROOM]), walk, at, lead)


def _save_runs(raw: sqlite3.Connection, runs: list[Run]) -> None:
    raw.executemany(
        """
        INSERT INTO drill_runs (id, drill_id, course_id, version, kind, seed, person_id, unit_id,
                                started_at, ended_at, outcome, ending, passed, best, score)
        VALUES (?,?,?,?,?,1,?,?,?,?,'finished',?,?,?,?)
        """,
        (
            (
                run.id, run.walk.drill.id, run.walk.drill.course, run.walk.version,
                "solo" if run.lead is None else "group", run.lead or run.people[0], run.unit_id,
                iso(run.began), iso(run.ended), run.walk.report.ending.id,
                int(is_passed(run.walk.report.objectives)), int(run.walk.report.is_best),
                run.walk.report.score,
            )
            for run in runs
        ),
    )  # fmt: skip
    raw.executemany(
        """
        INSERT INTO drill_participants (run_id, person_id, unit_id, joined_at) VALUES (?,?,?,?)
        """,
        (
            (run.id, person, run.unit_id, iso(run.began))
            for run in runs
            for person in sorted(run.people)
        ),
    )
    raw.executemany(
        """
        INSERT INTO drill_ratings (run_id, person_id, objective, capability, critical, score,
                                   rating)
        VALUES (?,?,?,?,?,?,?)
        """,
        (
            (
                run.id, person, one.objective.key, one.objective.capability,
                int(one.objective.critical), one.score, one.rating,
            )
            for run in runs
            for person in sorted(run.people)
            for one in run.walk.report.objectives
            if one.rating is not None
        ),
    )  # fmt: skip
    raw.executemany("INSERT INTO drill_events VALUES (?,?,?,?,?,?)", _events(runs))
    raw.executemany(
        "INSERT INTO drill_rooms VALUES (?,?,?,'closed',?,?,NULL)",
        (
            (run.id, f"{run.id:06d}", iso(run.ended), number, number)
            for run in runs
            if run.lead is not None and (number := len(list(_table(run))))
        ),
    )


def _events(runs: list[Run]) -> Iterator[tuple[Any, ...]]:
    for run in runs:
        lines = _alone(run) if run.lead is None else _table(run)
        for number, (kind, person, at, body) in enumerate(lines, 1):
            written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            yield run.id, number, kind, person, iso(at), written


_Line = tuple[str, int, datetime, dict[str, Any]]


def _alone(run: Run) -> Iterator[_Line]:
    [person] = run.people
    yield "begin", person, run.began, {}
    for at, taken in enumerate(run.walk.report.state.taken, 1):
        body = {"decision": taken.decision_id, "option": taken.option}
        yield "choose", person, run.began + at * STEP, body


def _table(run: Run) -> Iterator[_Line]:
    """A room that votes: everybody for what is then decided; a plan for every gap."""
    assert run.lead is not None
    report, lead = run.walk.report, run.lead
    yield "open", lead, run.began, {"by_vote": True, "by_hand": False}
    for person in run.people:
        yield "join", person, run.began, {"roles": []}
    yield "begin", lead, run.began, {}
    for at, taken in enumerate(report.state.taken):
        when = run.began + (at + 1) * STEP
        for person in run.people:
            yield "vote", person, when, {"step": at, "option": taken.option, "words": ""}
        body = {"step": at, "decision": taken.decision_id, "option": taken.option, "way": "vote"}
        yield "choose", lead, when, body
    for plan in improvements(report, run.ended.date()):
        body = {"objective": plan.objective, "text": "", "owner_id": run.people[0], "owner": ""}
        yield "plan", lead, run.ended, {**body, "due_on": plan.due_on.isoformat()}
    yield "close", lead, run.ended, {}


def _save_sums(raw: sqlite3.Connection, runs: list[Run]) -> None:
    """The summaries that each finished run adds to."""
    people: set[tuple[int, str, int]] = set()
    units: dict[tuple[int, str], list[Any]] = defaultdict(lambda: [0, 0, 0.0, ""])
    objectives: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    options: Counter[tuple[Any, ...]] = Counter()
    for run in runs:
        walk, unit, drill = run.walk, run.unit_id, run.walk.drill
        for key in (drill.id, ALL_DRILLS):
            people.update((unit, key, person) for person in run.people)
            sums = units[unit, key]
            sums[0] += 1
            sums[1] += walk.report.is_best
            sums[2] += walk.report.score or 0.0
            sums[3] = max(sums[3], iso(run.ended))
        for one in walk.report.objectives:
            if one.rating is not None:
                objectives[unit, drill.id, one.objective.key][one.rating] += 1
        for taken, mark in zip(walk.report.state.taken, walk.marks, strict=True):
            rating = rating_of_taken(drill, taken)
            options[unit, drill.id, taken.decision_id, mark, taken.option, rating] += 1
    raw.executemany("INSERT INTO unit_drill_people VALUES (?,?,?)", sorted(people))
    members = Counter((unit, drill) for unit, drill, _ in people)
    raw.executemany(
        """
        INSERT INTO unit_drills (unit_id, drill_id, runs, best, score_sum, last_at, people)
        VALUES (?,?,?,?,?,?,?)
        """,
        [(*key, *sums, members[key]) for key, sums in sorted(units.items())],
    )
    raw.executemany(
        "INSERT INTO unit_drill_objectives VALUES (?,?,?,?,?,?,?)",
        [(*key, *(n[rating] for rating in RATINGS)) for key, n in sorted(objectives.items())],
    )
    raw.executemany(
        "INSERT INTO unit_drill_options VALUES (?,?,?,?,?,?,?,0)",
        [(*key, n) for key, n in sorted(options.items())],
    )


def _actions(catalogue: Catalogue, runs: list[Run]) -> Iterator[list[Any]]:
    """Improvement actions; a later run of the same person, or table, that passes closes them."""
    still_open: dict[tuple[Any, ...], list[Any]] = {}
    for run in runs:
        report, is_group = run.walk.report, run.lead is not None
        drill, person = run.walk.drill, run.people[0]
        whose = ("unit", run.unit_id) if is_group else ("person", person)
        ratings = {one.objective.key: one.rating for one in report.objectives}
        for key, rating in ratings.items():
            if rating in ("P", "S"):
                action = still_open.pop((*whose, drill.id, key), None)
                if action is not None:
                    action[10:12] = [iso(run.ended), run.id]
                    yield action
        for plan in improvements(report, run.ended.date()):
            place = (*whose, drill.id, plan.objective)
            if place in still_open or (ratings[plan.objective] not in GAPS and not is_group):
                continue
            still_open[place] = [
                run.id, drill.id, plan.objective, plan.capability, json.dumps(plan.decisions),
                person, run.unit_id, course_for(catalogue, drill, plan.capability),
                plan.due_on.isoformat(), iso(run.ended), None, None, int(is_group),
            ]  # fmt: skip
    yield from still_open.values()
