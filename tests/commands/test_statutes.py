"""``statutes`` as an operator runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.__main__ import main
from tests.content.small import CAPABILITIES
from tests.core.test_law_changes import entry

TEXT = """---
title: 中华人民共和国河道法
effective: 2026-01-01
---

序言。

## 第一章 总则

**第一条**　河道归大家看护。

**第二条**　施行。
"""


@pytest.fixture
def run(tmp_path: Path):
    courses = tmp_path / "content" / "courses"
    courses.mkdir(parents=True)
    (courses / "capabilities.toml").write_text(CAPABILITIES, "utf-8")
    (courses / "statutes.toml").write_text(entry("河道法", "2026", 2), "utf-8")

    def run_it(*arguments: str, lang: str = "zh") -> int:
        folders = ["--data", str(tmp_path / "data"), "--content", str(tmp_path / "content")]
        return main(["statutes", *arguments, *folders, "--lang", lang])

    return run_it


def test_import_list_show(tmp_path, run, capsys):
    folder = tmp_path / "data" / "statutes"
    folder.mkdir(parents=True)
    (folder / "river.md").write_text(TEXT, "utf-8")
    assert run("import") == 0
    out = capsys.readouterr().out
    assert "river.md: 已导入《中华人民共和国河道法》，2026-01-01 起施行，2 条。" in out
    assert "有 3 个字不属于任何一条" in out
    assert run("list", lang="en") == 0
    assert "in force since 2026-01-01 · 2 articles" in capsys.readouterr().out
    assert run("show", "河道法", "1") == 0
    assert capsys.readouterr().out.splitlines() == [
        "中华人民共和国河道法（2026-01-01 起施行）",
        "第一章 总则",
        "河道归大家看护。",
    ]
    assert run("show", "河道法", "9") == 1
    assert run("show", "渡口法", "1") == 1


def test_refusals_name_the_file_the_line_and_the_difference(tmp_path, run, capsys):
    (tmp_path / "short.md").write_text(TEXT.replace("**第二条**　施行。", ""), "utf-8")
    (tmp_path / "twice.md").write_text(TEXT + "\n**第二条**　又。\n", "utf-8")
    assert run("import", str(tmp_path / "short.md"), str(tmp_path / "twice.md")) == 1
    out = capsys.readouterr().out
    assert "最后一条：文本第 1 条，登记表第 2 条" in out
    assert "twice.md:14: S003" in out
    assert "2 个文件没有导入。" in out
    assert run("list") == 1


def test_nothing_to_import_says_where_to_put_it(tmp_path, run, capsys):
    assert run("import") == 1
    assert str(tmp_path / "data" / "statutes") in capsys.readouterr().err
