"""The manager's first view: is my unit on track, where is it not, who needs help.

Every figure is asked for by somebody who may see it, and scoped to one unit's subtree. Groups of
fewer than ``SMALL`` staff show no rates, so that a figure never stands for one person. What is
returned depends on (revision, unit, day) alone, and may be cached by that once allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.actions import permission, settling
from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.actions.syncing import sync_courses
from portal.core.people import Person, Target, may
from portal.store import reports, units, versions
from portal.store.database import Connection, Row
from portal.store.reports import UnitFigures

SMALL = 5  # staff
ENOUGH_ANSWERS = 5
IDLE = timedelta(days=14)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with the units above it that the person may see too, the uppermost first."""

    id: int
    path: str
    kind: str
    name: str
    name_en: str | None
    above: tuple[UnitView, ...] = ()


def find_unit(portal: Portal, actor: Person, unit_id: int | None = None) -> UnitView:
    """The unit asked for, or the uppermost one that the person manages. Raises NotAllowed."""
    if unit_id is None:
        managed = [role for role in actor.roles if role.unit_id is not None]
        if not managed:
            raise NotAllowed
        unit_id = min(managed, key=lambda role: (len(role.unit_path or ""), role.unit_id)).unit_id
        assert unit_id is not None
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        ids = [int(step) for step in _get_unit(conn, unit_id)["path"].strip("/").split("/")]
        line = [_view(_get_unit(conn, above)) for above in ids]
    seen = [view for view in line if may(actor, "see_unit_results", Target(unit_path=view.path))]
    last = seen[-1]
    return UnitView(last.id, last.path, last.kind, last.name, last.name_en, tuple(seen[:-1]))


def unit_overview(portal: Portal, actor: Person, unit_id: int) -> Row:
    """One row over the unit's subtree.

    unit_id, name, name_en, staff, small, completion_rate (0..1: completed of the courses meant for
    today's staff), pass_rate (0..1 of submitted quizzes and exams), hours, completed, submitted,
    passed. Rates, counts and hours are None where the group is small, a rate also where there is
    nothing to divide by.
    """
    sync_courses(portal)
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        unit = _get_unit(conn, unit_id)
        total = UnitFigures()
        for figures in reports.figures_by_unit(conn, unit["path"]).values():
            total.add(figures)
    return _row(unit, total)


def units_compared(portal: Portal, actor: Person, unit_id: int) -> list[Row]:
    """A row like ``unit_overview`` for every child unit with its subtree, in the units' order."""
    sync_courses(portal)
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        unit = _get_unit(conn, unit_id)
        children = reports.children(conn, unit_id)
        totals = {child["id"]: UnitFigures() for child in children}
        for path, figures in reports.figures_by_unit(conn, unit["path"]).items():
            child_id = _step_below(path, unit["path"])
            if child_id in totals:
                totals[child_id].add(figures)
    return [_row(child, totals[child["id"]]) for child in children]


def months(portal: Portal, actor: Person, unit_id: int) -> list[Row]:
    """Twelve rows, the present month last: what happened in the unit's subtree.

    month ("2026-11"), started, completed, submitted, passed, hours, pass_rate, completion_rate.
    The completion rate adds up all completions until the end of the month, over the courses meant
    for today's staff (at most 1: people move away and courses are withdrawn). Values are None
    where the group is small.
    """
    sync_courses(portal)
    keys = _last_months(portal, portal.now())
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        path = _get_unit(conn, unit_id)["path"]
        staff, pairs = reports.staff_and_pairs(conn, path)
        found = {row["month"]: row for row in reports.months(conn, path, keys[0])}
        done = reports.completed_before(conn, path, keys[0])
    rows: list[Row] = []
    for key in keys:
        row = found.get(key, {})
        done += row.get("completed", 0)
        rows.append(_month(key, row, _rate(min(done, pairs), pairs), staff < SMALL))
    return rows


def hardest_questions(portal: Portal, actor: Person, unit_id: int, limit: int = 10) -> list[Row]:
    """Questions that few get right at the first attempt, the hardest first.

    question_id, version, title (in the person's language), course_id, answered (people), facility
    (0..1). Questions with fewer than five answers, and small groups, are left out.
    """
    with permission.read(portal, actor, "see_item_statistics", permission.unit(unit_id)) as conn:
        path = _get_unit(conn, unit_id)["path"]
        if reports.staff_and_pairs(conn, path)[0] < SMALL:
            return []
        rows = reports.hardest(conn, path, at_least=ENOUGH_ANSWERS, limit=limit)
        questions = versions.get_questions(conn, [row["version"] for row in rows])
    return [
        {
            **row,
            "title": questions[row["version"]].title.in_(actor.locale),
            "course_id": questions[row["version"]].course,
        }
        for row in rows
    ]


def people_needing_help(portal: Portal, actor: Person, unit_id: int, limit: int = 20) -> list[Row]:
    """Staff of the subtree who need somebody to talk to them, the most pressing first.

    person_id, name, staff_no, unit_id, unit_name, unit_name_en, reason, count. Reasons in order:
    ``failing`` (a quiz submitted twice or more and never passed; count: tries), ``stuck`` (a
    course begun and not touched for two weeks; count: courses), ``not_started`` (two weeks at the
    post and none of the meant courses begun; count: courses). Each person once. Names are shown
    however small the group is: helping people is what the list is for.
    """
    sync_courses(portal)
    since = portal.now() - IDLE
    found: dict[int, Row] = {}
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        path = _get_unit(conn, unit_id)["path"]
        for reason, people in (
            ("failing", reports.failing),
            ("stuck", partial(reports.stuck, idle_since=since)),
            ("not_started", partial(reports.not_started, idle_since=since)),
        ):
            if len(found) < limit:  # those found before may come again: ask for as many
                for row in people(conn, path, limit=limit):
                    found.setdefault(row["person_id"], {**row, "reason": reason})
    return list(found.values())[:limit]


# Private functions


def _get_unit(conn: Connection, unit_id: int) -> Row:
    unit = units.find_unit(conn, unit_id)
    if unit is None:
        raise NotAllowed
    return unit


def _view(row: Row) -> UnitView:
    return UnitView(row["id"], row["path"], row["kind"], row["name"], row["name_en"])


def _row(unit: Row, figures: UnitFigures) -> Row:
    small = figures.staff < SMALL
    shown: dict[str, Any] = {
        "completion_rate": _rate(figures.completed, figures.pairs),
        "pass_rate": _rate(figures.passed, figures.submitted),
        "hours": figures.hours,
        "completed": figures.completed,
        "submitted": figures.submitted,
        "passed": figures.passed,
    }
    return {
        "unit_id": unit["id"],
        "name": unit["name"],
        "name_en": unit["name_en"],
        "staff": figures.staff,
        "small": small,
        **(dict.fromkeys(shown) if small else shown),
    }


def _month(key: str, row: Row, completion_rate: float | None, small: bool) -> Row:
    counts = {
        name: row.get(name, 0) for name in ("started", "completed", "submitted", "passed", "hours")
    }
    shown: dict[str, Any] = {
        **counts,
        "pass_rate": _rate(counts["passed"], counts["submitted"]),
        "completion_rate": completion_rate,
    }
    return {"month": key, **(dict.fromkeys(shown) if small else shown)}


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _step_below(path: str, above: str) -> int | None:
    """The id of the child of ``above`` on the way down to ``path``; None for ``above`` itself."""
    rest = path.removeprefix(above).strip("/")
    return int(rest.split("/")[0]) if rest else None


def _last_months(portal: Portal, now: datetime) -> list[str]:
    year, month = map(int, settling.month_of(portal, now).split("-"))
    last = year * 12 + month - 1
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(last - MONTHS + 1, last + 1)]
