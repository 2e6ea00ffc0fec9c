"""Runs what hashes passwords: off the event loop, one at a time, with a bounded queue.

A hash costs tens of milliseconds and 19 MB. Without the queue's bound, a flood of sign-ins would
hold threads and memory; with it, the flood is told to come back and pages stay quick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")

AT_ONCE = 1
MOST_WAITING = 200  # about ten seconds

_limiter = CapacityLimiter(AT_ONCE)
_taken = 0  # waiting or running; only the event loop's thread changes it


class Busy(Exception):
    """Too many are waiting already."""


async def run(work: Callable[[], T]) -> T:
    """The result of ``work``. Raises Busy, and what ``work`` raises."""
    global _taken
    if _taken >= MOST_WAITING:
        raise Busy
    _taken += 1
    try:
        return await to_thread.run_sync(work, limiter=_limiter)
    finally:
        _taken -= 1
