"""A run of a drill: events in, state out. Nothing but the events decides.

The clock runs on the server, and every moment comes in as an argument. Two clocks are kept apart:

- **real time** limits decisions: a decision is open for ``seconds`` from when its step began;
- **scenario minutes** order the news: while people think, a minute passes in ``pace`` seconds;
  a decision moves the clock on to ``elapsed`` where the drill counts that. It never runs back.

An absence (no sign of anybody for ``GRACE``) is given back to the open step, with ``BEARINGS`` to
find one's place again, as long as a run has not been given back more than ``ALLOWANCE`` in all.
What is beyond that runs on the clock, and may cost the open decision, never the next: a step
begins when the one before it ended on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from portal.core.drill_grammar import Value, changed, holds
from portal.core.drill_walks import Steps, open_options
from portal.core.drills import ELAPSED, RATINGS, Decision, Drill, Inject, Option, Rating

GRACE = timedelta(seconds=20)
BEARINGS = timedelta(seconds=15)
ALLOWANCE = timedelta(minutes=10)
LATENCY = timedelta(seconds=2)  # a choice on its way when time was up still counts


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in the order of ``number`` as it is stored.

    ``choose`` and ``timeout`` name the decision and the position of the option in the author's
    order; ``absence`` how much is given back. Kinds that others add (votes, notes) move nothing.
    """

    kind: str
    at: datetime
    decision: str = ""
    option: int = -1
    given_back: timedelta = timedelta()
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """An inject that has come: when, in real time and in scenario minutes."""

    inject: Inject
    at: datetime
    clock: float


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that was taken, by somebody or by the clock. ``rated`` is how a facilitator rated
    it, None: as its option is."""

    decision_id: str
    option: int
    by_clock: bool
    began_at: datetime
    at: datetime
    clock: float  # scenario minutes when it was taken
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    arrived: tuple[Arrived, ...] = ()
    person_id: int | None = None
    rated: Rating | None = None


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a run stands. ``step`` is the id of the open decision, or of the ending reached."""

    step: str
    values: Mapping[str, Value]
    began_at: datetime
    clock: float  # scenario minutes when the step began
    given_back: timedelta = timedelta()  # to this step
    given_in_all: timedelta = timedelta()
    taken: tuple[Taken, ...] = ()
    stopped_at: datetime | None = None
    is_over: bool = False
    last_at: datetime = field(default=datetime.min)


FaultReason = Literal["over", "moved_on", "not_open", "late", "paused", "not_yours", "no_votes"]
_SAID: Mapping[FaultReason, str] = {
    "over": "error.drill_over",
    "moved_on": "error.drill_moved_on",
    "not_open": "error.drill_not_open",
    "late": "error.drill_late",
    # in a room
    "paused": "error.tabletop_paused",
    "not_yours": "error.tabletop_not_yours",
    "no_votes": "error.tabletop_no_votes",
}


class Fault(Exception):
    """A choice that does not count, and why; ``key`` are the words in which a person is told."""

    def __init__(self, reason: FaultReason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def key(self) -> str:
        return _SAID[self.reason]


class Play:
    """The rules of one drill, ready to be asked often. Immutable; shared between threads."""

    def __init__(self, drill: Drill) -> None:
        self.drill = drill
        self.steps = Steps(drill)

    def replay(self, events: Iterable[Event]) -> RunState:
        """The state after ``events``, of which one is ``begin``. Raises ValueError without one.

        An event that does not fit the state (a second choice of one decision) moves nothing, nor
        does what comes before the beginning (a group that gathers).
        """
        state: RunState | None = None
        for event in events:
            if state is not None:
                state = self.after(state, event)
            elif event.kind == "begin":
                state = self.begun(event.at)
        if state is None:
            raise ValueError("a run without a beginning")
        return state

    def begun(self, at: datetime) -> RunState:
        """The state of a run that begins ``at``."""
        return RunState(
            step=self.steps.start,
            values=dict(self.drill.state),
            began_at=at,
            clock=_elapsed(self.drill.state),
            is_over=self.steps.start not in self.steps.decisions,
            last_at=at,
        )

    def after(self, state: RunState, event: Event) -> RunState:
        """The state after one more event."""
        last_at = max(state.last_at, event.at)
        if state.is_over:
            return replace(state, last_at=last_at)
        match event.kind:
            case "stop":
                return replace(state, stopped_at=event.at, is_over=True, last_at=last_at)
            case "absence" | "resume":
                return replace(
                    state,
                    last_at=last_at,
                    given_back=state.given_back + event.given_back,
                    given_in_all=state.given_in_all + event.given_back,
                )
            case "choose" | "timeout":
                decision = self.steps.decisions.get(event.decision)
                fits = event.decision == state.step and decision is not None
                if fits and decision is not None and 0 <= event.option < len(decision.options):
                    return self._taken(state, decision, event)
        return replace(state, last_at=last_at)

    def arrived(self, state: RunState, now: datetime) -> tuple[Arrived, ...]:
        """The injects of the open step that have come by ``now``, in order of their coming."""
        clock = self.clock(state, now)
        return tuple(one for one in self.due(state) if one.clock <= clock + 1e-9)

    def next_inject(self, state: RunState, now: datetime) -> datetime | None:
        """When the next inject comes; None when there is none to come."""
        clock = self.clock(state, now)
        return min((one.at for one in self.due(state) if one.clock > clock + 1e-9), default=None)

    def clock(self, state: RunState, now: datetime) -> float:
        """Scenario minutes at ``now``."""
        if state.is_over:
            return state.clock
        thought = (now - state.began_at - state.given_back).total_seconds()
        return state.clock + max(thought, 0.0) / self.drill.pace

    def deadline(self, state: RunState) -> datetime | None:
        """When the open decision is taken by the clock; None where it has no limit."""
        decision = self.steps.decisions.get(state.step)
        if state.is_over or decision is None or not decision.seconds:
            return None
        return state.began_at + timedelta(seconds=decision.seconds) + state.given_back

    def absence(self, state: RunState, seen_at: datetime, now: datetime) -> Event | None:
        """The event that gives an absence back; None when nobody was away or nothing is left."""
        gap = now - max(seen_at, state.began_at, state.last_at)
        left = ALLOWANCE - state.given_in_all
        if state.is_over or gap <= GRACE or left <= timedelta():
            return None
        return Event("absence", max(now, state.last_at), given_back=min(gap + BEARINGS, left))

    def timeout(self, state: RunState, now: datetime) -> Event | None:
        """The event of a decision whose time is up; None while it is not."""
        deadline = self.deadline(state)
        if deadline is None or now < deadline + LATENCY:
            return None
        decision = self.steps.decisions[state.step]
        option = option_at_timeout(decision, state.values)
        return Event("timeout", max(now, state.last_at), decision.id, option)

    def choice(
        self, state: RunState, decision_id: str, option: int, now: datetime, person_id: int | None
    ) -> Event:
        """The event of a choice made ``now``. Raises ``Fault``."""
        if state.is_over:
            raise Fault("over")
        if decision_id != state.step:
            raise Fault("moved_on")
        decision = self.steps.decisions[state.step]
        if option not in {at for at, _ in open_options(decision, state.values)}:
            raise Fault("not_open")
        deadline = self.deadline(state)
        if deadline is not None and now >= deadline + LATENCY:
            raise Fault("late")
        at = max(now, state.last_at)
        return Event("choose", at, decision_id, option, person_id=person_id)

    def due(self, state: RunState) -> Sequence[Arrived]:
        """Every inject of the open step whose condition holds, with when it is due."""
        found = []
        for inject in self.steps.injects(state.step):
            if inject.condition is not None and not holds(inject.condition, state.values):
                continue
            minutes = inject.minutes
            due = state.clock + minutes if inject.is_relative else max(state.clock, minutes)
            wait = timedelta(seconds=(due - state.clock) * self.drill.pace)
            given = state.given_back if wait else timedelta()
            found.append(Arrived(inject, state.began_at + wait + given, due))
        return sorted(found, key=lambda one: one.clock)

    # Private methods

    def _taken(self, state: RunState, decision: Decision, event: Event) -> RunState:
        at = max(event.at, state.began_at)
        clock = self.clock(state, at)
        option = decision.options[event.option]
        after = changed(state.values, option.effects)
        taken = Taken(
            decision.id,
            event.option,
            event.kind == "timeout",
            state.began_at,
            at,
            clock,
            state.values,
            after,
            self.arrived(state, at),
            event.person_id,
        )
        step = self.steps.entry(option.target)
        return RunState(
            step=step,
            values=after,
            began_at=at,
            clock=max(clock, _elapsed(after)),
            given_in_all=state.given_in_all,
            taken=(*state.taken, taken),
            is_over=step not in self.steps.decisions,
            last_at=max(state.last_at, event.at),
        )


def option_at_timeout(decision: Decision, values: Mapping[str, Value]) -> int:
    """What is taken when time is up: the author's choice where it can be chosen, else the worst
    that can, the last of equals."""
    available = dict(open_options(decision, values))
    if decision.timeout is not None and decision.timeout in available:
        return decision.timeout
    return max(available, key=lambda at: (RATINGS.index(available[at].rating), at))


def best_option(decision: Decision, values: Mapping[str, Value]) -> int:
    """The best that could be chosen, the first of equals."""
    available = dict(open_options(decision, values))
    return min(available, key=lambda at: (RATINGS.index(available[at].rating), at))


def shuffled(
    decision: Decision, values: Mapping[str, Value], seed: int
) -> list[tuple[int, Option]]:
    """The options that can be chosen, with their positions, in this run's order."""
    return sorted(
        open_options(decision, values),
        key=lambda one: sha256(f"{seed}/{decision.id}/{one[0]}".encode()).digest(),
    )


# Private functions


def _elapsed(values: Mapping[str, Value]) -> float:
    return max(float(values.get(ELAPSED, 0.0)), 0.0)
