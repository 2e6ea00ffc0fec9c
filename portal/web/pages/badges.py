"""My badges: what I was awarded, what comes next, each to take away as a signed file."""

from __future__ import annotations

import streamlit as st

from portal.actions import badges
from portal.actions.badges import BadgesView
from portal.web import downloads, places, render, session
from portal.web.session import t


def page() -> None:
    """Seen by oneself alone; there is no list of who has how many."""
    view = badges.look(session.portal(), session.person())
    st.title(t("nav.badges"))
    st.caption(t("badges.lead"))
    if not view.badges:
        st.info(t("badges.none"))
    at = 1 if session.locale() == "en" else 0
    for award in view.badges:
        names, criteria = badges.words(session.portal(), award)
        with st.container(border=True, key=f"badge-{award.uuid}"):
            st.markdown(f"**{_sign(award.facts['kind'])} {render.escape(names[at])}**")
            st.caption(f"{session.day(award.awarded_at)} · {render.escape(criteria[at])}")
            with st.container(horizontal=True):
                downloads.link("badge", t("badges.download"), id=award.uuid)
                downloads.link("badge", t("badges.download_jwt"), id=award.uuid, form="jwt")
    _ahead(view)
    if view.badges:
        with st.expander(t("badges.what_is_it")):
            st.write(t("badges.explained"))


def _ahead(view: BadgesView) -> None:
    st.header(t("badges.ahead"))
    if view.next_weeks is not None:
        st.write(t("badges.steady_ahead", weeks=view.weeks, next=view.next_weeks))
    st.write(t("badges.growth_ahead"))
    places.link("practice", t("practice.start"))


def _sign(kind: str) -> str:
    return {"steady": "◆", "growth": "▲", "drill": "●"}.get(kind, "◆")
