"""What managers are told: reports over a unit's subtree, as at any day.

``definitions.REPORTS`` says of every report what one row means and what its columns are. A page
asks by ``run``, a download by ``export``: both read the same rows, rounded once, so that screen,
chart, table twin and file agree to the digit. Every report is asked for by somebody who may see
it. Groups of fewer than five people show no figures, nor do groups from which theirs would follow
(``core.suppression``).
"""

from __future__ import annotations

from portal.actions.reports.ask import Ask, checked_day
from portal.actions.reports.definitions import REPORTS
from portal.actions.reports.running import export, note_export, run, run_all, subject
from portal.actions.reports.scope import UnitView, find_unit
from portal.core.suppression import SMALL

__all__ = [
    "REPORTS",
    "SMALL",
    "Ask",
    "UnitView",
    "checked_day",
    "export",
    "find_unit",
    "note_export",
    "run",
    "run_all",
    "subject",
]
