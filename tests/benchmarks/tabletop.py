"""One facilitator and thirty participants in a room of a group tabletop, by the pages' protocol.

    python -m tests.benchmarks.tabletop [folder of a demonstration]

Measured: the server's CPU while everybody looks at an open decision; the time from the
facilitator's click until news, and the next scene, are on the last phone; the time until thirty
people who vote at once all read that their vote is in; whether every vote is on record once.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from portal import settings as portal_settings
from portal.actions import tabletop_rooms
from portal.actions.browser_sessions import begin_session
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.commands import demo
from portal.core.people import Person
from portal.core.times import iso
from portal.store import people
from tests.benchmarks.pages import cpu_s
from tests.benchmarks.watching import Watching
from tests.browser.site import ROOT, Site

PEOPLE = 30
IDLE_S = 20.0
DRILL = "warning-command/drill-flash-flood"


def main(folders: list[str]) -> int:
    """Play in the demonstration county of the folder, or of a new one; print what it cost."""
    with tempfile.TemporaryDirectory() as new:
        data = Path(folders[0] if folders else new)
        given = {"data_dir": str(data), "content_dir": str(ROOT)}
        settings = portal_settings.load(overrides=given)
        if not (data / "portal.db").exists():
            demo.make(settings, data / "portal.db", staff=120, seed=7)
        run_id, code, lead, phones = _room(settings)
        site = Site(data)
        site.start()
        try:
            return asyncio.run(_play(site, run_id, code, lead, phones))
        finally:
            site.stop()


async def _play(site: Site, run_id: int, code: str, lead: str, cookies: list[str]) -> int:
    assert site.process is not None
    pid = site.process.pid
    boss = Watching(site.url, lead, f"r={run_id}")
    await boss.open("tabletop_lead")
    phones = [
        Watching(site.url, cookie, f"code={code}", random.Random(n))
        for n, cookie in enumerate(cookies)
    ]
    await asyncio.gather(*(_join(n, phone) for n, phone in enumerate(phones)))
    await boss.sees(f"到场 {len(phones)} 人")
    await boss.press("开始推演")
    await _all_see(phones, "投票", time.perf_counter(), "beginning")
    idle_cpu = await _idle(pid, [boss, *phones])
    boss.type("临时加一条通报", "测量：县里来电")
    pushed = time.perf_counter()
    await boss.press("发送")
    last_push = await _all_see(phones, "测量：县里来电", pushed, "news")
    before, began = cpu_s(pid), time.perf_counter()
    await asyncio.gather(*(_vote(phone) for phone in phones))
    last_vote = await _all_see(phones, "已投票", began, "votes")
    vote_cpu = cpu_s(pid) - before
    await boss.sees(f"已投 {len(phones)} / {len(phones)}")
    closed = time.perf_counter()
    await boss.press("截止投票")
    waits = sorted(
        at - closed for at in await asyncio.gather(*(one.loses("已投票") for one in phones))
    )
    last_scene = waits[-1]
    errors = [error for one in [boss, *phones] for error in one.errors]
    for one in [boss, *phones]:
        await one.close()
    votes, voters = _votes(site.data, run_id)
    print(f"idle: {100 * idle_cpu:.0f} % of a core, {len(phones)} phones and the facilitator")
    print(f"news: on the last phone after {last_push:.1f} s; next scene {last_scene:.1f} s")
    print(f"votes at once: the last reads “in” after {last_vote:.1f} s, {vote_cpu:.1f} s of CPU")
    print(f"votes on record: {votes} of {len(phones)}, by {voters} people; errors: {errors}")
    return 0 if votes == voters == len(phones) and not errors else 1


async def _join(n: int, phone: Watching) -> None:
    await asyncio.sleep(0.1 * n)
    await phone.open("tabletop")
    await phone.press("加入")
    await phone.sees("等主持人开始")


async def _vote(phone: Watching) -> None:
    phone.choose(0 if phone.rng.random() < 0.6 else 1)
    await phone.press("投票")


async def _idle(pid: int, pages: list[Watching]) -> float:
    """CPU seconds of the server a second, while everybody only looks."""
    looks, runs = sum(one.looks for one in pages), sum(one.runs for one in pages)
    before, began = cpu_s(pid), time.perf_counter()
    await asyncio.sleep(IDLE_S)
    share = (cpu_s(pid) - before) / (time.perf_counter() - began)
    looks = sum(one.looks for one in pages) - looks
    runs = sum(one.runs for one in pages) - runs
    print(
        f"idle: {looks / IDLE_S:.1f} looks/s, {runs / IDLE_S:.1f} runs/s,"
        f" {1000 * share * IDLE_S / max(looks, 1):.1f} ms a look"
    )
    return share


async def _all_see(phones: list[Watching], words: str, since: float, what: str) -> float:
    """Seconds from ``since`` until the last of the phones showed ``words``."""
    waits = sorted(
        moment - since for moment in await asyncio.gather(*(one.sees(words) for one in phones))
    )
    print(f"{what}: median {statistics.median(waits):.2f} s, last {waits[-1]:.2f} s", flush=True)
    return waits[-1]


def _room(settings: portal_settings.Settings) -> tuple[int, str, str, list[str]]:
    """A room that everybody votes in; its code, and the sign-ins of lead and participants."""
    portal = open_portal(settings)
    try:
        with portal.db.write() as c:
            c.run(
                "UPDATE people SET must_change = 0, password_changed_at = :now",
                now=iso(portal.now()),
            )
            rows = c.all("SELECT id, login FROM people ORDER BY id")
        boss = next(row["id"] for row in rows if row["login"] == "county")
        others = [row["id"] for row in rows if row["login"] not in ("county", "admin")]
        with portal.db.read() as c:
            actor = people.find_person(c, boss)
        assert isinstance(actor, Person)
        [role] = actor.roles
        run_id = tabletop_rooms.open_room(portal, actor, DRILL, role.unit_id, by_vote=True)
        with portal.db.read() as c:
            code = c.all("SELECT code FROM drill_rooms WHERE run_id = :r", r=run_id)[0]["code"]
        lead, *phones = (_sign_in(portal, one) for one in [boss, *others[-PEOPLE:]])
        return run_id, code, lead, phones
    finally:
        portal.db.close()


def _sign_in(portal: Portal, person_id: int) -> str:
    with portal.db.write() as c:
        signed_in = begin_session(portal, c, person_id, "password", "127.0.0.1", "benchmark")
    return f"portal_session={signed_in.token}"


def _votes(data: Path, run_id: int) -> tuple[int, int]:
    with sqlite3.connect(data / "portal.db", timeout=10) as raw:
        [found] = raw.execute(
            "SELECT count(*), count(DISTINCT person_id) FROM drill_events"
            " WHERE run_id = ? AND kind = 'vote'",
            (run_id,),
        ).fetchall()
    raw.close()
    return int(found[0]), int(found[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
