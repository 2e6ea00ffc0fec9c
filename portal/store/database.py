"""The database of one portal: who may read, who may write, and what is on disk when.

What every caller can rely on:

- ``read()`` sees one moment: nothing that others commit meanwhile shows up half-way through.
- ``write()`` is one transaction. It is on disk when the block has ended (WAL with
  ``synchronous=FULL``), and not there at all when the block raised.
- One writer at a time: a lock of the process stands before ``BEGIN IMMEDIATE``. Threads wake
  up on it at once, where SQLite's busy handler sleeps and starves; other processes are waited
  for by the busy handler.
- A connection has one borrower at a time. Streamlit runs every script in a new thread, so
  connections are pooled (last in, first out: the warm one first) and not bound to a thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portal.store import locks
from portal.store.later import Job, Later
from portal.store.upgrade import migrate

__all__ = ["Connection", "Database", "Row", "migrate"]

Row = dict[str, Any]

BUSY_TIMEOUT_MS = 5_000  # for other processes
WRITE_LOCK_TIMEOUT_S = 30  # for other threads; reached only when one hangs
IDLE_READERS = 16  # connections kept open between requests

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

_write_locks: dict[Path, threading.Lock] = {}
_write_locks_guard = threading.Lock()


class Connection:
    """What the functions of the store are given: named-parameter SQL in, plain values out.

    Usable only inside the ``with`` block it came from. Results are complete lists: nothing
    stays half-read, since an unfinished query would hold back checkpoints.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw: sqlite3.Connection | None = raw

    def all(self, sql: str, /, **params: Any) -> list[Row]:
        """Every row, as a dict by column name."""
        cursor = self._execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, **params)
        return rows[0] if rows else None

    def value(self, sql: str, /, **params: Any) -> Any:
        """The first column of the first row, or None."""
        rows = self._execute(sql, params).fetchall()
        return rows[0][0] if rows else None

    def run(self, sql: str, /, **params: Any) -> int:
        """Execute and return how many rows were inserted, updated or deleted."""
        return self._execute(sql, params).rowcount

    def insert(self, sql: str, /, **params: Any) -> int:
        """Execute an ``INSERT … RETURNING id`` and return the id."""
        return int(self._execute(sql, params).fetchall()[0][0])

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Execute once for each mapping of parameters; return the number of rows changed."""
        return self._live().executemany(sql, rows).rowcount

    def _execute(self, sql: str, params: Mapping[str, Any]) -> sqlite3.Cursor:
        return self._live().execute(sql, params)

    def _live(self) -> sqlite3.Connection:
        if self._raw is None:
            raise sqlite3.ProgrammingError("this connection was handed back; open a new block")
        return self._raw

    def _hand_back(self) -> None:
        self._raw = None


class Database:
    """A migrated database file, shared by all threads of the process.

    Raises ``sqlite3.OperationalError`` when the file does not exist (``migrate`` makes it) and
    ``locks.DatabaseInUse`` while it is being upgraded or restored.

    A ``draft`` is thrown away when the making breaks off: its writes do not wait for the disk, and
    whoever keeps it in the end has to have it written out.
    """

    def __init__(self, path: Path, *, draft: bool = False) -> None:
        self.path = path.resolve()
        self._held = locks.hold(self.path)
        self._readers: list[sqlite3.Connection] = []
        self._write_lock = _write_lock(self.path)
        self._writer_thread = 0
        self._later = Later(lambda: self.write(bump=False))
        try:
            self._writer = _open(self.path)
            if draft:
                self._writer.execute("PRAGMA synchronous = OFF")
        except BaseException:
            self._held.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot: it begins at the first query and stays the same until the block ends."""
        raw = self._borrow()
        connection = Connection(raw)
        try:
            raw.execute("BEGIN")
            yield connection
        finally:
            connection._hand_back()
            _roll_back(raw)
            self._give_back(raw)

    @contextmanager
    def write(self, *, bump: bool = True) -> Iterator[Connection]:
        """A transaction, committed at the end of the block, rolled back on any exception.

        A block that changed rows also moves ``revision`` on by one, unless ``bump`` is False
        (for what no report shows, such as when a session was last seen). Raises RuntimeError
        when the thread is inside another ``write()`` already, and ``sqlite3.OperationalError``
        when it cannot get its turn.
        """
        raw = self._writer
        with self._turn_to_write():
            raw.execute("BEGIN IMMEDIATE")
            connection = Connection(raw)
            try:
                before = raw.total_changes
                yield connection
                if bump and raw.total_changes != before:
                    raw.execute("UPDATE revision SET number = number + 1 WHERE id = 1")
                raw.execute("COMMIT")
            finally:
                connection._hand_back()
                _roll_back(raw)

    def revision(self) -> int:
        """The number that every committed change moves on: the key of all caches."""
        raw = self._borrow()
        try:
            [(number,)] = raw.execute("SELECT number FROM revision WHERE id = 1").fetchall()
        finally:
            self._give_back(raw)
        return int(number)

    def later(self, key: Hashable, job: Job) -> None:
        """Have ``job`` write soon, in the background, without moving ``revision`` on.

        For what may be lost in a crash. While a job with the same ``key`` waits, this one is not
        taken.
        """
        self._later.add(key, job)

    def settle(self) -> None:
        """Wait until every job handed to ``later`` so far has been written."""
        self._later.settle()

    def close(self) -> None:
        """Write what ``later`` still holds, close all idle connections, let go of the file."""
        self._later.close()
        while self._readers:
            self._readers.pop().close()
        self._writer.close()
        self._held.close()

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._readers.pop()
        except IndexError:
            raw = _open(self.path)
            raw.execute("PRAGMA query_only = ON")
            return raw

    def _give_back(self, raw: sqlite3.Connection) -> None:
        if len(self._readers) < IDLE_READERS:
            self._readers.append(raw)
        else:
            raw.close()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self._writer_thread == threading.get_ident():
            raise RuntimeError("write() inside write(): pass the Connection on instead")
        if not self._write_lock.acquire(timeout=WRITE_LOCK_TIMEOUT_S):
            raise sqlite3.OperationalError("no turn to write: another thread holds the database")
        self._writer_thread = threading.get_ident()
        try:
            yield
        finally:
            self._writer_thread = 0
            self._write_lock.release()


def _open(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,  # transactions are begun by the statements above, never implicitly
        check_same_thread=False,
        cached_statements=256,
    )
    for pragma in _PRAGMAS:
        raw.execute(pragma)
    return raw


def _roll_back(raw: sqlite3.Connection) -> None:
    """End what is still open; SQLite itself has ended it after some errors (a full disk)."""
    if raw.in_transaction:
        raw.execute("ROLLBACK")


def _write_lock(path: Path) -> threading.Lock:
    """One lock a file and process, however many ``Database`` objects are made for it."""
    with _write_locks_guard:
        return _write_locks.setdefault(path, threading.Lock())
