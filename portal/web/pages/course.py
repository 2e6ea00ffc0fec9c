"""One course: what it is for, its modules and quizzes, and where I stand in each."""

from __future__ import annotations

import streamlit as st

from portal.actions import progress
from portal.actions.progress import CourseState
from portal.core.courses import Course
from portal.web import places, render, session
from portal.web.session import t


def page() -> None:
    """``?c=<course id>``."""
    catalogue = session.portal().library.catalogue
    course = catalogue.courses.get(st.query_params.get("c", ""))
    if course is None:
        st.title(t("nav.course"))
        st.info(t("common.not_found"))
        places.link("learn", t("course.all"))
        return
    locale = session.locale()
    st.title(render.label(course.title.in_(locale)))
    state = progress.course_state(session.portal(), session.person(), course.id)
    names = {c.key: c.name.in_(locale) for c in catalogue.capabilities.capabilities}
    st.caption(
        " · ".join(
            (
                names.get(course.capability, ""),
                t(f"level.n{course.level}"),
                t("common.hours", n=f"{course.hours:g}"),
            )
        )
    )
    if locale == "en" and not course.has_english:
        st.caption(t("common.only_chinese"))
    _next_step(course, state)
    render.show(course.intro.in_(locale), course.id)
    _prerequisites(course)
    _modules(course, state)
    _quizzes(course, state)
    _drills(course, state)
    _facts(course)


def _next_step(course: Course, state: CourseState) -> None:
    """The first button is the next step; a completed course says so first."""
    if state.completed_at is not None:
        st.success(t("course.completed", day=session.day(state.completed_at)))
        return
    for module in course.modules:
        done = state.modules.get(module.id)
        if done is None or done.completed_at is None:
            label = "course.begin" if not state.modules else "course.go_on"
            if st.button(
                t(label, title=render.label(module.title.in_(session.locale()))), type="primary"
            ):
                places.go("module", m=module.id)
            return
    for quiz_id in course.pass_quizzes:
        quiz = session.portal().library.catalogue.quizzes.get(quiz_id)
        if quiz is not None and quiz_id not in state.quizzes_passed:
            label = t("course.take", title=render.label(quiz.title.in_(session.locale())))
            if st.button(label, type="primary"):
                places.go("quiz", q=quiz_id)
            return
        drill = session.portal().library.catalogue.drills.get(quiz_id)
        if drill is not None and quiz_id not in state.quizzes_passed:
            label = t("course.play", title=render.label(drill.title.in_(session.locale())))
            if st.button(label, type="primary"):
                places.go("drill", d=quiz_id)
            return


def _prerequisites(course: Course) -> None:
    courses = session.portal().library.catalogue.courses
    first = [courses[key] for key in course.prerequisites if key in courses]
    if first:
        st.caption(t("course.first"))
        for other in first:
            places.link("course", render.label(other.title.in_(session.locale())), c=other.id)


def _modules(course: Course, state: CourseState) -> None:
    st.header(t("course.modules"))
    if not course.modules:
        st.caption(t("course.no_modules"))
    for number, module in enumerate(course.modules, 1):
        done = state.modules.get(module.id)
        sign = "○"
        if done is not None:
            sign = "✓" if done.completed_at is not None else "◐"
        title = render.label(module.title.in_(session.locale()))
        places.link("module", f"{sign} {number}\\. {title}", m=module.id)
        words = t("common.minutes", n=module.minutes)
        st.caption(
            f"{words} · {t('course.' + {'○': 'not_begun', '◐': 'begun', '✓': 'done'}[sign])}"
        )


def _quizzes(course: Course, state: CourseState) -> None:
    quizzes = session.portal().library.catalogue.quizzes_of(course.id)
    if not quizzes:
        return
    st.header(t("course.quizzes"))
    for quiz in quizzes:
        title = render.label(quiz.title.in_(session.locale()))
        sign = "✓" if quiz.id in state.quizzes_passed else "○"
        places.link("quiz", f"{sign} {title}", q=quiz.id)
        facts = [t(f"quiz.{quiz.kind}"), t("quiz.pass_mark", n=f"{quiz.pass_mark:g}")]
        if quiz.minutes:
            facts.append(t("quiz.minutes", n=quiz.minutes))
        if quiz.id in course.pass_quizzes:
            facts.append(t("course.needed"))
        st.caption(" · ".join(facts))


def _drills(course: Course, state: CourseState) -> None:
    drills = session.portal().library.catalogue.drills.values()
    own = sorted((drill for drill in drills if drill.course == course.id), key=lambda one: one.id)
    if not own:
        return
    st.header(t("nav.drills"))
    for drill in own:
        sign = "✓" if drill.id in state.quizzes_passed else "○"
        title = render.label(drill.title.in_(session.locale()))
        places.link("drill", f"{sign} {title}", d=drill.id)
        facts = [t("common.minutes", n=drill.minutes)]
        if drill.id in course.pass_quizzes:
            facts.append(t("course.needed"))
        st.caption(" · ".join(facts))


def _facts(course: Course) -> None:
    facts = []
    if course.owner and session.locale() == "zh":  # an office's name has no English edition
        facts.append(t("course.owner", owner=render.escape(course.owner)))
    if course.valid_months:
        facts.append(t("course.valid", n=course.valid_months))
    if facts:
        st.caption(" · ".join(facts))
