"""For managers: courses, questions, and what repeated quizzes gained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.charts import gains, questions, units
from portal.core.report_table import Table
from portal.web import data, render, views
from portal.web import report_view as view
from portal.web.session import t

SHOWN = 10
VIEWS = ("courses", "questions", "gain")
COURSE_COLUMNS = ("course", "started", "completed", "finished", "pass_rate", "hours")
GAIN_COLUMNS = ("quiz", "people", "first", "last", "gain", "low", "high")


def page() -> None:
    """``?u=<unit id>&d=<day>``."""
    try:
        ask = view.asked()
        unit = view.find_unit(ask)
    except Refused as refused:
        view.refused(t("nav.results"), refused)
        return
    view.head("results", unit, ask)
    name = views.choose(
        t("results.view"), VIEWS, lambda name: t(f"report.{name}.title"), key="results-view"
    )
    table = view.figures((name,), ask)[1][name]
    if ask.day is not None and name != "courses":
        st.caption(t("results.always_now"))
    if name == "courses":
        _courses(table, ask)
    else:
        {"questions": _questions, "gain": _gain}[name](table)
    view.files(unit, ask, (name, "xlsx"), (name, "csv"))


def _courses(table: Table, ask: Ask) -> None:
    if not table.rows:
        st.info(t("results.no_courses"))
        return
    bars, points = view.prepared(("courses",), ask, _course_bars)
    event = view.chart(
        units.many_bars,
        [view.column_name(key) for key in ("finished", "course", "started")],
        points,
        t("results.courses_alt", n=len(bars)),
        key=f"courses-{ask.unit_id}-{ask.day}",
        on_select="rerun",
        selection_mode="unit",
    )
    st.caption(f"{t('results.courses_mean')}  \n{t('results.choose_course')}")
    picked = view.picked(event, bars, "course")
    if picked is not None:
        _of_course(picked, ask)
    view.twin("courses", table, COURSE_COLUMNS)


def _course_bars(_: UnitView, found: dict[str, Table]) -> tuple[list[dict[str, Any]], pa.Table]:
    """Courses with a figure, no two named alike, and their bars."""
    rows = view.named_apart(found["courses"].rows, "course")
    bars = [row for row in rows if row["finished"] is not None][: 3 * SHOWN]
    points = [{"unit": r["course"], "value": r["finished"], "staff": r["started"]} for r in bars]
    return bars, data.table(points)


def _of_course(row: dict[str, Any], ask: Ask) -> None:
    """The questions of the course whose bar was chosen."""
    st.subheader(t("results.hardest_of", course=render.escape(row["course"])))
    table = view.figures(("questions",), replace(ask, course=row["course_id"]))[1]["questions"]
    _facility(table, t("results.none_of"))


def _questions(table: Table) -> None:
    if not _facility(table, t("overview.no_hardest")):
        return
    view.twin("questions", table, ("question", "course", "answered", "facility"), 3 * SHOWN)


def _facility(table: Table, none: str) -> bool:
    """The hardest questions as bars; False, and the words ``none``, when there are none."""
    if not table.rows:
        st.info(none)
        return False
    hardest = [
        {
            "question": f"{n}. {row['question']}",
            "facility": row["facility"],
            "answers": row["answered"],
        }
        for n, row in enumerate(table.rows[:SHOWN], 1)
    ]
    view.chart(
        questions.facility,
        [view.column_name(key) for key in ("facility", "question", "answered")],
        data.table(hardest),
        t("overview.hardest_alt", n=len(hardest)),
    )
    st.caption(t("results.questions_mean"))
    return True


def _gain(table: Table) -> None:
    if not table.rows:
        st.info(t("results.no_gain"))
        return
    rows = view.named_apart(table.rows, "quiz")
    view.chart(
        gains.gain,
        [view.column_name(key) for key in ("quiz", "gain", "people")],
        data.table(
            [{key: row[key] for key in ("quiz", "gain", "low", "high", "people")} for row in rows]
        ),
        t("results.gain_alt", n=len(rows)),
    )
    first = rows[0]
    st.markdown(
        t(
            "results.gain_words",
            quiz=render.label(first["quiz"]),
            n=first["people"],
            first=view.shown(table, first, "first"),
            last=view.shown(table, first, "last"),
            gain=f"{first['gain']:+.1f}",
            low=f"{first['low']:+.1f}",
            high=f"{first['high']:+.1f}",
        )
    )
    st.caption(t("results.gain_mean"))
    view.twin("gain", table, GAIN_COLUMNS)
