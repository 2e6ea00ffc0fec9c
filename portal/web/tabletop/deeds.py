"""What is done in a room by a click: done, or said at the next drawing why not."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.actions.errors import Refused
from portal.actions.tabletop_views import RoomView
from portal.web import session
from portal.web.tabletop import parts


def attempt(act: Callable[[], object]) -> None:
    """Do it, and draw the page anew with what has come of it."""
    try:
        act()
    except Refused as refused:
        parts.note(refused)
    st.rerun()


def button(
    label: str,
    act: Callable[..., object],
    view: RoomView,
    *args: object,
    key: str,
    is_next: bool = False,
) -> None:
    """A button that does ``act(portal, person, run id, *args)``; ``is_next``: the next step."""
    if st.button(label, key=key, type="primary" if is_next else "secondary"):
        attempt(lambda: act(session.portal(), session.person(), view.run.id, *args))
