"""The catalogue: search, six capabilities, every course with where I stand in it."""

from __future__ import annotations

import streamlit as st

from portal.actions import progress, search
from portal.actions.progress import CourseState
from portal.core.catalogue import Catalogue
from portal.core.courses import Course
from portal.web import data, places, render, session, unfolding
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """A search box first; below it the courses, those for my post before the others."""
    st.title(t("nav.learn"))
    query = st.text_input(
        t("learn.search"), key="learn-search", max_chars=100, placeholder=t("learn.search_example")
    )
    if query.strip():
        _results(query.strip())
    else:
        _courses(session.portal().library.catalogue)


def _results(query: str) -> None:
    hits = search.find(session.portal(), session.person(), query)
    if not hits:
        st.info(t("learn.nothing_found", query=render.escape(query)))
        return
    st.caption(t("learn.found", n=len(hits)))
    for hit in hits:
        places.link(hit.place, render.escape(hit.title), **hit.query)
        if hit.snippet:
            st.caption(render.escape(hit.snippet))


def _courses(catalogue: Catalogue) -> None:
    me, locale = session.person(), session.locale()
    if not catalogue.courses:
        st.info(t("learn.no_courses"))
        return
    capabilities = {c.key: c.name.in_(locale) for c in catalogue.capabilities.capabilities}
    chosen = st.pills(
        t("learn.capability"),
        list(capabilities),
        format_func=lambda key: capabilities.get(key, key),
        key="learn-capability",
    )
    stamp = (me.id, me.posts, locale, catalogue.fingerprint, session.today())
    marker = progress.courses_marker(session.portal(), me)
    cards = data.personal(("courses", *stamp, chosen, marker), lambda: _cards(catalogue, chosen))
    everything = unfolding.is_whole("courses") or len(cards) <= SHOWN
    for course_id, title, note in cards if everything else cards[:SHOWN]:
        places.link("course", title, note=note, c=course_id)  # one thing to press, one element
    if not everything:
        unfolding.offer("courses", t("common.show_all", n=len(cards)))
    if not cards:
        st.info(t("learn.none_of_this"))


def _cards(catalogue: Catalogue, capability: str | None) -> list[tuple[str, str, str]]:
    """Id, title and note of each course, made once for each change: those for my post first."""
    me, locale = session.person(), session.locale()
    names = {one.key: one.name.in_(locale) for one in catalogue.capabilities.capabilities}
    courses = [c for c in catalogue.courses.values() if capability in (None, c.capability)]
    courses.sort(key=lambda c: (not _for_me(c, me.posts), c.level, c.id))
    states = progress.course_states(session.portal(), me)
    return [
        (
            course.id,
            render.label(course.title.in_(locale)),
            _note(course, names.get(course.capability, ""), states.get(course.id)),
        )
        for course in courses
    ]


def _note(course: Course, capability: str, state: CourseState | None) -> str:
    facts = [capability, t(f"level.n{course.level}"), t("common.hours", n=f"{course.hours:g}")]
    if _for_me(course, session.person().posts) and course.posts:
        facts.append(t("learn.for_my_post"))
    return f"{' · '.join(facts)}\n{state_words(state)}"


def state_words(state: CourseState | None) -> str:
    """Where I stand in a course, in words."""
    if state is None:
        return t("learn.not_started")
    if state.completed_at is not None:
        return t("learn.completed", day=session.day(state.completed_at))
    return t("learn.under_way", percent=state.percent)


def _for_me(course: Course, posts: tuple[str, ...]) -> bool:
    return not course.posts or bool(set(course.posts) & set(posts))
