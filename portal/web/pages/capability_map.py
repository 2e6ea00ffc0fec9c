"""For managers: what the people of a unit can do, with the uncertainty of it, and what to train."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import capability_map as actions
from portal.actions import reports
from portal.actions.capability_map import Cell, MapView, UnitLine
from portal.actions.errors import Refused
from portal.charts import capability as charts
from portal.core.capabilities import Capability
from portal.web import data, places, render, session
from portal.web.session import t

UNITS_A_PAGE = 30
UNITS_NAMED = 5  # of those that are clearly below


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    try:
        # the scope is part of the key: nobody is given what was worked out for another reach
        unit, view = data.figures(
            ("capability-map", me.managed_paths, unit_id), lambda: _figures(unit_id)
        )
    except Refused as refused:
        st.title(t("nav.capability-map"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(render.escape(t("capability_map.title", unit=_unit_name(unit))))
    _trail(unit)
    if view.total is None or view.at is None:
        st.markdown(t("capability_map.not_yet"))
        return
    st.caption(t("capability_map.read_so", when=session.day_and_time(view.at)))
    capabilities = session.portal().library.catalogue.capabilities.capabilities
    _total(view.total, capabilities)
    _needs(view, capabilities)
    _children(view.children, capabilities)
    _effects(view, capabilities)
    places.link("capability-how", t("nav.capability-how"))


def _figures(unit_id: int | None) -> tuple[Any, MapView]:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, unit_id)
    return unit, actions.unit_map(portal, me, unit.id)


def _unit_name(unit: Any) -> str:
    return str(unit.name_en if session.locale() == "en" and unit.name_en else unit.name)


def _trail(unit: Any) -> None:
    if unit.above:
        with st.container(horizontal=True):
            for upper in unit.above:
                name = render.escape(_unit_name(upper))
                places.link("capability-map", f"{name} ▸", u=str(upper.id))


def _total(line: UnitLine, capabilities: tuple[Capability, ...]) -> None:
    """The unit itself: a band a capability."""
    rows = [
        _row(one.name.in_(session.locale()), one.colour, line.cells.get(one.key))
        for one in capabilities
    ]
    _bands(rows, "total", t("capability_map.total_alt"))
    st.caption(t("capability_map.bands_mean"))
    if st.toggle(t("common.table"), key="table-total"):
        names = [one.name.in_(session.locale()) for one in capabilities]
        cells = [line.cells.get(one.key) for one in capabilities]
        _table(t("capability.capability"), names, cells)


def _bands(rows: list[dict[str, object]], key: str, alt: str) -> None:
    rows = [{"n": n, **row} for n, row in enumerate(rows)]
    spec = data.chart(
        charts.bands, t("capability_map.score"), t("capability_map.needed"), t("capability.band")
    )
    st.vega_lite_chart(data.table(rows), spec, alt=alt, key=f"bands-{key}")


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


def _table(heading: str, names: list[str], cells: list[Cell | None]) -> None:
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
    st.table(pd.DataFrame(columns), hide_index=True)


def _needs(view: MapView, capabilities: tuple[Capability, ...]) -> None:
    st.header(t("capability_map.needs"))
    if not view.needs:
        cells = view.total.cells.values() if view.total else ()
        known = any(cell.score is not None for cell in cells)
        st.caption(t("capability_map.no_needs" if known else "capability_map.needs_unknown"))
        return
    st.caption(t("capability_map.needs_mean"))
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
            shown = separator.join(render.escape(_in_locale(*name)) for name in named)
            key = "need_units" if len(named) == len(need.units) else "need_units_more"
            words += "  \n  " + t(f"capability_map.{key}", units=shown, n=len(need.units))
        if need.courses:
            links = t("common.list_separator").join(
                f"[{render.label(title.in_(session.locale()))}](/course?c={course_id})"
                for course_id, title in need.courses
            )
            words += "  \n  " + t("capability_map.need_courses", courses=links)
        lines.append(f"- {words}")
    st.markdown("\n".join(lines))


def _in_locale(name: str, name_en: str | None) -> str:
    return name_en if session.locale() == "en" and name_en else name


def _children(lines: tuple[UnitLine, ...], capabilities: tuple[Capability, ...]) -> None:
    if not lines or not capabilities:
        return
    st.header(t("capability_map.units"))
    keys = {one.name.in_(session.locale()): one for one in capabilities}
    chosen = st.selectbox(t("capability_map.which"), list(keys), key="map-capability")
    one = keys.get(chosen, capabilities[0])
    first = int(session.recall("map-first", 0))
    shown = lines[first : first + UNITS_A_PAGE] or lines[:UNITS_A_PAGE]
    names = _apart([_in_locale(line.name, line.name_en) for line in shown])
    cells = [line.cells.get(one.key) for line in shown]
    rows = [_row(name, one.colour, cell) for name, cell in zip(names, cells, strict=True)]
    _bands(rows, f"units-{one.key}", t("capability_map.units_alt", n=len(rows)))
    st.caption(t("capability_map.not_ranked"))
    if st.toggle(t("common.table"), key="table-units"):
        _table(t("capability_map.unit"), names, cells)
    with st.container(horizontal=True):
        for name, line in zip(names, shown, strict=True):
            places.link("capability-map", render.escape(name), u=str(line.unit_id))
    if len(lines) > UNITS_A_PAGE and st.button(t("capability_map.more_units", n=len(lines))):
        following = first + UNITS_A_PAGE
        session.remember("map-first", following if following < len(lines) else 0)
        st.rerun()


def _apart(names: list[str]) -> list[str]:
    """Names that no two units share."""
    met: dict[str, int] = {}
    apart = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        apart.append(name if met[name] == 1 else f"{name} ({met[name]})")
    return apart


def _effects(view: MapView, capabilities: tuple[Capability, ...]) -> None:
    st.header(t("capability_map.effects"))
    if not view.effects:
        st.caption(t("capability_map.no_effects"))
        return
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
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.caption(t("capability_map.effects_mean"))


def _triple(values: tuple[float, float, float]) -> str:
    score, low, high = (f"{value:.0f}" for value in values)
    return t("capability_map.triple", score=score, low=low, high=high)
