"""The book of wrong answers: all of them, by course and capability, ten a page, to try again."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from portal.actions import next_steps, notebook, practice
from portal.actions.errors import Refused
from portal.actions.notebook import Wrong
from portal.web import data, places, render, session
from portal.web.session import t

ROWS = 10


def page() -> None:
    """``?p=<page>``."""
    st.title(t("book.title"))
    portal, me = session.portal(), session.person()
    key = ("notebook", *next_steps.stamp(portal, me))
    found = data.personal(key, lambda: notebook.wrong_answers(portal, me))
    if not found:
        st.info(t("book.empty"))
        places.link("practice", t("practice.to_practice"))
        return
    st.caption(t("book.rule"))
    chosen = _filtered(found)
    if not chosen:
        st.info(t("book.none_here"))
        return
    number, shown = _page_of(chosen)
    if st.button(t("book.retry", n=len(shown)), type="primary", key="retry"):
        _retry(shown)
    for wrong in shown:
        st.markdown(f"**{render.label(wrong.title.in_(session.locale()))}**")
        st.caption(
            f"{_course_name(wrong.course_id)} · {t(f'book.left_{min(wrong.left, 2)}')} · "
            f"{t('book.since', day=session.day(wrong.answered_at))}"
        )
    _turn(number, len(chosen))


def _retry(shown: list[Wrong]) -> None:
    ids = tuple(wrong.question_id for wrong in shown)
    try:
        set_id = practice.open_wrong(session.portal(), session.person(), ids)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    places.go("practice", s=str(set_id))


def _filtered(found: list[Wrong]) -> list[Wrong]:
    """What the two menus leave; a menu is there when there is something to choose."""
    courses = {wrong.course_id: _course_name(wrong.course_id) for wrong in found}
    capabilities = {
        one.key: render.label(one.name.in_(session.locale()))
        for one in session.portal().library.catalogue.capabilities.capabilities
        if any(wrong.capability == one.key for wrong in found)
    }
    course = _menu("book.by_course", courses, "book-course")
    capability = _menu("book.by_capability", capabilities, "book-capability")
    return [
        wrong
        for wrong in found
        if course in ("", wrong.course_id) and capability in ("", wrong.capability)
    ]


def _menu(key: str, names: Mapping[str, str], widget: str) -> str:
    if len(names) < 2:
        return ""
    chosen = st.selectbox(
        t(key),
        ["", *names],
        format_func=lambda one: names.get(one, t("book.all")),
        key=widget,
    )
    return chosen if chosen in names else ""


def _page_of(chosen: list[Wrong]) -> tuple[int, list[Wrong]]:
    pages = -(-len(chosen) // ROWS)
    number = min(max(places.number("p") or 1, 1), pages)
    return number, chosen[(number - 1) * ROWS : number * ROWS]


def _turn(number: int, count: int) -> None:
    pages = -(-count // ROWS)
    if pages < 2:
        return
    st.caption(t("book.page", n=number, count=pages))
    with st.container(horizontal=True, horizontal_alignment="distribute", key="steps"):
        for words, other in (("book.earlier", number - 1), ("book.later", number + 1)):
            st.button(
                t(words),
                disabled=not 1 <= other <= pages,
                on_click=_page_to,
                args=(other,),
                key=f"book-{words}",
            )


def _page_to(number: int) -> None:
    st.query_params["p"] = str(number)


def _course_name(course_id: str) -> str:
    course = session.portal().library.catalogue.courses.get(course_id)
    return render.label(course.title.in_(session.locale())) if course else render.escape(course_id)
