"""For auditors: who did what to whom, and whether the log is as it was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from portal.actions import audit as actions
from portal.actions.audit import Wanted
from portal.core.audit_chain import Fault, Walk, parse_head
from portal.web import audit_words, session
from portal.web.session import t

A_PAGE = 30


def page() -> None:
    """Filters, the entries that fit, a page at a time; below, the check of the chain."""
    st.title(t("nav.audit"))
    wanted = _filters()
    _entries(wanted)
    _check()


# Filters


def _filters() -> Wanted:
    with st.container(horizontal=True):
        action = st.selectbox(
            t("audit.action"),
            actions.known_actions(session.portal(), session.person()),
            index=None,
            format_func=audit_words.action,
            placeholder=t("audit.any"),
            key="audit-action",
        )
        since = st.date_input(t("audit.since"), value=None, key="audit-since")
        until = st.date_input(t("audit.until"), value=None, key="audit-until")
    with st.container(horizontal=True):
        actor_id = _found("actor", _actors)
        target = _found("target", _targets)
    return Wanted(
        since=_midnight(since),
        until=_midnight(until, days=1),
        actor_id=actor_id,
        action=action,
        target=target,
    )


def _found(name: str, search: Callable[[str], dict[Any, str]]) -> Any:
    """A box to search in, and, once something is in it, what was found to choose from."""
    with st.container():
        query = st.text_input(
            t(f"audit.{name}"),
            max_chars=50,
            placeholder=t(f"audit.{name}_hint"),
            key=f"audit-{name}-query",
        )
        if not query.strip():
            return None
        found = search(query)
        if not found:
            st.caption(t("audit.nobody"))
            return None
        return st.selectbox(
            t(f"audit.{name}"),
            list(found),
            format_func=lambda key: found.get(key, ""),
            label_visibility="collapsed",
            key=f"audit-{name}",
        )


def _actors(query: str) -> dict[int, str]:
    rows = actions.find_actors(session.portal(), session.person(), query)
    return {row["id"]: f"{row['name']} · {row['staff_no']}" for row in rows}


def _targets(query: str) -> dict[str, str]:
    return dict(actions.find_targets(session.portal(), session.person(), query))


def _midnight(day: Any, days: int = 0) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime.combine(day, time(), ZoneInfo(session.portal().settings.tz)) + timedelta(days)


# Entries


def _entries(wanted: Wanted) -> None:
    before = _place(wanted)
    rows = actions.read_audit(
        session.portal(), session.person(), wanted, before=before, limit=A_PAGE + 1
    )
    if not rows:
        st.info(t("audit.none"))
        return
    shown = rows[:A_PAGE]
    st.markdown("\n".join(audit_words.line(row) for row in shown))
    with st.container(horizontal=True):
        if before is not None and st.button(t("audit.newest"), key="audit-newest"):
            session.remember("audit-place", None)
            st.rerun()
        if len(rows) > A_PAGE and st.button(t("audit.older"), key="audit-older"):
            session.remember("audit-place", (shown[-1]["at"], shown[-1]["id"]))
            st.rerun()


def _place(wanted: Wanted) -> tuple[str, int] | None:
    """Where the list goes on; other filters begin with the newest entry."""
    if session.recall("audit-asked") != wanted:
        session.remember("audit-asked", wanted)
        session.remember("audit-place", None)
    place: tuple[str, int] | None = session.recall("audit-place")
    return place


# The chain


def _check() -> None:
    st.header(t("audit.chain"))
    head = actions.audit_head(session.portal(), session.person())
    st.markdown(t("audit.chain_means"))
    st.caption(t("audit.head"))
    st.code(str(head), language=None, wrap_lines=True)
    kept = st.text_input(t("audit.kept"), key="audit-kept", max_chars=90)
    if not st.button(t("audit.verify"), key="audit-verify"):
        return
    known = parse_head(kept) if kept.strip() else None
    if kept.strip() and known is None:
        st.warning(t("audit.kept_form"))
        return
    bar = st.progress(0.0, t("audit.verifying"))
    for state, newest in actions.verify(session.portal(), session.person(), known):
        bar.progress(min(state.head.id / max(newest, 1), 1.0), t("audit.verifying"))
    bar.empty()
    _say(state)


def _say(state: Walk) -> None:
    if not state.wrong:
        st.success(t("audit.whole", n=f"{state.entries:,}"))
        return
    lines = [t("audit.broken", n=state.wrong)]
    lines += [f"- {_fault(fault)}" for fault in state.faults]
    st.error("\n".join(lines))


def _fault(fault: Fault) -> str:
    return t(f"audit.fault_{fault.kind}", first=fault.first, last=fault.last)
