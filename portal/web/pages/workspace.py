"""For trainers: the tree of courses, one course with its open change, one file in the editor."""

from __future__ import annotations

import streamlit as st

from portal.actions import content_changes, content_drafts, content_making, content_overview
from portal.actions.content_overview import CourseLine, FileLine
from portal.actions.errors import Refused
from portal.content.parsing import kind_of_path
from portal.content.tree import english_of, is_english
from portal.core.content_paths import is_source
from portal.web import places, render, session, unfolding
from portal.web.session import t
from portal.web.workspace import changing, clash, desk, history, making, writing

SHOWN = 30


def page() -> None:
    """``?c=<course>`` shows a course, ``?f=<path>`` a file (``&line=``), neither the tree."""
    path, course = st.query_params.get("f", ""), st.query_params.get("c", "")
    if is_source(path):
        _file(path)
    elif course:
        _course(course[:120])
    else:
        _tree()


def _tree() -> None:
    st.title(t("workspace.title"))
    _say_if_readonly()
    portal, me = session.portal(), session.person()
    courses = content_overview.list_courses(portal, me, session.today(), session.locale())
    waiting = [one for one in courses if one.state == "review"]
    if waiting:
        st.info(t("workspace.waiting", n=len(waiting)))
    with st.expander(t("workspace.new_course")):
        making.course()
    words = st.text_input(t("workspace.find"), key="workspace.find", max_chars=60) or ""
    found = [one for one in courses if words.lower() in f"{one.title} {one.course}".lower()]
    found.sort(key=lambda one: one.state != "review")
    if not found:
        st.info(t("workspace.find_none") if words else t("workspace.no_courses"))
    everything = unfolding.is_whole("workspace")
    for one in found if everything else found[:SHOWN]:
        _course_line(one)
    if not everything and len(found) > SHOWN:
        unfolding.offer("workspace", t("common.show_all", n=len(found)))


def _course_line(one: CourseLine) -> None:
    states = []
    if one.state:
        states.append(t(f"workspace.short_{one.state}", n=one.drafts))
    if one.errors:
        states.append(t("workspace.errors", n=one.errors))
    if one.warnings:
        states.append(t("workspace.warnings", n=one.warnings))
    if one.overdue:
        states.append(t("workspace.overdue"))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        places.link("workspace", render.label(one.title), c=one.course)
        st.caption(" · ".join(states) or t("workspace.sound"))


def _course(course: str) -> None:
    portal, me = session.portal(), session.person()
    files = content_overview.list_files(portal, me, course, session.locale())
    if not files:
        st.title(t("workspace.title"))
        st.info(t("workspace.no_such_course"))
        places.link("workspace", t("workspace.back"))
        return
    st.title(render.label(files[0].title))
    places.link("workspace", t("workspace.back"))
    _say_if_readonly()
    done = session.recall("workspace.published")
    if done is not None:
        session.forget("workspace.published")
        changing.report(done, course)
    found = content_changes.find_change(portal, me, course)
    if found is not None:
        changing.show(found)
    st.header(t("workspace.files"))
    for one in files:
        _file_line(one)
    with st.expander(t("workspace.new_module")):
        making.module(course)
    with st.expander(t("workspace.new_quiz")):
        making.quiz(course)
    with st.expander(t("workspace.order")):
        making.order(course)


def _file_line(one: FileLine) -> None:
    states = [t(f"workspace.kind_{one.kind}")]
    if one.deed:
        states.append(t(f"workspace.deed_{one.deed}"))
    if one.errors:
        states.append(t("workspace.errors", n=one.errors))
    if one.warnings:
        states.append(t("workspace.warnings", n=one.warnings))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if one.deed == "deleted":
            st.markdown(render.label(one.title), width="content")
        else:
            places.link("workspace", render.label(one.title), f=one.path)
            if one.edition and one.edition_deed != "deleted":
                places.link("workspace", t("workspace.english"), f=one.edition)
        st.caption(f"{' · '.join(states)} · {render.escape(one.path.rpartition('/')[2])}")


def _file(path: str) -> None:
    portal, me = session.portal(), session.person()
    try:
        opened = content_drafts.open_file(portal, me, path)
    except Refused as refused:
        st.title(t("workspace.title"))
        st.error(t(refused.key, **refused.args_by_name))
        return
    course = path.split("/")[1]
    st.title(render.label(content_overview.title_of(path, opened.text)))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        places.link("workspace", t("workspace.to_course"), c=course)
        st.caption(render.escape(path))
    if not opened.exists:
        st.info(t("workspace.no_such_file"))
        return
    _go_to_line(path)
    writing.withdraw_button(opened)
    if opened.moved:
        clash.show_moved(opened)
    writing.show(opened)
    with st.expander(t("workspace.history")):
        history.show(path)
    with st.expander(t("workspace.this_file")):
        _tools(path)


def _tools(path: str) -> None:
    """What can be done with the file as a whole."""
    kind = kind_of_path(path)
    if not is_english(path):
        edition = content_drafts.open_file(session.portal(), session.person(), english_of(path))
        if not edition.exists:
            making.edition(path)
        if kind == "module":
            making.rename(path)
    sure = kind != "course" and st.checkbox(t("workspace.delete_sure"))
    if sure and st.button(t("workspace.delete")):
        _delete(path)


def _delete(path: str) -> None:
    portal, me = session.portal(), session.person()
    try:
        opened = content_drafts.open_file(portal, me, path)
        if opened.disk is None:
            content_drafts.discard(portal, me, path)
        else:
            content_making.delete(portal, me, path)
    except Refused as refused:
        st.error(t(refused.key, **refused.args_by_name))
        return
    desk.clear(path)
    places.go("workspace", c=path.split("/")[1])


def _go_to_line(path: str) -> None:
    """``&line=`` leads to a problem once; the address stays right when it is reloaded."""
    line = places.number("line")
    if line and session.recall(f"workspace.went:{path}") != line:
        session.remember(f"workspace.went:{path}", line)
        desk.go_to(path, line)


def _say_if_readonly() -> None:
    if not content_overview.is_writable(session.portal()):
        st.warning(t("workspace.readonly"))
