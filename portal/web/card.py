"""One practice card: asked in a fragment of its own, marked at once, then on to the next.

As with the questions of a quiz, what the input holds is compared with what is saved in every run
(see ``inputs``); only what the database has is called saved.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import streamlit as st

from portal.actions import placement, practice
from portal.actions.attempts import ItemView
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.practice_cards import Card
from portal.core.people import Person
from portal.core.questions import Response
from portal.web import inputs, question, render, session
from portal.web.session import t


def ask(card: Card, last: bool) -> None:
    """The card with its input or its result; the ``last`` of a set leads to what came out."""
    item = _as_item(card)
    question.show_stem(item)
    _answer(card.set_id, card.position, last)


def ask_quietly(card: Card) -> None:
    """A question of the placement: nothing is marked, the next one follows."""
    question.show_stem(_as_item(card))
    _answer_quietly(card.set_id, card.position)


@st.fragment
def _answer_quietly(set_id: int, position: int) -> None:
    me = session.arrive()
    card = placement.current(session.portal(), me, set_id)
    if card is None or card.position != position:
        st.rerun()
    answered = _input(card, placement.answer)
    at = (set_id, position)
    with st.container(horizontal=True):
        if st.button(
            t("practice.next"),
            type="primary",
            key=f"quiet-{set_id}-{position}",
            disabled=not answered,
            on_click=_go_on,
            args=(*at, False),
        ):
            st.rerun()
        if st.button(
            t("placement.not_known"),
            type="tertiary",
            key=f"not-known-{set_id}-{position}",
            on_click=_go_on,
            args=(*at, True),
        ):
            st.rerun()


def _go_on(set_id: int, position: int, not_known: bool) -> None:
    portal, me = session.portal(), session.arrive()
    try:
        card = placement.current(portal, me, set_id)
        if card is not None and card.position == position and not not_known:
            _save_held(card, placement.answer)
        placement.go_on(portal, me, set_id, position, not_known=not_known)
    except Refused as refused:
        st.toast(t(refused.key, **refused.args_by_name))


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
    answered = _input(card, practice.answer)
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
        if card.grade is None:
            _save_held(card, practice.answer)
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


class _Save(Protocol):
    """How an answer is saved: ``practice.answer`` and ``placement.answer``."""

    def __call__(
        self,
        portal: Portal,
        actor: Person,
        set_id: int,
        position: int,
        response: Response,
        *,
        device: str = ...,
    ) -> datetime: ...


def _input(card: Card, save: _Save) -> bool:
    """Show the input and save what is in it; whether there is a saved answer now."""
    response = inputs.ask(card.question, _slot(card), card.option_order, card.response)
    if response is None or response == card.response:
        return card.saved_at is not None
    try:
        save(*_whose(), card.set_id, card.position, response, device=session.device())
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return card.saved_at is not None
    return True


def _save_held(card: Card, save: _Save) -> None:
    """Save what no run has seen yet: the press of a button may overtake the change."""
    held = inputs.held(card.question, _slot(card), card.option_order, card.response)
    if held is not None and held != card.response:
        save(*_whose(), card.set_id, card.position, held, device=session.device())


def _whose() -> tuple[Portal, Person]:
    return session.portal(), session.person()


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
