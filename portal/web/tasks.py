"""What assignments ask of a person, in words: how urgent, until when, from whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.actions.asked import Asked
from portal.actions.progress import Retest
from portal.core.assignments import Item
from portal.web import places, render, session
from portal.web.session import t

PAGES = {"course": ("course", "c"), "quiz": ("quiz", "q"), "drill": ("drill", "d")}
_COLOURS = {"overdue": "red", "soon": "orange"}


def show(asked: Sequence[Asked]) -> None:
    """Each task as a link with what one needs to know about it."""
    for one in asked:
        name, key = PAGES[one.item.kind]
        label = render.label(one.title.in_(session.locale()))
        places.link(name, label, note=words(one), **{key: one.item.id})


def go(item: Item) -> None:
    """Leave for the page of ``item``."""
    name, key = PAGES[item.kind]
    places.go(name, **{key: item.id})


def retest(one: Retest) -> None:
    """A drill to be played once more: until when, and for which objectives."""
    title = render.label(one.title.in_(session.locale()))
    comma = t("common.list_separator")
    wanting = comma.join(render.label(text.in_(session.locale())) for text in one.objectives)
    urgency = "overdue" if one.days_left < 0 else "soon"
    note = " · ".join(part for part in (_when(one.due_on, one.days_left, urgency), wanting) if part)
    if not one.is_group:
        places.link("drill", t("asked.retest", title=title), note=note, d=one.drill_id)
    elif places.has("tabletop_lead"):
        unit = {"u": str(one.unit_id)} if one.unit_id is not None else {}
        label = t("asked.group_retest", title=title)
        places.link("tabletop_lead", label, note=note, d=one.drill_id, **unit)
    else:
        label = t("asked.group_retest_asked", title=title)
        places.link("drills", label, note=note, key=one.drill_id)


def words(one: Asked) -> str:
    """``必修 · 逾期 3 天（2026年11月23日） · 王刚指派：汛期将至``, as label Markdown."""
    parts = [
        t("asked.required" if one.required else "asked.recommended"),
        _when(one.due_on, one.days_left, one.urgency, one.required),
        t("asked.renewal") if one.renewal else "",
        t("asked.extended") if one.extended else "",
        t("learn.under_way", percent=one.percent) if one.percent else "",
    ]
    text = " · ".join(part for part in parts if part)
    said = source(one.by or "", one.why)
    return f"{text}  \n{said}" if said else text


def until(due_on: date | None, days_left: int | None, required: bool = True) -> str:
    """``3 天后到期（2026年12月1日）``: relative and absolute."""
    if due_on is None or days_left is None:
        return t("asked.no_day")
    day = render.escape(session.day(due_on))
    if days_left == 0:
        return t("asked.today", day=day)
    if days_left == 1:
        return t("asked.tomorrow", day=day)
    if days_left > 0:
        return t("asked.in_days", n=days_left, day=day)
    late = "asked.late" if required else "asked.past"
    return t(f"{late}_one" if days_left == -1 else late, n=-days_left, day=day)


def source(by: str, why: str) -> str:
    """``王刚指派：汛期将至``: from whom it comes and why, as label Markdown; empty for neither."""
    by, why = render.escape(by), render.escape(why)
    if not by:
        return why
    return t("asked.by_why", name=by, why=why) if why else t("asked.by", name=by)


# Private functions


def _when(due_on: date | None, days_left: int | None, urgency: str, required: bool = True) -> str:
    colour = _COLOURS.get(urgency)
    when = until(due_on, days_left, required)
    return f":{colour}[**{when}**]" if colour else when
