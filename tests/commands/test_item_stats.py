"""``item-stats`` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.__main__ import main


def test_json_has_stable_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("name,q1,q2\nmax,1,2\na,1,2\nb,0,\nc,1,1\nd,0,0\n", encoding="utf-8")
    assert main(["item-stats", str(scores), "--format", "json", "--lang", "en"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"max_marks_from", "blank_cells_counted_0", "test", "items"}
    assert found["max_marks_from"] == "row"
    assert found["blank_cells_counted_0"] == 1
    assert found["test"]["persons"] == 4
    assert found["test"]["mean"] == 1.25
    assert found["test"]["cic"] == pytest.approx(200 * (1 - (1 / 3 + 0.91666667) / 2.25), abs=1e-6)
    first = found["items"][0]
    assert (first["item"], first["facility"], first["max_mark"]) == ("q1", 0.5, 1)
    assert first["discrimination_index"] == pytest.approx(90.453403, abs=1e-6)
    assert first["random_guess_score"] is None
    assert first["flags"] == [
        {"code": "provisional", "text": "Provisional: too few persons (4; 30 are needed)."}
    ]


def test_text_says_where_the_maxima_are_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = tmp_path / "成绩.csv"
    scores.write_bytes("姓名,第1题\n张三,1\n李四,0\n".encode("gb18030"))
    assert main(["item-stats", str(scores), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "第1题" in shown and "50.0%" in shown
    assert "成绩单里没有满分" in shown


def test_faults_go_to_the_error_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("name,q1\na,1\nb,absent\n", encoding="utf-8")
    assert main(["item-stats", str(scores), "--lang", "en"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Row 3, column B: “absent” is not a mark." in captured.err
    assert main(["item-stats", str(tmp_path / "none.csv"), "--lang", "en"]) == 1
    assert "Cannot read" in capsys.readouterr().err
    assert main(["item-stats", str(scores), "--guess", "101"]) == 2
