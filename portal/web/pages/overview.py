"""For managers: are we on track, what is overdue, what runs out soon, who needs help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.charts import months, units
from portal.core.report_table import Table
from portal.web import data, places, render
from portal.web import report_view as view
from portal.web.session import t

SHOWN = 5
MANY_UNITS = 12
REPORTS = ("summary", "units", "months")
LISTS = ("help", "overdue", "expiring")


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page says, made once for each change of the records."""

    unit: UnitView
    found: Mapping[str, Table]
    measure: str  # the rate that decides: of due tasks, or of courses where nothing is due
    metrics: tuple[tuple[str, str], ...]
    rest: str
    rows: list[dict[str, Any]]  # of the units below, no two named alike
    bars: list[dict[str, Any]]  # those of them with a figure
    bar_points: pa.Table
    heading: str  # of the units below, and what their bars mean
    lines: pa.Table | None  # None: nothing has happened in twelve months
    lists: str


def page() -> None:
    """``?u=<unit id>&d=<day>``; without them, the unit I manage, today."""
    try:
        ask = view.asked(limit=SHOWN)
        names = (*REPORTS, *LISTS) if ask.day is None else REPORTS
        shown = view.prepared(names, ask, _prepare)
    except Refused as refused:
        view.refused(t("nav.overview"), refused)
        return
    view.head("overview", shown.unit, ask)
    render.figures(*shown.metrics, note=shown.rest)
    if ask.day is None and shown.found["summary"].rows[0]["overdue"] != 0:
        _remind(shown.unit)
    as_tables = _units(shown, ask) if shown.rows else None
    if any(row["staff"] for row in shown.found["months"].rows):
        _months(shown, as_tables)
    files = (("unit_report", "pdf"), ("units", "xlsx"), ("inspection", "xlsx"))
    st.markdown(f"{shown.lists}{view.file_links(shown.unit, ask, *files)}")


def _remind(unit: UnitView) -> None:
    """The next step of whoever sees that something is overdue."""
    if st.button(t("assign.see_overdue"), type="primary", key="remind-overdue"):
        places.go("assignments", u=str(unit.id), v="due")


def _units(shown: Overview, ask: Ask) -> bool:
    """The units below; whether both charts are to be shown as tables as well."""
    st.markdown(shown.heading)
    if shown.bars:
        event = view.chart(
            units.many_bars if len(shown.bars) > MANY_UNITS else units.bars,
            [view.column_name(key) for key in (shown.measure, "unit", "staff")],
            shown.bar_points,
            t(
                "overview.children_alt",
                n=len(shown.bars),
                measure=view.column_name(shown.measure),
            ),
            key=f"units-{shown.rows[0]['unit_id']}-{ask.day}",
            on_select="rerun",
            selection_mode="unit",
        )
        view.drill("overview", event, shown.bars, ask)
    columns = ("unit", "staff", shown.measure, "overdue", "pass_rate")
    as_tables = view.twin("overview", shown.found["units"], columns)
    if as_tables:
        day = {"d": ask.day} if ask.day else {}
        for row in shown.rows:
            if row["unit_id"] is not None:
                label = t("overview.open", unit=render.escape(row["unit"]))
                places.link("overview", label, u=str(row["unit_id"]), **day)
    return as_tables


def _months(shown: Overview, as_tables: bool | None) -> None:
    """The last year; ``as_tables`` None: nobody has been asked yet."""
    st.header(t("overview.months"))
    if shown.lines is None:
        st.caption(t("overview.no_activity"))
        return
    titles = [view.column_name("month"), t("overview.rate")]
    view.chart(months.trend, titles, shown.lines, t("overview.months_alt"))
    columns = ("month", shown.measure, "pass_rate", "completed", "submitted")
    if as_tables is None:
        view.twin("overview", shown.found["months"], columns)
    elif as_tables:
        view.show_table(shown.found["months"], columns)


# What is made once


def _prepare(unit: UnitView, found: dict[str, Table]) -> Overview:
    total = found["summary"].rows[0]
    measure = "completion" if total["due"] else "course_rate"
    rows = view.named_apart(found["units"].rows, "unit")
    bars = [row for row in rows if row[measure] is not None]
    return Overview(
        unit=unit,
        found=found,
        measure=measure,
        metrics=tuple(
            (t(f"overview.{key}"), view.shown(found["summary"], total, key))
            for key in (measure, "overdue", "expiring", "help")
        ),
        rest=_rest(found["summary"], total, measure),
        rows=rows,
        bars=bars,
        bar_points=data.table(
            [{"unit": r["unit"], "value": r[measure], "staff": r["staff"]} for r in bars]
        ),
        heading=_heading(rows, bars),
        lines=_lines(found["months"], measure),
        lists=_lists(found, total, unit) if "help" in found else "",
    )


def _rest(table: Table, row: Mapping[str, Any], measure: str) -> str:
    """The other figures in one line, and what the one that decides means."""
    rest = [
        f"{view.column_name(key)} {view.shown(table, row, key)}"
        for key in ("staff", "due", "done", "on_time", "course_rate", "pass_rate", "hours")
    ]
    small = row["hours"] is None
    meaning = t("overview.small") if small else t(f"overview.{measure}_means")
    return f"{' · '.join(rest)}\n{meaning}"


def _heading(rows: list[dict[str, Any]], bars: list[dict[str, Any]]) -> str:
    """Markdown: a heading with its notes is one element of the page."""
    hidden = sum(bool(row["small"]) for row in rows)
    notes = [t("overview.bars_mean")] if bars else []
    notes += [t("overview.small_groups", n=hidden)] if hidden else []
    heading = f"## {t('overview.children')}"
    return f"{heading}\n\n:small[{' '.join(notes)}]" if notes else heading


def _lines(table: Table, measure: str) -> pa.Table | None:
    if not any(row["submitted"] or row["completed"] or row["due"] for row in table.rows):
        return None
    series = {key: view.column_name(key) for key in (measure, "pass_rate")}
    return data.table(
        [
            {"month": view.shown(table, row, "month"), "series": name, "rate": row[key]}
            for row in table.rows
            for key, name in series.items()
        ]
    )


def _lists(found: Mapping[str, Table], total: Mapping[str, Any], unit: UnitView) -> str:
    """Five of each that matter, and the way to all of them, as Markdown."""
    parts = [
        f"## {t('overview.next')}",
        _list("help", [_help(row) for row in found["help"].rows]),
        _list("overdue", [_late(row) for row in found["overdue"].rows]),
        _list("expiring", [_soon(row) for row in found["expiring"].rows]),
    ]
    links = [f"[{t('overview.all_people')}](/staff?u={unit.id})"] if total["help"] else []
    if total["overdue"] != 0:
        links.append(f"[{t('overview.all_overdue')}](/staff?u={unit.id}&s=overdue)")
    return "\n\n".join([*parts, " · ".join(links), ""])


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
