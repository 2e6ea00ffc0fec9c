"""One transaction at the table of a room: load what happened, decide, append, save.

Rooms are folded from their entries, which never change; what has been folded is kept in memory by
the number of its newest entry, so that thirty phones which look again fold nothing twice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.actions import permission
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core import tabletop_rules as rules
from portal.core.drill_run import Fault, Play
from portal.core.people import NOBODY_IN_PARTICULAR, Person, Target
from portal.core.tabletop import Entry, Room, Table
from portal.core.times import iso, parse_iso
from portal.store import drill_runs, tabletop, units
from portal.store.database import Connection
from portal.store.drill_runs import Run
from portal.store.tabletop import Glance

KEPT_ROOMS = 128
MOST_ENTRIES = 5_000  # of one room: beyond that somebody plays with the portal

_rooms: OrderedDict[tuple[Path, int], Room] = OrderedDict()
_looks: OrderedDict[tuple[Path, int], datetime] = OrderedDict()
_guard = threading.Lock()


@dataclass(slots=True)
class Sitting:
    """A room inside a transaction. ``add`` appends; ``room`` is always what it comes to."""

    conn: Connection
    portal: Portal
    run: Run
    table: Table
    room: Room
    now: datetime
    seen_by_all: int

    @property
    def play(self) -> Play:
        """The rules of the run."""
        return self.table.play

    def add(self, kind: str, person_id: int | None = None, /, **body: object) -> None:
        """Append an entry and put down where the room stands."""
        if self.room.number >= MOST_ENTRIES and kind not in ("stop", "close", "timeout"):
            raise Refused("error.tabletop_full")
        at = self.now
        if self.room.state is not None:
            at = max(at, self.room.state.last_at)
        entry = Entry(self.room.number + 1, kind, at, person_id, body)
        after = self.table.after(self.room, entry)  # a Fault here leaves nothing written
        tabletop.append(self.conn, self.run.id, entry)
        if rules.concerns_all(kind, self.room.phase):
            self.seen_by_all = entry.number
        before = self.room.phase
        self.room = after
        if self.room.phase != before:
            self.seen_by_all = entry.number
        tabletop.save_room(
            self.conn,
            self.run.id,
            phase=self.room.phase,
            number=entry.number,
            seen_by_all=self.seen_by_all,
            due_at=rules.due_at(self.table, self.room),
        )

    def catch_up(self) -> None:
        """Write down what the clock did: everybody was away, time was up."""
        signs = (
            drill_runs.last_seen(self.conn, self.run.id),
            last_look(self.portal, self.run.id),
        )
        seen = max((sign for sign in signs if sign is not None), default=None)
        given = rules.away(self.room, seen, self.now)
        if given:
            self.add("absence", given_back_s=round(given.total_seconds(), 3))
        fallen = rules.fallen_due(self.table, self.room, self.now)
        if fallen is not None:
            self.add(fallen[0], None, **fallen[1])

    def go_on(self) -> None:
        """End a pause, and give its time back."""
        if self.room.paused_at is not None:
            pause = max((self.now - self.room.paused_at).total_seconds(), 0.0)
            self.add("resume", given_back_s=round(pause, 3))

    def choose(
        self, person_id: int, step: int, decision_id: str, option: int, way: str, words: str
    ) -> None:
        """Take a decision for the room; ``way`` is how: ``vote``, ``lead`` or ``role``."""
        self.go_on()
        self.add(
            "choose",
            person_id,
            step=step,
            decision=decision_id,
            option=option,
            way=way,
            words=words,
        )


@contextmanager
def leading(portal: Portal, actor: Person, run_id: int) -> Iterator[Sitting]:
    """A transaction of one who leads the room. Raises NotAllowed."""
    with (
        permission.write(portal, actor, "facilitate_drill", of_room(run_id), bump=False) as conn,
        _sitting(portal, conn, run_id) as sitting,
    ):
        if actor.id not in sitting.room.leads:
            raise NotAllowed
        yield sitting


@contextmanager
def taking_part(portal: Portal, actor: Person, run_id: int) -> Iterator[Sitting]:
    """A transaction of one who takes part in the room. Raises NotAllowed."""
    with (
        permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn,
        _sitting(portal, conn, run_id) as sitting,
    ):
        if actor.id not in sitting.room.members:
            raise NotAllowed
        yield sitting


@contextmanager
def caught_up(seat: AbstractContextManager[Sitting]) -> Iterator[Sitting]:
    """The sitting of ``leading`` or ``taking_part``, brought up to now.

    A Fault found before anything is added becomes Refused after the transaction has been kept:
    what the clock did stays written.
    """
    fault: Fault | None = None
    with seat as sitting:
        sitting.catch_up()
        number = sitting.room.number
        try:
            yield sitting
        except Fault as found:
            if sitting.room.number != number:
                raise
            fault = found
    if fault is not None:
        raise Refused(fault.key)


def of_room(run_id: int) -> permission.FindTarget:
    """For what concerns a room: the unit that plays, or nobody's where there is none."""

    def find(conn: Connection) -> Target | None:
        run = drill_runs.find_run(conn, run_id)
        if run is None or run.kind != "group":
            return None
        return NOBODY_IN_PARTICULAR if run.unit_id is None else units.find_target(conn, run.unit_id)

    return find


def load(portal: Portal, conn: Connection, run_id: int) -> tuple[Run, Table, Room, Glance]:
    """A room as this transaction sees it. Raises NotAllowed where there is none."""
    run, glance = drill_runs.find_run(conn, run_id), tabletop.glance(conn, run_id)
    if run is None or glance is None:
        raise NotAllowed
    table = Table(drill_runs.get_play(conn, run.version))
    known = recall(portal, run_id)
    if known is None or known.number > glance.number:
        known = None
    after = 0 if known is None else known.number
    room = table.replay(tabletop.entries(conn, run_id, after), known)
    return run, table, room, glance


def recall(portal: Portal, run_id: int) -> Room | None:
    """The room as it was last kept in memory."""
    with _guard:
        return _rooms.get((portal.db.path, run_id))


def keep(portal: Portal, run_id: int, room: Room) -> None:
    """Keep a room that is on disk as it stands."""
    key = (portal.db.path, run_id)
    with _guard:
        known = _rooms.get(key)
        if known is None or known.number < room.number:
            _rooms[key] = room
        _rooms.move_to_end(key)
        while len(_rooms) > KEPT_ROOMS:
            _rooms.popitem(last=False)


def last_look(portal: Portal, run_id: int) -> datetime | None:
    """When somebody last looked at the room by way of this process."""
    with _guard:
        return _looks.get((portal.db.path, run_id))


def note_look(portal: Portal, run_id: int, now: datetime) -> None:
    """Somebody has looked."""
    with _guard:
        _looks[portal.db.path, run_id] = now
        _looks.move_to_end((portal.db.path, run_id))
        while len(_looks) > KEPT_ROOMS:
            _looks.popitem(last=False)


def forget() -> None:
    """Empty the memory: for tests."""
    with _guard:
        _rooms.clear()
        _looks.clear()


# Private functions


@contextmanager
def _sitting(portal: Portal, conn: Connection, run_id: int) -> Iterator[Sitting]:
    run, table, room, glance = load(portal, conn, run_id)
    now = parse_iso(iso(portal.now()))  # as it will be read again
    yield Sitting(conn, portal, run, table, room, now, glance.seen_by_all)
