"""Who is at the other end: the one way from a sign-in's token to a person.

The gate looks the person up in the database on every message (``person_by``); a sign-out, a
disabled account or a changed role holds from the next message on. The run that a message causes
uses the gate's look when it is at most ``FRESH_S`` old, and looks for itself otherwise.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict

import streamlit as st

from portal.actions import accounts
from portal.actions.glance import glance
from portal.core.people import Person
from portal.web import cookies, running

FRESH_S = 1.0
USER_HEADER = "X-Portal-User"  # set by the gate, which drops a browser's own
_MOST_LOOKS = 2_000


class _Looks:
    """The gate's latest looks by token; bounded, for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    def keep(self, token: str, person: Person | None) -> None:
        with self._lock:
            self._looks.pop(token, None)
            if person is not None:
                self._looks[token] = (time.monotonic(), person)
                while len(self._looks) > _MOST_LOOKS:
                    self._looks.popitem(last=False)

    def fresh(self, token: str) -> Person | None:
        with self._lock:
            at, person = self._looks.get(token, (0.0, None))
        return person if person is not None and time.monotonic() - at <= FRESH_S else None


_looks = _Looks()


def person_by(token: str, *, active: bool = True) -> Person | None:
    """The person whose sign-in ``token`` is; None when it has ended, or the account has.

    ``active`` is False for a look that no click has caused: it does not keep the sign-in alive.
    """
    look = accounts.person_of if active else glance
    return look(running.portal(), token)


def look_for_run(token: str, *, active: bool) -> Person | None:
    """``person_by`` for a message at the gate, kept for the run that the message causes."""
    person = person_by(token, active=active)
    _looks.keep(token, person)
    return person


def look_again() -> None:
    """Look into the database at the next run: this one has changed who the person is."""
    _looks.keep(current_token(), None)


def current_token() -> str:
    """The token that the open page was opened with; nothing outside a script run."""
    name = cookies.session_name(running.portal().settings.tls)
    return str(st.context.cookies.get(name, ""))


def current_person() -> Person | None:
    """Who the page of this script run belongs to.

    None as well when Streamlit's session was opened by somebody else than the cookie says: the
    gate's header and the cookie come from the same handshake and must name the same person.
    """
    token = current_token()
    person = _looks.fresh(token) or person_by(token, active=False)
    if person is None or st.context.headers.get(USER_HEADER) != str(person.id):
        return None
    return person


def device_mark() -> str:
    """A short mark of the sign-in, the same on every page of it; says nothing about the token."""
    return hashlib.sha256(f"device\n{current_token()}".encode()).hexdigest()[:12]
