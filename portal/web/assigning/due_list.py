"""Who is overdue in a unit: a list to copy, and one click to remind."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from portal.actions import assignments, reminding
from portal.actions.errors import Refused
from portal.web import letters, places, render, session, unit_way
from portal.web.assigning import wording
from portal.web.session import t

A_PAGE = 30
_MOST_COPIED = 500


def show(unit: Any) -> None:
    """Overdue or soon due, with the two buttons on top."""
    st.title(t("assign.due_title", unit=render.escape(unit_way.name(unit))))
    portal, me = session.portal(), session.person()
    figures = wording.kept(
        ("figures", unit.id), lambda: assignments.unit_figures(portal, me, unit.id)
    )
    state = st.segmented_control(
        t("assign.state"),
        ["overdue", "soon"],
        default="overdue" if figures.overdue or not figures.soon else "soon",
        format_func=lambda one: t(f"assign.due_{one}", n=getattr(figures, one, 0)),
        required=True,
        label_visibility="collapsed",
        key="due-state",
    )
    state = state if state in ("overdue", "soon") else "overdue"
    count = getattr(figures, state)
    if not count:
        st.success(t(f"assign.none_{state}"))
    else:
        _buttons(unit, state)
        _rows(unit, state, count)
    places.link("assignments", t("common.back"), u=str(unit.id))


def remind(unit_id: int, states: list[str], assignment_id: int | None = None) -> None:
    """Remind with a bar that tells how far it is, and say in the next run what came of it."""
    portal, me = session.portal(), session.person()
    bar = st.progress(0.0, text=t("assign.sending"))
    try:
        for done in reminding.remind(
            portal,
            me,
            unit_id,
            partial(letters.reminder, portal),
            states=states,  # type: ignore[arg-type]
            assignment_id=assignment_id,
        ):
            far = t("assign.sending_at", done=done.done, all=done.all)
            bar.progress(done.done / max(done.all, 1), text=far)
    except Refused as refused:
        session.remember("assign-notice", t(refused.key, **refused.args_by_name))
        return
    words = [t("assign.reminded", n=done.people)]
    if done.already:
        words.append(t("assign.reminded_already", n=done.already))
    if done.mail is not None:
        words.append(t("assign.mailed", n=done.mail.mailed, without=done.mail.no_address))
        if done.mail.failures:
            why = render.escape(done.mail.failures[0][1])
            words.append(t("assign.mail_failed", n=len(done.mail.failures), why=why))
    session.remember("assign-notice", " ".join(words))


# Private functions


def _buttons(unit: Any, state: str) -> None:
    portal, me = session.portal(), session.person()
    with st.container(horizontal=True):
        if st.button(t("assign.remind_all"), type="primary", key="remind-all"):
            remind(unit.id, [state])
            st.rerun()
        copy = st.toggle(t("assign.copy"), key="copy-list")
    if copy:
        rows = assignments.due_in_unit(portal, me, unit.id, [state], limit=_MOST_COPIED)  # type: ignore[list-item]
        st.caption(t("assign.copy_means"))
        st.code(letters.name_list(portal, rows, session.locale()), language=None, wrap_lines=True)


def _rows(unit: Any, state: str, count: int) -> None:
    page = _page(f"due-page-{unit.id}-{state}", count)
    key = ("due", unit.id, state, page)
    st.markdown(wording.kept(key, lambda: _lines(unit, state, page)))
    _turn(f"due-page-{unit.id}-{state}", page, count)


def _lines(unit: Any, state: str, page: int) -> str:
    """Who is late with what, by unit, as Markdown."""
    rows = assignments.due_in_unit(
        session.portal(),
        session.person(),
        unit.id,
        [state],  # type: ignore[list-item]
        limit=A_PAGE,
        offset=page * A_PAGE,
    )
    lines, last = [], None
    for row in rows:
        name = wording.unit_of(row)
        if name != last:
            lines.append(f"\n**{render.escape(name)}**\n")
            last = name
        text = render.escape(letters.what(session.portal(), row, session.locale()))
        person = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
        lines.append(f"- {person} · {text}")
    return "\n".join(lines)


def _page(key: str, count: int) -> int:
    last = max(0, (count - 1) // A_PAGE)
    return min(int(session.recall(key, 0)), last)


def _turn(key: str, page: int, count: int) -> None:
    with st.container(horizontal=True):
        if page and st.button(t("quiz.previous_page"), key=f"{key}-before"):
            session.remember(key, page - 1)
            st.rerun()
        if (page + 1) * A_PAGE < count and st.button(t("quiz.next_page"), key=f"{key}-after"):
            session.remember(key, page + 1)
            st.rerun()
