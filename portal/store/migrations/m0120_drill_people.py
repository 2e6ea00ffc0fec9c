"""How many people of a unit have finished a drill, counted when they do."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0120_drill_people(db: SqliteUtils) -> None:
    """A count beside the runs; rows with an empty drill stand for all drills together."""
    run(
        db,
        "ALTER TABLE unit_drills ADD COLUMN people INTEGER NOT NULL DEFAULT 0",
        """
        UPDATE unit_drills
        SET people = (
            SELECT COUNT(*) FROM unit_drill_people p
            WHERE p.unit_id = unit_drills.unit_id AND p.drill_id = unit_drills.drill_id
        )
        """,
    )
