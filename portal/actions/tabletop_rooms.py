"""Rooms of group tabletops: open one, find it by its code, join, lead on where another stopped."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions import permission, settling
from portal.actions.audit import note
from portal.actions.errors import Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.tabletop_table import Sitting, load, of_room, taking_part
from portal.core import tabletop_codes as codes
from portal.core.drills import ROLES, Drill
from portal.core.people import NOBODY_IN_PARTICULAR, Person, Target, may
from portal.core.tabletop import Phase, Room, Table
from portal.core.times import iso, parse_iso
from portal.store import drill_runs, progress, tabletop, units
from portal.store.database import Connection, Row

ROOMS_SHOWN = 30
MOST_PEOPLE = 100  # in one room
_TRIES = 20  # to draw a code that no open room has


@dataclass(frozen=True, slots=True)
class Listed:
    """A room as lists show it; ``drill`` in the version that is played."""

    run_id: int
    drill: Drill
    phase: Phase
    code: str = ""
    lead: str = ""
    unit_name: str = ""
    unit_name_en: str | None = None
    started_at: datetime | None = None
    outcome: str | None = None
    people: int = 0


def units_to_lead(portal: Portal, actor: Person) -> list[Row]:
    """The units for which the person may open a room: one's own and those one manages, as id,
    name, name_en."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        ids = [role.unit_id for role in actor.roles if role.unit_id is not None]
        found = {}
        for unit_id in [*ids, actor.unit_id]:
            target = None if unit_id is None else units.find_target(conn, unit_id)
            if unit_id is not None and target and may(actor, "facilitate_drill", target):
                row = units.find_unit(conn, unit_id)
                if row is not None:
                    found[unit_id] = row
        return list(found.values())


def open_room(
    portal: Portal, actor: Person, drill_id: str, unit_id: int | None, *, by_vote: bool = False
) -> int:
    """Open a room for a drill; the id of its run. ``unit_id``: where the results count.

    Raises NotAllowed, Refused ``error.drill_not_offered``.
    """
    drill = portal.library.catalogue.drills.get(drill_id)
    now = parse_iso(iso(portal.now()))
    target = permission.nobody if unit_id is None else permission.unit(unit_id)
    with permission.write(portal, actor, "facilitate_drill", target, bump=False) as conn:
        if drill is None:
            raise Refused("error.drill_not_offered")
        version = drill_runs.keep_version(conn, drill, now)
        run_id = drill_runs.add_run(
            conn,
            drill=drill,
            version=version,
            kind="group",
            seed=secrets.randbits(62),
            person_id=actor.id,
            unit_id=unit_id,
            at=now,
        )
        tabletop.add_room(conn, run_id, _new_code(conn), codes.expires_at(now))
        run = drill_runs.find_run(conn, run_id)
        assert run is not None  # added above
        table = Table(drill_runs.get_play(conn, version))
        sitting = Sitting(conn, portal, run, table, Room(), now, 0)
        sitting.add("open", actor.id, by_vote=by_vote, by_hand=False)
        note(portal, conn, actor, "opened_drill_room", f"drill-run:{run_id}", drill=drill_id)
    return run_id


def join(portal: Portal, actor: Person, code: str) -> int:
    """Join the room that the code opens; the id of its run. Joining again changes nothing.

    Raises Refused: ``error.tabletop_code`` (none such, or no longer), ``error.tabletop_wait``
    after too many wrong ones, ``error.tabletop_leads``, ``error.tabletop_begun_without``,
    ``error.tabletop_full``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        since = now - codes.WITHIN
        if codes.must_wait(*tabletop.misses(conn, actor.id, actor.address, since)):
            raise Refused("error.tabletop_wait")
        wanted = codes.typed(code)
        run_id = tabletop.find_by_code(conn, wanted, now) if wanted else None
        if run_id is None:
            tabletop.add_miss(conn, actor.id, actor.address, now, since)
        else:
            _enter(portal, conn, actor, run_id)
    if run_id is None:  # after the miss is on disk
        raise Refused("error.tabletop_code")
    return run_id


def choose_roles(portal: Portal, actor: Person, run_id: int, roles: Sequence[str]) -> None:
    """Take on these roles, instead of those one had. Raises NotAllowed, Refused
    ``error.drill_over``."""
    wanted = [role for role in ROLES if role in roles]
    with taking_part(portal, actor, run_id) as sitting:
        if sitting.room.phase not in ("lobby", "play"):
            raise Refused("error.drill_over")
        if frozenset(wanted) == sitting.room.members[actor.id]:
            return
        drill_runs.add_participant(
            sitting.conn, run_id, actor.id, actor.counts_in, sitting.now, " ".join(wanted)
        )
        sitting.add("join", actor.id, roles=wanted)


def leave(portal: Portal, actor: Person, run_id: int) -> None:
    """Go, before it has begun; afterwards one is simply not there. Raises NotAllowed, Refused
    ``error.drill_over``."""
    with taking_part(portal, actor, run_id) as sitting:
        if sitting.room.phase != "lobby":
            raise Refused("error.drill_over")
        tabletop.leave(sitting.conn, run_id, actor.id)
        sitting.add("leave", actor.id)


def take_over(portal: Portal, actor: Person, run_id: int) -> None:
    """Lead a room, beside or instead of whoever opened it: within one's reach only.

    Raises NotAllowed, Refused ``error.tabletop_takes_part``.
    """
    with permission.write(portal, actor, "facilitate_drill", of_room(run_id), bump=False) as conn:
        run, table, room, seen = load(portal, conn, run_id)
        if actor.id in room.leads or room.phase == "closed":
            return
        if actor.id in room.members:
            raise Refused("error.tabletop_takes_part")
        now = parse_iso(iso(portal.now()))
        Sitting(conn, portal, run, table, room, now, seen.seen_by_all).add("lead", actor.id)
        note(portal, conn, actor, "took_over_drill_room", f"drill-run:{run_id}")


def rooms_to_lead(portal: Portal, actor: Person, limit: int = ROOMS_SHOWN) -> list[Listed]:
    """The rooms within the person's reach, open ones first, then the newest, ``limit`` of each
    part of the reach. Raises NotAllowed."""
    paths = [""] if may(actor, "facilitate_drill", NOBODY_IN_PARTICULAR) else actor.managed_paths
    target = NOBODY_IN_PARTICULAR if "" in paths else Target(unit_path=next(iter(paths), None))
    with permission.read(portal, actor, "facilitate_drill", lambda _: target) as conn:
        rows = [row for path in paths for row in tabletop.rooms_below(conn, path, limit)]
        return [_listed(conn, row) for row in {row["run_id"]: row for row in rows}.values()]


def my_rooms(portal: Portal, actor: Person) -> list[Listed]:
    """The open rooms in which the person takes part."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        return [_listed(conn, row) for row in tabletop.my_open_rooms(conn, actor.id)]


# Private functions


def _new_code(conn: Connection) -> str:
    for _ in range(_TRIES):
        code = codes.code_of([secrets.randbelow(len(codes.ALPHABET)) for _ in range(codes.LENGTH)])
        if not tabletop.is_taken(conn, code):
            return code
    raise RuntimeError("no free code: far more rooms are open than a portal can serve")


def _enter(portal: Portal, conn: Connection, actor: Person, run_id: int) -> None:
    run, table, room, seen = load(portal, conn, run_id)
    if actor.id in room.members:
        return
    if actor.id in room.leads:
        raise Refused("error.tabletop_leads")
    if room.phase not in ("lobby", "play"):
        raise Refused("error.tabletop_begun_without")
    if len(room.members) >= MOST_PEOPLE:
        raise Refused("error.tabletop_full")
    now = parse_iso(iso(portal.now()))
    if settling.see_drill(
        conn, portal, actor.id, actor.counts_in, run.course_id, run.drill_id, now
    ):
        progress.touch_revision(conn)
    drill_runs.add_participant(conn, run_id, actor.id, actor.counts_in, now)
    drill_runs.see(conn, run_id, actor.id, now)
    Sitting(conn, portal, run, table, room, now, seen.seen_by_all).add("join", actor.id, roles=[])


def _listed(conn: Connection, row: Row) -> Listed:
    started = row.get("started_at")
    return Listed(
        row["run_id"],
        drill_runs.get_play(conn, row["version"]).drill,
        row["phase"],
        row.get("code", ""),
        row.get("lead", ""),
        row.get("unit_name") or "",
        row.get("unit_name_en"),
        None if started is None else parse_iso(started),
        row.get("outcome"),
        row.get("people", 0),
    )
