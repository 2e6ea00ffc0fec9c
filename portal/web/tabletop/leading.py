"""What a facilitator sees and does before and while a room plays."""

from __future__ import annotations

import streamlit as st

from portal.actions import tabletop_lead
from portal.actions.tabletop_views import RoomView
from portal.core import tabletop_rules as rules
from portal.core.drills import ROLES
from portal.web import confirming, drill_words, places, render, session
from portal.web.session import t
from portal.web.tabletop import deeds, entrance, parts


def lobby(view: RoomView) -> None:
    """Who has come; how the room decides; begin."""
    entrance.show(view)
    _ways(view)
    st.header(t("tabletop.who", n=len(view.people)))
    parts.people(view)
    with st.container(horizontal=True):
        deeds.button(t("tabletop.begin"), tabletop_lead.begin, view, key="begin", is_next=True)
        places.link("tabletop_lead", t("tabletop.to_screen"), r=str(view.run.id), s="1")
    _stop(view)


def play(view: RoomView) -> None:
    """The situation and what is voted, beside it notes, news and people."""
    left, right = st.columns([3, 2])
    with left:
        parts.situation(view)
        _votes(view)
    with right:
        if view.room.paused_at is None:
            deeds.button(t("tabletop.pause"), tabletop_lead.pause, view, key="pause")
        elif not view.room.tie:
            deeds.button(t("tabletop.resume"), tabletop_lead.resume, view, key="resume")
        _notes(view)
        _news(view)
        st.subheader(t("tabletop.who", n=len(view.people)))
        parts.people(view)
        st.caption(t("tabletop.code_short", code=view.glance.code))
        _ways(view)
        _stop(view)


# Private functions


def _ways(view: RoomView) -> None:
    room = view.room  # the keys change with it, lest another tab's change be taken back
    by_vote = st.toggle(t("tabletop.by_vote"), room.by_vote, key=f"vote-{room.by_vote}")
    by_hand = st.toggle(t("tabletop.by_hand"), room.by_hand, key=f"hand-{room.by_hand}")
    if (by_vote, by_hand) != (view.room.by_vote, view.room.by_hand):
        deeds.attempt(
            lambda: tabletop_lead.set_ways(
                session.portal(), session.person(), view.run.id, by_vote=by_vote, by_hand=by_hand
            )
        )


def _votes(view: RoomView) -> None:
    decision, locale, step = view.decision, session.locale(), view.room.step
    if decision is None:
        return
    st.subheader(render.label(decision.title.in_(locale)))
    parts.question(view)
    words = {one.position: one.text.in_(locale) for one in view.choices}
    counts = dict(rules.tally(view.room.votes))
    st.markdown(
        "\n".join(
            f"- {render.escape(text)} **{counts.get(at, 0)}**"
            + (t("tabletop.best") if at == view.best else "")
            for at, text in words.items()
        )
    )
    if view.by_vote:
        st.caption(t("tabletop.votes_in", n=view.voted, of=len(view.deciders)))
        if not view.room.tie:
            deeds.button(
                t("tabletop.close_vote"),
                tabletop_lead.close_vote,
                view,
                step,
                key=f"cv-{step}",
                is_next=True,
            )
    else:
        st.caption(t("tabletop.others_decide", roles=parts.roles(decision.roles)))
    st.markdown(parts.said(dict(view.room.votes), dict(view.names), words))
    with st.expander(t("tabletop.override"), expanded=bool(view.room.tie)):
        chosen = st.radio(
            t("drill.choose"),
            [at for at in words if not view.room.tie or at in view.room.tie],
            index=None,
            format_func=lambda at: render.escape(words[at]),
            key=f"lead-option-{step}-{bool(view.room.tie)}",
        )
        reason = st.text_input(t("tabletop.reason"), max_chars=300, key=f"lead-reason-{step}")
        if chosen in words:
            deeds.button(
                t("tabletop.decide"),
                tabletop_lead.decide,
                view,
                step,
                chosen,
                reason or "",
                key=f"lead-do-{step}",
            )


def _notes(view: RoomView) -> None:
    locale = session.locale()
    for part in (view.decision, view.scene if view.is_first else None):
        if part is not None and part.notes is not None:
            with st.container(border=True):
                st.caption(t("tabletop.notes"))
                render.show(part.notes.in_(locale), view.drill.course)


def _news(view: RoomView) -> None:
    locale, step = session.locale(), view.room.step
    st.subheader(t("tabletop.news"))
    for at, one in view.waiting:
        with st.container(border=True):
            render.show(one.inject.text.in_(locale), view.drill.course)
            st.caption(
                f"{drill_words.minute(one.clock)} · {parts.roles(one.inject.roles)}"
                if one.inject.roles
                else drill_words.minute(one.clock)
            )
            with st.container(horizontal=True):
                deeds.button(
                    t("tabletop.release"), tabletop_lead.release, view, step, at, key=f"re-{at}"
                )
                if at in view.room.held or view.room.by_hand:
                    st.caption(t("tabletop.held"))
                else:
                    deeds.button(
                        t("tabletop.hold"), tabletop_lead.hold, view, step, at, key=f"ho-{at}"
                    )
    text = st.text_input(
        t("tabletop.own_news"), max_chars=500, key=f"own-{step}-{len(view.room.own)}"
    )
    to = st.pills(
        t("tabletop.to_whom"),
        list(ROLES),
        selection_mode="multi",
        format_func=parts.role,
        key=f"to-{step}-{len(view.room.own)}",
    )
    deeds.button(
        t("tabletop.send"), tabletop_lead.own_news, view, step, text or "", to, key="own-send"
    )


def _stop(view: RoomView) -> None:
    portal, me, run_id = session.portal(), session.person(), view.run.id
    confirming.button(
        t("tabletop.stop"),
        t("tabletop.stop_means"),
        lambda: tabletop_lead.stop(portal, me, run_id),
        key="stop",
    )
