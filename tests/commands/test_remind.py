"""``remind`` as an operator types it: lists, mails, what it says when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.__main__ import main
from portal.actions import assignments, stepping
from portal.actions.assignments import Draft
from portal.actions.portal import Portal
from portal.content.library import Library
from portal.core.assignments import Item
from portal.core.audience import Everyone
from portal.core.due import AfterMatch, Once
from portal.settings import load
from portal.store import people, units
from portal.store.database import Database, migrate
from tests.content.small import make


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A portal with one street, whose manager is overdue with the one course."""
    make(tmp_path)
    monkeypatch.setenv("PORTAL_CONTENT_DIR", str(tmp_path))
    folder = tmp_path / "data"
    folder.mkdir()
    migrate(folder / "portal.db")
    library = Library(tmp_path, None)
    library.refresh()
    settings = load(overrides={"data_dir": str(folder)})
    then = datetime.now(UTC) - timedelta(days=30)
    portal = Portal(Database(folder / "portal.db"), library, lambda: then, settings)
    with portal.db.write() as conn:
        unit = units.add_unit(conn, None, "street", "望江街道")
        person = people.add_person(
            conn,
            staff_no="B1",
            login="wang",
            name="王刚",
            password_hash=None,
            must_change=False,
            at=then,
        )
        people.post(conn, person, unit, ["grid"], then)
        people.grant(conn, person, "manager", unit, by=person, at=then)
        manager = people.find_person(conn, person)
    assert manager is not None
    course = next(iter(library.catalogue.courses))
    made = assignments.create(
        portal,
        manager,
        Draft(unit, "", "", (Item("course", course),), Everyone(), AfterMatch(10), Once()),
    )
    list(stepping.bring_into_step(portal, made))
    portal.db.close()
    return folder


def test_without_a_mail_server_it_prints_the_list(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remind", "--data", str(data)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("望江街道\n  王刚：") and "已逾期 20 天" in said.out
    assert "smtp_host" in said.err
    assert main(["remind", "--data", str(data), "--unit", "99"]) == 1
    assert "no such unit: 99" in capsys.readouterr().err


def test_the_digest_can_be_looked_at_first(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remind", "--digest", "--dry-run", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "望江街道本周学习情况" in said and "逾期 1 项" in said


def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remind", "--data", str(tmp_path)]) == 1
    assert "no such database" in capsys.readouterr().err


def test_digests_stop_at_a_server_that_is_not_there(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(data / "portal.db")
    with db.write() as conn:
        conn.run("UPDATE people SET email = 'wang@example.gov'")
        upper = units.add_unit(conn, None, "county", "清河县")
        people.grant(conn, 1, "manager", upper, by=1, at=datetime.now(UTC))
    db.close()
    monkeypatch.setenv("PORTAL_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PORTAL_SMTP_PORT", "1")
    monkeypatch.setenv("PORTAL_SMTP_SECURITY", "none")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "academy@example.gov")
    assert main(["remind", "--digest", "--data", str(data)]) == 1
    said = capsys.readouterr().out
    assert said.count("wang@example.gov: ") == 1 and "refused" in said
