"""Practice sets with their own log, reviews and cards, days practised, leave, badges."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0008_practice(db: SqliteUtils) -> None:
    """What one practises alone: beside ``attempts``, so that no report ever counts it."""
    run(
        db,
        # a few cards of one day, or a placement; day is the day where the portal is
        """
        CREATE TABLE practice_sets (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL CHECK (kind IN ('daily', 'wrong', 'placement')),
            day TEXT NOT NULL,
            number INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            opened_at TEXT NOT NULL,
            finished_at TEXT,
            UNIQUE (person_id, kind, day, number)
        ) STRICT
        """,
        """
        CREATE TABLE practice_items (
            set_id INTEGER NOT NULL REFERENCES practice_sets (id),
            position INTEGER NOT NULL,
            question_id TEXT NOT NULL,
            version TEXT NOT NULL REFERENCES content_versions (version),
            option_order TEXT NOT NULL,
            PRIMARY KEY (set_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        # like answer_log: never updated, never deleted; the newest of its kind counts
        """
        CREATE TABLE practice_log (
            id INTEGER PRIMARY KEY,
            set_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('answer', 'hint', 'check', 'easy')),
            response TEXT NOT NULL,
            at TEXT NOT NULL,
            device TEXT NOT NULL DEFAULT '',
            FOREIGN KEY (set_id, position) REFERENCES practice_items (set_id, position)
        ) STRICT
        """,
        "CREATE INDEX practice_log_item ON practice_log (set_id, position, kind, id)",
        *append_only("practice_log"),
        # what the cards are worked out from: every answer that said something about memory.
        # law is the mark of the question's citations then; origin names where the answer stands
        """
        CREATE TABLE reviews (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            question_id TEXT NOT NULL,
            law TEXT NOT NULL,
            rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
            at TEXT NOT NULL,
            origin TEXT NOT NULL,
            UNIQUE (person_id, origin)
        ) STRICT
        """,
        "CREATE INDEX reviews_card ON reviews (person_id, question_id, id)",
        *append_only("reviews"),
        # summary of reviews: what FSRS remembers, and the book of wrong answers.
        # book counts the days on which it still has to be right, 0 when it is not in the book
        """
        CREATE TABLE review_cards (
            person_id INTEGER NOT NULL REFERENCES people (id),
            question_id TEXT NOT NULL,
            law TEXT NOT NULL,
            stability REAL NOT NULL,
            difficulty REAL NOT NULL,
            reviewed_at TEXT NOT NULL,
            due_at TEXT NOT NULL,
            book INTEGER NOT NULL DEFAULT 0,
            book_day TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (person_id, question_id)
        ) STRICT, WITHOUT ROWID
        """,
        # how far a person's attempts have been taken in: closed ones by id, checks by log row
        """
        CREATE TABLE reviews_taken (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            check_id INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        """
        CREATE TABLE reviews_taken_attempts (
            attempt_id INTEGER PRIMARY KEY REFERENCES attempts (id)
        ) STRICT
        """,
        """
        CREATE TABLE practice_days (
            person_id INTEGER NOT NULL REFERENCES people (id),
            day TEXT NOT NULL,
            cards INTEGER NOT NULL,
            counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
            PRIMARY KEY (person_id, day)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE leaves (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id),
            begins_on TEXT NOT NULL,
            ends_on TEXT NOT NULL,
            entered_at TEXT NOT NULL,
            withdrawn_at TEXT
        ) STRICT
        """,
        "CREATE INDEX leaves_person ON leaves (person_id, ends_on)",
        # code is what it was awarded for ("steady-4", "growth-law-3"); facts is JSON
        """
        CREATE TABLE badges (
            id INTEGER PRIMARY KEY,
            uuid TEXT NOT NULL UNIQUE,
            person_id INTEGER NOT NULL REFERENCES people (id),
            code TEXT NOT NULL,
            facts TEXT NOT NULL,
            salt TEXT NOT NULL,
            awarded_at TEXT NOT NULL,
            UNIQUE (person_id, code)
        ) STRICT
        """,
        *append_only("badges"),
        # a placement that was put aside counts as offered
        """
        CREATE TABLE placement_offers (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            skipped_at TEXT NOT NULL
        ) STRICT
        """,
    )
