"""For administrators: take over a roster in three steps: template, check, import."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from portal.actions import rosters as actions
from portal.actions.errors import Refused
from portal.actions.rosters import DryRun
from portal.core.postings import Posting
from portal.core.roster_model import Addition, Change, RosterPlan, Switch, Transfer
from portal.web import downloads, places, render, session, unit_picker
from portal.web.session import t

A_PAGE = 30
KINDS = ("added", "changed", "moved", "returned", "deactivated")


def page() -> None:
    """What an import would do is shown before it can be done."""
    st.title(t("nav.roster"))
    _done()
    st.markdown(t("roster.steps"))
    with st.container(horizontal=True):
        downloads.link("roster-template", t("roster.take_xlsx"), form="xlsx")
        downloads.link("roster-template", t("roster.take_csv"), form="csv")
    file = st.file_uploader(
        t("roster.file"), type=["xlsx", "csv"], key=f"roster-file-{session.recall('roster-n', 0)}"
    )
    deactivate = st.checkbox(
        t("roster.deactivate"), help=t("roster.deactivate_help"), key="roster-deactivate"
    )
    missing_in = None
    if deactivate:
        missing_in = unit_picker.pick(t("roster.missing_in"), "roster-unit")
        st.caption(t("roster.missing_means"))
    if file is None:
        return
    data = file.getvalue()
    shown = _checked(data, deactivate, missing_in)
    if shown is None:
        return
    if shown.plan.problems:
        _problems(shown.plan)
        return
    _plan(shown)
    _import(data, shown)


def _checked(data: bytes, deactivate: bool, missing_in: int | None) -> DryRun | None:
    """The dry run of this file with these choices, worked out once."""
    asked = (hashlib.sha256(data).hexdigest(), deactivate, missing_in)
    known = session.recall("roster-checked")
    if known and known[0] == asked:
        checked: DryRun = known[1]
        return checked
    try:
        with st.spinner(t("roster.checking")):
            shown = actions.dry_run(
                session.portal(),
                session.person(),
                data,
                deactivate_missing=deactivate,
                missing_in=missing_in,
            )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return None
    session.remember("roster-checked", (asked, shown))
    session.remember("roster-offset", 0)
    return shown


# What is wrong


def _problems(plan: RosterPlan) -> None:
    st.error(t("roster.not_done", n=len(plan.problems)))
    offset = _offset(len(plan.problems))
    lines = [t(one.key, **one.args) for one in plan.problems[offset : offset + A_PAGE]]
    st.markdown("\n".join(f"- {render.escape(line)}" for line in lines))
    _turn(offset, len(plan.problems))


# What would be done


def _plan(shown: DryRun) -> None:
    plan = shown.plan
    with st.container(horizontal=True):
        for kind in KINDS:
            st.metric(t(f"roster.kind_{kind}"), f"{len(getattr(plan, kind)):,}")
        st.metric(t("roster.kind_unchanged"), f"{plan.unchanged:,}")
    there = [kind for kind in KINDS if getattr(plan, kind)]
    if not there:
        return
    kind = st.segmented_control(
        t("roster.look"),
        there,
        format_func=lambda name: t(f"roster.kind_{name}"),
        default=there[0],
        required=True,
        key=f"roster-kind-{'-'.join(there)}",
        on_change=session.remember,
        args=("roster-offset", 0),
    )
    rows: Sequence[Any] = getattr(plan, kind if kind in there else there[0])
    offset = _offset(len(rows))
    lines = [_line(one, shown) for one in rows[offset : offset + A_PAGE]]
    st.markdown("\n".join(f"- {line}" for line in lines))
    _turn(offset, len(rows))


def _line(one: Addition | Change | Transfer | Switch, shown: DryRun) -> str:
    match one:
        case Addition():
            what = _where(one.postings, shown)
        case Change():
            what = "；".join(
                f"{t(f'roster.field_{field}')} {before or '—'} → {after}"
                for field, before, after in one.fields
            )
        case Transfer():
            what = f"{_where(one.before, shown)} → {_where(one.after, shown)}"
        case Switch():
            what = shown.unit_names.get(one.unit_id or 0, "")
    row = t("roster.row", n=one.row) if one.row is not None else ""
    facts = " · ".join(fact for fact in (one.staff_no, what, row) if fact)
    return f"**{render.escape(one.name)}** {render.escape(facts)}"


def _where(postings: Sequence[Posting], shown: DryRun) -> str:
    if not postings:
        return t("people.no_unit")
    names = {
        post.key: post.name.in_(session.locale())
        for post in session.portal().library.catalogue.capabilities.posts
    }
    by_unit: dict[int, list[str]] = {}
    for one in postings:
        by_unit.setdefault(one.unit_id, []).append(names.get(one.post, one.post))
    return " + ".join(
        f"{shown.unit_names.get(unit_id, '')} {'、'.join(posts)}"
        for unit_id, posts in by_unit.items()
    )


def _offset(total: int) -> int:
    offset = int(session.recall("roster-offset", 0))
    return offset if offset < total else 0


def _turn(offset: int, total: int) -> None:
    with st.container(horizontal=True):
        for key, place, there in (
            ("quiz.previous_page", offset - A_PAGE, offset > 0),
            ("quiz.next_page", offset + A_PAGE, offset + A_PAGE < total),
        ):
            if there:
                st.button(t(key), on_click=session.remember, args=("roster-offset", max(place, 0)))


# Doing it


def _import(data: bytes, shown: DryRun) -> None:
    plan = shown.plan
    if not shown.can_be_done:
        st.info(t("error.roster_nothing"))
        return
    agreed = True
    if plan.deactivated:
        agreed = st.checkbox(
            t("roster.agree", n=f"{len(plan.deactivated):,}"),
            key=f"roster-agree-{plan.digest[:12]}",
        )
    if st.button(t("roster.import"), type="primary", disabled=not agreed, key="roster-import"):
        bar = st.progress(0.0, t("roster.step_read"))

        def progress(step: str, share: float) -> None:
            bar.progress(share, t(f"roster.step_{step}"))

        _run(data, shown, progress)
        st.rerun()


def _run(data: bytes, shown: DryRun, progress: Callable[[str, float], None]) -> None:
    try:
        plan = actions.import_roster(
            session.portal(), session.person(), data, shown, progress=progress
        )
    except Refused as refused:
        session.remember("roster-said", ("refused", t(refused.key, **refused.args_by_name)))
        session.forget("roster-checked")
        return
    counts = {kind: f"{len(getattr(plan, kind)):,}" for kind in KINDS}
    session.remember("roster-said", ("done", t("roster.imported", **counts)))
    session.remember("roster-n", session.recall("roster-n", 0) + 1)  # an empty uploader
    session.forget("roster-checked", "roster-deactivate")


def _done() -> None:
    said = session.recall("roster-said")
    if not said:
        return
    kind, words = said
    if kind == "refused":
        st.warning(words)
    else:
        st.success(words)
        places.link("people", t("roster.next"))
    session.forget("roster-said")
