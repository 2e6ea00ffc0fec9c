"""The inspection pack: who, which version, what score, when, by whom assigned; sealed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.actions import reports
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.actions.reports.inspection import inspection_records
from portal.core.certificates import shown as numbered
from portal.core.people import Person
from portal.core.report_table import text_of
from portal.core.times import parse_iso
from portal.exchange import packs
from portal.exchange.sheets import XLSX
from portal.web import dates
from portal.web.report_files import ask_of, local, notes_sheet
from portal.web.text import translate

COLUMNS = (
    "at", "kind", "staff_no", "name", "unit", "item", "item_id", "version", "score", "passed",
    "hours", "assignment", "assigned_by", "due_on", "certificate", "certificate_state",
)  # fmt: skip


def pack(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``?u=<unit>&from=<day>&d=<day>``: the pack of a unit's subtree, by default of a year."""
    ask, t = ask_of(query), partial(translate, person.locale)
    first, last, rows = inspection_records(portal, person, ask, query.get("from") or None)
    unit, _ = reports.subject(portal, person, "summary", ask)
    headings = [t(f"pack.column.{key}") for key in COLUMNS]
    texts = [_texts(portal, person.locale, row) for row in rows]
    seal = packs.sealed(headings, texts)
    facts = {
        "unit": unit,
        "day": f"{first} … {last}",
        "made": dates.day_and_time(portal.now(), person.locale, portal.settings.tz),
        "by": f"{person.name} ({person.staff_no})",
        "row": t("pack.row"),
    }
    notes = notes_sheet(
        person.locale, facts, [t("pack.check"), t("pack.version"), t("pack.certificate")]
    )
    name = f"{unit} {t('pack.title')} {first} {last}.xlsx"
    content = packs.write(t("pack.records"), headings, texts, notes, made_at=portal.now())
    reports.note_export(
        portal, person, "inspection", ask, "xlsx", len(rows), sha256=seal, first=first
    )
    return File(name, XLSX, content)


def _texts(portal: Portal, locale: str, row: Mapping[str, Any]) -> list[str]:
    percent = 100 * row["score"] / row["max_score"] if row["max_score"] else None
    passed = {1: "pack.is_passed", 0: "pack.is_failed"}.get(row["passed"])
    held = row["certificate"]
    shown = {
        **row,
        "certificate": numbered(held.certificate.number) if held else "",
        "certificate_state": translate(locale, f"verify.state.{held.state}") if held else "",
        "at": f"{local(portal, parse_iso(row['at'])):%Y-%m-%d %H:%M:%S}",
        "kind": translate(locale, f"pack.kind_{row['kind']}"),
        "score": "" if percent is None else text_of("number", round(percent, 1)),
        "passed": translate(locale, passed) if passed else "",
        "hours": "" if row["hours"] is None else text_of("hours", row["hours"]),
    }
    return ["" if shown[key] is None else str(shown[key]) for key in COLUMNS]
