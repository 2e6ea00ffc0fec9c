"""For managers: the people of a unit, filtered and a page at a time, each with the whole record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.core.report_table import Table
from portal.web import places, render, session
from portal.web import report_view as view
from portal.web.session import t

A_PAGE = 30
STATES = ("", "overdue", "idle", "failing", "waiting")
PAST_STATES = ("", "overdue")


def page() -> None:
    """``?u=<unit id>&d=<day>&s=<state>&n=<page>``."""
    try:
        ask = view.asked()
        unit = view.find_unit(ask)
    except Refused as refused:
        view.refused(t("nav.staff"), refused)
        return
    view.head("staff", unit, ask)
    wanted = _filters(ask)
    number = places.number("n") or 1
    cut = replace(wanted, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    total, lines = view.prepared(("people_count", "people"), cut, _prepare)
    _list(lines, total, number)
    more = {"s": wanted.state, "post": wanted.post, "q": wanted.query}
    view.files(unit, wanted, ("people", "xlsx"), ("people", "csv"), ("overdue", "xlsx"), **more)


def _filters(ask: Ask) -> Ask:
    """Search, post and state; another choice begins at the first page."""
    offered = STATES if ask.day is None else PAST_STATES
    posts = {post.key: post.name for post in session.portal().library.catalogue.capabilities.posts}
    given = st.query_params.get("s", "")
    with st.container(horizontal=True):
        query = st.text_input(t("staff.search"), key="staff-query", max_chars=50)
        post = st.selectbox(
            t("staff.post"),
            ["", *posts],
            format_func=lambda k: posts[k].in_(session.locale()) if k in posts else t("staff.any"),
            key="staff-post",
        )
        state = st.selectbox(
            t("staff.state"),
            offered,
            index=offered.index(given) if given in offered else 0,
            format_func=lambda k: t(f"staff.state_{k}") if k else t("staff.any"),
            key=f"staff-state-{ask.day}",
        )
    chosen = (query, post, state, ask.unit_id, ask.day)
    before = session.recall("staff-asked", chosen)
    session.remember("staff-asked", chosen)
    if before != chosen and "n" in st.query_params:
        del st.query_params["n"]
    return replace(
        ask,
        query=query or "",
        post=post if post in posts else "",
        state=state if state in offered else "",
    )


def _prepare(_: UnitView, found: dict[str, Table]) -> tuple[int, str]:
    """How many people there are, and those of the page as Markdown."""
    table = found["people"]
    lines = "\n".join(f"- {_line(table, row)}" for row in table.rows)
    return found["people_count"].rows[0]["people"], lines


def _list(lines: str, total: int, number: int) -> None:
    st.caption(t("staff.found", n=f"{total:,}"))
    if not lines:
        st.info(t("staff.nobody"))
        return
    st.markdown(lines)
    pages = -(-total // A_PAGE)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            if number > 1 and st.button(t("staff.previous")):
                _turn(number - 1)
            st.markdown(t("staff.page", n=number, of=pages))
            if number < pages and st.button(t("staff.next")):
                _turn(number + 1)


def _line(table: Table, row: Mapping[str, Any]) -> str:
    """Two lines a person: who, and how things stand."""
    who = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
    where = " · ".join(render.escape(row[key]) for key in ("staff_no", "unit", "posts") if row[key])
    facts = [
        t("staff.courses", done=row["completed"], meant=row["meant"]),
        f"{view.column_name('hours')} {view.shown(table, row, 'hours')}",
    ]
    if row["overdue"]:
        facts.insert(0, f"**{t('staff.overdue', n=row['overdue'])}**")
    facts += [t(f"staff.state_{state}") for state in row["states"] if state != "overdue"]
    return f"{who} · {where}  \n  {' · '.join(facts)}"


def _turn(number: int) -> None:
    st.query_params["n"] = str(number)
    st.rerun()
