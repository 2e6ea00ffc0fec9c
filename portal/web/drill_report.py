"""The after-action report on the page: first what to do differently, then how it went."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.actions.drill_plan import Action
from portal.actions.drill_reports import ReportView
from portal.core.drill_report import Judged, Report
from portal.web import downloads, drill_words, places, render, session
from portal.web.session import t
from portal.web.tabletop import parts, report_pdf

POINTS = 3  # what somebody can keep in mind


def show(view: ReportView) -> None:
    """The whole report."""
    report, locale = view.report, session.locale()
    drill = report.drill
    if view.is_mine:
        places.link("drills", f"‹ {t('drill.all')}")
    st.title(t("drill.report_of", title=render.label(drill.title.in_(locale))))
    _when(view)
    result = f"**{drill_words.verdict(report)}**"
    if report.gaps:
        st.warning(result)
    else:
        st.success(result)
    _differently(view)
    _compared(view)
    _objectives(report)
    _actions(view)
    _ending(report)
    _strengths(report.strengths)
    _group(view)
    st.header(t("drill.timeline"))
    render.show(drill_words.timeline(report, locale), drill.course)
    with st.container(horizontal=True):
        if (
            view.is_mine
            and view.room is None
            and drill.id in session.portal().library.catalogue.drills
        ):
            places.link("drill", t("drill.again"), d=drill.id)
        if view.room is not None and places.has("tabletop_lead"):
            unit = {"u": str(view.run.unit_id)} if view.run.unit_id is not None else {}
            places.link("tabletop_lead", t("tabletop.once_more"), d=drill.id, **unit)
        downloads.link("drill-report", t("drill.pdf"), r=str(view.run.id))


# Private functions


def _when(view: ReportView) -> None:
    words = [session.day_and_time(view.run.ended_at)]
    if not view.is_mine:
        words.insert(0, render.escape(view.person_name))
    if view.report.score is not None:
        words.append(t("drill.score", percent=f"{view.report.score:.0%}"))
    st.caption(" · ".join(words))


def _differently(view: ReportView) -> None:
    """The answer to "what do I do next time" on the first screen: three things, and a course."""
    report, locale = view.report, session.locale()
    if not report.gaps:
        return
    st.header(t("drill.next_time"))
    catalogue = session.portal().library.catalogue
    words = drill_words.next_time(report.gaps[:POINTS], catalogue.statutes, locale)
    render.show(words, report.drill.course)
    course = catalogue.courses.get(view.learn)
    if course is not None:
        title = render.label(course.title.in_(locale))
        places.link("course", t("drill.learn_first", title=title), key="first", c=course.id)


def _compared(view: ReportView) -> None:
    """Each gap beside the best that could have been chosen, with reasons; the worst first."""
    gaps, locale = view.report.gaps, session.locale()
    if not gaps:
        return
    st.header(t("drill.compared", n=len(gaps)))
    is_mine = view.is_mine and view.room is None
    for one in gaps:
        with st.container(border=True):
            st.markdown(f"**{render.escape(one.decision.title.in_(locale))}**")
            words = drill_words.judged(one, locale, is_mine=is_mine)
            render.show(words, view.report.drill.course)


def _objectives(report: Report) -> None:
    st.header(t("drill.by_objective"))
    render.show(drill_words.objectives(report.objectives, session.locale()))
    st.caption(t("drill.ratings_mean"))


def _actions(view: ReportView) -> None:
    opened = [one for one in view.actions if one.run_id == view.run.id]
    closed = [one for one in view.actions if one.closed_by_run == view.run.id]
    if closed:
        st.success(t("drill.closed_actions", n=len(closed)))
    if not opened:
        return
    st.header(t("drill.plan"))
    for action in opened:
        _action(action, view.report)


def _action(action: Action, report: Report) -> None:
    locale = session.locale()
    with st.container(border=True):
        objective = report.drill.objective(action.objective)
        st.markdown(f"**{render.escape(objective.title.in_(locale))}**")
        words = [
            t("drill.owner", name=render.escape(action.owner)),
            t("drills.due", day=session.day(action.due_on)),
        ]
        if action.closed_at is not None:
            words.append(t("drill.closed", day=session.day(action.closed_at)))
        st.caption(" · ".join(words))
        if action.text:
            st.markdown(render.escape(action.text))
        course = session.portal().library.catalogue.courses.get(action.course_id)
        if course is not None:
            title = render.label(course.title.in_(locale))
            places.link("course", t("drill.learn_course", title=title), c=course.id)


def _ending(report: Report) -> None:
    locale = session.locale()
    st.header(t("drill.how_it_ended", title=render.label(report.ending.title.in_(locale))))
    if report.ending.text.zh:
        render.show(report.ending.text.in_(locale), report.drill.course)


def _strengths(strengths: Sequence[Judged]) -> None:
    st.header(t("drill.strengths"))
    if not strengths:
        st.caption(t("drill.no_strengths"))
        return
    locale = session.locale()
    st.markdown(
        "\n".join(
            f"- {render.escape(one.decision.title.in_(locale))} "
            f"— {render.escape(one.mine.text.in_(locale))}"
            for one in strengths
        )
    )


def _group(view: ReportView) -> None:
    """Who was there, what the group said, and what its facilitator observed."""
    room, report, locale = view.room, view.report, session.locale()
    if room is None:
        return
    st.header(t("tabletop.pdf_roles"))
    cast = report_pdf.cast(room, view.names, t)
    st.markdown(
        "\n".join(f"- {render.escape(name)}{t('common.colon')}{held}" for name, held in cast)
    )
    st.header(t("tabletop.arguments"))
    for at, (taken, how) in enumerate(zip(report.state.taken, room.decided, strict=True)):
        decision = report.drill.decision(taken.decision_id)
        st.markdown(f"**{at + 1}. {render.escape(decision.title.in_(locale))}**")
        words = {n: option.text.in_(locale) for n, option in enumerate(decision.options)}
        st.markdown(parts.said(dict(how.votes), dict(view.names), words))
        if how.words:
            st.markdown(render.escape(how.words))
        if room.reasons.get(at):
            st.caption(
                f"{t('tabletop.reason')}{t('common.colon')}{render.escape(room.reasons[at])}"
            )
        if room.comments.get(at):
            st.caption(
                f"{t('tabletop.observed')}{t('common.colon')}{render.escape(room.comments[at])}"
            )
    for good in (True, False):
        found = [one for one in room.remarks if one.is_good == good]
        if found:
            st.subheader(t("tabletop.went_well" if good else "tabletop.to_change"))
            st.markdown("\n".join(f"- {render.escape(one.text)}" for one in found))
