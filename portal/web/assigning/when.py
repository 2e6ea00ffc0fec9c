"""The fields for until when and how often an assignment is to be done."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from portal.actions.obligations import moment_of
from portal.core.assignments import Assignment
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
from portal.web import session
from portal.web.session import t

_IN_A_MONTH = timedelta(days=30)
_DUES = ("date", "joining", "match", "none")
_REPEATS = ("once", "yearly", "rolling")


def due(old: Assignment | None, key: str) -> Due:
    """Until when."""
    start = _due_kind(old.due) if old else "date"
    kind = st.radio(
        t("assign.when"),
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


def repeat(held: Recurrence, key: str) -> Recurrence:
    """How often; ``held`` is what stands before anybody chooses."""
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


# Private functions


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
