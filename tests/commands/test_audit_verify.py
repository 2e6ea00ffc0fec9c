"""``audit-verify`` as an operator runs it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.__main__ import main
from portal.core.audit_chain import seal
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


def tamper(data, *statements):
    with closing(sqlite3.connect(data / "portal.db")) as raw, raw:
        for trigger in ("audit_no_update", "audit_no_delete", "audit_tip_grows"):
            raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            raw.execute(statement)


def rows(data, query):
    with closing(sqlite3.connect(data / "portal.db")) as raw:
        return [row[0] for row in raw.execute(query)]


def run(data, *arguments):
    return main(["audit-verify", "--data", str(data), *arguments])


def test_a_whole_log_gives_a_head_that_fits_later(data, capsys):
    assert run(data) == 0
    head = capsys.readouterr().out.strip().splitlines()[-1]
    assert head.startswith("5:")
    assert run(data, "--head", head) == 0
    tamper(data, "DELETE FROM audit WHERE id = 5", "UPDATE audit_tip SET entry_id = 4")
    seal = rows(data, "SELECT seal FROM audit WHERE id = 4")[0]
    tamper(data, f"UPDATE audit_tip SET seal = '{seal}'")
    assert run(data) == 0  # whoever cut the end has covered it up
    assert run(data, "--head", head) == 1
    assert "entry 5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["DELETE FROM audit WHERE id > 3"], "entries 4 to 5 are gone"),
        (["DELETE FROM audit"], "entries 1 to 5 are gone"),
        (["DELETE FROM audit WHERE id = 1"], "entries 1 to 1 are gone"),
        (["UPDATE audit SET seal = 'x' WHERE id = 5"], "entry 5 or the one before"),
        (
            [
                "UPDATE audit SET id = 9 WHERE id = 2",
                "UPDATE audit SET id = 2 WHERE id = 3",
                "UPDATE audit SET id = 3 WHERE id = 9",
            ],
            "entry 2 or the one before",
        ),
    ],
)
def test_whatever_is_done_to_the_rows_is_told(data, capsys, statements, words):
    tamper(data, *statements)
    assert run(data) == 1
    assert words in capsys.readouterr().err


def test_a_newest_entry_that_was_sealed_anew_is_told(data, capsys):
    db = Database(data / "portal.db")
    with db.read() as c:
        [(before, _), (last, _)] = audit.sealed(c, 3, 9)
        previous = dict(c.all("SELECT id, seal FROM audit WHERE id = 4")[0])["seal"]
    db.close()
    assert before.id == 4
    anew = seal(previous, replace(last, action="y"))
    tamper(data, f"UPDATE audit SET action = 'y', seal = '{anew}' WHERE id = 5")
    assert run(data) == 1
    assert "entry 5 or the one before" in capsys.readouterr().err


def test_what_is_added_after_a_cut_does_not_close_the_gap(data, capsys):
    tamper(data, "DELETE FROM audit WHERE id > 3")
    db = Database(data / "portal.db")
    with db.write() as c:
        audit.record(c, at=datetime(2026, 11, 27, tzinfo=UTC), actor_id=None, action="x")
    db.close()
    assert run(data) == 1
    assert "entries 4 to 5 are gone" in capsys.readouterr().err


def test_the_row_beside_the_log_only_grows(data):
    for statement in ("DELETE FROM audit_tip", "UPDATE audit_tip SET entry_id = 4"):
        raw = sqlite3.connect(data / "portal.db")
        with closing(raw), pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)


def test_a_changed_entry_is_named(data, capsys):
    tamper(data, "UPDATE audit SET action = 'y' WHERE id = 2")
    assert run(data) == 1
    assert "第 2 条" in capsys.readouterr().err


def test_mistakes_are_told(data, tmp_path, capsys):
    assert run(data, "--head", "5") == 2
    assert run(tmp_path / "nowhere") == 1
    assert "Traceback" not in capsys.readouterr().err
