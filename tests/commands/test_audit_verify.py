"""``audit-verify`` as an operator runs it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from portal.__main__ import main
from portal.store import audit
from portal.store.database import Database, migrate


@pytest.fixture
def data(tmp_path):
    migrate(tmp_path / "portal.db")
    db = Database(tmp_path / "portal.db")
    with db.write() as c:
        for n in range(5):
            audit.record(c, at=datetime(2026, 11, 26, n, tzinfo=UTC), actor_id=None, action="x")
    db.close()
    return tmp_path


def tamper(data, statement):
    with closing(sqlite3.connect(data / "portal.db")) as raw, raw:
        raw.execute("DROP TRIGGER audit_no_update")
        raw.execute("DROP TRIGGER audit_no_delete")
        raw.execute(statement)


def run(data, *arguments):
    return main(["audit-verify", "--data", str(data), *arguments])


def test_a_whole_log_gives_a_head_that_fits_later(data, capsys):
    assert run(data) == 0
    head = capsys.readouterr().out.strip().splitlines()[-1]
    assert head.startswith("5:")
    assert run(data, "--head", head) == 0
    tamper(data, "DELETE FROM audit WHERE id = 5")
    assert run(data) == 0
    assert run(data, "--head", head) == 1
    assert "entry 5" in capsys.readouterr().err


def test_a_changed_entry_is_named(data, capsys):
    tamper(data, "UPDATE audit SET action = 'y' WHERE id = 2")
    assert run(data) == 1
    assert "第 2 条" in capsys.readouterr().err


def test_mistakes_are_told(data, tmp_path, capsys):
    assert run(data, "--head", "5") == 2
    assert run(tmp_path / "nowhere") == 1
    assert "Traceback" not in capsys.readouterr().err
