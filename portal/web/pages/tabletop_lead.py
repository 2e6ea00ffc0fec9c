"""The facilitator's laptop: open a room, let it run, rate, plan, close."""

from __future__ import annotations

import streamlit as st

from portal.actions import tabletop_rooms, tabletop_views
from portal.actions.errors import Refused
from portal.actions.tabletop_rooms import Listed
from portal.web import data, places, render, session, unit_way
from portal.web.session import t
from portal.web.tabletop import deeds, hot_wash, leading, parts, screen

SHOWN = 10


def page() -> None:
    """The rooms within one's reach; ``?r=<run id>`` leads one, ``&s=1`` is for the projector.
    ``?v=new`` opens one; ``?d=<drill id>&u=<unit id>`` proposes what to open: a retest."""
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
    """The list; the form alone where it was asked for, or there is no room yet."""
    st.title(t("nav.tabletop_lead"))
    parts.show_note()
    everything = session.recall("rooms-all", False)
    most = tabletop_rooms.ROOMS_SHOWN if everything else SHOWN + 1
    rooms = tabletop_rooms.rooms_to_lead(session.portal(), session.person(), most)
    if not rooms or {"d", "v"} & st.query_params.keys():
        _form()
        if rooms:
            places.link("tabletop_lead", t("tabletop.all_rooms"))
        else:
            st.caption(t("tabletop.no_rooms"))
        return
    if st.button(t("tabletop.open_room"), type="primary", key="new"):
        places.go("tabletop_lead", v="new")
    for one in rooms if everything else rooms[:SHOWN]:
        _room(one)
    if len(rooms) > SHOWN and not everything and st.button(t("tabletop.more_rooms")):
        session.remember("rooms-all", True)
        st.rerun()


def _form() -> None:
    """Which drill, for which unit, who decides."""
    portal, me, locale = session.portal(), session.person(), session.locale()
    drills = portal.library.catalogue.drills
    if not drills:
        st.info(t("drills.none"))
        return
    st.header(t("tabletop.open_room"))
    ids, wanted = sorted(drills), st.query_params.get("d", "")
    drill_id = st.selectbox(
        t("nav.drill"),
        ids,
        index=ids.index(wanted) if wanted in ids else 0,
        format_func=lambda one: drills[one].title.in_(locale),
    )
    units = {row["id"]: row for row in tabletop_rooms.units_to_lead(portal, me)}
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


def _room(one: Listed) -> None:
    """A room is one thing to press, and one element of the page."""
    locale = session.locale()
    # no revision tells of a room that goes on: the words are kept by all that they say
    which = (one.run_id, one.drill.title, one.started_at, one.unit_name, one.unit_name_en)
    key = ("room", *which, one.lead, one.people, one.phase, locale)
    label, note = data.personal(key, lambda: _words(one))
    if one.phase != "closed":
        places.link("tabletop_lead", label, note=note, r=str(one.run_id))
    elif one.outcome == "finished":
        places.link("drill", label, note=note, d=one.drill.id, r=str(one.run_id))
    else:
        st.caption(f"{label}  \n{note}")


def _words(one: Listed) -> tuple[str, str]:
    """The label and the note of a room in the list."""
    locale = session.locale()
    label = f"{render.label(one.drill.title.in_(locale))} · {session.day_and_time(one.started_at)}"
    if one.phase != "closed":
        label = f"{t('tabletop.is_open')} · {label}"
    unit = render.escape(unit_way.in_locale(one.unit_name, one.unit_name_en))
    return label, t("tabletop.room_of", lead=render.escape(one.lead), unit=unit, n=one.people)


def _offer_take_over(run_id: int) -> None:
    parts.show_note()
    st.warning(t("tabletop.take_over_means"))
    if st.button(t("tabletop.take_over"), key="take-over"):
        deeds.attempt(lambda: tabletop_rooms.take_over(session.portal(), session.person(), run_id))
    places.link("tabletop_lead", t("tabletop.all_rooms"))
