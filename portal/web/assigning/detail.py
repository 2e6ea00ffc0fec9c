"""One assignment: how far it has come, who has done it, and what to decide for one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from portal.actions import assignments, exceptions, stepping
from portal.actions.assignments import STATES, Line, State
from portal.actions.errors import Refused
from portal.actions.obligations import moment_of
from portal.core.assignments import LONGEST_REASON, Assignment, Item
from portal.core.people import Target, may
from portal.core.times import parse_iso
from portal.web import letters, places, render, session
from portal.web.assigning import due_list, wording
from portal.web.session import t

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of people, made once for each change: the id of the first obligation, the list in
    Markdown, the rows about which something can be decided and their names by id, and whether
    there are more."""

    first: int
    lines: str
    still: Mapping[int, Any]
    names: Mapping[int, str]
    more: bool


def show(unit: Any, line: Line) -> None:
    """Head, figures, buttons, people."""
    one = line.assignment
    unit_id = unit.id if unit is not None else None
    st.title(render.escape(wording.title(one)))
    st.markdown(wording.kept(("head of", one.id, unit_id), lambda: _head(line)))
    _ended(one)
    _figures(line)
    _buttons(unit_id, line)
    if unit is None:
        st.caption(t("assign.no_names"))
    elif may(session.person(), "see_obligations", Target(unit_path=unit.path)):
        _people(unit.id, line)
    query = {} if unit_id is None else {"u": str(unit_id)}
    places.link("assignments", t("assign.all"), **query)


# Private functions


def _head(line: Line) -> str:
    """For whom, until when, by whom and why: one element."""
    one = line.assignment
    words = [
        t("assign.for", audience=wording.audience(one.audience)),
        wording.when(one.due, one.recurrence),
        t("asked.required" if one.required else "asked.recommended"),
    ]
    if one.title:
        words.insert(0, t("common.list_separator").join(map(wording.item_title, one.items)))
    said = [t("assign.by", name=line.by or "—", day=session.day(one.created_at))]
    if one.reason:
        said.append(one.reason)
    return f"{render.escape(' · '.join(words))}  \n:small[{render.escape(' · '.join(said))}]"


def _ended(one: Assignment) -> None:
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
    rate = figures.rate
    share = None if rate is None else (t("assign.rate", percent=f"{rate:.0%}"), rate)
    render.figures(*shown, share=share)


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
            # what it holds is sent when it is opened
            menu = st.popover(t("assign.edit_or_end"), key="edit-menu", on_change="rerun")
            if menu.open:
                with menu:
                    _edit_or_end(unit_id, one.id)


def _edit_or_end(unit_id: int | None, assignment_id: int) -> None:
    query = {} if unit_id is None else {"u": str(unit_id)}
    if st.button(t("assign.edit"), key="edit"):
        places.go("assignments", a=str(assignment_id), v="edit", **query)
    st.write(t("assign.end_means"))
    st.button(t("assign.end"), key="end", on_click=_end, args=(assignment_id,))


def _end(assignment_id: int) -> None:
    def end() -> None:
        assignments.end(session.portal(), session.person(), assignment_id)
        for _ in stepping.bring_into_step(session.portal(), assignment_id):
            pass

    _do(end, "assign.ended")


def _people(unit_id: int, line: Line) -> None:
    figures = line.figures
    with st.container(horizontal=True):
        state = st.selectbox(
            t("assign.people"),
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
    shown = wording.kept(key, lambda: _shown(unit_id, line, state, query, page))
    if shown.lines:
        st.markdown(shown.lines)
    else:
        st.caption(t("assign.no_people"))
    if page or shown.more:
        # a row costs as much as what it holds: none for one button
        with st.container(horizontal=True) if page and shown.more else nullcontext():
            if page and st.button(t("quiz.previous_page"), key="people-before"):
                session.remember("assign-page", page - 1)
                st.rerun()
            if shown.more and st.button(t("quiz.next_page"), key="people-after"):
                session.remember("assign-page", page + 1)
                st.rerun()
    _choose(shown)


def _shown(unit_id: int, line: Line, state: State, query: str, page: int) -> Shown:
    rows = assignments.people_of(
        session.portal(),
        session.person(),
        line.assignment.id,
        unit_id,
        state,
        query,
        limit=A_PAGE + 1,
        offset=page * A_PAGE,
    )
    here, several = rows[:A_PAGE], len(line.assignment.items) > 1
    still = {
        row["id"]: row
        for row in here
        if row["done_at"] is None and row["person_id"] != session.person().id
    }
    return Shown(
        rows[0]["id"] if rows else 0,
        "\n".join(_person(row, several) for row in here),
        still,
        {one: f"{row['name']} · {wording.unit_of(row)}" for one, row in still.items()},
        len(rows) > A_PAGE,
    )


def _person(row: Any, several: bool) -> str:
    name = f"[{render.escape(row['name'])}](/record?p={row['person_id']})"
    where = render.escape(wording.unit_of(row))
    return f"- {name} · {where}  \n  {render.escape(_state(row, several))}"


def _choose(shown: Shown) -> None:
    """For whom something is to be decided: one list instead of a button a person."""
    still, names = shown.still, shown.names
    if not still:
        return
    # the names are sent when somebody wants to decide something
    folded = st.expander(t("assign.decide"), key="decide", on_change="rerun")
    if not folded.open:
        return
    turn = session.recall("assign-decided", 0)  # after a decision the list begins anew
    with folded:
        chosen = st.selectbox(
            t("assign.decide_for"),
            list(still),
            index=None,
            format_func=lambda one: names.get(one, ""),
            placeholder=t("question.choose"),
            key=f"decide-{turn}-{shown.first}",
        )
        if chosen is not None and chosen in still:
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
