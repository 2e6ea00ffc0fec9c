"""Every version of a content file that was published here, kept for ever.

Where somebody changed a file with an editor or Git meanwhile, the version that was found is kept
too (``source`` "outside") before the next one takes its place.
"""

from __future__ import annotations

from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row


def add(
    c: Connection,
    *,
    path: str,
    course: str,
    source: str,
    sha256: str | None,
    text: str | None,
    at: datetime,
    change_id: int | None = None,
    note: str = "",
    author_id: int | None = None,
    reviewer_id: int | None = None,
    published_by: int | None = None,
) -> int:
    """Keep one version; return its id. ``text`` is None where the file was deleted."""
    return c.insert(
        """
        INSERT INTO content_revisions (
            path, course, source, sha256, text, change_id, note,
            author_id, reviewer_id, published_by, at
        )
        VALUES (
            :path, :course, :source, :sha256, :text, :change_id, :note,
            :author_id, :reviewer_id, :published_by, :at
        )
        RETURNING id
        """,
        path=path,
        course=course,
        source=source,
        sha256=sha256,
        text=text,
        change_id=change_id,
        note=note,
        author_id=author_id,
        reviewer_id=reviewer_id,
        published_by=published_by,
        at=iso(at),
    )


def latest_sha256(c: Connection, path: str) -> str | None:
    """The hash of the newest version that is kept; None when there is none, or it was deleted."""
    found = c.value(
        "SELECT sha256 FROM content_revisions WHERE path = :path ORDER BY id DESC LIMIT 1",
        path=path,
    )
    return None if found is None else str(found)


def count(c: Connection, path: str) -> int:
    """How many versions of ``path`` are kept."""
    return int(c.value("SELECT count(*) FROM content_revisions WHERE path = :path", path=path) or 0)


def of_path(c: Connection, path: str, limit: int = 20, offset: int = 0) -> list[Row]:
    """Versions of one file, newest first, without texts: id, source, sha256, note, author,
    reviewer, publisher (names), at, commit_id, deleted (0 or 1)."""
    return c.all(
        """
        SELECT
            r.id,
            r.source,
            r.sha256,
            r.note,
            a.name AS author,
            v.name AS reviewer,
            b.name AS publisher,
            r.at,
            (
                SELECT g.commit_id FROM content_commits AS g
                WHERE g.change_id = r.change_id AND g.commit_id IS NOT NULL
                LIMIT 1
            ) AS commit_id,
            CASE WHEN r.sha256 IS NULL THEN 1 ELSE 0 END AS deleted
        FROM content_revisions AS r
        LEFT JOIN people AS a ON a.id = r.author_id
        LEFT JOIN people AS v ON v.id = r.reviewer_id
        LEFT JOIN people AS b ON b.id = r.published_by
        WHERE r.path = :path
        ORDER BY r.id DESC
        LIMIT :limit OFFSET :offset
        """,
        path=path,
        limit=limit,
        offset=offset,
    )


def find(c: Connection, revision_id: int) -> Row | None:
    """One version: id, path, course, sha256, text, at."""
    return c.one(
        """
        SELECT id, path, course, sha256, text, at
        FROM content_revisions
        WHERE id = :revision_id
        """,
        revision_id=revision_id,
    )


def before(c: Connection, path: str, revision_id: int) -> Row | None:
    """The version of ``path`` before that one: id, sha256, text."""
    return c.one(
        """
        SELECT id, sha256, text
        FROM content_revisions
        WHERE path = :path AND id < :revision_id
        ORDER BY id DESC
        LIMIT 1
        """,
        path=path,
        revision_id=revision_id,
    )
