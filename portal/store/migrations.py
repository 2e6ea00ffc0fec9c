"""The schema, as an append-only list of migrations.

A migration that has been released is never edited: a later one changes what it made. Each runs
in its own transaction. Times are UTC in ISO 8601 with milliseconds and ``Z``
(``2026-11-22T06:03:07.250Z``), so that they sort as text. The SQL keeps to what SQLite and
PostgreSQL share, apart from ``STRICT`` and triggers.
"""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils
from sqlite_utils.migrations import Migrations

migrations = Migrations("portal")


@migrations()
def m0001_people(db: SqliteUtils) -> None:
    """Units, people, postings with history, roles, sessions, sign-in throttling."""
    _run(
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
        *_append_only("audit"),
    )


@migrations()
def m0002_learning(db: SqliteUtils) -> None:
    """Content as people met it, progress, attempts, the append-only answer log, marks."""
    _run(
        db,
        # the catalogue's facts that reports join with; kept in step when content is loaded
        """
        CREATE TABLE courses (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            title_en TEXT,
            capability TEXT NOT NULL,
            level INTEGER NOT NULL,
            hours REAL NOT NULL,
            offered INTEGER NOT NULL CHECK (offered IN (0, 1))
        ) STRICT
        """,
        """
        CREATE TABLE course_posts (
            course_id TEXT NOT NULL REFERENCES courses (id),
            post TEXT NOT NULL,
            PRIMARY KEY (course_id, post)
        ) STRICT
        """,
        # every version of a question, quiz or module that anybody has met; body is canonical JSON
        """
        CREATE TABLE content_versions (
            version TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('question', 'quiz', 'module')),
            content_id TEXT NOT NULL,
            body TEXT NOT NULL,
            first_met_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX content_versions_id ON content_versions (kind, content_id)",
        """
        CREATE TABLE course_progress (
            person_id INTEGER NOT NULL REFERENCES people (id),
            course_id TEXT NOT NULL,
            unit_id INTEGER REFERENCES units (id),
            started_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            completed_at TEXT,
            completed_version TEXT,
            hours REAL NOT NULL DEFAULT 0,
            PRIMARY KEY (person_id, course_id)
        ) STRICT
        """,
        "CREATE INDEX course_progress_course ON course_progress (course_id, completed_at)",
        """
        CREATE TABLE module_progress (
            person_id INTEGER NOT NULL REFERENCES people (id),
            module_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            version TEXT NOT NULL,
            section TEXT NOT NULL,
            sections_seen TEXT NOT NULL DEFAULT '[]',
            started_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            completed_at TEXT,
            PRIMARY KEY (person_id, module_id)
        ) STRICT
        """,
        "CREATE INDEX module_progress_course ON module_progress (person_id, course_id)",
        # quiz_id is the quiz or exam, or the module whose checkpoints are answered;
        # unit_id is the unit at the time, where the result counts for ever
        """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            unit_id INTEGER REFERENCES units (id),
            kind TEXT NOT NULL CHECK (kind IN ('quiz', 'exam', 'checkpoint')),
            quiz_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            version TEXT NOT NULL,
            number INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            pass_mark REAL NOT NULL,
            opened_at TEXT NOT NULL,
            deadline_at TEXT,
            submitted_at TEXT,
            closed_by TEXT CHECK (closed_by IN ('person', 'clock')),
            score REAL,
            max_score REAL,
            passed INTEGER CHECK (passed IN (0, 1)),
            UNIQUE (person_id, quiz_id, number)
        ) STRICT
        """,
        # at most one open attempt a person and quiz, even after a double click
        """
        CREATE UNIQUE INDEX attempts_open ON attempts (person_id, quiz_id)
        WHERE submitted_at IS NULL
        """,
        "CREATE INDEX attempts_quiz ON attempts (quiz_id, submitted_at)",
        "CREATE INDEX attempts_unit ON attempts (unit_id, submitted_at)",
        "CREATE INDEX attempts_deadline ON attempts (deadline_at) WHERE submitted_at IS NULL",
        """
        CREATE TABLE attempt_items (
            attempt_id INTEGER NOT NULL REFERENCES attempts (id),
            position INTEGER NOT NULL,
            question_id TEXT NOT NULL,
            version TEXT NOT NULL REFERENCES content_versions (version),
            points REAL NOT NULL,
            option_order TEXT NOT NULL,
            PRIMARY KEY (attempt_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        # the one place where an answer lives: never updated, never deleted
        """
        CREATE TABLE answer_log (
            id INTEGER PRIMARY KEY,
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('answer', 'hint', 'check')),
            response TEXT NOT NULL,
            at TEXT NOT NULL,
            FOREIGN KEY (attempt_id, position) REFERENCES attempt_items (attempt_id, position)
        ) STRICT
        """,
        "CREATE INDEX answer_log_item ON answer_log (attempt_id, position, kind, id)",
        *_append_only("answer_log"),
        # marks are added, never overwritten: the newest of an item counts
        """
        CREATE TABLE marks (
            id INTEGER PRIMARY KEY,
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            score REAL,
            max_score REAL NOT NULL,
            marker_id INTEGER REFERENCES people (id),
            reason TEXT NOT NULL,
            at TEXT NOT NULL,
            FOREIGN KEY (attempt_id, position) REFERENCES attempt_items (attempt_id, position)
        ) STRICT
        """,
        "CREATE INDEX marks_item ON marks (attempt_id, position, id)",
        *_append_only("marks"),
        # summaries, kept inside the transactions that change them
        """
        CREATE TABLE unit_months (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            month TEXT NOT NULL,
            course_id TEXT NOT NULL,
            started INTEGER NOT NULL DEFAULT 0,
            completed INTEGER NOT NULL DEFAULT 0,
            submitted INTEGER NOT NULL DEFAULT 0,
            passed INTEGER NOT NULL DEFAULT 0,
            hours REAL NOT NULL DEFAULT 0,
            PRIMARY KEY (unit_id, month, course_id)
        ) STRICT, WITHOUT ROWID
        """,
        # first attempts only, as item statistics define facility
        """
        CREATE TABLE unit_items (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            question_id TEXT NOT NULL,
            version TEXT NOT NULL,
            answered INTEGER NOT NULL DEFAULT 0,
            fraction_sum REAL NOT NULL DEFAULT 0,
            PRIMARY KEY (unit_id, question_id, version)
        ) STRICT, WITHOUT ROWID
        """,
    )


@migrations()
def m0003_learning_extras(db: SqliteUtils) -> None:
    """Since when a course is offered, where a completion counts, which sign-in gave an answer."""
    _run(
        db,
        "ALTER TABLE courses ADD COLUMN first_offered_at TEXT",
        # unit_id is the unit at the start; people move between start and completion
        "ALTER TABLE course_progress ADD COLUMN completed_unit_id INTEGER REFERENCES units (id)",
        # a course that expires counts from its renewal; completed_at stays the first completion
        "ALTER TABLE course_progress ADD COLUMN renewed_at TEXT",
        # who failed what how often: a manager asks for it over everybody
        "CREATE INDEX attempts_failed ON attempts (person_id, quiz_id) WHERE passed = 0",
        # a mark of the sign-in, so that a page can tell its own answers from another device's
        "ALTER TABLE answer_log ADD COLUMN device TEXT NOT NULL DEFAULT ''",
    )


def _append_only(table: str) -> tuple[str, str]:
    """Triggers that refuse to change or remove a row of ``table``."""
    return tuple(  # type: ignore[return-value]
        f"""
        CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN
            SELECT RAISE(ABORT, '{table} is append-only');
        END
        """
        for verb in ("UPDATE", "DELETE")
    )


def _run(db: SqliteUtils, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
