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


def show(one: Duty, *, own: bool) -> None:
    """One line of the record; one's own open tasks lead to what is to be done."""
    title = render.label(one.title.in_(session.locale()))
    note = "\n".join(line for line in (_standing(one), _from(one), _reason(one)) if line)
    if own and one.offered and one.ended_at is None:
        name, key = tasks.PAGES[one.item.kind]
        places.link(name, title, note=note, **{key: one.item.id})
        return
    lines = (f":small[{line}]" for line in note.split("\n"))
    st.markdown("  \n".join((f"**{title}**", *lines)))


# Private functions


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
