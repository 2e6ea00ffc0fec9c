"""The transcript of training hours as PDF and XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from portal.actions import transcripts
from portal.actions.errors import Refused
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.actions.transcripts import Transcript
from portal.core.certificates import shown
from portal.core.people import Person
from portal.core.report_table import NOTHING
from portal.exchange.pdf import PDF, Figures, Grid, Heading, Part, Text, to_pdf
from portal.exchange.sheets import XLSX, Sheet, to_xlsx
from portal.web import dates
from portal.web.text import translate

_FORMS = ("pdf", "xlsx")


def transcript(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``?p=<person id>&as=pdf|xlsx&from=<day>&to=<day>``, all of them optional.

    Raises NotAllowed; Refused ``error.report_query`` for an address that cannot be read.
    """
    form = query.get("as", "pdf")
    if form not in _FORMS:
        raise Refused("error.report_query", name="as")
    since, until = _day(query, "from"), _day(query, "to")
    if since and until and since > until:
        raise Refused("error.report_query", name="to")
    whose = _person(query)
    found = transcripts.take(portal, person, whose, since=since, until=until, form=form)
    document = _Document(portal, person.locale, found)
    return document.pdf() if form == "pdf" else document.xlsx()


# Private functions


def _day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(query[name]) if query.get(name) else None
    except ValueError:
        raise Refused("error.report_query", name=name) from None


def _person(query: Mapping[str, str]) -> int | None:
    asked = query.get("p", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Refused("error.report_query", name="p")
    return int(asked) if asked else None


class _Document:
    """The transcript set in one language."""

    def __init__(self, portal: Portal, locale: str, found: Transcript) -> None:
        self.portal, self.locale, self.found = portal, locale, found
        self.t = partial(translate, locale)
        self.title = self.t("transcript.title")
        self.name = f"{self.title} {found.name}"

    def pdf(self) -> File:
        made = dates.day_and_time(self.portal.now(), self.locale, self.portal.settings.tz)
        told = (self.found.name, self.found.staff_no, self.period())
        content = to_pdf(
            self.title,
            self.parts(),
            subtitle=" | ".join((*told, self.t("transcript.made", at=made))),
            footer=self.t("app.name"),
            pages=self.t("report.print.pages", n="{n}", of="{of}"),
        )
        return File(f"{self.name}.pdf", PDF, content)

    def parts(self) -> list[Part]:
        t, found = self.t, self.found
        totals = [
            (t("transcript.hours"), f"{found.hours:g}"),
            (t("transcript.courses"), f"{len(found.lines)}"),
        ]
        parts: list[Part] = [Figures(totals)]
        if not found.lines:
            return [*parts, Text(t("transcript.nothing"), muted=True)]
        rows = [
            [title, capability, dates.day(on, self.locale, ""), f"{hours:g}", number]
            for title, capability, on, hours, number in self.lines()
        ]
        parts += [
            Heading(t("transcript.completed")),
            Grid(self.headings(), rows, "lllrl", [2.8, 2, 2, 1.5, 3.3]),
        ]
        for key, lines in (("capability", self.by_capability()), ("year", self.by_year())):
            heads = [t(f"transcript.{key}"), t("transcript.courses"), t("transcript.hours")]
            cells = [[name, f"{count}", f"{hours:g}"] for name, count, hours in lines]
            parts += [Heading(t(f"transcript.by_{key}")), Grid(heads, cells, "lrr", [4, 2, 2])]
        return parts

    def xlsx(self) -> File:
        t, found = self.t, self.found
        facts = [
            [t("transcript.name"), found.name],
            [t("transcript.staff_no"), found.staff_no],
            [t("transcript.period"), self.period()],
        ]
        sheets = [
            Sheet(
                t("transcript.completed"),
                self.headings(),
                ["text", "text", "day", "hours", "text"],
                self.lines(),
            )
        ]
        for key, lines in (("capability", self.by_capability()), ("year", self.by_year())):
            heads = [t(f"transcript.{key}"), t("transcript.courses"), t("transcript.hours")]
            total = (t("transcript.total"), len(found.lines), found.hours)
            rows = [*lines, total]
            sheets.append(Sheet(t(f"transcript.by_{key}"), heads, ["text", "count", "hours"], rows))
        sheets.append(Sheet(t("transcript.about"), [self.title, ""], ["text", "text"], facts))
        content = to_xlsx(sheets, title=self.name, made_at=self.portal.now())
        return File(f"{self.name}.xlsx", XLSX, content)

    def headings(self) -> list[str]:
        keys = ("course", "capability", "day", "hours", "number")
        return [self.t(f"transcript.{key}") for key in keys]

    def lines(self) -> list[tuple[str, str, date, float, str]]:
        return [
            (
                line.title.in_(self.locale),
                line.capability.in_(self.locale) if line.capability else NOTHING,
                line.on,
                line.hours,
                shown(line.number) if line.number else NOTHING,
            )
            for line in self.found.lines
        ]

    def by_capability(self) -> list[tuple[str, int, float]]:
        return [
            (name.in_(self.locale) if name else NOTHING, count, hours)
            for name, count, hours in self.found.by_capability()
        ]

    def by_year(self) -> list[tuple[str, int, float]]:
        return [(f"{year}", count, hours) for year, count, hours in self.found.by_year()]

    def period(self) -> str:
        since, until = self.found.since, self.found.until
        if not since and not until:
            return self.t("transcript.ever")
        first, last = (dates.day(day, self.locale, "") if day else "" for day in (since, until))
        return f"{first}–{last}"
