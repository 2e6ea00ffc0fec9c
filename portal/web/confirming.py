"""A second step before what is hard to undo: the button asks, another one does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.web import session
from portal.web.session import t

_KEY = "confirming"


def button(label: str, question: str, act: Callable[[], Any], *, key: str) -> None:
    """A button that shows ``question`` with "yes" and "cancel"; only "yes" calls ``act``."""
    if session.recall(_KEY) != key:
        st.button(label, key=key, on_click=session.remember, args=(_KEY, key))
        return
    with st.container(border=True):
        st.warning(question)
        with st.container(horizontal=True):
            st.button(label, key=f"{key}-yes", type="primary", on_click=_yes, args=(act,))
            st.button(t("confirm.no"), key=f"{key}-no", on_click=session.forget, args=(_KEY,))


def _yes(act: Callable[[], Any]) -> None:
    session.forget(_KEY)
    act()
