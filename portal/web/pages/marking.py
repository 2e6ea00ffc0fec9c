"""For trainers: essays that wait for a mark, marks that differ, appeals; one answer at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.actions import appeals, marking
from portal.actions.errors import Refused
from portal.actions.marking import Queue
from portal.core.times import parse_iso
from portal.web import essay_marking, places, render, session, views
from portal.web.session import t

VIEWS = ("waiting", "differ", "appeals", "marked")


def page() -> None:
    """``?a=<attempt>&n=<position>`` opens one answer; without them the queue."""
    st.title(t("nav.marking"))
    attempt_id, position = places.number("a"), places.number("n")
    if attempt_id is not None and position is not None:
        try:
            view = marking.open_essay(session.portal(), session.person(), attempt_id, position)
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
            places.link("marking", t("marking.back"), p="0")
            return
        essay_marking.show(view)
        return
    done = session.recall("marking.done")
    if done:
        session.forget("marking.done")
        st.success(t(f"marking.done_{done}"))
    _queue()


# Private functions


def _queue() -> None:
    portal, me = session.portal(), session.person()
    open_appeals = appeals.count_open(portal, me)
    count = {"appeals": f" {open_appeals}"} if open_appeals else {}
    view = views.choose(
        t("marking.view"),
        VIEWS,
        lambda name: t(f"marking.view_{name}") + count.get(name, ""),
        key="marking-view",
    )
    number = places.number("p") or 0
    found = _read(view, number)
    if not found.rows:
        st.info(t(f"marking.none_{view}"))
    for row, question in found.rows:
        with st.container(border=True):
            st.markdown(f"**{render.label(question.title.in_(session.locale()))}**")
            st.caption(_words(row))
            if view != "marked" and not row["taken"]:
                at = (row["attempt_id"], row["position"])
                places.link("marking", t("marking.open"), key=f"{at}", a=str(at[0]), n=str(at[1]))
    with st.container(horizontal=True):
        if number:
            places.link("marking", t("marking.newer"), p=str(number - 1))
        if found.more:
            places.link("marking", t("marking.further"), p=str(number + 1))


def _read(view: str, number: int) -> Queue:
    portal, me = session.portal(), session.person()
    if view == "appeals":
        return appeals.queue(portal, me, number)
    found = marking.queue(portal, me, view, None, number)
    if len(found.by_quiz) < 2:
        return found
    names = [None, *found.by_quiz]
    quiz_id = st.selectbox(
        t("marking.quiz"), names, format_func=_quiz_words(found), key=f"marking-quiz-{view}"
    )
    return found if quiz_id is None else marking.queue(portal, me, view, quiz_id, number)


def _quiz_words(found: Queue) -> Callable[[str | None], str]:
    def words(quiz_id: str | None) -> str:
        if quiz_id is None:
            return t("marking.every_quiz", n=sum(found.by_quiz.values()))
        return t("marking.quiz_n", title=_title(quiz_id), n=found.by_quiz[quiz_id])

    return words


def _title(quiz_id: str) -> str:
    quiz = session.portal().library.catalogue.quizzes.get(quiz_id)
    return quiz.title.in_(session.locale()) if quiz else quiz_id


def _words(row: dict[str, object]) -> str:
    words = [
        render.label(_title(str(row["quiz_id"]))),
        t("marking.handed_in", day=session.day(parse_iso(str(row["handed_in_at"])))),
    ]
    if row.get("name"):
        unit = render.escape(str(row["unit"] or ""))
        words.append(t("marking.by", name=render.escape(str(row["name"])), unit=unit))
    if row["state"] == "second":
        words.append(t("marking.is_second"))
    words += [t(f"marking.{name}") for name in ("taken", "draft") if row.get(name)]
    return " · ".join(words)
