"""One question as its trainer sees it: figures by version, choosers, curve, uses, the like."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from portal.actions import item_statistics, question_bank
from portal.actions.errors import NotAllowed, Refused
from portal.actions.item_statistics import QuestionFigures
from portal.charts import items as charts
from portal.core.item_flags import Flag
from portal.core.questions import Choice, Question
from portal.core.times import parse_iso
from portal.web import data, deciding, feedback, places, render, session
from portal.web.session import t


def question(question_id: str) -> None:
    """Everything about one question. Raises Refused."""
    portal, me = session.portal(), session.person()
    found: tuple[QuestionFigures, ...] = data.figures(
        ("item", me.role_names, question_id),
        lambda: item_statistics.question(portal, me, question_id),
    )
    now = portal.library.catalogue.questions.get(question_id)
    shown = now or (found[0].question if found else None)
    if shown is None:
        raise NotAllowed
    places.link("items", t("items.back"))
    st.title(render.label(shown.title.in_(session.locale())))
    words = [f"#{question_id}", shown.path, t("items.retired") if shown.retired else ""]
    st.caption(" · ".join(render.escape(word) for word in words if word))
    render.show(feedback.stem(shown), shown.course)
    if not found:
        st.info(t("items.never_answered"))
    else:
        _figures(_version(question_id, found))
    deciding.show(question_id)
    _uses(question_id)
    _alike(shown)
    if now is not None and not now.retired:
        _retire(question_id)


def sentence(flag: Flag) -> str:
    """The flag's words: what to do."""
    return t(f"items.flag.{flag.code}", **flag.args)


def figure(value: float | None, digits: int, unit: str = "") -> str:
    """A figure, or a dash where it is not defined."""
    return "—" if value is None else f"{value:.{digits}f}{unit}"


def percent(value: float | None) -> str:
    """A share in whole percent."""
    return "—" if value is None else f"{value:.0%}"


def correlation(value: float | None, bounds: tuple[float, float] | None) -> str:
    """A correlation with its 80 % interval."""
    if value is None:
        return "—"
    return f"{value:.2f}" + (f" [{bounds[0]:.2f}, {bounds[1]:.2f}]" if bounds else "")


# Private functions


def _version(question_id: str, found: tuple[QuestionFigures, ...]) -> QuestionFigures:
    if len(found) == 1:
        return found[0]
    chosen = st.selectbox(
        t("items.version"),
        range(len(found)),
        format_func=lambda at: t(
            "items.version_line", day=session.day(parse_iso(found[at].met_at)), n=found[at].n
        ),
        key=f"item-version-{question_id}",
    )
    return found[chosen if chosen in range(len(found)) else 0]


def _figures(found: QuestionFigures) -> None:
    with st.container(horizontal=True):
        st.metric(t("items.persons"), found.n)
        st.metric(t("items.column.facility"), percent(found.facility))
        st.metric(t("items.column.r"), correlation(found.correlation, found.bounds))
    st.caption(t("items.r_ability" if found.by_ability else "items.r_rest"))
    for flag in found.flags:
        (st.info if flag.code == "provisional" else st.warning)(render.escape(sentence(flag)))
    if not found.flags:
        st.success(t("items.works"))
    _curve(found)
    _choosers(found)


def _curve(found: QuestionFigures) -> None:
    if len(found.curve) < 2:
        return
    st.header(t("items.curve"))
    names = [
        t("items.group", at=at, of=len(found.curve), n=group.n)
        for at, group in enumerate(found.curve, 1)
    ]
    points = [
        {"group": name, "share": group.share, "n": group.n}
        for name, group in zip(names, found.curve, strict=True)
    ]
    titles = (t("items.column.facility"), t("items.groups"), t("items.persons"))
    st.vega_lite_chart(
        data.table(points),
        data.chart(charts.curve, *titles),
        alt=t("items.curve_alt", n=len(points)),
    )
    if st.toggle(t("common.table"), key="table-item-curve"):
        columns = {titles[1]: names, titles[0]: [percent(group.share) for group in found.curve]}
        st.table(pd.DataFrame(columns), hide_index=True)


def _choosers(found: QuestionFigures) -> None:
    body = found.question.body
    if not isinstance(body, Choice) or not any(one.n for one in found.choosers):
        return
    st.header(t("items.choosers"))
    thirds = tuple(t(f"items.third_{name}") for name in ("low", "middle", "high"))
    names = [_option_name(found.question, one.option) for one in found.choosers]
    points = [
        {"option": name, "third": third, "share": share}
        for name, one in zip(names, found.choosers, strict=True)
        for third, share in zip(thirds, one.by_third, strict=True)
        if share is not None
    ]
    titles = (t("items.share_of_third"), t("items.option"), t("items.third"))
    st.vega_lite_chart(
        data.table(points),
        data.chart(charts.choosers, *titles, *thirds),
        alt=t("items.choosers_alt", n=len(names)),
    )
    columns: dict[str, list[Any]] = {
        titles[1]: names,
        t("items.persons"): [one.n for one in found.choosers],
        t("items.mean_ability"): [
            figure(one.mean_ability, 2) if one.n else "—" for one in found.choosers
        ],
    }
    for at, third in enumerate(thirds):
        columns[third] = [percent(one.by_third[at]) for one in found.choosers]
    st.table(pd.DataFrame(columns), hide_index=True)
    st.caption(t("items.ability_note" if found.by_ability else "items.rest_note"))


def _option_name(asked: Question, at: int) -> str:
    body = asked.body
    assert isinstance(body, Choice)
    option = body.options[at]
    words = data.plain(option.text.in_(session.locale()))
    short = words if len(words) <= 24 else words[:23] + "…"
    return f"{'✓ ' if option.correct else ''}{chr(65 + at)} {short}"


def _uses(question_id: str) -> None:
    st.header(t("items.used_in"))
    found = question_bank.uses(session.portal(), session.person(), question_id)
    catalogue = session.portal().library.catalogue
    lines = [
        (t("items.use_quiz"), [(one, catalogue.quizzes[one].title) for one in found.quizzes]),
        (t("items.use_pool"), [(one, catalogue.quizzes[one].title) for one in found.pools]),
        (t("items.use_drawn"), [(one, catalogue.quizzes[one].title) for one in found.drawn_by]),
        (t("items.use_module"), [(one, catalogue.modules[one].title) for one in found.modules]),
    ]
    shown = [
        f"- {label}{t('common.colon')}{render.label(title.in_(session.locale()))}"
        + (f" · {t('items.answered', n=found.answered[one])}" if one in found.answered else "")
        for label, places_of in lines
        for one, title in places_of
    ]
    st.markdown("\n".join(shown) if shown else t("items.used_nowhere"))


def _alike(shown: Question) -> None:
    st.header(t("items.alike"))
    found = data.figures(
        (
            "alike",
            session.person().role_names,
            shown.id,
            session.portal().library.catalogue.fingerprint,
        ),
        lambda: question_bank.similar_to(session.portal(), session.person(), shown),
    )
    if not found:
        st.caption(t("items.none_alike"))
    for one in found[:10]:
        title = render.label(one.question.title.in_(session.locale()))
        words = t("items.alike_line", share=f"{one.alike:.0%}", title=title)
        places.link("items", words, id=one.question.id)


def _retire(question_id: str) -> None:
    st.header(t("items.retire"))
    st.caption(t("items.retire_note"))
    if st.button(t("items.retire_button"), key=f"retire-{question_id}"):
        try:
            path = question_bank.retire(session.portal(), session.person(), question_id)
        except Refused as refused:
            st.warning(t(refused.key, **refused.args_by_name))
        else:
            st.success(t("items.retired_in", path=render.escape(path)))
