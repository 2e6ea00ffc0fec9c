"""Statutes as they were last seen, what changed in them, what cites them; imported texts."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0111_law(db: SqliteUtils) -> None:
    """Changes of statutes with the places that cite them, their reviews, and statute texts."""
    run(
        db,
        # one row a statute: the version in force when the registry was last looked at; inserted
        # and deleted are JSON lists of articles
        """
        CREATE TABLE law_statutes (
            title TEXT PRIMARY KEY,
            short TEXT NOT NULL,
            version TEXT NOT NULL,
            effective TEXT NOT NULL,
            articles INTEGER NOT NULL,
            inserted TEXT NOT NULL,
            deleted TEXT NOT NULL,
            in_force INTEGER NOT NULL CHECK (in_force IN (0, 1)),
            replaced_by TEXT NOT NULL,
            seen_at TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE law_changes (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('amended', 'repealed', 'corrected')),
            title TEXT NOT NULL,
            short TEXT NOT NULL,
            old_version TEXT NOT NULL,
            old_effective TEXT NOT NULL,
            old_articles INTEGER NOT NULL,
            new_short TEXT NOT NULL,
            new_version TEXT NOT NULL,
            new_effective TEXT NOT NULL,
            new_articles INTEGER NOT NULL,
            noticed_at TEXT NOT NULL
        ) STRICT
        """,
        # what cited the statute when the change was noticed; articles is a JSON list, version the
        # hash of the content then
        """
        CREATE TABLE law_places (
            change_id INTEGER NOT NULL REFERENCES law_changes (id),
            kind TEXT NOT NULL CHECK (kind IN ('course', 'module', 'question', 'drill')),
            content_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            title TEXT NOT NULL,
            title_en TEXT,
            articles TEXT NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (change_id, kind, content_id)
        ) STRICT, WITHOUT ROWID
        """,
        # judgements are added, never overwritten: the newest of a place counts
        """
        CREATE TABLE law_reviews (
            id INTEGER PRIMARY KEY,
            change_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            content_id TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('unchanged', 'changed', 'open')),
            reason TEXT NOT NULL,
            reviewer_id INTEGER NOT NULL REFERENCES people (id),
            at TEXT NOT NULL,
            FOREIGN KEY (change_id, kind, content_id)
                REFERENCES law_places (change_id, kind, content_id)
        ) STRICT
        """,
        "CREATE INDEX law_reviews_place ON law_reviews (change_id, kind, content_id, id)",
        *append_only("law_reviews"),
        """
        CREATE TABLE law_refreshers (
            change_id INTEGER NOT NULL REFERENCES law_changes (id),
            course_id TEXT NOT NULL,
            assignment_id INTEGER NOT NULL REFERENCES assignments (id),
            PRIMARY KEY (change_id, course_id, assignment_id)
        ) STRICT, WITHOUT ROWID
        """,
        # official texts that an operator imported, one a version of a statute
        """
        CREATE TABLE statute_texts (
            id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            short TEXT NOT NULL,
            effective TEXT NOT NULL,
            source TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            imported_at TEXT NOT NULL,
            UNIQUE (title, effective)
        ) STRICT
        """,
        # heading is a JSON list: part, chapter, section that the article stands in
        """
        CREATE TABLE statute_articles (
            id INTEGER PRIMARY KEY,
            text_id INTEGER NOT NULL REFERENCES statute_texts (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            article TEXT NOT NULL,
            heading TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (text_id, article),
            UNIQUE (text_id, position)
        ) STRICT
        """,
        # pairs of Chinese characters, as the search over courses has them; rowid is the article's
        """
        CREATE VIRTUAL TABLE statute_tokens
        USING fts5(tokens, tokenize='unicode61 remove_diacritics 2')
        """,
    )
