"""Daily practice: how many days in a row, today's cards one by one, what came out of them."""

from __future__ import annotations

from datetime import date

import streamlit as st

from portal.actions import leave, next_steps, practice
from portal.actions.errors import NotAllowed, Refused
from portal.actions.practice import PracticeView, SetView
from portal.core.streak import Streak
from portal.web import card, data, places, question, render, session
from portal.web.session import t


def page() -> None:
    """``?s=<set>`` goes on with a set or shows what came out; ``&n=<card>`` shows one card."""
    set_id = places.number("s")
    if set_id is None:
        _start()
        return
    try:
        view = practice.get_set(session.portal(), session.person(), set_id)
    except NotAllowed:
        st.title(t("nav.practice"))
        st.info(t("practice.not_yours"))
        places.link("practice", t("practice.to_practice"))
        return
    asked = places.number("n")
    if asked is None and view.next_open is None:
        _result(view)
    else:
        _running(view, asked)


def _start() -> None:
    portal, me = session.portal(), session.person()
    key = ("practice", *next_steps.stamp(portal, me))
    view = data.personal(key, lambda: practice.overview(portal, me))
    st.title(t("nav.practice"))
    _streak(view.streak)
    _cards(view)
    st.divider()
    places.link("notebook", t("book.count", n=view.wrong) if view.wrong else t("book.title"))
    places.link("placement", t("placement.link"))
    _leave(view)
    st.caption(t("practice.private"))


def _streak(streak: Streak) -> None:
    if not streak.days:
        st.write(t("practice.streak_none"))
        return
    state = t("practice.streak_today") if streak.today else t("practice.streak_open")
    days = t("practice.streak", n=streak.days)
    st.markdown(f"**{days}** · {state}")


def _cards(view: PracticeView) -> None:
    words = t("practice.due", n=view.due) if view.due else t("practice.due_none")
    if view.done_today:
        words = f"{t('practice.done_today', n=view.done_today)} · {words}"
    st.write(words)
    label = "go_on" if view.open_set else "more" if view.done_today else "start"
    if st.button(t(f"practice.{label}"), type="primary", key="start-practice"):
        try:
            set_id = practice.open_daily(session.portal(), session.person())
        except Refused as refused:
            st.info(t(refused.key, **refused.args_by_name))
            return
        st.query_params.from_dict({"s": str(set_id)})
        st.rerun()


def _running(view: SetView, asked: int | None) -> None:
    count = len(view.cards)
    position = asked - 1 if asked is not None else view.next_open or 0
    position = min(max(position, 0), count - 1)
    question.heal_after_reconnect()
    st.title(t("book.title") if view.practice_set.kind == "wrong" else t("nav.practice"))
    n = position + 1
    st.progress(n / count, text=t("practice.progress", n=n, count=count))
    last = all(one.grade is not None or one.position == position for one in view.cards)
    card.ask(view.cards[position], last or n == count)


def _result(view: SetView) -> None:
    count = len(view.cards)
    st.title(t("practice.done_title"))
    st.subheader(t("practice.done_score", count=count, right=view.right))
    _streak(view.streak)
    wrong = [one for one in view.cards if one.grade is not None and not one.grade.right]
    if wrong:
        st.header(t("practice.done_wrong"))
        for one in wrong:
            title = render.label(one.question.title.in_(session.locale()))
            places.link("practice", title, s=str(one.set_id), n=str(one.position + 1))
        st.caption(t("practice.wrong_in_book"))
    else:
        st.success(t("practice.done_all_right"))
    with st.container(horizontal=True):
        if st.button(t("practice.to_home"), type="primary", key="to-home"):
            places.go("home")
        if st.button(t("practice.to_practice"), key="to-practice"):
            st.query_params.clear()
            st.rerun()


def _leave(view: PracticeView) -> None:
    with st.expander(t("leave.title")):
        st.caption(f"{t('leave.hint')}{t('practice.streak_rule')}")
        today = date.fromisoformat(session.today())
        with st.form("leave", border=False):
            first = st.date_input(t("leave.from"), today, format="YYYY-MM-DD", key="leave-from")
            last = st.date_input(t("leave.to"), today, format="YYYY-MM-DD", key="leave-to")
            sent = st.form_submit_button(t("leave.save"))
        if sent and isinstance(first, date) and isinstance(last, date):
            _enter_leave(first, last)
        for days_off in view.leaves:
            with st.container(horizontal=True, vertical_alignment="center"):
                days = {
                    "first": session.day(days_off.begins_on),
                    "last": session.day(days_off.ends_on),
                }
                st.write(t("leave.row", **days))
                st.button(
                    t("leave.withdraw"),
                    type="tertiary",
                    key=f"withdraw-{days_off.id}",
                    on_click=leave.withdraw,
                    args=(session.portal(), session.person(), days_off.id),
                )


def _enter_leave(first: date, last: date) -> None:
    try:
        leave.enter(session.portal(), session.person(), first, last)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.toast(t("leave.saved", first=session.day(first), last=session.day(last)))
    st.rerun()
