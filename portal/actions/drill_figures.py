"""Drills in figures: for managers by unit, for trainers by branch.

Groups of fewer than ``SMALL`` people who have finished a drill show no ratings, nor do those from
which theirs would follow (``core.suppression``). Names stand only in the list of open improvement
actions, which is there for helping people, as the list of those who need help is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from portal.actions import permission
from portal.actions.drill_plan import Action, action_of
from portal.actions.portal import Portal
from portal.core.drill_json import version_of_decision
from portal.core.drills import Drill
from portal.core.people import Person
from portal.core.suppression import SMALL, groups_below, hidden, is_shown
from portal.store import drill_results, standing, units
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
        children = _children(conn, unit_id, path)
        counts = drill_results.count_actions_below(conn, path, today)
        actions = drill_results.actions_below(conn, path, ACTIONS_SHOWN)
        root = min((one for one in actor.managed_paths if path.startswith(one)), key=len)
        people = _people(conn, root)
        shown = {drill_id for drill_id, staff in people.items() if is_shown(path, root, staff)}
        decisions = [
            decision
            for row in found
            if row["drill_id"] in shown
            for decision in drill_results.decisions_below(conn, path, row["drill_id"])
        ]
    rows = [
        _drill_row(row, catalogue.drills.get(row["drill_id"]), objectives, row["drill_id"] in shown)
        for row in found
    ]
    gaps = [
        gap
        for row in decisions
        if row["gaps"] and (gap := _gap(row, catalogue.drills.get(row["drill_id"]))) is not None
    ]
    gaps.sort(key=lambda gap: (-gap["share"], -gap["taken"], gap["decision"].id))
    everybody = people.get(drill_results.ALL_DRILLS, {})
    kept_back = hidden(groups_below(path, everybody))
    is_open = drill_results.ALL_DRILLS in shown
    return UnitDrills(
        drills=rows,
        children=[_child_row(row, is_open and row["path"] not in kept_back) for row in children],
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


def _people(conn: Connection, root: str) -> dict[str, dict[str, int]]:
    """By drill, how many people of each unit below ``root`` have finished it, by path."""
    found: dict[str, dict[str, int]] = {}
    for row in drill_results.people_by_unit(conn, root):
        found.setdefault(row["drill_id"], {})[row["path"]] = row["people"]
    return found


def _drill_row(row: Row, drill: Drill | None, objectives: list[Row], is_shown: bool) -> Row:
    small = not is_shown
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


def _children(conn: Connection, unit_id: int, path: str) -> list[Row]:
    """The open units directly below, each with the sums of its subtree."""
    found = {
        child["id"]: {**child, "people": 0, "runs": 0, "best": 0, "score_sum": 0.0}
        for child in standing.children(conn, unit_id)
    }
    for row in drill_results.totals_by_unit(conn, path):
        rest = row["path"].removeprefix(path).strip("/")
        child = found.get(int(rest.split("/")[0])) if rest else None
        if child is not None:
            for name in ("people", "runs", "best", "score_sum"):
                child[name] += row[name]
    return list(found.values())


def _child_row(row: Row, is_shown: bool) -> Row:
    small = not is_shown or row["people"] < SMALL
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
