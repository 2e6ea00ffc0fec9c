"""My capability: six estimates with what they rest on, what moved them, and the right to ask.

What the page says is made once for each change of the profile: a look at it only hands that on.
Each element costs every look, so that words that stand together are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from portal.actions import capability_questions, capability_view
from portal.actions.capability_view import ProfileView
from portal.actions.errors import Refused
from portal.core.times import parse_iso
from portal.web import data, places, render, session, unfolding
from portal.web.capability_shown import Shown, Trend, prepare
from portal.web.session import t

SHOWN_MOVES = 8
SHOWN_QUESTIONS = 5


def page() -> None:
    """``?p=<person id>`` for somebody one manages."""
    whose = places.number("p")
    try:
        shown = _shown(whose)
    except Refused as refused:
        st.title(t("nav.capability"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    view = shown.view
    title = t("nav.capability") if view.own else t("capability.of", name=render.escape(view.name))
    st.markdown(f"# {title}\n\n:small[{t('capability.read_so')}]" if view.answers else f"# {title}")
    asked = capability_questions.mine(session.portal(), session.person()) if view.own else []
    news = any(row["answered_at"] and not row["seen_at"] for row in asked)
    if news:
        st.info(t("capability.answered_news"))
    as_tables = False
    if not view.answers:
        _nothing_yet(view)
    else:
        as_tables = _charts(shown)
    if view.own:
        _moved(shown, as_tables)
        if shown.corrections:
            st.markdown(shown.corrections)
        _questions(view, asked, news)
    else:
        st.caption(t("capability.manager_sees"))
    places.link("capability-how", t("nav.capability-how"))


def _shown(whose: int | None) -> Shown:
    portal, me = session.portal(), session.person()
    # who may not see it is refused here, before anything is looked up in the cache
    marker = capability_view.marker(portal, me, whose)
    fingerprint = portal.library.catalogue.fingerprint
    key = ("capability", me.id, me.posts, me.locale, whose, marker, session.today(), fingerprint)

    def make() -> Shown:
        return prepare(capability_view.profile(portal, me, whose))

    # of somebody else, posts and name may change as well
    keep = data.personal if whose is None or whose == me.id else data.figures
    return keep(key, make)


def _nothing_yet(view: ProfileView) -> None:
    st.markdown(t("capability.nothing_yet" if view.own else "capability.nothing_yet_theirs"))
    if view.own and st.button(t("home.browse"), type="primary"):
        places.go("learn")


def _charts(shown: Shown) -> bool:
    """Both charts, and the capabilities in words; whether charts are to be shown as tables too."""
    st.vega_lite_chart(spec=shown.bands, alt=t("capability.bands_alt"), key="bands")
    as_tables = st.toggle(t("common.table"), key="table-capability")
    if as_tables:
        st.table(shown.cells, hide_index=True)
    words = [shown.lines]
    if shown.radar is not None and st.toggle(t("capability.radar"), key="radar-shown", value=True):
        alt = t("capability.radar_alt")
        st.vega_lite_chart(spec=shown.radar, alt=alt, key="radar", width="content")
        words.insert(0, f":small[{t('capability.radar_means')}]")
    st.markdown("\n\n".join(words))
    return as_tables


def _moved(shown: Shown, as_tables: bool) -> None:
    if not shown.histories or shown.view.history is None:
        return
    everything = unfolding.is_whole("moves")
    moves = shown.moves if everything else shown.moves[:SHOWN_MOVES]
    words = "\n".join(moves) or f":small[{t('capability.nothing_moved')}]"
    st.markdown(f"## {t('capability.moved')}\n\n{words}\n\n{shown.lent}")
    if len(moves) < len(shown.moves):
        unfolding.offer("moves", t("common.show_all", n=len(shown.moves)))
    _history(shown.histories, as_tables)


def _history(histories: Mapping[str, Trend | None], as_tables: bool) -> None:
    chosen = st.selectbox(t("capability.over_time"), list(histories), key="history-of")
    name = chosen if chosen in histories else next(iter(histories))
    trend = histories[name]
    if trend is None:
        st.caption(t("capability.no_history"))
        return
    alt = t("capability.history_alt", name=name)
    st.vega_lite_chart(spec=trend.drawing, alt=alt, key="history")
    if as_tables:
        st.table(trend.cells, hide_index=True)


def _questions(view: ProfileView, asked: Sequence[Mapping[str, Any]], news: bool) -> None:
    portal, me = session.portal(), session.person()
    names = {line.key: line.name.in_(session.locale()) for line in view.lines}
    names[""] = t("capability.all_of_it")
    words = [f"## {t('capability.question')}", f":small[{t('capability.question_means')}]"]
    words += ["  \n".join(_question_words(row, names)) for row in asked[:SHOWN_QUESTIONS]]
    st.markdown("\n\n".join(words))
    if news:  # they are read now
        capability_questions.see_answers(portal, me)
    with st.form("question", clear_on_submit=True):
        which = st.selectbox(
            t("capability.question_which"), list(names)[::-1], format_func=lambda key: names[key]
        )
        text = st.text_area(t("capability.question_text"), max_chars=capability_questions.MAX_TEXT)
        if st.form_submit_button(t("capability.question_send")):
            try:
                capability_questions.ask(portal, me, which, text)
            except Refused as refused:
                st.error(t(refused.key, **refused.args_by_name))
            else:
                st.rerun()


def _question_words(row: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    name = render.escape(names.get(row["capability"], row["capability"]))
    words = [
        f"**{name}** · " + t("capability.asked_on", day=session.day(parse_iso(row["asked_at"]))),
        render.escape(row["text"]),
    ]
    if row["answered_at"] is None:
        words.append(t("capability.waiting"))
    else:
        day = session.day(parse_iso(row["answered_at"]))
        words.append(t(f"capability.outcome_{row['outcome']}", day=day))
        words.append(render.escape(row["answer"]))
    return words
