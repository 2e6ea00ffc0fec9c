"""Evidence of capability: every counted response, and what is derived from it."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0007_capability(db: SqliteUtils) -> None:
    """The evidence log, corrections to it, states of persons and items, figures of units."""
    run(
        db,
        # one row a counted response, or a completed course (x to w are NULL then). A profile is the
        # fold of a person's rows in the order of (at, id); b and s2 are those of the item at the
        # time, mean and variance those of the person's capability before the response
        """
        CREATE TABLE evidence (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (
                kind IN (
                    'quiz', 'exam', 'checkpoint', 'placement', 'practice', 'drill', 'course'
                )
            ),
            source_id INTEGER,
            position INTEGER,
            course_id TEXT NOT NULL,
            content_id TEXT NOT NULL,
            item_id TEXT NOT NULL,
            version TEXT NOT NULL,
            capability TEXT NOT NULL,
            x REAL,
            c REAL,
            b REAL,
            s2 REAL,
            w REAL,
            gap_days REAL,
            mean REAL NOT NULL,
            variance REAL NOT NULL
        ) STRICT
        """,
        "CREATE INDEX evidence_person ON evidence (person_id, at)",
        "CREATE INDEX evidence_version ON evidence (version, id)",
        "CREATE INDEX evidence_source ON evidence (kind, source_id)",
        "CREATE INDEX evidence_course ON evidence (course_id, capability) WHERE kind = 'course'",
        *append_only("evidence"),
        # a mark or a decision that came later: the newest of a row counts; x NULL takes it out
        """
        CREATE TABLE evidence_corrections (
            id INTEGER PRIMARY KEY,
            evidence_id INTEGER NOT NULL REFERENCES evidence (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            x REAL,
            reason TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX evidence_corrections_row ON evidence_corrections (evidence_id, id)",
        "CREATE INDEX evidence_corrections_person ON evidence_corrections (person_id)",
        *append_only("evidence_corrections"),
        # filter: 6 means and the 21 covariances of the upper triangle, as little-endian doubles;
        # answers and practised: JSON arrays of six, in the order of core.capability.CAPABILITIES
        """
        CREATE TABLE capability_states (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            at TEXT NOT NULL,
            filter BLOB NOT NULL,
            answers TEXT NOT NULL,
            practised TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE capability_items (
            version TEXT PRIMARY KEY,
            item_id TEXT NOT NULL,
            b REAL NOT NULL,
            s2 REAL NOT NULL,
            answers INTEGER NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        # figures of a unit's subtree as of the last round; score to below are NULL where hidden
        """
        CREATE TABLE unit_capabilities (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            capability TEXT NOT NULL,
            members INTEGER NOT NULL,
            measured INTEGER NOT NULL,
            hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
            score REAL,
            variance REAL,
            needed REAL,
            below REAL,
            PRIMARY KEY (unit_id, capability)
        ) STRICT, WITHOUT ROWID
        """,
        # what a course moved among those of a unit's subtree who completed it
        """
        CREATE TABLE unit_course_effects (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            course_id TEXT NOT NULL,
            people INTEGER NOT NULL,
            before REAL NOT NULL,
            before_variance REAL NOT NULL,
            after REAL NOT NULL,
            after_variance REAL NOT NULL,
            PRIMARY KEY (unit_id, course_id)
        ) STRICT, WITHOUT ROWID
        """,
        # the right to question a profile: asked by the person, answered by an administrator
        """
        CREATE TABLE capability_questions (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            capability TEXT NOT NULL,
            text TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            answered_at TEXT,
            answered_by INTEGER REFERENCES people (id),
            outcome TEXT CHECK (outcome IN ('stands', 'corrected')),
            answer TEXT,
            seen_at TEXT
        ) STRICT
        """,
        "CREATE INDEX capability_questions_person ON capability_questions (person_id, id)",
        """
        CREATE INDEX capability_questions_open ON capability_questions (asked_at)
        WHERE answered_at IS NULL
        """,
    )
