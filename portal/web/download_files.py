"""Every file that ``/download/<name>`` offers, by name: the one place to register another."""

from __future__ import annotations

from collections.abc import Mapping

from portal.actions import badges
from portal.web import (
    certificate_files,
    drill_files,
    inspection_pack,
    once,
    question_files,
    report_files,
    roster_files,
    transcript_files,
)
from portal.web.downloads import Make

_SHEETS = ("units", "months", "people", "overdue", "expiring", "courses", "questions", "gain")

FILES: Mapping[str, Make] = {
    "inspection": inspection_pack.pack,
    "once": once.take,
    "roster-template": roster_files.template,
    "unit_report": report_files.unit_report,
    "question_bank": question_files.questions,
    **{name: report_files.spreadsheet(name) for name in _SHEETS},
    "badge": lambda portal, person, query: badges.file_of(
        portal, person, query.get("id", ""), query.get("form", "json")
    ),
    "certificate": certificate_files.certificate,
    "drill-report": drill_files.report,
    "transcript": transcript_files.transcript,
}
