"""What a report is made over: a unit's subtree at the end of a day, in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from portal.actions import permission
from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.actions.reports.ask import STATES, Ask, checked_day, today
from portal.core.people import Person, Target, may
from portal.core.suppression import SMALL, is_shown
from portal.core.times import iso
from portal.core.unit_days import day_after
from portal.store import standing, units
from portal.store.database import Connection, Row
from portal.store.person_lists import Wanted
from portal.store.unit_events import Span, by_unit, by_unit_and_month

IDLE_DAYS = 14


MONTHS = 12  # that are looked back on


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with the units above it that the person may see too, the uppermost first."""

    id: int
    path: str
    kind: str
    name: str
    name_en: str | None
    above: tuple[UnitView, ...] = ()


class Scope:
    """``path`` is the unit's, ``day`` ISO. Usable inside the block that it came from."""

    def __init__(
        self,
        conn: Connection,
        portal: Portal,
        actor: Person,
        unit: Row,
        ask: Ask,
        *,
        with_months: bool = False,
    ) -> None:
        self.conn = conn
        self.portal = portal
        self.actor = actor
        self.locale = actor.locale
        self.unit = unit
        self.path = str(unit["path"])
        self.ask = ask
        self.day = checked_day(portal, ask.day)
        self.is_today = self.day == today(portal)
        self._with_months = with_months  # are asked for as well: one reading for both

    @cached_property
    def root(self) -> str:
        """The uppermost unit above this one whose figures the person may compare with it."""
        managed = [path for path in self.actor.managed_paths if self.path.startswith(path)]
        return min(managed, key=len) if managed else f"/{self.path.split('/')[1]}/"

    @cached_property
    def standing(self) -> Mapping[str, Row]:
        """The standing of every unit below ``root``, by path."""
        return {row["path"]: row for row in standing.by_unit(self.conn, self.root, self.day)}

    @cached_property
    def staff(self) -> Mapping[str, int]:
        """How many people belong to every unit below ``root``, by path."""
        return {path: row["staff"] for path, row in self.standing.items()}

    @cached_property
    def left(self) -> Mapping[str, int]:
        """How many ever belonged to those units that hold results of few and nobody now."""
        empty = {int(path.split("/")[-2]): path for path, n in self.staff.items() if n <= 0}
        rows = standing.who_left(self.conn, list(empty), self.until, SMALL)
        return {empty[row["unit_id"]]: row["people"] for row in rows}

    @cached_property
    def shown(self) -> bool:
        """Whether figures of the unit may be shown."""
        return is_shown(self.path, self.root, self.staff, self.left)

    @property
    def events_by_unit(self) -> Mapping[str, Mapping[str, float]]:
        """What happened in every unit of the subtree until the end of the day, by path."""
        return self._events[0]

    @property
    def events_by_month(self) -> Mapping[str, Mapping[str, float]]:
        """The same by month, for the last twelve."""
        return self._events[1]

    @cached_property
    def _events(self) -> tuple[Mapping[str, Mapping[str, float]], ...]:
        if not self._with_months:
            return by_unit(self.conn, self.path, self.span()), {}
        return by_unit_and_month(self.conn, self.path, self.span(), last_months(self.day[:7])[0])

    def span(self) -> Span:
        """The events until the end of the day."""
        if self.is_today:
            return Span()
        return Span(self.day[:7], self.begin(f"{self.day[:7]}-01"), self.until)

    @property
    def until(self) -> str:
        """The instant at which the day is over."""
        return self.begin(day_after(self.day))

    @property
    def idle_day(self) -> str:
        """Who was last seen before this day is idle."""
        return day_after(self.day, -IDLE_DAYS)

    def wanted(self) -> Wanted:
        """The people that are asked for."""
        ask = self.ask
        return Wanted(
            self.path,
            self.day,
            self.idle_day,
            self.until,
            self.is_today,
            state=ask.state if ask.state in STATES else "",
            post=ask.post,
            query=ask.query,
        )

    def begin(self, day: str) -> str:
        """The instant at which a day begins where the portal is."""
        zone = ZoneInfo(self.portal.settings.tz)
        return iso(datetime.combine(datetime.fromisoformat(day), time(), zone))

    def name_of(self, row: Row, key: str = "name") -> str:
        """A unit's name in the reader's language."""
        return str(row[f"{key}_en"] if self.locale == "en" and row[f"{key}_en"] else row[key])


def last_months(month: str) -> list[str]:
    """Twelve months, ``month`` ("2026-11") last."""
    year, number = map(int, month.split("-"))
    last = year * 12 + number - 1
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(last - MONTHS + 1, last + 1)]


def find_unit(portal: Portal, actor: Person, unit_id: int | None = None) -> UnitView:
    """The unit asked for, or the uppermost one that the person manages. Raises NotAllowed."""
    unit_id = asked_unit(actor, unit_id)
    with permission.read(portal, actor, "see_unit_results", permission.unit(unit_id)) as conn:
        ids = [int(step) for step in get_unit(conn, unit_id)["path"].strip("/").split("/")]
        line = [_view(get_unit(conn, above)) for above in ids]
    seen = [view for view in line if may(actor, "see_unit_results", Target(unit_path=view.path))]
    last = seen[-1]
    return UnitView(last.id, last.path, last.kind, last.name, last.name_en, tuple(seen[:-1]))


def asked_unit(actor: Person, unit_id: int | None) -> int:
    """``unit_id``, or that of the uppermost unit that the person manages. Raises NotAllowed."""
    if unit_id is not None:
        return unit_id
    managed = [role for role in actor.roles if role.unit_id is not None]
    if not managed:
        raise NotAllowed
    found = min(managed, key=lambda role: (len(role.unit_path or ""), role.unit_id)).unit_id
    assert found is not None
    return found


def get_unit(conn: Connection, unit_id: int) -> Row:
    """The unit's row. Raises NotAllowed when there is none."""
    unit = units.find_unit(conn, unit_id)
    if unit is None:
        raise NotAllowed
    return unit


# Private functions


def _view(row: Row) -> UnitView:
    return UnitView(row["id"], row["path"], row["kind"], row["name"], row["name_en"])
