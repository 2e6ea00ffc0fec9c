"""Forms that make something new: a course, a module, a quiz, an English edition; another order."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.actions import content_making
from portal.actions.errors import Refused
from portal.web import places, render, session
from portal.web.session import t


def course() -> None:
    """A new course with its first module."""
    model = session.portal().library.catalogue.capabilities
    with st.form("workspace.new-course", border=False):
        title = st.text_input(t("workspace.course_title"), max_chars=80)
        folder = st.text_input(
            t("workspace.course_folder"),
            max_chars=40,
            placeholder="gas-safety",
        )
        st.caption(t("workspace.folder_help"))
        capability = st.selectbox(
            t("workspace.course_capability"),
            [entry.key for entry in model.capabilities],
            format_func=lambda key: next(
                entry.name.in_(session.locale()) for entry in model.capabilities if entry.key == key
            ),
        )
        first = st.text_input(t("workspace.first_module"), max_chars=80)
        if st.form_submit_button(t("workspace.make_course"), type="primary"):
            _make(
                lambda: content_making.new_course(
                    *(session.portal(), session.person(), (folder or "").strip(), title or ""),
                    capability or "",
                    first or "",
                )
            )


def module(course_id: str) -> None:
    """A new module behind the others."""
    with st.form("workspace.new-module", border=False):
        title = st.text_input(t("workspace.module_title"), max_chars=80)
        name = st.text_input(t("workspace.module_name"), max_chars=40)
        st.caption(t("workspace.folder_help"))
        if st.form_submit_button(t("workspace.make_module")):
            _make(
                lambda: content_making.new_module(
                    *(session.portal(), session.person(), course_id),
                    (name or "").strip(),
                    title or "",
                )
            )


def quiz(course_id: str) -> None:
    """A new quiz, exam or pool."""
    with st.form("workspace.new-quiz", border=False):
        kind = st.selectbox(
            t("workspace.quiz_kind"),
            ["quiz", "exam", "pool"],
            format_func=lambda key: t(f"workspace.kind_{key}"),
        )
        title = st.text_input(t("workspace.quiz_title"), max_chars=80)
        name = st.text_input(t("workspace.quiz_name"), max_chars=40)
        st.caption(t("workspace.folder_help"))
        if st.form_submit_button(t("workspace.make_quiz")):
            _make(
                lambda: content_making.new_quiz(
                    *(session.portal(), session.person(), course_id, (name or "").strip()),
                    kind or "quiz",
                    title or "",
                )
            )


def order(course_id: str) -> None:
    """The modules with arrows; ids and everybody's progress stay as they are."""
    paths = content_making.modules_of(session.portal(), session.person(), course_id)
    if len(paths) < 2:
        st.caption(t("workspace.order_one"))
        return
    st.caption(t("workspace.order_note"))
    for at, path in enumerate(paths):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            name = render.escape(path.rpartition("/")[2])
            st.markdown(name, width="stretch")
            for arrow, word, other in (("↑", "up", at - 1), ("↓", "down", at + 1)):
                st.button(
                    arrow,
                    key=f"order-{word}-{path}",
                    help=t(f"workspace.move_{word}", name=name),
                    disabled=not 0 <= other < len(paths),
                    on_click=_swap,
                    args=(course_id, paths, at, other),
                )


def rename(path: str) -> None:
    """Another file name for a module."""
    with st.form("workspace.rename", border=False):
        name = st.text_input(t("workspace.module_name"), max_chars=40)
        st.caption(t("workspace.rename_help"))
        if st.form_submit_button(t("workspace.rename")):
            _make(
                lambda: content_making.rename(
                    session.portal(), session.person(), path, (name or "").strip()
                )
            )


def edition(path: str) -> None:
    """The English edition, to be translated."""
    if st.button(t("workspace.make_edition")):
        _make(lambda: content_making.new_edition(session.portal(), session.person(), path))


# Private functions


def _make(deed: Callable[[], str]) -> None:
    """Make it and go there, or say why not."""
    try:
        path = deed()
    except Refused as refused:
        st.error(t(refused.key, **refused.args_by_name))
        return
    places.go("workspace", f=path)


def _swap(course_id: str, paths: list[str], one: int, other: int) -> None:
    moved = list(paths)
    moved[one], moved[other] = moved[other], moved[one]
    content_making.reorder(session.portal(), session.arrive(), course_id, moved)
