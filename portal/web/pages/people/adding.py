"""One new person; many come by a roster."""

from __future__ import annotations

import streamlit as st

from portal.actions import people as actions
from portal.web import notices, places, session, unit_picker
from portal.web.pages.people import parts
from portal.web.session import t


def add() -> None:
    """Who it is, where, which posts; the initial password is shown once."""
    places.link("roster", t("people.many"))
    staff_no = st.text_input(t("people.staff_no"), max_chars=40, key="add-number")
    name = st.text_input(t("people.name"), max_chars=60, key="add-name")
    login = st.text_input(
        t("people.login"), max_chars=60, help=t("people.login_help"), key="add-login"
    )
    unit_id = unit_picker.pick(t("people.unit"), "add-unit")
    posts = parts.pick_posts("add-posts")
    if st.button(t("people.add"), type="primary", key="add-person"):
        if unit_id is None:
            notices.refuse("people.choose_unit")
        else:
            _add(staff_no, name, login, unit_id, posts)
        st.rerun()


def _add(staff_no: str, name: str, login: str, unit_id: int, posts: list[str]) -> None:
    made = notices.do(
        lambda: actions.create_person(
            session.portal(),
            session.person(),
            staff_no=staff_no,
            login=login or staff_no,
            name=name,
            unit_id=unit_id,
            posts=posts,
        ),
        "people.add_done",
        name=name,
    )
    if made is not None:  # the next one mostly joins the same unit
        session.forget("add-number", "add-name", "add-login")
