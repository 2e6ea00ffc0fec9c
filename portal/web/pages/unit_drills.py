"""For managers: how drills go in my unit, which gaps come back, what is still to be improved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import drill_figures, reports
from portal.actions.drill_figures import UnitDrills
from portal.actions.errors import Refused
from portal.web import data, places, render, session
from portal.web.session import t

CHILDREN = 30


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    try:
        unit, figures = data.figures(
            ("unit-drills", me.managed_paths, unit_id, session.today(), _fingerprint()),
            lambda: _figures(unit_id),
        )
    except Refused as refused:
        st.title(t("nav.unit_drills"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(t("unit_drills.title", unit=render.escape(_name(unit.name, unit.name_en))))
    if unit.above:
        with st.container(horizontal=True):
            for upper in unit.above:
                words = f"{render.escape(_name(upper.name, upper.name_en))} ▸"
                places.link("unit_drills", words, u=str(upper.id))
    if not figures.drills:
        st.info(t("unit_drills.none"))
        return
    _totals(figures)
    _gaps(figures)
    _drills(figures)
    _children(figures)
    _actions(figures)


# Private functions


def _figures(asked: int | None) -> tuple[Any, UnitDrills]:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, asked)
    return unit, drill_figures.unit_drills(portal, me, unit.id)


def _fingerprint() -> str:
    return session.portal().library.catalogue.fingerprint


def _name(zh: str, en: str | None) -> str:
    return en if session.locale() == "en" and en else zh


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _totals(figures: UnitDrills) -> None:
    shown = [row for row in figures.drills if not row["small"]]
    with st.container(horizontal=True):
        st.metric(t("unit_drills.runs"), sum(row["runs"] for row in shown) if shown else "—")
        st.metric(t("unit_drills.open"), figures.open)
        st.metric(t("unit_drills.overdue"), figures.overdue)
    st.caption(t("unit_drills.small"))


def _gaps(figures: UnitDrills) -> None:
    st.header(t("unit_drills.gaps"))
    if not figures.gaps:
        st.caption(t("unit_drills.no_gaps"))
        return
    st.caption(t("unit_drills.gaps_mean"))
    locale = session.locale()
    st.markdown(
        "\n".join(
            f"- **{_percent(gap['share'])}** {render.escape(gap['decision'].title.in_(locale))}"
            f"　{render.escape(gap['drill'].title.in_(locale))} · "
            f"{t('unit_drills.of_runs', n=gap['gaps'], of=gap['taken'])}"
            for gap in figures.gaps
        )
    )


def _drills(figures: UnitDrills) -> None:
    st.header(t("unit_drills.by_objective"))
    locale = session.locale()
    for row in figures.drills:
        drill = row["drill"]
        title = drill.title.in_(locale) if drill is not None else row["drill_id"]
        st.subheader(render.label(title))
        if row["small"]:
            st.caption(t("unit_drills.too_few"))
            continue
        st.caption(
            t(
                "unit_drills.facts",
                people=row["people"],
                runs=row["runs"],
                best=row["best"],
                score=_percent(row["score"]),
            )
        )
        titles = {one.key: one.title.in_(locale) for one in drill.objectives} if drill else {}
        objectives = row["objectives"]
        columns = {
            t("drill.objective"): [
                render.escape(titles.get(one["objective"], one["objective"])) for one in objectives
            ]
        }
        columns |= {
            t(f"drill.rating_{name.upper()}"): [one[name] for one in objectives] for name in "psmu"
        }
        st.table(pd.DataFrame(columns), hide_index=True)


def _children(figures: UnitDrills) -> None:
    rows = [row for row in figures.children if row["people"]]
    if not rows:
        return
    st.header(t("unit_drills.children"))
    shown = rows
    if len(rows) > CHILDREN and not st.toggle(t("common.show_all", n=len(rows)), key="children"):
        shown = rows[:CHILDREN]
    columns = {
        t("unit_drills.unit"): [render.escape(_name(row["name"], row["name_en"])) for row in shown],
        t("unit_drills.people"): [row["people"] for row in shown],
        t("unit_drills.score"): [_percent(row["score"]) for row in shown],
    }
    st.table(pd.DataFrame(columns), hide_index=True)
    for row in shown:
        words = t("unit_drills.see", unit=render.escape(_name(row["name"], row["name_en"])))
        places.link("unit_drills", words, u=str(row["id"]))


def _actions(figures: UnitDrills) -> None:
    st.header(t("unit_drills.actions"))
    if not figures.actions:
        st.caption(t("unit_drills.no_actions"))
        return
    drills, locale = session.portal().library.catalogue.drills, session.locale()
    lines = []
    for action in figures.actions:
        drill = drills.get(action.drill_id)
        titles = {one.key: one.title.in_(locale) for one in drill.objectives} if drill else {}
        objective = render.escape(titles.get(action.objective, action.objective))
        day = t("drills.due", day=session.day(action.due_on))
        due = t("drills.overdue", due=day) if action.is_overdue(figures.today) else day
        unit = render.escape(_name(action.unit_name, action.unit_name_en))
        name = f"[{render.escape(action.owner)}](/record?p={action.person_id})"
        report = f"[{t('unit_drills.report')}](/drill?r={action.run_id})"
        lines.append(f"- {name} · {unit}  \n  {objective} · {due} · {report}")
    st.markdown("\n".join(lines))
    rest = figures.open - len(figures.actions)
    if rest > 0:
        st.caption(t("unit_drills.more_actions", n=rest))
