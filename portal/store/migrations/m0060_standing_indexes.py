"""Indexes that hold all that a list or a count over a whole city looks at."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0060_standing_indexes(db: SqliteUtils) -> None:
    """Who needs help, and what is overdue, without a look at wide rows."""
    run(
        db,
        "DROP INDEX person_standing_unit",
        """
        CREATE INDEX person_standing_unit ON person_standing (
            unit_id, overdue_from, idle_from, waiting_from, failing, person_id
        )
        """,
        """
        CREATE INDEX obligations_overdue ON obligations (due_on, person_id)
        WHERE required = 1 AND done_at IS NULL AND exempted_at IS NULL AND withdrawn_at IS NULL
        """,
    )
