"""Group tabletops: a room beside its run, wrong codes, owners of a group's actions."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0013_tabletop(db: SqliteUtils) -> None:
    """The room is what the events of its run come to, so that looking costs one small row."""
    run(
        db,
        # a run of kind 'group' and its room are one; number is that of the newest event,
        # seen_by_all of the newest that changes what participants see, due_at when the clock acts
        """
        CREATE TABLE drill_rooms (
            run_id INTEGER PRIMARY KEY REFERENCES drill_runs (id),
            code TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            phase TEXT NOT NULL CHECK (phase IN ('lobby', 'play', 'wash', 'closed')),
            number INTEGER NOT NULL,
            seen_by_all INTEGER NOT NULL,
            due_at TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX drill_rooms_code ON drill_rooms (code) WHERE phase <> 'closed'",
        # codes that opened nothing, so that guessing gets slow; not a record
        """
        CREATE TABLE drill_code_misses (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            address TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX drill_code_misses_at ON drill_code_misses (at)",
        # an action of a group: person_id answers for it, owner_name is who does it where that is
        # nobody with an account; another tabletop of the same unit closes it
        "ALTER TABLE drill_actions ADD COLUMN owner_name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE drill_actions ADD COLUMN is_group INTEGER NOT NULL DEFAULT 0",
    )
