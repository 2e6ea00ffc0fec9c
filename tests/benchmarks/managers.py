"""What managers' pages and staff's writes cost over a city, beside an empty portal.

    python -m tests.benchmarks.managers --data /tmp/city [data|busy|reruns|writes …]

``--data`` is a city made by ``tests.benchmarks.city``. Data: the time until a page's reports are
there, nothing cached in the portal (the operating system has seen the file). Reruns: CPU of the
server a rerun, beside an empty Streamlit page in the same run. Writes: the time of an answer, a
paper handed in and a section seen in the city, in turns with the same in a portal of ten people.
Busy: the overview's data right after papers were handed in.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from portal import settings as portal_settings
from portal.actions import (
    assignments,
    attempts,
    capability_map,
    drill_figures,
    progress,
    reports,
)
from portal.actions.browser_sessions import begin_session
from portal.actions.issuing import issue_due
from portal.actions.portal import Portal
from portal.actions.reports import Ask
from portal.actions.starting import open_portal
from portal.core.people import Person
from portal.core.questions import Choice
from portal.core.times import iso
from portal.store import people, versions
from tests.benchmarks import city, pages
from tests.benchmarks.visitor import Visitor
from tests.browser.site import Site

GOAL_S = 0.3
TIMES = 7
WRITES = 150
PAPERS = 20
RERUN = (
    "overview",
    "units",
    "staff",
    "results",
    "assignments",
    "assignments?v=due",
    "assignments?a=1",
    "assignments?v=new",
    "capability-map",
    "capability-map?u=12",
    "unit_drills",
    "unit_drills?u=12",
    "tabletop_lead",
)
LISTS = ("help", "overdue", "expiring")
PAGES: tuple[tuple[str, tuple[str, ...], dict[str, object]], ...] = (
    ("overview", ("summary", "units", "months", *LISTS), {"limit": 5}),
    ("overview, a past day", ("summary", "units", "months"), {"day": True, "limit": 5}),
    ("units", ("units",), {}),
    ("units, a past day", ("units",), {"day": True}),
    ("people", ("people_count", "people"), {"limit": 30}),
    ("people, page 1,000", ("people_count", "people"), {"limit": 30, "offset": 29_970}),
    ("people, overdue", ("people_count", "people"), {"limit": 30, "state": "overdue"}),
    ("people, failing", ("people_count", "people"), {"limit": 30, "state": "failing"}),
    ("people, by name", ("people_count", "people"), {"limit": 30, "query": "王伟"}),
    ("people, by post", ("people_count", "people"), {"limit": 30, "post": "mediator"}),
    ("people, a past day", ("people_count", "people"), {"limit": 30, "day": True}),
    ("courses", ("courses",), {}),
    ("courses, a past day", ("courses",), {"day": True}),
    ("questions", ("questions",), {}),
    ("before and after", ("gain",), {}),
)
_Look = Callable[[Portal, Person, int], object]
OTHERS: dict[str, tuple[_Look, ...]] = {  # each with what its page asks for
    "assignments": (
        assignments.units_below,
        assignments.unit_figures,
        assignments.overview,
    ),
    "one assignment, its people who are overdue": (
        lambda portal, boss, unit: assignments.get(portal, boss, 1, unit),
        lambda portal, boss, unit: assignments.people_of(
            portal, boss, 1, unit, "overdue", limit=21
        ),
    ),
    "who is overdue": (
        assignments.unit_figures,
        lambda portal, boss, unit: assignments.due_in_unit(portal, boss, unit, limit=30),
    ),
    "who is overdue, names to copy": (
        assignments.unit_figures,
        lambda portal, boss, unit: assignments.due_in_unit(portal, boss, unit, limit=500),
    ),
    "capability map": (capability_map.unit_map,),
    "drills": (drill_figures.unit_drills,),
}


@dataclass(frozen=True, slots=True)
class Ids:
    """Who looks, and at which units; ``learner`` is anybody, for each run leaves papers behind."""

    boss: int
    learner: int
    units: dict[str, int]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("parts", nargs="*", default=["data", "busy", "reruns", "writes"])
    args = parser.parse_args()
    parts = args.parts or ["data", "busy", "reruns", "writes"]
    portal = _open(args.data)
    ids = _ids(portal)
    try:
        issue_due(portal)  # what rounds would do meanwhile: each writing makes pages anew
        if "data" in parts:
            measure_data(portal, ids)
        if "busy" in parts:
            measure_busy(portal, ids)
        if "writes" in parts:
            measure_writes(portal, ids)
        cookie = _cookie(portal, ids.boss)
        asked = [*RERUN, f"record?p={ids.learner}", f"capability?p={ids.learner}"]
    finally:
        portal.db.close()
    if "reruns" in parts:
        measure_reruns(args.data, cookie, asked)
    return 0


def measure_data(portal: Portal, ids: Ids) -> None:
    """A row a page, a column a unit: the median time in milliseconds."""
    boss = _person(portal, ids.boss)
    print(f"| data of a page: ms of CPU / on the clock (medians of {TIMES}) |", end="")
    print(f" {' | '.join(ids.units)} |\n| --- |" + " --- |" * len(ids.units))
    worst = (0.0, 0.0)
    for name, look in _looks(portal).items():
        took = [_median(partial(look, portal, boss, unit)) for unit in ids.units.values()]
        worst = max(worst, *took)
        cells = [f"{1000 * cpu:.0f} / {1000 * clock:.0f}" for cpu, clock in took]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    print(f"\nslowest: {1000 * worst[0]:.0f} ms of CPU; goal {1000 * GOAL_S:.0f} ms\n")


def _looks(portal: Portal) -> dict[str, _Look]:
    """What each page, or part of one, asks for."""
    day = (portal.now() - timedelta(days=45)).date().isoformat()
    looks: dict[str, _Look] = {}
    for name, wanted, given in PAGES:
        asked = {**given, **({"day": day} if given.get("day") else {})}
        looks[name] = partial(_reports, wanted, asked)
    for name, parts in OTHERS.items():
        looks[name] = partial(_all_of, parts)
    return looks


def _reports(
    wanted: tuple[str, ...], asked: dict[str, Any], portal: Portal, boss: Person, unit_id: int
) -> None:
    reports.run_all(portal, boss, wanted, Ask(unit_id=unit_id, **asked))


def _all_of(parts: tuple[_Look, ...], portal: Portal, boss: Person, unit_id: int) -> None:
    for look in parts:
        look(portal, boss, unit_id)


def measure_busy(portal: Portal, ids: Ids) -> None:
    """The overview of the city right after staff have handed in papers: what has changed is worked
    out, not everything."""
    boss = _person(portal, ids.boss)
    catalogue = portal.library.catalogue
    quiz = next(q for q in catalogue.quizzes.values() if q.kind == "quiz" and q.course)
    some = random.sample(range(1, ids.boss), PAPERS)
    learners = [_person(portal, one) for one in some]
    name, wanted, given = PAGES[0]
    ask = Ask(unit_id=ids.units["city"], **given)  # type: ignore[arg-type]
    reports.run_all(portal, boss, wanted, ask)
    calm, busy = [], []
    for _ in range(TIMES):
        for learner in learners:
            attempt = attempts.open_attempt(portal, learner, quiz.id)
            attempts.submit(portal, learner, attempt.id)
        busy.append(_timed(partial(reports.run_all, portal, boss, wanted, ask))[0])
        calm.append(_timed(partial(reports.run_all, portal, boss, wanted, ask))[0])
    few, many = (1000 * statistics.median(times) for times in (calm, busy))
    print(
        f"{name} of the city, ms of CPU: {few:.0f}; after {PAPERS} papers {many:.0f}\n", flush=True
    )


def measure_reruns(data: Path, cookie: str, asked: list[str]) -> None:
    """CPU of a rerun of each page (name?query) at the city, as a multiple of an empty page."""
    site = Site(data, content=city.ROOT)
    site.start()
    try:
        with pages.empty_page(data) as empty:
            costs = asyncio.run(_reruns(site, cookie, asked, empty))
    finally:
        site.stop()
    floor = costs["empty page"].cpu_ms
    print("| rerun | server CPU ms | x empty page | wait ms (median) |\n| --- | --- | --- | --- |")
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu_ms:.1f} | {cost.cpu_ms / floor:.1f} | {cost.wait_ms:.0f} |")
    print(flush=True)


async def _reruns(
    site: Site, cookie: str, asked: list[str], empty: tuple[str, int]
) -> dict[str, pages.Cost]:
    assert site.process is not None
    origin, empty_pid = empty
    nothing = Visitor(origin)
    await nothing.open()
    kinds = {"empty page": pages.Kind(empty_pid, nothing.rerun)}
    visitors = [nothing]
    for name in asked:
        page, _, query = name.partition("?")
        visitor = Visitor(site.url, cookie, query)
        await visitor.open(page)
        visitors.append(visitor)
        kinds[name] = pages.Kind(site.process.pid, visitor.rerun)
    for kind in kinds.values():
        await pages.Kind(kind.pid, kind.act).round(20)
    for _ in range(pages.ROUNDS):
        for kind in kinds.values():
            await kind.round(pages.RERUNS)
    for visitor in visitors:
        await visitor.close()
    return {name: kind.cost() for name, kind in kinds.items()}


def measure_writes(portal: Portal, ids: Ids) -> None:
    """The median time of a write in the city over that in a small portal, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        made = city.build(Path(folder), staff=10, units=14, answers=0)
        small = _open(Path(folder))
        try:
            there = _Writer(portal, _person(portal, ids.learner))
            here = _Writer(small, _person(small, made["learner"]))
            print("| write | empty portal ms | city ms | x |\n| --- | --- | --- | --- |")
            for name in ("answer", "hand_in", "see_section"):
                times: dict[_Writer, list[tuple[float, float]]] = {here: [], there: []}
                for turn in range(WRITES):
                    for writer in (here, there) if turn % 2 else (there, here):
                        times[writer].append(_timed(getattr(writer, name)))
                for at, what in enumerate(("CPU", "clock")):
                    few, many = (
                        1000 * statistics.median(one[at] for one in times[writer])
                        for writer in (here, there)
                    )
                    ratio = many / few
                    print(f"| {name}, {what} | {few:.2f} | {many:.2f} | {ratio:.2f} |", flush=True)
            print()
        finally:
            small.db.close()


class _Writer:
    """Somebody who answers, hands in and reads, again and again."""

    def __init__(self, portal: Portal, person: Person) -> None:
        self.portal, self.person, self.turn = portal, person, 0
        catalogue = portal.library.catalogue
        self.module = next(m for m in catalogue.modules.values() if len(m.sections) > 2)
        self.quiz = next(q for q in catalogue.quizzes.values() if q.kind == "quiz" and q.course)
        self._begin()

    def _begin(self) -> None:
        self.attempt = attempts.open_attempt(self.portal, self.person, self.quiz.id)
        with self.portal.db.read() as conn:
            from portal.store import attempts as store

            items = store.items(conn, self.attempt.id)
            known = versions.get_questions(conn, [item.version for item in items])
        self.position = next(
            item.position
            for item in items
            if isinstance(known[item.version].body, Choice)
            and known[item.version].body.kind == "single"  # type: ignore[union-attr]
        )

    def answer(self) -> None:
        self.turn += 1
        response = [self.turn % 2]
        attempts.answer(self.portal, self.person, self.attempt.id, self.position, response)

    def hand_in(self) -> None:
        attempts.submit(self.portal, self.person, self.attempt.id)
        self._begin()

    def see_section(self) -> None:
        self.turn += 1
        section = self.module.sections[self.turn % 2].slug
        progress.see_section(self.portal, self.person, self.module.id, section)


def _open(data: Path) -> Portal:
    given = {"data_dir": str(data), "content_dir": str(city.ROOT)}
    return open_portal(portal_settings.load(overrides=given))


def _ids(portal: Portal) -> Ids:
    """The manager, a learner, and a unit of each kind, the largest street and community."""
    with portal.db.read() as conn:
        boss = conn.value("SELECT person_id FROM role_grants WHERE role = 'manager'")
        rows = conn.all("SELECT MIN(id) AS id, kind FROM units GROUP BY kind ORDER BY 1")
    return Ids(boss, random.randrange(1, boss), {row["kind"]: row["id"] for row in rows})


def _person(portal: Portal, person_id: int) -> Person:
    with portal.db.read() as conn:
        found = people.find_person(conn, person_id)
    assert found is not None
    return found


def _cookie(portal: Portal, person_id: int) -> str:
    with portal.db.write() as conn:
        conn.run(
            "UPDATE people SET must_change = 0, password_changed_at = :now WHERE id = :id",
            now=iso(portal.now()),
            id=person_id,
        )
        signed_in = begin_session(portal, conn, person_id, "password", "127.0.0.1", "benchmark")
    return f"portal_session={signed_in.token}"


def _median(act: Callable[[], object]) -> tuple[float, float]:
    """(seconds of CPU, seconds on the clock); on a busy machine the first says more."""
    act()
    both = [_timed(act) for _ in range(TIMES)]
    return statistics.median(cpu for cpu, _ in both), statistics.median(s for _, s in both)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    cpu, began = time.thread_time(), time.perf_counter()
    act()
    return time.thread_time() - cpu, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
