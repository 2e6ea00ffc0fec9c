"""Making or changing an assignment, step by step, with a live count of whom it reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from portal.actions import assignments, stepping, units
from portal.actions.assignments import Draft, Line
from portal.actions.audience import reached
from portal.actions.errors import Refused
from portal.actions.obligations import moment_of
from portal.core.assignments import LONGEST_REASON, LONGEST_TITLE, Assignment, Item
from portal.core.audience import Rule
from portal.core.due import (
    MAX_DAYS,
    MAX_MONTHS,
    AfterJoining,
    AfterMatch,
    Due,
    NoDue,
    Once,
    OnDate,
    Recurrence,
    Rolling,
    Yearly,
)
from portal.web import data, places, render, session
from portal.web.assigning import groups, wording
from portal.web.session import t

_IN_A_MONTH = timedelta(days=30)
_DUES = ("date", "joining", "match", "none")
_REPEATS = ("once", "yearly", "rolling")


def show(unit: Any, line: Line | None) -> None:
    """The form for a unit (None: everywhere); ``line`` is what is being changed."""
    old = line.assignment if line else None
    key = f"assign-{old.id if old else 'new'}"
    st.title(t("assign.change_title" if old else "assign.new_title"))
    unit_id = unit.id if unit is not None else None
    draft = _draft(unit, unit_id, old, key)
    if draft is None:
        return
    _reached(unit_id, draft.audience)
    st.markdown(_summary(draft))
    with st.container(horizontal=True):
        if st.button(t("assign.save" if old else "assign.create"), type="primary", key="save"):
            _save(draft, old)
        query = {"a": str(old.id)} if old else {}
        places.link("assignments", t("common.back"), **_u(unit_id), **query)


# Private functions


def _draft(unit: Any, unit_id: int | None, old: Assignment | None, key: str) -> Draft | None:
    st.header(t("assign.what"))
    items = _items(old, key)
    st.header(t("assign.whom"))
    st.caption(t("assign.whom_means"))
    try:
        rule = groups.choose(_units(unit), unit_id, key, old.audience if old else None)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return None
    st.header(t("assign.when"))
    due = _due(old, key)
    repeat = _repeat(old, key)
    with st.expander(t("assign.more")):
        title = st.text_input(
            t("assign.title"),
            value=old.title if old else "",
            max_chars=LONGEST_TITLE,
            key=f"{key}-title",
            help=t("assign.title_help"),
        )
        reason = st.text_input(
            t("assign.reason"),
            value=old.reason if old else "",
            max_chars=LONGEST_REASON,
            key=f"{key}-reason",
            help=t("assign.reason_help"),
        )
        credit = st.checkbox(
            t("assign.credit"), value=old.credit_earlier if old else True, key=f"{key}-credit"
        )
    required = st.segmented_control(
        t("assign.required"),
        [True, False],
        default=old.required if old else True,
        format_func=lambda one: t("asked.required" if one else "asked.recommended"),
        required=True,
        key=f"{key}-required",
    )
    return Draft(
        unit_id, title, reason, items, rule, due, repeat, required is not False, bool(credit)
    )


def _items(old: Assignment | None, key: str) -> tuple[Item, ...]:
    catalogue = session.portal().library.catalogue
    locale = session.locale()
    names = {Item("course", one.id): one.title.in_(locale) for one in catalogue.courses.values()}
    names |= {Item("drill", one.id): one.title.in_(locale) for one in catalogue.drills.values()}
    names |= {
        Item("quiz", one.id): one.title.in_(locale)
        for one in catalogue.quizzes.values()
        if one.kind != "pool"
    }
    kinds = {item.id: t(f"assign.kind_{item.kind}") for item in names}
    chosen = st.multiselect(
        t("assign.items"),
        list(names),
        default=[item for item in (old.items if old else ()) if item in names],
        format_func=lambda item: f"{names.get(item, item.id)}（{kinds.get(item.id, '')}）",
        placeholder=t("assign.choose_items"),
        key=f"{key}-items",
        label_visibility="collapsed",
    )
    return tuple(item for item in chosen if item in names)


def _units(unit: Any) -> list[Any]:
    """Open units of the reach, from the top down."""
    path = unit.path if unit is not None else "/"

    def find() -> list[Any]:
        rows = units.list_units(session.portal(), session.person())
        return [row for row in rows if row["closed_at"] is None and row["path"].startswith(path)]

    return wording.kept(("assign units", path), find)


def _due(old: Assignment | None, key: str) -> Due:
    start = _due_kind(old.due) if old else "date"
    kind = st.radio(
        t("assign.due"),
        _DUES,
        index=_DUES.index(start),
        format_func=lambda one: t(f"assign.due_kind_{one}"),
        key=f"{key}-due",
    )
    today = moment_of(session.portal()).today
    match kind:
        case "date":
            held = old.due.day if old and isinstance(old.due, OnDate) else today + _IN_A_MONTH
            day = st.date_input(
                t("assign.day"),
                value=held,
                min_value=min(held, today),
                max_value=today + timedelta(days=MAX_DAYS),
                format="YYYY-MM-DD",
                key=f"{key}-day",
            )
            return OnDate(day if isinstance(day, date) else held)
        case "joining":
            return AfterJoining(_days(t("assign.days_joining"), old, key))
        case "match":
            return AfterMatch(_days(t("assign.days_match"), old, key))
    return NoDue()


def _days(label: str, old: Assignment | None, key: str) -> int:
    held = old.due.days if old and isinstance(old.due, AfterJoining | AfterMatch) else 30
    return int(st.number_input(label, 0, MAX_DAYS, held, key=f"{key}-days"))


def _due_kind(due: Due) -> str:
    match due:
        case OnDate():
            return "date"
        case AfterJoining():
            return "joining"
        case AfterMatch():
            return "match"
        case NoDue():
            return "none"


def _repeat(old: Assignment | None, key: str) -> Recurrence:
    held = old.recurrence if old else Once()
    start = (
        "yearly" if isinstance(held, Yearly) else "rolling" if isinstance(held, Rolling) else "once"
    )
    kind = st.radio(
        t("assign.repeat"),
        _REPEATS,
        index=_REPEATS.index(start),
        format_func=lambda one: t(f"assign.repeat_{one}"),
        key=f"{key}-repeat",
    )
    if kind == "once":
        return Once()
    window = held.window_days if isinstance(held, Yearly | Rolling) else None
    if kind == "yearly":
        days = st.number_input(t("assign.window"), 0, 364, window or 0, key=f"{key}-window-year")
        return Yearly(int(days))
    months = held.months if isinstance(held, Rolling) else 12
    months = int(st.number_input(t("assign.months"), 1, MAX_MONTHS, months, key=f"{key}-months"))
    window = 60 if window is None else window
    days = st.number_input(t("assign.window"), 0, MAX_DAYS, window, key=f"{key}-window")
    return Rolling(months, int(days))


def _reached(unit_id: int | None, rule: Rule) -> None:
    """How many match now, and the first of them."""
    me = session.person()
    try:
        found = data.figures(
            ("assign reached", me.id, me.managed_paths, unit_id, rule),
            lambda: reached(session.portal(), me, unit_id, rule),
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    if found.small:
        st.info(t("assign.reaches_few"))
        return
    names = t("common.list_separator").join(
        t("assign.person", name=row["name"], unit=wording.unit_of(row)) for row in found.first
    )
    st.info(
        t("assign.nobody")
        if not found.count
        else t("assign.reaches", n=found.count)
        + (t("assign.first", names=render.escape(names)) if names else "")
    )


def _summary(draft: Draft) -> str:
    """What will be saved, as one reads it."""
    audience = wording.audience(draft.audience)
    return t(
        "assign.summary",
        audience=render.escape(audience),
        items=render.escape(
            t("common.list_separator").join(map(wording.item_title, draft.items)) or "—"
        ),
        when=render.escape(wording.when(draft.due, draft.recurrence)),
    )


def _save(draft: Draft, old: Assignment | None) -> None:
    portal, me = session.portal(), session.person()
    try:
        if old is None:
            assignment_id = assignments.create(portal, me, draft)
        else:
            assignment_id = old.id
            assignments.change(portal, me, old.id, replace(draft, unit_id=old.unit_id))
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    bar = st.progress(0.0, text=t("assign.asking", done=0, all="…"))
    for done, everybody in stepping.bring_into_step(portal, assignment_id):
        bar.progress(done / everybody, text=t("assign.asking", done=done, all=everybody))
    session.remember("assign-notice", t("assign.saved"))
    places.go("assignments", a=str(assignment_id), **_u(draft.unit_id))


def _u(unit_id: int | None) -> dict[str, str]:
    return {} if unit_id is None else {"u": str(unit_id)}
