"""One question of an attempt: its own fragment, so that a click reruns nothing else.

Every change is saved at once; "saved" is said only of what the database has. ``on_change`` is not
used: after a lost connection it would not fire, so the value is compared with what is saved in
every run (see ``inputs``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from portal.actions import attempts
from portal.actions.attempts import ItemView
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.grading import Grade
from portal.core.people import Person
from portal.web import (
    essay_result,
    feedback,
    inputs,
    places,
    regraded,
    render,
    reporting,
    session,
)
from portal.web.session import t


def checkpoints(module_id: str) -> dict[str, ItemView]:
    """The module's checkpoints by question id; their attempt is opened when needed."""
    view = attempts.open_checkpoints(session.portal(), session.person(), module_id)
    return {item.question.id: item for item in view.items}


@st.fragment(run_every=timedelta(hours=13))
def heal_after_reconnect() -> None:
    """Have the page run at once when a lost connection is back, not only at the next click.

    Streamlit's page asks for a run after a reconnect only while something is to be rerun by
    itself. The interval is longer than any sign-in lasts, so nothing ever is.
    """


def ask(item: ItemView) -> None:
    """The question with its input or its review."""
    show_stem(item)
    _answer(item.attempt_id, item.position)


@st.fragment
def _answer(attempt_id: int, position: int) -> None:
    """What changes with a click; the stem does not and is not sent again."""
    me = session.arrive()
    try:
        item = attempts.get_item(session.portal(), me, attempt_id, position)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    if item.locked:
        if not item.checked:  # handed in meanwhile, in another tab or by the clock
            st.warning(t("question.handed_in"))
            places.link("quiz", t("question.see_result"), a=str(attempt_id))
        show_result(item)
        return
    response = inputs.ask(item.question, _slot(item), item.option_order, item.response)
    saved_at = item.saved_at
    if response is not None and response != item.response:
        try:
            saved = attempts.answer(
                session.portal(), me, attempt_id, position, response, device=session.device()
            )
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
            return
        saved_at = saved.at
    st.caption(
        t("question.saved", time=session.clock(saved_at))
        if saved_at
        else t("question.not_answered")
    )
    _buttons(item, answered=saved_at is not None)


def _slot(item: ItemView) -> inputs.Slot:
    trusted = item.device in ("", session.device())
    return inputs.Slot(f"answer-{item.attempt_id}-{item.position}-{item.tries}", trusted)


def show_stem(item: ItemView) -> None:
    """The stem, and a word where it is shown in another language than the page."""
    if session.locale() == "en" and not item.question.has_english:
        st.caption(t("question.only_chinese"))
    render.show(feedback.stem(item.question), item.question.course)


def show_result(item: ItemView) -> None:
    """Answer beside key, feedback, explanation and law of an item that has been graded."""
    course = item.question.course
    final = item.grade is not None and not item.feedback_at_once
    essay = essay_result.find(item) if final else None
    if essay is not None:
        essay_result.show(item, essay)
    else:
        if item.grade is not None:
            _verdict(item, item.grade)
        seen = regraded.by_new_key(item)
        render.show(feedback.answers(seen.question, seen.option_order, seen.response), course)
    reasons = feedback.reasons(item.graded_by or item.question)
    if reasons:
        render.show(reasons, course)
    if final:
        regraded.show(item)
    if essay is not None:
        essay_result.appeal(item, essay)
    reporting.offer(item)
    if item.may_try_again and st.button(
        t("question.try_again"), key=f"again-{item.attempt_id}-{item.position}"
    ):
        attempts.try_again(session.portal(), session.person(), item.attempt_id, item.position)
        st.rerun(scope="fragment")


def _verdict(item: ItemView, grade: Grade) -> None:
    fraction = grade.fraction
    if grade.voided:
        return  # said below, with the reason
    if fraction is None:
        st.info(t("question.self_marked"))
    elif not grade.answered:
        st.info(t("question.nothing"))
    elif grade.right:
        st.success(t("question.right"))
    elif fraction > 0:
        score = f"{fraction * item.points:g}"
        st.warning(t("question.partly", score=score, points=f"{item.points:g}"))
    else:
        st.error(t("question.wrong"))


def _buttons(item: ItemView, answered: bool) -> None:
    if item.hint_used and item.question.hint:
        render.show(f"**{t('question.hint_shown')}** {item.question.hint.in_(session.locale())}")
    offers_hint = item.question.hint is not None and not item.hint_used
    if item.feedback_at_once and offers_hint:
        with st.container(horizontal=True):
            _check_button(item, answered)
            _hint_button(item)
    elif item.feedback_at_once:
        _check_button(item, answered)
    elif offers_hint:
        _hint_button(item)


def _check_button(item: ItemView, answered: bool) -> None:
    at = (item.attempt_id, item.position)
    label, key = t("question.check"), f"check-{at[0]}-{at[1]}"
    st.button(label, key=key, disabled=not answered, on_click=_check, args=at)


def _hint_button(item: ItemView) -> None:
    at = (item.attempt_id, item.position)
    label, key = t("question.hint"), f"hint-{at[0]}-{at[1]}"
    st.button(label, key=key, type="tertiary", on_click=_hint, args=at)


def save_held(*places: tuple[int, int]) -> None:
    """Save what the inputs at these (attempt id, position) hold and no run has seen yet.

    For callbacks of buttons that turn the page or check: the press may overtake the change.
    """
    portal, me = session.portal(), session.arrive()
    for attempt_id, position in places:
        try:
            item = attempts.get_item(portal, me, attempt_id, position)
            if item.locked:
                continue
            response = inputs.held(item.question, _slot(item), item.option_order, item.response)
            if response is not None and response != item.response:
                attempts.answer(portal, me, attempt_id, position, response, device=session.device())
        except Refused as refused:
            st.toast(t(refused.key, **refused.args_by_name))


def _check(attempt_id: int, position: int) -> None:
    save_held((attempt_id, position))
    _quietly(attempts.check_item, attempt_id, position)


def _hint(attempt_id: int, position: int) -> None:
    _quietly(attempts.use_hint, attempt_id, position)


def _quietly(
    action: Callable[[Portal, Person, int, int], object], attempt_id: int, position: int
) -> None:
    """Run ``action``; what it refuses shows in the run that follows."""
    try:
        action(session.portal(), session.arrive(), attempt_id, position)
    except Refused as refused:
        st.toast(t(refused.key, **refused.args_by_name))
