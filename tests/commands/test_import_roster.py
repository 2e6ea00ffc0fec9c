"""``import-roster`` as an operator runs it, over a real data folder."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.__main__ import main
from portal.store import people, units
from portal.store.database import Database, migrate

HEADER = "工号,姓名,单位,岗位\n"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    migrate(folder / "portal.db")
    db = Database(folder / "portal.db")
    at = datetime(2026, 11, 26, tzinfo=UTC)
    with db.write() as c:
        street = units.add_unit(c, None, "street", "长河街道", code="330108")
        other = units.add_unit(c, None, "street", "西兴街道")
        for number, unit in (("B-1", street), ("B-2", street), ("B-3", other)):
            person_id = people.add_person(
                c,
                staff_no=number,
                login=number.lower(),
                name="李敏",
                password_hash=None,
                must_change=False,
                at=at,
            )
            people.post(c, person_id, unit, ["grid"], at)
    db.close()
    (tmp_path / "content" / "courses").mkdir(parents=True)
    return folder


@pytest.fixture
def run(data, tmp_path):
    def run_it(text, *options):
        file = tmp_path / "roster.csv"
        file.write_text(HEADER + text, "gb18030")
        folders = ["--data", str(data), "--content", str(tmp_path / "content")]
        return main(["import-roster", str(file), *folders, "--lang", "zh", *options])

    return run_it


def state(data):
    db = Database(data / "portal.db")
    with db.read() as c:
        rows = c.all("SELECT staff_no, name, disabled_at FROM people ORDER BY staff_no")
    db.close()
    return {row["staff_no"]: (row["name"], row["disabled_at"] is None) for row in rows}


def test_a_dry_run_prints_and_writes_nothing(data, run, capsys):
    before = state(data)
    assert run("B-1,李明,330108,grid\nB-9,孙怡,长河街道,grid\n", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "新增: 1\n  B-9 孙怡" in out
    assert "更改信息: 1\n  B-1 李明" in out
    assert state(data) == before


def test_an_import_is_done_and_noted(data, run, capsys):
    assert run("B-9,孙怡,长河街道,grid\n") == 0
    assert "已导入" in capsys.readouterr().out
    assert state(data)["B-9"] == ("孙怡", True)
    assert main(["audit-verify", "--data", str(data)]) == 0


def test_mistakes_are_told_by_row_and_nothing_is_written(data, run, capsys):
    before = state(data)
    assert run("B-9,孙怡,长河街,grid\nB-8,,330108,grid\n") == 1
    err = capsys.readouterr().err
    assert "第 2 行" in err and "长河街道" in err
    assert "第 3 行：没有姓名" in err
    assert state(data) == before


def test_people_are_deactivated_within_a_unit(data, run, capsys):
    assert run("B-1,李敏,330108,grid\n", "--unit", "330108") == 2
    assert run("B-1,李敏,330108,grid\n", "--deactivate-missing", "--unit", "nowhere") == 1
    assert run("B-1,李敏,330108,grid\n", "--deactivate-missing", "--unit", "330108") == 0
    assert [on for _, on in state(data).values()] == [True, False, True]


def test_what_is_not_there_makes_no_portal(tmp_path, run, data, capsys):
    assert main(["import-roster", str(tmp_path / "none.csv"), "--data", str(data)]) == 1
    empty = tmp_path / "empty"
    (tmp_path / "roster.csv").write_text(HEADER)
    assert main(["import-roster", str(tmp_path / "roster.csv"), "--data", str(empty)]) == 1
    assert not empty.exists()
    assert "Traceback" not in capsys.readouterr().err
