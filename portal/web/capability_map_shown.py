"""What the page of the capability map says, made once for each change of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from portal.actions.capability_map import Cell, MapView, UnitLine
from portal.actions.reports import UnitView
from portal.charts import capability as charts
from portal.core.capabilities import Capability
from portal.web import data, render, session, unit_way
from portal.web.session import t

UNITS_NAMED = 5  # of those that are clearly below
Drawing = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bands:
    """A band a row: its chart, and the table twin."""

    drawing: Drawing
    cells: pa.Table


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says, but for the units below. ``total`` None: before the first round."""

    unit: UnitView
    view: MapView
    head: str
    total: Bands | None = None
    needs: str = ""
    effects: str = ""


def prepare(unit: UnitView, view: MapView) -> Shown:
    """The map of a unit in the reader's language."""
    title = f"# {t('capability_map.title', unit=render.escape(unit_way.name(unit)))}"
    if view.total is None or view.at is None:
        return Shown(unit, view, title)
    capabilities = session.portal().library.catalogue.capabilities.capabilities
    when = session.day_and_time(view.at)
    return Shown(
        unit,
        view,
        f"{title}\n\n{small('capability_map.read_so', when=when)}",
        _total(view.total, capabilities),
        f"{small('capability_map.bands_mean')}\n\n{_needs(view, capabilities)}",
        _effects(view, capabilities),
    )


def of_units(lines: Sequence[UnitLine], one: Capability) -> Bands:
    """Units below in one capability."""
    names = _apart([unit_way.in_locale(line.name, line.name_en) for line in lines])
    cells = [line.cells.get(one.key) for line in lines]
    rows = [_row(name, one.colour, cell) for name, cell in zip(names, cells, strict=True)]
    return _bands(rows, t("capability_map.unit"), names, cells)


def small(key: str, **args: object) -> str:
    """A note, as Markdown: with what it stands beside, it is one element of the page."""
    return f":small[{t(key, **args)}]"


# Private functions


def _total(line: UnitLine, capabilities: Sequence[Capability]) -> Bands:
    """The unit itself: a band a capability."""
    names = [one.name.in_(session.locale()) for one in capabilities]
    cells = [line.cells.get(one.key) for one in capabilities]
    rows = [
        _row(name, one.colour, cell)
        for name, one, cell in zip(names, capabilities, cells, strict=True)
    ]
    return _bands(rows, t("capability.capability"), names, cells)


def _bands(
    rows: list[dict[str, object]], heading: str, names: list[str], cells: list[Cell | None]
) -> Bands:
    titles = ("capability_map.score", "capability_map.needed", "capability.band")
    spec = data.chart(charts.bands, *(t(title) for title in titles))
    numbered = [{"n": n, **row} for n, row in enumerate(rows)]
    return Bands(data.drawing(spec, data.table(numbered)), _table(heading, names, cells))


def _row(name: str, colour: str, cell: Cell | None) -> dict[str, object]:
    known = cell is not None and cell.score is not None
    counted = f"\n{cell.measured}/{cell.members}" if cell is not None and known else ""
    return {
        "name": name + counted,
        "colour": charts.tint(colour),
        "score": cell.score if cell else None,
        "low": cell.low if cell else None,
        "high": cell.high if cell else None,
        "need": cell.needed if cell else None,
        "words": _measured(cell),
        "unknown": "" if known else _measured(cell),
    }


def _measured(cell: Cell | None) -> str:
    if cell is None:
        return t("capability_map.nobody")
    if cell.measured is None:
        return t("capability_map.hidden")
    if cell.measured == 0:
        return t("capability_map.none_measured", members=cell.members)
    measured = t("capability_map.measured", n=cell.measured, members=cell.members)
    return f"{cell.low:.0f}–{cell.high:.0f} · {measured}"


def _table(heading: str, names: list[str], cells: list[Cell | None]) -> pa.Table:
    columns = {
        heading: [render.escape(name) for name in names],
        t("capability_map.score"): [
            f"{cell.score:.0f}" if cell and cell.score is not None else "—" for cell in cells
        ],
        t("capability_map.band_and_measured"): [_measured(cell) for cell in cells],
        t("capability_map.needed"): [
            f"{cell.needed:.0f}" if cell and cell.needed is not None else "—" for cell in cells
        ],
        t("capability_map.standing"): [
            t(f"capability_map.standing_{cell.standing if cell else 'unknown'}") for cell in cells
        ],
    }
    return pa.table(columns)


def _needs(view: MapView, capabilities: Sequence[Capability]) -> str:
    heading = f"## {t('capability_map.needs')}"
    if not view.needs:
        cells = view.total.cells.values() if view.total else ()
        known = any(cell.score is not None for cell in cells)
        none = small(f"capability_map.{'no_needs' if known else 'needs_unknown'}")
        return f"{heading}\n\n{none}"
    names = {one.key: one.name.in_(session.locale()) for one in capabilities}
    lines = []
    for need in view.needs:
        words = t(
            "capability_map.need_surely" if need.surely else "capability_map.need",
            capability=render.escape(names.get(need.capability, need.capability)),
            n=f"{need.below:.0f}",
            members=need.members,
        )
        if need.units:
            separator = t("common.list_separator")
            named = need.units[:UNITS_NAMED]
            shown = separator.join(render.escape(unit_way.in_locale(*name)) for name in named)
            key = "need_units" if len(named) == len(need.units) else "need_units_more"
            words += "  \n  " + t(f"capability_map.{key}", units=shown, n=len(need.units))
        if need.courses:
            links = t("common.list_separator").join(
                f"[{render.label(title.in_(session.locale()))}](/course?c={course_id})"
                for course_id, title in need.courses
            )
            words += "  \n  " + t("capability_map.need_courses", courses=links)
        lines.append(f"- {words}")
    return "\n\n".join((heading, small("capability_map.needs_mean"), "\n".join(lines)))


def _effects(view: MapView, capabilities: Sequence[Capability]) -> str:
    heading = f"## {t('capability_map.effects')}"
    if not view.effects:
        return f"{heading}\n\n{small('capability_map.no_effects')}"
    names = {one.key: one.name.in_(session.locale()) for one in capabilities}
    lines = [
        t(
            "capability_map.effect",
            course=render.label(effect.title.in_(session.locale())),
            capability=render.escape(names.get(effect.capability, effect.capability)),
            people=effect.people,
            before=_triple(effect.before),
            after=_triple(effect.after),
            change=t("capability_map.moved" if effect.moved else "capability_map.not_apart"),
        )
        for effect in view.effects
    ]
    listed = "\n".join(f"- {line}" for line in lines)
    return "\n\n".join((heading, listed, small("capability_map.effects_mean")))


def _apart(names: list[str]) -> list[str]:
    """Names that no two units share."""
    met: dict[str, int] = {}
    apart = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        apart.append(name if met[name] == 1 else f"{name} ({met[name]})")
    return apart


def _triple(values: tuple[float, float, float]) -> str:
    score, low, high = (f"{value:.0f}" for value in values)
    return t("capability_map.triple", score=score, low=low, high=high)
