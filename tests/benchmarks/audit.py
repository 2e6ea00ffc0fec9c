"""``python -m tests.benchmarks.audit``: an audit log of a million entries, read and checked.

The chain is honest: each entry is sealed as the portal seals it. Printed: what the auditor's page
waits for with each filter, what a note costs beside one in an empty log, and how long the whole
chain takes to check, with the memory that it needs.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.actions import audit
from portal.actions.audit import Wanted
from portal.actions.portal import Portal
from portal.core.audit_chain import GENESIS, Entry, seal
from portal.core.people import Person, Role
from portal.core.times import iso
from portal.settings import Settings
from portal.store import audit as stored
from portal.store.database import Database, migrate
from tests.actions.sample import reopen

ENTRIES, PEOPLE = 1_000_000, 100_000
START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=690)
# action, its share, what it is done to
KINDS = (
    ("sign_in", 62, ""),
    ("sign_out", 18, ""),
    ("see_record", 9, "person"),
    ("sign_in_refused", 5, ""),
    ("exported", 3, "unit"),
    ("remind", 2, "unit"),
    ("move", 1, "person"),
)
RARE = "revoke_certificate"  # once in a hundred thousand


def main() -> int:
    """Make the log, measure, print Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        portals = [_portal(Path(folder) / name) for name in ("empty", "full")]
        _fill(portals[1].db)
        print(f"{ENTRIES:,} entries made in {time.perf_counter() - begin:.0f} s")
        size = portals[1].db.path.stat().st_size
        print(f"{size / 1e6:.0f} MB on disk, {size / ENTRIES:.0f} bytes an entry\n")
        _pages(portals[1])
        _notes(*portals)
        _check(portals[1])
        for portal in portals:
            portal.db.close()
    return 0


def _portal(folder: Path) -> Portal:
    folder.mkdir()
    migrate(folder / "portal.db")
    made = reopen(folder / "portal.db").portal
    with made.db.write() as conn:
        conn.many(
            "INSERT INTO people (id, staff_no, login, name, created_at)"
            " VALUES (:id, :no, :no, :name, :at)",
            (
                {"id": n, "no": f"s{n:06d}", "name": f"人{n}", "at": iso(START)}
                for n in range(1, PEOPLE + 1)
            ),
        )
    return Portal(made.db, made.library, lambda: NOW, Settings(data_dir=folder))


def _fill(db: Database) -> None:
    with db.write() as conn:
        conn.many(
            """
            INSERT INTO audit (id, at, actor_id, action, target, detail, address, seal)
            VALUES (:id, :at, :actor_id, :action, :target, :detail, :address, :seal)
            """,
            _sealed(),
        )


def _sealed() -> Iterator[dict[str, object]]:
    rng, last = random.Random(7), GENESIS
    names = [name for name, share, _ in KINDS for _ in range(share)]
    targets = {name: kind for name, _, kind in KINDS}
    step = (NOW - START) / ENTRIES
    for n in range(1, ENTRIES + 1):
        action = RARE if n % 100_000 == 0 else rng.choice(names)
        kind = targets.get(action, "person")
        # a few do much: managers who export and look, staff who sign in
        actor = rng.randrange(1, 500) if kind else rng.randrange(1, PEOPLE + 1)
        entry = Entry(
            id=n,
            at=iso(START + step * n),
            actor_id=actor,
            action=action,
            target=f"{kind}:{rng.randrange(1, 1500 if kind == 'unit' else PEOPLE)}" if kind else "",
            detail=json.dumps({"method": "password"} if action == "sign_in" else {}),
            address=f"10.{n % 200}.{n % 250}.{n % 99}",
        )
        last = seal(last, entry)
        yield {**asdict(entry), "seal": last}


def _pages(portal: Portal) -> None:
    auditor = Person(1, "s000001", "s000001", "人1", roles=frozenset({Role("auditor")}))
    day = START + timedelta(days=400)
    a_day = {"since": day, "until": day + timedelta(days=1)}

    def read(page: tuple[str, int] | None = None, **wanted: object) -> Callable[[], object]:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        return lambda: audit.read_audit(portal, auditor, asked, before=page, limit=31)

    asks: dict[str, Callable[[], object]] = {
        "first page": read(),
        "a page of a year ago": read((iso(day), 500_000)),
        "a person, staff": read(actor_id=50_000),
        "a person, manager": read(actor_id=77),
        "an action, frequent": read(action="sign_in"),
        "an action, rare": read(action=RARE),
        "an action that nobody did": read(action="nothing"),
        "a day": read(**a_day),
        "a day and a rare action": read(action=RARE, **a_day),
        "a day and a person": read(actor_id=77, **a_day),
        "a person and an action": read(actor_id=77, action="exported"),
        "a person and an action never done": read(actor_id=77, action=RARE),
        "what was done to a person": read(target="person:4711"),
        "what was done to a unit, an action": read(target="unit:12", action="exported"),
        "all at once": read(actor_id=77, action="exported", target="unit:12", **a_day),
        "actions to choose from": lambda: audit.known_actions(portal, auditor),
        "finding a person by name": lambda: audit.find_actors(portal, auditor, "人9999"),
        "finding a target by name": lambda: audit.find_targets(portal, auditor, "人9999"),
        "the head": lambda: audit.audit_head(portal, auditor),
        "verify-pack: a seal that is not there": lambda: _export(portal),
    }
    print("| the auditor's page | CPU ms | clock ms |\n| --- | --- | --- |")
    for name, ask in asks.items():
        ask()
        cpu, clock = zip(*(_took(ask) for _ in range(5)), strict=True)
        figures = (statistics.median(times) * 1000 for times in (cpu, clock))
        print(f"| {name} | {' | '.join(f'{one:.1f}' for one in figures)} |")


def _export(portal: Portal) -> None:
    with portal.db.read() as conn:
        assert stored.find_export(conn, "0" * 64) is None


def _notes(empty: Portal, full: Portal) -> None:
    """A note of a deed, and whether a look was noted this hour, in turns."""
    took: dict[str, list[float]] = {"empty": [], "full": []}
    for n in range(300):
        for name, portal in (("empty", empty), ("full", full)):
            begin = time.process_time()
            with portal.db.write(bump=False) as conn:
                since = NOW - timedelta(hours=1)
                stored.noted_since(conn, 77, "see_record", f"person:{n + 1}", since)
                stored.record(conn, at=NOW, actor_id=77, action="see_record", target=f"person:{n}")
            took[name].append(time.process_time() - begin)
    none, many = (1000 * statistics.median(took[name]) for name in ("empty", "full"))
    print(f"\na note: {none:.2f} ms of CPU in an empty log, {many:.2f} here: × {many / none:.2f}")


def _check(portal: Portal) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, cpu, slowest = time.perf_counter(), time.process_time(), 0.0
    last = begin
    for walked, _ in audit.walk_log(portal.db):
        slowest, last = max(slowest, time.perf_counter() - last), time.perf_counter()
        state = walked
    assert not state.wrong and state.entries >= ENTRIES
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"audit-verify: {state.entries:,} entries in {time.process_time() - cpu:.1f} s of CPU, "
        f"{time.perf_counter() - begin:.1f} s on the clock; progress every {slowest:.2f} s "
        f"at most; {used:.0f} MB more memory"
    )


def _took(ask: Callable[[], object]) -> tuple[float, float]:
    cpu, clock = time.process_time(), time.perf_counter()
    ask()
    return time.process_time() - cpu, time.perf_counter() - clock


if __name__ == "__main__":
    sys.exit(main())
