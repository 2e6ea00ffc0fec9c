"""Home: go on where I left off, what I have to do, what is new."""

from __future__ import annotations

import streamlit as st

from portal.actions import progress
from portal.actions.progress import HomeView, Task
from portal.core.times import parse_iso
from portal.web import places, render, session, steps, tasks
from portal.web.session import t

SHOWN = 5
SHOWN_NEW = 3


def page() -> None:
    """The first button is always the next step."""
    me = session.person()
    home = progress.home(session.portal(), me)
    st.title(t("home.greeting", name=render.escape(me.name)))
    _next_step(home)
    _open_attempts(home)
    _tasks(home)
    _new(home, steps.on_home())


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
    elif home.asked:
        first = home.asked[0]
        st.write(t("asked.first", title=render.label(first.title.in_(locale))))
        if st.button(t("home.begin"), type="primary", key="begin"):
            tasks.go(first.item)
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
    """What is assigned, the most urgent first, then what else is meant for the post."""
    st.header(t("home.tasks"))
    if home.reminded is not None:
        at = session.day(parse_iso(home.reminded["at"]))
        name = home.reminded["name"]
        who = "asked.reminded_by" if name else "asked.reminded"
        st.info(t(who, name=render.escape(name or ""), day=at))
    total = len(home.asked) + len(home.tasks)
    if not total:
        st.caption(t("home.no_tasks"))
        return
    most = total if session.recall("home-all", False) else max(SHOWN, _pressing(home))
    tasks.show(home.asked[:most])
    for task in home.tasks[: max(0, most - len(home.asked))]:
        _task(task)
    if most < total and st.button(t("common.show_all", n=total), key="all-tasks"):
        session.remember("home-all", True)
        st.rerun()


def _pressing(home: HomeView) -> int:
    """How many are overdue or due soon, at most ten: those are never folded away."""
    return min(10, sum(one.urgency != "open" for one in home.asked))


def _task(task: Task) -> None:
    course = session.portal().library.catalogue.courses[task.course_id]
    places.link("course", render.label(course.title.in_(session.locale())), c=course.id)
    st.caption(t(f"home.task_{task.state}", percent=task.percent, day=_expiry(task)))


def _expiry(task: Task) -> str:
    return session.day(task.expires_at) if task.expires_at is not None else ""


def _new(home: HomeView, suggested: frozenset[str]) -> None:
    """What is new and was not just suggested. Each line of this page costs every look at it."""
    new = [course_id for course_id in home.new if course_id not in suggested][:SHOWN_NEW]
    if not new:
        return
    st.header(t("home.new"))
    courses = session.portal().library.catalogue.courses
    for course_id in new:
        course = courses[course_id]
        places.link("course", render.label(course.title.in_(session.locale())), c=course_id)
        st.caption(t("common.hours", n=f"{course.hours:g}"))
