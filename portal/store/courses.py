"""The catalogue's facts that reports join with: which courses there are, and for whom.

A course that is no longer offered keeps its row: progress and months hang on it.
"""

from __future__ import annotations

from datetime import datetime

from portal.core.catalogue import Catalogue
from portal.core.times import iso, parse_iso
from portal.store.database import Connection

_SYNCED = "catalogue.synced"


def synced_fingerprint(conn: Connection) -> str | None:
    """Fingerprint of the catalogue that the tables show."""
    fingerprint: str | None = conn.value("SELECT value FROM settings WHERE key = :key", key=_SYNCED)
    return fingerprint


def sync(conn: Connection, catalogue: Catalogue, now: datetime) -> None:
    """Make the tables show ``catalogue``."""
    conn.many(
        """
        INSERT INTO courses (
            id, title, title_en, capability, level, hours, offered, first_offered_at
        ) VALUES (:id, :title, :title_en, :capability, :level, :hours, 1, :now)
        ON CONFLICT (id) DO UPDATE
        SET title = excluded.title,
            title_en = excluded.title_en,
            capability = excluded.capability,
            level = excluded.level,
            hours = excluded.hours,
            offered = 1,
            first_offered_at = COALESCE(courses.first_offered_at, excluded.first_offered_at)
        """,
        [
            {
                "id": course.id,
                "title": course.title.zh,
                "title_en": course.title.en,
                "capability": course.capability,
                "level": course.level,
                "hours": course.hours,
                "now": iso(now),
            }
            for course in catalogue.courses.values()
        ],
    )
    known = {row["id"] for row in conn.all("SELECT id FROM courses WHERE offered = 1")}
    conn.many(
        "UPDATE courses SET offered = 0 WHERE id = :id",
        [{"id": course_id} for course_id in sorted(known - set(catalogue.courses))],
    )
    conn.run("DELETE FROM course_posts")
    conn.many(
        "INSERT INTO course_posts (course_id, post) VALUES (:course_id, :post)",
        [
            {"course_id": course.id, "post": post}
            for course in catalogue.courses.values()
            for post in sorted(set(course.posts))
        ],
    )
    conn.run(
        """
        INSERT INTO settings (key, value) VALUES (:key, :value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """,
        key=_SYNCED,
        value=catalogue.fingerprint,
    )


def offered_since(conn: Connection, since: datetime) -> dict[str, datetime]:
    """Courses first offered at ``since`` or later, by id."""
    rows = conn.all(
        "SELECT id, first_offered_at FROM courses WHERE offered = 1 AND first_offered_at >= :since",
        since=iso(since),
    )
    return {row["id"]: parse_iso(row["first_offered_at"]) for row in rows}


def titles(conn: Connection) -> dict[str, tuple[str, str | None]]:
    """(Chinese, English) titles of every course there ever was, by id."""
    rows = conn.all("SELECT id, title, title_en FROM courses")
    return {row["id"]: (row["title"], row["title_en"]) for row in rows}
