"""Every profile made again from the log: to prove it, or to mend it.

People are taken in ranges of ids, on several processes that only read; one writes. What was
done is noted with each write, so that an interrupted run can go on where it stopped. People whose
log grew between reading and writing are folded again inside the writing transaction: the portal
may serve meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path

from portal.actions.evidence import event_of
from portal.core.capability_log import Profile, fold
from portal.store import capability, evidence, settings
from portal.store.database import Connection, Database

PEOPLE_A_RANGE = 200
_DONE = "recompute.done"  # the last id of the last range that was written


@dataclass(frozen=True, slots=True)
class Range:
    """One range of people: what the log says, as of the rows ``newest``."""

    first: int
    last: int
    newest: tuple[int, int]
    profiles: dict[int, Profile]
    events: int
    differing: tuple[int, ...]  # people whose stored profile is not what the log gives


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is: people's ids done of all, events folded, people who differed."""

    done: int
    total: int
    events: int
    differing: tuple[int, ...]


def verify(path: Path, processes: int = 1) -> Iterator[Step]:
    """Compare every stored profile with the log, to the last digit; changes nothing."""
    db = Database(path)
    try:
        with db.read() as conn:
            total = evidence.last_person(conn)
        for one in _ranges(path, 1, total, processes):
            yield Step(one.last, total, one.events, one.differing)
    finally:
        db.close()


def stopped_at(path: Path) -> int:
    """The last id of a person whom an interrupted run dealt with; 0 when none was interrupted."""
    db = Database(path)
    try:
        with db.read() as conn:
            return int(json.loads(settings.find(conn, _DONE) or "0"))
    finally:
        db.close()


def recompute(path: Path, processes: int = 1, *, after: int = 0) -> Iterator[Step]:
    """Make every profile anew, of people with ids beyond ``after``. Yields after each range."""
    db = Database(path)
    try:
        with db.read() as conn:
            total = evidence.last_person(conn)
        for one in _ranges(path, after + 1, total, processes):
            with db.write() as conn:
                _write(conn, one)
                settings.store(conn, _DONE, json.dumps(one.last))
            yield Step(one.last, total, one.events, one.differing)
        with db.write(bump=False) as conn:
            settings.remove(conn, _DONE)
    finally:
        db.close()


def fold_range(conn: Connection, first: int, last: int) -> Range:
    """What the log says of people ``first`` to ``last``, beside what is stored."""
    newest = evidence.newest(conn)
    rows = evidence.of_people(conn, first, last)
    made = {
        person_id: fold(map(event_of, events))
        for person_id, events in groupby(rows, key=lambda row: int(row["person_id"]))
    }
    stored = capability.profiles_between(conn, first, last)
    differing = tuple(key for key in sorted(made | stored) if made.get(key) != stored.get(key))
    return Range(first, last, newest, made, len(rows), differing)


# Private functions

_reader: Database | None = None  # of a worker process


def _ranges(path: Path, first: int, total: int, processes: int) -> Iterator[Range]:
    """The ranges in order; with several processes at most a few wait to be taken."""
    starts = iter(range(first, total + 1, PEOPLE_A_RANGE))
    if processes == 1:
        db = Database(path)
        try:
            for start in starts:
                with db.read() as conn:
                    yield fold_range(conn, start, start + PEOPLE_A_RANGE - 1)
        finally:
            db.close()
        return
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_open_reader, initargs=(path,)
    ) as pool:

        def submit(start: int) -> Future[Range]:
            return pool.submit(_read, start, start + PEOPLE_A_RANGE - 1)

        waiting = [submit(start) for start in islice(starts, 2 * processes)]
        while waiting:
            one = waiting.pop(0).result()
            waiting += [submit(start) for start in islice(starts, 1)]
            yield one


def _open_reader(path: Path) -> None:
    global _reader
    _reader = Database(path)


def _read(first: int, last: int) -> Range:
    assert _reader is not None
    with _reader.read() as conn:
        return fold_range(conn, first, last)


def _write(conn: Connection, one: Range) -> None:
    profiles = dict(one.profiles)
    for person_id in evidence.touched_since(conn, one.newest, one.first, one.last):
        now = fold_range(conn, person_id, person_id).profiles
        profiles.pop(person_id, None)
        profiles.update(now)
    capability.save_profiles(conn, profiles)
    capability.drop_profiles(conn, one.first, one.last, keep=profiles)
