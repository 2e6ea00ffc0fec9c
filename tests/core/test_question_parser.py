"""Details of questions that the fixtures do not show."""

from __future__ import annotations

import pytest

from portal.core.questions import Choice, Cloze, Essay, Matching, Numeric, Ordering, Question, Short
from tests.core.cases import Case, cases, run, shown

BY_KIND = {case.title.split()[0]: case for case in cases("questions")}


def one(text: str, english: str | None = None) -> Question:
    sources = {"quiz": text}
    if english is not None:
        sources["quiz-en"] = english
    result = run(Case("", sources))
    assert [shown(problem) for problem in result.problems if problem.code[:2] != "Q2"] == []
    (question,) = result.questions
    return question


def of(title: str) -> Question:
    (question,) = run(BY_KIND[title]).questions
    return question


def answered(answer: str, chips: str = "") -> Question:
    return one(f"### 题\n\n`#a` {chips}\n\n问什么？\n\n{answer}\n")


def test_single() -> None:
    question = of("单选")
    assert (question.id, question.title.zh, question.title.en) == (
        "case-001",
        "司法确认的期限",
        "The time limit",
    )
    assert (question.points, question.level) == (2.0, 3)
    (law,) = question.laws
    assert (law.law, law.article) == ("人民调解法", "33")
    assert (
        question.explanation is not None and question.explanation.zh == "《人民调解法》第三十三条。"
    )
    assert isinstance(question.body, Choice)
    options = question.body.options
    assert [option.correct for option in options] == [False, True, False]
    assert (options[0].text.zh, options[0].text.en) == ("15 日", "15 days")
    feedback = options[0].feedback
    assert feedback is not None and feedback.en == "No. Think: when does the time begin to run?"
    assert options[1].feedback is None


def test_defaults() -> None:
    question = of("判断")
    assert (question.points, question.level, question.capability) == (1.0, 3, "mass-work")
    assert not question.retired and question.tags == ()


def test_multiple() -> None:
    question = of("多选")
    assert isinstance(question.body, Choice) and question.body.fixed
    assert question.level == 2 and question.tags == ("报告",)
    assert question.hint is not None and question.hint.zh == "三件。"


def test_short_keeps_variants_of_both_editions() -> None:
    body = of("简答").body
    assert isinstance(body, Short)
    assert body.accepted == ("调委会", "人民调解委员会", "people's mediation committee")


@pytest.mark.parametrize(
    ("answer", "low", "high", "unit"),
    [
        ("30 ± 0.5 日", 29.5, 30.5, "日"),
        ("[28, 31] 日", 28, 31, "日"),
        ("［２８，３１］日", 28, 31, "日"),
        ("30", 30, 30, ""),
        ("30日", 30, 30, "日"),
        ("1,000 元", 1000, 1000, "元"),
        ("-3.5 ℃", -3.5, -3.5, "°C"),
        ("50%", 50, 50, "%"),
        ("30 +- 1 天", 29, 31, "天"),
    ],
)
def test_numeric(answer: str, low: float, high: float, unit: str) -> None:
    body = answered(f"> **答案** {answer}").body
    assert isinstance(body, Numeric)
    assert (body.low, body.high, body.unit.zh) == (low, high, unit)


@pytest.mark.parametrize(
    "answer", ["30 | 三十", "2024年11月1日", "三十日", "第33条", "1、2、3", "12345 和 12348"]
)
def test_answers_that_are_text(answer: str) -> None:
    assert isinstance(answered(f"> **答案** {answer}").body, Short)


def test_numeric_units_have_an_english_word() -> None:
    body = of("数值，带误差").body
    assert isinstance(body, Numeric) and (body.unit.zh, body.unit.en) == ("日", "days")


def test_ordering_and_matching() -> None:
    body = of("排序").body
    assert isinstance(body, Ordering)
    assert [item.zh for item in body.items] == ["断源", "疏散", "上报"]
    assert body.items[0].en == "Shut off the source"
    body = of("配对").body
    assert isinstance(body, Matching)
    assert [cell.zh for cell in body.lefts] == ["红色", "橙色"]
    assert [cell.en for cell in body.rights] == ["One", "Two", "Five"]
    assert body.key == (0, 1)
    assert body.headers[0].en == "Colour"


def test_matching_rights_may_be_shared() -> None:
    body = answered("| 甲 | 乙 |\n| --- | --- |\n| a | x |\n| b | x |\n| | y |").body
    assert isinstance(body, Matching)
    assert [cell.zh for cell in body.rights] == ["x", "y"] and body.key == (0, 0)


def test_cloze() -> None:
    question = of("填空")
    assert isinstance(question.body, Cloze)
    typed, chosen = question.body.gaps
    assert typed.accepted == ("30", "三十", "thirty") and not typed.choices
    assert [choice.en for choice in chosen.choices] == ["people's court", "police"]
    assert chosen.right == 0 and chosen.accepted == ("人民法院", "people's court")
    assert question.stem.zh == ("自协议生效之日起\ufffc日内，共同向\ufffc申请；`[[代码]]`不是空。")
    assert question.stem.en is not None and question.stem.en.count("\ufffc") == 2


def test_gaps_in_a_table_and_in_bold() -> None:
    question = one(
        "### 题\n\n`#a`\n\n**[[甲]]**\n\n| 项 | 值 |\n| --- | --- |\n| 期限 | [[30\\|三十]] |\n"
    )
    assert isinstance(question.body, Cloze)
    assert [gap.accepted for gap in question.body.gaps] == [("甲",), ("30", "三十")]
    assert question.stem.zh.count("\ufffc") == 2 and "[[" not in question.stem.zh


def test_essay() -> None:
    question = of("论述")
    assert isinstance(question.body, Essay) and question.points == 10
    assert [row.points for row in question.body.rubric] == [4, 6]
    assert question.body.rubric[1].text.en == "Move people out and report"
    assert answered("> **评分标准**\n>\n> | 分 | 要点 |\n> |---|---|\n> | 3 | 甲 |").points == 3


def test_rich_markdown_is_kept_as_written() -> None:
    stem = (
        "先看表：\n\n| 项 | 值 | 注 |\n| --- | --- | --- |\n| a | 1 | x |\n\n"
        "```mermaid\nflowchart TD\n  A --> B\n```\n\n哪一项对？"
    )
    option = (
        "- [x] 第一段\n\n  第二段\n\n  - 里面的\n  - 列表\n\n"
        "  > 第一句\n  >\n  > - 一\n  > - 二\n- [ ] b\n- [ ] c"
    )
    note = "> **解析** 先看：\n>\n> 1. 甲\n> 2. 乙\n>\n> ```\n> code\n> ```"
    question = one(f"### 题\n\n`#a`\n\n{stem}\n\n{option}\n\n{note}\n")
    assert question.stem.zh == stem
    assert isinstance(question.body, Choice)
    first = question.body.options[0]
    assert first.text.zh == "第一段\n\n第二段\n\n- 里面的\n- 列表"
    assert first.feedback is not None and first.feedback.zh == "第一句\n\n- 一\n- 二"
    assert question.explanation is not None
    assert question.explanation.zh == "先看：\n\n1. 甲\n2. 乙\n\n```\ncode\n```"


def test_full_width_chips_and_crlf() -> None:
    question = one(
        "### 题\r\n\r\n`＃a` `２分` `难度：４` `标签：甲`\r\n\r\n问？\r\n\r\n> **答案** 乙\r\n"
    )
    assert (question.id, question.points, question.level, question.tags) == ("a", 2, 4, ("甲",))


@pytest.mark.parametrize("chip", ["多选", "multiple", "Multiple"])
def test_kind_chips_are_equal_in_both_languages(chip: str) -> None:
    body = answered("- [x] a\n- [ ] b\n- [ ] c", f"`{chip}`").body
    assert isinstance(body, Choice) and body.kind == "multiple"


def test_other_explanations_than_bold_are_understood() -> None:
    question = answered("- [x] a\n- [ ] b\n- [ ] c\n\n> 解析：因为甲。")
    assert question.explanation is not None and question.explanation.zh == "因为甲。"


def test_an_alert_in_the_stem_is_part_of_the_stem() -> None:
    question = one("### 题\n\n`#a`\n\n> [!CASE]\n> 某社区。\n\n问？\n\n- [x] a\n- [ ] b\n- [ ] c\n")
    assert question.stem.zh == "> [!CASE]\n> 某社区。\n\n问？"


def test_formatted_heading_becomes_a_plain_title() -> None:
    assert (
        one("### **期限** 和 `代码`\n\n`#a`\n\n问？\n\n> **答案** b\n").title.zh == "期限 和 代码"
    )
