"""The list of people: search, a unit, a page at a time; one of them opened."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import people as actions
from portal.web import render, session, unit_picker, unit_way
from portal.web.pages.people import parts
from portal.web.pages.people.person import person
from portal.web.session import t

A_PAGE = 20


def listing() -> None:
    """Who fits, by staff number."""
    with st.container(horizontal=True):
        query = st.text_input(t("people.search"), key="people-query", max_chars=50)
        with st.container():
            unit_id = unit_picker.pick(t("people.in_unit"), "people-unit")
    offset = _offset((query, unit_id))
    found = actions.list_people(
        session.portal(), session.person(), unit_id, query, limit=A_PAGE, offset=offset
    )
    st.caption(t("people.found", n=f"{found.total:,}"))
    for row in found.rows:
        _row(row)
    if not found.rows:
        st.info(t("people.nobody"))
    _turn(offset, found.total)


def _offset(asked: tuple[str, int | None]) -> int:
    """Where the page begins; another question begins at the top."""
    if session.recall("people-asked") != asked:
        session.remember("people-asked", asked)
        session.remember("people-offset", 0)
    return int(session.recall("people-offset", 0))


def _turn(offset: int, total: int) -> None:
    with st.container(horizontal=True):
        if offset:
            st.button(
                t("quiz.previous_page"),
                on_click=session.remember,
                args=("people-offset", max(0, offset - A_PAGE)),
            )
        if offset + A_PAGE < total:
            st.button(
                t("quiz.next_page"),
                on_click=session.remember,
                args=("people-offset", offset + A_PAGE),
            )


def _row(row: dict[str, Any]) -> None:
    opened = session.recall("people-open") == row["id"]
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{render.escape(row['name'])}**", width="content")
            st.button(
                t("people.close") if opened else t("people.change"),
                key=f"open-{row['id']}",
                type="tertiary",
                on_click=session.remember,
                args=("people-open", None if opened else row["id"]),
            )
        st.caption(render.escape(" · ".join(_facts(row))))
        if opened:
            person(row)


def _facts(row: dict[str, Any]) -> list[str]:
    names = parts.post_names()
    facts = [
        row["staff_no"],
        unit_way.in_locale(row["unit_name"], row["unit_name_en"]) or t("people.no_unit"),
        *(names.get(post, post) for post in row["posts"]),
        *(t(f"people.role_{role}") for role, _ in row["roles"]),
        t("people.is_disabled") if row["disabled"] else "",
    ]
    return [str(fact) for fact in facts if fact]
