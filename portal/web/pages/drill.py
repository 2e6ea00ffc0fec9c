"""One drill: the briefing, the run against the server's clock, the after-action report."""

from __future__ import annotations

import math

import streamlit as st

from portal.actions import drill_reports, drill_runs
from portal.actions.drill_views import RunView
from portal.actions.errors import Refused
from portal.core.drills import Drill
from portal.web import drill_report, drill_words, places, render, session
from portal.web.session import t

LOOK_EVERY_S = 3  # how often an open page asks what has arrived
HURRY_S = 15
_NOTE = "drill.note"
_RUN = "drill.run"


def page() -> None:
    """``?d=<drill id>``; ``&r=<run id>`` shows the report of a finished run."""
    portal, me = session.portal(), session.person()
    drill_id, run_id = st.query_params.get("d", ""), places.number("r")
    try:
        if run_id is not None:
            drill_report.show(drill_reports.after_action(portal, me, run_id))
            return
        open_run = drill_runs.find_open(portal, me, drill_id)
        if open_run is not None:
            _running(drill_runs.visit(portal, me, open_run))
            return
        _to_report_of_what_just_ended(drill_id)
    except Refused as refused:
        st.title(t("nav.drill"))
        st.warning(t(refused.key, **refused.args_by_name))
        places.link("drills", t("drill.all"))
        return
    drill = portal.library.catalogue.drills.get(drill_id)
    if drill is None:
        st.title(t("nav.drill"))
        st.info(t("common.not_found"))
        places.link("drills", t("drill.all"))
    else:
        _briefing(drill)


# Private functions


def _briefing(drill: Drill) -> None:
    locale = session.locale()
    places.link("drills", f"‹ {t('drill.all')}")
    st.title(render.label(drill.title.in_(locale)))
    if session.recall(_NOTE) == "drill.left":
        session.forget(_NOTE)
        st.info(t("drill.left"))
    if locale == "en" and not drill.has_english:
        st.caption(t("common.only_chinese"))
    role = render.escape(drill.role.in_(locale))
    st.markdown(t("drill.you_are", role=role, minutes=drill.minutes))
    if drill.intro.zh:
        render.show(drill.intro.in_(locale), drill.course)
    if st.button(t("drill.begin"), type="primary", key="begin"):
        try:
            drill_runs.begin(session.portal(), session.person(), drill.id)
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
            return
        st.rerun()
    st.header(t("drill.objectives"))
    st.markdown(drill_words.goals(drill, locale))
    st.header(t("drill.how"))
    rules = ["how_news", "how_clock", "how_lost", "how_report"]
    st.markdown("\n".join(f"- {t(f'drill.{rule}')}" for rule in rules))


def _running(view: RunView) -> None:
    if view.state.is_over:  # time was up on the last decision while nobody looked
        _to_report(view)
    session.remember(_RUN, view.run.id)
    locale = session.locale()
    st.title(render.label(view.drill.title.in_(locale)))
    _notes(view)
    if view.board:
        st.markdown(drill_words.board(view.board, locale))
    st.header(render.label(view.scene.title.in_(locale)))
    if view.is_first:
        render.show(view.scene.text.in_(locale), view.drill.course)
    _news(view.run.id, view.state.step)
    _decide(view.run.id, view.state.step)
    with st.expander(t("drill.stop")):
        st.caption(t("drill.stop_means"))
        if st.button(t("drill.stop_now"), key="stop"):
            drill_runs.stop(session.portal(), session.person(), view.run.id)
            session.forget(_RUN)
            # no leaving for another page: a look of ``_news`` that comes in between would win
            session.remember(_NOTE, "drill.left")
            st.rerun()


def _notes(view: RunView) -> None:
    """What has to be said once: time was up, time was given back, the comment on the last step."""
    note = session.recall(_NOTE)
    session.forget(_NOTE)
    if note:
        st.warning(t(note))
    elif view.last_by_clock:
        st.warning(t("drill.time_was_up"))
    if view.given_back:
        st.info(t("drill.given_back"))
    if view.last is not None:
        with st.container(border=True):
            st.markdown(f"**{render.escape(view.last.decision.title.in_(session.locale()))}**")
            render.show(
                drill_words.judged(view.last, session.locale(), is_mine=True), view.drill.course
            )


@st.fragment(run_every=LOOK_EVERY_S)
def _news(run_id: int, step: str) -> None:
    """What has arrived by now and how much time is left; light, for it runs again and again."""
    try:
        view = drill_runs.visit(session.portal(), session.arrive(), run_id)
    except Refused:
        st.rerun()
    if view.state.step != step or view.state.is_over:
        st.rerun()
    locale = session.locale()
    _time_left(view)
    news = "\n\n".join(drill_words.inject(one, locale) for one in view.arrived)
    if news:
        render.show(news, view.drill.course)
    elif view.next_inject is not None:
        st.caption(t("drill.no_news"))


def _time_left(view: RunView) -> None:
    left, decision = view.seconds_left, view.decision
    if left is None or decision is None:
        st.caption(t("drill.no_limit"))
        return
    words = t("drill.hurry" if left <= HURRY_S else "drill.time_left", n=math.ceil(left))
    st.progress(min(left / decision.seconds, 1.0), text=words)


@st.fragment
def _decide(run_id: int, step: str) -> None:
    """The decision, its options in this run's order; nothing is taken before it is confirmed."""
    try:
        view = drill_runs.visit(session.portal(), session.arrive(), run_id)
    except Refused:
        st.rerun()
    if view.decision is None or view.state.step != step:
        st.rerun()
    locale = session.locale()
    decision = view.decision
    st.subheader(render.label(decision.title.in_(locale)))
    if decision.text.zh:
        render.show(decision.text.in_(locale), view.drill.course)
    words = {choice.position: choice.text.in_(locale) for choice in view.choices}
    chosen = st.radio(
        t("drill.choose"),
        list(words),
        index=None,
        format_func=lambda at: render.escape(words[at]),
        key=f"choice-{run_id}-{len(view.state.taken)}",
        label_visibility="collapsed",
    )
    if st.button(t("drill.do_it"), type="primary", key=f"do-{run_id}-{len(view.state.taken)}"):
        if chosen not in words:
            st.warning(t("drill.choose_first"))
            return
        try:
            drill_runs.choose(session.portal(), session.person(), run_id, decision.id, chosen)
        except Refused as refused:
            session.remember(_NOTE, refused.key)
        st.rerun()


def _to_report_of_what_just_ended(drill_id: str) -> None:
    """A run that this page was playing a moment ago has ended: its report comes next."""
    run_id = session.recall(_RUN)
    session.forget(_RUN)
    if run_id is None:
        return
    view = drill_runs.visit(session.portal(), session.person(), run_id)
    if view.drill.id == drill_id and view.run.outcome == "finished":
        _to_report(view)


def _to_report(view: RunView) -> None:
    st.query_params.from_dict({"d": view.drill.id, "r": str(view.run.id)})
    st.rerun()
