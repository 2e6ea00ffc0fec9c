"""Choosing a unit among many: a short list as it is, a long one by searching in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from portal.actions import units as actions
from portal.web import data, session
from portal.web.session import t

FEW = 25  # units that are listed without a search
_FOUND = 20


def pick(label: str, key: str, *, help: str | None = None) -> int | None:
    """The id of an open unit within reach, or None while none is chosen. Not for use in forms."""
    few = _few()
    if few is not None:
        return _select(label, few, key, help=help)
    query = st.text_input(
        label, max_chars=60, placeholder=t("unit_picker.hint"), help=help, key=f"{key}-query"
    )
    if not query.strip():
        return None
    found = [
        row
        for row in actions.search_units(session.portal(), session.person(), query, limit=_FOUND)
        if row["closed_at"] is None
    ]
    if not found:
        st.caption(t("unit_picker.none"))
        return None
    only = 0 if len(found) == 1 else None
    return _select(label, found, key, index=only, collapsed=True)


def name(row: dict[str, Any]) -> str:
    """A unit's own name in the reader's language."""
    return str(row["name_en"] if session.locale() == "en" and row["name_en"] else row["name"])


def full_name(row: dict[str, Any]) -> str:
    """The name, and behind it the units above, the nearest first."""
    english = session.locale() == "en"
    above = [en if english and en else zh for zh, en in reversed(row["above"])]
    return " · ".join([name(row), *above])


# Private functions


def _few() -> list[dict[str, Any]] | None:
    """Every open unit within reach, when there are few; kept until the records change."""
    me = session.person()
    return data.figures(
        ("few units", me.id, me.managed_paths, me.role_names),
        lambda: actions.open_units(session.portal(), me, FEW),
    )


def _select(
    label: str,
    rows: Sequence[dict[str, Any]],
    key: str,
    *,
    index: int | None = None,
    collapsed: bool = False,
    help: str | None = None,
) -> int | None:
    names = {row["id"]: full_name(row) for row in rows}
    chosen: int | None = st.selectbox(
        label,
        list(names),
        index=index,
        format_func=lambda unit_id: names.get(unit_id, ""),
        placeholder=t("question.choose"),
        label_visibility="collapsed" if collapsed else "visible",
        help=help,
        key=key,
    )
    return chosen if chosen in names else None
