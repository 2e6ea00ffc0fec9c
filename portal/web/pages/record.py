"""My record: what was asked of me, courses, certificates, attempts, hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from portal.actions import certificates, duties, people, progress
from portal.actions.certificates import Held
from portal.actions.duties import Duty
from portal.actions.errors import Refused
from portal.actions.progress import MAX_ATTEMPTS, RecordLine, RecordView
from portal.core.attempts import Attempt
from portal.web import data, downloads, places, record_lines, render, reporting, session, unfolding
from portal.web import duties as duty_words
from portal.web import transcript_period as transcript
from portal.web.record_lines import Line
from portal.web.session import t

SHOWN = 5  # of one's own lists: each line is an element to press
IN_TEXT = 10  # of the lists of somebody else's record
T = TypeVar("T")
Found = tuple[RecordView, Sequence[Held], Sequence[Duty], str]


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
    if record.courses_completed and st.button(t("transcript.take"), key="take-transcript"):
        transcript.ask(record.courses, whose)
    if whose:
        _sheet(record, held, asked, whose)
        return
    _duties(asked)
    _courses(record)
    _certificates(held)
    _attempts(record)
    reporting.mine()


def _found(whose: int | None) -> Found:
    """What the page shows; of somebody else, kept for the clicks of a minute. Raises Refused."""
    if not whose:
        return _read(None, unfolding.is_whole("record-attempts"))
    portal, me = session.portal(), session.person()
    whole = unfolding.is_whole(_sheet_of(whose))
    # for a minute at most: reading a section does not move the revision on
    minute = portal.now().strftime("%Y-%m-%dT%H:%M")
    fingerprint = portal.library.catalogue.fingerprint
    key = ("record", whose, me.id, me.managed_paths, minute, whole, fingerprint)
    return data.figures(key, lambda: _read(whose, whole))


def _read(whose: int | None, whole: bool) -> Found:
    portal, me = session.portal(), session.person()
    return (
        progress.record(portal, me, whose, MAX_ATTEMPTS if whole else IN_TEXT),
        certificates.of_person(portal, me, whose),
        duties.of_person(portal, me, whose),
        people.name_of(portal, me, whose) if whose else "",
    )


# One's own record: every line is something to press


def _duties(asked: Sequence[Duty]) -> None:
    st.header(t("duties.title"))
    if not asked:
        st.caption(t("duties.none"))
        return
    st.caption(duty_words.summary(asked))
    for one in _shown("duties", asked):
        duty_words.show(one)


def _courses(record: RecordView) -> None:
    st.header(t("record.courses"))
    if not record.courses:
        st.caption(t("record.nothing"))
        if st.button(t("home.browse"), type="primary"):
            places.go("learn")
        return
    _links(map(record_lines.course, _shown("courses", record.courses)))


def _certificates(held: Sequence[Held]) -> None:
    st.header(t("certificate.mine"))
    if not held:
        st.caption(t("certificate.none"))
        return
    for one in _shown("certificates", held):
        with st.container(border=True, key=f"certificate-{one.certificate.number}"):
            st.markdown("  \n".join(record_lines.certificate(one)))
            if one.state != "altered":
                number = one.certificate.number
                downloads.link("certificate", t("certificate.download"), n=number)


def _attempts(record: RecordView) -> None:
    st.header(t("record.attempts"))
    if not record.attempts:
        st.caption(t("record.no_attempts"))
        return
    rows = _shown("attempts", record.attempts, _attempts_in(record))
    _links(map(record_lines.attempt, rows))


def _attempts_in(record: RecordView) -> int:
    return max(min(record.attempts_submitted, MAX_ATTEMPTS), len(record.attempts))


def _links(lines: Iterable[Line]) -> None:
    for line in lines:
        places.link(line.page, line.title, note=line.words, **line.query)


def _shown(name: str, rows: Sequence[T], total: int = 0) -> Sequence[T]:
    """The first five, or all ``total`` of them when the person asked for them."""
    total = max(total, len(rows))
    if total > SHOWN and not unfolding.is_whole(f"record-{name}"):
        unfolding.offer(f"record-{name}", t("common.show_all", n=total))
        return rows[:SHOWN]
    return rows


# Somebody else's: a text to look through. An element each would cost more than all the rest.


def _sheet(record: RecordView, held: Sequence[Held], asked: Sequence[Duty], whose: int) -> None:
    whole = unfolding.is_whole(_sheet_of(whose))
    tasks = _section("duties.title", "duties.none", asked, duty_words.lines, whole)
    if asked:
        tasks.insert(1, f":small[{duty_words.summary(asked)}]")
    attempts = _attempts_in(record)
    parts = (
        *tasks,
        *_section("record.courses", "record.none", record.courses, _of_course, whole),
        *_section("certificate.mine", "certificate.none", held, _of_certificate, whole),
        *_section("record.attempts", "record.none", record.attempts, _of_attempt, whole, attempts),
    )
    st.markdown("\n\n".join(parts))
    most = max(len(asked), len(record.courses), len(held), attempts)
    if most > IN_TEXT and not whole:
        unfolding.offer(_sheet_of(whose), t("record.whole"))


def _section(
    title: str,
    nothing: str,
    rows: Sequence[T],
    lines: Callable[[T], Sequence[str]],
    whole: bool,
    total: int = 0,
) -> list[str]:
    """A heading and a list in Markdown, each row in ``lines``; the first ten unless ``whole``."""
    heading = f"## {t(title)}"
    if not rows:
        return [heading, t(nothing)]
    total = max(total, len(rows))
    some = rows if whole else rows[:IN_TEXT]
    items = "\n".join("- " + "  \n  ".join(lines(row)) for row in some)
    if len(some) == total:
        return [heading, items]
    return [heading, items, f":small[{t('record.first', n=len(some), total=total)}]"]


def _of_course(row: RecordLine) -> list[str]:
    return _as_text(record_lines.course(row))


def _of_attempt(row: Attempt) -> list[str]:
    return _as_text(record_lines.attempt(row))


def _of_certificate(one: Held) -> list[str]:
    return record_lines.certificate(one, links=True)


def _as_text(line: Line) -> list[str]:
    return [f"[{line.title}]({places.address(line.page, **line.query)})", line.words]


def _sheet_of(whose: int) -> str:
    return f"record-of-{whose}"
