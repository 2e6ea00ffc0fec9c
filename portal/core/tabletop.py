"""A group tabletop: entries in, room out. Nothing but the entries decides.

A run of a drill with many participants, one or more facilitators (leads), and one clock. The run's
own rules are those of ``core.drill_run``; here are those of the room around it: who is there in
which roles, what news the facilitator held or released, who voted for what and why, and what was
said afterwards. An entry that names a step which is no longer open moves nothing, so that a
second click, or a second facilitator's, does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from portal.core.capabilities import Bilingual
from portal.core.drill_run import Arrived, Event, Play, RunState
from portal.core.drills import RATINGS, ROLES, Inject, Rating, Role

Phase = Literal["lobby", "play", "wash", "closed"]
Way = Literal["role", "vote", "lead", "clock"]  # how a decision came about
NEWS_LIMIT = 500  # characters of a facilitator's own inject
WORDS_LIMIT = 300  # of an argument, a reason, a remark


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a room as it is stored; ``body`` is what its kind says below."""

    number: int
    kind: str
    at: datetime
    person_id: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """``option`` is the position in the author's order; -1: only something said."""

    option: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """How a decision that was taken came about: by whom, with which votes and arguments."""

    way: Way
    person_id: int | None
    words: str
    votes: Mapping[int, Vote]


@dataclass(frozen=True, slots=True)
class Remark:
    """Hot wash: ``person_id`` None where it was left without a name."""

    is_good: bool
    text: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One line of the improvement plan: ``owner_id`` a participant, or ``owner`` a typed name."""

    number: int
    objective: str
    text: str
    owner_id: int | None
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Room:
    """Where a room stands after entry ``number``.

    ``state`` None until it begins. ``released``, ``held`` and ``votes`` belong to the open step:
    injects by their position among the step's, votes by person, the last of each. ``tie`` holds
    the options between which the facilitator or the command decides.
    """

    number: int = 0
    phase: Phase = "lobby"
    by_vote: bool = False
    by_hand: bool = False
    members: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    leads: frozenset[int] = frozenset()
    state: RunState | None = None
    paused_at: datetime | None = None
    released: Mapping[int, Arrived] = field(default_factory=dict)
    held: frozenset[int] = frozenset()
    own: tuple[Arrived, ...] = ()
    votes: Mapping[int, Vote] = field(default_factory=dict)
    tie: tuple[int, ...] = ()
    decided: tuple[Decided, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)  # of changed ratings, by decision
    comments: Mapping[int, str] = field(default_factory=dict)  # facilitator's, by decision; -1 all
    remarks: tuple[Remark, ...] = ()
    plans: tuple[Plan, ...] = ()
    is_stopped: bool = False

    @property
    def step(self) -> int:
        """How many decisions have been taken: the number of the open step."""
        return 0 if self.state is None else len(self.state.taken)

    def moment(self, now: datetime) -> datetime:
        """``now`` on the room's clock, which stands still in a pause."""
        return now if self.paused_at is None else self.paused_at


class Table:
    """The rules of rooms for one drill. Immutable; shared between threads."""

    def __init__(self, play: Play) -> None:
        self.play = play

    def replay(self, entries: Iterable[Entry], room: Room | None = None) -> Room:
        """The room after ``entries``, from ``room`` on."""
        room = room or Room()
        for entry in entries:
            room = self.after(room, entry)
        return room

    def after(self, room: Room, entry: Entry) -> Room:
        """The room after one more entry."""
        room = replace(room, number=entry.number)
        if room.phase == "closed":
            return room
        body, person_id = entry.body, entry.person_id
        match entry.kind:
            case "open" | "lead" if person_id is not None:
                room = replace(room, leads=room.leads | {person_id})
                return self._set(room, entry) if entry.kind == "open" else room
            case "set":
                return self._set(room, entry)
            case "join" if person_id is not None:
                roles = frozenset(role for role in ROLES if role in body.get("roles", ()))
                return replace(room, members={**room.members, person_id: roles})
            case "leave" if person_id is not None:
                rest = {key: one for key, one in room.members.items() if key != person_id}
                return replace(room, members=rest)
            case "begin" if room.phase == "lobby":
                state = self.play.begun(entry.at)
                return replace(room, state=state, phase="wash" if state.is_over else "play")
            case "stop":
                return replace(room, phase="closed", is_stopped=True)
            case "close" if room.phase == "wash":
                return replace(room, phase="closed")
        if room.phase == "play":
            return self._played(room, entry)
        return self._washed(room, entry) if room.phase == "wash" else room

    def news(self, room: Room, now: datetime) -> tuple[Arrived, ...]:
        """The injects of the open step that have come by ``now``, in order of their coming."""
        if room.state is None or room.state.is_over:
            return ()
        found = [*self._come(room, now).values(), *room.own]
        return tuple(sorted(found, key=lambda one: (one.clock, one.at)))

    def waiting(self, room: Room, now: datetime) -> list[tuple[int, Arrived]]:
        """The injects of the open step that have not come, by position, with when they are due."""
        if room.state is None or room.state.is_over:
            return []
        come = self._come(room, now)
        return [(at, one) for at, one in self._due(room.state) if at not in come]

    def next_news(self, room: Room, now: datetime) -> datetime | None:
        """When the next inject comes by itself; None: not before something else happens."""
        if room.by_hand or room.paused_at is not None:
            return None
        due = [one.at for at, one in self.waiting(room, now) if at not in room.held]
        return min(due, default=None)

    def deadline(self, room: Room) -> datetime | None:
        """When the clock decides; None without a limit, and while the clock stands still."""
        if room.state is None or room.paused_at is not None:
            return None
        return self.play.deadline(room.state)

    # Private methods

    def _set(self, room: Room, entry: Entry) -> Room:
        kept = self._come(room, entry.at)  # what people have read does not go away
        return replace(
            room,
            released=kept,
            by_vote=bool(entry.body.get("by_vote", room.by_vote)),
            by_hand=bool(entry.body.get("by_hand", room.by_hand)),
        )

    def _played(self, room: Room, entry: Entry) -> Room:
        state, body = room.state, entry.body
        assert state is not None  # in play
        if entry.kind in ("absence", "resume"):
            given = timedelta(seconds=float(body.get("given_back_s", 0.0)))
            event = Event(entry.kind, entry.at, given_back=given)
            return replace(room, state=self.play.after(state, event), paused_at=None)
        if int(body.get("step", room.step)) != room.step:
            return room
        match entry.kind:
            case "pause" if room.paused_at is None:
                return replace(room, paused_at=max(entry.at, state.last_at))
            case "hold":
                kept = self._come(room, entry.at)
                held = room.held | {int(body["inject"])} - set(kept)
                return replace(room, released=kept, held=held)
            case "release":
                return self._released(room, entry)
            case "own":
                roles = tuple(role for role in ROLES if role in body.get("roles", ()))
                clock = self.play.clock(state, room.moment(entry.at))
                inject = Inject(clock, Bilingual(str(body["text"])), roles=roles, is_plain=True)
                return replace(room, own=(*room.own, Arrived(inject, entry.at, clock)))
            case "vote" if entry.person_id is not None:
                option, words = int(body["option"]), str(body.get("words", ""))
                before = room.votes.get(entry.person_id)
                if option < 0 and before is not None:  # something said after voting
                    option = before.option
                return replace(room, votes={**room.votes, entry.person_id: Vote(option, words)})
            case "tie":
                tied = tuple(int(option) for option in body["options"])
                return replace(room, tie=tied, paused_at=room.paused_at or entry.at)
            case "choose" | "timeout":
                return self._taken(room, entry)
        return room

    def _released(self, room: Room, entry: Entry) -> Room:
        assert room.state is not None  # in play
        kept = self._come(room, entry.at)
        at = int(entry.body["inject"])
        inject = dict(self._due(room.state)).get(at)
        if inject is None or at in kept:
            return room
        clock = self.play.clock(room.state, room.moment(entry.at))
        kept[at] = Arrived(inject.inject, entry.at, clock)
        return replace(room, released=kept, held=room.held - {at})

    def _taken(self, room: Room, entry: Entry) -> Room:
        before = room.state
        assert before is not None  # in play
        event = Event(
            entry.kind,
            entry.at,
            str(entry.body.get("decision", "")),
            int(entry.body.get("option", -1)),
            person_id=entry.person_id,
        )
        state = self.play.after(before, event)
        if len(state.taken) == len(before.taken):
            return room
        last = replace(state.taken[-1], arrived=self.news(room, entry.at))
        way: Way = "clock" if entry.kind == "timeout" else entry.body.get("way", "lead")
        words = str(entry.body.get("words", ""))
        decided = Decided(way, entry.person_id, words, room.votes)
        return replace(
            room,
            state=replace(state, taken=(*state.taken[:-1], last)),
            phase="wash" if state.is_over else "play",
            paused_at=None,
            released={},
            held=frozenset(),
            own=(),
            votes={},
            tie=(),
            decided=(*room.decided, decided),
        )

    def _washed(self, room: Room, entry: Entry) -> Room:
        body = entry.body
        match entry.kind:
            case "rate":
                return _rated(room, int(body["taken"]), body["rating"], str(body["words"]))
            case "comment":
                comments = {**room.comments, int(body["taken"]): str(body["words"])}
                return replace(room, comments=comments)
            case "remark":
                remark = Remark(bool(body["is_good"]), str(body["text"]), entry.person_id)
                return replace(room, remarks=(*room.remarks, remark))
            case "plan":
                plan = Plan(
                    entry.number,
                    str(body["objective"]),
                    str(body["text"]),
                    body.get("owner_id"),
                    str(body.get("owner", "")),
                    date.fromisoformat(body["due_on"]),
                )
                return replace(room, plans=(*room.plans, plan))
            case "unplan":
                rest = tuple(one for one in room.plans if one.number != int(body["number"]))
                return replace(room, plans=rest)
        return room

    def _due(self, state: RunState) -> list[tuple[int, Arrived]]:
        injects = self.play.steps.injects(state.step)
        return [(injects.index(one.inject), one) for one in self.play.due(state)]

    def _come(self, room: Room, now: datetime) -> dict[int, Arrived]:
        """What has come of the step's injects, by position."""
        state = room.state
        if state is None or state.is_over:
            return {}
        clock = self.play.clock(state, room.moment(now))
        come = dict(room.released)
        for at, one in self._due(state):
            by_itself = one.clock <= state.clock or not room.by_hand
            if at not in come and at not in room.held and by_itself and one.clock <= clock + 1e-9:
                come[at] = one
        return come


# Private functions


def _rated(room: Room, taken: int, rating: Rating, words: str) -> Room:
    state = room.state
    if state is None or not 0 <= taken < len(state.taken) or rating not in RATINGS:
        return room
    changed = [*state.taken]
    changed[taken] = replace(changed[taken], rated=rating)
    reasons = {**room.reasons, taken: words}
    return replace(room, state=replace(state, taken=tuple(changed)), reasons=reasons)
