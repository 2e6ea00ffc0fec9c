"""For administrators: answer with reasons what people question about their profile."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import capability_questions as questions
from portal.actions.errors import Refused
from portal.core.times import parse_iso
from portal.web import places, render, session
from portal.web.session import t

EVIDENCE_SHOWN = 60


def page() -> None:
    """``?n=<id>`` opens one question; without it, those that wait."""
    st.title(t("nav.capability-questions"))
    number = places.number("n")
    try:
        if number is not None:
            _case(number)
        else:
            _list()
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))


def _list() -> None:
    portal, me = session.portal(), session.person()
    st.header(t("capability.questions_waiting"))
    waiting = questions.waiting(portal, me)
    if not waiting:
        st.caption(t("capability.questions_none"))
    for row in waiting:
        _link(row)
    st.header(t("capability.questions_answered"))
    offset = int(session.recall("questions-offset", 0))
    answered = questions.answered(portal, me, offset)
    if not answered:
        st.caption(t("capability.questions_none_answered"))
    for row in answered:
        _link(row)
    with st.container(horizontal=True):
        if offset and st.button(t("capability.questions_newest")):
            session.remember("questions-offset", 0)
            st.rerun()
        if len(answered) == questions.SHOWN and st.button(t("capability.questions_older")):
            session.remember("questions-offset", offset + questions.SHOWN)
            st.rerun()


def _link(row: dict[str, Any]) -> None:
    label = f"{row['person_name']} · {_name(row['capability'])}"
    asked = t("capability.asked_on", day=session.day(parse_iso(row["asked_at"])))
    places.link("capability-questions", render.escape(label), note=asked, n=str(row["id"]))


def _name(key: str) -> str:
    if not key:
        return t("capability.all_of_it")
    model = session.portal().library.catalogue.capabilities
    found = [one.name.in_(session.locale()) for one in model.capabilities if one.key == key]
    return found[0] if found else key


def _case(number: int) -> None:
    case = questions.case(session.portal(), session.person(), number)
    row = case.question
    name = t("capability.person", name=row["person_name"], number=row["staff_no"])
    st.header(render.escape(f"{name} · {_name(row['capability'])}"))
    st.caption(t("capability.asked_on", day=session.day(parse_iso(row["asked_at"]))))
    st.markdown(render.escape(row["text"]))
    if row["answered_at"] is not None:
        day = session.day(parse_iso(row["answered_at"]))
        st.markdown(t(f"capability.outcome_{row['outcome']}", day=day))
        st.markdown(render.escape(row["answer"]))
    elif row["person_id"] == session.person().id:
        st.caption(t("capability.not_ones_own"))
    else:
        _answer(case)
    places.link("capability-questions", t("capability.questions_all"))


def _answer(case: questions.Case) -> None:
    shown = int(session.recall(f"evidence-{case.question['id']}", EVIDENCE_SHOWN))
    rows = case.evidence[:shown]
    words = {row["id"]: _evidence_words(row) for row in rows}
    with st.form("answer"):
        taken = st.multiselect(
            t("capability.take_out"),
            list(words),
            format_func=lambda key: words[key],
            placeholder=t("capability.take_out_none"),
        )
        st.caption(t("capability.take_out_means"))
        text = st.text_area(t("capability.answer_text"), max_chars=questions.MAX_TEXT)
        if st.form_submit_button(t("capability.answer_send"), type="primary"):
            try:
                questions.answer(
                    session.portal(),
                    session.person(),
                    case.question["id"],
                    "corrected" if taken else "stands",
                    text,
                    taken,
                )
            except Refused as refused:
                st.error(t(refused.key, **refused.args_by_name))
            else:
                st.rerun()
    st.caption(t("capability.evidence_of", n=len(case.evidence)))
    st.markdown("\n".join(f"- {render.escape(word)}" for word in words.values()))
    if shown < len(case.evidence) and st.button(t("capability.evidence_more")):
        session.remember(f"evidence-{case.question['id']}", shown + EVIDENCE_SHOWN)
        st.rerun()


def _evidence_words(row: dict[str, Any]) -> str:
    titles = questions.titles_of(session.portal(), row)
    return t(
        "capability.evidence_line",
        day=session.day(parse_iso(row["at"])),
        capability=_name(row["capability"]),
        kind=t(f"capability.from_{row['kind']}"),
        title=" · ".join(title.in_(session.locale()) for title in titles),
        x=f"{row['x']:.0%}",
        w=f"{row['w']:.2f}",
    )
