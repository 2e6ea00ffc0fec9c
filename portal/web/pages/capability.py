"""My capability: six estimates with what they rest on, what moved them, and the right to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import capability_questions, capability_view
from portal.actions.capability_view import CapabilityLine, ProfileView
from portal.actions.errors import Refused
from portal.charts import capability as charts
from portal.core.times import parse_iso
from portal.web import data, places, render, session
from portal.web.session import t

SHOWN_MOVES = 8


def page() -> None:
    """``?p=<person id>`` for somebody one manages."""
    whose = places.number("p")
    try:
        view = _view(whose)
    except Refused as refused:
        st.title(t("nav.capability"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(t("nav.capability") if view.own else t("capability.of", name=render.escape(view.name)))
    if view.own:
        _news()
    if not view.answers:
        _nothing_yet(view)
    else:
        st.caption(t("capability.read_so"))
        _charts(view)
        _lines(view)
    if view.own:
        _moved(view)
        _questions(view)
    else:
        st.caption(t("capability.manager_sees"))
    places.link("capability-how", t("nav.capability-how"))


def _view(whose: int | None) -> ProfileView:
    portal, me = session.portal(), session.person()
    # who may not see it is refused here, before anything is looked up in the cache
    marker = capability_view.marker(portal, me, whose)
    key = ("capability", me.id, me.posts, whose, marker, session.today())
    return data.figures(key, lambda: capability_view.profile(portal, me, whose))


def _news() -> None:
    rows = capability_questions.mine(session.portal(), session.person())
    if any(row["answered_at"] and not row["seen_at"] for row in rows):
        st.info(t("capability.answered_news"))


def _nothing_yet(view: ProfileView) -> None:
    st.markdown(t("capability.nothing_yet" if view.own else "capability.nothing_yet_theirs"))
    if view.own and st.button(t("home.browse"), type="primary"):
        places.go("learn")


def _charts(view: ProfileView) -> None:
    rows = [{"n": n, **_row(line)} for n, line in enumerate(view.lines)]
    spec = data.chart(
        charts.bands, t("capability.score"), t("capability.needed"), t("capability.band")
    )
    st.vega_lite_chart(data.table(rows), spec, alt=t("capability.bands_alt"), key="bands")
    if st.toggle(t("common.table"), key="table-capability"):
        _table(view)
    if any(line.now for line in view.lines) and st.toggle(
        t("capability.radar"), key="radar-shown", value=True
    ):
        st.vega_lite_chart(
            data.table(charts.radar_rows(rows)),
            data.chart(charts.radar),
            alt=t("capability.radar_alt"),
            key="radar",
            width="content",
        )
        st.caption(t("capability.radar_means"))


def _row(line: CapabilityLine) -> dict[str, object]:
    known = line.now is not None
    return {
        "name": line.name.in_(session.locale()),
        "colour": charts.tint(line.colour),
        "score": line.now.score if line.now else None,
        "low": line.now.low if line.now else None,
        "high": line.now.high if line.now else None,
        "need": line.needed,
        "words": _band(line) if known else t("capability.not_enough"),
        "unknown": "" if known else t("capability.not_enough"),
    }


def _band(line: CapabilityLine) -> str:
    assert line.now is not None
    return f"{line.now.low:.0f}–{line.now.high:.0f}"


def _table(view: ProfileView) -> None:
    locale = session.locale()
    columns = {
        t("capability.capability"): [line.name.in_(locale) for line in view.lines],
        t("capability.score"): [
            f"{line.now.score:.0f}" if line.now else t("capability.not_enough")
            for line in view.lines
        ],
        t("capability.band"): [_band(line) if line.now else "—" for line in view.lines],
        t("capability.needed"): [
            f"{line.needed:.0f}" if line.needed else "—" for line in view.lines
        ],
        t("capability.answers"): [line.answers for line in view.lines],
        t("capability.practised"): [
            session.day(line.practised) if line.practised else "—" for line in view.lines
        ],
    }
    st.table(pd.DataFrame(columns), hide_index=True)


def _lines(view: ProfileView) -> None:
    st.header(t("capability.one_by_one"))
    for line in view.lines:
        st.markdown("  \n".join(_words(line)))


def _words(line: CapabilityLine) -> list[str]:
    words = [f"**{render.escape(line.name.in_(session.locale()))}**"]
    if line.now is None:
        words.append(t("capability.missing", n=line.missing))
    else:
        words.append(
            t(
                "capability.likely",
                score=f"{line.now.score:.0f}",
                low=f"{line.now.low:.0f}",
                high=f"{line.now.high:.0f}",
                level=t(f"level.n{line.level}"),
            )
        )
    if line.needed is not None and line.needed_level is not None:
        words.append(
            t(
                f"capability.standing_{line.standing}",
                needed=f"{line.needed:.0f}",
                level=t(f"level.n{line.needed_level}"),
            )
        )
    if line.practised is not None:
        day = session.day(line.practised)
        words.append(t("capability.rests_on", n=line.answers, day=day))
    return words


def _moved(view: ProfileView) -> None:
    known = [line for line in view.lines if line.now is not None]
    if not known or view.history is None:
        return
    st.header(t("capability.moved"))
    if not view.moves:
        st.caption(t("capability.nothing_moved"))
    shown = view.moves if session.recall("moves-all", False) else view.moves[:SHOWN_MOVES]
    names = {line.key: line.name.in_(session.locale()) for line in view.lines}
    st.markdown("\n".join(f"- {_move_words(move, names)}" for move in shown))
    if len(shown) < len(view.moves) and st.button(t("common.show_all", n=len(view.moves))):
        session.remember("moves-all", True)
        st.rerun()
    _history(view, known)


def _move_words(move: capability_view.MoveLine, names: dict[str, str]) -> str:
    title = render.label(move.title.in_(session.locale())) if move.title else ""
    what = t(f"capability.kind_{move.kind}", title=title)
    sign = "+" if move.points > 0 else "−"
    return t(
        "capability.move",
        points=f"{sign}{abs(move.points)}",
        capability=render.escape(names[move.capability]),
        day=session.day(move.at),
        what=what,
    )


def _history(view: ProfileView, known: list[CapabilityLine]) -> None:
    names = {line.name.in_(session.locale()): line for line in known}
    chosen = st.selectbox(t("capability.over_time"), list(names), key="history-of")
    line = names.get(chosen, known[0])
    points = (view.history or {}).get(line.key, ())
    rows: list[dict[str, Any]] = [
        {"day": _day(point.at), "score": point.score, "low": point.low, "high": point.high}
        for point in points
    ]
    if len(rows) < 2:
        st.caption(t("capability.no_history"))
        return
    ticks = charts.ticks_over(points[-1].at - points[0].at)
    st.vega_lite_chart(
        data.table(rows),
        data.chart(charts.history, t("capability.score"), t("capability.day"), ticks),
        alt=t("capability.history_alt", name=line.name.in_(session.locale())),
        key="history",
    )
    if st.toggle(t("common.table"), key="table-history"):
        columns = {
            t("capability.day"): [session.day(point.at) for point in points],
            t("capability.score"): [f"{point.score:.0f}" for point in points],
            t("capability.band"): [f"{point.low:.0f}–{point.high:.0f}" for point in points],
        }
        st.table(pd.DataFrame(columns), hide_index=True)


def _day(moment: datetime) -> str:
    return moment.isoformat()


def _questions(view: ProfileView) -> None:
    st.header(t("capability.question"))
    st.caption(t("capability.question_means"))
    portal, me = session.portal(), session.person()
    rows = capability_questions.mine(portal, me)
    names = {line.key: line.name.in_(session.locale()) for line in view.lines}
    names[""] = t("capability.all_of_it")
    for row in rows[:5]:
        st.markdown("  \n".join(_question_words(row, names)))
    if any(row["answered_at"] and not row["seen_at"] for row in rows):
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


def _question_words(row: dict[str, Any], names: dict[str, str]) -> list[str]:
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
