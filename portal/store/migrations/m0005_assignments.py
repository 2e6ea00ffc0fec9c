"""Who must learn what by when: assignments, obligations, reminders."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0005_assignments(db: SqliteUtils) -> None:
    """Assignments with their items, the obligations they make, exceptions, reminders, e-mail."""
    run(
        db,
        # where reminders go; nobody has to have one
        "ALTER TABLE people ADD COLUMN email TEXT",
        # unit_id is the reach: nobody outside its subtree is ever matched (NULL: everywhere);
        # audience, due and recurrence are JSON of core.audience and core.due;
        # sync_after: NULL is in step, else people up to this id have been dealt with
        """
        CREATE TABLE assignments (
            id INTEGER PRIMARY KEY,
            unit_id INTEGER REFERENCES units (id),
            title TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            audience TEXT NOT NULL,
            due TEXT NOT NULL,
            recurrence TEXT NOT NULL,
            required INTEGER NOT NULL CHECK (required IN (0, 1)),
            credit_earlier INTEGER NOT NULL DEFAULT 1 CHECK (credit_earlier IN (0, 1)),
            starts_on TEXT NOT NULL,
            created_by INTEGER REFERENCES people (id),
            created_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            ended_at TEXT,
            sync_after INTEGER
        ) STRICT
        """,
        "CREATE INDEX assignments_active ON assignments (id) WHERE ended_at IS NULL",
        """
        CREATE TABLE assignment_items (
            assignment_id INTEGER NOT NULL REFERENCES assignments (id),
            position INTEGER NOT NULL,
            item_kind TEXT NOT NULL CHECK (item_kind IN ('course', 'quiz', 'drill')),
            item_id TEXT NOT NULL,
            PRIMARY KEY (assignment_id, position),
            UNIQUE (assignment_id, item_kind, item_id)
        ) STRICT, WITHOUT ROWID
        """,
        # one row a person, assignment, item and cycle; dates are days where the portal is.
        # due_on is what holds: extended_to when there is an extension, else ruled_due_on.
        # next_on is the day on which a finished cycle is followed by another
        """
        CREATE TABLE obligations (
            id INTEGER PRIMARY KEY,
            assignment_id INTEGER NOT NULL REFERENCES assignments (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            item_kind TEXT NOT NULL CHECK (item_kind IN ('course', 'quiz', 'drill')),
            item_id TEXT NOT NULL,
            cycle TEXT NOT NULL,
            began_on TEXT NOT NULL,
            due_on TEXT,
            ruled_due_on TEXT,
            extended_to TEXT,
            required INTEGER NOT NULL CHECK (required IN (0, 1)),
            unit_id INTEGER REFERENCES units (id),
            done_at TEXT,
            exempted_at TEXT,
            withdrawn_at TEXT,
            next_on TEXT,
            UNIQUE (assignment_id, person_id, item_kind, item_id, cycle)
        ) STRICT
        """,
        # what a person still has to do: every look at home, every pass
        """
        CREATE INDEX obligations_open ON obligations (person_id)
        WHERE done_at IS NULL AND exempted_at IS NULL AND withdrawn_at IS NULL
        """,
        "CREATE INDEX obligations_person ON obligations (person_id)",
        "CREATE INDEX obligations_unit ON obligations (unit_id, due_on)",
        "CREATE INDEX obligations_next ON obligations (next_on) WHERE next_on IS NOT NULL",
        # why somebody has more time or is let off, and who decided it; the newest counts
        """
        CREATE TABLE obligation_decisions (
            id INTEGER PRIMARY KEY,
            obligation_id INTEGER NOT NULL REFERENCES obligations (id),
            kind TEXT NOT NULL CHECK (kind IN ('extend', 'exempt', 'restore')),
            due_on TEXT,
            reason TEXT NOT NULL,
            decided_by INTEGER NOT NULL REFERENCES people (id),
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX obligation_decisions_of ON obligation_decisions (obligation_id, id)",
        *append_only("obligation_decisions"),
        # day is the local day: nobody is reminded of the same obligation twice a day and channel
        """
        CREATE TABLE reminders (
            id INTEGER PRIMARY KEY,
            obligation_id INTEGER NOT NULL REFERENCES obligations (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            channel TEXT NOT NULL CHECK (channel IN ('portal', 'mail')),
            day TEXT NOT NULL,
            at TEXT NOT NULL,
            sent_by INTEGER REFERENCES people (id),
            failure TEXT
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX reminders_once ON reminders (obligation_id, channel, day)
        WHERE failure IS NULL
        """,
        "CREATE INDEX reminders_person ON reminders (person_id, at)",
        # the weekly digest to managers; week is the ISO week "2026-W48"
        """
        CREATE TABLE digests (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            week TEXT NOT NULL,
            at TEXT NOT NULL,
            failure TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX digests_once ON digests (person_id, week) WHERE failure IS NULL",
    )
