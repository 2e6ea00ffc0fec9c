"""Three views: people, a new person, initial passwords."""

from __future__ import annotations

import streamlit as st

from portal.actions import units
from portal.web import notices, places, session
from portal.web.pages.people.adding import add
from portal.web.pages.people.listing import listing
from portal.web.pages.people.passwords import passwords
from portal.web.session import t


def page() -> None:
    """``?v=`` names the view."""
    st.title(t("nav.people"))
    notices.show()
    if not units.has_units(session.portal(), session.person()):
        st.info(t("people.units_first"))
        places.link("organisation", t("people.to_units"))
        return
    view = st.segmented_control(
        t("people.view"),
        ["list", "add", "passwords"],
        format_func=lambda name: t(f"people.view_{name}"),
        default="list",
        required=True,
        label_visibility="collapsed",
        key="people-view",
    )
    if view == "add":
        add()
    elif view == "passwords":
        passwords()
    else:
        listing()
