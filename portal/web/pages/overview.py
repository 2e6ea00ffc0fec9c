"""For managers: is my unit on track, who needs help, which questions are hardest."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import people, reports
from portal.actions.errors import Refused
from portal.charts import months, questions, units
from portal.web import data, dates, places, render, session
from portal.web.session import t

SHOWN = 10
PEOPLE_A_PAGE = 30


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    try:
        # the scope is part of the key: nobody is given what was worked out for another reach
        figures = data.figures(
            ("overview", me.managed_paths, me.locale, unit_id, session.today()),
            lambda: _figures(unit_id),
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
    if not figures["overview"]["small"]:
        _months(figures["months"])
        _hardest(figures["hardest"])
    _help(figures["help"])
    _people(unit.id)


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
    st.caption(t("overview.small" if row["small"] else "overview.completion_means"))


def _children(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    st.header(t("overview.children"))
    rows = _named_apart(rows)
    shown = [row for row in rows if row["completion_rate"] is not None]
    if shown:
        points = [
            {
                "unit": row["shown_name"],
                "rate": row["completion_rate"],
                "passed": row["pass_rate"],
                "staff": row["staff"],
            }
            for row in shown
        ]
        titles = tuple(
            t(f"overview.{name}") for name in ("completion", "pass_rate", "unit", "staff")
        )
        event = st.vega_lite_chart(
            data.table(points),
            data.chart(units.completion, *titles),
            key=f"units-{rows[0]['unit_id']}",
            on_select="rerun",
            selection_mode="unit",
            alt=t("overview.children_alt", n=len(shown)),
        )
        _drill(event, shown)
        st.caption(t("overview.bars_mean"))
    hidden = sum(row["small"] for row in rows)
    if hidden:
        st.caption(t("overview.small_groups", n=hidden))
    if _table_wanted("units"):
        columns = {
            t("overview.unit"): [render.escape(row["shown_name"]) for row in rows],
            t("overview.staff"): [row["staff"] for row in rows],
            t("overview.completion"): [_percent(row["completion_rate"]) for row in rows],
            t("overview.pass_rate"): [_percent(row["pass_rate"]) for row in rows],
        }
        st.table(pd.DataFrame(columns), hide_index=True)
        for row in rows:
            unit = render.escape(row["shown_name"])
            places.link("overview", t("overview.open", unit=unit), u=str(row["unit_id"]))


def _table_wanted(name: str) -> bool:
    """Whether the table twin of a chart is unfolded; folded, it costs nothing."""
    wanted: bool = st.toggle(t("common.table"), key=f"table-{name}")
    return wanted


def _row_name(row: dict[str, Any]) -> str:
    return str(row["name_en"] if session.locale() == "en" and row["name_en"] else row["name"])


def _named_apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with a ``shown_name`` that no two share: two units may have one name."""
    met: dict[str, int] = {}
    named = []
    for row in rows:
        name = _row_name(row)
        met[name] = met.get(name, 0) + 1
        shown = name if met[name] == 1 else f"{name} ({met[name]})"
        named.append({**row, "shown_name": shown})
    return named


def _drill(event: Any, rows: list[dict[str, Any]]) -> None:
    """A click on a bar opens that unit."""
    picked = event.selection.get("unit", []) if event else []
    names = {row["shown_name"]: row["unit_id"] for row in rows}
    if picked and picked[0].get("unit") in names:
        places.go("overview", u=str(names[picked[0]["unit"]]))


def _months(rows: list[dict[str, Any]]) -> None:
    st.header(t("overview.months"))
    if not any(row["completed"] or row["submitted"] for row in rows):
        st.caption(t("overview.no_activity"))
        return
    locale = session.locale()
    series = {key: t(f"overview.{key}") for key in ("completion_rate", "pass_rate")}
    points = [
        {"month": dates.month(row["month"], locale), "series": name, "rate": row[key]}
        for row in rows
        for key, name in series.items()
        if row[key] is not None
    ]
    chart = data.chart(months.trend, t("overview.month"), t("overview.rate"))
    st.vega_lite_chart(data.table(points), chart, alt=t("overview.months_alt"))
    if _table_wanted("months"):
        columns = {t("overview.month"): [dates.month(row["month"], locale) for row in rows]}
        columns |= {name: [_percent(row[key]) for row in rows] for key, name in series.items()}
        for key in ("completed", "passed", "submitted"):
            columns[t(f"overview.{key}")] = [row[key] for row in rows]
        st.table(pd.DataFrame(columns), hide_index=True)


def _hardest(rows: list[dict[str, Any]]) -> None:
    st.header(t("overview.hardest"))
    if not rows:
        st.caption(t("overview.no_hardest"))
        return
    points = [
        {
            "question": f"{n}. {row['title']}",
            "facility": row["facility"],
            "answers": row["answered"],
        }
        for n, row in enumerate(rows, 1)
    ]
    titles = (t("overview.facility"), t("overview.question"), t("overview.answers"))
    chart = data.chart(questions.facility, *titles)
    st.vega_lite_chart(data.table(points), chart, alt=t("overview.hardest_alt", n=len(rows)))
    if _table_wanted("questions"):
        columns = {
            t("overview.question"): [render.label(row["title"]) for row in rows],
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
    name = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
    return f"{name} · {render.escape(_row_unit(row))}  \n  {reason}"


def _row_unit(row: dict[str, Any]) -> str:
    return str(
        row["unit_name_en"]
        if session.locale() == "en" and row["unit_name_en"]
        else row["unit_name"]
    )


def _people(unit_id: int) -> None:
    """Everybody of the unit, a page at a time, each with a way to the whole record."""
    st.header(t("overview.people"))
    if not st.toggle(t("overview.show_people"), key="people-shown"):
        return
    query = st.text_input(t("people.search"), key="people-query", max_chars=50)
    found = people.list_people(
        session.portal(), session.person(), unit_id, query, limit=PEOPLE_A_PAGE
    )
    st.caption(t("people.found", n=found.total))
    for row in found.rows:
        words = " · ".join((row["name"], row["unit_name"] or "", row["staff_no"]))
        places.link("record", render.escape(words), p=str(row["id"]))
    if found.total > len(found.rows):
        st.caption(t("overview.search_more", n=found.total - len(found.rows)))
