"""What an open page of a room shows, and the cheap look by which it learns that it is stale."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portal.actions import permission
from portal.actions.drill_views import Choice, Gauge, board_of
from portal.actions.errors import NotAllowed
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.actions.tabletop_table import Sitting, keep, last_look, load, note_look, of_room, recall
from portal.core import tabletop_rules as rules
from portal.core.drill_report import Judged, judge
from portal.core.drill_run import Arrived, Play, best_option, shuffled
from portal.core.drills import Decision, Drill, Role, Scene
from portal.core.people import Person, may
from portal.core.tabletop import Decided, Room, Table, Vote
from portal.core.times import iso, parse_iso
from portal.store import drill_runs, tabletop
from portal.store.database import Connection
from portal.store.drill_runs import Run
from portal.store.tabletop import Glance

PRESENCE_EVERY = timedelta(seconds=6)  # signs closer together are not written
PRESENT_FOR = timedelta(seconds=20)
LOOKS_ENOUGH = timedelta(seconds=10)  # somebody looked: nobody was away

_signed: dict[tuple[Path, int, int], datetime] = {}
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody in the room; ``is_here`` as far as signs tell."""

    person_id: int
    name: str
    roles: frozenset[Role]
    is_here: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as of ``now`` for one reader.

    ``is_lead`` decides what is in it: notes, the best options, others' votes and news to other
    roles are there for facilitators alone. ``judged`` has the decisions with their ratings once
    the drill is over (for facilitators, always).
    """

    run: Run
    drill: Drill
    play: Play
    room: Room
    glance: Glance
    is_lead: bool
    now: datetime
    me: int
    people: Sequence[Someone]
    scene: Scene | None = None
    decision: Decision | None = None
    is_first: bool = False
    choices: Sequence[Choice] = ()
    board: Sequence[Gauge] = ()
    news: Sequence[Arrived] = ()
    waiting: Sequence[tuple[int, Arrived]] = ()
    deadline: datetime | None = None
    next_news: datetime | None = None
    by_vote: bool = False
    deciders: frozenset[int] = frozenset()
    last: Decided | None = None
    judged: Sequence[Judged] = ()
    best: int | None = None

    @property
    def my_roles(self) -> frozenset[Role]:
        return self.room.members.get(self.me, frozenset())

    @property
    def my_vote(self) -> Vote | None:
        return self.room.votes.get(self.me)

    @property
    def may_break_tie(self) -> bool:
        return bool(self.room.tie) and rules.breaks_tie(self.room, self.me)

    @property
    def names(self) -> Mapping[int, str]:
        return {one.person_id: one.name for one in self.people}

    @property
    def voted(self) -> int:
        """How many have voted on the open decision."""
        return sum(vote.option >= 0 for vote in self.room.votes.values())


def visit(portal: Portal, actor: Person, run_id: int) -> RoomView:
    """The room as it is now, for one who takes part or leads.

    Raises NotAllowed for everybody else, those who might take it over included.
    """
    look(portal, actor, run_id)
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        run, table, room, seen = load(portal, conn, run_id)
        is_lead = _leads(conn, actor, room, run_id)
        if not is_lead and actor.id not in room.members:
            raise NotAllowed
        rows = tabletop.people_of(conn, run_id)
    keep(portal, run_id, room)
    people = [
        Someone(
            row["person_id"],
            row["name"],
            room.members[row["person_id"]],
            row["seen_at"] is not None and now - parse_iso(row["seen_at"]) < PRESENT_FOR,
        )
        for row in rows
        if row["person_id"] in room.members
    ]
    return _view(run, table, room, seen, is_lead, actor, people, now)


def look(portal: Portal, actor: Person, run_id: int) -> Glance:
    """Whether there is something new: one row, and the sign that this person is there.

    What fell due meanwhile is written down first. Raises NotAllowed.
    """
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        seen = tabletop.glance(conn, run_id)
        room = recall(portal, run_id)
        if room is None or seen is None or room.number < seen.number:
            _, _, room, seen = load(portal, conn, run_id)
            keep(portal, run_id, room)
        if actor.id not in room.members and actor.id not in room.leads:
            raise NotAllowed
        stale = seen.phase == "play" and (
            (seen.due_at is not None and now >= seen.due_at) or _nobody_looked(portal, run_id, now)
        )
    if not stale:
        _sign(portal, actor, run_id, now)
    else:
        with portal.db.write(bump=False) as writing:
            run, table, room, seen = load(portal, writing, run_id)
            moment = parse_iso(iso(now))
            Sitting(writing, portal, run, table, room, moment, seen.seen_by_all).catch_up()
            drill_runs.see(writing, run_id, actor.id, now)
            seen = tabletop.glance(writing, run_id) or seen
    note_look(portal, run_id, now)
    return seen


# Private functions


def _leads(conn: Connection, actor: Person, room: Room, run_id: int) -> bool:
    """Whether the person leads the room and still may."""
    target = of_room(run_id)(conn)
    return actor.id in room.leads and target is not None and may(actor, "facilitate_drill", target)


def _nobody_looked(portal: Portal, run_id: int, now: datetime) -> bool:
    """Whether nobody has looked by way of this process for a while, or ever."""
    before = last_look(portal, run_id)
    return before is None or now - before > LOOKS_ENOUGH


def _sign(portal: Portal, actor: Person, run_id: int, now: datetime) -> None:
    person_id = actor.id
    key = (portal.db.path, run_id, person_id)
    with _guard:
        before = _signed.get(key)
        if before is not None and timedelta() <= now - before < PRESENCE_EVERY:
            return
        _signed[key] = now
        if len(_signed) > 5_000:
            _signed.pop(next(iter(_signed)))
    portal.db.later(
        ("drill", run_id, person_id), lambda conn: drill_runs.see(conn, run_id, person_id, now)
    )


def _view(
    run: Run,
    table: Table,
    room: Room,
    seen: Glance,
    is_lead: bool,
    actor: Person,
    people: Sequence[Someone],
    now: datetime,
) -> RoomView:
    play, state = table.play, room.state
    common = RoomView(run, play.drill, play, room, seen, is_lead, now, actor.id, people)
    if state is None:
        return common
    decision = rules.open_decision(table, room)
    news = table.news(room, now)
    last = state.taken[-1] if state.taken else None
    show_judged = is_lead or state.is_over
    values = state.values
    choices = shuffled(decision, values, run.seed) if decision is not None else []
    return RoomView(
        run,
        play.drill,
        play,
        room,
        seen,
        is_lead,
        now,
        actor.id,
        people,
        scene=play.steps.scenes[state.step],
        decision=decision,
        is_first=play.steps.is_first(state.step),
        choices=[Choice(at, option.text) for at, option in choices],
        board=board_of(play.drill, values, last.before if last is not None else values),
        news=[one for one in news if is_lead or rules.reads(room, actor.id, one)],
        waiting=table.waiting(room, now) if is_lead else (),
        deadline=table.deadline(room),
        next_news=table.next_news(room, now),
        by_vote=decision is not None and rules.is_by_vote(room, decision),
        deciders=rules.deciders(room, decision) if decision is not None else frozenset(),
        last=room.decided[-1] if room.decided else None,
        judged=[judge(play, one) for one in state.taken] if show_judged else (),
        best=_best(table, room) if is_lead else None,
    )


def _best(table: Table, room: Room) -> int | None:
    decision = rules.open_decision(table, room)
    if decision is None or room.state is None:
        return None
    return best_option(decision, room.state.values)
