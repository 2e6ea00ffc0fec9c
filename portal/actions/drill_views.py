"""What a page shows of a run: plain values, read in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.core.capabilities import Bilingual
from portal.core.drill_grammar import Value
from portal.core.drill_report import Judged, judge
from portal.core.drill_run import Arrived, Play, RunState, shuffled
from portal.core.drills import Decision, Drill, Scene
from portal.store.drill_runs import Run


@dataclass(frozen=True, slots=True)
class Gauge:
    """One line of the situation board; ``before`` is its value before the last decision."""

    name: str
    label: Bilingual
    value: Value
    before: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is offered: its place in the author's order, and its words alone."""

    position: int
    text: Bilingual


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as of ``now``. While it is open, neither ratings nor effects of what can be chosen
    are here; ``last`` is the decision before, for drills that comment at once (``blind: none``).
    """

    run: Run
    drill: Drill
    state: RunState
    scene: Scene
    decision: Decision | None
    is_first: bool  # the scene begins with this step
    arrived: tuple[Arrived, ...]
    choices: tuple[Choice, ...]
    board: tuple[Gauge, ...]
    deadline: datetime | None
    next_inject: datetime | None
    now: datetime
    given_back: bool  # an absence was given back to this step
    last: Judged | None = None

    @property
    def seconds_left(self) -> float | None:
        """Until the clock decides; None without a limit."""
        if self.deadline is None:
            return None
        return max((self.deadline - self.now).total_seconds(), 0.0)

    @property
    def last_by_clock(self) -> bool:
        """Whether the step before ended because time was up."""
        return bool(self.state.taken) and self.state.taken[-1].by_clock


def view_of(run: Run, play: Play, state: RunState, now: datetime) -> RunView:
    """The view of ``run``."""
    decision = None if state.is_over else play.steps.decisions[state.step]
    choices = shuffled(decision, state.values, run.seed) if decision is not None else []
    last = state.taken[-1] if state.taken else None
    return RunView(
        run=run,
        drill=play.drill,
        state=state,
        scene=play.steps.scenes[state.step],
        decision=decision,
        is_first=play.steps.is_first(state.step),
        arrived=() if state.is_over else play.arrived(state, now),
        choices=tuple(Choice(at, option.text) for at, option in choices),
        board=board_of(play.drill, state.values, last.before if last is not None else state.values),
        deadline=play.deadline(state),
        next_inject=None if state.is_over else play.next_inject(state, now),
        now=now,
        given_back=bool(state.given_back),
        last=judge(play, last) if last is not None and play.drill.blind == "none" else None,
    )


def board_of(
    drill: Drill, values: Mapping[str, Value], before: Mapping[str, Value]
) -> tuple[Gauge, ...]:
    """The situation board: every declared name in the author's order."""
    return tuple(Gauge(name, drill.label(name), values[name], before[name]) for name in drill.state)
