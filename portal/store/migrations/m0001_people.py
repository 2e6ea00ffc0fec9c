"""Units, people, postings, roles, sessions, the audit log."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0001_people(db: SqliteUtils) -> None:
    """Units, people, postings with history, roles, sessions, sign-in throttling."""
    run(
        db,
        """
        CREATE TABLE revision (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            number INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO revision (id, number) VALUES (1, 0)",
        """
        CREATE TABLE settings (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT
        """,
        # path is '/1/4/9/': every unit above and the unit itself, so a subtree is a prefix
        """
        CREATE TABLE units (
            id INTEGER PRIMARY KEY,
            parent_id INTEGER REFERENCES units (id),
            path TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('city', 'county', 'street', 'community', 'grid')),
            name TEXT NOT NULL,
            name_en TEXT,
            code TEXT UNIQUE,
            closed_at TEXT
        ) STRICT
        """,
        "CREATE INDEX units_parent ON units (parent_id)",
        """
        CREATE TABLE people (
            id INTEGER PRIMARY KEY,
            staff_no TEXT NOT NULL UNIQUE,
            login TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            password_hash TEXT,
            password_changed_at TEXT,
            must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
            locale TEXT NOT NULL DEFAULT 'zh' CHECK (locale IN ('zh', 'en')),
            created_at TEXT NOT NULL,
            disabled_at TEXT
        ) STRICT
        """,
        """
        CREATE TABLE password_history (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            password_hash TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX password_history_person ON password_history (person_id, id)",
        """
        CREATE TABLE identities (
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            linked_at TEXT NOT NULL,
            PRIMARY KEY (issuer, subject)
        ) STRICT
        """,
        # one row a stay: a transfer ends one and begins the next; ended_at NULL is the present post
        """
        CREATE TABLE postings (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            unit_id INTEGER NOT NULL REFERENCES units (id),
            post TEXT NOT NULL,
            began_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT
        """,
        "CREATE INDEX postings_person ON postings (person_id, ended_at)",
        "CREATE INDEX postings_unit ON postings (unit_id, ended_at)",
        # manager carries the unit whose subtree it covers; other roles cover everything they touch
        """
        CREATE TABLE role_grants (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            role TEXT NOT NULL CHECK (role IN ('trainer', 'manager', 'administrator', 'auditor')),
            unit_id INTEGER REFERENCES units (id),
            granted_at TEXT NOT NULL,
            granted_by INTEGER REFERENCES people (id),
            revoked_at TEXT,
            CHECK ((role = 'manager') = (unit_id IS NOT NULL))
        ) STRICT
        """,
        "CREATE INDEX role_grants_person ON role_grants (person_id, revoked_at)",
        # the same role twice would have to be taken away twice
        """
        CREATE UNIQUE INDEX role_grants_held
        ON role_grants (person_id, role, COALESCE(unit_id, 0)) WHERE revoked_at IS NULL
        """,
        """
        CREATE TABLE sessions (
            token_sha256 BLOB PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            method TEXT NOT NULL CHECK (method IN ('password', 'oidc', 'setup')),
            created_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            address TEXT NOT NULL,
            user_agent TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX sessions_person ON sessions (person_id)",
        # the login as a hash: people type their password into the wrong box
        """
        CREATE TABLE sign_in_failures (
            id INTEGER PRIMARY KEY,
            login_sha256 BLOB NOT NULL,
            address TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX sign_in_failures_login ON sign_in_failures (login_sha256, at)",
        "CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at)",
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor_id INTEGER REFERENCES people (id),
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL,
            address TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX audit_at ON audit (at)",
        "CREATE INDEX audit_actor ON audit (actor_id, action, at)",
        *append_only("audit"),
    )
