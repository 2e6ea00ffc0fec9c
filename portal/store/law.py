"""Statutes as last seen, their changes, the places that cited them, and judgements on these."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from portal.core.law_changes import Known, LawChange
from portal.core.law_places import LawPlace
from portal.core.times import iso
from portal.store.database import Connection, Row


def known(conn: Connection) -> dict[str, Known]:
    """Every statute as it was last seen, by title."""
    rows = conn.all(
        """
        SELECT title, short, version, effective, articles, inserted, deleted, in_force, replaced_by
        FROM law_statutes
        """
    )
    return {
        row["title"]: Known(
            **{
                **row,
                "inserted": tuple(json.loads(row["inserted"])),
                "deleted": tuple(json.loads(row["deleted"])),
                "in_force": bool(row["in_force"]),
            }
        )
        for row in rows
    }


def save_known(conn: Connection, statutes: Iterable[Known], at: datetime) -> None:
    """Remember these as seen; a statute that is not among them stays as it was."""
    conn.many(
        """
        INSERT INTO law_statutes (
            title, short, version, effective, articles, inserted, deleted, in_force, replaced_by,
            seen_at
        ) VALUES (
            :title, :short, :version, :effective, :articles, :inserted, :deleted, :in_force,
            :replaced_by, :at
        )
        ON CONFLICT (title) DO UPDATE
        SET short = excluded.short,
            version = excluded.version,
            effective = excluded.effective,
            articles = excluded.articles,
            inserted = excluded.inserted,
            deleted = excluded.deleted,
            in_force = excluded.in_force,
            replaced_by = excluded.replaced_by,
            seen_at = excluded.seen_at
        """,
        [
            {
                "title": one.title,
                "short": one.short,
                "version": one.version,
                "effective": one.effective,
                "articles": one.articles,
                "inserted": json.dumps(one.inserted),
                "deleted": json.dumps(one.deleted),
                "in_force": int(one.in_force),
                "replaced_by": one.replaced_by,
                "at": iso(at),
            }
            for one in statutes
        ],
    )


def forget_known(conn: Connection, titles: Iterable[str]) -> None:
    """Forget statutes that are not registered any more."""
    conn.many(
        "DELETE FROM law_statutes WHERE title = :title", [{"title": title} for title in titles]
    )


def add_change(
    conn: Connection,
    change: LawChange,
    places: Iterable[LawPlace],
    versions: Mapping[tuple[str, str], str],
    at: datetime,
) -> int:
    """Note a change with what cites the statute; ``versions`` by kind and id. Returns its id."""
    before, after = change.before, change.after
    change_id = conn.insert(
        """
        INSERT INTO law_changes (
            kind, title, short, old_version, old_effective, old_articles, new_short, new_version,
            new_effective, new_articles, noticed_at
        ) VALUES (
            :kind, :title, :short, :old_version, :old_effective, :old_articles, :new_short,
            :new_version, :new_effective, :new_articles, :at
        )
        RETURNING id
        """,
        kind=change.kind,
        title=before.title,
        short=before.short,
        old_version=before.version,
        old_effective=before.effective,
        old_articles=before.articles,
        new_short=after.short,
        new_version=after.version,
        new_effective=after.effective,
        new_articles=after.articles,
        at=iso(at),
    )
    conn.many(
        """
        INSERT INTO law_places (
            change_id, kind, content_id, course_id, title, title_en, articles, version
        ) VALUES (
            :change_id, :kind, :content_id, :course_id, :title, :title_en, :articles, :version
        )
        """,
        [
            {
                "change_id": change_id,
                "kind": one.kind,
                "content_id": one.id,
                "course_id": one.course,
                "title": one.title.zh,
                "title_en": one.title.en,
                "articles": json.dumps(one.articles),
                "version": versions.get((one.kind, one.id), ""),
            }
            for one in places
        ],
    )
    return change_id


def changes(conn: Connection) -> list[Row]:
    """Every change, the newest first, with the numbers of its places: ``places`` in all,
    ``judged`` of them."""
    return conn.all(
        """
        SELECT c.*,
               (SELECT COUNT(*) FROM law_places p WHERE p.change_id = c.id) AS places,
               (
                   SELECT COUNT(*) FROM law_places p
                   WHERE p.change_id = c.id AND (
                       SELECT r.verdict FROM law_reviews r
                       WHERE r.change_id = p.change_id AND r.kind = p.kind
                         AND r.content_id = p.content_id
                       ORDER BY r.id DESC
                       LIMIT 1
                   ) IN ('unchanged', 'changed')
               ) AS judged
        FROM law_changes c
        ORDER BY c.id DESC
        """
    )


def find_change(conn: Connection, change_id: int) -> Row | None:
    """One change; None when there is none."""
    return conn.one("SELECT * FROM law_changes WHERE id = :id", id=change_id)


def places(conn: Connection, change_id: int) -> list[Row]:
    """The places of a change by course, kind and id, with the newest judgement: ``verdict`` (None:
    nobody gave one), ``reason``, ``at``, ``reviewer``."""
    return conn.all(
        """
        SELECT p.kind, p.content_id, p.course_id, p.title, p.title_en, p.articles, p.version,
               r.verdict, r.reason, r.at, w.name AS reviewer
        FROM law_places p
        LEFT JOIN law_reviews r ON r.id = (
            SELECT MAX(n.id) FROM law_reviews n
            WHERE n.change_id = p.change_id AND n.kind = p.kind AND n.content_id = p.content_id
        )
        LEFT JOIN people w ON w.id = r.reviewer_id
        WHERE p.change_id = :change_id
        ORDER BY p.course_id, p.kind, p.content_id
        """,
        change_id=change_id,
    )


def add_reviews(
    conn: Connection,
    change_id: int,
    keys: Iterable[tuple[str, str]],
    verdict: str,
    reason: str,
    reviewer_id: int,
    at: datetime,
) -> None:
    """Add a judgement to each place (kind, id)."""
    conn.many(
        """
        INSERT INTO law_reviews (change_id, kind, content_id, verdict, reason, reviewer_id, at)
        VALUES (:change_id, :kind, :content_id, :verdict, :reason, :reviewer_id, :at)
        """,
        [
            {
                "change_id": change_id,
                "kind": kind,
                "content_id": content_id,
                "verdict": verdict,
                "reason": reason,
                "reviewer_id": reviewer_id,
                "at": iso(at),
            }
            for kind, content_id in keys
        ],
    )


def passed_by_unit(conn: Connection, course_id: str, before: datetime, path: str) -> list[Row]:
    """Who completed the course before a moment, counted by present unit in the subtree at
    ``path``: path, people. Disabled people are left out."""
    return conn.all(
        """
        SELECT u.path, COUNT(*) AS people
        FROM course_progress c
        CROSS JOIN postings s
        CROSS JOIN units u
        CROSS JOIN people p
        WHERE c.course_id = :course_id AND c.completed_at < :before
          AND s.person_id = c.person_id AND s.main = 1 AND s.ended_at IS NULL
          AND s.post <> 'trainer'
          AND u.id = s.unit_id AND u.path LIKE :path || '%'
          AND p.id = c.person_id AND p.disabled_at IS NULL
        GROUP BY u.path
        """,
        course_id=course_id,
        before=iso(before),
        path=path,
    )


def passed_people(
    conn: Connection, course_id: str, before: datetime, path: str, limit: int, offset: int
) -> list[Row]:
    """Those counted by ``passed_by_unit``, by unit and staff number: id, name, staff_no,
    unit_name, unit_name_en, completed_at."""
    return conn.all(
        """
        SELECT p.id, p.name, p.staff_no, u.name AS unit_name, u.name_en AS unit_name_en,
               c.completed_at
        FROM course_progress c
        CROSS JOIN postings s
        CROSS JOIN units u
        CROSS JOIN people p
        WHERE c.course_id = :course_id AND c.completed_at < :before
          AND s.person_id = c.person_id AND s.main = 1 AND s.ended_at IS NULL
          AND s.post <> 'trainer'
          AND u.id = s.unit_id AND u.path LIKE :path || '%'
          AND p.id = c.person_id AND p.disabled_at IS NULL
        ORDER BY u.path, p.staff_no
        LIMIT :limit OFFSET :offset
        """,
        course_id=course_id,
        before=iso(before),
        path=path,
        limit=limit,
        offset=offset,
    )


def add_refresher(conn: Connection, change_id: int, course_id: str, assignment_id: int) -> None:
    """Remember which assignment was made for a change."""
    conn.run(
        """
        INSERT INTO law_refreshers (change_id, course_id, assignment_id)
        VALUES (:change_id, :course_id, :assignment_id)
        """,
        change_id=change_id,
        course_id=course_id,
        assignment_id=assignment_id,
    )


def refreshers(conn: Connection, change_id: int) -> list[Row]:
    """Assignments made for a change: course_id, assignment_id, created_at, unit_id, ended_at."""
    return conn.all(
        """
        SELECT f.course_id, f.assignment_id, a.created_at, a.unit_id, a.ended_at
        FROM law_refreshers f
        JOIN assignments a ON a.id = f.assignment_id
        WHERE f.change_id = :change_id
        ORDER BY f.assignment_id
        """,
        change_id=change_id,
    )
