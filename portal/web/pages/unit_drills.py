"""For managers: how drills go in my unit, which gaps come back, what is still to be improved.

Words that stand together are one element: each costs every look at the page.
"""

from __future__ import annotations

import streamlit as st

from portal.actions import drill_figures, reports
from portal.actions.errors import Refused
from portal.web import data, places, render, session, unit_way
from portal.web.session import t
from portal.web.unit_drills_shown import CHILDREN, OBJECTIVES, Objectives, Shown, prepare


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    fingerprint = session.portal().library.catalogue.fingerprint
    try:
        shown = data.figures(
            ("unit-drills", me.managed_paths, me.locale, unit_id, session.today(), fingerprint),
            lambda: _shown(unit_id),
        )
    except Refused as refused:
        st.title(t("nav.unit_drills"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(shown.title)
    unit_way.up("unit_drills", shown.unit)
    if not shown.metrics:
        st.info(t("unit_drills.none"))
        return
    render.figures(*shown.metrics, note=t("unit_drills.small"))
    rest = [shown.drills]
    if shown.objectives is None:
        rest.insert(0, shown.gaps)
    else:
        heading = f"## {t('unit_drills.by_objective')}\n\n:small[{t('drill.ratings_mean')}]"
        st.markdown(f"{shown.gaps}\n\n{heading}")
        _objectives(shown.objectives)
    if shown.children:
        rest.append(f"## {t('unit_drills.children')}")
    if shown.children_count > CHILDREN:
        st.markdown("\n\n".join(rest))
        every = st.toggle(t("common.show_all", n=shown.children_count), key="children")
        rest = [shown.children_all if every else shown.children]
    else:
        rest.append(shown.children)
    st.markdown("\n\n".join((*filter(None, rest), shown.actions)))


# Private functions


def _shown(asked: int | None) -> Shown:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, asked)
    return prepare(unit, drill_figures.unit_drills(portal, me, unit.id))


def _objectives(shown: Objectives) -> None:
    """A bar each, the first ten or all; and the table twin."""
    drawing, count = shown.all, shown.count
    if shown.count > OBJECTIVES and not st.toggle(t("common.show_all", n=shown.count), key="all"):
        drawing, count = shown.first, OBJECTIVES
    st.vega_lite_chart(spec=drawing, alt=t("unit_drills.objectives_alt", n=count))
    if st.toggle(t("common.table"), key="table-objectives"):
        st.table(shown.cells, hide_index=True)
