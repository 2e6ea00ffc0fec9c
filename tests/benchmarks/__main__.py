"""``make benchmarks``: measure what the README states, on this machine, now.

Everything is a ratio to an empty Streamlit page served the same way in the same run, except what
is a promise in milliseconds. Nothing here is a test: a figure that has grown worse is for a
person to judge.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from portal import settings as portal_settings
from portal.actions.browser_sessions import begin_session
from portal.actions.portal import Portal
from portal.commands import demo
from portal.content.library import Library
from portal.core.times import iso
from portal.store.database import Database
from tests.benchmarks import pages
from tests.browser.site import ROOT, Site

STAFF = 400


def main(parts: list[str]) -> int:
    """Make a county, measure ``parts`` (pages, load; all when none), print Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        given = {"data_dir": str(data), "content_dir": str(ROOT)}
        settings = portal_settings.load(overrides=given)
        demo.make(settings, data / "portal.db", staff=STAFF, seed=7)
        learners, manager = _cookies(data, settings)
        site = Site(data)
        site.start()
        try:
            if "pages" in parts or not parts:
                _pages(site, data, learners[0], manager)
            if "load" in parts or not parts:
                _load(site, learners[1 : pages.LEARNERS + 1])
        finally:
            site.stop()
    return 0


def _cookies(data: Path, settings: portal_settings.Settings) -> tuple[list[str], str]:
    """Sign-ins of the grid workers and community staff, and of the county's manager."""
    library = Library(settings.content_dir, None)
    portal = Portal(Database(data / "portal.db"), library, lambda: datetime.now(UTC), settings)
    learners, manager = [], ""
    try:
        with portal.db.write() as c:
            c.run(
                "UPDATE people SET must_change = 0, password_changed_at = :now",
                now=iso(portal.now()),
            )
            rows = c.all("SELECT id, login FROM people ORDER BY id")
        for row in rows:
            with portal.db.write() as c:
                signed_in = begin_session(
                    portal, c, row["id"], "password", "127.0.0.1", "benchmark"
                )
            cookie = f"portal_session={signed_in.token}"
            if row["login"] == "county":
                manager = cookie
            elif row["login"] != "admin":
                learners.append(cookie)
    finally:
        portal.db.close()
    return learners, manager


def _pages(site: Site, data: Path, learner: str, manager: str) -> None:
    with pages.empty_page(data) as empty:
        cookies = {"learner": learner, "manager": manager}
        costs = asyncio.run(pages.measure(site, cookies, empty))
    floor = costs["empty page"].cpu_ms
    print("| rerun | server CPU ms | x empty page | wait ms (median) |")
    print("| --- | --- | --- | --- |")
    for name, cost in costs.items():
        ratio = cost.cpu_ms / floor
        print(f"| {name} | {cost.cpu_ms:.1f} | {ratio:.1f} | {cost.wait_ms:.0f} |", flush=True)


def _load(site: Site, cookies: list[str]) -> None:
    assert site.process is not None
    before = pages.cpu_s(site.process.pid)
    waits, _ = asyncio.run(pages.load(site, cookies))
    cpu = pages.cpu_s(site.process.pid) - before
    waits.sort()
    p50, p95 = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.95))
    print(
        f"\n{len(cookies)} learners, {pages.THINK_S:g} s between clicks: {len(waits)} answers"
        f" saved, p50 {p50:.0f} ms, p95 {p95:.0f} ms, server CPU {cpu:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
