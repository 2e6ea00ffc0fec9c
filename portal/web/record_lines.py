"""A person's courses, certificates and attempts in words, for the pages that show a record."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions.certificates import Held
from portal.actions.progress import RecordLine
from portal.core.attempts import Attempt
from portal.core.certificates import shown
from portal.web import downloads, places, render, session
from portal.web.session import t


@dataclass(frozen=True, slots=True)
class Line:
    """A place, what it is called (label Markdown) and what is to be said about it."""

    title: str
    words: str
    page: str
    query: dict[str, str]


def course(row: RecordLine) -> Line:
    """A course, completed or under way."""
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
    return Line(title, " · ".join(words), "course", {"c": row.course_id})


def attempt(row: Attempt) -> Line:
    """An attempt at a quiz: open, to be marked, or with its score."""
    quiz = session.portal().library.catalogue.quizzes.get(row.quiz_id)
    title = render.label(quiz.title.in_(session.locale())) if quiz else row.quiz_id
    if row.is_open:
        return Line(title, t("record.open"), "quiz", {"q": row.quiz_id})
    score = (
        t("quiz.percent", n=f"{row.percent:.0f}")
        if row.percent is not None and row.passed is not None
        else t("quiz.awaits_marking")
    )
    passed = {True: t("record.is_passed"), False: t("record.is_failed"), None: ""}[row.passed]
    when = session.day_and_time(row.submitted_at)
    words = " · ".join(word for word in (score, passed, when) if word)
    return Line(title, words, "quiz", {"q": row.quiz_id, "a": str(row.id)})


def certificate(one: Held, *, links: bool = False) -> list[str]:
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
