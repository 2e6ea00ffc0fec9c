"""What assignments have asked of a person, in words: until when, what became of it, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from portal.actions.duties import Duty
from portal.web import places, render, session, tasks
from portal.web.session import t

_COUNTED = {"overdue": "overdue", "open": "open", "late": "done", "done": "done"}
_SUMMED = ("overdue", "open", "done", "exempted")


def summary(duties: Sequence[Duty]) -> str:
    """``逾期 1 项 · 待完成 2 项 · 已完成 5 项``."""
    counts = Counter(_COUNTED.get(one.state, one.state) for one in duties)
    return " · ".join(t(f"duties.n_{name}", n=counts[name]) for name in _SUMMED if counts[name])


def show(one: Duty) -> None:
    """One of one's own; what is still offered can be opened, to do it or to look again."""
    if one.offered:
        name, key = tasks.PAGES[one.item.kind]
        title = render.label(one.title.in_(session.locale()))
        places.link(name, title, note="\n".join(_notes(one)), **{key: one.item.id})
        return
    st.markdown("  \n".join(lines(one)))


def lines(one: Duty) -> list[str]:
    """What was asked, and what is to be said about it, as lines of Markdown."""
    title = render.label(one.title.in_(session.locale()))
    return [f"**{title}**", *(f":small[{line}]" for line in _notes(one))]


# Private functions


def _notes(one: Duty) -> list[str]:
    text = "\n".join(line for line in (_standing(one), _from(one), _reason(one)) if line)
    return text.split("\n")


def _standing(one: Duty) -> str:
    parts = [t("asked.required" if one.required else "asked.recommended"), _state(one)]
    if one.extended:
        parts.append(t("asked.extended"))
    return " · ".join(parts)


def _state(one: Duty) -> str:
    if one.ended_at is None:
        when = tasks.until(one.due_on, one.days_left, one.required)
        return f":red[**{when}**]" if one.state == "overdue" else when
    words = t(f"duties.{one.state}", day=render.escape(session.day(one.ended_at)))
    if one.due_on is not None and one.state == "late":
        words += t("duties.was_due", day=render.escape(session.day(one.due_on)))
    return f":orange[{words}]" if one.state == "late" else words


def _from(one: Duty) -> str:
    return tasks.source(one.by, one.assignment)


def _reason(one: Duty) -> str:
    if not one.said or one.state in ("done", "late"):
        return ""
    key = "duties.why_exempted" if one.state == "exempted" else "duties.why_extended"
    return t(key, name=render.escape(one.decided_by), reason=render.escape(one.said))
