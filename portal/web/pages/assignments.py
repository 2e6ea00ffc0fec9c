"""For managers and trainers: who must learn what by when, how it stands, whom to remind."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import assignments, reports
from portal.actions.assignments import Line
from portal.actions.errors import NotAllowed, Refused
from portal.core.people import Target, may
from portal.web import places, render, session
from portal.web.assigning import detail, due_list, form, wording
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """``?u=<unit>&a=<assignment>&v=new|edit|due``; without them the list of the unit I manage."""
    try:
        unit = _unit()
        unit_id = unit.id if unit is not None else None
        asked = places.number("a")
        line = _line(asked, unit_id) if asked is not None else None
    except Refused as refused:
        st.title(t("nav.assignments"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    _notice()
    view = st.query_params.get("v", "")
    if view == "new" or (view == "edit" and line is not None and line.mine):
        form.show(unit, line if view == "edit" else None)
    elif view == "due" and unit is not None:
        due_list.show(unit)
    elif line is not None:
        detail.show(unit, line)
    else:
        _list(unit)


def _unit() -> Any:
    """The unit asked for, the one I manage, or None for a trainer: everywhere."""
    me = session.person()
    asked = places.number("u")
    if asked is None and not me.managed_paths:
        if not may(me, "assign"):
            raise NotAllowed
        return None
    return reports.find_unit(session.portal(), me, asked)


def _line(assignment_id: int, unit_id: int | None) -> Line:
    return assignments.get(session.portal(), session.person(), assignment_id, unit_id)


def _notice() -> None:
    for key, show in (("assign-notice", st.success), ("assign-refused", st.warning)):
        said = session.recall(key)
        if said:
            show(said)
            session.forget(key)


def _list(unit: Any) -> None:
    """What is pressing, then the assignments."""
    portal, me = session.portal(), session.person()
    unit_id = unit.id if unit is not None else None
    st.title(t("assign.heading", unit=render.escape(_name(unit))) if unit else t("nav.assignments"))
    _trail(unit)
    if unit is not None and may(me, "see_obligations", Target(unit_path=unit.path)):
        _pressing(unit)
    query = {} if unit_id is None else {"u": str(unit_id)}
    if st.button(t("assign.new"), key="new", type="secondary" if unit else "primary"):
        places.go("assignments", v="new", **query)
    lines = assignments.overview(portal, me, unit_id)
    if not lines:
        st.caption(t("assign.none"))
    everything = session.recall("assign-all", False)
    for line in lines if everything else lines[:SHOWN]:
        _card(line, query)
    folded = not everything and len(lines) > SHOWN
    if folded and st.button(t("common.show_all", n=len(lines)), key="all"):
        session.remember("assign-all", True)
        st.rerun()
    if st.toggle(t("assign.show_ended"), key="ended"):
        ended = assignments.overview(portal, me, unit_id, ended=True)
        if not ended:
            st.caption(t("assign.none_ended"))
        for line in ended[: SHOWN * 5]:
            _card(line, query)


def _pressing(unit: Any) -> None:
    """The answer on the first screen: on track? who is late?"""
    figures = assignments.unit_figures(session.portal(), session.person(), unit.id)
    if not figures.asked:
        return
    render.figures(
        (t("assign.overdue"), figures.overdue),
        (t("assign.soon"), figures.soon),
        (t("assign.done_rate"), "—" if figures.rate is None else f"{figures.rate:.0%}"),
    )
    if figures.overdue or figures.soon:
        words = "assign.see_overdue" if figures.overdue else "assign.see_soon"
        if st.button(t(words), type="primary", key="see-due"):
            places.go("assignments", u=str(unit.id), v="due")


def _card(line: Line, query: dict[str, str]) -> None:
    one, figures = line.assignment, line.figures
    with st.container(border=True):
        places.link("assignments", render.escape(wording.title(one)), a=str(one.id), **query)
        words = [
            t("asked.required" if one.required else "asked.recommended"),
            wording.when(one),
            t("assign.for", audience=wording.audience(one.audience)),
        ]
        if not line.mine and line.by:
            words.append(t("asked.by", name=line.by))
        st.caption(render.escape(" · ".join(words)))
        if figures.rate is not None:
            st.progress(figures.rate, text=_progress(line))
        else:
            st.caption(t("assign.too_few" if line.small else "assign.nobody_asked"))


def _progress(line: Line) -> str:
    figures = line.figures
    text = t("assign.n_of_m", n=figures.done, m=figures.asked - figures.exempted)
    if figures.overdue:
        text += " · :red[**" + t("assign.n_overdue", n=figures.overdue) + "**]"
    if figures.soon:
        text += " · " + t("assign.n_soon", n=figures.soon)
    return text


def _trail(unit: Any) -> None:
    """Up to the unit that I manage, and down to each below."""
    if unit is None:
        return
    below = []
    if may(session.person(), "see_obligations", Target(unit_path=unit.path)):
        below = assignments.units_below(session.portal(), session.person(), unit.id)
    with st.container(horizontal=True):
        for upper in unit.above:
            places.link("assignments", f"{render.escape(_name(upper))} ▸", u=str(upper.id))
    if below:
        names = {row["id"]: _with_overdue(row, figures.overdue) for row, figures in below}
        chosen = st.selectbox(
            t("assign.below_units"),
            list(names),
            index=None,
            format_func=lambda one: names.get(one, ""),
            placeholder=t("assign.choose_unit"),
            label_visibility="collapsed",
            key=f"below-{unit.id}",
        )
        if chosen in names:
            places.go("assignments", u=str(chosen))


def _with_overdue(row: Any, overdue: int) -> str:
    name = wording.unit_name(row)
    return f"{name} · {t('assign.n_overdue', n=overdue)}" if overdue else name


def _name(unit: Any) -> str:
    return str(unit.name_en if session.locale() == "en" and unit.name_en else unit.name)
