"""What will not be shown as its author means it."""

from __future__ import annotations

import pytest

from portal.core.markdown_checks import check_marks
from portal.core.markdown_parser import parse
from portal.core.problem_texts import describe
from portal.core.problem_texts_law import LAW_TEXTS


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("一\n\n> [!LAWS] x", ["3 M001 [!LAWS]"]),
        ("> [!LAW] x\n\n> 一\n> [!OTHER] x", []),
        ("一\n![图](https://a.cn/x.png)", ["2 M002 https://a.cn/x.png"]),
        ("![图](a/../../x.png) ![图](assets/x.png)", ["1 M002 a/../../x.png"]),
        ("一[^a]和[^b]。\n\n[^b]: 有", ["1 M003 [^a]"]),
        ("一\n二<br>三 a<b 且 c>d `<b>`", ["2 M004 <br>"]),
        ("<div class='x'>\n\n<https://a.cn>", ["1 M004 <div class='x'>"]),
    ],
)
def test_reports_what_readers_will_not_see(source: str, expected: list[str]) -> None:
    problems = check_marks(parse(source), "a.md")
    assert len(problems) == len(expected)
    for problem, entry in zip(problems, expected, strict=True):
        line, code, words = entry.split(" ", 2)
        assert (problem.line, problem.code) == (int(line), code)
        assert words in describe(problem, "zh")[0]


def test_every_text_is_written_in_both_languages() -> None:
    for code, text in LAW_TEXTS.items():
        assert all((text.zh, text.en, text.hint_zh, text.hint_en)), code
        assert not any("\u4e00" <= each <= "\u9fff" for each in text.en + text.hint_en), code
