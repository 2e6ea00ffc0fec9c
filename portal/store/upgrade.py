"""Bringing a database file to the newest schema, once, by one process, behind a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database as SqliteUtils

from portal.store import locks
from portal.store.backup import backup, backup_name, check_schema
from portal.store.migrations import migrations


def migrate(path: Path) -> list[str]:
    """Make the database, or bring it to the newest schema. Returns the migrations it applied.

    To be called before serving. One process does it while others that start meanwhile wait. A
    database that already has data is first backed up, verified, into ``backups/`` beside it.
    Raises ``backup.NewerSchema`` when the file was written by a newer portal, and
    ``locks.DatabaseInUse`` when an upgrade is due while a server still has the file open.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with locks.starting(path):
        due = _pending(path)
        if due:
            with locks.exclusive(path):
                _apply(path, due)
    return due


def _pending(path: Path) -> list[str]:
    if not path.exists():
        return [migration.name for migration in migrations.pending(_scratch())]
    with closing(sqlite3.connect(path)) as raw:
        check_schema(raw)
        return [migration.name for migration in migrations.pending(SqliteUtils(raw))]


def _apply(path: Path, due: list[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        db = SqliteUtils(raw)
        if migrations.applied(db):
            backup(path, path.parent / "backups" / backup_name(path, f"before-{due[0]}"))
        migrations.apply(db)


def _scratch() -> SqliteUtils:
    return SqliteUtils(memory=True)
