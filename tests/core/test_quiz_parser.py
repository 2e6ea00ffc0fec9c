"""What stands before the first question of a quiz."""

from __future__ import annotations

from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz

HEAD = "---\nkind: quiz\ntitle: 测验\n---\n\n"
ASK = "### 收费\n\n`#one-001`\n\n收费吗？\n\n- [x] 不收\n- [ ] 收\n- [ ] 看情况\n"
PLACE = Place("quizzes/one/basics.md", "one", "law", in_module=False)


def intro(before: str) -> str:
    parsed, _ = parse_quiz(HEAD + before + ASK, None, PLACE, "one/basics", "en")
    assert parsed.quiz is not None
    return parsed.quiz.intro.zh.strip()


def test_the_heading_of_a_group_is_not_an_introduction() -> None:
    assert intro("## 第一组\n\n") == ""
    assert intro("# 卷一\n\n## 第一组\n\n") == ""
    assert intro("先读说明。\n\n## 第一组\n\n") == "先读说明。"


def test_words_under_a_heading_are() -> None:
    assert intro("## 说明\n\n先读这里。\n\n") == "## 说明\n\n先读这里。"
