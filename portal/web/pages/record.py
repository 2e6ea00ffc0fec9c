"""My record: what was asked of me, courses, certificates, attempts, hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from portal.actions import certificates, duties, people, progress
from portal.actions.certificates import Held
from portal.actions.duties import Duty
from portal.actions.errors import Refused
from portal.actions.progress import MAX_ATTEMPTS, RecordView
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
        record, held, asked, name = _found(whose)
    except Refused as refused:
        st.title(t("nav.record"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(t("record.of", name=render.escape(name)) if name else t("nav.record"))
    render.figures(
        (t("record.completed"), record.courses_completed),
        (t("record.hours"), f"{record.hours:g}"),
        (t("record.passed"), record.attempts_passed),
    )
    if whose:
        places.link("capability", t("record.capability"), p=str(whose))
    _duties(asked, whose)
    if record.courses_completed:
        transcript_period.offer(record.courses, whose)
    _courses(record, whose)
    _certificates(held, whose)
    _attempts(record, whose)
    if not whose:
        reporting.mine()


def _found(
    whose: int | None,
) -> tuple[RecordView, Sequence[Held], Sequence[Duty], str]:
    """What the page shows. Raises Refused."""
    portal, me = session.portal(), session.person()
    return (
        progress.record(portal, me, whose, MAX_ATTEMPTS if _is_whole("attempts") else SHOWN),
        certificates.of_person(portal, me, whose),
        duties.of_person(portal, me, whose),
        people.name_of(portal, me, whose) if whose else "",
    )


def _duties(asked: Sequence[Duty], whose: int | None) -> None:
    st.header(t("duties.title"))
    if not asked:
        st.caption(t("duties.none"))
        return
    st.caption(duty_words.summary(asked))
    some = _shown("duties", asked)
    if whose is not None:
        items = ("  \n  ".join(duty_words.lines(one)) for one in some)
        st.markdown("\n".join(f"- {item}" for item in items))
        return
    for one in some:
        duty_words.show(one)


def _courses(record: RecordView, whose: int | None) -> None:
    st.header(t("record.courses"))
    if not record.courses:
        st.caption(t("record.nothing"))
        if st.button(t("home.browse"), type="primary"):
            places.go("learn")
        return
    lines = []
    for row in _shown("courses", record.courses):
        title = render.label(row.title.in_(session.locale()))
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
        lines.append(Line(title, " · ".join(words), "course", {"c": row.course_id}))
    _show(lines, whose)


def _certificates(held: Sequence[Held], whose: int | None) -> None:
    st.header(t("certificate.mine"))
    if not held:
        st.caption(t("certificate.none"))
        return
    some = _shown("certificates", held)
    if whose is not None:
        items = ("  \n  ".join(_lines_of(one, links=True)) for one in some)
        st.markdown("\n".join(f"- {item}" for item in items))
        return
    for one in some:
        with st.container(border=True, key=f"certificate-{one.certificate.number}"):
            st.markdown("  \n".join(_lines_of(one, links=False)))
            if one.state != "altered":
                number = one.certificate.number
                downloads.link("certificate", t("certificate.download"), n=number)


def _lines_of(one: Held, *, links: bool) -> list[str]:
    """A certificate in lines of Markdown; ``links`` leads to its file, and to its page if any."""
    told = one.certificate
    title = told.title_en if session.locale() == "en" and told.title_en else told.title
    end = session.day(told.valid_until) if told.valid_until else t("verify.for_ever")
    lines = [
        f"**{render.label(title)}** · {t(f'verify.state.{one.state}')}",
        shown(told.number),
        f"{t('certificate.day')} {session.day(told.earned_at)} · {t('certificate.until')} {end}",
    ]
    if one.state == "altered":
        lines.append(t("error.certificate_altered"))
    elif links:
        file = downloads.url("certificate", n=told.number)
        to = [f"[{t('certificate.download')}]({file})"]
        if places.has("certificates"):
            page = places.address("certificates", n=told.number)
            to.append(f"[{t('certificates.decide')}]({page})")
        lines.append(" · ".join(to))
    return lines


def _attempts(record: RecordView, whose: int | None) -> None:
    st.header(t("record.attempts"))
    if not record.attempts:
        st.caption(t("record.no_attempts"))
        return
    quizzes = session.portal().library.catalogue.quizzes
    lines = []
    for attempt in _shown(
        "attempts", record.attempts, min(record.attempts_submitted, MAX_ATTEMPTS)
    ):
        quiz = quizzes.get(attempt.quiz_id)
        title = render.label(quiz.title.in_(session.locale())) if quiz else attempt.quiz_id
        if attempt.is_open:
            lines.append(Line(title, t("record.open"), "quiz", {"q": attempt.quiz_id}))
            continue
        score = (
            t("quiz.percent", n=f"{attempt.percent:.0f}")
            if attempt.percent is not None and attempt.passed is not None
            else t("quiz.awaits_marking")
        )
        passed = {True: t("record.is_passed"), False: t("record.is_failed"), None: ""}[
            attempt.passed
        ]
        when = session.day_and_time(attempt.submitted_at)
        words = " · ".join(word for word in (score, passed, when) if word)
        lines.append(Line(title, words, "quiz", {"q": attempt.quiz_id, "a": str(attempt.id)}))
    _show(lines, whose)


@dataclass(frozen=True, slots=True)
class Line:
    """A place, what it is called (label Markdown) and what is to be said about it."""

    title: str
    words: str
    page: str
    query: dict[str, str]


def _show(lines: Sequence[Line], whose: int | None) -> None:
    """Own lines are links to press; those of somebody else are one list, as managers have them."""
    if whose is None:
        for line in lines:
            places.link(line.page, line.title, note=line.words, **line.query)
        return
    st.markdown(
        "\n".join(
            f"- [{line.title}]({places.address(line.page, **line.query)})  \n  {line.words}"
            for line in lines
        )
    )


def _shown(name: str, rows: Sequence[T], total: int = 0) -> Sequence[T]:
    """The first ten, or all ``total`` of them when the person asked for them."""
    total = max(total, len(rows))
    if total > SHOWN and not _is_whole(name):
        if st.button(t("common.show_all", n=total), key=f"all-{name}"):
            session.remember(f"record-{name}", True)
            st.rerun()
        return rows[:SHOWN]
    return rows


def _is_whole(name: str) -> bool:
    return bool(session.recall(f"record-{name}", False))
