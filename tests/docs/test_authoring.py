"""The authoring guide is current, and every example in it is right."""

from __future__ import annotations

from itertools import product

import pytest

from portal.content.assets import ENDINGS
from portal.core import chips, drill_marks
from portal.core.authoring_texts import DRILL_CHIPS, QUESTION_CHIPS
from portal.core.blocks import parse_page
from portal.core.chips import KINDS
from portal.core.course_parser import parse_course
from portal.core.drill_parser import parse_drill
from portal.core.findings import Findings
from portal.core.front_fields import MISSING
from portal.core.markdown_marks import CALLOUTS
from portal.core.module_parser import parse_module
from portal.core.problem_texts import TEXTS, severity_of
from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz
from tests.guide_tables import DOCS, GUIDES, KEYS, guide, spans_of

LOCALES = ("zh", "en")
QUIZ = "---\nkind: quiz\ntitle: t\n---\n\n"


def text_of(locale: str) -> str:
    return (DOCS / GUIDES[locale]).read_text("utf-8")


def examples(locale: str) -> list[str]:
    return [
        block.tokens[0].content
        for block in parse_page(text_of(locale)).blocks
        if block.type == "fence" and block.tokens[0].info == "markdown"
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_tables_are_current(locale: str) -> None:
    assert guide(locale) == text_of(locale), "run: python -m tests.guide_tables"
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


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_explained_are_those_that_the_parser_reads(name: str) -> None:
    spec, explained = KEYS[name]
    assert set(spec) == set(explained)
    for key, text in explained.items():
        default = spec[key].default
        assert bool(text.absent_zh and text.absent_en) == (default is not MISSING), key
        if isinstance(default, bool):
            assert text.absent_en == str(default).lower(), key
        elif isinstance(default, int | float):
            assert text.absent_zh == text.absent_en == f"{default:g}", key


def test_chips_of_questions_are_read_as_they_are_shown() -> None:
    seen: set[str] = set()
    kinds: set[str] = set()
    for chip in QUESTION_CHIPS[1:]:
        meanings = []
        for written in (chip.written_zh, chip.written_en):
            findings = Findings("a.md")
            read = [chips.read_chips((one,), 1, findings).given for one in spans_of(written)]
            assert findings.problems == [], written
            meanings.append([list(one) for one in read])
            seen |= {key for one in read for key in one}
            kinds |= {one["kind"] for one in read if "kind" in one}
        assert meanings[0] == meanings[1], chip.written_en
    every = {*chips.FLAGS.values(), *chips.NAMES.values(), "points", "kind"}
    assert {{"laws": "law", "tags": "tag"}.get(key, key) for key in seen} == every
    assert kinds == set(KINDS.values())


def test_chips_of_drills_stand_where_they_are_said_to_stand() -> None:
    heads = {"scene", "decision"}
    places = {"option": drill_marks.OPTION_MARKS, "inject": drill_marks.INJECT_MARKS}
    seen: dict[str, set[str]] = {"head": set(), "option": set(), "inject": set()}
    for chip in DRILL_CHIPS[1:]:
        groups = {"head" if place in heads else place for place in chip.where}
        written = [*spans_of(chip.written_zh), *spans_of(chip.written_en)]
        for one, group in product(written, seen):
            findings = Findings("a.md")
            allowed = places.get(group, drill_marks.HEAD_MARKS)
            seen[group] |= set(drill_marks.read_marks([one], allowed, 1, findings).given)
            codes = [problem.code for problem in findings.problems]
            assert codes == ([] if group in groups else ["D003"]), (one, group)
    assert seen == {
        "head": set(drill_marks.HEAD_MARKS),
        "option": set(drill_marks.OPTION_MARKS),
        "inject": set(drill_marks.INJECT_MARKS),
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_callout_and_ending_is_described(locale: str) -> None:
    text = text_of(locale)
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
