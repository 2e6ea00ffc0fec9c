"""For trainers: what staff say is wrong with a question, and the answer they get."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import streamlit as st

from portal.actions import question_reports
from portal.actions.errors import Refused
from portal.actions.question_reports import A_PAGE, OUTCOMES
from portal.core.questions import Question
from portal.core.times import parse_iso
from portal.web import feedback, places, render, session, views
from portal.web.session import t


def page() -> None:
    """Open reports by question, then those answered; a page at a time."""
    st.title(t("nav.question_reports"))
    view = views.choose(
        t("question_reports.view"),
        ["open", "answered"],
        lambda name: t(f"question_reports.{name}"),
        key="question-reports-view",
    )
    number = places.number("page") or 0
    found = question_reports.queue(
        session.portal(), session.person(), answered=view == "answered", page=number
    )
    if not found.rows:
        st.info(t(f"question_reports.none_{view}"))
    for row, question in found.rows:
        _report(row, question)
    with st.container(horizontal=True):
        if number:
            places.link("question_reports", t("question_reports.newer"), page=str(number - 1))
        if found.total > (number + 1) * A_PAGE:
            places.link("question_reports", t("question_reports.further"), page=str(number + 1))


def _report(row: dict[str, Any], question: Question) -> None:
    with st.container(border=True):
        title = render.label(question.title.in_(session.locale()))
        st.markdown(f"**{title}**")
        words = [t(f"question_reports.reason_{row['reason']}"), session.day(parse_iso(row["at"]))]
        if row["same"] > 1 and not row["answered_at"]:
            words.append(t("question_reports.same", n=row["same"]))
        st.caption(" · ".join(words))
        if row["text"]:
            st.markdown(f"> {render.escape(row['text'])}")
        st.markdown(f"[{t('question_reports.figures')}](/items?id={quote(row['question_id'])})")
        if st.toggle(t("question_reports.show"), key=f"report-question-{row['id']}"):
            render.show(feedback.stem(question), question.course)
            render.show(feedback.key(question), question.course)
            current = session.portal().library.catalogue.versions.get(row["question_id"])
            if current != row["version"]:
                st.caption(t("question_reports.older"))
        if row["answered_at"]:
            said = render.escape(row["answer"])
            outcome = row["outcome"]
            st.markdown(f"**{t(f'question_reports.outcome_{outcome}')}** {said}")
        else:
            _answer(row)


def _answer(row: dict[str, Any]) -> None:
    with st.form(f"answer-report-{row['id']}", border=False):
        outcome = st.radio(
            t("question_reports.outcome"),
            OUTCOMES,
            format_func=lambda name: t(f"question_reports.outcome_{name}"),
            horizontal=True,
        )
        words = st.text_area(
            t("question_reports.why"), max_chars=question_reports.LONGEST, height=80
        )
        everyone = row["same"] > 1 and st.checkbox(
            t("question_reports.all_open", n=row["same"]), value=True
        )
        if not st.form_submit_button(t("question_reports.send")):
            return
    try:
        question_reports.answer(
            session.portal(),
            session.person(),
            row["id"],
            str(outcome),
            words or "",
            all_open=bool(everyone),
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.rerun()
