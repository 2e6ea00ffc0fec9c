"""Which part of a file its preview shows: the one at the caret, or one that the reader picks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.web import session


def chosen(label: str, titles: Sequence[str], at: int, path: str) -> int:
    """The position of the part to show; ``at`` is the one at the caret."""
    key = f"workspace.part:{session.locale()}:{path}"  # both editions may stand on one page
    if session.recall(f"{key}~") != at or session.recall(key, 0) >= len(titles):
        session.remember(key, at)
        session.remember(f"{key}~", at)
    picked = st.selectbox(
        label,
        range(len(titles)),
        format_func=lambda n: titles[n] if n < len(titles) else "",
        key=key,
    )
    return picked if picked in range(len(titles)) else 0


def numbered(titles: Sequence[str]) -> list[str]:
    """Titles with their numbers, from 1."""
    return [f"{n}. {title}" for n, title in enumerate(titles, 1)]
