"""What pages cost the server, as multiples of an empty Streamlit page measured in the same run.

CPU seconds of the serving process are read from the system before and after each round of reruns
of one kind; they say more than the time on a busy machine's clock. The kinds take turns, so that a
machine that slows down slows all of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.visitor import Visitor
from tests.browser.site import ROOT, Site, free_port

ROUNDS = 6
RERUNS = 80  # of each kind in each round
LEARNERS = 200
THINK_S = 5.0
LOAD_S = 60.0
MODULE = "m=first-response%2Frecognise&s=%E5%85%88%E6%8A%A4%E4%BD%8F%E8%87%AA%E5%B7%B1"
QUIZ = "q=first-response%2Fbasics"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of the server for one rerun, and what the visitor waited (median)."""

    cpu_ms: float
    wait_ms: float


def cpu_s(pid: int) -> float:
    """User and system seconds that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@dataclass
class Kind:
    """One kind of rerun, measured over several rounds."""

    pid: int
    act: Callable[[], Awaitable[float | None]]
    cpu: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def round(self, times: int) -> None:
        """Rerun ``times`` times and add up what the server spent."""
        before = cpu_s(self.pid)
        for _ in range(times):
            waited = await self.act()
            assert waited is not None, "the page has nothing to answer"
            self.waits.append(waited)
        self.cpu += cpu_s(self.pid) - before

    def cost(self) -> Cost:
        """The mean CPU time and the median wait of a rerun."""
        return Cost(1000 * self.cpu / len(self.waits), 1000 * statistics.median(self.waits))


@contextmanager
def empty_page(data: Path) -> Iterator[tuple[str, int]]:
    """The yardstick's origin and process id."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.empty", str(port)],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATA_DIR": str(data), "PORTAL_SECRET": "s" * 32},
    )
    try:
        _wait_for(port, process)
        yield f"http://localhost:{port}", process.pid
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the empty page can be reached."""
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the empty page does not start")


async def measure(site: Site, cookies: dict[str, str], empty: tuple[str, int]) -> dict[str, Cost]:
    """The costs by name; ``cookies`` are those of a learner and a manager."""
    assert site.process is not None
    pid = site.process.pid
    origin, empty_pid = empty
    nothing = Visitor(origin)
    reader = Visitor(site.url, cookies["learner"], MODULE)
    answering = Visitor(site.url, cookies["learner"], QUIZ, random.Random(1))
    manager = Visitor(site.url, cookies["manager"])
    home = Visitor(site.url, cookies["learner"])
    practising = Visitor(site.url, cookies["learner"])
    learning = Visitor(site.url, cookies["learner"])
    profile = Visitor(site.url, cookies["learner"])
    await nothing.open()
    await reader.open("module")
    await manager.open("overview")
    await home.open()
    await practising.open("practice")
    await learning.open("learn")
    await profile.open("capability")
    await answering.open("quiz")
    await answering.begin()
    await _to_a_radio(answering)
    kinds = {
        "empty page": Kind(empty_pid, nothing.rerun),
        "module page": Kind(pid, reader.rerun),
        "saved answer": Kind(pid, answering.answer),
        "home": Kind(pid, home.rerun),
        "daily practice": Kind(pid, practising.rerun),
        "learn": Kind(pid, learning.rerun),
        "my capability": Kind(pid, profile.rerun),
        "manager's overview": Kind(pid, manager.rerun),
    }
    for kind in kinds.values():
        await Kind(kind.pid, kind.act).round(20)  # warm up
    for _ in range(ROUNDS):
        for kind in kinds.values():
            await kind.round(RERUNS)
    for visitor in (nothing, reader, answering, home, practising, learning, profile, manager):
        await visitor.close()
    return {name: kind.cost() for name, kind in kinds.items()}


async def load(site: Site, cookies: list[str]) -> tuple[list[float], int]:
    """People answer with ``THINK_S`` between clicks; returns waits in seconds, and misses."""
    waits: list[float] = []
    missed = 0

    async def learn(n: int, cookie: str) -> None:
        nonlocal missed
        rng = random.Random(n)
        visitor = Visitor(site.url, cookie, QUIZ, rng)
        await asyncio.sleep(20 * n / len(cookies))
        await visitor.open("quiz")
        await visitor.begin()
        end = time.monotonic() + LOAD_S + 20 * (1 - n / len(cookies))
        while time.monotonic() < end:
            await asyncio.sleep(rng.expovariate(1 / THINK_S))
            waited = await visitor.answer()
            if waited is None:
                missed += 1
                await visitor.press("下一题")
            else:
                waits.append(waited)
        await visitor.close()

    await asyncio.gather(*(learn(n, cookie) for n, cookie in enumerate(cookies)))
    return waits, missed


async def _to_a_radio(visitor: Visitor) -> None:
    for _ in range(20):
        if any(widget.kind == "radio" for widget in visitor.questions()):
            return
        await visitor.press("下一题")
