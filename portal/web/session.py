"""What belongs to one open page: who reads it, in which language, and the state of its widgets.

The only module that touches ``st.session_state``. Nothing kept here is a record: whatever must
survive a lost connection is in the database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from portal.actions.portal import Portal
from portal.core.people import Person
from portal.web import dates, identity, running
from portal.web.text import translate

_PERSON = "portal.person"
# a run mostly has a thread of its own; where a thread goes on to another, ``arrive`` looks anew
_run = threading.local()


def portal() -> Portal:
    """The running portal."""
    return running.portal()


def arrive() -> Person:
    """Who is signed in, looked up now; ends the run when nobody is.

    Called at the beginning of every run. The gate has looked the same person up when the message
    that caused the run came in; this is the second line.
    """
    found = identity.current_person()
    if found is None or (st.session_state.get(_PERSON, found.id) != found.id):
        # a session that belonged to somebody else is worth nothing to this person
        st.session_state.clear()
        st.stop()
    st.session_state[_PERSON] = found.id
    _run.person = found
    _run.at_hand = {}
    return found


def person() -> Person:
    """Who is signed in, as of the beginning of this run (of this look, in a callback)."""
    found: Person | None = getattr(_run, "person", None)
    return found if found is not None else arrive()


def device() -> str:
    """A short mark of the sign-in this page belongs to, stored beside answers."""
    return identity.device_mark()


def locale() -> str:
    """``zh`` or ``en``, as the person has chosen (or as ``speaking`` says)."""
    other: str | None = getattr(_run, "locale", None)
    return other if other is not None else person().locale


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Inside, the page speaks ``locale``: a preview shows an edition in its own language."""
    _run.locale = locale
    try:
        yield
    finally:
        _run.locale = None


def t(key: str, **args: object) -> str:
    """The message ``key`` in the reader's language."""
    return translate(locale(), key, **args)


def today() -> str:
    """The day where the portal is, as ISO text: part of the key of figures that depend on it."""
    return portal().now().astimezone(ZoneInfo(portal().settings.tz)).date().isoformat()


def day(moment: Any) -> str:
    """A date in the reader's language and the portal's time zone."""
    return dates.day(moment, locale(), portal().settings.tz)


def day_and_time(moment: Any) -> str:
    """A date with hours and minutes."""
    return dates.day_and_time(moment, locale(), portal().settings.tz)


def clock(moment: Any) -> str:
    """Hours, minutes and seconds."""
    return dates.clock(moment, portal().settings.tz)


def recall(key: str, default: Any = None) -> Any:
    """What this page remembers under ``key``."""
    return st.session_state.get(key, default)


def remember(key: str, value: Any) -> None:
    """Let this page remember ``value`` until it is closed."""
    st.session_state[key] = value


def have_at_hand(key: str, value: Any) -> None:
    """``remember``, and give ``at_hand`` a quick way to it for the rest of this run."""
    st.session_state[key] = value
    _run.__dict__.setdefault("at_hand", {})[key] = value


def at_hand(key: str, default: Any = None) -> Any:
    """As ``recall``, for what is asked often in one run: Streamlit's state takes a lock or two."""
    kept: dict[str, Any] = getattr(_run, "at_hand", {})
    return kept[key] if key in kept else st.session_state.get(key, default)


def forget(*keys: str) -> None:
    """Drop what this page remembers under ``keys``."""
    for key in keys:
        st.session_state.pop(key, None)
