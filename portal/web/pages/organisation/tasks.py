"""What can be done with a unit: add one below, rename, move, merge, close, reopen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.actions import people as actions
from portal.actions import unit_changes
from portal.core.units import UNIT_KINDS
from portal.web import confirming, notices, places, render, session, unit_picker
from portal.web.session import t

Row = dict[str, Any]


def tasks(unit: Row | None) -> None:
    """Choose one; its inputs alone are shown. At the top of the tree units can only be added."""
    if unit is None:
        st.header(t("organisation.add_top"))
        _add(None)
        return
    offered = _REOPEN if unit["closed_at"] is not None else _OPEN
    chosen = st.segmented_control(
        t("organisation.task"),
        list(offered),
        format_func=lambda name: t(f"organisation.task_{name}"),
        key=f"org-task-{unit['id']}",
    )
    if chosen in offered:
        offered[chosen](unit)


def _add(parent: Row | None) -> None:
    level = UNIT_KINDS.index(parent["kind"]) + 1 if parent else 0
    kinds = UNIT_KINDS[level:]
    if not kinds:
        st.caption(t("organisation.no_level_below"))
        return
    where = parent["id"] if parent else 0
    kind = st.selectbox(
        t("people.kind"),
        kinds,
        format_func=lambda name: t(f"people.kind_{name}"),
        key=f"org-kind-{where}",
    )
    name = st.text_input(t("people.unit_name"), max_chars=60, key=f"org-name-{where}")
    name_en = st.text_input(t("people.unit_name_en"), max_chars=80, key=f"org-en-{where}")
    code = st.text_input(
        t("organisation.code"),
        max_chars=32,
        help=t("organisation.code_help"),
        key=f"org-code-{where}",
    )
    if st.button(t("people.add_unit"), type="primary", key=f"org-add-{where}"):
        made = notices.do(
            lambda: (
                str(
                    actions.create_unit(
                        session.portal(),
                        session.person(),
                        parent["id"] if parent else None,
                        kind,
                        name,
                        name_en or None,
                        code or None,
                    )
                )
                and True
            ),
            "people.unit_done",
            name=name,
        )
        if made:
            session.forget(*(f"org-{field}-{where}" for field in ("name", "en", "code")))
        st.rerun()


def _rename(unit: Row) -> None:
    with st.form(f"org-rename-{unit['id']}", border=False):
        name = st.text_input(t("people.unit_name"), unit["name"], max_chars=60)
        name_en = st.text_input(t("people.unit_name_en"), unit["name_en"] or "", max_chars=80)
        code = st.text_input(
            t("organisation.code"),
            unit["code"] or "",
            max_chars=32,
            help=t("organisation.code_help"),
        )
        if st.form_submit_button(t("people.save"), type="primary"):
            notices.do(
                lambda: unit_changes.change_unit(
                    session.portal(), session.person(), unit["id"], name, name_en, code
                ),
                "organisation.renamed",
                name=name,
            )
            st.rerun()


def _move(unit: Row) -> None:
    parent_id = unit_picker.pick(t("organisation.move_to"), f"org-move-{unit['id']}")
    if parent_id is None:
        return
    _confirmed(
        "move",
        unit,
        lambda: unit_changes.move_unit(session.portal(), session.person(), unit["id"], parent_id),
    )


def _merge(unit: Row) -> None:
    into_id = unit_picker.pick(t("organisation.merge_into"), f"org-merge-{unit['id']}")
    if into_id is None:
        return
    inside = unit_changes.unit_contents(session.portal(), session.person(), unit["id"])
    if inside.managers:
        st.caption(t("organisation.managers_stay", n=inside.managers))
    _assignments_end(inside)
    _confirmed(
        "merge",
        unit,
        lambda: (
            unit_changes.merge_unit(session.portal(), session.person(), unit["id"], into_id)
            and None
        ),
        people=inside.people,
        units=inside.units,
    )


def _assignments_end(inside: unit_changes.UnitContents) -> None:
    if inside.assignments:
        st.caption(t("organisation.assignments_stay", n=inside.assignments))


def _close(unit: Row) -> None:
    _assignments_end(unit_changes.unit_contents(session.portal(), session.person(), unit["id"]))
    _confirmed(
        "close",
        unit,
        lambda: unit_changes.close_unit(session.portal(), session.person(), unit["id"]),
    )


def _reopen(unit: Row) -> None:
    _confirmed(
        "reopen",
        unit,
        lambda: unit_changes.reopen_unit(session.portal(), session.person(), unit["id"]),
    )


def _confirmed(task: str, unit: Row, act: Callable[[], Any], **facts: object) -> None:
    name = unit_picker.name(unit)
    confirming.button(
        t(f"organisation.do_{task}"),
        t(f"organisation.{task}_asks", name=render.escape(name), **facts),
        lambda: notices.do(act, f"organisation.{task}_done", name=name),
        key=f"org-{task}-{unit['id']}-yes",
    )
    if task == "close":
        places.link("people", t("organisation.see_people"))


_OPEN: dict[str, Callable[[Row], None]] = {
    "add": _add,
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "close": _close,
}
_REOPEN: dict[str, Callable[[Row], None]] = {"rename": _rename, "reopen": _reopen}
