"""Initial passwords for the people of a unit who have none: a list to hand out, shown once."""

from __future__ import annotations

import streamlit as st

from portal.actions import initial_passwords as actions
from portal.web import confirming, downloads, once, roster_files, session, unit_picker
from portal.web.session import t


def passwords() -> None:
    """How many wait in a unit, and the list for them."""
    st.markdown(t("people.passwords_means"))
    _waiting_list()
    unit_id = unit_picker.pick(t("people.in_unit"), "passwords-unit")
    if unit_id is None:
        return
    waiting = actions.count_without(session.portal(), session.person(), unit_id)
    if not waiting:
        st.success(t("people.passwords_none"))
        return
    st.markdown(t("people.passwords_waiting", n=waiting))
    if waiting > actions.MOST:
        st.caption(t("people.passwords_most", n=actions.MOST))
    confirming.button(
        t("people.passwords_make"),
        t("people.passwords_asks", n=min(waiting, actions.MOST)),
        lambda: session.remember("passwords-now", unit_id),
        key="passwords-make",
    )
    if session.recall("passwords-now") == unit_id:
        session.forget("passwords-now")
        _make(unit_id)
        st.rerun()


def _make(unit_id: int) -> None:
    me, portal = session.person(), session.portal()
    bar = st.progress(0.0, t("people.passwords_making"))

    def progress(share: float) -> None:
        bar.progress(share, t("people.passwords_making"))

    given = actions.hand_out(portal, me, unit_id, progress=progress)
    bar.empty()
    file = roster_files.password_list(portal, me, given)
    session.remember("passwords-list", (once.keep(me, file, portal.now()), len(given)))


def _waiting_list() -> None:
    """The list that was made last, until it is taken."""
    made = session.recall("passwords-list")
    if made:
        token, people = made
        st.success(t("people.passwords_done", n=people))
        downloads.link("once", t("people.passwords_take"), t=token)
