"""A participant's phone: join a room by code, take a role, decide or vote, look back."""

from __future__ import annotations

import streamlit as st

from portal.actions import tabletop_play, tabletop_rooms, tabletop_views
from portal.actions.errors import Refused
from portal.actions.tabletop_views import RoomView
from portal.core.drills import ROLES
from portal.web import places, render, session
from portal.web.session import t
from portal.web.tabletop import deeds, parts

_SENT = "tabletop.sent"


def page() -> None:
    """``?code=`` offers to join; ``?r=<run id>`` is a room one is in."""
    run_id = places.number("r")
    if run_id is None:
        _join()
        return
    try:
        view = tabletop_views.visit(session.portal(), session.person(), run_id)
    except Refused as refused:
        st.title(t("nav.tabletop"))
        st.warning(t(refused.key, **refused.args_by_name))
        places.link("tabletop", t("tabletop.other_room"))
        return
    st.title(render.label(view.drill.title.in_(session.locale())))
    parts.show_note()
    parts.watch_room(view, all_entries=False)
    match view.room.phase:
        case "lobby":
            _lobby(view)
        case "play":
            _play(view)
        case "wash":
            _wash(view)
        case "closed":
            _closed(view)


# Private functions


def _join() -> None:
    st.title(t("nav.tabletop"))
    parts.show_note()
    st.markdown(t("tabletop.join_how"))
    code = st.text_input(
        t("tabletop.code"), value=st.query_params.get("code", "")[:12], max_chars=12, key="code"
    )
    if st.button(t("tabletop.join"), type="primary", key="join"):
        try:
            run_id = tabletop_rooms.join(session.portal(), session.person(), code or "")
        except Refused as refused:
            parts.note(refused)
            st.rerun()
        st.query_params.from_dict({"r": str(run_id)})
        st.rerun()
    for one in tabletop_rooms.my_rooms(session.portal(), session.person()):
        title = render.label(one.drill.title.in_(session.locale()))
        places.link("tabletop", t("tabletop.back_to", title=title), r=str(one.run_id))


def _roles(view: RoomView) -> None:
    chosen = st.pills(
        t("tabletop.my_roles"),
        list(ROLES),
        selection_mode="multi",
        default=[one for one in ROLES if one in view.my_roles],
        format_func=parts.role,
        key=f"roles-{view.run.id}",
    )
    if st.button(t("tabletop.take_roles"), key="take-roles"):
        deeds.attempt(
            lambda: tabletop_rooms.choose_roles(
                session.portal(), session.person(), view.run.id, chosen
            )
        )


def _lobby(view: RoomView) -> None:
    st.info(t("tabletop.wait_begin"))
    _roles(view)
    st.header(t("tabletop.who", n=len(view.people)))
    parts.people(view)
    if st.button(t("tabletop.leave"), key="leave"):
        portal, me = session.portal(), session.person()
        tabletop_rooms.leave(portal, me, view.run.id)
        st.query_params.clear()
        st.rerun()


def _play(view: RoomView) -> None:
    st.caption(t("tabletop.i_am", roles=parts.roles(view.my_roles)))
    parts.situation(view)
    _decision(view)
    with st.expander(t("tabletop.change_roles")):
        _roles(view)


def _decision(view: RoomView) -> None:
    decision, locale = view.decision, session.locale()
    if decision is None:
        return
    portal, me, run_id, step = session.portal(), session.person(), view.run.id, view.room.step
    st.subheader(render.label(decision.title.in_(locale)))
    parts.question(view)
    words = {one.position: one.text.in_(locale) for one in view.choices}
    if view.room.tie:
        words = {at: one for at, one in words.items() if at in view.room.tie}
    decides = view.may_break_tie or (
        not view.room.tie and not view.by_vote and view.me in view.deciders
    )
    votes = view.by_vote and not view.room.tie
    chosen = None
    mine = view.my_vote
    if decides or votes:
        at = mine.option if mine is not None and mine.option in words else None
        chosen = st.radio(
            t("drill.choose"),
            list(words),
            index=None if at is None else list(words).index(at),
            format_func=lambda one: render.escape(words[one]),
            key=f"option-{run_id}-{step}-{bool(view.room.tie)}",
            label_visibility="collapsed",
        )
    else:
        st.markdown("\n".join(f"- {render.escape(one)}" for one in words.values()))
        st.caption(t("tabletop.others_decide", roles=parts.roles(decision.roles)))
    why = st.text_input(
        t("tabletop.why"),
        value=mine.words if mine is not None else "",
        max_chars=300,
        key=f"why-{run_id}-{step}",
    )
    if decides or votes:
        label = t("tabletop.decide" if decides else "tabletop.vote")
        if st.button(label, type="primary", key=f"do-{step}"):
            if chosen not in words:
                st.warning(t("tabletop.choose_first"))
                return
            act = tabletop_play.decide if decides else tabletop_play.vote
            deeds.attempt(lambda: act(portal, me, run_id, step, chosen, why or ""))
    elif st.button(t("tabletop.say"), key=f"say-{step}"):
        deeds.attempt(lambda: tabletop_play.vote(portal, me, run_id, step, -1, why or ""))
    if mine is not None:
        st.success(t("tabletop.voted" if mine.option >= 0 else "tabletop.said"))


def _wash(view: RoomView) -> None:
    locale = session.locale()
    if view.scene is not None:
        st.header(t("drill.how_it_ended", title=render.label(view.scene.title.in_(locale))))
        render.show(view.scene.text.in_(locale), view.drill.course)
    st.header(t("tabletop.wash"))
    st.markdown(t("tabletop.wash_how"))
    kind = st.radio(
        t("tabletop.wash"),
        [True, False],
        format_func=lambda good: t("tabletop.went_well" if good else "tabletop.to_change"),
        key="kind",
        horizontal=True,
        label_visibility="collapsed",
    )
    sent = session.recall(_SENT, 0)  # a new field after each: others' remarks empty nobody's
    text = st.text_input(t("tabletop.remark"), max_chars=300, key=f"remark-{sent}")
    named = st.toggle(t("tabletop.with_name"), key="named")
    if st.button(t("tabletop.send"), type="primary", key="send"):
        portal, me, run_id = session.portal(), session.person(), view.run.id

        def send() -> None:
            tabletop_play.remark(
                portal, me, run_id, text or "", is_good=bool(kind), named=bool(named)
            )
            session.remember(_SENT, sent + 1)

        deeds.attempt(send)
    st.caption(t("tabletop.remarks_so_far", n=len(view.room.remarks)))


def _closed(view: RoomView) -> None:
    if view.room.is_stopped:
        st.info(t("tabletop.was_stopped"))
        places.link("drills", t("drill.all"))
        return
    st.success(t("tabletop.is_closed"))
    places.link("drill", t("tabletop.to_report"), d=view.drill.id, r=str(view.run.id))
