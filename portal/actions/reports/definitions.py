"""Every report: its columns, what one row means, and who may ask for it.

The words for a column stand in the locale files as ``report.column.<key>``, the title as
``report.<name>.title``, and what a row means as ``report.<name>.row``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.actions.reports import content_reports, person_reports, unit_reports
from portal.actions.reports.scope import Scope
from portal.core.report_table import Column
from portal.store.database import Row


@dataclass(frozen=True, slots=True)
class Report:
    """``make`` gives its rows. ``always_now``: a day in the past changes nothing."""

    name: str
    action: str
    columns: tuple[Column, ...]
    make: Callable[[Scope], list[Row]]
    always_now: bool = False


# obligations whose due day is over (due = done + overdue), the rate of those done and of those
# done in time; courses meant for the staff's posts, of those the completed; what happened
_FIGURES = (
    Column("staff", "count"),
    Column("due", "count"),
    Column("done", "count"),
    Column("overdue", "count"),
    Column("completion", "share"),
    Column("on_time", "share"),
    Column("course_rate", "share"),
    Column("submitted", "count"),
    Column("passed", "count"),
    Column("pass_rate", "share"),
    Column("completed", "count"),
    Column("hours", "hours"),
    Column("expiring", "count"),
)
_PERSON = (Column("name", "text"), Column("staff_no", "text"), Column("unit", "text"))

_ALL = (
    Report(
        "summary",
        "see_unit_results",
        (Column("unit", "text"), *_FIGURES, Column("help", "count")),
        unit_reports.summary,
    ),
    Report("units", "see_unit_results", (Column("unit", "text"), *_FIGURES), unit_reports.compared),
    Report("months", "see_unit_results", (Column("month", "text"), *_FIGURES), unit_reports.months),
    Report(
        "people",
        "see_unit_results",
        (
            *_PERSON,
            Column("posts", "text"),
            Column("meant", "count"),
            Column("completed", "count"),
            Column("hours", "hours"),
            Column("due", "count"),
            Column("done", "count"),
            Column("overdue", "count"),
            Column("seen", "day"),
        ),
        person_reports.people,
    ),
    Report(
        "people_count",
        "see_unit_results",
        (Column("people", "count"),),
        person_reports.count_people,
    ),
    Report(
        "overdue",
        "see_unit_results",
        (
            *_PERSON,
            Column("item", "text"),
            Column("assignment", "text"),
            Column("due_on", "day"),
            Column("late", "count"),
        ),
        person_reports.overdue,
    ),
    Report(
        "expiring",
        "see_unit_results",
        (*_PERSON, Column("course", "text"), Column("expires", "day"), Column("left", "count")),
        person_reports.expiring,
        always_now=True,
    ),
    Report("help", "see_unit_results", _PERSON, person_reports.needing_help, always_now=True),
    Report(
        "courses",
        "see_unit_results",
        (
            Column("course", "text"),
            Column("started", "count"),
            Column("completed", "count"),
            Column("finished", "share"),
            Column("submitted", "count"),
            Column("passed", "count"),
            Column("pass_rate", "share"),
            Column("hours", "hours"),
        ),
        content_reports.courses,
    ),
    Report(
        "questions",
        "see_item_statistics",
        (
            Column("question", "text"),
            Column("course", "text"),
            Column("answered", "count"),
            Column("facility", "share"),
        ),
        content_reports.questions,
        always_now=True,
    ),
    Report(
        "gain",
        "see_unit_results",
        (
            Column("quiz", "text"),
            Column("people", "count"),
            Column("first", "number"),
            Column("last", "number"),
            Column("gain", "number"),
            Column("low", "number"),
            Column("high", "number"),
        ),
        content_reports.gained,
        always_now=True,
    ),
)

REPORTS: Mapping[str, Report] = {report.name: report for report in _ALL}
