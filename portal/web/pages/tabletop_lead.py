"""The facilitator's laptop: open a room, let it run, rate, plan, close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import segno
import streamlit as st

from portal.actions import tabletop_close, tabletop_lead, tabletop_rooms, tabletop_views
from portal.actions.errors import Refused
from portal.actions.tabletop_views import RoomView
from portal.core import tabletop_rules as rules
from portal.core.drills import RATINGS, ROLES
from portal.web import confirming, drill_words, places, render, session, tabletop_words
from portal.web.session import t


def page() -> None:
    """The rooms within one's reach; ``?r=<run id>`` leads one, ``&s=1`` is for the projector."""
    run_id = places.number("r")
    if run_id is None:
        _rooms()
        return
    try:
        view = tabletop_views.visit(session.portal(), session.person(), run_id)
    except Refused:
        st.title(t("nav.tabletop_lead"))
        _offer_take_over(run_id)
        return
    if not view.is_lead:
        places.go("tabletop", r=str(run_id))
    st.title(render.label(view.drill.title.in_(session.locale())))
    tabletop_words.show_note()
    if st.query_params.get("s") == "1":
        _screen(view)
    elif view.room.phase == "lobby":
        _lobby(view)
    elif view.room.phase == "play":
        _play(view)
    elif view.room.phase == "wash":
        _wash(view)
    else:
        places.link("drill", t("tabletop.to_report"), d=view.drill.id, r=str(run_id))
        places.link("tabletop_lead", t("tabletop.all_rooms"))
    if view.room.phase != "closed":
        tabletop_words.start_watch(view, all_entries=True)


# Private functions


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except Refused as refused:
        tabletop_words.note(refused)
    st.rerun()


def _do(label: str, act: Callable[..., object], view: RoomView, *args: object, key: str) -> None:
    if st.button(label, key=key):
        _try(lambda: act(session.portal(), session.person(), view.run.id, *args))


def _rooms() -> None:
    portal, me, locale = session.portal(), session.person(), session.locale()
    st.title(t("nav.tabletop_lead"))
    tabletop_words.show_note()
    drills = portal.library.catalogue.drills
    units = {row["id"]: row for row in tabletop_rooms.units_to_lead(portal, me)}
    if drills:
        st.header(t("tabletop.open_room"))
        drill_id = st.selectbox(
            t("nav.drill"), sorted(drills), format_func=lambda one: drills[one].title.in_(locale)
        )
        unit_id = None
        if units:
            unit_id = st.selectbox(
                t("tabletop.unit"),
                list(units),
                format_func=lambda one: (
                    (locale == "en" and units[one]["name_en"]) or units[one]["name"]
                ),
            )
        by_vote = st.toggle(t("tabletop.by_vote"), key="by-vote")
        if st.button(t("tabletop.open"), type="primary", key="open"):
            try:
                run_id = tabletop_rooms.open_room(portal, me, drill_id, unit_id, by_vote=by_vote)
            except Refused as refused:
                tabletop_words.note(refused)
                st.rerun()
            st.query_params.from_dict({"r": str(run_id)})
            st.rerun()
    else:
        st.info(t("drills.none"))
    st.header(t("tabletop.rooms"))
    rooms = tabletop_rooms.rooms_to_lead(portal, me)
    if not rooms:
        st.caption(t("tabletop.no_rooms"))
    for one in rooms:
        words = (
            f"{render.label(one.drill.title.in_(locale))} · {session.day_and_time(one.started_at)}"
        )
        if one.phase != "closed":
            words = f"{t('tabletop.is_open')} · {words}"
            places.link("tabletop_lead", words, r=str(one.run_id))
        elif one.outcome == "finished":
            places.link("drill", words, d=one.drill.id, r=str(one.run_id))
        unit = render.escape((locale == "en" and one.unit_name_en) or one.unit_name)
        st.caption(t("tabletop.room_of", lead=render.escape(one.lead), unit=unit, n=one.people))


def _offer_take_over(run_id: int) -> None:
    tabletop_words.show_note()
    st.warning(t("tabletop.take_over_means"))
    if st.button(t("tabletop.take_over"), key="take-over"):
        _try(lambda: tabletop_rooms.take_over(session.portal(), session.person(), run_id))
    places.link("tabletop_lead", t("tabletop.all_rooms"))


def _code(view: RoomView) -> None:
    base = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    qr = segno.make(f"{base}/tabletop?code={view.glance.code}", error="m")
    left, right = st.columns([2, 1])
    with left:
        st.markdown(t("tabletop.code_is"))
        st.markdown(f"# {view.glance.code}")
    with right:
        st.image(qr.svg_inline(scale=6, border=2, light="white"), width=220)


def _lobby(view: RoomView) -> None:
    _code(view)
    _ways(view)
    st.header(t("tabletop.who", n=len(view.people)))
    tabletop_words.people(view)
    with st.container(horizontal=True):
        _do(t("tabletop.begin"), tabletop_lead.begin, view, key="begin")
        places.link("tabletop_lead", t("tabletop.to_screen"), r=str(view.run.id), s="1")
    _stop(view)


def _ways(view: RoomView) -> None:
    room = view.room  # the keys change with it, lest another tab's change be taken back
    by_vote = st.toggle(t("tabletop.by_vote"), room.by_vote, key=f"vote-{room.by_vote}")
    by_hand = st.toggle(t("tabletop.by_hand"), room.by_hand, key=f"hand-{room.by_hand}")
    if (by_vote, by_hand) != (view.room.by_vote, view.room.by_hand):
        _try(
            lambda: tabletop_lead.set_ways(
                session.portal(), session.person(), view.run.id, by_vote=by_vote, by_hand=by_hand
            )
        )


def _stop(view: RoomView) -> None:
    portal, me, run_id = session.portal(), session.person(), view.run.id
    confirming.button(
        t("tabletop.stop"),
        t("tabletop.stop_means"),
        lambda: tabletop_lead.stop(portal, me, run_id),
        key="stop",
    )


def _play(view: RoomView) -> None:
    left, right = st.columns([3, 2])
    with left:
        tabletop_words.situation(view)
        _votes(view)
    with right:
        if view.room.paused_at is None:
            _do(t("tabletop.pause"), tabletop_lead.pause, view, key="pause")
        elif not view.room.tie:
            _do(t("tabletop.resume"), tabletop_lead.resume, view, key="resume")
        _notes(view)
        _news(view)
        st.subheader(t("tabletop.who", n=len(view.people)))
        tabletop_words.people(view)
        st.caption(t("tabletop.code_short", code=view.glance.code))
        _ways(view)
        _stop(view)


def _votes(view: RoomView) -> None:
    decision, locale, step = view.decision, session.locale(), view.room.step
    if decision is None:
        return
    st.subheader(render.label(decision.title.in_(locale)))
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
            _do(t("tabletop.close_vote"), tabletop_lead.close_vote, view, step, key=f"cv-{step}")
    else:
        st.caption(t("tabletop.others_decide", roles=tabletop_words.roles(decision.roles)))
    st.markdown(tabletop_words.said(dict(view.room.votes), dict(view.names), words))
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
            _do(
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
                f"{drill_words.minute(one.clock)} · {tabletop_words.roles(one.inject.roles)}"
                if one.inject.roles
                else drill_words.minute(one.clock)
            )
            with st.container(horizontal=True):
                _do(t("tabletop.release"), tabletop_lead.release, view, step, at, key=f"re-{at}")
                if at in view.room.held or view.room.by_hand:
                    st.caption(t("tabletop.held"))
                else:
                    _do(t("tabletop.hold"), tabletop_lead.hold, view, step, at, key=f"ho-{at}")
    text = st.text_input(
        t("tabletop.own_news"), max_chars=500, key=f"own-{step}-{len(view.room.own)}"
    )
    to = st.pills(
        t("tabletop.to_whom"),
        list(ROLES),
        selection_mode="multi",
        format_func=tabletop_words.role,
        key=f"to-{step}-{len(view.room.own)}",
    )
    _do(t("tabletop.send"), tabletop_lead.own_news, view, step, text or "", to, key="own-send")


def _remarks(view: RoomView) -> None:
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


def _screen(view: RoomView) -> None:
    """For everybody in the room to see: no notes, no names of voters, no best option."""
    locale = session.locale()
    if view.room.phase == "lobby":
        _code(view)
        st.header(t("tabletop.who", n=len(view.people)))
        tabletop_words.people(view)
    elif view.room.phase == "play":
        tabletop_words.situation(view)
        if view.decision is not None:
            st.subheader(render.label(view.decision.title.in_(locale)))
            st.markdown(
                "\n".join(f"- {render.escape(one.text.in_(locale))}" for one in view.choices)
            )
            if view.by_vote:
                st.caption(t("tabletop.votes_in", n=view.voted, of=len(view.deciders)))
    else:
        _remarks(view)
    places.link("tabletop_lead", t("tabletop.to_lead"), r=str(view.run.id))


def _wash(view: RoomView) -> None:
    st.header(t("tabletop.wash"))
    places.link("tabletop_lead", t("tabletop.to_screen"), r=str(view.run.id), s="1")
    _remarks(view)
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


def _judged(view: RoomView, at: int) -> None:
    locale, one, how = session.locale(), view.judged[at], view.room.decided[at]
    title = f"{at + 1}. {render.label(one.decision.title.in_(locale))}"
    with st.expander(f"{title} — {drill_words.rating(one.rating)}"):
        render.show(drill_words.judged(one, locale), view.drill.course)
        words = {n: option.text.in_(locale) for n, option in enumerate(one.decision.options)}
        st.markdown(tabletop_words.said(dict(how.votes), dict(view.names), words))
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
        _do(
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
        _do(
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
        _do(
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
    _do(
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
