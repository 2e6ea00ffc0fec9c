"""Courses to be reviewed, and owners whom nobody would follow."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from portal.actions import course_upkeep
from portal.actions.course_upkeep import DueCourse, OwnerLine
from portal.web import places, render, session
from portal.web.session import t

SHOWN = 10
_Row = TypeVar("_Row")


def show() -> None:
    """What is due, then the owners; ten of each first."""
    found = course_upkeep.upkeep(session.portal(), session.person())
    st.header(t("laws.due_heading"))
    if not found.due:
        st.caption(t("laws.due_none"))
    for one in _some(found.due, "due"):
        _due(one)
    st.header(t("laws.owners_heading"))
    if not found.registered:
        st.caption(t("laws.owners_no_register"))
    elif not found.owners:
        st.caption(t("laws.owners_fine"))
    for line in _some(found.owners, "owners"):
        _owner(line)


# Private functions


def _some(rows: list[_Row], key: str) -> list[_Row]:
    if len(rows) <= SHOWN or st.toggle(t("common.show_all", n=len(rows)), key=f"all-{key}"):
        return rows
    return rows[:SHOWN]


def _due(one: DueCourse) -> None:
    with st.container(border=True):
        title = render.label(one.course.title.in_(session.locale()))
        places.link("workspace", title, key=f"due-{one.course.id}", c=one.course.id)
        day = session.day(one.day)
        if one.days < 0:
            words = f":red[**{t('laws.overdue', n=-one.days, day=day)}**]"
        else:
            words = t("laws.due", n=one.days, day=day)
        owner = one.course.owner
        st.caption(f"{words} · {render.escape(owner)}" if owner else words)


def _owner(line: OwnerLine) -> None:
    with st.container(border=True):
        name = render.escape(line.name) if line.name else t("laws.owner_nobody")
        st.markdown(f"**{name}**")
        st.markdown(t(f"laws.owner_{line.state}"))
        courses = t("common.list_separator").join(
            one.title.in_(session.locale()) for one in line.courses
        )
        st.caption(render.escape(courses))
