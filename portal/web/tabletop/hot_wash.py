"""After play, with the facilitator: look back together, rate, plan, close."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from portal.actions import tabletop_close
from portal.actions.tabletop_views import RoomView
from portal.core.drills import RATINGS
from portal.web import confirming, drill_words, places, render, session
from portal.web.session import t
from portal.web.tabletop import deeds, parts


def show(view: RoomView) -> None:
    """Everybody's remarks, the ratings, the plan; closing makes them count."""
    st.header(t("tabletop.wash"))
    places.link("tabletop_lead", t("tabletop.to_screen"), r=str(view.run.id), s="1")
    remarks(view)
    st.header(t("tabletop.rate"))
    for at in range(len(view.judged)):
        _judged(view, at)
    _plan(view)
    portal, me, run_id = session.portal(), session.person(), view.run.id
    confirming.button(
        t("tabletop.close"),
        t("tabletop.close_means"),
        lambda: tabletop_close.close(portal, me, run_id),
        key="close",
    )


def remarks(view: RoomView) -> None:
    """What everybody has said, with the names of those who gave theirs."""
    for good in (True, False):
        st.subheader(t("tabletop.went_well" if good else "tabletop.to_change"))
        found = [one for one in view.room.remarks if one.is_good == good]
        lines = [
            f"- {render.escape(one.text)}"
            + (
                f" — {render.escape(view.names.get(one.person_id, ''))}"
                if one.person_id is not None
                else ""
            )
            for one in found
        ]
        st.markdown("\n".join(lines) or t("tabletop.no_remarks"))


# Private functions


def _judged(view: RoomView, at: int) -> None:
    locale, one, how = session.locale(), view.judged[at], view.room.decided[at]
    title = f"{at + 1}. {render.label(one.decision.title.in_(locale))}"
    with st.expander(f"{title} — {drill_words.rating(one.rating)}"):
        render.show(drill_words.judged(one, locale, is_mine=False), view.drill.course)
        words = {n: option.text.in_(locale) for n, option in enumerate(one.decision.options)}
        st.markdown(parts.said(dict(how.votes), dict(view.names), words))
        rating = st.radio(
            t("drill.rating"),
            list(RATINGS),
            index=RATINGS.index(one.rating),
            format_func=drill_words.rating,
            key=f"rating-{at}",
            horizontal=True,
        )
        reason = st.text_input(
            t("tabletop.reason"),
            value=view.room.reasons.get(at, ""),
            max_chars=300,
            key=f"reason-{at}",
        )
        deeds.button(
            t("tabletop.save_rating"),
            tabletop_close.rate,
            view,
            at,
            rating,
            reason or "",
            key=f"rate-{at}",
        )
        comment = st.text_input(
            t("tabletop.comment"),
            value=view.room.comments.get(at, ""),
            max_chars=300,
            key=f"comment-{at}",
        )
        deeds.button(
            t("tabletop.save_comment"),
            tabletop_close.comment,
            view,
            at,
            comment or "",
            key=f"say-{at}",
        )


def _plan(view: RoomView) -> None:
    locale = session.locale()
    objectives = {one.key: one.title.in_(locale) for one in view.drill.objectives}
    st.header(t("drill.plan"))
    for one in view.room.plans:
        owner = one.owner or view.names.get(one.owner_id or 0, "")
        st.markdown(
            f"**{render.escape(one.text)}** · {render.escape(owner)} · {session.day(one.due_on)}"
        )
        deeds.button(
            t("tabletop.unplan"),
            tabletop_close.unplan,
            view,
            one.number,
            key=f"unplan-{one.number}",
        )
    n = len(view.room.plans)
    objective = st.selectbox(
        t("drill.objective"),
        list(objectives),
        format_func=lambda key: objectives[key],
        key=f"plan-objective-{n}",
    )
    text = st.text_input(t("tabletop.plan_text"), max_chars=300, key=f"plan-text-{n}")
    owners = {one.person_id: one.name for one in view.people}
    owner_id = st.selectbox(
        t("tabletop.owner"),
        list(owners),
        index=None,
        format_func=lambda key: owners[key],
        placeholder=t("tabletop.owner_typed"),
        key=f"plan-owner-{n}",
    )
    name = st.text_input(t("tabletop.owner_name"), max_chars=40, key=f"plan-name-{n}")
    due = st.date_input(
        t("drill.until"),
        value=(session.portal().now() + timedelta(days=14)).date(),
        key=f"plan-due-{n}",
    )
    deeds.button(
        t("tabletop.add_plan"),
        tabletop_close.plan,
        view,
        objective,
        text or "",
        owner_id,
        name or "",
        due,
        key=f"plan-add-{n}",
    )
