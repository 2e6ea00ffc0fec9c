"""The facilitator's laptop: open a room, let it run, rate, plan, close."""

from __future__ import annotations

import streamlit as st

from portal.actions import tabletop_rooms, tabletop_views
from portal.actions.errors import Refused
from portal.actions.tabletop_rooms import Listed
from portal.web import places, render, session
from portal.web.session import t
from portal.web.tabletop import deeds, hot_wash, leading, parts, screen

SHOWN = 10


def page() -> None:
    """The rooms within one's reach; ``?r=<run id>`` leads one, ``&s=1`` is for the projector.
    ``?d=<drill id>&u=<unit id>`` proposes what to open: a retest."""
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
    if st.query_params.get("s") == "1":
        screen.show(view)
        return
    st.title(render.label(view.drill.title.in_(session.locale())))
    parts.show_note()
    parts.watch_room(view, all_entries=True)
    if view.room.phase == "lobby":
        leading.lobby(view)
    elif view.room.phase == "play":
        leading.play(view)
    elif view.room.phase == "wash":
        hot_wash.show(view)
    else:
        places.link("drill", t("tabletop.to_report"), d=view.drill.id, r=str(run_id))
        places.link("tabletop_lead", t("tabletop.all_rooms"))


# Private functions


def _rooms() -> None:
    portal, me, locale = session.portal(), session.person(), session.locale()
    st.title(t("nav.tabletop_lead"))
    parts.show_note()
    drills = portal.library.catalogue.drills
    units = {row["id"]: row for row in tabletop_rooms.units_to_lead(portal, me)}
    if drills:
        st.header(t("tabletop.open_room"))
        ids, wanted = sorted(drills), st.query_params.get("d", "")
        drill_id = st.selectbox(
            t("nav.drill"),
            ids,
            index=ids.index(wanted) if wanted in ids else 0,
            format_func=lambda one: drills[one].title.in_(locale),
        )
        unit_id, asked = None, places.number("u")
        if units:
            unit_id = st.selectbox(
                t("tabletop.unit"),
                list(units),
                index=list(units).index(asked) if asked in units else 0,
                format_func=lambda one: (
                    (locale == "en" and units[one]["name_en"]) or units[one]["name"]
                ),
            )
        by_vote = st.toggle(t("tabletop.by_vote"), key="by-vote")
        if st.button(t("tabletop.open"), type="primary", key="open"):
            try:
                run_id = tabletop_rooms.open_room(portal, me, drill_id, unit_id, by_vote=by_vote)
            except Refused as refused:
                parts.note(refused)
                st.rerun()
            st.query_params.from_dict({"r": str(run_id)})
            st.rerun()
    else:
        st.info(t("drills.none"))
    st.header(t("tabletop.rooms"))
    rooms = tabletop_rooms.rooms_to_lead(portal, me)
    if not rooms:
        st.caption(t("tabletop.no_rooms"))
    everything = session.recall("rooms-all", False)
    for one in rooms if everything else rooms[:SHOWN]:
        _room(one)
    if len(rooms) > SHOWN and not everything and st.button(t("common.show_all", n=len(rooms))):
        session.remember("rooms-all", True)
        st.rerun()


def _room(one: Listed) -> None:
    """A room is one thing to press, and one element of the page."""
    locale = session.locale()
    label = f"{render.label(one.drill.title.in_(locale))} · {session.day_and_time(one.started_at)}"
    unit = render.escape((locale == "en" and one.unit_name_en) or one.unit_name)
    note = t("tabletop.room_of", lead=render.escape(one.lead), unit=unit, n=one.people)
    if one.phase != "closed":
        label = f"{t('tabletop.is_open')} · {label}"
        places.link("tabletop_lead", label, note=note, r=str(one.run_id))
    elif one.outcome == "finished":
        places.link("drill", label, note=note, d=one.drill.id, r=str(one.run_id))
    else:
        st.caption(f"{label}  \n{note}")


def _offer_take_over(run_id: int) -> None:
    parts.show_note()
    st.warning(t("tabletop.take_over_means"))
    if st.button(t("tabletop.take_over"), key="take-over"):
        deeds.attempt(lambda: tabletop_rooms.take_over(session.portal(), session.person(), run_id))
    places.link("tabletop_lead", t("tabletop.all_rooms"))
