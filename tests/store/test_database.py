"""The database: who waits for whom, what is seen, and what a crash leaves."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from portal.store.database import Connection, Database, migrate

ADD = "INSERT INTO settings (key, value) VALUES (:key, :value)"
COUNT = "SELECT COUNT(*) FROM settings"


@pytest.fixture
def db(tmp_path):
    migrate(tmp_path / "portal.db")
    database = Database(tmp_path / "portal.db")
    yield database
    database.close()


def add(db: Database, key: str) -> None:
    with db.write() as c:
        c.run(ADD, key=key, value="")


def count(db: Database) -> int:
    with db.read() as c:
        return c.value(COUNT)


def test_results_are_plain_values(db):
    with db.write() as c:
        unit = c.insert(
            "INSERT INTO units (path, kind, name) VALUES ('/1/', 'city', :name) RETURNING id",
            name="滨江市",
        )
        assert c.run("UPDATE units SET code = 'x'") == 1
        assert c.many(ADD, [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]) == 2
    with db.read() as c:
        assert c.one("SELECT id, name FROM units") == {"id": unit, "name": "滨江市"}
        assert c.one("SELECT id FROM units WHERE id = :id", id=99) is None
        assert c.all("SELECT key FROM settings ORDER BY key") == [{"key": "a"}, {"key": "b"}]
        assert c.value("SELECT value FROM settings WHERE key = :key", key="b") == "2"
        assert c.value("SELECT value FROM settings WHERE key = 'c'") is None


def test_a_file_that_was_not_migrated_is_not_silently_made(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        Database(tmp_path / "portal.db")
    assert not (tmp_path / "portal.db").exists()


def test_pragmas_hold_on_every_connection(db):
    with db.read() as first, db.read() as second, db.write() as third:
        for c in (first, second, third):
            assert c.value("PRAGMA journal_mode") == "wal"
            assert c.value("PRAGMA synchronous") == 2  # FULL
            assert c.value("PRAGMA foreign_keys") == 1
            assert c.value("PRAGMA busy_timeout") == 5000


def test_foreign_keys_are_checked(db):
    with pytest.raises(sqlite3.IntegrityError), db.write() as c:
        c.run(
            "INSERT INTO identities (issuer, subject, person_id, linked_at)"
            " VALUES ('i', 's', 99, '2026')"
        )


def test_a_write_that_raises_leaves_nothing(db):
    with pytest.raises(KeyboardInterrupt), db.write() as c:
        c.run(ADD, key="a", value="")
        raise KeyboardInterrupt
    assert count(db) == 0
    add(db, "b")  # and the next writer gets its turn
    assert count(db) == 1


def test_a_reader_cannot_write(db):
    with pytest.raises(sqlite3.OperationalError), db.read() as c:
        c.run(ADD, key="a", value="")


def test_a_read_sees_one_moment(db):
    add(db, "a")
    with db.read() as c:
        assert c.value(COUNT) == 1
        add(db, "b")
        assert c.value(COUNT) == 1
    assert count(db) == 2


def test_a_connection_ends_with_its_block(db):
    with db.read() as c:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        c.value(COUNT)
    with db.write() as c:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        c.run(ADD, key="a", value="")


def test_a_connection_has_one_borrower_at_a_time(db):
    everybody_in = threading.Barrier(4)

    def borrow() -> int:
        with db.read() as c:
            c.value(COUNT)
            everybody_in.wait(10)
            return id(c._raw)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _: borrow(), range(4)))) == 4


def test_the_last_connection_handed_back_is_the_next_one_out(db):
    with db.read() as first, db.read() as second:
        warm = second._raw
        assert first._raw is not warm
        kept = first._raw
    # second was handed back first, then first
    with db.read() as again:
        assert again._raw is kept


def test_write_inside_write_is_a_mistake_that_says_so(db):
    with db.write(), pytest.raises(RuntimeError, match="inside write"), db.write():
        pass
    add(db, "a")


def test_two_databases_on_one_file_share_the_turn(db):
    other = Database(db.path)
    said = []
    other._writer.set_trace_callback(said.append)

    def later() -> None:
        with other.write() as c:
            c.run(ADD, key="b", value="")

    with db.write() as c:
        thread = threading.Thread(target=later)
        thread.start()
        c.run(ADD, key="a", value="")
        thread.join(0.1)
        assert said == []  # it waits for the turn, and does not wear SQLite out with asking
    thread.join(5)
    assert said[0] == "BEGIN IMMEDIATE"
    other.close()
    assert count(db) == 2


def test_eight_writers_at_once_lose_nothing(db):
    def write(writer: int) -> None:
        for number in range(40):
            with db.write() as c:
                # read, then write: what a deferred transaction fails at
                c.value(COUNT)
                c.run(ADD, key=f"{writer}-{number}", value="")

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(write, writer) for writer in range(8)]:
            done.result(30)
    assert count(db) == 320
    assert db.revision() == 320


def test_nobody_else_can_write_between_a_read_and_a_write(db):
    with closing(sqlite3.connect(db.path, timeout=0)) as other_process, db.write() as c:
        assert c.value(COUNT) == 0
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other_process.execute(ADD, {"key": "theirs", "value": ""})
        c.run(ADD, key="ours", value="")
    assert count(db) == 1


# revision


def test_a_change_moves_the_revision_on_once(db):
    assert db.revision() == 0
    with db.write() as c:
        c.run(ADD, key="a", value="")
        c.run(ADD, key="b", value="")
    assert db.revision() == 1


def test_what_changes_nothing_leaves_the_revision(db):
    with db.write() as c:
        c.run("UPDATE settings SET value = 'x' WHERE key = 'nobody'")
    with db.write(bump=False) as c:
        c.run(ADD, key="a", value="")
    with pytest.raises(ZeroDivisionError), db.write() as c:
        c.run(ADD, key="b", value="")
        raise ZeroDivisionError
    assert db.revision() == 0
    assert count(db) == 1


# later


def test_later_writes_without_moving_the_revision_on(db):
    for number in range(5):
        db.later(number, lambda c, n=number: c.run(ADD, key=str(n), value=""))
    db.settle()
    assert count(db) == 5
    assert db.revision() == 0


def test_later_takes_one_job_a_key(db):
    seen = []
    with db.write():  # the thread waits for its turn, so all of these wait
        db.later("first", lambda c: seen.append("first"))
        while not db._later._running:  # until it has taken up the first job and stands in line
            time.sleep(0.001)
        for number in range(3):
            db.later("same", lambda c, n=number: seen.append(n))
    db.settle()
    assert seen == ["first", 0]


def test_later_survives_a_job_that_fails(db, caplog):
    db.later("bad", lambda c: c.run("INSERT INTO nowhere VALUES (1)"))
    db.settle()
    db.later("good", lambda c: c.run(ADD, key="a", value=""))
    db.settle()
    assert count(db) == 1
    assert "in the background" in caplog.text


def test_closing_writes_what_waits(db):
    db.later("a", lambda c: c.run(ADD, key="a", value=""))
    db.close()
    assert count(Database(db.path)) == 1


# append-only tables

APPEND_ONLY = {
    "audit": """
        INSERT INTO audit (at, action, target, detail, address) VALUES ('2026', 'x', '', '{}', '')
    """,
    "answer_log": """
        INSERT INTO answer_log (attempt_id, position, kind, response, at)
        VALUES (1, 1, 'answer', '[0]', '2026')
    """,
    "marks": """
        INSERT INTO marks (attempt_id, position, score, max_score, reason, at)
        VALUES (1, 1, 1.0, 1.0, 'first', '2026')
    """,
}


def an_attempt(c: Connection) -> None:
    for statement in (
        "INSERT INTO people (id, staff_no, login, name, created_at)"
        " VALUES (1, '1', 'a', 'A', '2026')",
        "INSERT INTO content_versions (version, kind, content_id, body, first_met_at)"
        " VALUES ('v', 'question', 'q', '{}', '2026')",
        "INSERT INTO attempts"
        " (id, person_id, kind, quiz_id, course_id, version, number, seed, pass_mark, opened_at)"
        " VALUES (1, 1, 'quiz', 'q', 'c', 'v', 1, 1, 60.0, '2026')",
        "INSERT INTO attempt_items"
        " (attempt_id, position, question_id, version, points, option_order)"
        " VALUES (1, 1, 'q', 'v', 1.0, '[]')",
    ):
        c.run(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET at = '2027'", "DELETE FROM {}"])
def test_append_only_tables_refuse_changes(db, table, change):
    with db.write() as c:
        an_attempt(c)
        c.run(APPEND_ONLY[table])
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"), db.write() as c:
        c.run(change.format(table))
    with db.read() as c:
        assert c.value(f"SELECT at FROM {table}") == "2026"


# a crash

WRITER = """
import sys
from pathlib import Path
from portal.store.database import Database
db = Database(Path(sys.argv[1]))
for number in range(100_000):
    with db.write() as c:
        c.run("INSERT INTO settings (key, value) VALUES (:key, '')", key=f"{sys.argv[2]}-{number}")
    print(number, flush=True)  # only now does anybody hear that it is saved
"""


@pytest.mark.parametrize("round_", range(3))
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path, round_):
    path = tmp_path / "portal.db"
    migrate(path)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(round_)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    acknowledged = [int(writer.stdout.readline()) for _ in range(50 + 37 * round_)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.wait(10)
    writer.stdout.close()
    db = Database(path)  # the kernel let go of the dead process's lock
    with db.read() as c:
        kept = {row["key"] for row in c.all("SELECT key FROM settings")}
        assert c.value("PRAGMA integrity_check") == "ok"
    db.close()
    assert {f"{round_}-{number}" for number in acknowledged} <= kept
    assert len(kept) - len(acknowledged) in (0, 1)  # at most the one that nobody heard of
