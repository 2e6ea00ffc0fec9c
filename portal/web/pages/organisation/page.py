"""``?u=<unit id>``: a unit, what is above and below it, and what can be done with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import unit_lists
from portal.actions import units as actions
from portal.actions.errors import Refused
from portal.actions.unit_lists import UnitPage
from portal.web import data, notices, places, render, session, unit_picker
from portal.web.pages.organisation.tasks import tasks
from portal.web.session import t

A_PAGE = 30


def page() -> None:
    """The unit asked for; without one, the top of the tree."""
    st.title(t("nav.organisation"))
    notices.show()
    unit_id = places.number("u")
    closed = bool(session.recall("org-closed"))
    offset = _offset((unit_id, closed))
    me = session.person()
    try:
        seen = data.figures(
            ("organisation", me.id, me.role_names, unit_id, closed, offset),
            lambda: unit_lists.unit_page(
                session.portal(), me, unit_id, closed=closed, limit=A_PAGE, offset=offset
            ),
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        places.link("organisation", t("organisation.top"), u="")
        return
    _search()
    _trail(seen)
    if seen.unit is not None:
        _unit(seen)
    _below(seen, offset)
    st.toggle(t("organisation.closed_too"), key="org-closed")
    tasks(seen.unit)


def _offset(asked: tuple[int | None, bool]) -> int:
    if session.recall("org-asked") != asked:
        session.remember("org-asked", asked)
        session.remember("org-offset", 0)
    return int(session.recall("org-offset", 0))


def _search() -> None:
    query = st.text_input(
        t("organisation.search"),
        max_chars=60,
        placeholder=t("unit_picker.hint"),
        key="org-query",
    )
    if not query.strip():
        return
    found = actions.search_units(session.portal(), session.person(), query, limit=10)
    if not found:
        st.caption(t("unit_picker.none"))
    for row in found:
        words = unit_picker.full_name(row)
        if row["closed_at"] is not None:
            words = f"{words} · {t('organisation.is_closed')}"
        places.link("organisation", render.escape(words), u=str(row["id"]))


def _trail(seen: UnitPage) -> None:
    if seen.unit is None:
        return
    with st.container(horizontal=True):
        places.link("organisation", f"{t('organisation.top')} ▸", u="")
        for upper in seen.above:
            words = f"{render.escape(unit_picker.name(upper))} ▸"
            places.link("organisation", words, u=str(upper["id"]))


def _unit(seen: UnitPage) -> None:
    unit = seen.unit
    assert unit is not None
    st.header(render.escape(unit_picker.name(unit)))
    facts = [t(f"people.kind_{unit['kind']}"), t("organisation.people", n=f"{unit['people']:,}")]
    if unit["code"]:
        facts.append(t("organisation.code_is", code=unit["code"]))
    st.caption(render.escape(" · ".join(facts)))
    if unit["closed_at"] is not None:
        st.info(t("organisation.closed_means"))
    if seen.successor is not None:
        words = t("organisation.merged_into", name=unit_picker.name(seen.successor))
        places.link("organisation", render.escape(words), u=str(seen.successor["id"]))


def _below(seen: UnitPage, offset: int) -> None:
    if not seen.total:
        if seen.unit is None:
            st.info(t("organisation.none"))
        return
    st.markdown(t("organisation.below", n=seen.total))
    for row in seen.below:
        _line(row)
    with st.container(horizontal=True):
        for key, place, there in (
            ("quiz.previous_page", offset - A_PAGE, offset > 0),
            ("quiz.next_page", offset + A_PAGE, offset + A_PAGE < seen.total),
        ):
            if there:
                st.button(t(key), on_click=session.remember, args=("org-offset", max(place, 0)))


def _line(row: dict[str, Any]) -> None:
    facts = [
        unit_picker.name(row),
        t(f"people.kind_{row['kind']}"),
        t("organisation.people", n=f"{row['people']:,}"),
        t("organisation.is_closed") if row["closed_at"] is not None else "",
    ]
    words = " · ".join(fact for fact in facts if fact)
    places.link("organisation", render.escape(words), u=str(row["id"]))
