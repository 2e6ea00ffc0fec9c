"""Decisions about edited questions, essays that wait for their marks, appeals against marks."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0011_marking(db: SqliteUtils) -> None:
    """Where a question was met, what was decided about it, and the queue of essays."""
    run(
        db,
        # who met a question: asked before a change of it is published
        """
        CREATE INDEX attempt_items_question
        ON attempt_items (question_id, version, attempt_id)
        """,
        # what becomes of the answers to old versions. waiting: to_version NULL for a regrade, until
        # the changed file is in service. cursor: id of the last attempt that was dealt with
        """
        CREATE TABLE question_decisions (
            id INTEGER PRIMARY KEY,
            question_id TEXT NOT NULL,
            deed TEXT NOT NULL CHECK (deed IN ('keep', 'regrade', 'void', 'undo')),
            undoes INTEGER REFERENCES question_decisions (id),
            undone_by INTEGER REFERENCES question_decisions (id),
            change_id INTEGER REFERENCES content_changes (id),
            to_version TEXT REFERENCES content_versions (version),
            take_passes INTEGER NOT NULL DEFAULT 0 CHECK (take_passes IN (0, 1)),
            reason TEXT NOT NULL,
            decided_by INTEGER NOT NULL REFERENCES people (id),
            decided_at TEXT NOT NULL,
            cursor INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            changed INTEGER NOT NULL DEFAULT 0,
            gained INTEGER NOT NULL DEFAULT 0,
            lost INTEGER NOT NULL DEFAULT 0,
            spared INTEGER NOT NULL DEFAULT 0,
            finished_at TEXT
        ) STRICT
        """,
        "CREATE INDEX question_decisions_question ON question_decisions (question_id, id)",
        """
        CREATE INDEX question_decisions_unfinished ON question_decisions (id)
        WHERE finished_at IS NULL
        """,
        # the versions whose answers a decision is about
        """
        CREATE TABLE question_decision_versions (
            version TEXT NOT NULL,
            decision_id INTEGER NOT NULL REFERENCES question_decisions (id),
            PRIMARY KEY (version, decision_id)
        ) STRICT, WITHOUT ROWID
        """,
        # chosen in the publish dialog; holds for this text of the question (digest) alone
        """
        CREATE TABLE content_choices (
            change_id INTEGER NOT NULL REFERENCES content_changes (id),
            question_id TEXT NOT NULL,
            digest TEXT NOT NULL,
            deed TEXT NOT NULL CHECK (deed IN ('keep', 'regrade', 'void')),
            take_passes INTEGER NOT NULL DEFAULT 0 CHECK (take_passes IN (0, 1)),
            reason TEXT NOT NULL,
            chosen_by INTEGER NOT NULL REFERENCES people (id),
            chosen_at TEXT NOT NULL,
            PRIMARY KEY (change_id, question_id)
        ) STRICT, WITHOUT ROWID
        """,
        # 'void': the item counts for nobody; 'restore': as the machine graded it
        """
        ALTER TABLE marks ADD COLUMN kind TEXT NOT NULL DEFAULT 'mark'
        CHECK (kind IN ('mark', 'regrade', 'void', 'restore'))
        """,
        "ALTER TABLE marks ADD COLUMN decision_id INTEGER REFERENCES question_decisions (id)",
        # one row an answered essay of a submitted attempt
        """
        CREATE TABLE essays (
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            quiz_id TEXT NOT NULL,
            question_id TEXT NOT NULL,
            version TEXT NOT NULL,
            handed_in_at TEXT NOT NULL,
            second INTEGER NOT NULL DEFAULT 0 CHECK (second IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'second', 'differ', 'marked')),
            held_by INTEGER REFERENCES people (id),
            held_until TEXT,
            marked_at TEXT,
            PRIMARY KEY (attempt_id, position),
            FOREIGN KEY (attempt_id, position) REFERENCES attempt_items (attempt_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX essays_queue ON essays (state, handed_in_at, attempt_id)",
        "CREATE INDEX essays_quiz ON essays (quiz_id, state, handed_in_at)",
        # every mark that a trainer gave, with its points by criterion (JSON list); added only
        """
        CREATE TABLE essay_marks (
            id INTEGER PRIMARY KEY,
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            marker_id INTEGER NOT NULL REFERENCES people (id),
            stage TEXT NOT NULL CHECK (stage IN ('first', 'second', 'settled', 'appeal')),
            points TEXT NOT NULL,
            comment TEXT NOT NULL,
            at TEXT NOT NULL,
            FOREIGN KEY (attempt_id, position) REFERENCES essays (attempt_id, position)
        ) STRICT
        """,
        "CREATE INDEX essay_marks_item ON essay_marks (attempt_id, position, id)",
        "CREATE INDEX essay_marks_marker ON essay_marks (marker_id, id)",
        *append_only("essay_marks"),
        """
        CREATE TABLE essay_drafts (
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            marker_id INTEGER NOT NULL REFERENCES people (id),
            points TEXT NOT NULL,
            comment TEXT NOT NULL,
            saved_at TEXT NOT NULL,
            PRIMARY KEY (attempt_id, position, marker_id)
        ) STRICT, WITHOUT ROWID
        """,
        # once an item
        """
        CREATE TABLE essay_appeals (
            attempt_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            reason TEXT NOT NULL,
            at TEXT NOT NULL,
            answered_by INTEGER REFERENCES people (id),
            answered_at TEXT,
            outcome TEXT CHECK (outcome IN ('changed', 'stands')),
            answer TEXT,
            PRIMARY KEY (attempt_id, position),
            FOREIGN KEY (attempt_id, position) REFERENCES essays (attempt_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX essay_appeals_queue ON essay_appeals (answered_at, at)",
    )
