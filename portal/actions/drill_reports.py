"""Reading what runs have come to: after-action reports, one's own runs and improvement actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.actions import permission, tabletop_table
from portal.actions.audit import note
from portal.actions.drill_finish import course_for
from portal.actions.drill_plan import Action, action_of
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.drill_report import Report, improvements, make_report
from portal.core.drills import Drill
from portal.core.people import Person, Target, may
from portal.core.tabletop import Room
from portal.store import drill_results, drill_runs, people, tabletop
from portal.store.database import Connection
from portal.store.drill_runs import Run

RUNS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReportView:
    """``actions``: what the run opened or closed. ``is_mine``: the reader took part. Of a group,
    ``room`` has votes, arguments, comments and the hot wash, ``names`` those who took part or led;
    ``person_name`` is the facilitator's."""

    run: Run
    report: Report
    actions: Sequence[Action]
    person_name: str
    is_mine: bool
    room: Room | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    learn: str = ""  # the course that helps most with what was found wanting; "": none does

    @property
    def ended_at(self) -> datetime:
        """When the run ended."""
        return self.run.ended_at or self.run.started_at


@dataclass(frozen=True, slots=True)
class Offer:
    """A drill as the list shows it: the open run, how often it was finished, the newest finished
    run."""

    drill: Drill
    open_run: int | None
    finished: int
    last: Run | None


@dataclass(frozen=True, slots=True)
class Listing:
    """``runs``: the newest, finished or stopped; ``actions``: open ones, the soonest due first;
    ``titles`` has the drills of runs and actions by id, those withdrawn since included."""

    offers: Sequence[Offer]
    runs: Sequence[Run]
    actions: Sequence[Action]
    titles: Mapping[str, Drill]


def after_action(portal: Portal, actor: Person, run_id: int) -> ReportView:
    """The report of a finished run: for those who took part, and for their managers.

    Raises NotAllowed, and Refused ``error.drill_open`` while the run goes on or was stopped.
    """
    with permission.read(portal, actor, "see_record", _owner_of(actor, run_id)) as conn:
        run = drill_runs.find_run(conn, run_id)
        if run is None:
            raise NotAllowed
        if run.outcome != "finished":
            raise Refused("error.drill_open")
        play, room, names = drill_runs.get_play(conn, run.version), None, {}
        if run.kind == "group":
            _, _, room, _ = tabletop_table.load(portal, conn, run_id)
            names = {row["id"]: row["name"] for row in people.shown(conn, sorted(room.leads))}
            names |= {row["person_id"]: row["name"] for row in tabletop.people_of(conn, run_id)}
        state = room.state if room is not None else None
        if state is None:
            state = play.replay(drill_runs.events(conn, run_id))
        owner = people.find_person(conn, run.person_id)
        report = make_report(play, state)
        return ReportView(
            run=run,
            report=report,
            actions=[action_of(row) for row in drill_results.actions_of_run(conn, run_id)],
            person_name=owner.name if owner is not None else "",
            is_mine=drill_runs.is_participant(conn, run_id, actor.id),
            room=room,
            names=names,
            learn=_course_of(portal, report),
        )


def take_away(portal: Portal, actor: Person, run_id: int) -> ReportView:
    """The report to be made into a file; that it was taken is noted. Raises as ``after_action``."""
    view = after_action(portal, actor, run_id)
    with permission.write(
        portal, actor, "see_record", _owner_of(actor, run_id), bump=False
    ) as conn:
        note(portal, conn, actor, "exported", f"drill-run:{run_id}")
    return view


def my_drills(portal: Portal, actor: Person) -> Listing:
    """The drills on offer, my runs and what I have to improve."""
    catalogue = portal.library.catalogue
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        runs = drill_runs.runs_of(conn, actor.id, None, RUNS_SHOWN)
        actions = [action_of(row) for row in drill_results.open_actions_of(conn, actor.id)]
        titles = dict(catalogue.drills)
        for run in runs:
            if run.drill_id not in titles:  # withdrawn since
                titles[run.drill_id] = drill_runs.get_play(conn, run.version).drill
    offers = [
        _offer(drill, [run for run in runs if run.drill_id == drill.id])
        for _, drill in sorted(catalogue.drills.items())
    ]
    past = [run for run in runs if run.outcome == "finished"]
    return Listing(offers, past, [one for one in actions if one.drill_id in titles], titles)


# Private functions


def _offer(drill: Drill, runs: Sequence[Run]) -> Offer:
    finished = [run for run in runs if run.outcome == "finished"]
    return Offer(
        drill,
        next((run.id for run in runs if run.is_open and run.kind == "solo"), None),
        len(finished),
        finished[0] if finished else None,
    )


def _course_of(portal: Portal, report: Report) -> str:
    """The course that the drill belongs to, for it tells of the same things; without one, a
    course of the capability that was found wanting most."""
    catalogue, wanting = portal.library.catalogue, improvements(report, portal.now().date())
    if not wanting or report.drill.course in catalogue.courses:
        return report.drill.course if wanting else ""
    return course_for(catalogue, report.drill, wanting[0].capability)


def _owner_of(actor: Person, run_id: int) -> permission.FindTarget:
    """Whose record a run is: one's own for everybody who took part."""

    def find(conn: Connection) -> Target | None:
        run = drill_runs.find_run(conn, run_id)
        if run is None:
            return None
        if run.person_id == actor.id or drill_runs.is_participant(conn, run_id, actor.id):
            return Target(person_id=actor.id, unit_path=actor.unit_path)
        if run.kind == "group":  # a record of the unit: for those who may lead its drills
            room = tabletop_table.of_room(run_id)(conn)
            allowed = room is not None and may(actor, "facilitate_drill", room)
            return Target(person_id=actor.id, unit_path=actor.unit_path) if allowed else None
        return people.find_target(conn, run.person_id)

    return find
