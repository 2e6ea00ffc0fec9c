"""What follows when a drill has come to its end, in the transaction of its last decision.

Ratings, the summaries of the unit, evidence of capability, improvement actions: all of them, or
none. What is counted for one person who played alone is counted for each who took part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.actions import evidence, obligations, settling
from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.core.catalogue import Catalogue
from portal.core.drill_json import version_of_decision
from portal.core.drill_report import Report, improvements, make_report
from portal.core.drill_run import Play, RunState
from portal.core.drill_scores import is_passed, rating_of_taken
from portal.core.drills import RATINGS, Drill, Rating
from portal.store import drill_results, drill_runs
from portal.store.database import Connection
from portal.store.drill_runs import Run


@dataclass(frozen=True, slots=True)
class Participant:
    """Who took part, and the unit at the time. ``proofs``: (number of the decision on the run,
    rating) of what proves something of this person; None: every decision, as it is rated."""

    person_id: int
    unit_id: int | None
    proofs: Sequence[tuple[int, Rating]] | None = None


def finish(
    conn: Connection,
    portal: Portal,
    run: Run,
    play: Play,
    state: RunState,
    participants: Sequence[Participant],
    *,
    weight: float = 1.0,
    closed_at: datetime | None = None,
) -> None:
    """Close a run whose state is over and note everything that follows from it.

    ``weight``: of a decision as evidence. Of a group, the caller keeps the improvement plan, for
    it is one for all; ``closed_at`` is when its facilitator closed it.
    """
    at = closed_at or state.last_at
    if state.stopped_at is not None:
        drill_runs.end(conn, run.id, at=at, outcome="stopped")
        return
    report = make_report(play, state)
    drill_runs.end(
        conn,
        run.id,
        at=at,
        outcome="finished",
        ending=report.ending.id,
        passed=is_passed(report.objectives),
        best=report.is_best,
        score=report.score,
    )
    _count(conn, run, report, participants, at)
    for one in participants:
        _rate(conn, run, report, one, at)
        if run.kind == "solo":
            _plan(conn, portal, run, report, one, at)
        evidence.drill_finished(
            conn,
            portal,
            one.person_id,
            run.id,
            _decisions(play.drill, state, one),
            at,
            drill_id=run.drill_id,
            course_id=run.course_id,
            weight=weight,
        )
        obligations.passed(conn, portal, one.person_id, Item("drill", run.drill_id))
        for course in portal.library.catalogue.courses.values():
            if run.drill_id in course.pass_quizzes and is_passed(report.objectives):
                settling.complete_course_if_due(conn, portal, one.person_id, course, at)


def course_for(catalogue: Catalogue, drill: Drill, capability: str) -> str:
    """The course to learn from: the drill's own where it teaches the capability, else the easiest
    of the capability; "" when there is none."""
    own = catalogue.courses.get(drill.course)
    if own is not None and own.capability == capability:
        return own.id
    fitting = [one for one in catalogue.courses.values() if one.capability == capability]
    return min(fitting, key=lambda one: (one.level, one.id)).id if fitting else ""


# Private functions


def _count(
    conn: Connection,
    run: Run,
    report: Report,
    participants: Sequence[Participant],
    at: datetime,
) -> None:
    """The unit's summaries: a run counts once, where it was begun."""
    if run.unit_id is None:
        return
    drill_results.count_run(
        conn,
        unit_id=run.unit_id,
        drill_id=run.drill_id,
        person_ids=[one.person_id for one in participants if one.unit_id is not None],
        best=report.is_best,
        score=report.score or 0.0,
        at=at,
    )
    keys = {"unit_id": run.unit_id, "drill_id": run.drill_id}
    drill_results.count_objectives(
        conn,
        [
            {
                **keys,
                "objective": one.objective.key,
                **{rating.lower(): int(one.rating == rating) for rating in RATINGS},
            }
            for one in report.objectives
            if one.rating is not None
        ],
    )
    drill_results.count_options(
        conn,
        [
            {
                **keys,
                "decision_id": taken.decision_id,
                "version": version_of_decision(report.drill.decision(taken.decision_id)),
                "option": taken.option,
                "rating": rating_of_taken(report.drill, taken),
                "by_clock": int(taken.by_clock),
            }
            for taken in report.state.taken
        ],
    )


def _rate(conn: Connection, run: Run, report: Report, who: Participant, at: datetime) -> None:
    """Ratings by objective; a P or S closes what an earlier run left open."""
    drill_results.add_ratings(
        conn,
        [
            {
                "run_id": run.id,
                "person_id": who.person_id,
                "objective": one.objective.key,
                "capability": one.objective.capability,
                "critical": int(one.objective.critical),
                "score": one.score,
                "rating": one.rating,
            }
            for one in report.objectives
            if one.rating is not None
        ],
    )
    for one in report.objectives:
        if one.rating in ("P", "S") and run.kind == "solo":
            drill_results.close_actions(
                conn,
                person_id=who.person_id,
                drill_id=run.drill_id,
                objective=one.objective.key,
                run_id=run.id,
                at=at,
            )


def _plan(
    conn: Connection,
    portal: Portal,
    run: Run,
    report: Report,
    who: Participant,
    at: datetime,
) -> None:
    """An action for every objective with a gap, unless one is open already."""
    for one in improvements(report, _day(portal, at)):
        passed = next(
            score.rating in ("P", "S")
            for score in report.objectives
            if score.objective.key == one.objective
        )
        known = drill_results.open_action_for(conn, who.person_id, run.drill_id, one.objective)
        if passed or known is not None:
            continue
        drill_results.add_action(
            conn,
            run_id=run.id,
            drill_id=run.drill_id,
            objective=one.objective,
            capability=one.capability,
            decisions=one.decisions,
            person_id=who.person_id,
            unit_id=who.unit_id,
            course_id=course_for(portal.library.catalogue, report.drill, one.capability),
            due_on=one.due_on,
            at=at,
        )


def _decisions(drill: Drill, state: RunState, who: Participant) -> list[evidence.Decision]:
    """Evidence: a decision counts once for each capability that its objectives ask for."""
    proofs = who.proofs
    if proofs is None:
        proofs = [(at, rating_of_taken(drill, taken)) for at, taken in enumerate(state.taken)]
    found: list[evidence.Decision] = []
    for at, rating in proofs:
        decision = drill.decision(state.taken[at].decision_id)
        name, version = f"{drill.id}#{decision.id}", version_of_decision(decision)
        among = dict.fromkeys(drill.objective(key).capability for key in decision.objectives)
        found += [(name, version, capability, rating) for capability in among if capability]
    return found


def _day(portal: Portal, at: datetime) -> date:
    return at.astimezone(ZoneInfo(portal.settings.tz)).date()
