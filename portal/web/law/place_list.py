"""The places that cite a changed statute: look, judge one, judge many."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.actions import law_reviewing
from portal.actions.errors import Refused
from portal.actions.law_reviewing import LONGEST_REASON, STATES, ChangeView, Place
from portal.web import places, render, session, views
from portal.web.law import wording
from portal.web.session import t

A_PAGE = 10
_COLOUR = {"open": "orange", "changed": "blue", "unchanged": "green", "gone": "gray"}
_SAID = "laws.said"
_TURN = "laws.turn"


def show(view: ChangeView) -> None:
    """The filter, a page of places, and the form that judges those that are ticked."""
    counts = view.counts
    shown = [state for state in STATES if counts[state]]
    if not shown:
        return
    state = views.choose(
        t("laws.state"),
        shown,
        lambda name: t(f"laws.state_{name}_n", n=counts[name]),
        key=f"laws-state-{view.change['id']}",
    )
    chosen = [one for one in view.places if one.state == state]
    number = min(places.number("page") or 0, (len(chosen) - 1) // A_PAGE if chosen else 0)
    here = chosen[number * A_PAGE : (number + 1) * A_PAGE]
    said = session.recall(_SAID)
    if said:
        st.success(said)
        session.forget(_SAID)
    turn = session.recall(_TURN, 0)
    ticked = [one for one in here if _place(one, f"{view.change['id']}-{turn}")]
    _turn_pages(view, number, len(chosen))
    if state != "gone":
        _judge(view, ticked, chosen)


# Private functions


def _place(place: Place, key: str) -> bool:
    """One card; True when it is ticked."""
    with st.container(border=True):
        ticked = st.checkbox(
            render.escape(wording.title(place)),
            key=f"place-{key}-{place.kind}-{place.id}",
            disabled=place.state == "gone",
        )
        words = [f":{_COLOUR[place.state]}[{t(f'laws.state_{place.state}')}]"]
        if place.at is not None and place.state != "gone":
            by = t("laws.by", name=place.reviewer, day=session.day(place.at))
            words.append(render.escape(by))
        if place.reason:
            words.append(render.escape(place.reason))
        if place.edited:
            words.append(t("laws.edited"))
        st.markdown(f"{render.escape(wording.articles(place))}  \n:small[{' · '.join(words)}]")
        _link(place)
    return ticked


def _link(place: Place) -> None:
    if place.state == "gone":
        return
    if place.kind == "question":
        places.link("items", t("laws.open"), key=f"q-{place.id}", id=place.id)
        return
    page, name = wording.PAGE_OF[place.kind]
    places.link(page, t("laws.open"), key=f"{place.kind}-{place.id}", **{name: place.id})


def _turn_pages(view: ChangeView, number: int, total: int) -> None:
    change = str(view.change["id"])
    with st.container(horizontal=True):
        if number:
            places.link("laws", t("laws.earlier"), key="earlier", id=change, page=str(number - 1))
        if total > (number + 1) * A_PAGE:
            places.link("laws", t("laws.further"), key="further", id=change, page=str(number + 1))


def _judge(view: ChangeView, ticked: Sequence[Place], chosen: Sequence[Place]) -> None:
    change_id = view.change["id"]
    st.header(t("laws.judge"))
    everything = len(chosen) > 1 and st.checkbox(
        t("laws.all_of_them", n=len(chosen)), key=f"all-{change_id}"
    )
    wanted = chosen if everything else ticked
    verdict = st.radio(
        t("laws.verdict"),
        ["unchanged", "changed", "open"],
        format_func=lambda name: t(f"laws.verdict_{name}"),
        key=f"verdict-{change_id}",
    )
    reason = st.text_area(
        t("laws.reason"), max_chars=LONGEST_REASON, height=80, key=f"reason-{change_id}"
    )
    pressed = st.button(
        t("laws.save", n=len(wanted)), type="primary", disabled=not wanted, key=f"save-{change_id}"
    )
    if not pressed:
        return
    keys = [one.key for one in wanted]
    try:
        saved = law_reviewing.judge(
            session.portal(), session.person(), change_id, keys, str(verdict), reason or ""
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    session.remember(_SAID, t("laws.saved", n=saved))
    session.remember(_TURN, session.recall(_TURN, 0) + 1)
    st.rerun()
