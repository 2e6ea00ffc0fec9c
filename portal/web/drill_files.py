"""The after-action report as a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.actions import drill_reports
from portal.actions.drill_reports import ReportView
from portal.actions.errors import NotAllowed
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core import markdown
from portal.core.drill_report import Judged, Moment
from portal.core.drills import Rating
from portal.core.people import Person
from portal.exchange.pdf import PDF, Figures, Grid, Heading, Part, Text, to_pdf
from portal.web import dates
from portal.web.tabletop import report_pdf
from portal.web.text import translate


def report(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``?r=<run id>``. Raises NotAllowed, and Refused for a run that was not finished."""
    asked = query.get("r", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise NotAllowed
    view = drill_reports.take_away(portal, person, int(asked))
    return _Document(portal, person, view).file()


# Private functions


class _Document:
    """The report set for one reader."""

    def __init__(self, portal: Portal, person: Person, view: ReportView) -> None:
        self.view, self.report = view, view.report
        self.locale = person.locale
        self.zone = portal.settings.tz
        self.courses = portal.library.catalogue.courses

    def file(self) -> File:
        drill = self.report.drill.title.in_(self.locale)
        title = self.t("drill.report_of", title=drill)
        when = dates.day_and_time(self.view.ended_at, self.locale, self.zone)
        subtitle = f"{self.view.person_name}  {when}"
        content = to_pdf(
            title,
            list(self.parts()),
            subtitle=subtitle,
            footer=self.t("app.name"),
            pages="{n} / {of}",
        )
        return File(f"{title}-{self.view.person_name}.pdf", PDF, content)

    def parts(self) -> Iterator[Part]:
        report = self.report
        score = "—" if report.score is None else f"{report.score:.0%}"
        yield Figures(
            [
                (self.t("drill.pdf_score"), score),
                (self.t("drill.pdf_gaps"), str(len(report.gaps))),
                (self.t("drill.pdf_ending"), report.ending.title.in_(self.locale)),
            ]
        )
        if report.gaps:
            yield Heading(self.t("drill.next_time"))
            for one in report.gaps:
                yield from self.judged(one)
        yield Heading(self.t("drill.by_objective"))
        yield self.objectives()
        yield Text(self.t("drill.ratings_mean"), muted=True)
        opened = [one for one in self.view.actions if one.run_id == self.view.run.id]
        if opened:
            yield Heading(self.t("drill.plan"))
            yield self.plan()
        yield from report_pdf.parts(self.view, self.locale, self.t)
        yield Heading(self.t("drill.timeline"))
        yield self.timeline()

    def judged(self, one: Judged) -> Iterator[Part]:
        yield Text(one.decision.title.in_(self.locale))
        is_mine = self.view.is_mine and self.view.room is None
        yield Text(f"{self.t('drill.mine' if is_mine else 'drill.taken')} {self.mine(one)}")
        if one.mine.reason is not None:
            yield Text(markdown.plain(one.mine.reason.in_(self.locale)), muted=True)
        if one.is_best:  # a facilitator rated it lower: the group's part says why
            return
        yield Text(f"{self.t('drill.better')} {one.best.text.in_(self.locale)}")
        if one.best.reason is not None:
            yield Text(markdown.plain(one.best.reason.in_(self.locale)), muted=True)

    def objectives(self) -> Grid:
        rows = [
            (
                one.objective.title.in_(self.locale)
                + (self.t("drill.critical") if one.objective.critical else ""),
                self.rating(one.rating) + (self.t("drill.capped") if one.is_capped else ""),
                str(one.decisions or "—"),
            )
            for one in self.report.objectives
        ]
        head = [self.t(f"drill.{key}") for key in ("objective", "rating", "decisions")]
        return Grid(head, rows, "llr", (5, 4, 1.2))

    def plan(self) -> Grid:
        """What is to be done, by whom and until when; a group wrote down what, itself."""
        rows: list[tuple[str, ...]] = []
        for action in self.view.actions:
            if action.run_id != self.view.run.id:
                continue
            course = self.courses.get(action.course_id)
            objective = self.report.drill.objective(action.objective).title.in_(self.locale)
            due = dates.day(action.due_on, self.locale, self.zone)
            if self.view.room is not None:
                rows.append((action.text, action.owner, due, objective))
            else:
                title = course.title.in_(self.locale) if course is not None else "—"
                rows.append((objective, action.owner, due, title))
        head = [self.t(f"drill.{key}") for key in ("objective", "who", "until", "course")]
        if self.view.room is not None:
            head = [self.t("tabletop.plan_text"), *head[1:3], head[0]]
        return Grid(head, rows, "llll", (4, 1.5, 2, 3))

    def timeline(self) -> Grid:
        rows = [self.moment(one) for one in self.report.moments]
        head = [self.t("drill.time"), self.t("drill.what")]
        return Grid(head, rows, "ll", (1, 8))

    def moment(self, moment: Moment) -> tuple[str, str]:
        time = f"T+{moment.clock:.0f}"
        if moment.scene is not None:
            return time, self.t("drill.scene", title=moment.scene.title.in_(self.locale))
        if moment.inject is not None:
            inject = moment.inject.inject
            text = inject.text.in_(self.locale)
            return time, text if inject.is_plain else markdown.plain(text)
        if moment.ending is not None:
            return time, self.t("drill.ending", title=moment.ending.title.in_(self.locale))
        assert moment.judged is not None  # exactly one of the four is set
        one = moment.judged
        return time, f"{one.decision.title.in_(self.locale)} → {self.mine(one)}"

    def mine(self, one: Judged) -> str:
        late = self.t("drill.by_clock") if one.taken.by_clock else ""
        return f"{one.mine.text.in_(self.locale)}{late} — {self.rating(one.rating)}"

    def rating(self, rating: Rating | None) -> str:
        if rating is None:
            return self.t("drill.not_met")
        return f"{self.t(f'drill.rating_{rating}')} ({rating})"

    def t(self, key: str, **args: object) -> str:
        return translate(self.locale, key, **args)
