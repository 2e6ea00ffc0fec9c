"""Figures of units: the whole, the units below beside each other, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.actions.reports.scope import Scope, last_months
from portal.core.suppression import (
    SMALL,
    branch,
    child_towards,
    groups_below,
    groups_to_guard,
    hidden,
    is_shown,
)
from portal.core.unit_days import MEASURES
from portal.store import person_lists, standing
from portal.store.database import Row
from portal.store.unit_events import EVENTS

_OWN = {"zh": "{}（本级）".format, "en": "{} (itself)".format}

Sums = dict[str, float]


def summary(scope: Scope) -> list[Row]:
    """One row over the whole subtree."""
    total = _empty()
    for path, row in scope.standing.items():
        if path.startswith(scope.path):
            _add(total, row, MEASURES)
    for found in scope.events_by_unit.values():
        _add(total, found, EVENTS)
    row = _figures(total, shown=scope.shown)
    return [{"unit": scope.name_of(scope.unit), "help": _count_help(scope), **row}]


def compared(scope: Scope) -> list[Row]:
    """A row for every unit directly below, with its subtree, and one for those who belong to the
    unit itself; in the units' order."""
    people = groups_below(scope.path, scope.staff)
    out = hidden(groups_to_guard(scope.path, scope.staff, scope.left))
    totals: dict[str, Sums] = {}
    for path, row in scope.standing.items():
        if path.startswith(scope.path):
            _add(totals.setdefault(child_towards(path, scope.path), _empty()), row, MEASURES)
    for path, found in scope.events_by_unit.items():
        _add(totals.setdefault(child_towards(path, scope.path), _empty()), found, EVENTS)

    def row_of(unit_id: int | None, unit: Row) -> Row:
        path = unit["path"]
        there = people.get(path, 0)
        shown = scope.shown and there >= SMALL and path not in out
        return {
            "unit_id": unit_id,
            "unit": scope.name_of(unit) if unit_id else _OWN[scope.locale](scope.name_of(unit)),
            "small": there > 0 and not shown,
            **_figures(totals.get(path, _empty()), shown=shown),
        }

    rows = [
        row_of(unit["id"], unit)
        for unit in standing.children(scope.conn, scope.unit["id"])
        if (unit["closed_at"] or scope.until) >= scope.until or people.get(unit["path"], 0)
    ]
    if rows and people.get(scope.path, 0):
        rows.append(row_of(None, scope.unit))
    return rows


def months(scope: Scope) -> list[Row]:
    """Twelve months until the day: what happened in each, and the standing at its end."""
    keys = last_months(scope.day[:7])
    happened = scope.events_by_month
    at_end, last = _standing_at_ends(scope, keys[0])
    kept_back = _months_to_hide(scope, keys)
    rows = []
    for key in keys:
        last = at_end.get(key, last)
        there = {**_empty(), **last, **happened.get(key, {})}
        shown = scope.shown and last["staff"] >= SMALL and key not in kept_back
        rows.append({"month": key, **_figures(there, shown=shown)})
    return rows


# Private functions


def _count_help(scope: Scope) -> int | None:
    """Known of today only: when somebody was last seen is not kept."""
    if not scope.is_today:
        return None
    return person_lists.count_help(scope.conn, scope.path, scope.day, scope.idle_day)


def _months_to_hide(scope: Scope, months: list[str]) -> set[str]:
    """Months in which the unit's figures would give those of a small group beside it away.

    In a month counts who belonged to a group at its end or, where that is nobody, at its beginning.
    """
    if scope.path == scope.root:
        return set()

    changes: dict[str, dict[str, int]] = {}
    for row in standing.staff_by_month(scope.conn, *_branches(scope), scope.day):
        changes.setdefault(row["period"], {})[row["path"]] = row["staff"]
    left: dict[str, int] = {}
    for unit, people in scope.left.items():
        key = branch(unit, scope.path, scope.root)
        left[key] = left.get(key, 0) + people
    now: dict[str, int] = {}
    found: set[str] = set()
    for month in sorted({*changes, *months}):
        before, now = now, dict(now)
        for key, change in changes.get(month, {}).items():
            now[key] = now.get(key, 0) + change
        there = {key: now[key] or before.get(key, 0) for key in now}
        if not is_shown(scope.path, scope.root, there, left):
            found.add(month)
    return found


def _branches(scope: Scope) -> tuple[list[int], list[int]]:
    """The groups that decide whether the unit is shown, ids of units: itself and those beside it
    and beside the units above, each with all below; and the units above, each alone."""
    way = [int(step) for step in scope.path.strip("/").split("/")]
    above = way[scope.root.count("/") - 2 : -1]
    beside = [child["id"] for unit in above for child in standing.children(scope.conn, unit)]
    return [way[-1], *(unit for unit in beside if unit not in way)], above


def _standing_at_ends(scope: Scope, first: str) -> tuple[dict[str, Sums], Sums]:
    """The standing at the end of each month with a change, and that before the month ``first``."""
    total, before = _empty(), _empty()
    at_end: dict[str, Sums] = {}
    for row in standing.by_month(scope.conn, scope.path, scope.day):
        _add(total, row, MEASURES)
        at_end[row["period"]] = dict(total)
        if row["period"] < first:
            before = dict(total)
    return at_end, before


def _empty() -> Sums:
    return dict.fromkeys((*MEASURES, *EVENTS), 0)


def _add(total: Sums, found: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        total[name] += found[name]


def _figures(total: Sums, *, shown: bool) -> Row:
    figures: dict[str, Any] = {
        "due": total["due"],
        "done": total["done"],
        "overdue": total["due"] - total["done"],
        "completion": _rate(total["done"], total["due"]),
        "on_time": _rate(total["on_time"], total["due"]),
        "course_rate": _rate(total["pairs_done"], total["pairs"]),
        "pass_rate": _rate(total["passed"], total["submitted"]),
        "hours": total["hours"],
        **{name: total[name] for name in ("started", "completed", "submitted", "passed")},
        "expiring": total["expiring"],
    }
    return {"staff": total["staff"], **(figures if shown else dict.fromkeys(figures))}


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None
