"""``import-questions`` and ``export-questions`` as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.__main__ import main

POOL = """---
kind: pool
title: 题库
---

### 几日

`#a-1` `难度:4` `依据:人民调解法§33`

几日内？

> **答案** 30 日

### 先做

`#a-2`

先做哪件？

- [x] 关阀
- [ ] 开灯
"""


@pytest.mark.parametrize("form", ["gift", "moodle", "qti"])
def test_there_and_back(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool, out, back = tmp_path / "pool.md", tmp_path / "out", tmp_path / "back.md"
    pool.write_text(POOL, encoding="utf-8")
    assert main(["export-questions", str(pool), "--format", form, "--to", str(out)]) == 0
    arguments = ["import-questions", str(out), "--format", form, "--to", str(back), "--lang", "zh"]
    assert main(arguments) == 0
    text = back.read_text(encoding="utf-8")
    assert "- [x] 关阀" in text and "`难度:4` `依据:人民调解法§33`" in text
    assert "#a-1" not in text, "imported questions get ids of their own"
    assert "完成：2 道题；没能带过来 0 道。" in capsys.readouterr().err
    assert main(arguments) == 1, "an existing file is not overwritten"


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gift = tmp_path / "q.gift"
    gift.write_text("::一::先做？{=甲 ~乙}\n\n::二::没有答案", encoding="utf-8")
    assert main(["import-questions", str(gift), "--lang", "zh"]) == 1
    said = capsys.readouterr()
    assert "### 一" in said.out
    assert "第 2 题“二”： 这是说明文字，不是题目。" in said.err
    assert main(["import-questions", str(tmp_path / "none.gift"), "--lang", "en"]) == 1
    assert "Cannot read" in capsys.readouterr().err
