"""Changes to the content that are being written, reviewed and published in the browser."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0010_content_changes(db: SqliteUtils) -> None:
    """Changes with their drafts, saves and reviews; every published version of a file."""
    run(
        db,
        # one open change a course: what belongs together is reviewed and published together
        """
        CREATE TABLE content_changes (
            id INTEGER PRIMARY KEY,
            course TEXT NOT NULL,
            state TEXT NOT NULL CHECK (
                state IN ('draft', 'review', 'returned', 'approved', 'published', 'dropped')
            ),
            note TEXT NOT NULL DEFAULT '',
            opened_by INTEGER NOT NULL REFERENCES people (id),
            opened_at TEXT NOT NULL,
            submitted_by INTEGER REFERENCES people (id),
            submitted_at TEXT,
            closed_by INTEGER REFERENCES people (id),
            closed_at TEXT
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX content_changes_open ON content_changes (course)
        WHERE closed_at IS NULL
        """,
        "CREATE INDEX content_changes_course ON content_changes (course, id)",
        """
        CREATE TABLE content_change_authors (
            change_id INTEGER NOT NULL REFERENCES content_changes (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            first_at TEXT NOT NULL,
            PRIMARY KEY (change_id, person_id)
        ) STRICT
        """,
        # base_*: the file as it was when the draft began, NULL where there was none; exactly one of
        # text and asset is there unless the file is to be deleted
        """
        CREATE TABLE content_drafts (
            id INTEGER PRIMARY KEY,
            change_id INTEGER NOT NULL REFERENCES content_changes (id),
            path TEXT NOT NULL,
            deed TEXT NOT NULL CHECK (deed IN ('write', 'delete')),
            base_sha256 TEXT,
            base_text TEXT,
            text TEXT,
            asset BLOB,
            rev INTEGER NOT NULL DEFAULT 1,
            saved_by INTEGER NOT NULL REFERENCES people (id),
            saved_at TEXT NOT NULL,
            UNIQUE (change_id, path)
        ) STRICT
        """,
        # recent saves, and those that were not taken because somebody else had saved meanwhile
        """
        CREATE TABLE content_draft_saves (
            id INTEGER PRIMARY KEY,
            draft_id INTEGER NOT NULL REFERENCES content_drafts (id) ON DELETE CASCADE,
            rev INTEGER NOT NULL,
            accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
            text TEXT NOT NULL,
            saved_by INTEGER NOT NULL REFERENCES people (id),
            saved_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX content_draft_saves_draft ON content_draft_saves (draft_id, accepted, rev)",
        # digest: of every draft of the change as the reviewer saw it
        """
        CREATE TABLE content_reviews (
            id INTEGER PRIMARY KEY,
            change_id INTEGER NOT NULL REFERENCES content_changes (id),
            reviewer_id INTEGER NOT NULL REFERENCES people (id),
            verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'returned')),
            comment TEXT NOT NULL,
            digest TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX content_reviews_change ON content_reviews (change_id, id)",
        *append_only("content_reviews"),
        # every version of a file that was published here, and the ones found before it (by
        # 'outside'); text is NULL where the file was deleted
        """
        CREATE TABLE content_revisions (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            course TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('portal', 'outside')),
            sha256 TEXT,
            text TEXT,
            change_id INTEGER REFERENCES content_changes (id),
            note TEXT NOT NULL DEFAULT '',
            author_id INTEGER REFERENCES people (id),
            reviewer_id INTEGER REFERENCES people (id),
            published_by INTEGER REFERENCES people (id),
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX content_revisions_path ON content_revisions (path, id)",
        *append_only("content_revisions"),
        # what the Git repository said to a publication; commit_id is NULL where it failed
        """
        CREATE TABLE content_commits (
            id INTEGER PRIMARY KEY,
            change_id INTEGER NOT NULL REFERENCES content_changes (id),
            commit_id TEXT,
            detail TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX content_commits_change ON content_commits (change_id)",
    )
