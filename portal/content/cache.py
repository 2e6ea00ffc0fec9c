"""What was parsed before, kept in SQLite: by content hash, and the last good version by path.

Nothing here is a source of truth: deleting ``content-cache.db`` costs a slower start and the last
good versions of files that are broken at that moment. Values are JSON text, never pickles. When
the file cannot be used (a full disk, another program's lock), the portal goes on without it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)
_LAYOUT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS parsed (
  key  TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS good (
  path    TEXT PRIMARY KEY,
  key     TEXT NOT NULL,
  zh      TEXT NOT NULL,
  english TEXT
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Good:
    """The last version of a file that had no errors: key of its parse, and its sources."""

    key: str
    zh: str
    english: str | None


class Cache:
    """The cache database at ``path``; with None it remembers nothing beyond this object."""

    def __init__(self, path: Path | None) -> None:
        self._connection = _open(path)

    def rows(self, keys: Iterable[str]) -> dict[str, str]:
        """Parsed texts by key, those that are known."""
        wanted = list(keys)
        found: dict[str, str] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            found |= self._pairs(f"SELECT key, text FROM parsed WHERE key IN ({marks})", some)  # noqa: S608
        return found

    def goods(self) -> dict[str, Good]:
        """Last good versions by path."""
        try:
            rows = self._connection.execute("SELECT path, key, zh, english FROM good").fetchall()
        except sqlite3.Error as error:
            _LOG.warning("content cache cannot be read: %s", error)
            return {}
        return {path: Good(key, zh, english) for path, key, zh, english in rows}

    def store(
        self,
        parsed: Mapping[str, str],
        goods: Mapping[str, Good],
        gone: Iterable[str],
        keep: Iterable[str] | None,
    ) -> None:
        """Add ``parsed`` texts and ``goods``, forget the paths ``gone``.

        Once old texts outnumber those in use, all but ``keep`` (where it is given) are dropped.
        """
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO parsed (key, text) VALUES (?, ?)", parsed.items()
                )
                self._connection.executemany(
                    "INSERT OR REPLACE INTO good (path, key, zh, english) VALUES (?, ?, ?, ?)",
                    [(path, good.key, good.zh, good.english) for path, good in goods.items()],
                )
                self._connection.executemany(
                    "DELETE FROM good WHERE path = ?", [(path,) for path in gone]
                )
                if keep is not None:
                    self._forget_all_but(keep)
        except sqlite3.Error as error:
            _LOG.warning("content cache cannot be written: %s", error)

    def close(self) -> None:
        self._connection.close()

    def _pairs(self, sql: str, values: list[str]) -> dict[str, str]:
        try:
            return dict(self._connection.execute(sql, values).fetchall())
        except sqlite3.Error as error:
            _LOG.warning("content cache cannot be read: %s", error)
            return {}

    def _forget_all_but(self, keep: Iterable[str]) -> None:
        """Old parses go once they are many more than those in use."""
        kept = set(keep)
        (count,) = self._connection.execute("SELECT count(*) FROM parsed").fetchone()
        if count > 2 * len(kept) + 1000:
            known = self._connection.execute("SELECT key FROM parsed").fetchall()
            self._connection.executemany(
                "DELETE FROM parsed WHERE key = ?", [row for row in known if row[0] not in kept]
            )


# Private functions


def _open(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return _prepared(sqlite3.connect(":memory:", check_same_thread=False))
    for attempt in (1, 2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(sqlite3.connect(path, check_same_thread=False, timeout=5.0))
        except (sqlite3.Error, OSError) as error:
            _LOG.warning("content cache %s cannot be opened: %s", path, error)
            if attempt == 1 and isinstance(error, sqlite3.DatabaseError):
                _remove(path)
    return _prepared(sqlite3.connect(":memory:", check_same_thread=False))


def _remove(path: Path) -> None:
    """A damaged cache is thrown away: everything in it can be made again."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
        connection.executescript("DROP TABLE IF EXISTS parsed; DROP TABLE IF EXISTS good;")
        connection.execute(f"PRAGMA user_version = {_LAYOUT}")
    connection.executescript(_TABLES)
    return connection
