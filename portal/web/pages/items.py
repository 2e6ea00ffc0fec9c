"""For trainers: which questions work, by quiz and by question, and what to do about the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import item_statistics, question_bank
from portal.actions.errors import Refused
from portal.actions.item_statistics import Item, QuizFigures
from portal.core.item_flags import Flag
from portal.core.times import parse_iso
from portal.web import data, item_view, places, render, session
from portal.web.session import t

SHOWN = 20


def page() -> None:
    """``?q=<quiz>&v=<version>`` shows a quiz, ``?id=<question>`` a question; else all quizzes."""
    asked = st.query_params.get("id", "")
    quiz_id = st.query_params.get("q", "")
    try:
        if asked:
            item_view.question(asked)
        elif quiz_id:
            _quiz(quiz_id, st.query_params.get("v", ""))
        else:
            _all()
    except Refused as refused:
        st.title(t("nav.items"))
        st.warning(t(refused.key, **refused.args_by_name))


def _all() -> None:
    st.title(t("nav.items"))
    rows, waiting = data.figures(
        ("items", session.person().role_names),
        lambda: item_statistics.list_quizzes(session.portal(), session.person()),
    )
    if waiting:
        st.caption(t("items.waiting", n=waiting))
    _alike()
    if not rows:
        st.info(t("items.none"))
        return
    st.caption(t("items.intro"))
    titles = session.portal().library.catalogue.quizzes
    everything = len(rows) <= SHOWN or st.toggle(t("items.all", n=len(rows)))
    for row in rows if everything else rows[:SHOWN]:
        quiz = titles.get(row["quiz_id"])
        title = quiz.title.in_(session.locale()) if quiz else row["quiz_id"]
        places.link("items", render.label(title), q=row["quiz_id"])
        st.caption(t("items.quiz_line", n=row["persons"], mean=f"{row['mean']:.1f}"))


def _alike() -> None:
    """Is there a question like this already? Asked with words, before one is written."""
    words = st.text_input(
        t("items.search_alike"), max_chars=question_bank.LONGEST, key="items-alike"
    )
    if not words or not words.strip():
        return
    found = question_bank.similar(session.portal(), session.person(), words)
    if not found:
        st.caption(t("items.none_alike"))
    for one in found[:SHOWN]:
        title = render.label(one.question.title.in_(session.locale()))
        line = t("items.alike_line", share=f"{one.alike:.0%}", title=title)
        places.link("items", line, id=one.question.id)


def _quiz(quiz_id: str, version: str) -> None:
    me = session.person()
    found: QuizFigures = data.figures(
        ("items", me.role_names, quiz_id, version),
        lambda: item_statistics.quiz(session.portal(), me, quiz_id, version),
    )
    quiz = session.portal().library.catalogue.quizzes.get(quiz_id)
    title = quiz.title.in_(session.locale()) if quiz else quiz_id
    places.link("items", t("items.back"))
    st.title(render.label(title))
    _versions(found)
    _test(found)
    _flagged(found.items)
    _table(found)


def _versions(found: QuizFigures) -> None:
    """The version shown, and the way to the others."""
    if len(found.versions) < 2:
        return
    names = {row["quiz_version"]: row for row in found.versions}
    chosen = st.selectbox(
        t("items.version"),
        list(names),
        index=list(names).index(found.version),
        format_func=lambda key: t(
            "items.version_line",
            day=session.day(parse_iso(names[key]["met_at"])),
            n=names[key]["persons"],
        ),
        key=f"items-version-{found.quiz_id}",
    )
    if chosen != found.version and chosen in names:
        places.go("items", q=found.quiz_id, v=chosen)


def _test(found: QuizFigures) -> None:
    test = found.test
    with st.container(horizontal=True):
        st.metric(t("items.persons"), test.n)
        mean = "—" if test.mean is None else f"{test.mean:.1f}"
        st.metric(t("items.mean"), f"{mean} / {test.max_mark:g}" if not found.drawn else mean)
        st.metric(t("items.sd"), item_view.figure(test.sd, 1))
        st.metric(t("items.cic"), item_view.figure(test.cic, 0, "%"))
    for flag in found.flags:
        st.warning(item_view.sentence(flag))
    if found.drawn:
        st.caption(t("items.drawn"))
    if found.waiting:
        st.caption(t("items.waiting", n=found.waiting))
    if st.toggle(t("items.more_figures"), key="items-more"):
        names = ("median", "skewness", "kurtosis", "error_ratio", "standard_error")
        rows = [(t(f"items.{name}"), item_view.figure(getattr(test, name), 2)) for name in names]
        st.table(pd.DataFrame(rows, columns=[t("items.figure"), t("items.value")]), hide_index=True)


def _flagged(rows: Sequence[Item]) -> None:
    """What to do, first; a question that works is not mentioned here."""
    st.header(t("items.to_do"))
    urgent = [(item, flags) for item in rows if (flags := _flags(item))]
    if not urgent:
        st.success(t("items.nothing_to_do"))
        return
    linked: set[str] = set()
    for item, flags in urgent:
        title = render.label(item.question.title.in_(session.locale()))
        if item.question.id in linked:
            st.markdown(title)  # an older version of the one above
        else:
            places.link("items", title, id=item.question.id)
        linked.add(item.question.id)
        st.markdown("\n".join(f"- {render.escape(item_view.sentence(flag))}" for flag in flags))


def _flags(item: Item) -> list[Flag]:
    return [flag for flag in item.flags if flag.code != "provisional"]


def _table(found: QuizFigures) -> None:
    st.header(t("items.questions"))
    columns: dict[str, list[Any]] = {
        t("items.column.item"): [
            render.label(item.question.title.in_(session.locale())) for item in found.items
        ],
        t("items.persons"): [item.figures.n for item in found.items],
        t("items.column.facility"): [
            item_view.percent(item.figures.facility) for item in found.items
        ],
        t("items.column.sd"): [item_view.figure(item.figures.sd, 2) for item in found.items],
        t("items.column.guess"): [
            item_view.percent(item.figures.random_guess_score) for item in found.items
        ],
        t("items.column.intended"): [
            item_view.figure(item.figures.intended_weight, 1, "%") for item in found.items
        ],
        t("items.column.effective"): [
            t("items.cli.negative")
            if item.figures.negative_covariance
            else item_view.figure(item.figures.effective_weight, 1, "%")
            for item in found.items
        ],
        t("items.column.index"): [
            item_view.figure(item.figures.discrimination_index, 1) for item in found.items
        ],
        t("items.column.efficiency"): [
            item_view.figure(item.figures.discriminative_efficiency, 1) for item in found.items
        ],
        t("items.column.r"): [
            item_view.correlation(item.correlation, item.bounds) for item in found.items
        ],
        t("items.column.state"): [
            t("items.state_provisional")
            if any(flag.code == "provisional" for flag in item.flags)
            else t("items.state_look")
            if item.flags
            else t("items.state_fine")
            for item in found.items
        ],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, height="content")
    by_ability = any(item.by_ability for item in found.items)
    st.caption(t("items.r_ability" if by_ability else "items.r_rest"))
    shown = {item.question.id for item in found.items if _flags(item)}  # linked above
    for item in found.items:
        if item.question.id in shown:
            continue
        shown.add(item.question.id)  # two versions of one question have one page
        title = render.label(item.question.title.in_(session.locale()))
        places.link("items", t("items.open", title=title), id=item.question.id)
