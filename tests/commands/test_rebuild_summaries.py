"""``rebuild-summaries`` as an operator runs it."""

from __future__ import annotations

import pytest

from portal.__main__ import main
from portal.store.database import Database
from tests.actions.sample import world


def test_spoilt_sums_are_mended(tmp_path, capsys):
    data, content = tmp_path / "data", tmp_path / "content"
    data.mkdir()
    for folder in ("courses", "quizzes"):
        (content / folder).mkdir(parents=True)
    made = world(data)
    made.add_person("li", "east")
    made.portal.db.close()
    db = Database(data / "portal.db")
    with db.write() as c:
        c.run(
            """
            INSERT INTO unit_months (unit_id, month, course_id, started)
            SELECT MIN(id), '2026-01', 'x', 9 FROM units
            """
        )
    db.close()
    given = ["--data", str(data), "--content", str(content)]
    assert main(["rebuild-summaries", *given]) == 0
    assert "s" in capsys.readouterr().out
    db = Database(data / "portal.db")
    with db.read() as c:
        assert c.value("SELECT COUNT(*) FROM unit_months") == 0
        assert c.value("SELECT SUM(staff) FROM unit_standing WHERE grain = 'month'") == 1
    db.close()


@pytest.mark.parametrize("folder", ["nothing-here"])
def test_without_a_database_it_says_so(tmp_path, capsys, folder):
    assert main(["rebuild-summaries", "--data", str(tmp_path / folder)]) == 1
    assert "no such database" in capsys.readouterr().err
