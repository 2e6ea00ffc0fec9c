"""The schema, as an append-only list of migrations, a module each, in the order of their numbers.

A migration that has been released is never edited: a later one changes what it made. Each runs
in its own transaction. Times are UTC in ISO 8601 with milliseconds and ``Z``
(``2026-11-22T06:03:07.250Z``), so that they sort as text. The SQL keeps to what SQLite and
PostgreSQL share, apart from ``STRICT`` and triggers.
"""

from __future__ import annotations

import importlib
import pkgutil

from portal.store.migrations.statements import migrations

__all__ = ["migrations"]

for _name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    if _name.startswith("m0"):
        importlib.import_module(f"{__name__}.{_name}")
