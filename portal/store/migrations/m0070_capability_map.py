"""Figures of units as they are: what is hidden depends on who reads them."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0070_capability_map(db: SqliteUtils) -> None:
    """Keep each unit's figures with the count that decides what is hidden from whom."""
    run(
        db,
        "DROP TABLE unit_capabilities",
        # of a unit's subtree as of the last round; own_measured: measured staff of the unit itself,
        # without those below it; needed is NULL where no post needs anything
        """
        CREATE TABLE unit_capabilities (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            capability TEXT NOT NULL,
            members INTEGER NOT NULL,
            measured INTEGER NOT NULL,
            own_measured INTEGER NOT NULL,
            score REAL NOT NULL,
            variance REAL NOT NULL,
            needed REAL,
            below REAL NOT NULL,
            PRIMARY KEY (unit_id, capability)
        ) STRICT, WITHOUT ROWID
        """,
        "ALTER TABLE unit_course_effects ADD COLUMN own_people INTEGER NOT NULL DEFAULT 0",
    )
