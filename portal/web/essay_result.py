"""What a learner sees of a mark: points, comments, appeal; why an item was regraded."""

from __future__ import annotations

import streamlit as st

from portal.actions import appeals
from portal.actions.appeals import EssayResult
from portal.actions.attempts import ItemView
from portal.actions.errors import Refused
from portal.core.questions import Essay
from portal.core.times import parse_iso
from portal.web import feedback, render, session
from portal.web.session import t


def show(item: ItemView) -> None:
    """Everything beside the machine's grade, for the owner of a submitted attempt."""
    if item.grade is not None and item.grade.voided:
        st.info(t("essay.voided"))
    if item.decided:
        rows = appeals.reasons_of(
            session.portal(), session.person(), item.attempt_id, item.position
        )
        for row in rows:
            words = t(f"essay.was_{row['kind']}", day=session.day(parse_iso(row["at"])))
            st.caption(f"{words} {render.escape(t('impact.because', reason=row['reason']))}")
    if isinstance(item.question.body, Essay):
        found = appeals.result_of(
            session.portal(), session.person(), item.attempt_id, item.position
        )
        if found is not None:
            _essay(item, found)


# Private functions


def _essay(item: ItemView, found: EssayResult) -> None:
    if found.points is None:
        st.info(t("essay.waits"))
        return
    most = sum(row.points for row in found.criteria)
    st.markdown(f"**{t('essay.marked', n=f'{sum(found.points):g}', most=f'{most:g}')}**")
    rows = [f"| {t('essay.criterion')} | {t('essay.given')} |", "| --- | --- |"]
    for row, given in zip(found.criteria, found.points, strict=True):
        text = feedback.cell(row.text.in_(session.locale()))
        rows.append(f"| {text} | {given:g} / {row.points:g} |")
    render.show("\n".join(rows), item.question.course)
    for comment in found.comments:
        st.markdown(f"**{t('essay.comment')}**")
        render.show(feedback.quoted(comment), item.question.course)
    _appeal(item, found)


def _appeal(item: ItemView, found: EssayResult) -> None:
    at = f"{item.attempt_id}-{item.position}"
    if found.appeal is not None:
        row = found.appeal
        if row["answered_at"] is None:
            st.info(t("essay.appealed", day=session.day(parse_iso(row["at"]))))
            return
        st.info(t(f"essay.appeal_{row['outcome']}"))
        render.show(feedback.quoted(row["answer"]), item.question.course)
    elif found.may_appeal and st.toggle(t("essay.appeal"), key=f"appeal-{at}"):
        st.caption(t("essay.appeal_note"))
        with st.form(f"appeal-form-{at}", border=False):
            reason = st.text_area(t("essay.appeal_reason"), max_chars=appeals.LONGEST, height=100)
            sent = st.form_submit_button(t("essay.appeal_send"))
        if sent:
            try:
                appeals.appeal(
                    session.portal(),
                    session.person(),
                    item.attempt_id,
                    item.position,
                    reason or "",
                )
            except Refused as refused:
                st.warning(t(refused.key, **refused.args_by_name))
                return
            st.rerun()
