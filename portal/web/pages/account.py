"""My account: language, password, where I am signed in."""

from __future__ import annotations

import streamlit as st

from portal.actions import accounts, people
from portal.actions.errors import Refused
from portal.core.times import parse_iso
from portal.web import identity, render, session
from portal.web.session import t


def page() -> None:
    """Settings of one's own account."""
    me = session.person()
    st.title(t("account.title"))
    st.write(t("account.who", name=render.escape(me.name), login=render.escape(me.login)))
    _language()
    _email()
    st.header(t("account.password"))
    st.link_button(t("account.change_password"), "/account/password")
    st.header(t("account.sessions"))
    _sessions()
    st.header(t("account.leave"))
    st.link_button(t("account.sign_out"), "/account/logout")


def _language() -> None:
    me = session.person()
    chosen = st.segmented_control(
        t("account.language"),
        ["zh", "en"],
        format_func={"zh": "中文", "en": "English"}.__getitem__,
        default=me.locale,
        required=True,
        key="account-language",
    )
    if chosen in ("zh", "en") and chosen != me.locale:
        people.choose_locale(session.portal(), me, chosen)
        identity.look_again()
        st.rerun()


def _email() -> None:
    """Where reminders go, beside the notice on the first page."""
    me = session.person()
    with st.form("email", border=False):
        given = st.text_input(
            t("account.email"),
            value=people.email_of(session.portal(), me),
            help=t("account.email_help"),
            max_chars=254,
        )
        if st.form_submit_button(t("account.email_save")):
            try:
                people.choose_email(session.portal(), me, given)
            except Refused as refused:
                st.warning(t(refused.key))
            else:
                st.success(t("account.email_saved"))


def _sessions() -> None:
    me = session.person()
    mine = accounts.list_sessions(session.portal(), me, token=identity.current_token())
    for row in mine:
        st.write(
            t(
                "account.session",
                since=session.day_and_time(parse_iso(row.created_at)),
                seen=session.day_and_time(parse_iso(row.seen_at)),
                address=row.address,
            )
            + (t("account.this_one") if row.current else "")
        )
    if st.button(t("account.sign_out_others"), disabled=len(mine) < 2):
        accounts.sign_out_everywhere(session.portal(), me, me.id, keep=identity.current_token())
        st.rerun()
