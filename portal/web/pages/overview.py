"""For managers: are we on track, what is overdue, what runs out soon, who needs help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.charts import months, units
from portal.core.report_table import Table
from portal.web import places, render, session
from portal.web import report_view as view
from portal.web.session import t

SHOWN = 5
MANY_UNITS = 12
REPORTS = ("summary", "units", "months")
LISTS = ("help", "overdue", "expiring")


def page() -> None:
    """``?u=<unit id>&d=<day>``; without them, the unit I manage, today."""
    try:
        ask = view.asked(limit=SHOWN)
        unit, found = view.figures((*REPORTS, *LISTS) if ask.day is None else REPORTS, ask)
    except Refused as refused:
        view.refused(t("nav.overview"), refused)
        return
    view.head("overview", unit, ask)
    total = found["summary"].rows[0]
    _totals(found["summary"], total)
    measure = "completion" if total["due"] else "course_rate"
    _units(found["units"], measure, ask)
    if total["completion"] is not None or total["course_rate"] is not None:
        _months(found["months"], measure)
    if ask.day is None:
        _lists(found, total, unit)
    view.files(unit, ask, ("unit_report", "pdf"), ("units", "xlsx"), ("inspection", "xlsx"))


def _totals(table: Table, row: Mapping[str, Any]) -> None:
    """The four figures that decide, then the rest in one line."""
    main = "completion" if row["due"] else "course_rate"
    with st.container(horizontal=True):
        for key in (main, "overdue", "expiring", "help"):
            st.metric(t(f"overview.{key}"), view.shown(table, row, key))
    rest = [
        f"{view.column_name(key)} {view.shown(table, row, key)}"
        for key in ("staff", "due", "done", "on_time", "course_rate", "pass_rate", "hours")
    ]
    small = row["hours"] is None
    meaning = t("overview.small") if small else t(f"overview.{main}_means")
    st.caption(f"{' · '.join(rest)}  \n{meaning}")


def _units(table: Table, measure: str, ask: Ask) -> None:
    if not table.rows:
        return
    st.header(t("overview.children"))
    rows = view.named_apart(table.rows, "unit")
    bars = [row for row in rows if row[measure] is not None]
    if bars:
        draw = units.many_bars if len(bars) > MANY_UNITS else units.bars
        event = view.chart(
            draw,
            [view.column_name(key) for key in (measure, "unit", "staff")],
            [{"unit": r["unit"], "value": r[measure], "staff": r["staff"]} for r in bars],
            t("overview.children_alt", n=len(bars), measure=view.column_name(measure)),
            key=f"units-{rows[0]['unit_id']}-{ask.day}",
            on_select="rerun",
            selection_mode="unit",
        )
        view.drill("overview", event, bars, ask)
    hidden = sum(bool(row["small"]) for row in rows)
    notes = [t("overview.bars_mean")] if bars else []
    notes += [t("overview.small_groups", n=hidden)] if hidden else []
    if notes:
        st.caption(" ".join(notes))
    view.twin("units", table, ("unit", "staff", measure, "overdue", "pass_rate"))
    if session.recall("table-units"):
        for row in rows:
            if row["unit_id"] is not None:
                label = t("overview.open", unit=render.escape(row["unit"]))
                day = {"d": ask.day} if ask.day else {}
                places.link("overview", label, u=str(row["unit_id"]), **day)


def _months(table: Table, measure: str) -> None:
    st.header(t("overview.months"))
    if not any(row["submitted"] or row["completed"] or row["due"] for row in table.rows):
        st.caption(t("overview.no_activity"))
        return
    series = {key: view.column_name(key) for key in (measure, "pass_rate")}
    lines = [
        {"month": view.shown(table, row, "month"), "series": name, "rate": row[key]}
        for row in table.rows
        for key, name in series.items()
    ]
    view.chart(
        months.trend,
        [view.column_name("month"), t("overview.rate")],
        lines,
        t("overview.months_alt"),
    )
    view.twin("months", table, ("month", measure, "pass_rate", "completed", "submitted"))


def _lists(found: Mapping[str, Table], total: Mapping[str, Any], unit: UnitView) -> None:
    """Five of each that matter, and the way to all of them."""
    st.header(t("overview.next"))
    parts = [
        _list("help", [_help(row) for row in found["help"].rows]),
        _list("overdue", [_late(row) for row in found["overdue"].rows]),
        _list("expiring", [_soon(row) for row in found["expiring"].rows]),
    ]
    st.markdown("\n\n".join(parts))
    if total["help"]:
        with st.container(horizontal=True):
            places.link("staff", t("overview.all_people"), u=str(unit.id))
            if total["overdue"] != 0:
                places.link("staff", t("overview.all_overdue"), u=str(unit.id), s="overdue")


def _list(name: str, lines: list[str]) -> str:
    if not lines:
        return f"**{t(f'overview.list_{name}')}**  \n{t(f'overview.no_{name}')}"
    return f"**{t(f'overview.list_{name}')}**\n\n" + "\n".join(f"- {line}" for line in lines)


def _help(row: Mapping[str, Any]) -> str:
    reasons = t("common.list_separator").join(t(f"staff.state_{state}") for state in row["states"])
    return f"{_who(row)} · {reasons}"


def _late(row: Mapping[str, Any]) -> str:
    return f"{_who(row)} · {render.label(row['item'])} · {t('overview.late', n=row['late'])}"


def _soon(row: Mapping[str, Any]) -> str:
    return f"{_who(row)} · {render.label(row['course'])} · {t('overview.left', n=row['left'])}"


def _who(row: Mapping[str, Any]) -> str:
    name = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
    return f"{name} · {render.escape(row['unit'])}"
