"""Home: go on where I left off, what I have to do, what is new."""

from __future__ import annotations

import streamlit as st

from portal.actions import progress
from portal.actions.progress import HomeView, Task
from portal.web import places, render, session, steps
from portal.web.session import t

SHOWN = 5


def page() -> None:
    """The first button is always the next step."""
    me = session.person()
    home = progress.home(session.portal(), me)
    st.title(t("home.greeting", name=render.escape(me.name)))
    _next_step(home)
    _open_attempts(home)
    _tasks(home)
    steps.on_home()
    _new(home)


def _next_step(home: HomeView) -> None:
    locale = session.locale()
    if home.continue_at is not None:
        place = home.continue_at
        module = session.portal().library.catalogue.modules[place.module_id]
        st.write(
            t(
                "home.left_off",
                title=render.label(module.title.in_(locale)),
                n=place.number,
                count=place.count,
            )
        )
        if st.button(t("home.go_on"), type="primary", key="go-on"):
            places.go("module", m=place.module_id, s=place.section)
    elif home.tasks:
        task = home.tasks[0]
        course = session.portal().library.catalogue.courses[task.course_id]
        title = render.label(course.title.in_(locale))
        begun = task.state == "started"
        if begun:
            st.write(t("home.under_way", title=title, percent=task.percent))
        else:
            st.write(t("home.begin_with", title=title, hours=f"{course.hours:g}"))
        if st.button(t("home.go_on" if begun else "home.begin"), type="primary", key="begin"):
            places.go("course", c=task.course_id)
    else:
        st.write(t("home.all_done"))
        if st.button(t("home.browse"), type="primary", key="browse"):
            places.go("learn")


def _open_attempts(home: HomeView) -> None:
    quizzes = session.portal().library.catalogue.quizzes
    for attempt in home.open_attempts:
        quiz = quizzes.get(attempt.quiz_id)
        if quiz is None:
            continue
        words = t("home.unfinished", title=render.label(quiz.title.in_(session.locale())))
        places.link("quiz", words, q=quiz.id)
        if attempt.deadline_at is not None:
            st.caption(t("home.ends", when=session.day_and_time(attempt.deadline_at)))


def _tasks(home: HomeView) -> None:
    st.header(t("home.tasks"))
    if not home.tasks:
        st.caption(t("home.no_tasks"))
        return
    everything = session.recall("home-all", False) or len(home.tasks) <= SHOWN
    for task in home.tasks if everything else home.tasks[:SHOWN]:
        _task(task)
    if not everything and st.button(t("common.show_all", n=len(home.tasks)), key="all-tasks"):
        session.remember("home-all", True)
        st.rerun()


def _task(task: Task) -> None:
    course = session.portal().library.catalogue.courses[task.course_id]
    places.link("course", render.label(course.title.in_(session.locale())), c=course.id)
    st.caption(t(f"home.task_{task.state}", percent=task.percent, day=_expiry(task)))


def _expiry(task: Task) -> str:
    return session.day(task.expires_at) if task.expires_at is not None else ""


def _new(home: HomeView) -> None:
    if not home.new:
        return
    st.header(t("home.new"))
    courses = session.portal().library.catalogue.courses
    for course_id in home.new[:SHOWN]:
        course = courses[course_id]
        places.link("course", render.label(course.title.in_(session.locale())), c=course_id)
        st.caption(t("common.hours", n=f"{course.hours:g}"))
