"""What the step to several postings and a sealed log makes of data that was there before."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database as SqliteUtils

from portal.core.audit_chain import walk
from portal.store import audit
from portal.store import migrations as schema
from portal.store.database import Database, migrate


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "portal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        schema.migrations.apply(SqliteUtils(raw), stop_before="m0004_organisation")
        raw.executescript(
            """
            INSERT INTO units (id, path, kind, name) VALUES (1, '/1/', 'city', '市');
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (1, '1', 'a', 'A', '2026'), (2, '2', 'b', 'B', '2026');
            INSERT INTO postings (id, person_id, unit_id, post, began_at, ended_at) VALUES
                (1, 1, 1, 'grid', '2025', '2026'), (2, 1, 1, 'mediator', '2025', '2026'),
                (3, 1, 1, 'grid', '2026', NULL), (4, 1, 1, 'mediator', '2026', NULL),
                (5, 2, 1, 'grid', '2026', '2026'), (6, 2, 1, 'grid', '2026', NULL);
            INSERT INTO audit (id, at, actor_id, action, target, detail, address) VALUES
                (1, '2026-01', 1, 'sign_in', '', '{"method": "密码"}', '10.0.0.7'),
                (2, '2026-02', NULL, 'set_up', 'person:1', '{}', '');
            """
        )
    return path


def test_the_first_of_several_posts_becomes_the_main_one(old):
    migrate(old)
    with closing(sqlite3.connect(old)) as raw:
        found = raw.execute("SELECT id FROM postings WHERE main = 1 ORDER BY id").fetchall()
        assert [row[0] for row in found] == [1, 3, 5, 6]
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute("UPDATE postings SET main = 1 WHERE id = 4")


def test_entries_of_the_log_are_sealed_and_stay_append_only(old):
    migrate(old)
    db = Database(old)
    with db.read() as c:
        [done, _] = walk([audit.sealed(c, 0, 100)])
    db.close()
    assert (done.entries, done.wrong) == (2, 0)
    with closing(sqlite3.connect(old)) as raw:
        for change in ("UPDATE audit SET seal = ''", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(change)
