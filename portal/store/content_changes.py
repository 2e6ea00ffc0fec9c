"""Changes to a course that are not published yet: who wrote them, how far they are.

A course has at most one open change (a unique index sees to it); everything in it is reviewed
and published together.
"""

from __future__ import annotations

from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

_CHANGE = """
    SELECT
        ch.id,
        ch.course,
        ch.state,
        ch.note,
        ch.opened_by,
        ch.opened_at,
        ch.submitted_by,
        p.name AS submitted_by_name,
        ch.submitted_at,
        ch.closed_at
    FROM content_changes AS ch
    LEFT JOIN people AS p ON p.id = ch.submitted_by
"""


def open_change(c: Connection, course: str, person_id: int, at: datetime) -> int:
    """Begin a change of ``course``, which must have no open one; return its id."""
    return c.insert(
        """
        INSERT INTO content_changes (course, state, opened_by, opened_at)
        VALUES (:course, 'draft', :person_id, :at)
        RETURNING id
        """,
        course=course,
        person_id=person_id,
        at=iso(at),
    )


def find_open(c: Connection, course: str) -> Row | None:
    """The open change of ``course``: id, course, state, note, opened_*, submitted_*, closed_at."""
    return c.one(f"{_CHANGE} WHERE ch.course = :course AND ch.closed_at IS NULL", course=course)


def find_change(c: Connection, change_id: int) -> Row | None:
    """One change, open or closed, with the same columns."""
    return c.one(f"{_CHANGE} WHERE ch.id = :change_id", change_id=change_id)


def list_open(c: Connection) -> list[Row]:
    """All open changes, those that wait for a reviewer first, then by course."""
    return c.all(
        f"""
        {_CHANGE}
        WHERE ch.closed_at IS NULL
        ORDER BY CASE ch.state WHEN 'review' THEN 0 ELSE 1 END, ch.course
        """
    )


def add_author(c: Connection, change_id: int, person_id: int, at: datetime) -> None:
    """Note that the person wrote something in the change."""
    c.run(
        """
        INSERT INTO content_change_authors (change_id, person_id, first_at)
        VALUES (:change_id, :person_id, :at)
        ON CONFLICT (change_id, person_id) DO NOTHING
        """,
        change_id=change_id,
        person_id=person_id,
        at=iso(at),
    )


def authors(c: Connection, change_id: int) -> list[Row]:
    """Who wrote in the change, in order of their first words: id, name, login."""
    return c.all(
        """
        SELECT p.id, p.name, p.login
        FROM content_change_authors AS a
        JOIN people AS p ON p.id = a.person_id
        WHERE a.change_id = :change_id
        ORDER BY a.first_at, p.id
        """,
        change_id=change_id,
    )


def set_state(c: Connection, change_id: int, state: str) -> None:
    """Move an open change to ``state``."""
    c.run(
        "UPDATE content_changes SET state = :state WHERE id = :change_id",
        state=state,
        change_id=change_id,
    )


def submit(c: Connection, change_id: int, person_id: int, note: str, at: datetime) -> None:
    """Hand the change to a reviewer, with words about what it does."""
    c.run(
        """
        UPDATE content_changes
        SET state = 'review', note = :note, submitted_by = :person_id, submitted_at = :at
        WHERE id = :change_id
        """,
        change_id=change_id,
        person_id=person_id,
        note=note,
        at=iso(at),
    )


def close(c: Connection, change_id: int, state: str, person_id: int, at: datetime) -> None:
    """End a change: ``published`` or ``dropped``."""
    c.run(
        """
        UPDATE content_changes
        SET state = :state, closed_by = :person_id, closed_at = :at
        WHERE id = :change_id
        """,
        change_id=change_id,
        state=state,
        person_id=person_id,
        at=iso(at),
    )


def add_review(
    c: Connection,
    change_id: int,
    reviewer_id: int,
    verdict: str,
    comment: str,
    digest: str,
    at: datetime,
) -> None:
    """Keep what a reviewer said; ``digest`` is of the drafts as they were then."""
    c.run(
        """
        INSERT INTO content_reviews (change_id, reviewer_id, verdict, comment, digest, at)
        VALUES (:change_id, :reviewer_id, :verdict, :comment, :digest, :at)
        """,
        change_id=change_id,
        reviewer_id=reviewer_id,
        verdict=verdict,
        comment=comment,
        digest=digest,
        at=iso(at),
    )


def reviews(c: Connection, change_id: int) -> list[Row]:
    """What reviewers said, newest first: reviewer_id, name, verdict, comment, digest, at."""
    return c.all(
        """
        SELECT r.reviewer_id, p.name, r.verdict, r.comment, r.digest, r.at
        FROM content_reviews AS r
        JOIN people AS p ON p.id = r.reviewer_id
        WHERE r.change_id = :change_id
        ORDER BY r.id DESC
        """,
        change_id=change_id,
    )


def add_commit(
    c: Connection, change_id: int, commit_id: str | None, detail: str, at: datetime
) -> None:
    """Keep what Git answered to a publication; no ``commit_id`` where it refused."""
    c.run(
        """
        INSERT INTO content_commits (change_id, commit_id, detail, at)
        VALUES (:change_id, :commit_id, :detail, :at)
        """,
        change_id=change_id,
        commit_id=commit_id,
        detail=detail,
        at=iso(at),
    )
