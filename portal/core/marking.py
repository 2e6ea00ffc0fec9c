"""Marking essays by a rubric: what a mark is, when two markers agree, what counts in the end.

Each criterion gets 0 to its points. Where two trainers mark, neither sees the other's mark before
both are given. They agree when their totals are no further apart than a tenth of the maximum; the
mean of each criterion counts then. Otherwise both marks are shown, and one settles it: a third
trainer by a mark of their own, or one of the two by taking over the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from portal.core.capabilities import Bilingual
from portal.core.questions import Criterion, Essay, Question

TOLERANCE = 0.1  # of the maximum
_SLACK = 1e-9

Stage = Literal["first", "second", "settled", "appeal"]
State = Literal["waiting", "second", "differ", "marked"]


@dataclass(frozen=True, slots=True)
class Given:
    """A mark that a trainer gave, points by criterion."""

    marker_id: int
    stage: Stage
    points: tuple[float, ...]


def criteria(question: Question) -> tuple[Criterion, ...]:
    """What an essay is marked by; where the author gave no rubric, the whole answer."""
    rubric = question.body.rubric if isinstance(question.body, Essay) else ()
    return rubric or (Criterion(question.points or 1.0, Bilingual("整体", "The whole answer")),)


def maximum(question: Question) -> float:
    """The points of all criteria together."""
    return sum(row.points for row in criteria(question))


def are_valid(question: Question, points: Sequence[object]) -> bool:
    """Whether every criterion has its points, in range."""
    rows = criteria(question)
    return len(points) == len(rows) and all(
        isinstance(given, int | float)
        and not isinstance(given, bool)
        and 0 <= given <= row.points + _SLACK
        for given, row in zip(points, rows, strict=True)
    )


def agree(first: Sequence[float], second: Sequence[float], most: float) -> bool:
    """Whether two marks are near enough for their mean to count."""
    return abs(sum(first) - sum(second)) <= TOLERANCE * most + _SLACK


def stage_of(state: State) -> Stage:
    """Which mark an essay in this state waits for."""
    stages: dict[State, Stage] = {
        "waiting": "first",
        "second": "second",
        "differ": "settled",
        "marked": "appeal",
    }
    return stages[state]


def state_after(given: Sequence[Given], *, second: bool, most: float) -> State:
    """Where an essay stands after these marks, the oldest first; ``second``: two are wanted."""
    if not given:
        return "waiting"
    if given[-1].stage in ("settled", "appeal") or not second:
        return "marked"
    if len(given) < 2:
        return "second"
    return "marked" if agree(given[0].points, given[1].points, most) else "differ"


def counting_points(given: Sequence[Given]) -> tuple[float, ...]:
    """What counts, by criterion: the last word where there was one, else the mean."""
    last = given[-1]
    if last.stage in ("settled", "appeal") or len(given) == 1:
        return last.points
    return tuple((a + b) / 2 for a, b in zip(given[0].points, given[1].points, strict=True))


def may_settle(marker_id: int, points: Sequence[float], given: Sequence[Given]) -> bool:
    """Whether this person may settle a difference so: who marked already takes over the other's
    mark, who did not gives their own."""
    own = [one for one in given if one.marker_id == marker_id]
    others = [one.points for one in given if one.marker_id != marker_id]
    return not own or tuple(points) in others
