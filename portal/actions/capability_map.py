"""The capability map of a unit: what its people can do, how sure that is, and what to train.

Figures are those of the last round (``capability_rounds``). Whose figures would stand for fewer
than five measured people, or would follow from the others, is left out for this reader; nobody is
ranked, and "below" or "above" is said only where a whole 80 % band lies on one side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from portal.actions import permission
from portal.actions.capability_rounds import as_of
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.capability import CAPABILITIES
from portal.core.capability_scale import Z80, overlap
from portal.core.people import Person
from portal.core.suppression import SMALL, groups_below, hidden, is_shown
from portal.store import capability_map, units
from portal.store.database import Connection, Row

MAX_COURSES = 3  # named for one need


@dataclass(frozen=True, slots=True)
class Cell:
    """One capability of one unit; without numbers (``score`` None) where too few are measured."""

    members: int
    measured: int | None  # None where it is hidden as well
    score: float | None = None
    low: float | None = None
    high: float | None = None
    needed: float | None = None  # mean of what members' posts need, 0..100
    below: float | None = None  # members who are expected to be below what they need

    @property
    def standing(self) -> str:
        """``unknown``, ``above``, ``near`` or ``below`` what is needed, by the whole band."""
        if self.low is None or self.high is None or self.needed is None:
            return "unknown"
        if self.low >= self.needed:
            return "above"
        return "below" if self.high < self.needed else "near"


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with its six cells, by capability key."""

    unit_id: int
    name: str
    name_en: str | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Effect:
    """A course's capability in those who completed it, before its first answer and at its end."""

    course_id: str
    title: Bilingual
    capability: str
    people: int
    before: tuple[float, float, float]  # score, low, high
    after: tuple[float, float, float]

    @property
    def moved(self) -> bool:
        """Whether the bands lie apart: only then is a change claimed."""
        return not overlap(self.before[1:], self.after[1:])


@dataclass(frozen=True, slots=True)
class Need:
    """What to train: so many of the unit are expected to be below what their posts need."""

    capability: str
    below: float
    members: int
    surely: bool  # the unit's whole band lies below the need
    units: tuple[tuple[str, str | None], ...]  # names of child units whose whole band does
    courses: tuple[tuple[str, Bilingual], ...]  # id and title


@dataclass(frozen=True, slots=True)
class MapView:
    """``total`` is the unit itself; None before the first round. ``children`` in their order."""

    at: datetime | None
    total: UnitLine | None
    children: tuple[UnitLine, ...]
    effects: tuple[Effect, ...]
    needs: tuple[Need, ...]


def unit_map(portal: Portal, actor: Person, unit_id: int) -> MapView:
    """The map of a unit that the person manages. Raises NotAllowed."""
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        unit = units.find_unit(conn, unit_id)
        assert unit is not None  # the permission was asked for an existing unit
        root = _root(actor, unit["path"])
        counts = _counts(conn, root)
        lines = _lines(capability_map.figures(conn, unit_id), unit["path"], root, counts)
        effects = _effects(portal, conn, unit, root)
        at = as_of(conn)
    total = lines.pop(unit_id, None)
    children = tuple(lines.values())
    return MapView(at, total, children, effects, _needs(portal, total, children))


# Private functions


def _root(actor: Person, path: str) -> str:
    """The uppermost unit above ``path`` that the person manages: hiding is judged from there."""
    return min((one for one in actor.managed_paths if path.startswith(one)), key=len)


def _counts(conn: Connection, root: str) -> dict[str, dict[str, int]]:
    """Measured staff of each unit itself, by capability and path."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in capability_map.counts(conn, root):
        counts[row["capability"]][row["path"]] = row["own_measured"]
    return counts


def _lines(
    rows: Sequence[Row], path: str, root: str, counts: Mapping[str, Mapping[str, int]]
) -> dict[int, UnitLine]:
    """A line for the unit at ``path`` and each one below it, by id."""
    shown = {key: is_shown(path, root, counts.get(key, {})) for key in CAPABILITIES}
    secret = {key: hidden(groups_below(path, counts.get(key, {}))) for key in CAPABILITIES}
    cells: dict[int, dict[str, Cell]] = defaultdict(dict)
    units_by_id: dict[int, Row] = {}
    for row in rows:
        key = row["capability"]
        may = shown[key] and (row["path"] == path or row["path"] not in secret[key])
        cells[row["unit_id"]][key] = _cell(row, may=may)
        units_by_id[row["unit_id"]] = row
    return {
        unit_id: UnitLine(unit_id, row["name"], row["name_en"], cells[unit_id])
        for unit_id, row in units_by_id.items()
    }


def _cell(row: Row, *, may: bool) -> Cell:
    if row["measured"] == 0 and row["members"] >= SMALL:
        return Cell(row["members"], 0)
    if not may or row["measured"] == 0:
        return Cell(row["members"], None)
    half = Z80 * sqrt(row["variance"])
    return Cell(
        row["members"],
        row["measured"],
        row["score"],
        max(0.0, row["score"] - half),
        min(100.0, row["score"] + half),
        row["needed"],
        row["below"],
    )


def _effects(portal: Portal, conn: Connection, unit: Row, root: str) -> tuple[Effect, ...]:
    courses = portal.library.catalogue.courses
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in capability_map.effect_counts(conn, root):
        counts[row["course_id"]][row["path"]] = row["own_people"]
    return tuple(
        Effect(
            row["course_id"],
            courses[row["course_id"]].title,
            courses[row["course_id"]].capability,
            row["people"],
            _with_band(row["before"], row["before_variance"]),
            _with_band(row["after"], row["after_variance"]),
        )
        for row in capability_map.effects(conn, unit["id"])
        if row["course_id"] in courses and is_shown(unit["path"], root, counts[row["course_id"]])
    )


def _with_band(score: float, variance: float) -> tuple[float, float, float]:
    half = Z80 * sqrt(variance)
    return score, max(0.0, score - half), min(100.0, score + half)


def _needs(
    portal: Portal, total: UnitLine | None, children: Sequence[UnitLine]
) -> tuple[Need, ...]:
    """Capabilities in which people are expected to be below their need, the most people first."""
    if total is None:
        return ()
    found = []
    for key, cell in total.cells.items():
        if cell.below is None or cell.needed is None or cell.below < 0.5:
            continue
        courses = [
            (course.id, course.title)
            for course in sorted(
                portal.library.catalogue.courses.values(), key=lambda one: (one.level, one.id)
            )
            if course.capability == key
        ]
        low = tuple(
            (line.name, line.name_en)
            for line in children
            if key in line.cells and line.cells[key].standing == "below"
        )
        found.append(
            Need(
                key,
                cell.below,
                cell.members,
                cell.standing == "below",
                low,
                tuple(courses[:MAX_COURSES]),
            )
        )
    return tuple(sorted(found, key=lambda need: (-need.below, CAPABILITIES.index(need.capability))))
