"""The way to say that a question is wrong, beside its result; and the answers one got."""

from __future__ import annotations

import streamlit as st

from portal.actions import notifications, question_reports
from portal.actions.attempts import ItemView
from portal.actions.errors import Refused
from portal.actions.question_reports import LONGEST, REASONS
from portal.core.times import parse_iso
from portal.web import render, session
from portal.web.session import t

_OPEN = "portal.reporting"


@st.fragment
def offer(item: ItemView) -> None:
    """One small button; the form comes when it is wanted, so that a result costs no more."""
    here = (item.attempt_id, item.position)
    if session.recall(_OPEN) != here:
        st.button(
            t("reporting.wrong"),
            key=f"report-{here[0]}-{here[1]}",
            type="tertiary",
            on_click=session.remember,
            args=(_OPEN, here),
        )
        return
    with st.form(f"report-form-{here[0]}-{here[1]}"):
        reason = st.radio(
            t("reporting.what"), REASONS, format_func=lambda name: t(f"reporting.reason_{name}")
        )
        words = st.text_area(t("reporting.words"), max_chars=LONGEST, height=80)
        with st.container(horizontal=True):
            sent = st.form_submit_button(t("reporting.send"), type="primary")
            dropped = st.form_submit_button(t("reporting.drop"))
    if dropped:
        session.forget(_OPEN)
        st.rerun(scope="fragment")
    if sent:
        _send(item, str(reason), words or "")


def mine() -> None:
    """What I reported and what became of it; nothing when I never did."""
    found = question_reports.mine(session.portal(), session.person())
    if not found:
        return
    st.header(t("reporting.mine"))
    notifications.note_opened(session.portal(), session.person(), ("report",))
    for row, question in found:
        title = render.label(question.title.in_(session.locale()))
        day = session.day(parse_iso(row["at"]))
        if row["answered_at"]:
            outcome = t(f"reporting.outcome_{row['outcome']}")
            st.markdown(f"**{title}** · {day}  \n{outcome} {render.escape(row['answer'])}")
        else:
            st.markdown(f"**{title}** · {day}  \n{t('reporting.waiting')}")


# Private functions


def _send(item: ItemView, reason: str, words: str) -> None:
    try:
        question_reports.report(
            session.portal(), session.arrive(), item.attempt_id, item.position, reason, words
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    session.forget(_OPEN)
    st.success(t("reporting.sent"))
