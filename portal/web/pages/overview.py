"""For managers: is my unit on track, who needs help, which questions are hardest."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import reports
from portal.actions.errors import Refused
from portal.charts import months, questions, units
from portal.web import data, dates, places, render, session
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    asked = st.query_params.get("u", "")
    unit_id = int(asked) if asked.isdigit() and len(asked) < 12 else None
    try:
        # the scope is part of the key: nobody is given what was worked out for another reach
        figures = data.figures(
            ("overview", me.managed_paths, me.locale, unit_id), lambda: _figures(unit_id)
        )
    except Refused as refused:
        st.title(t("nav.overview"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    unit = figures["unit"]
    st.title(render.escape(_name(unit)))
    _trail(unit)
    _totals(figures["overview"])
    _children(figures["children"])
    _months(figures["months"])
    _hardest(figures["hardest"])
    _help(figures["help"])


def _figures(asked: int | None) -> dict[str, Any]:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, asked)
    unit_id = unit.id
    return {
        "unit": unit,
        "overview": reports.unit_overview(portal, me, unit_id),
        "children": reports.units_compared(portal, me, unit_id),
        "months": reports.months(portal, me, unit_id),
        "hardest": reports.hardest_questions(portal, me, unit_id, SHOWN),
        "help": reports.people_needing_help(portal, me, unit_id, SHOWN),
    }


def _name(unit: Any) -> str:
    return str(unit.name_en if session.locale() == "en" and unit.name_en else unit.name)


def _trail(unit: Any) -> None:
    """The units above, up to the one that I manage."""
    if unit.above:
        with st.container(horizontal=True):
            for upper in unit.above:
                places.link("overview", f"{render.escape(_name(upper))} ▸", u=str(upper.id))


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _totals(row: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        st.metric(t("overview.staff"), row["staff"])
        st.metric(t("overview.completion"), _percent(row["completion_rate"]))
        st.metric(t("overview.pass_rate"), _percent(row["pass_rate"]))
        st.metric(t("overview.hours"), "—" if row["hours"] is None else f"{row['hours']:.0f}")
    st.caption(t("overview.completion_means"))


def _children(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    st.header(t("overview.children"))
    shown = [row for row in rows if row["completion_rate"] is not None]
    if shown:
        points = [
            {"unit": _row_name(row), "rate": row["completion_rate"], "staff": row["staff"]}
            for row in shown
        ]
        titles = (t("overview.completion"), t("overview.unit"), t("overview.staff"))
        event = st.vega_lite_chart(
            data.table(points),
            data.chart(units.completion, *titles),
            key=f"units-{rows[0]['unit_id']}",
            on_select="rerun",
            selection_mode="unit",
            alt=t("overview.children_alt", n=len(shown)),
        )
        _drill(event, shown)
    hidden = len(rows) - len(shown)
    if hidden:
        st.caption(t("overview.small_groups", n=hidden))
    if _table_wanted("units"):
        columns = {
            t("overview.unit"): [_row_name(row) for row in rows],
            t("overview.staff"): [row["staff"] for row in rows],
            t("overview.completion"): [_percent(row["completion_rate"]) for row in rows],
            t("overview.pass_rate"): [_percent(row["pass_rate"]) for row in rows],
        }
        st.table(pd.DataFrame(columns), hide_index=True)
        for row in rows:
            unit = render.escape(_row_name(row))
            places.link("overview", t("overview.open", unit=unit), u=str(row["unit_id"]))


def _table_wanted(name: str) -> bool:
    """Whether the table twin of a chart is unfolded; folded, it costs nothing."""
    wanted: bool = st.toggle(t("common.table"), key=f"table-{name}")
    return wanted


def _row_name(row: dict[str, Any]) -> str:
    return str(row["name_en"] if session.locale() == "en" and row["name_en"] else row["name"])


def _drill(event: Any, rows: list[dict[str, Any]]) -> None:
    """A click on a bar opens that unit."""
    picked = event.selection.get("unit", []) if event else []
    names = {_row_name(row): row["unit_id"] for row in rows}
    if picked and picked[0].get("unit") in names:
        places.go("overview", u=str(names[picked[0]["unit"]]))


def _months(rows: list[dict[str, Any]]) -> None:
    st.header(t("overview.months"))
    if not any(row["completed"] or row["submitted"] for row in rows):
        st.caption(t("overview.no_activity"))
        return
    locale = session.locale()
    series = {key: t(f"overview.{key}") for key in ("completed", "passed", "submitted")}
    points = [
        {"month": dates.month(row["month"], locale), "series": name, "count": row[key]}
        for row in rows
        for key, name in series.items()
    ]
    chart = data.chart(months.trend, t("overview.month"), t("overview.times"))
    st.vega_lite_chart(data.table(points), chart, alt=t("overview.months_alt"))
    if _table_wanted("months"):
        columns = {t("overview.month"): [dates.month(row["month"], locale) for row in rows]}
        columns |= {name: [row[key] for row in rows] for key, name in series.items()}
        st.table(pd.DataFrame(columns), hide_index=True)


def _hardest(rows: list[dict[str, Any]]) -> None:
    st.header(t("overview.hardest"))
    if not rows:
        st.caption(t("overview.no_hardest"))
        return
    points = [
        {"question": row["title"], "facility": row["facility"], "answers": row["answered"]}
        for row in rows
    ]
    titles = (t("overview.facility"), t("overview.question"), t("overview.answers"))
    chart = data.chart(questions.facility, *titles)
    st.vega_lite_chart(data.table(points), chart, alt=t("overview.hardest_alt", n=len(rows)))
    if _table_wanted("questions"):
        columns = {
            t("overview.question"): [row["title"] for row in rows],
            t("overview.facility"): [_percent(row["facility"]) for row in rows],
            t("overview.answers"): [row["answered"] for row in rows],
        }
        st.table(pd.DataFrame(columns), hide_index=True)


def _help(rows: list[dict[str, Any]]) -> None:
    st.header(t("overview.help"))
    if not rows:
        st.caption(t("overview.no_help"))
        return
    st.markdown("\n".join(f"- {_help_line(row)}" for row in rows))


def _help_line(row: dict[str, Any]) -> str:
    reason = t(f"overview.reason_{row['reason']}", n=row["count"])
    return f"**{render.escape(row['name'])}** · {render.escape(_row_unit(row))}  \n  {reason}"


def _row_unit(row: dict[str, Any]) -> str:
    return str(
        row["unit_name_en"]
        if session.locale() == "en" and row["unit_name_en"]
        else row["unit_name"]
    )
