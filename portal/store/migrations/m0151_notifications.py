"""What a person is told until it is opened."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0151_notifications(db: SqliteUtils) -> None:
    """One row a person and matter; the question reports' own mark was never used."""
    run(
        db,
        # about: id of an attempt (essay, appeal) or of a question report
        """
        CREATE TABLE notifications (
            person_id INTEGER NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL CHECK (kind IN ('essay', 'appeal', 'report')),
            about INTEGER NOT NULL,
            at TEXT NOT NULL,
            opened_at TEXT,
            PRIMARY KEY (person_id, kind, about)
        ) STRICT, WITHOUT ROWID
        """,
        # asked at every look at the first page: holds only what is not opened yet
        """
        CREATE INDEX notifications_unopened ON notifications (person_id, at)
        WHERE opened_at IS NULL
        """,
    )
