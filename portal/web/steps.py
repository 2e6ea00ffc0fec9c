"""Suggested steps with their reasons in words, today's practice, and the placement's offer."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable

import streamlit as st

from portal.actions import next_steps, placement
from portal.actions.assignments import title_of
from portal.actions.next_steps import NextSteps
from portal.core.assignments import Item
from portal.core.capabilities import Bilingual
from portal.core.next_steps import MOST, Candidate, Reason, Suggestion
from portal.web import data, places, render, session, tasks
from portal.web.session import t

SHOWN_REASONS = 2


def on_home(stamp: tuple[Hashable, ...], shown: Collection[str]) -> tuple[Suggestion, ...]:
    """What to suggest on the first page beside the courses and quizzes ``shown`` there anyway."""
    found = _found(stamp)
    fresh = (one for one in found.suggestions if one.candidate.item_id not in shown)
    return tuple(fresh)[:MOST]


def show_on_home(stamp: tuple[Hashable, ...], suggestions: Iterable[Suggestion]) -> None:
    """The first page's part: the placement's offer, the suggestions, and today's practice."""
    found = _found(stamp)
    _placement(found)
    st.header(t("next.title"))
    show(suggestions)
    _practice(found)


def show(suggestions: Iterable[Suggestion]) -> None:
    """Each step as a link with its reasons."""
    for suggestion in suggestions:
        one = suggestion.candidate
        label = render.label(_title(one).in_(session.locale()))
        if one.kind == "drill":
            label = t("next.drill", title=label)
        name, key = tasks.PAGES[one.kind]
        places.link(name, label, note=reasons(suggestion), **{key: one.item_id})


def reasons(suggestion: Suggestion) -> str:
    """Why, in words, and how long it takes."""
    one = suggestion.candidate
    parts = [_reason(reason, one) for reason in suggestion.reasons[:SHOWN_REASONS]]
    if one.minutes:
        key = "next.minutes_left" if one.standing == "started" else "next.minutes"
        parts.append(t(key, n=one.minutes))
    return t("next.separator").join(parts)


def _found(stamp: tuple[Hashable, ...]) -> NextSteps:
    portal, me = session.portal(), session.person()
    return data.personal(("next steps", *stamp), lambda: next_steps.look(portal, me))


def _reason(reason: Reason, one: Candidate) -> str:
    values: dict[str, object] = dict(reason.values)
    if reason.kind in ("gap", "gap_unknown", "met", "placement"):
        values["capability"] = _capability(one.capability)
    if reason.kind == "due":
        assert one.due_on is not None
        values["day"] = session.day(one.due_on)
        if reason.values["days"] == 0:
            return t("next.due_today")
    return t(f"next.{reason.kind}", **values)


def _title(one: Candidate) -> Bilingual:
    return title_of(session.portal(), Item(one.kind, one.item_id)) or Bilingual(one.item_id)


def _capability(key: str) -> str:
    for one in session.portal().library.catalogue.capabilities.capabilities:
        if one.key == key:
            return render.label(one.name.in_(session.locale()))
    return render.escape(key)


def _practice(found: NextSteps) -> None:
    """One line that is its own link: every element of this page costs each look at it."""
    parts = []
    if found.streak.days:
        parts.append(t("practice.streak", n=found.streak.days))
    if found.done_today:
        parts.append(t("practice.done_today", n=found.done_today))
    elif found.due:
        parts.append(t("practice.due", n=found.due))
    words = " · ".join(parts) or t("practice.start")
    places.link("practice", t("next.practice", words=words))


def _placement(found: NextSteps) -> None:
    present = found.placement
    if present.state == "open":
        places.link("placement", t("placement.go_on", done=present.done, total=present.total))
        return
    if not found.offers_placement:
        return
    with st.container(border=True, key="placement-offer"):
        st.markdown(f"**{t('placement.offer_title')}**")
        st.caption(t("placement.offer"))
        with st.container(horizontal=True):
            if st.button(t("placement.begin"), key="offer-begin"):
                places.go("placement")
            st.button(t("placement.skip"), type="tertiary", key="offer-skip", on_click=_skip)


def _skip() -> None:
    placement.skip(session.portal(), session.arrive())
