"""Who passed on the old text, by course and unit; one click asks them to learn it anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from portal.actions import law_refreshing, stepping
from portal.actions.errors import NotAllowed, Refused
from portal.actions.law_refreshing import A_PAGE, DAYS, Passed
from portal.actions.law_reviewing import ChangeView
from portal.actions.obligations import moment_of
from portal.core.people import may
from portal.core.times import parse_iso
from portal.web import places, render, session
from portal.web.session import t

_SAID = "laws.assigned"


def show(view: ChangeView) -> None:
    """A course at a time."""
    st.header(t("laws.passed_heading"))
    said = session.recall(_SAID)
    if said:
        st.success(said)
        session.forget(_SAID)
    courses = session.portal().library.catalogue.courses
    if not view.until:
        st.caption(t("laws.passed_nobody_has_to"))
        return
    names = {key: courses[key].title.in_(session.locale()) for key in sorted(view.until)}
    course = st.selectbox(
        t("laws.course"),
        list(names),
        format_func=lambda key: names.get(key, ""),
        key=f"passed-course-{view.change['id']}",
    )
    if course not in names:
        return
    unit_id = _reach()
    found = law_refreshing.passed(
        session.portal(), session.person(), view.change["id"], course, unit_id
    )
    if found is None or not found.total:
        st.info(t("laws.passed_none"))
        return
    st.markdown(t("laws.passed_total", n=found.total, day=session.day(found.until)))
    _units(found)
    if unit_id is not None:
        _names(view.change["id"], course, unit_id)
    _assign(view, course, names[course], unit_id, found)


# Private functions


def _reach() -> int | None:
    """Everywhere for a trainer; the unit of who only manages one."""
    me = session.person()
    if may(me, "assign"):
        return None
    return next((int(path.strip("/").split("/")[-1]) for path in me.managed_paths), None)


def _units(found: Passed) -> None:
    if not found.units:
        return
    rows = [
        {
            t("laws.unit"): _name(one.unit),
            t("laws.people"): t("laws.few") if one.people is None else str(one.people),
        }
        for one in found.units
    ]
    st.dataframe(rows, hide_index=True)


def _name(unit: dict[str, Any]) -> str:
    english = unit["name_en"] if session.locale() == "en" else None
    return str(english or unit["name"])


def _names(change_id: int, course: str, unit_id: int) -> None:
    me, portal = session.person(), session.portal()
    try:
        people = law_refreshing.passed_people(portal, me, change_id, course, unit_id)
    except NotAllowed:
        return
    with st.expander(t("laws.who", n=min(len(people), A_PAGE))):
        for row in people:
            day = session.day(parse_iso(row["completed_at"]))
            words = [row["name"], row["staff_no"], row["unit_name"], day]
            st.markdown(render.escape(" · ".join(words)))


def _assign(view: ChangeView, course: str, name: str, unit_id: int | None, found: Passed) -> None:
    me, portal = session.person(), session.portal()
    made = [
        row
        for row in view.refreshers
        if row["course_id"] == course and row["unit_id"] == unit_id and row["ended_at"] is None
    ]
    if made:
        places.link("assignments", t("laws.assigned_already"), a=str(made[0]["assignment_id"]))
        return
    law = f"《{view.change['short']}》"
    due = moment_of(portal).today + timedelta(days=DAYS)
    title = t("laws.refresher_title", law=law, course=name)
    reason = t("laws.refresher_reason", law=law)
    st.caption(render.escape(t("laws.refresher_terms", course=name, day=session.day(due))))
    if not st.button(t("laws.assign", n=found.total), key=f"assign-{view.change['id']}-{course}"):
        return
    try:
        assignment_id = law_refreshing.assign_refresher(
            portal, me, view.change["id"], course, unit_id, title, reason
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    bar = st.progress(0.0, text=t("laws.assigning"))
    for done, all_of_them in stepping.bring_into_step(portal, assignment_id):
        bar.progress(done / max(all_of_them, 1), text=t("laws.assigning"))
    session.remember(_SAID, t("laws.assigned", n=found.total))
    st.rerun()
