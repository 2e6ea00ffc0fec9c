"""Making or changing an assignment, step by step, with a live count of whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from portal.actions import assignments, stepping, units
from portal.actions.assignments import Draft, Line
from portal.actions.audience import reached
from portal.actions.errors import Refused
from portal.core.assignments import LONGEST_REASON, LONGEST_TITLE, Assignment, Item
from portal.core.audience import Rule
from portal.core.due import Once, Recurrence
from portal.web import data, places, render, session
from portal.web.assigning import groups, when, wording
from portal.web.session import t

_ONCE = Once()


@dataclass(frozen=True, slots=True)
class _Rest:
    """What few change, as it is where nobody has."""

    repeat: Recurrence = _ONCE
    required: bool = True
    title: str = ""
    reason: str = ""
    credit: bool = True


def show(unit: Any, line: Line | None) -> None:
    """The form for a unit (None: everywhere); ``line`` is what is being changed."""
    old = line.assignment if line else None
    key = f"assign-{old.id if old else 'new'}"
    st.title(t("assign.change_title" if old else "assign.new_title"))
    unit_id = unit.id if unit is not None else None
    draft = _draft(unit, unit_id, old, key)
    if draft is not None:
        _summary(draft)
    with st.container(horizontal=True):
        words = t("assign.save" if old else "assign.create")
        if st.button(words, type="primary", key="save", disabled=draft is None) and draft:
            _save(draft, old)
        query = {"a": str(old.id)} if old else {}
        places.link("assignments", t("common.back"), **_u(unit_id), **query)


# Private functions


def _draft(unit: Any, unit_id: int | None, old: Assignment | None, key: str) -> Draft | None:
    """What the fields say; None while it is not clear whom it is for."""
    items = _items(old, key)
    rule: Rule | None = None
    try:
        rule = groups.choose(_scope(unit), unit_id, key, old.audience if old else None)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
    due = when.due(old, key)
    rest = _Rest()
    was = _rest_of(old) if old else rest
    # an element costs the same whether it is folded or not: what few change is not sent
    if st.toggle(t("assign.more"), value=was != rest, key=f"{key}-rest"):
        rest = _more(was, key)
    if rule is None:
        return None
    return Draft(
        unit_id,
        rest.title,
        rest.reason,
        items,
        rule,
        due,
        rest.repeat,
        rest.required,
        rest.credit,
    )


def _rest_of(old: Assignment) -> _Rest:
    return _Rest(old.recurrence, old.required, old.title, old.reason, old.credit_earlier)


def _more(was: _Rest, key: str) -> _Rest:
    """What few change."""
    repeat = when.repeat(was.repeat, key)
    required = st.segmented_control(
        t("assign.required"),
        [True, False],
        default=was.required,
        format_func=lambda one: t("asked.required" if one else "asked.recommended"),
        required=True,
        key=f"{key}-required",
    )
    title = st.text_input(
        t("assign.title"),
        value=was.title,
        max_chars=LONGEST_TITLE,
        key=f"{key}-title",
        help=t("assign.title_help"),
    )
    reason = st.text_input(
        t("assign.reason"),
        value=was.reason,
        max_chars=LONGEST_REASON,
        key=f"{key}-reason",
        help=t("assign.reason_help"),
    )
    credit = st.checkbox(t("assign.credit"), value=was.credit, key=f"{key}-credit")
    return _Rest(repeat, required is not False, title, reason, bool(credit))


def _items(old: Assignment | None, key: str) -> tuple[Item, ...]:
    names = wording.kept(("assign items",), _item_names)
    chosen = st.multiselect(
        t("assign.what"),
        list(names),
        default=[item for item in (old.items if old else ()) if item in names],
        format_func=lambda item: names.get(item, item.id),
        placeholder=t("assign.choose_items"),
        key=f"{key}-items",
    )
    return tuple(item for item in chosen if item in names)


def _item_names() -> dict[Item, str]:
    """Courses, drills and quizzes, each with its kind."""
    catalogue = session.portal().library.catalogue
    locale = session.locale()
    titles = {Item("course", one.id): one.title for one in catalogue.courses.values()}
    titles |= {Item("drill", one.id): one.title for one in catalogue.drills.values()}
    titles |= {
        Item("quiz", one.id): one.title for one in catalogue.quizzes.values() if one.kind != "pool"
    }
    return {
        item: t("assign.item", title=title.in_(locale), kind=t(f"assign.kind_{item.kind}"))
        for item, title in titles.items()
    }


def _scope(unit: Any) -> groups.Scope:
    """Open units of the reach."""
    path = unit.path if unit is not None else ""

    def find() -> groups.Scope:
        rows = units.list_open(session.portal(), session.person(), path)
        return groups.Scope(path, {row["id"]: row for row in rows})

    return wording.kept(("assign scope", path), find)


def _summary(draft: Draft) -> None:
    """What will be saved, as one reads it, and whom it reaches: one element."""
    words = t(
        "assign.summary",
        audience=render.escape(wording.audience(draft.audience)),
        items=render.escape(
            t("common.list_separator").join(map(wording.item_title, draft.items)) or "—"
        ),
        when=render.escape(wording.when(draft.due, draft.recurrence)),
    )
    try:
        st.info(f"{words}\n\n{_reached(draft.unit_id, draft.audience)}")
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        st.markdown(words)


def _reached(unit_id: int | None, rule: Rule) -> str:
    """How many match now, and the first of them. Raises Refused."""
    me = session.person()
    found = data.figures(
        ("assign reached", me.id, me.managed_paths, unit_id, rule),
        lambda: reached(session.portal(), me, unit_id, rule),
    )
    if found.small:
        return t("assign.reaches_few")
    if not found.count:
        return t("assign.nobody")
    names = t("common.list_separator").join(
        t("assign.person", name=row["name"], unit=wording.unit_of(row)) for row in found.first
    )
    first = t("assign.first", names=render.escape(names)) if names else ""
    return t("assign.reaches", n=found.count) + first


def _save(draft: Draft, old: Assignment | None) -> None:
    portal, me = session.portal(), session.person()
    try:
        if old is None:
            assignment_id = assignments.create(portal, me, draft)
        else:
            assignment_id = old.id
            assignments.change(portal, me, old.id, replace(draft, unit_id=old.unit_id))
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    bar = st.progress(0.0, text=t("assign.asking", done=0, all="…"))
    for done, everybody in stepping.bring_into_step(portal, assignment_id):
        bar.progress(done / everybody, text=t("assign.asking", done=done, all=everybody))
    session.remember("assign-notice", t("assign.saved"))
    places.go("assignments", a=str(assignment_id), **_u(draft.unit_id))


def _u(unit_id: int | None) -> dict[str, str]:
    return {} if unit_id is None else {"u": str(unit_id)}
