"""Two texts from one: what each changed, and a choice that nobody makes unseen."""

from __future__ import annotations

import streamlit as st

from portal.actions import content_drafts
from portal.actions.content_drafts import Clash, Opened
from portal.core.line_changes import Line, compare
from portal.web import render, session
from portal.web.session import t
from portal.web.workspace import desk
from portal.web.workspace.desk import Desk

_MOST_LINES = 400


def show(now: Desk, found: Clash) -> None:
    """Above the editor while a text came too late."""
    with st.container(border=True):
        st.error(t("workspace.clash", who=render.escape(found.their_name)))
        theirs, mine = st.tabs([t("workspace.their_change"), t("workspace.my_change")])
        with theirs:
            lines(compare(found.base, found.theirs))
        with mine:
            lines(compare(found.base, found.mine))
        with st.container(horizontal=True):
            if found.merged.conflicts == 0:
                label = t("workspace.take_both")
            else:
                label = t("workspace.take_marked", n=found.merged.conflicts)
            texts = (
                ("both", label, found.merged.text),
                ("theirs", t("workspace.take_theirs"), found.theirs),
                ("mine", t("workspace.take_mine"), found.mine),
            )
            for name, words, text in texts:
                st.button(
                    words,
                    key=f"clash-{name}",
                    type="primary" if name == "both" else "secondary",
                    on_click=_settle,
                    args=(now.path, text),
                )


def show_moved(opened: Opened) -> None:
    """A draft whose file was changed outside the portal meanwhile."""
    with st.container(border=True):
        st.warning(t("workspace.moved"))
        with st.expander(t("workspace.outside_change")):
            lines(compare(opened.base, opened.disk or ""))
        with st.container(horizontal=True):
            st.button(t("workspace.merge"), type="primary", on_click=_merge, args=(opened.path,))
            st.button(t("workspace.keep_draft"), on_click=_take_over, args=(opened.path,))


def lines(shown: list[Line]) -> None:
    """A comparison, a line each; long ones are cut and say so."""
    if not shown:
        st.caption(t("workspace.no_difference"))
        return
    rows = [
        t("workspace.lines_left_out", n=line.number) if line.sign == "@" else line.sign + line.text
        for line in shown[:_MOST_LINES]
    ]
    st.code("\n".join(rows), language="diff", wrap_lines=True)
    if len(shown) > _MOST_LINES:
        st.caption(t("workspace.more_lines", n=len(shown) - _MOST_LINES))


# Private functions


def _settle(path: str, text: str) -> None:
    now = desk.open_desk(path)
    if now.clash is None:
        return
    after = desk.take_text(now, text, now.clash.rev, now.clash.theirs)
    if after.clash is None and not after.refused:
        me = session.arrive()
        content_drafts.settle(session.portal(), me, path, now.clash.save_id)
    desk.keep(after)


def _merge(path: str) -> None:
    portal, me = session.portal(), session.arrive()
    merged = content_drafts.merge_with_disk(portal, me, path)
    now = desk.open_desk(path)
    after = desk.take_text(now, merged.text, now.rev, now.shown)
    if after.clash is None:
        content_drafts.take_over(portal, me, path)
    desk.keep(after)


def _take_over(path: str) -> None:
    content_drafts.take_over(session.portal(), session.arrive(), path)
