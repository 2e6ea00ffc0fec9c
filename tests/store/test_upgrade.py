"""Upgrading: data survives, a backup is there, one process does it, a newer file is refused."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlite_utils import Database as SqliteUtils

from portal.store import migrations as schema
from portal.store.backup import NewerSchema
from portal.store.database import Database, migrate
from portal.store.locks import DatabaseInUse

NAMES = [one.name for one in schema.migrations.pending(SqliteUtils(memory=True))]


@pytest.fixture
def old(tmp_path):
    """A database that has only the first migration, and data."""
    path = tmp_path / "data" / "portal.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        schema.migrations.apply(SqliteUtils(raw), stop_before="m0002_learning")
        raw.execute(
            """
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (7, 'B-0007', 'li.min', '李敏', '2026-11-22T06:03:07.250Z')
            """
        )
    return path


def test_a_new_database_gets_every_migration(tmp_path):
    path = tmp_path / "made" / "on" / "the" / "way" / "portal.db"
    assert migrate(path) == NAMES
    assert migrate(path) == []
    assert not (path.parent / "backups").exists()


def test_every_migration_has_a_number_of_its_own():
    numbers = [name.split("_")[0] for name in NAMES]
    assert numbers == sorted(set(numbers))


def test_an_old_database_is_brought_up_behind_a_backup(old):
    assert migrate(old) == NAMES[1:]
    db = Database(old)
    with db.read() as c:
        assert c.value("SELECT name FROM people WHERE id = 7") == "李敏"
        assert c.value("SELECT COUNT(*) FROM attempts") == 0
    db.close()
    [backup] = (old.parent / "backups").iterdir()
    assert backup.name.startswith("portal-before-m0002_learning-")
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT name FROM people").fetchall() == [("李敏",)]
        assert not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'attempts'").fetchall()


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    def m0003_broken(db):
        db.execute("CREATE TABLE half (id INTEGER)")
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(schema.migrations, "_migrations", [*schema.migrations._migrations])
        schema.migrations()(m0003_broken)
        with pytest.raises(ZeroDivisionError):
            migrate(old)
    with closing(sqlite3.connect(old)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert "attempts" in tables  # the one before stands
    assert "half" not in tables
    assert migrate(old) == []


def test_processes_that_start_together_migrate_once(old):
    with ThreadPoolExecutor(4) as starters:
        applied = list(starters.map(migrate, [old] * 4))
    assert sorted(applied) == [[], [], [], NAMES[1:]]
    assert len(list((old.parent / "backups").iterdir())) == 1


def test_an_upgrade_waits_for_no_server_but_refuses(old):
    serving = Database(old)
    with pytest.raises(DatabaseInUse, match="stop every server"):
        migrate(old)
    serving.close()
    assert migrate(old) == NAMES[1:]


def test_nothing_to_do_is_fine_while_another_process_serves(tmp_path):
    path = tmp_path / "portal.db"
    migrate(path)
    serving = Database(path)
    assert migrate(path) == []
    serving.close()


def test_a_newer_database_is_refused(tmp_path):
    path = tmp_path / "portal.db"
    migrate(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            """
            INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
            VALUES ('portal', 'm9999_from_the_future', '2030')
            """
        )
    with pytest.raises(NewerSchema, match="m9999_from_the_future"):
        migrate(path)
