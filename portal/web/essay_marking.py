"""One essay to mark: the rubric beside the answer, points by criterion, a comment."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.actions import appeals, marking
from portal.actions.errors import Refused
from portal.actions.marking import EssayView
from portal.core.marking import criteria, maximum
from portal.core.times import parse_iso
from portal.web import feedback, places, render, session
from portal.web.session import t


def show(view: EssayView) -> None:
    """Question and answer beside the rubric with its inputs; below each other on a phone."""
    places.link("marking", t("marking.back"), p="0")
    st.caption(t("marking.second_blind") if view.stage == "second" else t("marking.blind"))
    left, right = st.columns([3, 2])
    with left:
        st.subheader(t("marking.question"))
        render.show(feedback.stem(view.question), view.question.course)
        st.subheader(t("marking.answer"))
        with st.container(border=True):
            render.show(feedback.quoted(view.answer), view.question.course)
        if view.question.explanation:
            render.show(feedback.reasons(view.question), view.question.course)
    with right:
        _others(view)
        points, comment = _inputs(view)
        _keep(view, points, comment)
        _buttons(view, points, comment)


# Private functions


def _others(view: EssayView) -> None:
    """Marks that may be seen: two that differ, or the one that is appealed against."""
    if view.appeal is not None:
        st.markdown(f"**{t('marking.appealed')}**")
        render.show(feedback.quoted(view.appeal["reason"]), view.question.course)
    elif view.others:
        st.warning(t("marking.settle"))
    for n, row in enumerate(view.others, 1):
        points = " + ".join(f"{one:g}" for one in row["points"])
        words = render.escape(row["comment"])
        st.write(
            t("marking.mark_of", n=n, points=points, total=f"{sum(row['points']):g}", comment=words)
        )
    if view.appeal is None and any(r["marker_id"] == session.person().id for r in view.others):
        st.caption(t("marking.agree_note"))


def _inputs(view: EssayView) -> tuple[list[float | None], str]:
    at = f"{view.attempt_id}-{view.position}"
    points: list[float | None] = []
    for n, row in enumerate(criteria(view.question)):
        text = render.label(row.text.in_(session.locale()))
        points.append(
            st.number_input(
                t("marking.points", text=text, most=f"{row.points:g}"),
                min_value=0.0,
                max_value=float(row.points),
                value=view.points[n] if n < len(view.points) else None,
                step=0.5,
                format="%g",
                key=f"points-{at}-{n}",
            )
        )
    total = sum(one for one in points if one is not None)
    st.write(t("marking.total", n=f"{total:g}", most=f"{maximum(view.question):g}"))
    label = t("marking.answer_words") if view.appeal is not None else t("marking.comment")
    comment = st.text_area(
        label, value=view.comment, max_chars=marking.LONGEST, height=140, key=f"comment-{at}"
    )
    return points, comment or ""


def _keep(view: EssayView, points: list[float | None], comment: str) -> None:
    """Save what differs from the draft; say so only of what is stored."""
    saved_at = view.saved_at
    if (tuple(points), comment) != (view.points, view.comment):
        try:
            saved_at = marking.keep_draft(
                session.portal(), session.person(), view.attempt_id, view.position, points, comment
            )
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
            return
    if saved_at:
        st.caption(t("marking.saved", time=session.clock(parse_iso(saved_at))))


def _buttons(view: EssayView, points: list[float | None], comment: str) -> None:
    portal, me = session.portal(), session.person()
    at = (view.attempt_id, view.position)
    with st.container(horizontal=True):
        if view.appeal is not None:
            if st.button(t("marking.answer_appeal"), type="primary"):
                _do(lambda: appeals.answer(portal, me, *at, points, comment))
        elif st.button(t("marking.give"), type="primary"):
            _do(lambda: marking.give(portal, me, *at, points, comment))
        if st.button(t("marking.put_back")):
            marking.put_back(portal, me, *at)
            _leave()


def _do(deed: Callable[[], str]) -> None:
    try:
        outcome = deed()
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    session.remember("marking.done", outcome)
    _leave()


def _leave() -> None:
    st.query_params.clear()
    st.rerun()
