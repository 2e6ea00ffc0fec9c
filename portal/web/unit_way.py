"""Units on a page: their names in the reader's language, the way up and the way down."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from portal.actions.reports import UnitView
from portal.web import places, render, session


def in_locale(name: str, name_en: str | None) -> str:
    """The name of a unit in the reader's language."""
    return name_en if session.locale() == "en" and name_en else name


def name(unit: UnitView) -> str:
    """The name of ``unit`` in the reader's language."""
    return in_locale(unit.name, unit.name_en)


def up(page: str, unit: UnitView) -> None:
    """A row of links to ``page`` for the units above; nothing for the uppermost."""
    if unit.above:  # an empty row would cost as much as another element
        with st.container(horizontal=True):
            links_up(page, unit)


def links_up(page: str, unit: UnitView, **query: str) -> None:
    """The links of ``up``, for a row that holds more than them."""
    for upper in unit.above:
        places.link(page, f"{render.escape(name(upper))} ▸", u=str(upper.id), **query)


def down(page: str, names: Mapping[int, str], label: str, placeholder: str, key: str) -> None:
    """One list of the units below, by id, instead of a link a unit; choosing one goes there."""
    chosen = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda one: names.get(one, ""),
        placeholder=placeholder,
        label_visibility="collapsed",
        key=key,
    )
    if chosen in names:
        places.go(page, u=str(chosen))
