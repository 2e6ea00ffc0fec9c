"""My record: what was asked of me, courses, certificates, attempts, hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from portal.actions import certificates, duties, people, progress
from portal.actions.certificates import Held
from portal.actions.duties import Duty
from portal.actions.errors import Refused
from portal.actions.progress import RecordView
from portal.core.certificates import shown
from portal.web import downloads, places, render, reporting, session, transcript_period
from portal.web import duties as duty_words
from portal.web.session import t

SHOWN = 10
T = TypeVar("T")


def page() -> None:
    """Totals, courses, attempts, newest first; ``?p=<person id>`` for somebody one manages."""
    whose = places.number("p")
    try:
        record = progress.record(session.portal(), session.person(), whose)
        held = certificates.of_person(session.portal(), session.person(), whose)
        asked = duties.of_person(session.portal(), session.person(), whose)
        name = people.name_of(session.portal(), session.person(), whose) if whose else ""
    except Refused as refused:
        st.title(t("nav.record"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(t("record.of", name=render.escape(name)) if name else t("nav.record"))
    with st.container(horizontal=True):
        st.metric(t("record.completed"), record.courses_completed)
        st.metric(t("record.hours"), f"{record.hours:g}")
        st.metric(t("record.passed"), record.attempts_passed)
    if whose:
        places.link("capability", t("record.capability"), p=str(whose))
    _duties(asked, whose)
    if record.courses_completed:
        transcript_period.offer(record.courses, whose)
    _courses(record)
    _certificates(held, whose)
    _attempts(record)
    if not whose:
        reporting.mine()


def _duties(asked: Sequence[Duty], whose: int | None) -> None:
    st.header(t("duties.title"))
    if not asked:
        st.caption(t("duties.none"))
        return
    st.caption(duty_words.summary(asked))
    for one in _shown("duties", asked):
        duty_words.show(one, own=whose is None)


def _courses(record: RecordView) -> None:
    st.header(t("record.courses"))
    if not record.courses:
        st.caption(t("record.nothing"))
        if st.button(t("home.browse"), type="primary"):
            places.go("learn")
        return
    for row in _shown("courses", record.courses):
        title = row.title.in_(session.locale())
        places.link("course", render.label(title), c=row.course_id)
        if row.completed_at is not None:
            words = [
                t("learn.completed", day=session.day(row.completed_at)),
                t("common.hours", n=f"{row.hours:g}"),
            ]
            if row.expires_at is not None:
                words.append(t("record.expires", day=session.day(row.expires_at)))
        else:
            words = [
                t("learn.under_way", percent=row.percent),
                t("record.seen", day=session.day(row.seen_at)),
            ]
        st.caption(" · ".join(words))


def _certificates(held: Sequence[Held], whose: int | None) -> None:
    st.header(t("certificate.mine"))
    if not held:
        st.caption(t("certificate.none"))
        return
    for one in _shown("certificates", held):
        told = one.certificate
        title = told.title_en if session.locale() == "en" and told.title_en else told.title
        end = session.day(told.valid_until) if told.valid_until else t("verify.for_ever")
        with st.container(border=True, key=f"certificate-{told.number}"):
            st.markdown(f"**{render.label(title)}** · {t(f'verify.state.{one.state}')}")
            st.caption(
                f"{shown(told.number)}  \n{t('certificate.day')} {session.day(told.earned_at)}"
                f" · {t('certificate.until')} {end}"
            )
            if one.state == "altered":
                st.caption(t("error.certificate_altered"))
            else:
                with st.container(horizontal=True):
                    downloads.link("certificate", t("certificate.download"), n=told.number)
                    if whose:
                        places.link("certificates", t("certificates.decide"), n=told.number)


def _attempts(record: RecordView) -> None:
    st.header(t("record.attempts"))
    if not record.attempts:
        st.caption(t("record.no_attempts"))
        return
    quizzes = session.portal().library.catalogue.quizzes
    for attempt in _shown("attempts", record.attempts):
        quiz = quizzes.get(attempt.quiz_id)
        title = render.label(quiz.title.in_(session.locale())) if quiz else attempt.quiz_id
        if attempt.is_open:
            places.link("quiz", title, q=attempt.quiz_id)
            st.caption(t("record.open"))
            continue
        places.link("quiz", title, q=attempt.quiz_id, a=str(attempt.id))
        score = (
            t("quiz.percent", n=f"{attempt.percent:.0f}")
            if attempt.percent is not None and attempt.passed is not None
            else t("quiz.awaits_marking")
        )
        passed = {True: t("record.is_passed"), False: t("record.is_failed"), None: ""}[
            attempt.passed
        ]
        when = session.day_and_time(attempt.submitted_at)
        st.caption(" · ".join(word for word in (score, passed, when) if word))


def _shown(name: str, rows: Sequence[T]) -> Sequence[T]:
    """The first ten, or all when the person asked for them."""
    if len(rows) <= SHOWN or session.recall(f"record-{name}", False):
        return rows
    if st.button(t("common.show_all", n=len(rows)), key=f"all-{name}"):
        session.remember(f"record-{name}", True)
        return rows
    return rows[:SHOWN]
