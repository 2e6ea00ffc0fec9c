"""Reports as files: spreadsheets of any report, and the printable report of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from portal.actions import reports
from portal.actions.errors import Refused
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.actions.reports import Ask
from portal.core.people import Person
from portal.core.report_table import Table, text_of
from portal.exchange import pdf
from portal.exchange.sheets import CSV, XLSX, Sheet, to_csv, to_xlsx
from portal.web import dates
from portal.web.downloads import Make
from portal.web.text import translate

_PRINTED = ("summary", "units", "months", "overdue", "questions")
_MOST_PRINTED = {"overdue": 60, "questions": 10}
_FORMS = {"xlsx": XLSX, "csv": CSV}


def ask_of(query: Mapping[str, str]) -> Ask:
    """What an address asks for. Raises Refused ``error.report_query``."""
    unit = query.get("u", "")
    if unit and not (unit.isascii() and unit.isdigit() and len(unit) < 10):
        raise Refused("error.report_query", name="u")
    return Ask(
        unit_id=int(unit) if unit else None,
        day=query.get("d") or None,
        state=query.get("s", ""),
        post=query.get("post", "")[:60],
        query=query.get("q", "")[:50],
    )


def spreadsheet(name: str) -> Make:
    """The maker of the report ``name`` as XLSX or CSV (``?form=``)."""
    return partial(_spreadsheet, name)


def sheet_of(table: Table, locale: str) -> Sheet:
    """The report's rows with headings in the reader's language."""
    return Sheet(
        translate(locale, f"report.{table.name}.title"),
        [translate(locale, f"report.column.{column.key}") for column in table.columns],
        [column.kind for column in table.columns],
        [[row[column.key] for column in table.columns] for row in table.rows],
    )


def notes_sheet(locale: str, facts: Mapping[str, str], notes: list[str]) -> Sheet:
    """A sheet that says what the other ones are."""
    rows = [[translate(locale, f"report.note.{key}"), value] for key, value in facts.items()]
    rows += [["", note] for note in notes]
    title = translate(locale, "report.note.title")
    return Sheet(title, [title, ""], ["text", "text"], rows)


def unit_report(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """A unit's report to print, as PDF."""
    ask = ask_of(query)
    found = reports.run_all(portal, person, _PRINTED, ask)
    unit, day = reports.subject(portal, person, "summary", ask)
    locale = person.locale
    t = partial(translate, locale)
    shown_day = dates.day(date.fromisoformat(day), locale, portal.settings.tz)
    content = pdf.to_pdf(
        t("report.print.title", unit=unit),
        _parts(found, locale),
        subtitle=t("report.print.subtitle", day=shown_day, made=_made(portal, locale)),
        footer=t("app.name"),
        pages=t("report.print.pages", n="{n}", of="{of}"),
    )
    reports.note_export(portal, person, "unit_report", ask, "pdf", len(found["units"].rows))
    return File(f"{t('report.print.title', unit=unit)} {day}.pdf", pdf.PDF, content)


# Private functions


def _spreadsheet(name: str, portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    form = query.get("form", "xlsx")
    if form not in _FORMS:
        raise Refused("error.report_query", name="form")
    ask, locale = ask_of(query), person.locale
    unit, day = reports.subject(portal, person, name, ask)
    table = reports.export(portal, person, name, ask, form)
    sheet = sheet_of(table, locale)
    file_name = f"{unit} {sheet.name} {day}.{form}"
    if form == "csv":
        return File(file_name, CSV, to_csv(sheet))
    facts = {
        "report": sheet.name,
        "unit": unit,
        "day": day,
        "made": _made(portal, locale),
        "by": f"{person.name}（{person.staff_no}）" if locale == "zh" else person.name,
        "row": translate(locale, f"report.{name}.row"),
    }
    notes = [translate(locale, "report.note.small"), translate(locale, "report.note.rates")]
    sheets = [sheet, notes_sheet(locale, facts, notes)]
    return File(file_name, XLSX, to_xlsx(sheets, title=file_name, made_at=portal.now()))


def _made(portal: Portal, locale: str) -> str:
    return dates.day_and_time(portal.now(), locale, portal.settings.tz)


def local(portal: Portal, moment: datetime) -> datetime:
    """``moment`` on the clock of the portal, without a zone, as spreadsheets hold it."""
    return moment.astimezone(ZoneInfo(portal.settings.tz)).replace(tzinfo=None)


def _parts(found: Mapping[str, Table], locale: str) -> list[pdf.Part]:
    t = partial(translate, locale)
    total = found["summary"].rows[0]
    main = "completion" if total["due"] else "course_rate"

    def name(key: str) -> str:
        return t(f"report.column.{key}")

    def grid(table: Table, keys: tuple[str, ...], widths: list[float], most: int) -> pdf.Part:
        kinds = {column.key: column.kind for column in table.columns}
        rows = [[_cell(kinds[k], k, row[k], locale) for k in keys] for row in table.rows[:most]]
        aligned = "".join("l" if kinds[k] in ("text", "day") else "r" for k in keys)
        return pdf.Grid([name(k) for k in keys], rows, aligned, widths)

    summary = {column.key: column.kind for column in found["summary"].columns}
    figures = [(name(k), text_of(summary[k], total[k])) for k in (main, "overdue", "expiring")]
    parts: list[pdf.Part] = [
        pdf.Figures([(name("staff"), text_of("count", total["staff"])), *figures]),
        pdf.Text(t(f"overview.{main}_means"), muted=True),
    ]
    if found["units"].rows:
        bars = [(r["unit"], r[main], text_of("share", r[main])) for r in found["units"].rows]
        keys = ("unit", "staff", "overdue", "on_time", "pass_rate", "hours")
        parts += [
            pdf.Heading(f"{t('overview.children')} · {name(main)}"),
            pdf.Bars(bars),
            grid(found["units"], keys, [4, 1.4, 1.4, 1.6, 1.6, 1.6], 200),
            pdf.Text(t("report.note.small"), muted=True),
        ]
    keys = ("month", main, "pass_rate", "completed", "submitted", "hours")
    parts += [
        pdf.Heading(t("overview.months")),
        grid(found["months"], keys, [2, 2, 2, 1.5, 1.5, 1.5], 12),
    ]
    for key, columns, widths in (
        ("overdue", ("name", "unit", "item", "due_on", "late"), [1.6, 2.4, 3.4, 2, 1.2]),
        ("questions", ("question", "course", "answered", "facility"), [4, 3, 1.3, 1.5]),
    ):
        if found[key].rows:
            parts.append(pdf.Heading(t(f"report.{key}.title")))
            parts.append(grid(found[key], columns, widths, _MOST_PRINTED[key]))
            more = len(found[key].rows) - _MOST_PRINTED[key]
            if more > 0:
                parts.append(pdf.Text(t("report.print.more", n=more), muted=True))
    return parts


def _cell(kind: str, key: str, value: object, locale: str) -> str:
    if key == "month":
        return dates.month(str(value), locale)
    return text_of(kind, value)  # type: ignore[arg-type]
