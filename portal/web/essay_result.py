"""What a learner sees of an essay's mark: points by criterion, comments, appeal."""

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


def find(item: ItemView) -> EssayResult | None:
    """The mark of a handed-in essay, given or awaited; None for every other item."""
    if not isinstance(item.question.body, Essay):
        return None
    return appeals.result_of(session.portal(), session.person(), item.attempt_id, item.position)


def show(item: ItemView, found: EssayResult) -> None:
    """Where the essay stands, what was written, and the rubric with what was reached."""
    course = item.question.course
    voided = item.grade is not None and item.grade.voided  # said below, with the reason
    if found.points is not None:
        most = sum(row.points for row in found.criteria)
        st.info(t("essay.marked", n=f"{sum(found.points):g}", most=f"{most:g}"))
    elif not voided:
        st.info(t("essay.waits"))
    render.show(feedback.written(item.response), course)
    render.show(_rubric(found), course)
    for comment in found.comments:
        st.markdown(f"**{t('essay.comment')}**")
        render.show(feedback.quoted(comment), course)


def appeal(item: ItemView, found: EssayResult) -> None:
    """The appeal against the mark and its answer, or the way to make one."""
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


# Private functions


def _rubric(found: EssayResult) -> str:
    """Criteria with what was reached of each; while the mark is awaited, what each is worth."""
    head = t("question.points") if found.points is None else t("essay.given")
    rows = [f"| {t('essay.criterion')} | {head} |", "| --- | --- |"]
    for n, row in enumerate(found.criteria):
        text = feedback.cell(row.text.in_(session.locale()))
        reached = "" if found.points is None else f"{found.points[n]:g} / "
        rows.append(f"| {text} | {reached}{row.points:g} |")
    return "\n".join(rows)
