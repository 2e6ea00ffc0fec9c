"""Versions of one file: who published what, what it changed, and bringing one back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import content_history
from portal.actions.content_drafts import Saved
from portal.core.times import parse_iso
from portal.web import render, session
from portal.web.session import t
from portal.web.workspace import clash, desk

PAGE = 10


def show(path: str) -> None:
    """The versions, ten at a time."""
    page = session.recall(f"workspace.history:{path}", 0)
    found = content_history.versions(session.portal(), session.person(), path, PAGE, page * PAGE)
    if not found.total:
        st.caption(t("workspace.history_none"))
        return
    for row in found.rows:
        with st.container(border=True):
            st.markdown(f"**{session.day_and_time(parse_iso(row['at']))}** · {_who(row)}")
            if row["note"]:
                st.caption(render.escape(row["note"]))
            if row["commit_id"]:
                st.caption(t("workspace.commit", id=row["commit_id"][:10]))
            if st.toggle(t("workspace.history_changes"), key=f"version-{row['id']}"):
                clash.lines(
                    content_history.changes_of(session.portal(), session.person(), row["id"])
                )
            if not row["deleted"]:
                st.button(
                    t("workspace.restore"),
                    key=f"restore-{row['id']}",
                    on_click=_restore,
                    args=(path, row["id"]),
                )
    with st.container(horizontal=True):
        if page and st.button(t("workspace.newer")):
            session.remember(f"workspace.history:{path}", page - 1)
            st.rerun()
        if (page + 1) * PAGE < found.total and st.button(t("workspace.older")):
            session.remember(f"workspace.history:{path}", page + 1)
            st.rerun()


# Private functions


def _who(row: dict[str, Any]) -> str:
    if row["source"] == "outside":
        return t("workspace.history_outside")
    names = {name: render.escape(row[name] or "—") for name in ("author", "reviewer")}
    return t("workspace.history_by", **names)


def _restore(path: str, revision_id: int) -> None:
    done = content_history.restore(session.portal(), session.arrive(), revision_id)
    if isinstance(done, Saved):
        desk.clear(path)
        st.toast(t("workspace.restored"))
