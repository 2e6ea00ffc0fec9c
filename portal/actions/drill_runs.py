"""Playing a drill alone: begin, look, decide, stop. Every step is on disk when it returns.

The events of a run are the run; whoever looks first after something fell due (time was up,
somebody was away) writes that down, and then sees what follows from it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from portal.actions import drill_finish, permission, settling
from portal.actions.drill_finish import Participant
from portal.actions.drill_views import RunView, view_of
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.drill_run import Event, Fault, Play, RunState
from portal.core.people import Person
from portal.core.times import iso
from portal.store import drill_runs, progress
from portal.store.database import Connection
from portal.store.drill_runs import Run

PRESENCE_EVERY = timedelta(seconds=6)  # signs closer together are not written


def begin(portal: Portal, actor: Person, drill_id: str) -> int:
    """Begin a drill; the id of the new run, or of the one that is open already.

    Raises Refused ``error.drill_not_offered``.
    """
    drill = portal.library.catalogue.drills.get(drill_id)
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        known = drill_runs.find_open(conn, actor.id, drill_id)
        if known is not None:
            return known.id
        if drill is None:
            raise Refused("error.drill_not_offered")
        if settling.see_drill(conn, portal, actor.id, actor.counts_in, drill.course, drill.id, now):
            progress.touch_revision(conn)
        run_id = drill_runs.add_run(
            conn,
            drill=drill,
            version=drill_runs.keep_version(conn, drill, now),
            kind="solo",
            seed=_seed(actor.id, drill_id, now),
            person_id=actor.id,
            unit_id=actor.counts_in,
            at=now,
        )
        drill_runs.add_participant(conn, run_id, actor.id, actor.counts_in, now)
        drill_runs.append(conn, run_id, 1, Event("begin", now, person_id=actor.id))
        drill_runs.see(conn, run_id, actor.id, now)
    return run_id


def find_open(portal: Portal, actor: Person, drill_id: str) -> int | None:
    """The id of the person's open run of the drill."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = drill_runs.find_open(conn, actor.id, drill_id)
    return None if found is None else found.id


def visit(portal: Portal, actor: Person, run_id: int) -> RunView:
    """The run as it is now. Looking is the sign that somebody is there.

    What fell due since the last look (an absence, the end of time) is written down first. Raises
    NotAllowed for another person's run.
    """
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        run, play, events = _load(conn, actor, run_id)
        seen = drill_runs.last_seen(conn, run_id)
    state = play.replay(events)
    if not run.is_open:
        return view_of(run, play, state, now)
    if _due(play, state, seen, now):
        with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
            run, play, events = _load(conn, actor, run_id)
            state = _catch_up(conn, portal, run, play, events, actor.id, now)
            run = _reloaded(conn, run)
    elif seen is None or now - seen >= PRESENCE_EVERY:
        person_id = actor.id
        portal.db.later(
            ("drill", run_id, person_id),
            lambda conn: drill_runs.see(conn, run_id, person_id, now),
        )
    return view_of(run, play, state, now)


def choose(portal: Portal, actor: Person, run_id: int, decision_id: str, option: int) -> None:
    """Take a decision; it is on disk when this returns.

    ``option`` is the position in the author's order. Raises NotAllowed, and Refused:
    ``error.drill_late`` (the clock has decided), ``error.drill_moved_on`` (taken already, perhaps
    on another device), ``error.drill_not_open``, ``error.drill_over``.
    """
    now = portal.now()
    fault: Fault | None = None
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        run, play, events = _load(conn, actor, run_id)
        if not run.is_open:
            raise Refused("error.drill_over")
        count = len(events)
        state = _catch_up(conn, portal, run, play, events, actor.id, now)
        timed_out = len(events) > count and events[-1].kind == "timeout"
        try:
            if timed_out:
                raise Fault("late")
            event = play.choice(state, decision_id, option, now, actor.id)
        except Fault as found:  # what was caught up stays written
            fault = found
        else:
            _write(conn, portal, run, play, events, state, [event])
    if fault is not None:
        raise Refused(fault.key)


def stop(portal: Portal, actor: Person, run_id: int) -> None:
    """End a run before its end: it is rated nowhere. Raises NotAllowed."""
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        run, play, events = _load(conn, actor, run_id)
        if run.is_open:
            state = play.replay(events)
            event = Event("stop", max(now, state.last_at), person_id=actor.id)
            _write(conn, portal, run, play, events, state, [event])


# Private functions


def _load(conn: Connection, actor: Person, run_id: int) -> tuple[Run, Play, list[Event]]:
    run = drill_runs.find_run(conn, run_id)
    if run is None or run.kind != "solo" or run.person_id != actor.id:
        raise NotAllowed
    return run, drill_runs.get_play(conn, run.version), drill_runs.events(conn, run_id)


def _due(play: Play, state: RunState, seen: datetime | None, now: datetime) -> bool:
    away = play.absence(state, seen or state.began_at, now)
    return away is not None or play.timeout(state, now) is not None


def _catch_up(
    conn: Connection,
    portal: Portal,
    run: Run,
    play: Play,
    events: list[Event],
    person_id: int,
    now: datetime,
) -> RunState:
    """Write down an absence and the end of time, as far as they are due; ``events`` grows."""
    state = play.replay(events)
    seen = drill_runs.last_seen(conn, run.id)
    drill_runs.see(conn, run.id, person_id, now)
    away = play.absence(state, seen or state.began_at, now)
    if away is not None:
        state = _write(conn, portal, run, play, events, state, [away])
    out = play.timeout(state, now)
    if out is not None:
        state = _write(conn, portal, run, play, events, state, [out])
    return state


def _write(
    conn: Connection,
    portal: Portal,
    run: Run,
    play: Play,
    events: list[Event],
    state: RunState,
    new: list[Event],
) -> RunState:
    """Append ``new`` and finish the run when it is over with that."""
    for event in new:
        events.append(event)
        drill_runs.append(conn, run.id, len(events), event)
        state = play.after(state, event)
    if state.is_over:
        participants = [Participant(run.person_id, run.unit_id)]
        drill_finish.finish(conn, portal, run, play, state, participants)
        progress.touch_revision(conn)
    return state


def _reloaded(conn: Connection, run: Run) -> Run:
    return drill_runs.find_run(conn, run.id) or run


def _seed(person_id: int, drill_id: str, now: datetime) -> int:
    """63 bits that differ between people and moments, and can be told from the record."""
    text = f"{person_id}/{drill_id}/{iso(now)}"
    return int.from_bytes(sha256(text.encode()).digest()[:8]) >> 1
