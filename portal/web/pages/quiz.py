"""Quiz and exam: before it, one question a page, the result with its review."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from portal.actions import attempts, notifications
from portal.actions.attempts import AttemptView, ItemView
from portal.actions.errors import Refused
from portal.core.questions import Essay
from portal.core.quizzes import Quiz
from portal.web import places, question, render, session
from portal.web.session import t

ITEMS_A_PAGE = 10


def page() -> None:
    """``?q=<quiz id>``; ``&n=<question>`` while it runs; ``&a=<attempt>`` shows a past result."""
    portal, me = session.portal(), session.person()
    try:
        attempt_id = places.number("a")
        if attempt_id is not None:
            _attempt(attempts.get_attempt(portal, me, attempt_id))
            return
        asked = st.query_params.get("q", "")
        view = attempts.find_open(portal, me, asked)
        if view is not None and view.quiz is not None:
            _running(view.quiz, view)  # as it was when it was opened, offered still or not
            return
    except Refused as refused:
        st.title(t("nav.quiz"))
        st.warning(t(refused.key, **refused.args_by_name))
        places.link("record", t("nav.record"))
        return
    if asked in portal.library.catalogue.drills:  # linked to by its file, as quizzes are
        places.go("drill", d=asked)
    quiz = portal.library.catalogue.quizzes.get(asked)
    if quiz is None or quiz.kind == "pool":
        st.title(t("nav.quiz"))
        st.info(t("common.not_found"))
        places.link("learn", t("course.all"))
    else:
        _before(quiz)


def _attempt(view: AttemptView) -> None:
    if not view.attempt.is_open:
        _result(view)
    elif view.quiz is not None:
        _running(view.quiz, view)


def _before(quiz: Quiz) -> None:
    _course_link(quiz)
    st.title(render.label(quiz.title.in_(session.locale())))
    render.show(quiz.intro.in_(session.locale()), quiz.course)
    facts = [t(f"quiz.{quiz.kind}_rule"), t("quiz.pass_mark", n=f"{quiz.pass_mark:g}")]
    if quiz.minutes:
        facts.append(t("quiz.time_rule", n=quiz.minutes))
    if quiz.attempts:
        facts.append(t("quiz.attempts_rule", n=quiz.attempts))
    st.markdown("\n".join(f"- {fact}" for fact in facts))
    past = attempts.history(session.portal(), session.person(), quiz.id)
    for attempt in past[:5]:
        words = t("quiz.past", n=attempt.number, day=session.day_and_time(attempt.submitted_at))
        if attempt.percent is not None:
            words += t("common.colon") + t("quiz.percent", n=f"{attempt.percent:.0f}")
        places.link("quiz", render.escape(words), q=quiz.id, a=str(attempt.id))
    label = t("quiz.again") if past else t("quiz.start")
    if st.button(label, type="primary", key="start"):
        try:
            attempts.open_attempt(session.portal(), session.person(), quiz.id)
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
            return
        st.query_params["n"] = "1"
        st.rerun()


def _running(quiz: Quiz, view: AttemptView) -> None:
    count = len(view.items)
    listed = quiz.layout == "list"
    question.heal_after_reconnect()
    st.title(render.label(quiz.title.in_(session.locale())))
    if view.attempt.deadline_at is not None:
        _time_left(view.attempt.id)
    if listed:
        _page_of_list(view)
        return
    n = min(max(places.number("n") or 1, 1), count)
    st.progress(n / count, text=t("quiz.progress", n=n, count=count))
    item = view.items[n - 1]
    question.ask(item)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="steps"):
        st.button(
            t("quiz.previous"),
            disabled=n == 1,
            on_click=_turn_to,
            args=(n - 1, item),
            key=f"prev-{n}",
        )
        if n < count:
            st.button(
                t("quiz.next"),
                type="primary",
                on_click=_turn_to,
                args=(n + 1, item),
                key=f"next-{n}",
            )
        else:
            _hand_in(view)
    _overview(view, n)


def _page_of_list(view: AttemptView) -> None:
    """All questions below each other, ten a page."""
    pages = -(-len(view.items) // ITEMS_A_PAGE)
    number = min(max(places.number("p") or 1, 1), pages)
    begin = (number - 1) * ITEMS_A_PAGE
    shown = view.items[begin : begin + ITEMS_A_PAGE]
    for n, item in enumerate(shown, begin + 1):
        st.header(t("quiz.question_n", n=n))
        question.ask(item)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="steps"):
        st.button(
            t("quiz.previous_page"),
            disabled=number == 1,
            on_click=_page_to,
            args=(number - 1, shown),
        )
        if number < pages:
            st.button(
                t("quiz.next_page"), type="primary", on_click=_page_to, args=(number + 1, shown)
            )
        else:
            _hand_in(view)


def _overview(view: AttemptView, n: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        menu = st.popover(t("quiz.all_questions"))
        if n < len(view.items):
            _hand_in(view, "tertiary")
    with menu:
        chosen = st.radio(
            t("quiz.go_to"),
            range(1, len(view.items) + 1),
            index=n - 1,
            format_func=lambda i: _item_words(view, i),
            key=f"overview-{view.attempt.id}-{n}",
        )
    if chosen != n:
        st.query_params["n"] = str(chosen)
        st.rerun()


def _item_words(view: AttemptView, n: int) -> str:
    item = view.items[n - 1]
    state = "checked" if item.checked else ("answered" if item.response is not None else "open")
    return f"{t('quiz.question_n', n=n)} · {t(f'quiz.{state}')}"


def _hand_in(view: AttemptView, kind: Literal["primary", "tertiary"] = "primary") -> None:
    if st.button(t("quiz.hand_in"), type=kind, key="hand-in"):
        _confirm(view.attempt.id)


def _confirm(attempt_id: int) -> None:
    @st.dialog(t("quiz.hand_in"))
    def ask_once_more() -> None:
        view = attempts.get_attempt(session.portal(), session.person(), attempt_id)
        missing = sum(item.response is None for item in view.items)
        st.write(t("quiz.missing", n=missing) if missing else t("quiz.all_answered"))
        if st.button(t("quiz.hand_in_now"), type="primary", key="hand-in-now"):
            try:
                attempts.submit(session.portal(), session.person(), attempt_id)
            except Refused as refused:
                st.warning(t(refused.key, **refused.args_by_name))
                return
            st.query_params["a"] = str(attempt_id)
            st.rerun()

    ask_once_more()


@st.fragment(run_every=20)
def _time_left(attempt_id: int) -> None:
    """What is left on the server's clock; when nothing is, the page turns to the result."""
    seconds = attempts.seconds_left(session.portal(), session.person(), attempt_id)
    if seconds is None or seconds <= 0:
        st.query_params["a"] = str(attempt_id)
        st.rerun()
    words = t("quiz.time_left", minutes=math.ceil(seconds / 60))
    if seconds < 120:
        st.warning(words)
    else:
        st.caption(words)


def _result(view: AttemptView) -> None:
    attempt = view.attempt
    quiz = session.portal().library.catalogue.quizzes.get(attempt.quiz_id) or view.quiz
    if quiz is not None:
        _course_link(quiz)
    st.title(render.label(quiz.title.in_(session.locale())) if quiz else t("nav.quiz"))
    _score(view)
    mine = attempt.person_id == session.person().id
    if mine:
        notifications.note_opened(
            session.portal(), session.person(), ("essay", "appeal"), attempt.id
        )
    if quiz is not None and mine and st.button(t("quiz.back_to_start"), key="again"):
        st.query_params.from_dict({"q": attempt.quiz_id})
        st.rerun()
    if not view.may_review:
        return
    st.header(t("quiz.review"))
    _review(view)


def _score(view: AttemptView) -> None:
    attempt = view.attempt
    if attempt.passed is not None and attempt.percent is not None:
        words = t(
            "quiz.score", percent=f"{attempt.percent:.0f}", pass_mark=f"{attempt.pass_mark:g}"
        )
        if attempt.passed:
            st.success(t("quiz.passed") + words)
        else:
            st.warning(t("quiz.failed") + words)
    else:
        st.info(t("quiz.awaits_marking"))
    closed = t("quiz.closed_by_clock") if attempt.closed_by == "clock" else ""
    st.caption(t("quiz.handed_in", day=session.day_and_time(attempt.submitted_at)) + closed)


def _review(view: AttemptView) -> None:
    """Ten questions a page: a long review stays quick on a phone."""
    pages = -(-len(view.items) // ITEMS_A_PAGE)
    number = 1
    if pages > 1:
        number = st.segmented_control(
            t("quiz.review_page"),
            range(1, pages + 1),
            default=1,
            required=True,
            format_func=lambda i: (
                f"{(i - 1) * ITEMS_A_PAGE + 1}–{min(i * ITEMS_A_PAGE, len(view.items))}"
            ),
            key="review-page",
        )
    begin = (number - 1) * ITEMS_A_PAGE
    for n, item in enumerate(view.items[begin : begin + ITEMS_A_PAGE], begin + 1):
        sign = _sign(item)
        title = render.label(item.question.title.in_(session.locale()))
        with st.expander(f"{sign} {n}\\. {title}", expanded=sign in "✗◐✎" or item.decided):
            question.show_stem(item)
            question.show_result(item)


def _sign(item: ItemView) -> str:
    grade = item.grade
    if grade is None or grade.voided or not grade.answered:
        return "–"
    if isinstance(item.question.body, Essay):
        return "✎"  # neither right nor wrong: its points stand inside
    if grade.fraction is None:
        return "–"
    return "✓" if grade.right else "◐" if grade.fraction > 0 else "✗"


def _course_link(quiz: Quiz) -> None:
    course = session.portal().library.catalogue.courses.get(quiz.course)
    if course is not None:
        places.link("course", f"‹ {render.label(course.title.in_(session.locale()))}", c=course.id)


def _turn_to(n: int, leaving: ItemView) -> None:
    question.save_held((leaving.attempt_id, leaving.position))
    st.query_params["n"] = str(n)


def _page_to(number: int, leaving: Sequence[ItemView]) -> None:
    question.save_held(*((item.attempt_id, item.position) for item in leaving))
    st.query_params["p"] = str(number)
