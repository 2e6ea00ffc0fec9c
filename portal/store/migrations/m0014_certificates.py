"""Certificates, what was decided about them, and completions that still lack theirs."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0014_certificates(db: SqliteUtils) -> None:
    """Issued once for each completion and renewal; earlier ones are queued, a round issues them."""
    run(
        db,
        # what was true then; signature is Ed25519 over all of it by the key key_id
        """
        CREATE TABLE certificates (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            person_id INTEGER NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL CHECK (kind IN ('completion', 'renewal')),
            course_id TEXT NOT NULL,
            course_version TEXT NOT NULL,
            title TEXT NOT NULL,
            title_en TEXT NOT NULL,
            name TEXT NOT NULL,
            unit_id INTEGER REFERENCES units (id),
            unit TEXT NOT NULL,
            unit_en TEXT NOT NULL,
            issuer TEXT NOT NULL,
            issuer_en TEXT NOT NULL,
            assignment_id INTEGER REFERENCES assignments (id),
            assignment TEXT NOT NULL,
            hours REAL NOT NULL,
            earned_at TEXT NOT NULL,
            valid_until TEXT,
            issued_at TEXT NOT NULL,
            key_id TEXT NOT NULL,
            signature TEXT NOT NULL,
            UNIQUE (person_id, course_id, earned_at)
        ) STRICT
        """,
        "CREATE INDEX certificates_unit ON certificates (unit_id, earned_at)",
        *append_only("certificates"),
        # the newest counts
        """
        CREATE TABLE certificate_decisions (
            id INTEGER PRIMARY KEY,
            certificate_id INTEGER NOT NULL REFERENCES certificates (id),
            kind TEXT NOT NULL CHECK (kind IN ('revoke', 'reinstate')),
            reason TEXT NOT NULL,
            decided_by INTEGER NOT NULL REFERENCES people (id),
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX certificate_decisions_of ON certificate_decisions (certificate_id, id)",
        *append_only("certificate_decisions"),
        # completions whose certificate is still to be issued
        """
        CREATE TABLE certificates_due (
            person_id INTEGER NOT NULL REFERENCES people (id),
            course_id TEXT NOT NULL,
            earned_at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('completion', 'renewal')),
            PRIMARY KEY (person_id, course_id, earned_at)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO certificates_due (person_id, course_id, earned_at, kind)
        SELECT person_id, course_id, completed_at, 'completion' FROM course_progress
        WHERE completed_at IS NOT NULL
        UNION ALL
        SELECT person_id, course_id, renewed_at, 'renewal' FROM course_progress
        WHERE completed_at IS NOT NULL AND renewed_at > completed_at
        """,
    )
