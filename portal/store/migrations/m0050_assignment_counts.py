"""Figures of assignments for pages over everybody; what a look at everybody is for."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0050_assignment_counts(db: SqliteUtils) -> None:
    """How many obligations a unit has by assignment and day, and which have had a next cycle."""
    run(
        db,
        # a finished cycle that a later one has followed: history, no part of the present state
        """
        ALTER TABLE obligations ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0
        CHECK (superseded IN (0, 1))
        """,
        # whether everybody is looked at because the terms changed (days are set anew) or only
        # because people did
        """
        ALTER TABLE assignments ADD COLUMN sync_terms INTEGER NOT NULL DEFAULT 0
        CHECK (sync_terms IN (0, 1))
        """,
        # asked: present and not withdrawn; overdue are asked - done - exempted with due_on < today;
        # due_on '' is no day
        """
        CREATE TABLE obligation_counts (
            assignment_id INTEGER NOT NULL REFERENCES assignments (id),
            unit_id INTEGER NOT NULL REFERENCES units (id),
            required INTEGER NOT NULL CHECK (required IN (0, 1)),
            due_on TEXT NOT NULL,
            asked INTEGER NOT NULL DEFAULT 0,
            done INTEGER NOT NULL DEFAULT 0,
            exempted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (assignment_id, unit_id, required, due_on)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX obligation_counts_unit ON obligation_counts (unit_id)",
        # the people of one assignment, the most urgent first
        "CREATE INDEX obligations_assignment ON obligations (assignment_id, due_on, id)",
        # who is late or soon due in a unit
        """
        CREATE INDEX obligations_due ON obligations (unit_id, due_on)
        WHERE done_at IS NULL AND exempted_at IS NULL AND withdrawn_at IS NULL
        """,
    )
