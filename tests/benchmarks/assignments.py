"""``python -m tests.benchmarks.assignments``: a city of 100,000, and what ten assignments cost.

Bulk rows by SQL (seeded by position), then the portal's own actions. Printed: how long one
assignment over everybody takes, what managers' pages wait for, and answering and passing a quiz
with ten active assignments as multiples of the same in a portal without any, in turns.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from portal import settings as portal_settings
from portal.actions import assignments, attempts, stepping
from portal.actions.assignments import Draft
from portal.actions.audience import reached
from portal.actions.portal import Portal
from portal.actions.progress import sync_courses
from portal.commands.demo.year import chosen_answer
from portal.content.library import Library
from portal.core.assignments import Item
from portal.core.audience import AllOf, AnyOf, Everyone, HoldsPost, InUnit, Named
from portal.core.due import AfterMatch, Once, OnDate, Rolling
from portal.core.people import Person
from portal.core.times import iso
from portal.store import people, units
from portal.store.database import Database, migrate

ROOT = Path(__file__).parents[2]
PEOPLE = 100_000
STREETS, COMMUNITIES, GRIDS = 30, 10, 4  # 1 city + 30 + 300 + 1,200 units
QUIZ = "first-response/basics"
ROUNDS = 60
Times = tuple[float, float]  # seconds of CPU, seconds on the clock


def main() -> int:
    """Make the city, assign, measure, print Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(ROOT, None)
        library.refresh()
        empty = _portal(Path(folder) / "empty", library)
        city = _portal(Path(folder) / "city", library)
        people_in = {portal: _fill(portal) for portal in (empty, city)}
        top = _manager(city, people_in[city])
        _assign(city, top)
        _pages(city, top)
        _answering(empty, city, people_in)
        for portal in (empty, city):
            portal.db.close()
    return 0


def _portal(folder: Path, library: Library) -> Portal:
    folder.mkdir()
    settings = portal_settings.load(overrides={"data_dir": str(folder), "content_dir": str(ROOT)})
    migrate(folder / "portal.db")
    portal = Portal(Database(folder / "portal.db"), library, lambda: datetime.now(UTC), settings)
    sync_courses(portal)
    return portal


def _fill(portal: Portal) -> list[int]:
    """1,531 units and 100,000 people, two thirds in grids; returns their ids."""
    began = iso(portal.now() - timedelta(days=400))
    with portal.db.write() as conn:
        city = units.add_unit(conn, None, "county", "市")
        grids, communities = [], []
        for s in range(STREETS):
            street = units.add_unit(conn, city, "street", f"街道{s}")
            for c in range(COMMUNITIES):
                communities.append(units.add_unit(conn, street, "community", f"社区{s}-{c}"))
                grids += [
                    units.add_unit(conn, communities[-1], "grid", f"网格{s}-{c}-{g}")
                    for g in range(GRIDS)
                ]
        conn.many(
            """
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (:id, :no, :no, :name, :at)
            """,
            ({"id": n, "no": f"s{n:06d}", "name": f"人{n}", "at": began} for n in _ids()),
        )
        conn.many(
            """
            INSERT INTO postings (person_id, unit_id, post, began_at)
            VALUES (:id, :unit, :post, :at)
            """,
            (
                {
                    "id": n,
                    "unit": grids[n % len(grids)] if n % 3 else communities[n % len(communities)],
                    "post": "grid" if n % 3 else "community",
                    "at": began,
                }
                for n in _ids()
            ),
        )
        conn.run("DELETE FROM moved_people")  # nothing is assigned yet
    return list(_ids())


def _ids() -> range:
    return range(1, PEOPLE + 1)


def _manager(portal: Portal, ids: list[int]) -> Person:
    with portal.db.write() as conn:
        city = conn.value("SELECT id FROM units WHERE parent_id IS NULL")
        people.grant(conn, ids[0], "manager", city, by=ids[0], at=portal.now())
        found = people.find_person(conn, ids[0])
    assert found is not None
    return found


def _assign(portal: Portal, top: Person) -> None:
    city = min(role.unit_id for role in top.roles if role.unit_id)
    today = portal.now().date()
    courses = list(portal.library.catalogue.courses)
    draft = Draft(
        city, "", "", (Item("quiz", QUIZ),), Everyone(), OnDate(today + timedelta(days=30)), Once()
    )
    begin = time.perf_counter()
    made = assignments.create(portal, top, draft)
    slowest, last = 0.0, time.perf_counter()
    for _ in stepping.bring_into_step(portal, made):
        slowest, last = max(slowest, time.perf_counter() - last), time.perf_counter()
    print(
        f"one assignment over {PEOPLE:,} people: {time.perf_counter() - begin:.1f} s in batches, "
        f"the longest {1000 * slowest:.0f} ms"
    )
    for n in range(9):
        due = AfterMatch(20 * n) if n % 2 else OnDate(today + timedelta(days=n))
        rule = Everyone() if n % 3 else HoldsPost("grid")
        again = Rolling(12, 60) if n % 2 else Once()
        made = assignments.create(
            portal, top, Draft(city, "", "", (Item("course", courses[n]),), rule, due, again)
        )
        for _ in stepping.bring_into_step(portal, made):
            pass
    with portal.db.read() as conn:
        print(f"ten assignments: {conn.value('SELECT COUNT(*) FROM obligations'):,} obligations")
        overdue = (portal.now() + timedelta(days=5)).date().isoformat()
        print(f"due before {overdue}: ", end="")
        print(conn.value("SELECT COUNT(*) FROM obligations WHERE due_on < :d", d=overdue))


def _pages(portal: Portal, top: Person) -> None:
    """What the page of assignments asks for, over the whole city, five days later."""
    later = portal.now() + timedelta(days=5)
    then = Portal(portal.db, portal.library, lambda: later, portal.settings)
    city = min(role.unit_id for role in top.roles if role.unit_id)
    rule = AnyOf((AllOf((InUnit(city), HoldsPost("grid"))), Named((5, 6, 7))))

    def people_of(state: assignments.State, query: str = "", page: int = 0) -> object:
        return assignments.people_of(then, top, 1, city, state, query, limit=21, offset=20 * page)

    asks: dict[str, Callable[[], object]] = {
        "list of assignments": lambda: assignments.overview(then, top, city),
        "one assignment": lambda: assignments.get(then, top, 1, city),
        "its people: all": lambda: people_of("all"),
        "its people: open": lambda: people_of("open"),
        "its people: done": lambda: people_of("done"),
        "its people: exempted": lambda: people_of("exempted"),
        "its people: by name": lambda: people_of("all", "人99"),
        "its people: nobody by that name": lambda: people_of("all", "没有"),
        "its people: page 1,000": lambda: people_of("all", page=999),
        "figures of the unit": lambda: assignments.unit_figures(then, top, city),
        "units below": lambda: assignments.units_below(then, top, city),
        "who is overdue, first page": lambda: assignments.due_in_unit(then, top, city, limit=30),
        "list to copy, 500 names": lambda: assignments.due_in_unit(then, top, city, limit=500),
        "live count of an audience": lambda: reached(then, top, city, rule),
    }
    print("\n| data of a page over 100,000 people | CPU ms | clock ms |\n| --- | --- | --- |")
    for name, ask in asks.items():
        ask()
        cpu, clock = (statistics.median(times) for times in zip(*_times(ask, 5), strict=True))
        print(f"| {name} | {1000 * cpu:.0f} | {1000 * clock:.0f} |")


def _answering(empty: Portal, city: Portal, people_in: dict[Portal, list[int]]) -> None:
    """The same people answer and pass the same quiz in both portals, in turns."""
    waits: dict[tuple[str, str], list[Times]] = {}
    for n in range(ROUNDS):
        for name, portal in (("none", empty), ("ten", city)):
            with portal.db.read() as conn:
                actor = people.find_person(conn, people_in[portal][1000 + n])
            assert actor is not None
            for what, took in _pass(portal, actor):
                waits.setdefault((what, name), []).append(took)
    with city.db.read() as conn:
        done = conn.value("SELECT COUNT(*) FROM obligations WHERE done_at IS NOT NULL")
    assert done == ROUNDS, f"{done} of {ROUNDS} obligations are done"
    print("\n| write, CPU / clock ms | no assignment | ten | ratio |\n| --- | --- | --- | --- |")
    for what in ("answer", "hand in and pass"):
        none, ten = (_middle(waits[what, name]) for name in ("none", "ten"))
        shown = (f"{1000 * cpu:.2f} / {1000 * clock:.2f}" for cpu, clock in (none, ten))
        ratio = " / ".join(f"{b / a:.2f}" for a, b in zip(none, ten, strict=True))
        print(f"| {what} | {' | '.join(shown)} | {ratio} |")


def _pass(portal: Portal, actor: Person) -> Iterator[tuple[str, Times]]:
    """Answer everything rightly and hand in; what each write took."""
    attempt = attempts.open_attempt(portal, actor, QUIZ)
    for item in attempts.get_attempt(portal, actor, attempt.id).items:
        right = chosen_answer(item.question, 50.0, random.Random(1))
        saving = partial(attempts.answer, portal, actor, attempt.id, item.position, right)
        yield "answer", _took(saving)
    yield "hand in and pass", _took(partial(attempts.submit, portal, actor, attempt.id))


def _middle(times: Sequence[Times]) -> Times:
    cpu, clock = zip(*times, strict=True)
    return statistics.median(cpu), statistics.median(clock)


def _times(ask: Callable[[], object], rounds: int) -> list[Times]:
    return [_took(ask) for _ in range(rounds)]


def _took(ask: Callable[[], object]) -> Times:
    cpu, clock = time.process_time(), time.perf_counter()
    ask()
    return time.process_time() - cpu, time.perf_counter() - clock


if __name__ == "__main__":
    sys.exit(main())
