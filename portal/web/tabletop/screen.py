"""The projector: what everybody in the room may see, to be read from the last row.

No notes, no names of voters, no best option. Sizes are in ``portal.css``, ``st-key-projector``.
"""

from __future__ import annotations

import streamlit as st

from portal.actions.tabletop_views import RoomView
from portal.web import places, render, session
from portal.web.session import t
from portal.web.tabletop import entrance, hot_wash, parts


def show(view: RoomView) -> None:
    """The room as it stands, large."""
    with st.container(key="projector"):
        match view.room.phase:
            case "lobby":
                _lobby(view)
            case "play":
                _play(view)
            case "wash":
                _title(view)
                parts.watch_room(view, all_entries=True)
                hot_wash.remarks(view)
            case "closed":
                _title(view)
                st.success(t("tabletop.is_closed"))
    places.link("tabletop_lead", t("tabletop.to_lead"), r=str(view.run.id))


# Private functions


def _title(view: RoomView) -> None:
    st.title(render.label(view.drill.title.in_(session.locale())))


def _lobby(view: RoomView) -> None:
    _title(view)
    parts.watch_room(view, all_entries=True)
    entrance.show(view, is_large=True)
    st.header(t("tabletop.who", n=len(view.people)))
    with st.container(key="projector-people"):
        parts.people(view)


def _play(view: RoomView) -> None:
    left, right = st.columns([3, 1], vertical_alignment="top")
    with left:
        _title(view)
        parts.board(view)
    with right, st.container(key="projector-clock"):
        parts.watch_room(view, all_entries=True, is_large=True)
        if view.by_vote:
            st.markdown(t("tabletop.votes_large", n=view.voted, of=len(view.deciders)))
        st.markdown(t("tabletop.code_large", code=view.glance.code))
    parts.scene(view)
    if view.decision is None:
        return
    st.subheader(render.label(view.decision.title.in_(session.locale())))
    parts.question(view)
    words = [one.text.in_(session.locale()) for one in view.choices]
    st.markdown("\n".join(f"- {render.escape(one)}" for one in words))
