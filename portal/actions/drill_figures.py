"""Drills in figures: for managers by unit, for trainers by branch.

Groups of fewer than ``SMALL`` people who have finished a drill show no ratings, so that a figure
never stands for one person. Names stand only in the list of open improvement actions, which is
there for helping people, as the list of those who need help is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from portal.actions import permission
from portal.actions.drill_plan import Action, action_of
from portal.actions.portal import Portal
from portal.actions.reports import SMALL
from portal.core.drill_json import version_of_decision
from portal.core.drills import Drill
from portal.core.people import Person
from portal.store import drill_results, units
from portal.store.database import Connection, Row

GAPS_SHOWN = 10
ACTIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class UnitDrills:
    """Of a unit's subtree.

    ``drills``: drill (the present one, None when withdrawn), drill_id, people, runs, best, score
    (0..1), small, objectives (objective, p, s, m, u); counts but people are None where small.
    ``children``: id, name, name_en, people, runs, score, best, small. ``gaps``: drill, decision,
    taken, gaps, share (0..1), the largest share first. ``actions``: the soonest due first, as of
    ``today``; ``open`` and ``overdue`` count all of them.
    """

    drills: list[Row]
    children: list[Row]
    gaps: list[Row]
    actions: list[Action]
    today: date
    open: int
    overdue: int


def unit_drills(portal: Portal, actor: Person, unit_id: int) -> UnitDrills:
    """The figures of a unit with everything below it. Raises NotAllowed."""
    catalogue = portal.library.catalogue
    today = portal.now().astimezone(ZoneInfo(portal.settings.tz)).date()
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        unit = units.find_unit(conn, unit_id)
        assert unit is not None  # permission.unit has found it
        path = unit["path"]
        found = drill_results.drills_below(conn, path)
        objectives = drill_results.objectives_below(conn, path)
        decisions = drill_results.decisions_below(conn, path)
        children = drill_results.people_by_child(conn, unit_id)
        counts = drill_results.count_actions_below(conn, path, today)
        actions = drill_results.actions_below(conn, path, ACTIONS_SHOWN)
    shown = {row["drill_id"] for row in found if row["people"] >= SMALL}
    rows = [_drill_row(row, catalogue.drills.get(row["drill_id"]), objectives) for row in found]
    gaps = [
        gap
        for row in decisions
        if row["drill_id"] in shown and row["gaps"]
        if (gap := _gap(row, catalogue.drills.get(row["drill_id"]))) is not None
    ]
    gaps.sort(key=lambda gap: (-gap["share"], -gap["taken"], gap["decision"].id))
    return UnitDrills(
        drills=rows,
        children=[_child_row(row) for row in children],
        gaps=gaps[:GAPS_SHOWN],
        actions=[action_of(row) for row in actions],
        today=today,
        open=counts["open"],
        overdue=counts["overdue"],
    )


def branch_shares(portal: Portal, actor: Person, drill: Drill) -> dict[tuple[str, int], float]:
    """How often each option of the drill, as it is now, was taken: share 0..1 of the decision's
    finished runs, by decision id and position. Decisions that were edited begin anew; those met
    fewer than ``SMALL`` times have no shares. Raises NotAllowed."""
    with permission.read(portal, actor, "see_content_problems") as conn:
        taken = _taken_now(conn, drill)
    totals: dict[str, int] = {}
    for (decision_id, _), count in taken.items():
        totals[decision_id] = totals.get(decision_id, 0) + count
    return {key: count / totals[key[0]] for key, count in taken.items() if totals[key[0]] >= SMALL}


# Private functions


def _taken_now(conn: Connection, drill: Drill) -> dict[tuple[str, int], int]:
    versions = {one.id: version_of_decision(one) for _, one in drill.decisions()}
    return {
        (row["decision_id"], row["option"]): row["taken"]
        for row in drill_results.options_taken(conn, drill.id)
        if versions.get(row["decision_id"]) == row["version"]
    }


def _drill_row(row: Row, drill: Drill | None, objectives: list[Row]) -> Row:
    small = row["people"] < SMALL
    shown: dict[str, Any] = {
        "runs": row["runs"],
        "best": row["best"],
        "score": row["score_sum"] / row["runs"],
        "objectives": [one for one in objectives if one["drill_id"] == row["drill_id"]],
    }
    return {
        "drill": drill,
        "drill_id": row["drill_id"],
        "people": row["people"],
        "small": small,
        **(dict.fromkeys(shown) if small else shown),
    }


def _child_row(row: Row) -> Row:
    small = row["people"] < SMALL
    score = row["score_sum"] / row["runs"] if row["runs"] else None
    return {
        "id": row["id"],
        "name": row["name"],
        "name_en": row["name_en"],
        "people": row["people"],
        "small": small,
        "runs": None if small else row["runs"],
        "best": None if small else row["best"],
        "score": None if small else score,
    }


def _gap(row: Row, drill: Drill | None) -> Row | None:
    """The decision with its share of M and U; None when it is no longer in the drill."""
    if drill is None:
        return None
    for _, decision in drill.decisions():
        if decision.id == row["decision_id"]:
            return {
                "drill": drill,
                "decision": decision,
                "taken": row["taken"],
                "gaps": row["gaps"],
                "share": row["gaps"] / row["taken"],
            }
    return None
