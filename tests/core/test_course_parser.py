"""Modules cut into sections, prose and checkpoints; courses and what completes them."""

from __future__ import annotations

from portal.core.course_parser import parse_course
from portal.core.courses import Checkpoint, Module, Prose
from portal.core.module_parser import parse_module
from portal.core.problems import Problem
from portal.core.question_parser import Place

HEAD = "---\ntitle: 单元\nminutes: 20\n---\n\n"
ASK = "`#{}`\n\n人民调解收费吗？\n\n- [x] 不收\n- [ ] 收\n- [ ] 看情况\n\n> **解析** 不收。\n"
PLACE = Place("courses/one/01-first.md", "one", "law", in_module=True)


def parsed(body: str, english: str | None = None) -> tuple[Module, list[Problem]]:
    edition = None if english is None else f"---\ntitle: Unit\n---\n\n{english}"
    module, _, problems = parse_module(HEAD + body, edition, PLACE, "first", "en")
    assert module is not None
    return module, problems


def shape(module: Module) -> list[tuple[str, list[str]]]:
    return [
        (
            section.slug,
            [
                segment.question_id if isinstance(segment, Checkpoint) else segment.text.zh
                for segment in section.segments
            ],
        )
        for section in module.sections
    ]


def test_sections_prose_and_checkpoints_in_reading_order() -> None:
    body = f"开头。\n\n## 一节\n\n甲。\n\n### 小标题\n\n乙。\n\n### 收费\n\n{ASK.format('a')}\n"
    body += "题后。\n\n"
    body += f"#### 又一题\n\n{ASK.format('b')}\n## 二节\n\n丙。\n"
    module, problems = parsed(body)
    assert problems == []
    assert shape(module) == [
        ("start", ["开头。"]),
        ("一节", ["甲。\n\n### 小标题\n\n乙。", "a", "题后。", "b"]),
        ("二节", ["丙。"]),
    ]
    assert module.checkpoint_ids == ("a", "b")
    assert module.sections[0].title.zh == "单元"


def test_lines_are_those_of_the_file() -> None:
    module, _ = parsed("## 一节\n\n甲。\n\n## 二节\n\n\n乙。\n")
    lines = [
        segment.line
        for section in module.sections
        for segment in section.segments
        if isinstance(segment, Prose)
    ]
    assert lines == [8, 13]


def test_slugs_are_githubs_and_unique() -> None:
    module, _ = parsed(
        "## What, now?\n\na\n\n## 谁 能调\n\nb\n\n## 谁 能调\n\nc\n\n## start\n\nd\n"
    )
    assert [section.slug for section in module.sections] == [
        "what-now",
        "谁-能调",
        "谁-能调-1",
        "start-1",
    ]


def test_check_lists_and_tables_in_prose_are_no_questions() -> None:
    body = (
        "## 一节\n\n### 检查单\n\n- [ ] 灭火器\n- [x] 应急灯\n\n| 甲 | 乙 |\n| - | - |\n| a | b |\n"
    )
    module, problems = parsed(body)
    assert problems == [] and module.checkpoint_ids == ()


def test_footnotes_and_link_definitions_reach_the_part_that_uses_them() -> None:
    body = "## 一节\n\n看这里[^1]和[那里][x]。\n\n## 二节\n\n无。\n\n"
    body += "[^1]: 注释一。\n\n[x]: 02-next.md\n"
    module, problems = parsed(body)
    assert problems == []
    assert shape(module) == [
        ("一节", ["看这里[^1]和[那里][x]。\n\n[x]: 02-next.md\n\n[^1]: 注释一。"]),
        ("二节", ["无。"]),
    ]


def test_english_words_join_by_position() -> None:
    body = f"## 一节\n\n甲。\n\n### 收费\n\n{ASK.format('a')}\n题后。\n"
    english = f"## One\n\nA.\n\n### Fees\n\n{ASK.format('a')}\nAfter.\n"
    module, problems = parsed(body, english)
    assert problems == [] and module.has_english
    assert (module.title.en, module.sections[0].title.en) == ("Unit", "One")
    first, _, last = module.sections[0].segments
    assert isinstance(first, Prose) and first.text.en == "A."
    assert isinstance(last, Prose) and last.text.en == "After."


def test_an_edition_of_another_shape_is_not_shown() -> None:
    module, problems = parsed("## 一节\n\n甲。\n\n## 二节\n\n乙。\n", "## One\n\nA.\n")
    assert [problem.code for problem in problems] == ["C012"]
    assert not module.has_english and module.sections[0].title.en is None


def test_a_faulty_checkpoint_is_left_out_and_the_rest_stays() -> None:
    bad = ASK.format("a").replace("[x]", "[ ]")
    module, problems = parsed(f"## 一节\n\n甲。\n\n### 收费\n\n{bad}\n题后。\n")
    assert [problem.code for problem in problems] == ["Q003"]
    assert shape(module) == [("一节", ["甲。", "题后。"])]


def test_version_is_that_of_the_chinese_source() -> None:
    one, _ = parsed("## 一节\n\n甲。\n")
    same, _ = parsed("## 一节\r\n\r\n甲。\r\n".replace("\r\n", "\n"), "## One\n\nA.\n")
    other, _ = parsed("## 一节\n\n乙。\n")
    assert one.version == same.version != other.version


def test_a_course() -> None:
    text = (
        "---\ntitle: 课程\ncapability: law\nlevel: 2\nhours: 1.5\nposts: []\n"
        "pass: {modules: [first, second], quizzes: [basics, other/final]}\nreview_by: 2027-03-31\n"
        "---\n\n介绍。\n\n## 写给谁\n\n网格员。\n"
    )
    place = Place("courses/one/course.md", "one")
    course, problems = parse_course(text, "---\ntitle: Course\n---\n\nIntro.\n", place, "en")
    assert course is not None and problems == []
    assert course.pass_modules == ("one/first", "one/second")
    assert course.pass_quizzes == ("one/basics", "other/final")
    assert course.title.en == "Course" and course.has_english
    assert course.intro.zh.startswith("介绍。") and course.intro.en == "Intro."
    assert (course.review_by, course.valid_months, course.posts) == ("2027-03-31", 0, ())
