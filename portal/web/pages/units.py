"""For managers: the units below beside each other, by any measure."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask
from portal.charts import units
from portal.core.report_table import Table
from portal.web import data
from portal.web import report_view as view
from portal.web.session import t

RATES = ("completion", "on_time", "course_rate", "pass_rate")
MEASURES = ("all", *RATES, "hours")
COLUMNS = ("unit", "staff", "completion", "overdue", "on_time", "course_rate", "pass_rate", "hours")
MANY_UNITS = 12


def page() -> None:
    """``?u=<unit id>&d=<day>``."""
    try:
        ask = view.asked()
        unit, found = view.figures(("units",), ask)
    except Refused as refused:
        view.refused(t("nav.units"), refused)
        return
    view.head("units", unit, ask)
    table = found["units"]
    if not table.rows:
        st.info(t("units.none"))
        return
    measure = _measure(table)
    order = st.toggle(t("units.lowest_first"), value=True, key="units-order")
    _chart(table, measure, ask, lowest_first=order)
    view.show_table(table, COLUMNS)
    hidden = sum(bool(row["small"]) for row in table.rows)
    if hidden:
        st.caption(t("overview.small_groups", n=hidden))
    st.caption(t("units.means"))
    view.files(unit, ask, ("units", "xlsx"), ("units", "csv"))


def _measure(table: Table) -> str:
    """What to compare by; at first what is due, or courses where nothing is."""
    is_due = any(row["completion"] is not None for row in table.rows)
    chosen = st.segmented_control(
        t("units.measure"),
        MEASURES,
        default="completion" if is_due else "course_rate",
        format_func=lambda key: t("units.all") if key == "all" else view.column_name(key),
        required=True,
        key="units-measure",
    )
    return chosen if chosen in MEASURES else "completion"


def _chart(table: Table, measure: str, ask: Ask, *, lowest_first: bool) -> None:
    rows = view.named_apart(table.rows, "unit")
    by = "completion" if measure == "all" else measure
    shown = [row for row in rows if row[by] is not None]
    if not shown:
        st.caption(t("units.nothing", measure=view.column_name(by)))
        return
    if lowest_first:
        shown.sort(key=lambda row: row[by])
    options: dict[str, Any] = {
        "key": f"compare-{rows[0]['unit_id']}-{measure}-{ask.day}",
        "on_select": "rerun",
        "selection_mode": "unit",
    }
    if measure == "all":
        event = _all(shown, options)
    else:
        draw = units.amounts if measure == "hours" else units.bars
        if measure != "hours" and len(shown) > MANY_UNITS:
            draw = units.many_bars
        event = view.chart(
            draw,
            [view.column_name(key) for key in (measure, "unit", "staff")],
            data.table(
                [{"unit": r["unit"], "value": r[measure], "staff": r["staff"]} for r in shown]
            ),
            t("overview.children_alt", n=len(shown), measure=view.column_name(measure)),
            **options,
        )
    view.drill("units", event, shown, ask)


def _all(rows: list[dict[str, Any]], options: dict[str, Any]) -> Any:
    """Three rates a unit: a click on the legend leaves one, a click on a point opens the unit."""
    series = {key: view.column_name(key) for key in ("completion", "on_time", "pass_rate")}
    return view.chart(
        units.measures,
        [t("overview.rate"), view.column_name("unit"), t("units.measure")],
        data.table(
            [
                {"unit": row["unit"], "series": name, "value": row[key]}
                for row in rows
                for key, name in series.items()
                if row[key] is not None
            ]
        ),
        t("units.all_alt", n=len(rows)),
        **options,
    )
