"""``python -m portal check``: what it prints, what it returns, and what it writes with --fix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.__main__ import main
from portal.commands.check import reader_locale
from tests.content.small import FILES, MODULE, MODULE_EN, QUIZ, make, put

BASICS = "quizzes/one/basics.md"


def run(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["check", "--content", str(root), "--lang", "zh", *arguments])
    return code, capsys.readouterr().out


def test_a_sound_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(make(tmp_path), capsys) == (0, "没有发现问题。\n")


def test_the_exact_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("- [x]", "- [ ]"))
    code, output = run(tmp_path, capsys)
    assert code == 1
    assert output.splitlines() == [
        "quizzes/one/basics.md:13: 错误 Q003: 这道题没有标出正确答案。  在正确的选项前写 [x]。",
        "1 个错误，0 个提醒。",
    ]
    code, output = run(tmp_path, capsys, "--lang", "en")
    assert output.splitlines() == [
        "quizzes/one/basics.md:13: error Q003: The question has no correct answer.  "
        "Mark one option with [x].",
        "Errors: 1. Warnings: 0.",
    ]


def test_warnings_are_no_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("> **解析** 《人民调解法》第四条。\n", ""))
    code, output = run(tmp_path, capsys)
    assert code == 0 and "提醒 Q201" in output and "0 个错误，1 个提醒。" in output


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("- [x]", "- [ ]"))
    code, output = run(tmp_path, capsys, "--format", "json")
    (problem,) = json.loads(output)
    assert code == 1
    assert (problem["path"], problem["line"], problem["code"]) == (BASICS, 13, "Q003")
    assert problem["severity"] == "error" and problem["hint"] == "在正确的选项前写 [x]。"


def test_paths_narrow_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("- [x]", "- [ ]"))
    assert run(tmp_path, capsys, "courses")[0] == 0
    assert run(tmp_path, capsys, "quizzes/one")[0] == 1
    assert run(tmp_path, capsys, str(tmp_path / BASICS))[0] == 1
    assert run(tmp_path, capsys, "quizzes/on")[0] == 2
    assert run(tmp_path, capsys, "/etc")[0] == 2


def test_a_folder_without_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--content", str(tmp_path), "--lang", "zh"]) == 2
    assert "courses/" in capsys.readouterr().err


def test_the_portals_own_content_is_the_default(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path / "content")
    put(root, BASICS, QUIZ.replace("- [x]", "- [ ]"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_CONTENT_DIR", str(root))
    assert main(["check", "--lang", "zh", "quizzes"]) == 1
    monkeypatch.chdir(make(tmp_path / "other"))
    assert main(["check", "--lang", "zh", "quizzes"]) == 0


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
    ],
)
def test_reader_locale(environment: dict[str, str], locale: str) -> None:
    assert reader_locale(environment) == locale


def test_fix_adds_ids_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("`#one-001` ", "").replace("`#one-002` ", ""))
    code, output = run(tmp_path, capsys, "--fix")
    assert (code, output) == (0, "没有发现问题。\n")
    expected = QUIZ.replace("#one-001", "#one-102").replace("#one-002", "#one-103")
    assert (tmp_path / BASICS).read_text("utf-8") == expected
    assert run(tmp_path, capsys, "--fix") == (0, "没有发现问题。\n"), "twice changes nothing"
    assert (tmp_path / BASICS).read_text("utf-8") == expected


def test_fix_writes_a_chip_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path)
    chips = "`#one-001` `难度:1` `依据:人民调解法§4`\n\n"
    assert chips in QUIZ
    put(tmp_path, BASICS, QUIZ.replace(chips, ""))
    assert run(tmp_path, capsys, "--fix")[0] == 0
    assert (tmp_path / BASICS).read_text("utf-8") == QUIZ.replace(chips, "`#one-102`\n\n")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fix_keeps_line_ends_and_byte_order_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str, mark: str
) -> None:
    make(tmp_path)
    source = (mark + QUIZ + "\t末尾没有换行  ").replace("\n", end)
    source = source.replace("`#one-001` ", "").replace("\t末尾没有换行  ", "")
    put(tmp_path, BASICS, source)
    run(tmp_path, capsys, "--fix")
    written = (tmp_path / BASICS).read_bytes().decode()
    assert written == source.replace("`难度:1`", "`#one-102` `难度:1`")


def test_fix_gives_the_english_edition_the_same_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path)
    path, english = "courses/one/01-first-visit.md", "courses/one/01-first-visit.en.md"
    put(tmp_path, path, MODULE.replace("`#one-cp-1` ", ""))
    put(tmp_path, english, MODULE_EN.replace("`#one-cp-1`\n\n", ""))
    assert run(tmp_path, capsys, "--fix")[0] == 0
    assert (tmp_path / path).read_text("utf-8") == MODULE.replace("one-cp-1", "one-102")
    assert (tmp_path / english).read_text("utf-8") == MODULE_EN.replace("one-cp-1", "one-102")


def test_fix_does_not_guess_in_an_edition_that_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path)
    english = "quizzes/one/basics.en.md"
    text = "---\ntitle: Basics\n---\n\n### Days\n\nHow many days?\n\n> **Answer** 30 days\n"
    put(tmp_path, english, text)
    put(tmp_path, BASICS, QUIZ.replace("`#one-001` ", ""))
    assert run(tmp_path, capsys, "--fix")[0] == 1
    assert (tmp_path / english).read_text("utf-8") == text


def test_fix_keeps_permissions_and_only_named_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, QUIZ.replace("`#one-001` ", ""))
    os.chmod(tmp_path / BASICS, 0o640)
    pool = FILES["quizzes/one/pool.md"].replace("`#one-101` ", "")
    put(tmp_path, "quizzes/one/pool.md", pool)
    run(tmp_path, capsys, "--fix", BASICS)
    assert (tmp_path / BASICS).stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "quizzes/one/pool.md").read_text("utf-8") == pool
    assert [file.name for file in (tmp_path / "quizzes/one").iterdir() if "tmp" in file.name] == []


def test_from_the_shell(tmp_path: Path) -> None:
    root = make(tmp_path)
    put(root, BASICS, QUIZ.replace("- [x]", "- [ ]"))
    done = subprocess.run(
        [sys.executable, "-m", "portal", "check", "--content", str(root)],
        env={**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": ""},
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1 and "error Q003" in done.stdout
    shown = subprocess.run(
        [sys.executable, "-m", "portal", "check", "--help"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert "--fix" in shown.stdout and "python -m portal check courses" in shown.stdout
