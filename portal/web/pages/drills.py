"""Drills: what I still have to improve, what I can practise, what I have played."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.actions import drill_reports
from portal.actions.drill_plan import Action
from portal.actions.drill_reports import Listing, Offer
from portal.core.drills import Drill
from portal.web import places, render, session
from portal.web.session import t

RUNS = 10


def page() -> None:
    """The list; each drill has its next step."""
    listing = drill_reports.my_drills(session.portal(), session.person())
    st.title(t("nav.drills"))
    places.link("tabletop", t("nav.tabletop"))
    if not listing.offers and not listing.runs:
        st.info(t("drills.none"))
        places.link("learn", t("course.all"))
        return
    _to_improve(listing.actions, listing)
    st.header(t("drills.offered"))
    for offer in sorted(listing.offers, key=lambda one: (one.open_run is None, one.drill.id)):
        _offer(offer)
    _past(listing)


def due(action: Action) -> str:
    """Until when an action is to be done, overdue ones said so."""
    words = t("drills.due", day=session.day(action.due_on))
    late = action.due_on.isoformat() < session.today()
    return t("drills.overdue", due=words) if late else words


# Private functions


def _to_improve(actions: Sequence[Action], listing: Listing) -> None:
    if not actions:
        return
    st.header(t("drills.to_improve"))
    if not all(action.is_group for action in actions):
        st.caption(t("drills.retest_closes"))
    for action in actions:
        drill = listing.titles[action.drill_id]
        title = _title_of(drill, action.objective)
        with st.container(border=True):
            st.markdown(f"**{render.escape(title)}**　{due(action)}")
            if action.text:
                st.markdown(render.escape(action.text))
            with st.container(horizontal=True):
                if action.course_id:
                    places.link("course", t("drills.learn"), c=action.course_id)
                if not action.is_group:
                    label = render.label(drill.title.in_(session.locale()))
                    places.link("drill", t("drills.retest", title=label), d=drill.id)
            if action.is_group:
                _of_group(action, drill)


def _of_group(action: Action, drill: Drill) -> None:
    """What a group found is closed by the group: by a room, for those who may open one."""
    st.caption(t("drills.group_closes"))
    title = render.label(drill.title.in_(session.locale()))
    if places.has("tabletop_lead"):
        unit = {"u": str(action.unit_id)} if action.unit_id is not None else {}
        label = t("asked.group_retest", title=title)
        places.link("tabletop_lead", label, key=str(action.id), d=drill.id, **unit)
    else:
        places.link("tabletop", t("drills.ask_lead"), key=str(action.id))


def _title_of(drill: Drill, key: str) -> str:
    """The objective's title as it is now; its key when the drill no longer has it."""
    found = [one for one in drill.objectives if one.key == key]
    return found[0].title.in_(session.locale()) if found else key


def _offer(offer: Offer) -> None:
    """A drill is one thing to press, and one element of the page."""
    drill, locale = offer.drill, session.locale()
    words = [
        render.escape(t("drills.role", role=drill.role.in_(locale))),
        t("common.minutes", n=drill.minutes),
    ]
    if offer.open_run is not None:
        words.append(f"**{t('drills.open')}**")
    elif offer.last is not None and offer.last.score is not None:
        words.append(t("drills.last", n=offer.finished, percent=f"{offer.last.score:.0%}"))
    else:
        words.append(t("drills.new"))
    title = render.label(drill.title.in_(locale))
    places.link("drill", title, note=" · ".join(words), d=drill.id)


def _past(listing: Listing) -> None:
    st.header(t("drills.past"))
    if not listing.runs:
        st.caption(t("drills.no_past"))
        return
    shown = listing.runs
    if len(shown) > RUNS and not st.toggle(t("common.show_all", n=len(shown)), key="all-runs"):
        shown = shown[:RUNS]
    for run in shown:
        title = listing.titles[run.drill_id].title.in_(session.locale())
        words = f"{render.label(title)} · {session.day_and_time(run.ended_at)}"
        places.link("drill", words, d=run.drill_id, r=str(run.id))
