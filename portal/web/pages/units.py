"""For managers: the units below beside each other, by any measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.charts import units
from portal.core.report_table import Table
from portal.web import data
from portal.web import report_view as view
from portal.web.session import t

RATES = ("completion", "on_time", "course_rate", "pass_rate")
MEASURES = ("all", *RATES, "hours")
COLUMNS = ("unit", "staff", "completion", "overdue", "on_time", "course_rate", "pass_rate", "hours")
MANY_UNITS = 12


@dataclass(frozen=True, slots=True)
class Units:
    """All that the page says, made once for each change of the records."""

    unit: UnitView
    is_due: bool  # something is: compare by that, else by courses
    rows: list[dict[str, Any]]  # no two named alike
    cells: pa.Table
    points: dict[tuple[str, bool], tuple[list[dict[str, Any]], pa.Table]]  # by measure, order
    notes: str


def page() -> None:
    """``?u=<unit id>&d=<day>``."""
    try:
        ask = view.asked()
        shown = view.prepared(("units",), ask, _prepare)
    except Refused as refused:
        view.refused(t("nav.units"), refused)
        return
    view.head("units", shown.unit, ask)
    if not shown.rows:
        st.info(t("units.none"))
        return
    measure = _measure(shown.is_due)
    order = st.toggle(t("units.lowest_first"), value=True, key="units-order")
    _chart(shown, measure, ask, lowest_first=order)
    view.show_cells(shown.cells)
    st.caption(shown.notes)
    view.files(shown.unit, ask, ("units", "xlsx"), ("units", "csv"))


def _measure(is_due: bool) -> str:
    """What to compare by; at first what is due, or courses where nothing is."""
    chosen = st.segmented_control(
        t("units.measure"),
        MEASURES,
        default="completion" if is_due else "course_rate",
        format_func=lambda key: t("units.all") if key == "all" else view.column_name(key),
        required=True,
        key="units-measure",
    )
    return chosen if chosen in MEASURES else "completion"


def _chart(shown: Units, measure: str, ask: Ask, *, lowest_first: bool) -> None:
    rows, points = shown.points[measure, lowest_first]
    if not rows:
        by = "completion" if measure == "all" else measure
        st.caption(t("units.nothing", measure=view.column_name(by)))
        return
    options: dict[str, Any] = {
        "key": f"compare-{shown.rows[0]['unit_id']}-{measure}-{ask.day}",
        "on_select": "rerun",
        "selection_mode": "unit",
    }
    if measure == "all":
        draw: Callable[..., dict[str, Any]] = units.measures
        alt = t("units.all_alt", n=len(rows))
        titles = [t("overview.rate"), view.column_name("unit"), t("units.measure")]
    else:
        draw = units.amounts if measure == "hours" else units.bars
        if measure != "hours" and len(rows) > MANY_UNITS:
            draw = units.many_bars
        alt = t("overview.children_alt", n=len(rows), measure=view.column_name(measure))
        titles = [view.column_name(key) for key in (measure, "unit", "staff")]
    view.drill("units", view.chart(draw, titles, points, alt, **options), rows, ask)


# What is made once


def _prepare(unit: UnitView, found: dict[str, Table]) -> Units:
    table = found["units"]
    rows = view.named_apart(table.rows, "unit")
    hidden = sum(bool(row["small"]) for row in rows)
    notes = [t("overview.small_groups", n=hidden)] if hidden else []
    return Units(
        unit=unit,
        is_due=any(row["completion"] is not None for row in rows),
        rows=rows,
        cells=view.cells(table, COLUMNS),
        points={
            (measure, lowest): _points(rows, measure, lowest)
            for measure in MEASURES
            for lowest in (False, True)
        },
        notes="  \n".join([*notes, t("units.means")]),
    )


def _points(
    rows: list[dict[str, Any]], measure: str, lowest_first: bool
) -> tuple[list[dict[str, Any]], pa.Table]:
    """The units that have a figure, and what the chart draws of them."""
    by = "completion" if measure == "all" else measure
    shown = [row for row in rows if row[by] is not None]
    if lowest_first:
        shown.sort(key=lambda row: row[by])
    if measure == "all":
        return shown, _all(shown)
    points = [{"unit": r["unit"], "value": r[measure], "staff": r["staff"]} for r in shown]
    return shown, data.table(points)


def _all(rows: list[dict[str, Any]]) -> pa.Table:
    """Three rates a unit: a click on the legend leaves one, a click on a point opens the unit."""
    series = {key: view.column_name(key) for key in ("completion", "on_time", "pass_rate")}
    return data.table(
        [
            {"unit": row["unit"], "series": name, "value": row[key]}
            for row in rows
            for key, name in series.items()
            if row[key] is not None
        ]
    )
