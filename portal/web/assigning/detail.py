"""One assignment: how far it has come, who has done it, and what to decide for one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from portal.actions import assignments, exceptions, stepping
from portal.actions.assignments import STATES, Line, State
from portal.actions.errors import Refused
from portal.actions.obligations import moment_of
from portal.core.assignments import LONGEST_REASON, Item
from portal.core.people import Target, may
from portal.core.times import parse_iso
from portal.web import letters, places, render, session
from portal.web.assigning import due_list, wording
from portal.web.session import t

A_PAGE = 20


def show(unit: Any, line: Line) -> None:
    """Head, figures, buttons, people."""
    one = line.assignment
    unit_id = unit.id if unit is not None else None
    st.title(render.escape(wording.title(one)))
    _head(line)
    _figures(line)
    _buttons(unit_id, line)
    if unit is None:
        st.caption(t("assign.no_names"))
    elif may(session.person(), "see_obligations", Target(unit_path=unit.path)):
        _people(unit.id, line)
    query = {} if unit_id is None else {"u": str(unit_id)}
    places.link("assignments", t("assign.all"), **query)


# Private functions


def _head(line: Line) -> None:
    one = line.assignment
    words = [
        t("assign.for", audience=wording.audience(one.audience)),
        wording.when(one.due, one.recurrence),
        t("asked.required" if one.required else "asked.recommended"),
    ]
    if one.title:
        words.insert(0, t("common.list_separator").join(map(wording.item_title, one.items)))
    st.markdown(render.escape(" · ".join(words)))
    said = [t("assign.by", name=line.by or "—", day=session.day(one.created_at))]
    if one.reason:
        said.append(one.reason)
    st.caption(render.escape(" · ".join(said)))
    if one.ended_at is not None:
        st.info(t("assign.ended_on", day=session.day(one.ended_at)))
    elif one.sync_after is not None:
        st.info(t("assign.under_way"))


def _figures(line: Line) -> None:
    figures = line.figures
    if not figures.asked:
        st.caption(t("assign.too_few" if line.small else "assign.nobody_asked"))
        return
    shown: list[tuple[str, object]] = [
        (t("assign.done"), f"{figures.done} / {figures.asked - figures.exempted}"),
        (t("assign.overdue"), figures.overdue),
        (t("assign.soon"), figures.soon),
    ]
    if figures.exempted:
        shown.append((t("assign.exempted"), figures.exempted))
    render.figures(*shown)
    if figures.rate is not None:
        st.progress(figures.rate, text=t("assign.rate", percent=f"{figures.rate:.0%}"))


def _buttons(unit_id: int | None, line: Line) -> None:
    one = line.assignment
    pressing = [state for state in ("overdue", "soon") if getattr(line.figures, state)]
    with st.container(horizontal=True):
        if (
            unit_id is not None
            and pressing
            and st.button(t("assign.remind_open"), type="primary", key="remind-one")
        ):
            due_list.remind(unit_id, pressing, one.id)
            st.rerun()
        if line.mine:
            query = {} if unit_id is None else {"u": str(unit_id)}
            if st.button(t("assign.edit"), key="edit"):
                places.go("assignments", a=str(one.id), v="edit", **query)
            with st.popover(t("assign.end")):
                st.write(t("assign.end_means"))
                st.button(t("assign.end_now"), key="end", on_click=_end, args=(one.id,))


def _end(assignment_id: int) -> None:
    def end() -> None:
        assignments.end(session.portal(), session.person(), assignment_id)
        for _ in stepping.bring_into_step(session.portal(), assignment_id):
            pass

    _do(end, "assign.ended")


def _people(unit_id: int, line: Line) -> None:
    st.header(t("assign.people"))
    figures = line.figures
    with st.container(horizontal=True):
        state = st.selectbox(
            t("assign.state"),
            STATES,
            index=STATES.index("overdue") if figures.overdue else 0,
            format_func=lambda name: t(f"assign.state_{name}"),
            key=f"state-{line.assignment.id}",
        )
        query = st.text_input(t("assign.search"), key=f"query-{line.assignment.id}", max_chars=50)
    asked = (line.assignment.id, state, query)
    if session.recall("assign-people") != asked:
        session.remember("assign-people", asked)
        session.remember("assign-page", 0)
    page = session.recall("assign-page", 0)
    key = ("people of", line.assignment.id, unit_id, state, query, page)
    rows = wording.kept(key, lambda: _rows(unit_id, line, state, query, page))
    if not rows:
        st.caption(t("assign.no_people"))
    several = len(line.assignment.items) > 1
    st.markdown("\n".join(_person(row, several) for row in rows[:A_PAGE]))
    with st.container(horizontal=True):
        if page and st.button(t("quiz.previous_page"), key="people-before"):
            session.remember("assign-page", page - 1)
            st.rerun()
        if len(rows) > A_PAGE and st.button(t("quiz.next_page"), key="people-after"):
            session.remember("assign-page", page + 1)
            st.rerun()
    _choose(rows[:A_PAGE])


def _rows(unit_id: int, line: Line, state: State, query: str, page: int) -> list[Any]:
    return assignments.people_of(
        session.portal(),
        session.person(),
        line.assignment.id,
        unit_id,
        state,
        query,
        limit=A_PAGE + 1,
        offset=page * A_PAGE,
    )


def _person(row: Any, several: bool) -> str:
    name = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
    where = render.escape(wording.unit_of(row))
    return f"- {name} · {where}  \n  {render.escape(_state(row, several))}"


def _choose(rows: Sequence[Any]) -> None:
    """For whom something is to be decided: one list instead of a button a person."""
    still = {
        row["id"]: row
        for row in rows
        if row["done_at"] is None and row["person_id"] != session.person().id
    }
    if not still:
        return
    turn = session.recall("assign-decided", 0)  # after a decision the list begins anew
    chosen = st.selectbox(
        t("assign.decide"),
        list(still),
        index=None,
        format_func=lambda one: (
            f"{still[one]['name']} · {wording.unit_of(still[one])}" if one in still else ""
        ),
        placeholder=t("assign.decide_for"),
        key=f"decide-{turn}-{rows[0]['id']}",
    )
    if chosen in still:
        with st.container(border=True):
            _decide(still[chosen])


def _state(row: Any, several: bool) -> str:
    title = wording.item_title(Item(row["item_kind"], row["item_id"])) if several else ""
    if row["done_at"]:
        words = t("assign.done_on", day=session.day(parse_iso(row["done_at"])))
    elif row["exempted_at"]:
        words = t("assign.exempted_on", day=session.day(parse_iso(row["exempted_at"])))
    elif row["due_on"]:
        words = letters.when(session.portal(), row, session.locale())
    else:
        words = t("assign.still_open")
    if row["extended_to"]:
        words += f"（{t('asked.extended')}）"
    return f"{title}{t('common.colon')}{words}" if title else words


def _decide(row: Any) -> None:
    """More time or an exemption, with a reason; and what was decided before."""
    portal, me = session.portal(), session.person()
    for said in exceptions.decisions(portal, me, row["id"]):
        day = date.fromisoformat(said["due_on"]) if said["due_on"] else None
        st.caption(
            render.escape(
                t(
                    f"assign.decided_{said['kind']}",
                    day=session.day(day) if day else "",
                    name=said["name"],
                    at=session.day(parse_iso(said["at"])),
                    reason=said["reason"],
                )
            )
        )
    with st.form(f"decide-{row['id']}", border=False):
        reason = st.text_input(t("assign.why"), max_chars=LONGEST_REASON)
        if row["exempted_at"]:
            if st.form_submit_button(t("assign.restore")):
                _decided(lambda: exceptions.restore(portal, me, row["id"], reason), "restored")
            return
        today = moment_of(portal).today
        due = date.fromisoformat(row["due_on"]) if row["due_on"] else today
        start = max(due, today) + timedelta(days=14)
        day = st.date_input(t("assign.new_day"), value=start, min_value=today, format="YYYY-MM-DD")
        with st.container(horizontal=True):
            if st.form_submit_button(t("assign.extend"), type="primary"):
                to = day if isinstance(day, date) else start
                _decided(lambda: exceptions.extend(portal, me, row["id"], to, reason), "extended")
            if st.form_submit_button(t("assign.exempt")):
                _decided(lambda: exceptions.exempt(portal, me, row["id"], reason), "let_off")


def _decided(action: Callable[[], None], done: str) -> None:
    if _do(action, f"assign.{done}"):
        session.remember("assign-decided", session.recall("assign-decided", 0) + 1)
    st.rerun()


def _do(action: Callable[[], None], done: str) -> bool:
    try:
        action()
    except Refused as refused:
        session.remember("assign-refused", t(refused.key, **refused.args_by_name))
        return False
    session.remember("assign-notice", t(done))
    return True
