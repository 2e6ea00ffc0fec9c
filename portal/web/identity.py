"""Who is at the other end: the one way from a sign-in's token to a person.

Nothing is kept between two looks: a sign-out, a disabled account or a changed role holds from the
next message on.
"""

from __future__ import annotations

import hashlib

import streamlit as st

from portal.actions import accounts
from portal.actions.glance import glance
from portal.core.people import Person
from portal.web import cookies, running


def person_by(token: str, *, active: bool = True) -> Person | None:
    """The person whose sign-in ``token`` is; None when it has ended, or the account has.

    ``active`` is False for a look that no click has caused: it does not keep the sign-in alive.
    """
    look = accounts.person_of if active else glance
    return look(running.portal(), token)


def current_token() -> str:
    """The token that the open page was opened with; nothing outside a script run."""
    name = cookies.session_name(running.portal().settings.tls)
    return str(st.context.cookies.get(name, ""))


def current_person() -> Person | None:
    """Who the page of this script run belongs to, looked up now.

    None as well when Streamlit's session was opened by somebody else than the cookie says: the
    gate's header and the cookie come from the same handshake and must name the same person.
    """
    person = person_by(current_token(), active=False)
    if person is None or st.user.get("uid") != str(person.id):
        return None
    return person


def device_mark() -> str:
    """A short mark of the sign-in, the same on every page of it; says nothing about the token."""
    return hashlib.sha256(f"device\n{current_token()}".encode()).hexdigest()[:12]
