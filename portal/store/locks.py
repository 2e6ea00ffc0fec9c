"""Who holds the database: advisory locks on files beside it.

Every open ``Database`` holds a shared lock on ``<database>.lock``, whatever process it is in, so
that whoever wants to replace or rebuild the file can tell whether somebody still works with it.
The kernel lets go of a lock when its process dies, so a crash never leaves one behind. The lock
files themselves stay where they are: removing one would let two processes lock different files.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class DatabaseInUse(Exception):
    """Another process, or this one, still has the database open."""


def hold(database: Path) -> IO[str]:
    """Share the database with other users of it until the returned file is closed.

    Raises DatabaseInUse while somebody has it to himself (``exclusive``).
    """
    file = _open(database, ".lock")
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DatabaseInUse(f"{database} is being upgraded or restored; try again") from None
    return file


@contextmanager
def exclusive(database: Path) -> Iterator[None]:
    """Have the database to oneself. Raises DatabaseInUse at once when anybody holds it."""
    with _open(database, ".lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseInUse(
                f"{database} is in use; stop every server that serves it, then try again"
            ) from None
        yield


@contextmanager
def starting(database: Path) -> Iterator[None]:
    """One process at a time looks at the schema and upgrades it; the others wait for it."""
    with _open(database, ".starting") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open(database: Path, ending: str) -> IO[str]:
    path = database.with_name(database.name + ending)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a", encoding="utf-8")
