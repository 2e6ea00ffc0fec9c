"""Home: go on where I left off, what I have to do, what is new.

Each element costs every look at this page: a link and the words about it are one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import partial

import streamlit as st

from portal.actions import next_steps, progress
from portal.actions.progress import HomeView, Task
from portal.core.times import parse_iso
from portal.web import data, news, places, render, session, steps, tasks, unfolding
from portal.web.session import t

SHOWN = 5
SHOWN_NEW = 3


def page() -> None:
    """The first button is always the next step; nothing stands here twice."""
    portal, me = session.portal(), session.person()
    stamp = next_steps.stamp(portal, me)
    home = data.personal(("home", *stamp), lambda: progress.home(portal, me))
    if not home.is_current(portal.now()):  # an exam ran out while nobody looked: it is closed now
        home = progress.home(portal, me)
    st.title(t("home.greeting", name=render.escape(me.name)))
    _next_step(home)
    _open_attempts(home)
    news.show(home.told)
    shown = {one.item.id for one in home.asked} | _on_top(home)
    shown |= {one.drill_id for one in home.retests}
    suggestions = steps.on_home(stamp, shown)
    shown |= {one.candidate.item_id for one in suggestions}
    tasks_left = [task for task in home.tasks if task.course_id not in shown]
    _tasks(home, tasks_left)
    steps.show_on_home(stamp, suggestions)
    _new(home, shown | {task.course_id for task in tasks_left})


def _on_top(home: HomeView) -> set[str]:
    """The course that the first button leads to."""
    if home.continue_at is not None:
        return {home.continue_at.course_id}
    return {home.tasks[0].course_id} if home.tasks and not home.asked else set()


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
        deadline = attempt.deadline_at
        ends = t("home.ends", when=session.day_and_time(deadline)) if deadline is not None else ""
        places.link("quiz", words, note=ends, q=quiz.id)


def _tasks(home: HomeView, others: Sequence[Task]) -> None:
    """What is overdue, what a drill found wanting, what else is assigned or meant for the post."""
    st.header(t("home.tasks"))
    if home.reminded is not None:
        at = session.day(parse_iso(home.reminded["at"]))
        name = home.reminded["name"]
        who = "asked.reminded_by" if name else "asked.reminded"
        st.info(t(who, name=render.escape(name or ""), day=at))
    late = sum(one.urgency == "overdue" for one in home.asked)
    lines: list[Callable[[], None]] = [
        *(partial(tasks.show, [one]) for one in home.asked[:late]),
        *(partial(tasks.retest, one) for one in home.retests),
        *(partial(tasks.show, [one]) for one in home.asked[late:]),
        *(partial(_task, task) for task in others),
    ]
    if not lines:
        st.caption(t("home.no_tasks"))
        return
    most = len(lines) if unfolding.is_whole("tasks") else max(SHOWN, _pressing(home))
    for line in lines[:most]:
        line()
    if most < len(lines):
        unfolding.offer("tasks", t("common.show_all", n=len(lines)))


def _pressing(home: HomeView) -> int:
    """How many are overdue or due soon, at most ten: those are never folded away."""
    return min(10, sum(one.urgency != "open" for one in home.asked) + len(home.retests))


def _task(task: Task) -> None:
    course = session.portal().library.catalogue.courses[task.course_id]
    label = render.label(course.title.in_(session.locale()))
    note = t(f"home.task_{task.state}", percent=task.percent, day=_expiry(task))
    places.link("course", label, note=note, c=course.id)


def _expiry(task: Task) -> str:
    return session.day(task.expires_at) if task.expires_at is not None else ""


def _new(home: HomeView, shown: Set[str]) -> None:
    """What is new and stands nowhere above."""
    new = [course_id for course_id in home.new if course_id not in shown][:SHOWN_NEW]
    if not new:
        return
    st.header(t("home.new"))
    courses = session.portal().library.catalogue.courses
    for course_id in new:
        course = courses[course_id]
        label = render.label(course.title.in_(session.locale()))
        places.link("course", label, note=t("common.hours", n=f"{course.hours:g}"), c=course_id)
