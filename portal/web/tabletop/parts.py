"""Parts that the pages of a room share: the watch, the situation, who is there, what was said."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import streamlit as st

from portal.actions import tabletop_views
from portal.actions.errors import Refused
from portal.actions.tabletop_views import RoomView
from portal.core.drills import ROLES, Role
from portal.core.tabletop import Vote
from portal.web import drill_words, render, session
from portal.web.session import t

LOOK_EVERY_S = 2  # how often an open page asks whether the room has changed
_SLACK = timedelta(seconds=0.2)
_NOTE = "tabletop.note"


@st.fragment(run_every=LOOK_EVERY_S)
def watch(
    run_id: int,
    number: int,
    all_entries: bool,
    deadline: datetime | None,
    seconds: int,
    next_news: datetime | None,
    is_large: bool,
) -> None:
    """The time left; draws the page anew once the room has changed, and nothing otherwise."""
    try:
        seen = tabletop_views.look(session.portal(), session.arrive(), run_id)
    except Refused:
        st.rerun()
    now = session.portal().now()
    newest = seen.number if all_entries else seen.seen_by_all
    if newest != number or (next_news is not None and now >= next_news + _SLACK):
        st.rerun()
    if deadline is not None and seconds:
        left = max((deadline - now).total_seconds(), 0.0)
        words = None if is_large else t("drill.time_left", n=math.ceil(left))
        if is_large:
            st.markdown(t("tabletop.time_large", n=math.ceil(left)))
        st.progress(min(left / seconds, 1.0), text=words)


def watch_room(view: RoomView, *, all_entries: bool, is_large: bool = False) -> None:
    """Watch the room that ``view`` shows; the time left stands here, ``is_large`` for a hall."""
    if view.room.phase == "closed":
        return
    number = view.glance.number if all_entries else view.glance.seen_by_all
    seconds = view.decision.seconds if view.decision is not None else 0
    watch(view.run.id, number, all_entries, view.deadline, seconds, view.next_news, is_large)


def note(refused: Refused) -> None:
    """Remember to say at the next drawing why something was not done."""
    session.remember(_NOTE, t(refused.key, **refused.args_by_name))


def show_note() -> None:
    """Say it, once."""
    words = session.recall(_NOTE)
    session.forget(_NOTE)
    if words:
        st.warning(words)


def role(name: Role) -> str:
    """What a role is called."""
    match name:
        case "command":
            return t("tabletop.role_command")
        case "scene":
            return t("tabletop.role_scene")
        case "information":
            return t("tabletop.role_information")
        case "support":
            return t("tabletop.role_support")


def roles(held: frozenset[Role] | tuple[Role, ...]) -> str:
    """Roles in the table's order; who holds none is a member."""
    named = [role(one) for one in ROLES if one in held]
    return t("common.list_separator").join(named) or t("tabletop.no_role")


def situation(view: RoomView) -> None:
    """Board, scene and news, as far as the reader has them."""
    board(view)
    scene(view)


def board(view: RoomView) -> None:
    """That the clock stands still, where it does, and the situation board."""
    if view.room.paused_at is not None:
        st.info(t("tabletop.tie" if view.room.tie else "tabletop.paused"))
    if view.board:
        st.markdown(drill_words.board(view.board, session.locale()))


def scene(view: RoomView) -> None:
    """Where we are, and the news that have come."""
    locale = session.locale()
    if view.scene is None:
        return
    st.header(render.label(view.scene.title.in_(locale)))
    if view.is_first or view.decision is None:
        render.show(view.scene.text.in_(locale), view.drill.course)
    for one in view.news:
        if one.inject.is_plain:
            words = drill_words.news(one.inject, locale)
            st.info(f"**{drill_words.minute(one.clock)}**　{words}")
        else:
            render.show(drill_words.inject(one, locale), view.drill.course)
        if one.inject.roles:
            st.caption(t("tabletop.to", roles=roles(one.inject.roles)))


def question(view: RoomView) -> None:
    """What the open decision asks, beyond its title."""
    if view.decision is not None and view.decision.text.zh:
        render.show(view.decision.text.in_(session.locale()), view.drill.course)


def people(view: RoomView) -> None:
    """Who is there, in which role."""
    st.markdown(
        "\n".join(
            f"- {render.escape(one.name)}{t('common.colon')}{roles(one.roles)}"
            + ("" if one.is_here else t("tabletop.away"))
            for one in view.people
        )
        or t("tabletop.nobody")
    )


def said(votes: dict[int, Vote], names: dict[int, str], words: dict[int, str]) -> str:
    """Votes and arguments as a list; ``words`` are those of the options by position."""
    lines = []
    for person_id, vote in votes.items():
        line = f"- **{render.escape(names.get(person_id, '—'))}**{t('common.colon')}"
        if vote.option in words:
            line += render.escape(words[vote.option]) + "　"
        lines.append(line + render.escape(vote.words))
    return "\n".join(lines)
