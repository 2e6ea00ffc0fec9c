"""Item statistics as sums of what was answered, and reports that a question is wrong."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0009_items(db: SqliteUtils) -> None:
    """The queue of attempts to count, joint distributions a question, totals a quiz, reports."""
    run(
        db,
        # submitted first attempts that the distributions below do not hold yet; one that waits for
        # an essay's mark is looked at again when due
        """
        CREATE TABLE item_pending (
            attempt_id INTEGER PRIMARY KEY REFERENCES attempts (id),
            due_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX item_pending_due ON item_pending (due_at, attempt_id)",
        """
        INSERT INTO item_pending (attempt_id, due_at)
        SELECT id, submitted_at FROM attempts
        WHERE number = 1 AND kind <> 'checkpoint' AND submitted_at IS NOT NULL
        """,
        # how many persons had this mark on the question and this rest score, both in millionths of
        # a point: every classical statistic follows from it
        """
        CREATE TABLE item_marks (
            quiz_id TEXT NOT NULL,
            quiz_version TEXT NOT NULL,
            question_id TEXT NOT NULL,
            version TEXT NOT NULL,
            max_mark REAL NOT NULL,
            mark INTEGER NOT NULL,
            rest INTEGER NOT NULL,
            persons INTEGER NOT NULL,
            PRIMARY KEY (quiz_id, quiz_version, question_id, version, max_mark, mark, rest)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX item_marks_question ON item_marks (question_id, version)",
        """
        CREATE TABLE item_totals (
            quiz_id TEXT NOT NULL,
            quiz_version TEXT NOT NULL,
            total INTEGER NOT NULL,
            persons INTEGER NOT NULL,
            PRIMARY KEY (quiz_id, quiz_version, total)
        ) STRICT, WITHOUT ROWID
        """,
        # answers by how able the person was before. measure: 'ability' (bins of a tenth of the
        # latent scale) or 'rest' (bins of a twentieth of the rest score's share); choice: position
        # of a chosen option, -1 for everybody who met the question
        """
        CREATE TABLE item_choices (
            question_id TEXT NOT NULL,
            version TEXT NOT NULL,
            measure TEXT NOT NULL CHECK (measure IN ('ability', 'rest')),
            choice INTEGER NOT NULL,
            bin INTEGER NOT NULL,
            persons INTEGER NOT NULL,
            fraction_sum REAL NOT NULL,
            ability_sum REAL NOT NULL,
            ability_squares REAL NOT NULL,
            fraction_squares REAL NOT NULL,
            product_sum REAL NOT NULL,
            PRIMARY KEY (question_id, version, measure, choice, bin)
        ) STRICT, WITHOUT ROWID
        """,
        # "this question is wrong", by staff: one open report a person and question
        """
        CREATE TABLE question_reports (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            question_id TEXT NOT NULL,
            version TEXT NOT NULL,
            reason TEXT NOT NULL,
            text TEXT NOT NULL,
            at TEXT NOT NULL,
            answered_at TEXT,
            answered_by INTEGER REFERENCES people (id),
            outcome TEXT CHECK (outcome IN ('mended', 'stands', 'retired')),
            answer TEXT,
            seen_at TEXT
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX question_reports_open ON question_reports (person_id, question_id)
        WHERE answered_at IS NULL
        """,
        "CREATE INDEX question_reports_queue ON question_reports (answered_at, id)",
        "CREATE INDEX question_reports_person ON question_reports (person_id, at)",
        "CREATE INDEX question_reports_question ON question_reports (question_id)",
    )
