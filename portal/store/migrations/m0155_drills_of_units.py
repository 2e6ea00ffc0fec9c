"""An index that leads from a unit to the drills that its people took part in."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0155_drills_of_units(db: SqliteUtils) -> None:
    """Inspection packs list them, wherever the run was begun."""
    run(db, "CREATE INDEX drill_participants_unit ON drill_participants (unit_id)")
