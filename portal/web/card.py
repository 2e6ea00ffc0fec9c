"""One practice card: asked in a fragment of its own, marked at once, then on to the next.

As with the questions of a quiz, what the input holds is compared with what is saved in every run
(see ``inputs``); only what the database has is called saved.
"""

from __future__ import annotations

import streamlit as st

from portal.actions import practice
from portal.actions.attempts import ItemView
from portal.actions.errors import Refused
from portal.actions.practice import Card
from portal.web import inputs, question, render, session
from portal.web.session import t


def ask(card: Card, last: bool) -> None:
    """The card with its input or its result; the ``last`` of a set leads to what came out."""
    item = _as_item(card)
    question.show_stem(item)
    _answer(card.set_id, card.position, last)


@st.fragment
def _answer(set_id: int, position: int, last: bool) -> None:
    me = session.arrive()
    card = practice.get_card(session.portal(), me, set_id, position)
    if card.grade is None:
        _open(card)
    else:
        question.show_result(_as_item(card))
        _onward(card, last)


def _open(card: Card) -> None:
    at = (card.set_id, card.position)
    shown = f"shown-{card.set_id}-{card.position}"
    if session.recall(shown) is None:
        session.remember(shown, session.portal().now())
    response = inputs.ask(card.question, _slot(card), card.option_order, card.response)
    answered = card.saved_at is not None
    if response is not None and response != card.response:
        try:
            practice.answer(
                session.portal(), session.person(), *at, response, device=session.device()
            )
            answered = True
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
    if card.hint_used and card.question.hint:
        words = card.question.hint.in_(session.locale())
        render.show(f"**{t('question.hint_shown')}** {words}")
    with st.container(horizontal=True):
        st.button(
            t("practice.check"),
            type="primary",
            key=f"check-card-{at[0]}-{at[1]}",
            disabled=not answered,
            on_click=_check,
            args=at,
        )
        if card.question.hint and not card.hint_used:
            st.button(
                t("question.hint"),
                type="tertiary",
                key=f"hint-card-{at[0]}-{at[1]}",
                on_click=_hint,
                args=at,
            )


def _onward(card: Card, last: bool) -> None:
    at = f"{card.set_id}-{card.position}"
    if card.due_at is not None:
        days = max(1, round((card.due_at - session.portal().now()).total_seconds() / 86400))
        st.caption(t("practice.comes_back", days=days, day=session.day(card.due_at)))
    with st.container(horizontal=True):
        words = t("practice.finish") if last else t("practice.next")
        if st.button(words, type="primary", key=f"next-card-{at}"):
            _turn_to(card.set_id, None if last else card.position + 2)
        may_be_easy = card.grade is not None and card.grade.right and not card.hint_used
        if may_be_easy and not card.easy:
            st.button(
                t("practice.easy"),
                type="tertiary",
                key=f"easy-card-{at}",
                on_click=_say_easy,
                args=(card.set_id, card.position),
            )


def _turn_to(set_id: int, number: int | None) -> None:
    query = {"s": str(set_id)}
    if number is not None:
        query["n"] = str(number)
    st.query_params.from_dict(query)
    st.rerun()


def _check(set_id: int, position: int) -> None:
    portal, me = session.portal(), session.arrive()
    shown_at = session.recall(f"shown-{set_id}-{position}")
    try:
        card = practice.get_card(portal, me, set_id, position)
        held = inputs.held(card.question, _slot(card), card.option_order, card.response)
        if card.grade is None and held is not None and held != card.response:
            # the press may overtake the change
            practice.answer(portal, me, set_id, position, held, device=session.device())
        practice.check(portal, me, set_id, position, shown_at=shown_at)
    except Refused as refused:
        st.toast(t(refused.key, **refused.args_by_name))


def _hint(set_id: int, position: int) -> None:
    try:
        practice.use_hint(session.portal(), session.arrive(), set_id, position)
    except Refused as refused:
        st.toast(t(refused.key, **refused.args_by_name))


def _say_easy(set_id: int, position: int) -> None:
    practice.say_easy(session.portal(), session.arrive(), set_id, position)


def _slot(card: Card) -> inputs.Slot:
    trusted = card.device in ("", session.device())
    return inputs.Slot(f"card-{card.set_id}-{card.position}", trusted)


def _as_item(card: Card) -> ItemView:
    """The card in the shape in which questions are shown."""
    checked = card.grade is not None
    return ItemView(
        attempt_id=card.set_id,
        position=card.position,
        question=card.question,
        option_order=card.option_order,
        points=card.question.points,
        response=card.response,
        saved_at=card.saved_at,
        device=card.device,
        hint_used=card.hint_used,
        checked=checked,
        tries=int(checked),
        locked=checked,
        may_try_again=False,
        feedback_at_once=not checked,
        grade=card.grade,
    )
