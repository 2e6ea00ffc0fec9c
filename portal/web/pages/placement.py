"""The placement: what it is, one question at a time, and where to start."""

from __future__ import annotations

from datetime import date

import streamlit as st

from portal.actions import next_steps, placement
from portal.actions.errors import NotAllowed, Refused
from portal.actions.placement import PlacementState
from portal.web import card, question, session, steps
from portal.web.session import t


def page() -> None:
    """Begins, goes on or shows what came out, whichever there is."""
    state = placement.state(session.portal(), session.person())
    st.title(t("nav.placement"))
    if not state.is_offered:
        st.info(t("error.no_placement"))
    elif state.state == "open" and state.set_id is not None:
        _running(state, state.set_id)
    elif state.state == "done":
        _result(state)
    else:
        _before()


def _before() -> None:
    st.write(t("placement.what"))
    st.markdown("\n".join(f"- {t(f'placement.rule_{n}')}" for n in (1, 2, 3)))
    _begin_button(t("placement.begin"))


def _begin_button(label: str) -> None:
    if not st.button(label, type="primary", key="begin-placement"):
        return
    try:
        placement.begin(session.portal(), session.person())
    except Refused as refused:
        st.warning(refused_words(refused))
        return
    st.rerun()


def refused_words(refused: Refused) -> str:
    """Why it cannot begin, with the day as people read it."""
    args = dict(refused.args_by_name)
    if "day" in args:
        args["day"] = session.day(date.fromisoformat(str(args["day"])))
    return t(refused.key, **args)


def _running(state: PlacementState, set_id: int) -> None:
    question.heal_after_reconnect()
    n = state.done + 1
    st.progress(n / state.total, text=t("practice.progress", n=n, count=state.total))
    try:
        one = placement.current(session.portal(), session.person(), set_id)
    except NotAllowed:
        one = None
    if one is None:
        st.rerun()
    card.ask_quietly(one)
    if state.done == 0:
        st.caption(t("placement.may_stop"))


def _result(state: PlacementState) -> None:
    st.write(t("placement.done", n=state.total))
    suggestions = next_steps.suggested_start(session.portal(), session.person())
    st.header(t("placement.start_with"))
    if suggestions:
        steps.show(suggestions)
    else:
        st.write(t("placement.nothing_left"))
    st.caption(t("placement.no_diagnosis"))
    if state.may_begin_at is None:
        _begin_button(t("placement.again"))
    else:
        st.caption(t("placement.again_from", day=session.day(state.may_begin_at)))
