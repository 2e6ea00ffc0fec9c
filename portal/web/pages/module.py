"""The reader: one section of a module a screen, checkpoints in it, the place kept."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.actions import progress
from portal.core.courses import Module, Prose, Section
from portal.web import places, question, render, session
from portal.web.session import t


def page() -> None:
    """``?m=<module id>`` with ``&s=<section>``; without a section, where I left off."""
    catalogue = session.portal().library.catalogue
    module = catalogue.modules.get(st.query_params.get("m", ""))
    if module is None or not module.sections:
        st.title(t("nav.module"))
        st.info(t("common.not_found"))
        places.link("learn", t("course.all"))
        return
    at = _position(module)
    section = module.sections[at]
    progress.see_section(session.portal(), session.person(), module.id, section.slug)
    _head(module, at)
    _contents(module, at)
    held = _body(module, section)
    _steps(module, at, held)


def _position(module: Module) -> int:
    """The section that the address names, else the one where I left off."""
    slugs = [section.slug for section in module.sections]
    wanted = st.query_params.get("s")
    if wanted not in slugs:
        wanted = progress.open_module(session.portal(), session.person(), module.id).section
    return slugs.index(wanted) if wanted in slugs else 0


def _head(module: Module, at: int) -> None:
    course = session.portal().library.catalogue.courses[module.course]
    places.link("course", f"‹ {render.label(course.title.in_(session.locale()))}", c=course.id)
    st.title(render.label(module.sections[at].title.in_(session.locale())))
    title = render.label(module.title.in_(session.locale()))
    words = [title, f"{at + 1}/{len(module.sections)}", t("common.minutes", n=module.minutes)]
    st.caption(" · ".join(words))
    if session.locale() == "en" and not module.has_english:
        st.caption(t("common.only_chinese"))


def _contents(module: Module, at: int) -> None:
    if len(module.sections) < 2:
        return
    with st.popover(t("module.contents")):
        chosen = st.radio(
            t("module.contents"),
            range(len(module.sections)),
            index=at,
            format_func=lambda i: render.label(module.sections[i].title.in_(session.locale())),
            key=f"contents-{module.id}-{at}",
            label_visibility="collapsed",
        )
    if chosen != at:
        st.query_params["s"] = module.sections[chosen].slug
        st.rerun()


def _body(module: Module, section: Section) -> list[tuple[int, int]]:
    """Show the section; return where its checkpoints' answers belong."""
    checkpoints = None
    shown: list[tuple[int, int]] = []
    for segment in section.segments:
        if isinstance(segment, Prose):
            render.show(segment.text.in_(session.locale()), module.course)
            continue
        if checkpoints is None:
            checkpoints = question.checkpoints(module.id)
            question.heal_after_reconnect()
        if segment.question_id in checkpoints:
            item = checkpoints[segment.question_id]
            shown.append((item.attempt_id, item.position))
            with st.container(border=True):
                st.caption(t("module.checkpoint"))
                question.ask(item)
    return shown


def _steps(module: Module, at: int, held: Sequence[tuple[int, int]]) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", key="steps"):
        st.button(
            t("module.previous"),
            disabled=at == 0,
            on_click=_turn_to,
            args=(module, at - 1, held),
            key=f"previous-{at}",
        )
        if at + 1 < len(module.sections):
            st.button(
                t("module.next"),
                type="primary",
                on_click=_turn_to,
                args=(module, at + 1, held),
                key=f"next-{at}",
            )
        elif st.button(t("module.finish"), type="primary", key="finish"):
            _finish(module)


def _turn_to(module: Module, at: int, held: Sequence[tuple[int, int]]) -> None:
    question.save_held(*held)
    if 0 <= at < len(module.sections):
        st.query_params["s"] = module.sections[at].slug


def _finish(module: Module) -> None:
    """On to the next module, or back to the course; says first what is still missing."""
    state = progress.open_module(session.portal(), session.person(), module.id)
    if state.completed_at is None:
        st.warning(t("module.unfinished"))
        return
    course = session.portal().library.catalogue.courses[module.course]
    ids = [m.id for m in course.modules]
    after = ids.index(module.id) + 1
    if after < len(ids):
        places.go("module", m=ids[after])
    places.go("course", c=course.id)
