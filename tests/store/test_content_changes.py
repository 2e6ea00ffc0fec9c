"""What the tables promise about changes to the content, drafts and versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.times import iso
from portal.store import content_changes, content_drafts, content_revisions
from portal.store.database import Database, migrate
from tests.actions.sample import START


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    migrate(tmp_path / "portal.db")
    made = Database(tmp_path / "portal.db")
    with made.write() as conn:
        conn.run(
            """
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (1, '1', 'wang', '王', :at)
            """,
            at=iso(START),
        )
    yield made
    made.close()


def test_a_course_has_one_open_change(db: Database) -> None:
    with db.write() as c:
        first = content_changes.open_change(c, "fire", 1, START)
    with pytest.raises(sqlite3.IntegrityError), db.write() as c:
        content_changes.open_change(c, "fire", 1, START)
    with db.write() as c:
        content_changes.close(c, first, "published", 1, START)
        second = content_changes.open_change(c, "fire", 1, START)
        found = content_changes.find_open(c, "fire")
        assert found is not None and found["id"] == second


def test_recent_saves_are_kept_and_refused_ones_stay(db: Database) -> None:
    with db.write() as c:
        change = content_changes.open_change(c, "fire", 1, START)
        draft = content_drafts.add(c, change, "courses/fire/course.md", text="0", by=1, at=START)
        content_drafts.keep_save(c, draft, 1, "late", 1, START, accepted=False)
        for n in range(content_drafts.KEPT_SAVES + 5):
            rev = content_drafts.write(c, draft, text=str(n), by=1, at=START)
            content_drafts.keep_save(c, draft, rev, str(n), 1, START, accepted=True)
        newest = content_drafts.find(c, change, "courses/fire/course.md")
        assert newest is not None and content_drafts.text_at(c, draft, newest["rev"]) == "64"
        assert content_drafts.text_at(c, draft, 2) is None
        assert [row["text"] for row in content_drafts.saves(c, draft, accepted=False)] == ["late"]
        content_drafts.remove(c, draft)
        assert content_drafts.saves(c, draft, accepted=False) == []


def test_versions_and_reviews_are_never_changed(db: Database) -> None:
    with db.write() as c:
        change = content_changes.open_change(c, "fire", 1, START)
        content_changes.add_review(c, change, 1, "approved", "好", "d", START)
        content_revisions.add(
            c, path="p", course="fire", source="portal", sha256="a", text="一", at=START
        )
        content_revisions.add(
            c, path="p", course="fire", source="portal", sha256=None, text=None, at=START
        )
        assert content_revisions.latest_sha256(c, "p") is None
        newest, oldest = content_revisions.of_path(c, "p")
        assert (newest["deleted"], oldest["deleted"]) == (1, 0)
        before = content_revisions.before(c, "p", newest["id"])
        assert before is not None and before["text"] == "一"
    for statement in ("DELETE FROM content_revisions", "UPDATE content_reviews SET comment = ''"):
        with pytest.raises(sqlite3.IntegrityError), db.write() as c:
            c.run(statement)
