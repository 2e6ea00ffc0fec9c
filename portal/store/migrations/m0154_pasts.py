"""What obligations were before they were changed, and when accounts were disabled for a while."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0154_pasts(db: SqliteUtils) -> None:
    """So that a past day shows what it showed then, whatever was decided later."""
    run(
        db,
        # what held at the end of the days from since_day ('' from the beginning) until before
        # until_day, on which it was changed; kept where a day that is over depends on it
        """
        CREATE TABLE obligation_pasts (
            obligation_id INTEGER NOT NULL REFERENCES obligations (id),
            until_day TEXT NOT NULL,
            since_day TEXT NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            began_on TEXT NOT NULL,
            due_on TEXT,
            required INTEGER NOT NULL CHECK (required IN (0, 1)),
            done_at TEXT,
            exempted_at TEXT,
            withdrawn_at TEXT,
            PRIMARY KEY (obligation_id, until_day)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX obligation_pasts_person ON obligation_pasts (person_id)",
        *append_only("obligation_pasts"),
        # accounts that were disabled and are enabled again; people.disabled_at is of the present
        """
        CREATE TABLE absences (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            began_at TEXT NOT NULL,
            ended_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX absences_person ON absences (person_id)",
        *append_only("absences"),
    )
