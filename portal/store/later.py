"""Small writes that nobody waits for, such as when a session was last seen.

The gate looks a session up on every message, inside the event loop: a write there would make
everybody wait for the disk. What is handed in here runs in one background thread, everything
that is waiting in one transaction. A crash loses it, so nothing that matters is written this way.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.store.database import Connection

Job = Callable[["Connection"], None]
_log = logging.getLogger(__name__)


class Later:
    """Jobs by key: one that waits already is not taken a second time.

    ``write`` opens the transaction that the waiting jobs share. A job that fails takes the others
    of its transaction with it; this is logged.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._write = write
        self._waiting: dict[Hashable, Job] = {}
        self._running = False
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, key: Hashable, job: Job) -> None:
        """Have ``job`` run soon. Never blocks; after ``close`` it does nothing."""
        with self._changed:
            if self._closed:
                return
            self._waiting.setdefault(key, job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="later", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait until everything handed in so far has been written."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._running)

    def close(self) -> None:
        """Write what is waiting and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while jobs := self._next():
            try:
                with self._write() as connection:
                    for job in jobs:
                        job(connection)
            except sqlite3.Error:
                _log.exception("a write in the background failed")
            with self._changed:
                self._running = False
                self._changed.notify_all()

    def _next(self) -> list[Job]:
        """The jobs that are waiting, as soon as there are any; none when closed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._closed)
            jobs = list(self._waiting.values())
            self._waiting.clear()
            self._running = bool(jobs)
            return jobs
