"""Views of one page, one beside the other: the same page, another question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

Name = TypeVar("Name", bound=str)


def choose(label: str, names: Sequence[Name], words: Callable[[Name], str], *, key: str) -> Name:
    """The view that is chosen, always one of ``names``, the first before anybody chooses.

    ``label`` is for those who do not see the row of buttons.
    """
    chosen = st.segmented_control(
        label,
        names,
        format_func=words,
        default=names[0],
        required=True,
        label_visibility="collapsed",
        key=key,
    )
    return chosen if chosen in names else names[0]
