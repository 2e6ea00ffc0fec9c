"""Every command given what it cannot use: a sentence that names it, no traceback, nothing made."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.__main__ import command_names, main

NOISE = bytes(range(256)) * 20
# {none}: nothing is there; {folder}: a folder; {noise}: a file of bytes; {bad}: a data folder whose
# portal.db is no database. What has to be told again is the part of the command that is wrong.
WRONG = {
    "audit-verify": ["--data {none}", "--data {noise}", "--data {bad}", "--head banana"],
    "backup": ["--data {none}", "--data {noise}", "--data {bad}"],
    "calibrate": ["--data {none}", "--data {noise}", "--data {bad}"],
    "check": ["{none}", "--content {none}", "--content {noise}", "/etc/passwd"],
    "demo": [
        "--data {noise}",
        "--data {noise}/below",
        "--content {none}",
        "--port banana",
        "--staff 1",
    ],
    "export-questions": ["{none} --format gift --to {none}", "{folder} --format gift --to {none}"],
    "import-questions": ["{none}", "{folder}", "{noise}"],
    "import-roster": [
        "{none} --data {folder}",
        "{folder} --data {folder}",
        "{noise} --data {none}",
        "{noise} --data {noise}",
        "{noise} --data {bad}",
    ],
    "item-stats": ["{none}", "{folder}", "{noise}"],
    "rebuild-summaries": ["--data {none}", "--data {noise}", "--data {bad}"],
    "recompute": ["--data {none}", "--data {noise}", "--data {bad}", "--processes banana"],
    "regrade": ["--data {none}", "--data {noise}", "--data {bad}"],
    "remind": ["--data {none}", "--data {noise}", "--data {bad}", "--days -1 --data {bad}"],
    "restore": ["{none} --data {folder}", "{folder} --data {folder}", "{noise} --data {folder}"],
    "rotate-badge-key": ["--data {none}", "--data {noise}", "--data {bad}"],
    "serve": [
        "--data {noise}",
        "--data {noise}/below",
        "--data {bad}",
        "--content {none}",
        "--port 99999",
    ],
    "statutes": [
        "import {none} --data {folder} --content {folder}",
        "import {noise} --data {folder} --content {folder}",
        "show 没有的法 1 --data {folder} --content {folder}",
    ],
    "verify-badge": [
        "{none} --data {folder}",
        "{folder} --data {folder}",
        "{noise} --data {folder}",
        "{noise} --keys {noise}",
        "{noise} --keys {none}",
    ],
    "verify-pack": ["{none}", "{folder}", "{noise}"],
}


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    found = {name: tmp_path / name for name in ("none", "folder", "noise", "bad")}
    found["folder"].mkdir()
    found["bad"].mkdir()
    found["noise"].write_bytes(NOISE)
    (found["bad"] / "portal.db").write_bytes(NOISE)
    (found["bad"] / "demo.db").write_bytes(NOISE)
    return {name: str(path) for name, path in found.items()}


def test_every_command_is_given_something_wrong() -> None:
    assert sorted(WRONG) == command_names()


@pytest.mark.parametrize(
    ("command", "words"), [(name, words) for name, all_of in WRONG.items() for words in all_of]
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    command: str,
    words: str,
    places: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("PORTAL_HOST", "PORTAL_PORT", "PORTAL_DATA_DIR", "PORTAL_CONTENT_DIR"):
        monkeypatch.setenv(variable, "")  # put back afterwards: serve hands its options on by them
        monkeypatch.delenv(variable)
    given = [word.format(**places) for word in words.split()]
    try:
        code = main([command, *given])
    except SystemExit as end:  # argparse has told it
        code = int(end.code or 0)
    said = capsys.readouterr()
    told = said.err + said.out
    assert code in (1, 2), told
    assert "Traceback" not in told and "Errno" not in told, told
    names = [Path(word).name for word in given] + [word for word in given if word[:2] == "--"]
    assert any(name in told for name in names), told
    assert not Path(places["none"]).exists(), "a mistyped folder was made"
