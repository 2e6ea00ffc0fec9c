"""Backups: whole under writers, never half-written, and a way back that spoils nothing."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from portal.store.backup import BadBackup, NewerSchema, backup, backup_name, restore, verify
from portal.store.database import Database, migrate
from portal.store.locks import DatabaseInUse


@pytest.fixture
def path(tmp_path):
    migrate(tmp_path / "portal.db")
    return tmp_path / "portal.db"


def put(path, *keys: str) -> None:
    db = Database(path)
    with db.write() as c:
        for key in keys:
            c.run("INSERT INTO settings (key, value) VALUES (:key, '')", key=key)
    db.close()


def keys(path) -> set[str]:
    with closing(sqlite3.connect(path)) as raw:
        return {key for (key,) in raw.execute("SELECT key FROM settings")}


def test_a_backup_holds_what_is_still_in_the_wal(path, tmp_path):
    db = Database(path)
    with db.write() as c:
        c.run("INSERT INTO settings (key, value) VALUES ('a', '')")
    shutil.copy(path, tmp_path / "copied.db")
    backup(path, tmp_path / "backup.db")
    db.close()
    assert keys(tmp_path / "backup.db") == {"a"}
    assert keys(tmp_path / "copied.db") == set()  # what a plain copy is worth


def test_a_backup_under_writers_is_one_moment_of_whole_transactions(path, tmp_path):
    db = Database(path)
    stop = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            with db.write() as c:  # always two rows together
                for half in "ab":
                    c.run(
                        "INSERT INTO settings (key, value) VALUES (:key, '')",
                        key=f"{writer}-{number}-{half}",
                    )
            number += 1

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for writer in writers:
        writer.start()
    copies = [backup(path, tmp_path / f"{number}.db") for number in range(3)]
    stop.set()
    for writer in writers:
        writer.join()
    db.close()
    for copy in copies:
        verify(copy)
        kept = keys(copy)
        assert {key[:-1] + "a" for key in kept} == {
            key[:-1] + "a" for key in kept if key[-1] == "b"
        }
        assert len(kept) % 2 == 0
    assert keys(copies[0]) < keys(copies[2])


def test_a_backup_never_overwrites(path, tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(FileExistsError):
        backup(path, tmp_path / "precious")
    with pytest.raises(FileNotFoundError):
        backup(tmp_path / "nothing.db", tmp_path / "new.db")
    assert not (tmp_path / "nothing.db").exists()


def test_a_backup_that_fails_leaves_no_file(path, tmp_path):
    target = tmp_path / "backups" / "new.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    with pytest.raises(sqlite3.DatabaseError):
        backup(path, target)
    assert list(target.parent.iterdir()) == []


def test_a_copy_that_does_not_check_out_gets_no_name(path, tmp_path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("UPDATE revision SET id = 2")
    with pytest.raises(BadBackup, match="CHECK constraint failed in revision"):
        backup(path, tmp_path / "backups" / "new.db")
    assert list((tmp_path / "backups").iterdir()) == []


def test_names_sort_by_time(path):
    names = [backup_name(path) for _ in range(3)]
    assert names == sorted(names)
    assert names[0].startswith("portal-backup-2")


def test_restoring_goes_back_and_keeps_what_it_replaced(path, tmp_path):
    put(path, "before")
    good = backup(path, tmp_path / "good.db")
    put(path, "after")
    kept = restore(good, path)
    assert keys(path) == {"before"}
    assert keys(kept) == {"before", "after"}
    assert good.exists()
    put(path, "onwards")  # and it serves again
    assert keys(path) == {"before", "onwards"}


def test_restoring_removes_a_stale_wal(path, tmp_path):
    put(path, "before")
    good = backup(path, tmp_path / "good.db")
    # a server killed -9 leaves its -wal behind; played into another file it would destroy it
    db = Database(path)
    with db.write() as c:
        c.run("INSERT INTO settings (key, value) VALUES ('in the wal', '')")
    wal = path.with_name("portal.db-wal")
    left, main = wal.read_bytes(), path.read_bytes()
    db.close()
    path.write_bytes(main)
    wal.write_bytes(left)
    path.with_name("portal.db-shm").write_bytes(b"\0" * 32768)
    kept = restore(good, path)
    assert not wal.exists()
    assert not path.with_name("portal.db-shm").exists()
    assert keys(path) == {"before"}
    assert keys(kept) == {"before", "in the wal"}


def test_restoring_where_nothing_is(path, tmp_path):
    put(path, "a")
    good = backup(path, tmp_path / "good.db")
    assert restore(good, tmp_path / "new" / "portal.db") is None
    assert keys(tmp_path / "new" / "portal.db") == {"a"}


def test_restoring_over_a_broken_database_keeps_the_wreck(path, tmp_path):
    good = backup(path, tmp_path / "good.db")
    path.write_bytes(b"wreck" * 1000)
    path.with_name("portal.db-wal").write_bytes(b"its wal")
    kept = restore(good, path)
    assert kept.read_bytes() == b"wreck" * 1000
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"its wal"
    assert not path.with_name("portal.db-wal").exists()
    verify(path)


@pytest.mark.parametrize(
    "bad",
    [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 8000],
    ids=["empty", "text", "torn"],
)
def test_a_bad_backup_is_refused_and_nothing_changes(path, tmp_path, bad):
    put(path, "a")
    source = tmp_path / "bad.db"
    source.write_bytes(bad)
    with pytest.raises(BadBackup):
        restore(source, path)
    assert keys(path) == {"a"}


def test_a_database_of_another_program_is_refused(path, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as raw, raw:
        raw.execute("CREATE TABLE notes (text TEXT)")
    with pytest.raises(BadBackup, match="not a database of the portal"):
        restore(tmp_path / "other.db", path)


def test_a_newer_backup_is_refused(path, tmp_path):
    newer = backup(path, tmp_path / "newer.db")
    with closing(sqlite3.connect(newer)) as raw, raw:
        raw.execute(
            """
            INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
            VALUES ('portal', 'm9999_from_the_future', '2030')
            """
        )
    with pytest.raises(NewerSchema):
        restore(newer, path)


def test_restoring_is_refused_while_a_server_has_the_database(path, tmp_path):
    good = backup(path, tmp_path / "good.db")
    serving = Database(path)
    with pytest.raises(DatabaseInUse, match="stop every server"):
        restore(good, path)
    with serving.read() as c:
        assert c.value("SELECT COUNT(*) FROM settings") == 0
    serving.close()
    restore(good, path)
