"""How long an update takes, and how long recomputing ten million responses would.

    python -m tests.benchmarks.capability_recompute [--people 2000] [--answers 100]

Writes a log of ``people`` × ``answers`` responses to a temporary database, recomputes it on two
processes, verifies it, and extrapolates by the number of responses: the work is the same for each.
``--people 100000`` runs the ten million whole (3 GB, some minutes to write).
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import timeit
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.actions import recompute
from portal.core import capability as model
from portal.core.times import iso
from portal.store import evidence
from portal.store.database import Database, migrate

START = datetime(2025, 1, 1, tzinfo=UTC)
MILLIONS = 10
DIFFERENT = 2000  # people whose logs are made one by one
_OWN, _WORKERS = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--answers", type=int, default=100)
    given = parser.parse_args()
    state = model.respond(model.prior(), 1, 1.0, 0.3, 0.2, 0.25)

    def update() -> None:
        model.respond(model.advance(state, 3.5), 2, 1.0, 0.4, 0.2, 0.25, 0.8)

    best = min(timeit.repeat(update, number=2000, repeat=7)) / 2000
    print(f"an update with the passing of time: {best * 1e6:.0f} µs (wanted: < 200)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "portal.db"
        migrate(path)
        _fill(path, given.people, given.answers)
        for name, work in (("recompute", recompute.recompute), ("verify", recompute.verify)):
            began, cpu_before = time.perf_counter(), _cpu_s()
            events = sum(step.events for step in work(path, 2))
            took, cpu = time.perf_counter() - began, _cpu_s() - cpu_before
            each = MILLIONS * 1e6 / events / 60
            memory = max(_largest_mb(who) for who in (_OWN, _WORKERS))
            print(
                f"{name}: {events} responses in {took:.1f} s, {cpu:.1f} s of CPU, two processes;"
                f" {MILLIONS} million would take {took * each:.1f} min as busy as this machine is,"
                f" {cpu / 2 * each:.1f} min on two cores of its own (wanted: < 20);"
                f" the largest process took {memory:.0f} MB",
                flush=True,
            )
    return 0


def _cpu_s() -> float:
    """CPU of this process and of the workers that have ended."""
    spent = (resource.getrusage(who) for who in (_OWN, _WORKERS))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _largest_mb(who: int) -> float:
    """The most memory that one process took."""
    return resource.getrusage(who).ru_maxrss / 1024


def _fill(path: Path, people: int, answers: int) -> None:
    rng = random.Random(1)
    db = Database(path)
    blank = {**dict.fromkeys(evidence.COLUMNS), "kind": "practice", "course_id": ""}
    blank |= {"content_id": "", "c": 0.25, "s2": 0.2, "w": 1.0, "mean": 0.0, "variance": 1.0}
    for first in range(1, min(people, DIFFERENT) + 1, 500):
        with db.write() as conn:
            for person in range(first, min(first + 500, people + 1)):
                conn.run(
                    """
                    INSERT INTO people (id, staff_no, login, name, created_at)
                    VALUES (:id, :name, :name, :name, :at)
                    """,
                    id=person,
                    name=f"p{person}",
                    at=iso(START),
                )
                evidence.add(
                    conn,
                    [
                        {
                            **blank,
                            "person_id": person,
                            "at": iso(START + timedelta(hours=7 * n + person % 5)),
                            "item_id": f"q{n}",
                            "version": f"v{rng.randrange(700)}",
                            "capability": rng.choice(model.CAPABILITIES),
                            "x": float(rng.random() < 0.6),
                            "b": rng.gauss(0, 1),
                        }
                        for n in range(answers)
                    ],
                )
    _again(db, people)
    db.close()


def _again(db: Database, people: int) -> None:
    """The same logs for those beyond the first ``DIFFERENT``, written by the database itself."""
    columns = ", ".join(name for name in evidence.COLUMNS if name != "person_id")
    for more in range(DIFFERENT, people, DIFFERENT):
        most = min(DIFFERENT, people - more)
        with db.write() as conn:
            conn.run(
                """
                INSERT INTO people (id, staff_no, login, name, created_at)
                SELECT id + :more, 'p' || (id + :more), 'p' || (id + :more), name, created_at
                FROM people
                WHERE id <= :most
                """,
                more=more,
                most=most,
            )
            conn.run(
                f"INSERT INTO evidence (person_id, {columns}) "
                f"SELECT person_id + :more, {columns} FROM evidence "
                "WHERE person_id <= :most ORDER BY person_id, id",
                more=more,
                most=most,
            )


if __name__ == "__main__":
    sys.exit(main())
