"""``python -m tests.benchmarks.roster``: a roster of 20,000 rows into a city of 100,000 people.

Prints seconds for the dry run and the import of an XLSX in which a quarter of the rows are new, a
quarter move, a quarter change their name and a quarter stay as they are; and for checking the log.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from xlsxwriter import Workbook

from portal.actions import rosters
from portal.actions.audit import walk_log
from portal.actions.portal import Portal
from portal.core.capabilities import CapabilityModel
from portal.core.catalogue import Catalogue
from portal.settings import Settings
from portal.store import units
from portal.store.database import Database, migrate

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def main(arguments: list[str] | None = None) -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=20_000)
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        portal = _portal(Path(folder))
        paths = _fill(portal, args.people)
        data = _roster(args.rows, paths)
        print(f"{args.people:,} people, {len(paths):,} units, XLSX {len(data) / 1e6:.1f} MB")
        shown = _timed(
            f"dry run of {args.rows:,} rows", lambda: rosters.dry_run(portal, None, data)
        )
        if shown.plan.problems:
            print(shown.plan.problems[0], file=sys.stderr)
            return 1
        plan = _timed("import", lambda: rosters.import_roster(portal, None, data, shown))
        print(
            f"  added {len(plan.added):,}, moved {len(plan.moved):,}, changed {len(plan.changed):,}"
        )
        *_, (state, _) = _timed("check of the log", lambda: list(walk_log(portal.db)))
        print(f"  {state.entries:,} entries, {state.wrong} faults")
        portal.db.close()
    return 0


def _timed(what: str, run: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = run()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
    return result


def _portal(folder: Path) -> Portal:
    migrate(folder / "portal.db")
    library = SimpleNamespace(catalogue=Catalogue("f", capabilities=CapabilityModel()))
    settings = Settings(data_dir=folder)
    return Portal(Database(folder / "portal.db"), cast(Any, library), lambda: NOW, settings)


def _fill(portal: Portal, people: int) -> dict[int, str]:
    """1,500 units and the people in them; returns full names by id."""
    paths: dict[int, str] = {}
    with portal.db.write() as c:
        city = units.add_unit(c, None, "city", "市")
        paths[city] = "市"
        for county in range(10):
            county_id = units.add_unit(c, city, "county", f"第{county}区")
            paths[county_id] = f"市/第{county}区"
            for street in range(149):
                unit_id = units.add_unit(c, county_id, "street", f"第{street}街道")
                paths[unit_id] = f"市/第{county}区/第{street}街道"
        ids = list(paths)
        c.many(
            """
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (:id, :number, :login, :name, '2026')
            """,
            (
                {"id": n, "number": f"S{n:06d}", "login": f"s{n:06d}", "name": f"人员{n}"}
                for n in range(1, people + 1)
            ),
        )
        c.many(
            """
            INSERT INTO postings (person_id, unit_id, post, main, began_at)
            VALUES (:id, :unit, 'grid', 1, '2026')
            """,
            ({"id": n, "unit": ids[n % len(ids)]} for n in range(1, people + 1)),
        )
    return paths


def _roster(rows: int, paths: dict[int, str]) -> bytes:
    names = list(paths.values())
    stream = io.BytesIO()
    book = Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["工号", "姓名", "单位", "岗位"])
    for n in range(1, rows + 1):
        kind = n % 4
        number = f"N{n:06d}" if kind == 0 else f"S{n:06d}"
        name = f"新名{n}" if kind == 1 else f"人员{n}"
        unit = names[(n + (kind == 2)) % len(names)]
        sheet.write_row(n, 0, [number, name, unit, "grid"])
    book.close()
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
