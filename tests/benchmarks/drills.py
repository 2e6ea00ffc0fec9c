"""What the managers' page of drills costs over a city whose staff have played.

    python -m tests.benchmarks.drills --data /tmp/city

``--data`` is a city made by ``tests.benchmarks.city``. Once, it is filled with what finished runs
leave: each of the staff has played three of the project's drills, with decisions of a way that can
be played and ratings as they follow from them, one open improvement action for every second run
that asks for some. Then the data of the page are made, nothing cached in the portal: CPU and time.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal import settings as portal_settings
from portal.actions import drill_figures
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.core.drill_json import version_of_decision
from portal.core.drill_report import Report, improvements, make_report
from portal.core.drill_run import Event, Play
from portal.core.drill_walks import open_options
from portal.core.drills import Drill
from portal.core.times import iso
from portal.store import drill_runs, people
from tests.benchmarks.city import ROOT

RUNS_EACH = 3
WALKS = 400  # different ways a drill
TIMES = 7
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_WEIGHTS = {"P": 11, "S": 4, "M": 4, "U": 2}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    given = {"data_dir": str(data), "content_dir": str(ROOT)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        with portal.db.read() as conn:
            is_empty = not conn.value("SELECT COUNT(*) FROM unit_drills")
        if is_empty:
            _fill(portal, data / "portal.db")
        _measure(portal)
    finally:
        portal.db.close()
    return 0


def _measure(portal: Portal) -> None:
    with portal.db.read() as conn:
        runs = conn.value("SELECT COUNT(*) FROM drill_runs")
        actions = conn.value("SELECT COUNT(*) FROM drill_actions WHERE closed_at IS NULL")
        options = conn.value("SELECT COUNT(*) FROM unit_drill_options")
        boss_id = conn.value("SELECT person_id FROM role_grants WHERE role = 'manager'")
        boss = people.find_person(conn, boss_id)
        units = conn.all("SELECT MIN(id) AS id, kind FROM units GROUP BY kind ORDER BY 1")
    assert boss is not None
    print(f"{runs:,} runs, {actions:,} open actions, {options:,} rows of options")
    print("| unit | CPU s (median) | time s (median) |\n| --- | --- | --- |")
    for unit in units:
        cpu, wall = [], []
        for _ in range(TIMES):
            began, cpu_began = time.perf_counter(), time.process_time()
            drill_figures.unit_drills(portal, boss, unit["id"])
            wall.append(time.perf_counter() - began)
            cpu.append(time.process_time() - cpu_began)
        print(f"| {unit['kind']} | {statistics.median(cpu):.3f} | {statistics.median(wall):.3f} |")


def _walks(drill: Drill, rng: random.Random) -> list[Report]:
    """Reports of ways through the drill, decided by people who mostly know what to do."""
    play, found = Play(drill), []
    for _ in range(WALKS):
        state = play.begun(START)
        while not state.is_over:
            options = list(open_options(play.steps.decisions[state.step], state.values))
            weights = [_WEIGHTS[option.rating] for _, option in options]
            [(at, _)] = rng.choices(options, weights)
            when = state.last_at + timedelta(seconds=20)
            state = play.after(state, Event("choose", when, state.step, at))
        found.append(make_report(play, state))
    return found


def _fill(portal: Portal, path: Path) -> None:
    rng = random.Random(5)
    drills = list(portal.library.catalogue.drills.values())
    with portal.db.write() as conn:
        versions = {one.id: drill_runs.keep_version(conn, one, START) for one in drills}
        staff = conn.all("SELECT person_id, unit_id FROM postings WHERE ended_at IS NULL")
    reports = {one.id: _walks(one, rng) for one in drills}
    marks = {one.id: version_of_decision(one) for drill in drills for _, one in drill.decisions()}
    rows = _Rows()
    for row in staff:
        for drill in rng.sample(drills, RUNS_EACH):
            report = rng.choice(reports[drill.id])
            rows.add(row, drill, versions[drill.id], report, marks, rng)
    with sqlite3.connect(path) as raw:
        rows.save(raw)
    raw.close()


class _Rows:
    """What is to be stored, gathered."""

    def __init__(self) -> None:
        self.runs: list[tuple[Any, ...]] = []
        self.people: set[tuple[int, str, int]] = set()
        self.units: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0, 0, 0.0])
        self.objectives: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
        self.options: Counter[tuple[Any, ...]] = Counter()
        self.actions: list[tuple[Any, ...]] = []

    def add(
        self,
        who: Any,
        drill: Drill,
        version: str,
        report: Report,
        marks: dict[str, str],
        rng: random.Random,
    ) -> None:
        unit, person, run_id = who["unit_id"], who["person_id"], len(self.runs) + 1
        at = START + timedelta(minutes=rng.randrange(300_000))
        head = (run_id, drill.id, drill.course, version, person, unit, iso(at), iso(at))
        self.runs.append((*head, report.ending.id, int(report.is_best), report.score))
        for key in (drill.id, ""):
            self.people.add((unit, key, person))
            sums = self.units[unit, key]
            sums[0] += 1
            sums[1] += report.is_best
            sums[2] += report.score or 0.0
        for one in report.objectives:
            if one.rating is not None:
                self.objectives[unit, drill.id, one.objective.key][one.rating] += 1
        for taken in report.state.taken:
            option = drill.decision(taken.decision_id).options[taken.option]
            mark = marks[taken.decision_id]
            key = (unit, drill.id, taken.decision_id, mark, taken.option, option.rating)
            self.options[key] += 1
        if rng.random() < 0.5:
            for plan in improvements(report, at.date()):
                due = plan.due_on.isoformat()
                action = (run_id, drill.id, plan.objective, plan.capability, person, unit, due)
                self.actions.append((*action, iso(at)))

    def save(self, raw: sqlite3.Connection) -> None:
        raw.executemany(
            "INSERT INTO drill_runs (id, drill_id, course_id, version, kind, seed, person_id,"
            " unit_id, started_at, ended_at, outcome, ending, best, score)"
            " VALUES (?, ?, ?, ?, 'solo', 1, ?, ?, ?, ?, 'finished', ?, ?, ?)",
            self.runs,
        )
        raw.executemany("INSERT INTO unit_drill_people VALUES (?, ?, ?)", self.people)
        members = Counter((unit, drill) for unit, drill, _ in self.people)
        raw.executemany(
            "INSERT INTO unit_drills (unit_id, drill_id, runs, best, score_sum, last_at, people)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*key, *sums, iso(START), members[key]) for key, sums in self.units.items()],
        )
        raw.executemany(
            "INSERT INTO unit_drill_objectives VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*key, *(n[rating] for rating in "PSMU")) for key, n in self.objectives.items()],
        )
        raw.executemany(
            "INSERT INTO unit_drill_options VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            [(*key, n) for key, n in self.options.items()],
        )
        raw.executemany(
            "INSERT INTO drill_actions (run_id, drill_id, objective, capability, person_id,"
            " unit_id, due_on, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self.actions,
        )


if __name__ == "__main__":
    sys.exit(main())
