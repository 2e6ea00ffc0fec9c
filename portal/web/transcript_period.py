"""From the record page: the transcript of training hours, for a period or of everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from portal.actions.obligations import moment_of
from portal.actions.progress import RecordLine
from portal.web import downloads, session
from portal.web.session import t

_EARLIEST = date(2000, 1, 1)
_UNSET = object()


def ask(lines: Iterable[RecordLine], whose: int | None) -> None:
    """First and last day, both optional and remembered, what is in between, and the files."""

    @st.dialog(t("transcript.title"))
    def offer() -> None:
        since, until = _day("since"), _day("until")
        if since and until and since > until:
            st.warning(t("transcript.backwards"))
            return
        if since or until:
            st.caption(_within(lines, since, until))
        query = {
            "p": str(whose) if whose else "",
            "from": since.isoformat() if since else "",
            "to": until.isoformat() if until else "",
        }
        with st.container(horizontal=True, key="transcript"):
            for form in ("pdf", "xlsx"):
                downloads.link("transcript", t(f"transcript.{form}"), **query, **{"as": form})

    offer()


# Private functions


def _day(name: str) -> date | None:
    """A day that may be left open; what was chosen is kept while one looks at other pages."""
    key, today = f"transcript-{name}", moment_of(session.portal()).today
    kept = session.recall(f"{key}-kept")
    if session.recall(key, _UNSET) is _UNSET and kept is not None:
        session.remember(key, min(kept, today))
    chosen = st.date_input(
        t(f"transcript.{name}"),
        value=None,
        min_value=_EARLIEST,
        max_value=today,
        format="YYYY-MM-DD",
        key=key,
    )
    day = chosen if isinstance(chosen, date) else None
    session.remember(f"{key}-kept", day)
    return day


def _within(lines: Iterable[RecordLine], since: date | None, until: date | None) -> str:
    """How many courses and hours the period holds, as the files count them."""
    day_of = moment_of(session.portal()).day_of
    held = [
        line
        for line in lines
        if line.completed_at is not None
        and (since or date.min) <= day_of(line.completed_at) <= (until or date.max)
    ]
    if not held:
        return t("transcript.nothing")
    return t("transcript.held", n=len(held), hours=f"{sum(line.hours for line in held):g}")
