"""``backup`` and ``restore`` as an operator runs them."""

from __future__ import annotations

import pytest

from portal.__main__ import main
from portal.store.database import Database, migrate


@pytest.fixture
def data(tmp_path):
    migrate(tmp_path / "data" / "portal.db")
    return tmp_path / "data"


def put(data, key):
    db = Database(data / "portal.db")
    with db.write() as c:
        c.run("INSERT INTO settings (key, value) VALUES (:key, '')", key=key)
    db.close()


def keys(data):
    db = Database(data / "portal.db")
    with db.read() as c:
        found = {row["key"] for row in c.all("SELECT key FROM settings")}
    db.close()
    return found


def test_there_and_back(data, capsys):
    put(data, "before")
    assert main(["backup", "--data", str(data)]) == 0
    [made] = (data / "backups").iterdir()
    assert str(made) in capsys.readouterr().out
    put(data, "after")
    assert main(["restore", str(made), "--data", str(data)]) == 0
    assert keys(data) == {"before"}
    [kept] = [file for file in (data / "backups").iterdir() if "replaced" in file.name]
    assert str(kept) in capsys.readouterr().out


def test_a_backup_into_a_folder_or_a_file(data, tmp_path):
    assert main(["backup", "--data", str(data), str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("portal-backup-*.db"))) == 1
    assert main(["backup", "--data", str(data), str(tmp_path / "mine.db")]) == 0
    assert main(["backup", "--data", str(data), str(tmp_path / "mine.db")]) == 1


def test_what_cannot_be_done_is_said_in_both_languages(data, tmp_path, capsys):
    bad = tmp_path / "bad.db"
    bad.write_text("not a database")
    serving = Database(data / "portal.db")
    assert main(["backup", "--data", str(tmp_path / "nowhere")]) == 1
    assert "没有这个数据库 / no such database" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "nothing.db"), "--data", str(data)]) == 1
    assert "没有这个备份 / no such backup" in capsys.readouterr().err
    assert main(["restore", str(bad), "--data", str(data)]) == 1
    assert "数据库未变 / not restored, nothing changed" in capsys.readouterr().err
    assert main(["backup", "--data", str(data), str(tmp_path / "good.db")]) == 0
    assert main(["restore", str(tmp_path / "good.db"), "--data", str(data)]) == 1
    assert "请先停止服务" in capsys.readouterr().err
    serving.close()
    assert main(["restore", str(tmp_path / "good.db"), "--data", str(data)]) == 0
