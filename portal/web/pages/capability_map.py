"""For managers: what the people of a unit can do, with the uncertainty of it, and what to train.

Words that stand together are one element: each costs every look at the page.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.actions import capability_map as actions
from portal.actions import reports
from portal.actions.capability_map import UnitLine
from portal.actions.errors import Refused
from portal.web import data, places, session, unit_way
from portal.web.capability_map_shown import Bands, Shown, of_units, prepare, small
from portal.web.session import t

UNITS_A_PAGE = 30


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    fingerprint = session.portal().library.catalogue.fingerprint
    # the scope is part of the key: nobody is given what was worked out for another reach
    key = ("capability-map", me.managed_paths, me.locale, fingerprint, unit_id)
    try:
        shown = data.figures(key, lambda: _shown(unit_id))
    except Refused as refused:
        st.title(t("nav.capability-map"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.markdown(shown.head)
    unit_way.up("capability-map", shown.unit)
    if shown.total is None:
        st.markdown(t("capability_map.not_yet"))
        return
    st.vega_lite_chart(
        spec=shown.total.drawing, alt=t("capability_map.total_alt"), key="bands-total"
    )
    as_tables = st.toggle(t("common.table"), key="table-total")
    if as_tables:
        st.table(shown.total.cells, hide_index=True)
    st.markdown(shown.needs + _heading(shown.view.children))
    if shown.view.children:
        _children(shown.view.children, key, as_tables)
    how = f"[{t('nav.capability-how')}]({places.address('capability-how')})"
    st.markdown(f"{shown.effects}\n\n{how}")


def _shown(unit_id: int | None) -> Shown:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, unit_id)
    return prepare(unit, actions.unit_map(portal, me, unit.id))


def _heading(lines: Sequence[UnitLine]) -> str:
    """What stands above the units below, to go on with the words before."""
    if not lines:
        return ""
    return f"\n\n## {t('capability_map.units')}\n\n{small('capability_map.not_ranked')}"


def _children(lines: Sequence[UnitLine], key: tuple[object, ...], as_tables: bool) -> None:
    capabilities = session.portal().library.catalogue.capabilities.capabilities
    if not capabilities:
        return
    keys = {one.name.in_(session.locale()): one for one in capabilities}
    chosen = st.selectbox(t("capability_map.which"), list(keys), key="map-capability")
    one = keys.get(chosen, capabilities[0])
    first = int(session.recall("map-first", 0))
    shown = lines[first : first + UNITS_A_PAGE] or lines[:UNITS_A_PAGE]
    made: Bands = data.figures((*key, one.key, first), lambda: of_units(shown, one))
    alt = t("capability_map.units_alt", n=len(shown))
    st.vega_lite_chart(spec=made.drawing, alt=alt, key=f"bands-units-{one.key}")
    if as_tables:
        st.table(made.cells, hide_index=True)
    names = {line.unit_id: unit_way.in_locale(line.name, line.name_en) for line in lines}
    label, placeholder = t("capability_map.units"), t("capability_map.open_unit")
    unit_way.down("capability-map", names, label, placeholder, key=f"below-{lines[0].unit_id}")
    if len(lines) > UNITS_A_PAGE and st.button(t("capability_map.more_units", n=len(lines))):
        following = first + UNITS_A_PAGE
        session.remember("map-first", following if following < len(lines) else 0)
        st.rerun()
