"""On a question's page: what was decided about its answers, deciding now, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.actions import regrading
from portal.actions.errors import Refused
from portal.core.edit_impact import what_changed
from portal.core.questions import Question
from portal.core.times import parse_iso
from portal.web import render, session
from portal.web.session import t

_SHOWN = 5


def show(question_id: str) -> None:
    """Versions that were answered, what to do about them, and the decisions so far."""
    portal, me = session.portal(), session.person()
    found = regrading.met(portal, me, question_id)
    past = regrading.decisions(portal, me, question_id)
    if not found and not past:
        return
    st.header(t("deciding.title"))
    for row in past[:_SHOWN]:
        _decision(row)
    current = portal.library.catalogue.questions.get(question_id)
    if found and st.toggle(t("deciding.wrong"), key=f"deciding-{question_id}"):
        _decide(question_id, found[::-1], current)


# Private functions


def _decision(row: dict[str, Any]) -> None:
    with st.container(border=True):
        head = t(
            f"deciding.was_{row['deed']}",
            day=session.day(parse_iso(row["decided_at"])),
            who=render.escape(row["decided_by_name"]),
        )
        st.markdown(f"**{head}**")
        st.caption(render.escape(t("impact.because", reason=row["reason"])))
        if row["deed"] == "keep":
            return
        numbers = {name: row[name] for name in ("attempts", "changed", "gained", "lost", "spared")}
        state = "done" if row["finished_at"] else "running"
        st.write(t(f"deciding.{state}", **numbers))
        if row["spared"]:
            st.caption(t("deciding.spared", n=row["spared"]))
        if row["undone_by"]:
            st.caption(t("deciding.undone"))
        elif row["deed"] != "undo" and row["finished_at"]:
            _undo(row)


def _undo(row: dict[str, Any]) -> None:
    if not st.toggle(t("deciding.undo"), key=f"undo-{row['id']}"):
        return
    with st.form(f"undo-form-{row['id']}", border=False):
        take = st.checkbox(t("deciding.undo_take"))
        st.caption(t("deciding.undo_take_means", n=row["gained"]))
        reason = st.text_input(t("impact.reason"), max_chars=regrading.LONGEST)
        sent = st.form_submit_button(t("deciding.undo_now"))
    if sent:
        portal, me = session.portal(), session.person()
        _do(
            lambda: regrading.undo(portal, me, row["id"], reason or "", take_passes=take),
        )


def _decide(
    question_id: str, found: list[tuple[dict[str, Any], Question]], current: Question | None
) -> None:
    at = 0
    if len(found) > 1:
        at = st.selectbox(
            t("deciding.version"),
            range(len(found)),
            format_func=lambda n: _version_words(n, found, current),
            key=f"deciding-version-{question_id}",
        )
    row, question = found[at if at in range(len(found)) else 0]
    st.write(_version_words(found.index((row, question)), found, current))
    with st.form(f"deciding-form-{question_id}", border=False):
        deed = st.radio(
            t("impact.what"),
            ("regrade", "void"),
            format_func=lambda name: t(f"impact.deed_{name}"),
            captions=[
                t(f"impact.deed_{name}_means", attempts=row["attempts"], people=row["people"])
                for name in ("regrade", "void")
            ],
            index=None,
        )
        take = st.checkbox(t("impact.take_passes"))
        st.caption(t("impact.take_passes_help", passed=row["passed"]))
        reason = st.text_input(t("impact.reason"), max_chars=regrading.LONGEST)
        sent = st.form_submit_button(t("deciding.start"))
    if not sent:
        return
    if deed is None:
        st.warning(t("impact.choose_one"))
        return
    portal, me = session.portal(), session.person()
    _do(
        lambda: regrading.decide(
            portal, me, question_id, row["version"], deed, reason or "", take_passes=take
        )
    )


def _version_words(
    at: int, found: list[tuple[dict[str, Any], Question]], current: Question | None
) -> str:
    row, question = found[at]
    numbers = {name: row[name] for name in ("attempts", "people", "passed")}
    changes = what_changed(question, current) if current else ()
    names = t("common.list_separator").join(t(f"impact.change_{change}") for change in changes)
    differs = t("deciding.differs", words=names) if names else t("deciding.in_service")
    return (
        f"{t('deciding.version_n', n=len(found) - at)} · {t('deciding.met', **numbers)} · {differs}"
    )


def _do(deed: Callable[[], object]) -> None:
    try:
        deed()
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.rerun()
