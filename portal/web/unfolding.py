"""Long lists: their beginning first, and all of it once the person has asked for that."""

from __future__ import annotations

import streamlit as st

from portal.web import session


def is_whole(name: str) -> bool:
    """Whether all of the list ``name`` was asked for, in this sign-in."""
    return bool(session.recall(f"whole-{name}", False))


def offer(name: str, words: str) -> None:
    """The button that asks for all of it."""
    if st.button(words, key=f"all-{name}"):
        session.remember(f"whole-{name}", True)
        st.rerun()
