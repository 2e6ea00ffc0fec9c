"""Courses, content versions, progress, attempts, the answer log, summaries."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0002_learning(db: SqliteUtils) -> None:
    """Content as people met it, progress, attempts, the append-only answer log, marks."""
    run(
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
        *append_only("answer_log"),
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
        *append_only("marks"),
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
