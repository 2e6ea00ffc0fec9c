"""The authoring guide is current, and every example in it is right."""

from __future__ import annotations

import pytest

from portal.content.assets import ENDINGS
from portal.core import course_parser, drill_parser, module_parser, quiz_parser
from portal.core.blocks import parse_page
from portal.core.chips import KINDS
from portal.core.course_parser import parse_course
from portal.core.drill_parser import parse_drill
from portal.core.markdown_marks import CALLOUTS
from portal.core.module_parser import parse_module
from portal.core.problem_texts import TEXTS, severity_of
from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz
from tests.problem_tables import DOCS, GUIDES, guide

LOCALES = ("zh", "en")
QUIZ = "---\nkind: quiz\ntitle: t\n---\n\n"


def text_of(locale: str) -> str:
    return (DOCS / GUIDES[locale][0]).read_text("utf-8")


def examples(locale: str) -> list[str]:
    return [
        block.tokens[0].content
        for block in parse_page(text_of(locale)).blocks
        if block.type == "fence" and block.tokens[0].info == "markdown"
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_table_of_problems_is_current(locale: str) -> None:
    assert guide(locale) == text_of(locale), "run: python -m tests.problem_tables"
    assert all(f"| {code} |" in text_of(locale) for code in TEXTS)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_example_is_right(locale: str) -> None:
    kinds = set()
    for example in examples(locale):
        if "kind: drill" in example:
            value, problems = parse_drill(example, None, Place("a", "one"), "one/a")
        elif "capability:" in example and example.startswith("---"):
            value, problems = parse_course(example, None, Place("a", "one"))
        elif "minutes: 25" in example:
            value, _, problems = parse_module(example, None, Place("a", "one", "", True), "a")
        else:
            whole = example if example.startswith("---") else QUIZ + example
            parsed, problems = parse_quiz(whole, None, Place("a", "one"), "one/a")
            value = parsed.quiz
            kinds |= {question.body.kind for question in parsed.questions}
        assert value is not None
        assert [one.code for one in problems if severity_of(one) == "error"] == [], example
    assert kinds == set(KINDS.values()) - {"multiple"}, "multiple is described with single"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_chip_callout_and_ending_is_described(locale: str) -> None:
    text = text_of(locale)
    specs = (
        course_parser.COURSE_KEYS,
        module_parser.MODULE_KEYS,
        quiz_parser.QUIZ_KEYS,
        drill_parser.DRILL_KEYS,
    )
    for spec in specs:
        for key in spec:
            assert f"| `{key}` |" in text, key
    for name in set(KINDS) - {"truefalse", "short text"}:
        assert f"`{name}`" in text, name
    for chip in ("固定顺序", "fixed", "停用", "retired", "难度:3", "level:3", "2分", "2 points"):
        assert f"`{chip}`" in text, chip
    for kind in set(CALLOUTS) - {"IMPORTANT", "CAUTION"}:
        assert f"[!{kind}]" in text, kind
    for ending in set(ENDINGS) - {".jpeg"}:
        assert ending.lstrip(".") in text, ending


def test_both_guides_have_the_same_shape() -> None:
    shapes = [
        [block.tokens[0].tag for block in parse_page(text_of(locale)).blocks if block.tokens[0].tag]
        for locale in LOCALES
    ]
    assert shapes[0] == shapes[1]
