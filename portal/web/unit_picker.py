"""Choosing a unit among many: a short list as it is, a long one by searching in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from portal.actions import units as actions
from portal.web import data, session, unit_way
from portal.web.session import t

FEW = 25  # units that are listed without a search
_FOUND = 20
_LONGEST = 60  # characters of what one looks for


def pick(
    label: str,
    key: str,
    *,
    help: str | None = None,
    within: str = "",
    start: dict[str, Any] | None = None,
    empty: str = "",
) -> int | None:
    """The id of an open unit within reach, or None while none is chosen. Not for use in forms.

    ``within``: the path of a unit, to offer it and those below alone. ``start``: the row of the
    unit that is chosen before anybody chooses. ``empty``: what it means that none is chosen.
    """
    few = _few(within)
    if few is not None:
        at = next((n for n, row in enumerate(few) if start and row["id"] == start["id"]), None)
        return _select(label, few, key, index=at, help=help, empty=empty)
    began = str(start["code"] or name(start))[:_LONGEST] if start else ""
    hint = t("unit_picker.hint")
    query = st.text_input(
        label,
        value=began,
        max_chars=_LONGEST,
        placeholder=f"{empty} · {hint}" if empty else hint,
        help=help,
        key=f"{key}-query",
    )
    if not query.strip():
        return None
    found = _found(query, within)
    if start and query == began:
        found = [start, *(row for row in found if row["id"] != start["id"])]
    if not found:
        st.caption(t("unit_picker.none"))
        return None
    at = 0 if len(found) == 1 or (start and query == began) else None
    # a list of its own for each search: another one would begin with what was not chosen before
    return _select(label, found, f"{key}-{query.strip()}", index=at, collapsed=True)


def is_unclear(key: str, chosen: int | None) -> bool:
    """Whether words were typed for which no unit is chosen yet: not the same as choosing none."""
    return chosen is None and bool(str(session.recall(f"{key}-query") or "").strip())


def name(row: dict[str, Any]) -> str:
    """A unit's own name in the reader's language."""
    return unit_way.in_locale(row["name"], row["name_en"])


def full_name(row: dict[str, Any]) -> str:
    """The name, and behind it the units above, the nearest first."""
    above = [unit_way.in_locale(*one) for one in reversed(row.get("above", ()))]
    return " · ".join([name(row), *above])


# Private functions


def _few(within: str) -> list[dict[str, Any]] | None:
    """Every open unit within reach, when there are few; kept until the records change."""
    me = session.person()
    return data.figures(
        ("few units", me.id, me.managed_paths, me.role_names, within),
        lambda: actions.open_units(session.portal(), me, FEW, within),
    )


def _found(query: str, within: str) -> list[dict[str, Any]]:
    """The open units that the words may mean; kept until the records change."""
    me = session.person()
    rows = data.figures(
        ("found units", me.id, me.managed_paths, me.role_names, within, query),
        lambda: actions.search_units(session.portal(), me, query, _FOUND, within),
    )
    return [row for row in rows if row["closed_at"] is None]


def _select(
    label: str,
    rows: Sequence[dict[str, Any]],
    key: str,
    *,
    index: int | None = None,
    collapsed: bool = False,
    help: str | None = None,
    empty: str = "",
) -> int | None:
    names = {row["id"]: full_name(row) for row in rows}
    chosen: int | None = st.selectbox(
        label,
        list(names),
        index=index,
        format_func=lambda unit_id: names.get(unit_id, ""),
        placeholder=empty or t("question.choose"),
        label_visibility="collapsed" if collapsed else "visible",
        help=help,
        key=key,
    )
    return chosen if chosen in names else None
