"""The after-action report of a run: what happened, what was decided, what to do differently.

Its parts are those of HSEEP's after-action report and improvement plan (2020): a timeline,
objectives with ratings, strengths, areas for improvement, and actions for each of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.drill_run import Arrived, Play, RunState, Taken, best_option
from portal.core.drill_scores import (
    ObjectiveScore,
    is_best,
    score_objectives,
    score_of_run,
)
from portal.core.drills import RATINGS, Decision, Drill, Option, Rating, Scene

DUE_CRITICAL = timedelta(days=7)
DUE = timedelta(days=14)
GAPS: frozenset[Rating] = frozenset(("M", "U"))


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision beside the best that could have been chosen. ``is_best``: nothing was better."""

    scene: Scene
    decision: Decision
    taken: Taken
    mine: Option
    best: Option

    @property
    def rating(self) -> Rating:
        return self.taken.rated or self.mine.rating

    @property
    def is_best(self) -> bool:
        return self.mine is self.best or self.mine.rating == self.best.rating

    @property
    def is_changed(self) -> bool:
        """Whether a facilitator rated it otherwise than its option is."""
        return self.taken.rated not in (None, self.mine.rating)

    @property
    def is_gap(self) -> bool:
        return self.rating in GAPS and (self.is_changed or not self.is_best)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline, ``clock`` in scenario minutes: a scene begins, an inject comes,
    a decision is taken, an ending is reached. Exactly one of the four is set."""

    clock: float
    scene: Scene | None = None
    inject: Arrived | None = None
    judged: Judged | None = None
    ending: Scene | None = None


@dataclass(frozen=True, slots=True)
class Improvement:
    """What to work on: an objective, the decisions that showed it, and until when."""

    objective: str
    capability: str
    decisions: tuple[str, ...]
    due_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """``score`` 0..1 is the mean over all decisions; ``gaps`` have the worst first."""

    drill: Drill
    state: RunState
    ending: Scene
    score: float | None
    is_best: bool
    objectives: tuple[ObjectiveScore, ...]
    moments: tuple[Moment, ...]
    strengths: tuple[Judged, ...]
    gaps: tuple[Judged, ...]


def make_report(play: Play, state: RunState) -> Report:
    """The report of a run that is over."""
    drill = play.drill
    judged = [judge(play, taken) for taken in state.taken]
    gaps = sorted(
        (one for one in judged if one.is_gap),
        key=lambda one: (-RATINGS.index(one.rating), not _is_critical(drill, one.decision)),
    )
    return Report(
        drill=drill,
        state=state,
        ending=play.steps.scenes[state.step],
        score=score_of_run(drill, state.taken),
        is_best=is_best(drill, state),
        objectives=score_objectives(drill, state.taken),
        moments=tuple(_moments(play, state, judged)),
        strengths=tuple(one for one in judged if one.rating == "P"),
        gaps=tuple(gaps),
    )


def judge(play: Play, taken: Taken) -> Judged:
    """A decision that was taken, beside the best one in that state."""
    decision = play.steps.decisions[taken.decision_id]
    best = decision.options[best_option(decision, taken.before)]
    scene = play.steps.scenes[decision.id]
    return Judged(scene, decision, taken, decision.options[taken.option], best)


def improvements(report: Report, today: date) -> list[Improvement]:
    """One for every objective with a gap, critical ones first and sooner due."""
    found = []
    for score in report.objectives:
        key = score.objective.key
        shown = [one.decision.id for one in report.gaps if key in one.decision.objectives]
        if shown:
            due = today + (DUE_CRITICAL if score.objective.critical else DUE)
            ids = tuple(dict.fromkeys(shown))
            found.append(Improvement(key, score.objective.capability, ids, due))
    return sorted(found, key=lambda one: one.due_on)


# Private functions


def _is_critical(drill: Drill, decision: Decision) -> bool:
    return any(drill.objective(key).critical for key in decision.objectives)


def _moments(play: Play, state: RunState, judged: Sequence[Judged]) -> Iterator[Moment]:
    place: Scene | None = None
    clock = 0.0
    for one in judged:
        began = play.steps.is_first(one.decision.id)
        if one.scene is not place or began:
            yield Moment(clock, scene=one.scene)
            place = one.scene
        for arrived in one.taken.arrived:
            clock = max(clock, arrived.clock)
            yield Moment(clock, inject=arrived)
        clock = max(clock, one.taken.clock)
        yield Moment(clock, judged=one)
    if state.is_over and state.stopped_at is None:
        yield Moment(max(clock, state.clock), ending=play.steps.scenes[state.step])
