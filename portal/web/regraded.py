"""Why an item of a handed-in attempt counts otherwise than it did, and what it was worth before."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from portal.actions import decided
from portal.actions.attempts import ItemView
from portal.actions.decided import Decided
from portal.core.regrading import carry, carry_order
from portal.core.times import parse_iso
from portal.web import render, session
from portal.web.session import t


def by_new_key(item: ItemView) -> ItemView:
    """The item with the version that grades it now, and the answer carried over to that."""
    new = item.graded_by
    if new is None:
        return item
    response = None if item.response is None else carry(item.question, new, item.response)
    order = carry_order(item.question, new, item.option_order)
    return replace(item, question=new, response=response, option_order=order)


def show(item: ItemView) -> None:
    """Every decision with its reason and the points before and after; nothing without one."""
    if item.grade is not None and item.grade.voided:
        st.info(t("essay.voided"))
    if item.graded_by is not None:
        st.caption(t("essay.by_new_key"))
    if not item.decided:
        return
    rows = decided.history_of(session.portal(), session.person(), item.attempt_id, item.position)
    for row in rows:
        words = t(f"essay.was_{row.kind}", day=session.day(parse_iso(row.at)))
        reason = render.escape(t("impact.because", reason=row.reason))
        st.caption(f"{words} {_points(row)}{reason}")


# Private functions


def _points(row: Decided) -> str:
    if row.before is None or row.after is None or row.before == row.after:
        return ""
    points = {"before": f"{row.before:g}", "after": f"{row.after:g}", "worth": f"{row.worth:g}"}
    return t("essay.earlier", **points) + " "
