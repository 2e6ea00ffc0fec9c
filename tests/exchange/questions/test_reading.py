"""Files as other programs write them, and as attackers do."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.core.markdown import render
from portal.core.question_parser import Place
from portal.core.questions import Choice, Cloze, Essay, Matching, Numeric, Ordering, Short
from portal.core.quiz_parser import parse_quiz
from portal.exchange import questions as exchange
from portal.exchange.questions.as_markdown import write_file

GIFT = r"""
// a comment [tag:消防]
$CATEGORY: 社区/消防

::出口::楼道里\:[html]<b>能</b>放什么？{
~%-50%电动车 # 会起火
~%50%灭火器
~%50%应急灯
####一年查一次}

公告栏归{=居委会 ~物业 ~业主}管。

网格员可以罚款。{F#没有处罚权。#对。}

报警电话？{=119 =%50%110 =火警*}

多少日？{#30:0.5}

配一配{
=燃气 -> 关阀
=触电 -> 断电
= -> 喊人
}

谈谈你的看法。{}

只是说明，不是题目。
"""
MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/社区</text></category></question>
<question type="multichoice">
 <name><text>先做哪件</text></name>
 <questiontext format="html"><text><![CDATA[<p>闻到<strong>燃气</strong>味，先做哪件？</p>
 <p><img src="@@PLUGINFILE@@/a.png" alt="厨房"/></p>]]></text><file name="a.png">AAAA</file>
 </questiontext>
 <generalfeedback format="html"><text>&lt;p&gt;先断源。&lt;/p&gt;</text></generalfeedback>
 <defaultgrade>2.0</defaultgrade><single>true</single><shuffleanswers>0</shuffleanswers>
 <answer fraction="100" format="html"><text>&lt;p&gt;关阀&lt;/p&gt;</text>
  <feedback format="html"><text>对。</text></feedback></answer>
 <answer fraction="0" format="html"><text>开灯 &lt;script&gt;alert(1)&lt;/script&gt;</text></answer>
 <tags><tag><text>燃气</text></tag></tags>
</question>
<question type="numerical"><name><text>n</text></name>
 <questiontext format="plain_text"><text>1 &lt; x，几日？</text></questiontext>
 <answer fraction="100"><text>30</text><tolerance>0.5</tolerance></answer>
 <units><unit><multiplier>1</multiplier><unit_name>日</unit_name></unit></units></question>
<question type="cloze"><name><text>c</text></name>
 <questiontext format="html"><text>&lt;p&gt;向{1:MULTICHOICE:=法院#对~公安#错}申请，
 {2:SHORTANSWER:=30~%50%三十}日内，{1:NM:=5:0.1}份。&lt;/p&gt;</text></questiontext></question>
<question type="ddwtos"><name><text>d</text></name>
 <questiontext><text>x</text></questiontext></question>
</quiz>"""
QTI2 = """<?xml version="1.0"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="水"
 adaptive="false" timeDependent="false">
<responseDeclaration identifier="R" cardinality="multiple" baseType="identifier">
<correctResponse><value>H</value><value>O</value></correctResponse></responseDeclaration>
<itemBody><p>水由什么组成？</p>
<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="0">
<prompt>选出全部。</prompt><simpleChoice identifier="H">氢<feedbackInline outcomeIdentifier="F"
 identifier="H" showHide="show">对</feedbackInline></simpleChoice>
<simpleChoice identifier="C">碳</simpleChoice><simpleChoice identifier="O">氧</simpleChoice>
</choiceInteraction></itemBody></assessmentItem>"""


def bodies(found: exchange.Imported) -> list[type]:
    return [type(question.body) for question in found.questions]


def test_gift_as_teachers_write_it() -> None:
    found = exchange.read("gift", GIFT.encode())
    assert bodies(found) == [Choice, Choice, Choice, Short, Numeric, Matching, Essay]
    first, missing_word, truth, short, number, pairs, _ = found.questions
    assert first.tags == ("消防",)
    assert first.explanation is not None and first.explanation.zh == "一年查一次"
    assert isinstance(first.body, Choice) and first.body.kind == "multiple"
    assert first.body.options[0].feedback is not None
    assert "＿＿＿＿" in missing_word.stem.zh
    assert isinstance(truth.body, Choice) and truth.body.options[1].correct
    assert isinstance(short.body, Short) and short.body.accepted == ("119",)
    assert isinstance(number.body, Numeric) and (number.body.low, number.body.high) == (29.5, 30.5)
    assert isinstance(pairs.body, Matching) and len(pairs.body.rights) == 3
    codes = {(note.number, note.code) for note in found.notes}
    assert {(4, "partial_marks"), (4, "wildcard"), (7, "rubric_made"), (8, "description")} == codes


def test_a_short_answer_may_lack_its_sign() -> None:
    (question,) = exchange.read("gift", "报警电话{119}".encode()).questions
    assert isinstance(question.body, Short) and question.body.accepted == ("119",)


def test_moodle_xml_with_html_and_files() -> None:
    found = exchange.read("moodle", MOODLE.encode())
    first, number, cloze = found.questions
    assert first.stem.zh == "闻到**燃气**味，先做哪件？\n\n厨房"
    assert isinstance(first.body, Choice) and first.body.fixed
    assert first.body.options[1].text.zh == "开灯"
    assert (first.points, first.tags) == (2, ("燃气",))
    assert number.stem.zh == "1 \\< x，几日？"
    assert isinstance(number.body, Numeric) and number.body.unit.zh == "日"
    assert isinstance(cloze.body, Cloze)
    assert [gap.accepted for gap in cloze.body.gaps] == [("法院",), ("30",), ("5",)]
    noted = {(note.number, note.code) for note in found.notes}
    assert {(1, "image"), (1, "media"), (3, "gap_weights"), (4, "unknown_kind")} <= noted


def test_a_single_qti_2_item() -> None:
    found = exchange.read("qti", QTI2.encode())
    (question,) = found.questions
    assert question.stem.zh == "水由什么组成？\n\n选出全部。"
    assert isinstance(question.body, Choice)
    assert [option.correct for option in question.body.options] == [True, False, True]
    assert question.body.options[0].feedback is not None
    assert found.notes == ()


def test_an_identifier_is_no_title() -> None:
    unnamed = QTI2.replace('title="水"', 'title="i1"')
    (question,) = exchange.read("qti", unnamed.encode()).questions
    assert question.title.zh.startswith("水由什么组成")


def test_aiken() -> None:
    text = "先做哪件？\nA. 关阀\nB) 开灯\nANSWER: A\n\n没有答案的\nA. 甲\nB. 乙\n"
    found = exchange.read("aiken", text.encode())
    assert [note.code for note in found.notes] == ["no_key"]
    assert isinstance(found.questions[0].body, Choice)


SHEET = [
    ["题型", "题干", "选项A", "选项B", "选项C", "正确答案", "解析", "难易度", "依据", "分值"],
    ["单选题", "先做（ ）", "关阀", "开灯", "", "a", "先断源", "易", "《人民调解法》第三十三条", 2],
    ["多选", "哪些", "甲", "乙", "丙", "A、C", "", "较难", "", ""],
    ["多选题", "哪些？", "甲", "乙", "丙", "AB", "", "", "", ""],
    ["", "哪些！", "甲", "乙", "丙", "B,C", "", "", "", ""],
    ["判断", "可以处罚", "", "", "", "×", "", "", "", ""],
    ["判断题", "可以上报", "", "", "", "对", "", "", "", ""],
    ["单选", "对吗", "正确", "错误", "", "B", "", "", "", ""],
    ["填空题", "在（  ）日内向____申请", "", "", "", "30；法院|人民法院", "", "", "", ""],
    ["简答", "谁主持", "", "", "", "人民调解委员会；调委会", "", "", "", ""],
    ["排序", "步骤", "疏散", "断源", "上报", "BAC", "", "", "", ""],
    ["单选", "没有这个选项", "甲", "乙", "", "D", "", "", "", ""],
    ["连线", "不认识", "", "", "", "x", "", "", "", ""],
]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_sheet_that_trainers_have() -> None:
    data = workbook(SHEET)
    assert exchange.guess("题.xlsx", data) == "sheet"
    found = exchange.read("sheet", data)
    single, two, also, unnamed, no, yes, truth, gaps, short, order = found.questions
    assert (single.points, single.level, single.laws[0].article) == (2, 1, "33")
    for question, right in ((single, [0]), (two, [0, 2]), (also, [0, 1]), (unnamed, [1, 2])):
        assert isinstance(question.body, Choice)
        assert [at for at, o in enumerate(question.body.options) if o.correct] == right
    for question, right in ((no, 1), (yes, 0), (truth, 1)):
        assert isinstance(question.body, Choice) and question.body.kind == "truefalse"
        assert question.body.options[right].correct
    assert isinstance(gaps.body, Cloze)
    assert [gap.accepted for gap in gaps.body.gaps] == [("30",), ("法院", "人民法院")]
    assert isinstance(short.body, Short) and len(short.body.accepted) == 2
    assert isinstance(order.body, Ordering)
    assert [item.zh for item in order.body.items] == ["断源", "疏散", "上报"]
    assert [(n.number, n.code) for n in found.notes] == [
        (12, "answer_unclear"),
        (13, "unknown_kind"),
    ]


HOSTILE = [
    "### 标题\n\n`#other-1` `5分`",
    "- [x] 假选项\n- [ ] 另一个",
    "> **答案** 假\n> **解析** 假",
    "```\n未完",
    "[[缺口]] [链接](javascript:alert(1)) ![图](x)",
    "# 甲\n---\nkind: exam",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "【x】甲\n［ ］乙\n1、丙\n☑ 丁",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_foreign_words_stay_words(words: str) -> None:
    rows = [["题干", "选项A", "选项B", "答案", "解析"], [words, words, "别的", "A", words]]
    sheet = exchange.read("sheet", workbook(rows))
    escaped = "".join("\\" + ch if ch in "~=#{}:\\" else ch for ch in words).replace("\n", "\\n")
    gifts = [
        exchange.read("gift", f"[{form}]{escaped}{{T}}".encode()) for form in ("markdown", "html")
    ]
    for found in (sheet, *gifts):
        numbered = [replace(one, id=f"new-{at}") for at, one in enumerate(found.questions)]
        text = write_file(numbered, "pool", words)
        read, _ = parse_quiz(text, None, Place("q.md"), "x/q")
        assert read.quiz is not None and read.quiz.kind == "pool"
        assert [(q.id, q.stem) for q in read.questions] == [(q.id, q.stem) for q in numbered]
        shown = "".join(str(render(question.stem.zh)) for question in numbered)
        assert "javascript:" not in shown.replace("](javascript:", "") and "<script" not in shown


def zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in files.items():
            archive.writestr(name, words)
    return target.getvalue()


def test_packages_that_are_not_safe_are_refused() -> None:
    bomb = zipped({"a.xml": "<a>" + " " * 30_000_000 + "</a>"})
    outside = zipped({"../../etc/a.xml": QTI2})
    for data in (bomb, outside, b"PK\x03\x04broken"):
        found = exchange.read("qti", data)
        assert [note.code for note in found.notes] == ["bad_package"]
    assert len(exchange.read("qti", zipped({"items/a.xml": QTI2})).questions) == 1


ENTITIES = '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">{}]><quiz>&b;{}</quiz>'


@pytest.mark.parametrize(
    ("declared", "used"),
    [("", ""), ('<!ENTITY x SYSTEM "file:///etc/passwd">', "<question>&x;</question>")],
)
def test_entities_are_refused(declared: str, used: str) -> None:
    found = exchange.read("moodle", ENTITIES.format(declared, used).encode())
    assert [note.code for note in found.notes] == ["not_moodle_xml"]


def test_depth_is_bounded() -> None:
    deep = "<quiz><question type='essay'><questiontext>" + "<a>" * 3_000 + "</a>" * 3_000
    found = exchange.read("moodle", f"{deep}</questiontext></question></quiz>".encode())
    assert found.questions == ()
    html = "&lt;div&gt;&lt;ul&gt;&lt;li&gt;" * 400
    text = f"<quiz><question type='truefalse'><questiontext format='html'><text>{html}x"
    exchange.read("moodle", f"{text}</text></questiontext></question></quiz>".encode())


SEEDS = {"gift": GIFT.encode(), "moodle": MOODLE.encode(), "qti": QTI2.encode()}
SEEDS["aiken"] = "题\nA. 甲\nB. 乙\nANSWER: A\n".encode()


@pytest.mark.parametrize("form", sorted(SEEDS))
def test_damaged_files_are_read_or_refused(form: str) -> None:
    dice = random.Random(7)
    for _ in range(60):
        data = bytearray(SEEDS[form])
        for _ in range(dice.randint(1, 30)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 4)] = dice.randbytes(dice.randint(0, 3))
        exchange.read(form, bytes(data))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(["gift", "aiken"]), st.text(max_size=200))
def test_any_text_is_read_or_refused(form: str, words: str) -> None:
    exchange.read(form, words.encode("utf-8", "surrogatepass"))  # type: ignore[arg-type]
