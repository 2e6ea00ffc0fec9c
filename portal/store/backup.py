"""Copies of a live database that can be trusted, and the way back from one.

A plain ``cp`` of a database in WAL mode loses what is still in the ``-wal`` file. A copy here is
made by ``VACUUM INTO`` (one consistent moment, readers and writers go on), checked, forced to disk
and only then given its name: a file with a backup's name is a good backup.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database as SqliteUtils

from portal.store import locks
from portal.store.migrations import migrations


class BadBackup(Exception):
    """The file is not a sound database of this portal; nothing was changed."""


class NewerSchema(BadBackup):
    """The file was written by a newer version of the portal than this one."""


def backup(path: Path, target: Path) -> Path:
    """Copy the database at ``path``, which may be in use, to ``target``; return ``target``.

    Raises FileNotFoundError, FileExistsError (a backup is never overwritten), BadBackup when the
    copy does not check out.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    if target.exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA busy_timeout = 30000")
            raw.execute("VACUUM INTO ?", (str(partial),))
        verify(partial)
        _put(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def restore(source: Path, path: Path) -> Path | None:
    """Put the backup ``source`` in the place of the database at ``path``.

    The replaced database is kept beside it, as a backup; its path is returned, None when there
    was none. Raises FileNotFoundError, BadBackup, NewerSchema, ``locks.DatabaseInUse``.
    """
    if not source.is_file():
        raise FileNotFoundError(source)
    path = path.resolve()
    verify(source)
    with locks.starting(path), locks.exclusive(path):
        partial = path.with_name(path.name + ".partial")
        partial.unlink(missing_ok=True)
        try:
            # VACUUM INTO rather than a file copy: the source may have a -wal of its own
            with closing(sqlite3.connect(source, isolation_level=None)) as raw:
                raw.execute("VACUUM INTO ?", (str(partial),))
            verify(partial)
            kept = _set_aside(path)
            _put(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    return kept


def verify(path: Path) -> None:
    """Raise BadBackup unless the file is sound and its schema is one this portal can read."""
    try:
        # not mode=ro: SQLite then leaves the CHECK constraints out of its integrity check
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as raw:
            [(verdict,), *_] = raw.execute("PRAGMA integrity_check(1)").fetchall()
            if verdict != "ok":
                raise BadBackup(f"{path}: the integrity check says: {verdict}")
            if not check_schema(raw):
                raise BadBackup(f"{path}: this is not a database of the portal")
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{path}: this is not a sound SQLite database ({error})") from error


def check_schema(raw: sqlite3.Connection) -> list[str]:
    """The migrations of the portal that were applied. Raises NewerSchema on an unknown one."""
    known = {migration.name for migration in migrations.pending(SqliteUtils(memory=True))}
    applied = [migration.name for migration in migrations.applied(SqliteUtils(raw))]
    unknown = [name for name in applied if name not in known]
    if unknown:
        raise NewerSchema(
            f"the database was written by a newer portal (it has {unknown[0]}); upgrade the portal"
        )
    return applied


def backup_name(path: Path, reason: str = "backup") -> str:
    """``portal-backup-20261122T060307250Z.db``: sorts by time, never met before."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
    return f"{path.stem}-{reason}-{moment}Z.db"


def _set_aside(path: Path) -> Path | None:
    """Keep the database that is being replaced; take away its stale ``-wal`` and ``-shm``.

    A sound one is kept as a backup, with everything that its ``-wal`` held. One that is too
    broken for that is kept byte for byte, with its ``-wal``, for whoever may want to salvage it.
    """
    kept = None
    if path.exists():
        kept = path.parent / "backups" / backup_name(path, "replaced")
        kept.parent.mkdir(exist_ok=True)
        copy = kept.with_name(kept.name + ".copy")  # SQLite may delete a -wal that it cannot read
        _copy(path, copy)
        try:
            backup(copy, kept)
        except (BadBackup, sqlite3.DatabaseError):
            _copy(path, kept)
        finally:
            _remove(copy)
    _remove(path, ("-wal", "-shm"))
    return kept


def _copy(path: Path, target: Path) -> None:
    """Copy a database that nobody has open, and its ``-wal`` where there is one."""
    for ending in ("", "-wal"):
        if (part := path.with_name(path.name + ending)).exists():
            shutil.copyfile(part, target.with_name(target.name + ending))


def _remove(path: Path, endings: tuple[str, ...] = ("", "-wal", "-shm")) -> None:
    for ending in endings:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _put(partial: Path, target: Path) -> None:
    """Force ``partial`` to disk, then give it its name, then force the name to disk."""
    _fsync(partial)
    partial.replace(target)
    _fsync(target.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
