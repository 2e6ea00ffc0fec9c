"""Making reports: for a page, or to be taken away."""

from __future__ import annotations

from collections.abc import Sequence

from portal.actions import audit, permission
from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.actions.reports.ask import Ask
from portal.actions.reports.definitions import REPORTS
from portal.actions.reports.scope import Scope, asked_unit, get_unit
from portal.actions.unit_standing import catch_up
from portal.core.people import Person
from portal.core.report_table import Table, make_table


def run(portal: Portal, actor: Person, name: str, ask: Ask) -> Table:
    """The report ``name``.

    Raises NotAllowed (also for an unknown report), or Refused ``error.report_day``.
    """
    return run_all(portal, actor, (name,), ask)[name]


def run_all(portal: Portal, actor: Person, names: Sequence[str], ask: Ask) -> dict[str, Table]:
    """Several reports over one unit and day, from one snapshot, by name. Raises like ``run``."""
    reports = [REPORTS[name] for name in names if name in REPORTS]
    if not reports or len(reports) < len(names):
        raise NotAllowed
    unit_id = asked_unit(actor, ask.unit_id)
    catch_up(portal)
    with permission.read(portal, actor, reports[0].action, permission.unit(unit_id)) as conn:
        for report in reports[1:]:
            permission.require(conn, actor, report.action, permission.unit(unit_id))
        unit = get_unit(conn, unit_id)
        scope = Scope(conn, portal, actor, unit, ask, with_months="months" in names)
        return {
            report.name: make_table(report.name, report.columns, report.make(scope))
            for report in reports
        }


def export(portal: Portal, actor: Person, name: str, ask: Ask, form: str) -> Table:
    """The same to be taken away as ``form`` (xlsx, csv): that it was is noted in the log."""
    table = run(portal, actor, name, ask)
    note_export(portal, actor, name, ask, form, len(table.rows))
    return table


def subject(portal: Portal, actor: Person, name: str, ask: Ask) -> tuple[str, str]:
    """The unit's name in the reader's language and the day of a report. Raises like ``run``."""
    if name not in REPORTS:
        raise NotAllowed
    unit_id = asked_unit(actor, ask.unit_id)
    with permission.read(portal, actor, REPORTS[name].action, permission.unit(unit_id)) as conn:
        scope = Scope(conn, portal, actor, get_unit(conn, unit_id), ask)
        return scope.name_of(scope.unit), scope.day


def note_export(
    portal: Portal, actor: Person, name: str, ask: Ask, form: str, rows: int, **more: object
) -> None:
    """Note in the audit log that ``actor`` took a report away."""
    day: dict[str, object] = {"day": ask.day} if ask.day else {}
    with portal.db.write(bump=False) as conn:
        audit.note(
            portal,
            conn,
            actor,
            "exported",
            f"unit:{asked_unit(actor, ask.unit_id)}",
            report=name,
            form=form,
            rows=rows,
            **day,
            **more,
        )
