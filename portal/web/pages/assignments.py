"""For managers and trainers: who must learn what by when, how it stands, whom to remind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from portal.actions import assignments
from portal.actions.assignments import Figures, Line
from portal.actions.errors import NotAllowed, Refused
from portal.actions.reports import Ask, UnitView
from portal.core.people import Target, may
from portal.web import places, render, report_view, session, unfolding, unit_way
from portal.web.assigning import detail, due_list, form, wording
from portal.web.session import t

SHOWN = 10
Card = tuple[int, str, str]  # id of an assignment, its title and a note


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list says, made once for each change. ``figures`` None: not for this reader's eyes;
    ``below``: names of the units below, by id."""

    figures: Figures | None
    below: Mapping[int, str]
    cards: tuple[Card, ...]


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
    return report_view.find_unit(Ask(unit_id=asked))


def _line(assignment_id: int, unit_id: int | None) -> Line:
    return wording.kept(
        ("assignment", assignment_id, unit_id),
        lambda: assignments.get(session.portal(), session.person(), assignment_id, unit_id),
    )


def _notice() -> None:
    for key, show in (("assign-notice", st.success), ("assign-refused", st.warning)):
        said = session.recall(key)
        if said:
            show(said)
            session.forget(key)


def _list(unit: Any) -> None:
    """What is pressing, then the assignments."""
    unit_id = unit.id if unit is not None else None
    if unit is None:
        st.title(t("nav.assignments"))
    else:
        st.title(t("assign.heading", unit=render.escape(unit_way.name(unit))))
    shown = wording.kept(("assignments", unit_id), lambda: _made(unit))
    if unit is not None:
        _trail(unit, shown.below)
    if shown.figures is not None and shown.figures.asked:
        _pressing(unit, shown.figures)
    query = {} if unit_id is None else {"u": str(unit_id)}
    if st.button(t("assign.new"), key="new", type="secondary" if unit else "primary"):
        places.go("assignments", v="new", **query)
    if not shown.cards:
        st.caption(t("assign.none"))
    everything = unfolding.is_whole("assignments")
    _cards(shown.cards if everything else shown.cards[:SHOWN], query)
    if not everything and len(shown.cards) > SHOWN:
        unfolding.offer("assignments", t("common.show_all", n=len(shown.cards)))
    if st.toggle(t("assign.show_ended"), key="ended"):
        ended = wording.kept(("ended assignments", unit_id), lambda: _lines(unit_id, ended=True))
        if not ended:
            st.caption(t("assign.none_ended"))
        _cards(ended[: SHOWN * 5], query)


def _made(unit: Any) -> Shown:
    """What the list says of a unit (None: everywhere)."""
    portal, me = session.portal(), session.person()
    if unit is None:
        return Shown(None, {}, _lines(None))
    if not may(me, "see_obligations", Target(unit_path=unit.path)):
        return Shown(None, {}, _lines(unit.id))
    below = {
        row["id"]: _with_overdue(row, figures.overdue)
        for row, figures in assignments.units_below(portal, me, unit.id)
    }
    return Shown(assignments.unit_figures(portal, me, unit.id), below, _lines(unit.id))


def _lines(unit_id: int | None, *, ended: bool = False) -> tuple[Card, ...]:
    found = assignments.overview(session.portal(), session.person(), unit_id, ended=ended)
    return tuple((line.assignment.id, *_words(line)) for line in found)


def _pressing(unit: Any, figures: Figures) -> None:
    """The answer on the first screen: on track? who is late?"""
    render.figures(
        (t("assign.overdue"), figures.overdue),
        (t("assign.soon"), figures.soon),
        (t("assign.done_rate"), "—" if figures.rate is None else f"{figures.rate:.0%}"),
    )
    if figures.overdue or figures.soon:
        words = "assign.see_overdue" if figures.overdue else "assign.see_soon"
        if st.button(t(words), type="primary", key="see-due"):
            places.go("assignments", u=str(unit.id), v="due")


def _cards(cards: Sequence[Card], query: dict[str, str]) -> None:
    """An assignment is one thing to press, and one element of the page."""
    for assignment_id, title, note in cards:
        places.link("assignments", title, note=note, a=str(assignment_id), **query)


def _words(line: Line) -> tuple[str, str]:
    """Title and note of an assignment in the list."""
    one, figures = line.assignment, line.figures
    words = [
        t("asked.required" if one.required else "asked.recommended"),
        wording.when(one.due, one.recurrence),
        t("assign.for", audience=wording.audience(one.audience)),
    ]
    if not line.mine and line.by:
        words.append(t("asked.by", name=line.by))
    if figures.rate is None:
        far = t("assign.too_few" if line.small else "assign.nobody_asked")
    else:
        far = f"{t('assign.rate', percent=f'{figures.rate:.0%}')} · {_progress(line)}"
    return render.escape(wording.title(one)), f"{render.escape(' · '.join(words))}\n{far}"


def _progress(line: Line) -> str:
    figures = line.figures
    text = t("assign.n_of_m", n=figures.done, m=figures.asked - figures.exempted)
    if figures.overdue:
        text += " · :red[**" + t("assign.n_overdue", n=figures.overdue) + "**]"
    if figures.soon:
        text += " · " + t("assign.n_soon", n=figures.soon)
    return text


def _trail(unit: UnitView, below: Mapping[int, str]) -> None:
    """Up to the unit that I manage, and down to each below."""
    unit_way.up("assignments", unit)
    if below:
        label, placeholder = t("assign.below_units"), t("assign.choose_unit")
        unit_way.down("assignments", below, label, placeholder, key=f"below-{unit.id}")


def _with_overdue(row: Any, overdue: int) -> str:
    name = wording.unit_name(row)
    return f"{name} · {t('assign.n_overdue', n=overdue)}" if overdue else name
