"""Whatever an author writes, parsers answer with problems: they never raise and never hang."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.capability_parser import parse_capabilities
from portal.core.content_json import question_from_json, to_json
from portal.core.course_parser import parse_course
from portal.core.item_checks import check_file, check_item, facts_of
from portal.core.missing_ids import ids_for, spots, with_ids
from portal.core.module_parser import parse_module
from portal.core.problem_texts import describe
from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz
from tests.content.small import CAPABILITIES, COURSE, EXAM, MODULE, MODULE_EN, QUIZ
from tests.core.cases import cases

WHOLE = [QUIZ, MODULE, MODULE_EN, COURSE, EXAM]
HEADS = {
    "quiz": "---\nkind: quiz\ntitle: t\n---\n\n",
    "module": "---\ntitle: t\nminutes: 5\n---\n\n## s\n\n",
}
for name in ("questions", "question_problems", "item_writing", "files"):
    for case in cases(name):
        WHOLE += [HEADS.get(kind, "") + text for kind, text in case.sources.items()]
PIECES = [
    *(
        "- [ ] ",
        "- [x] ",
        "-[x]",
        "【x】",
        "［x］",
        "[√]",
        "1、",
        "1. ",
        "A. ",
        "> ",
        "> **解析** ",
    ),
    *("> **答案** ", "> **评分标准**", "[[", "]]", "|", "| a | b |\n| --- | --- |\n", "```", "~~~"),
    *("### ", "## ", "# ", "---", "---\n", "`#a`", "`", "``", "`2分`", "`难度:9`", "`多选`", "***"),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "    ",
        "\u3000",
        "\ufeff",
        "\ufffc",
        "\0",
        "\u2028",
        "\U0001f600",
    ),
    *("[^1]", "[^1]: x", "[a]: b", "![](x)", "<b>", "&amp;", "$x$", ": ", "title: t", "kind: quiz"),
    *("《人民调解法》第三十三条", "依据:人民调解法§33", "± ", "30 日", "*", "**", "_", "~~", "\\"),
]
EDIT = st.tuples(
    st.floats(0, 1), st.integers(0, 30), st.one_of(st.sampled_from(PIECES), st.text(max_size=6))
)
TEXTS = st.one_of(
    st.builds(
        lambda text, edits: mutated(text, edits),
        st.sampled_from(WHOLE),
        st.lists(EDIT, max_size=12),
    ),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=60).map(
        lambda pieces: "---\nkind: quiz\ntitle: t\n---\n\n" + "".join(pieces)
    ),
)


def mutated(text: str, edits: list[tuple[float, int, str]]) -> str:
    """``text`` with pieces put in place of stretches of it."""
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    return text


def read_everything(text: str, english: str | None) -> None:
    """All parsers over one text; problems must have words, questions must survive JSON."""
    lines = text.count("\n") + text.count("\r") + 2
    place = Place("zh.md", "one", "law")
    quiz, problems = parse_quiz(text, english, place, "one/a", "en.md")
    found = list(quiz.questions)
    _, questions, more = parse_module(text, english, Place("zh.md", "one", "", True), "a", "en.md")
    found += questions
    problems += more + parse_course(text, english, place, "en.md")[1]
    problems += parse_capabilities(text, "zh.md")[1]
    for question in found:
        problems += check_item(question)
        facts_of(question)
        assert question_from_json(to_json(question)) == question
    problems += check_file(found)
    for problem in problems:
        for locale in ("zh", "en"):
            assert all(describe(problem, locale))
        if problem.path == "zh.md":
            assert 1 <= problem.line <= lines
    for in_module in (False, True):
        places = spots(text, in_module)
        with_ids(text, places, ids_for(places, lambda: "new-1"))


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(TEXTS, st.one_of(st.none(), TEXTS))
def test_parsers_never_raise_and_never_hang(text: str, english: str | None) -> None:
    start = time.process_time()
    read_everything(text, english)
    assert time.process_time() - start < 2


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(EDIT, max_size=6))
def test_capabilities_never_raise(edits: list[tuple[float, int, str]]) -> None:
    parse_capabilities(mutated(CAPABILITIES, edits), "capabilities.toml")


def test_long_hostile_texts_are_quick() -> None:
    """Texts of the allowed size that punish careless parsers."""
    head = "---\nkind: quiz\ntitle: t\n---\n\n### a\n\n`#a`\n\n"
    for piece in (
        "[[",
        "- [ ] a\n",
        "`",
        "> ",
        "| a | b |\n",
        "**解析**",
        "1. ",
        "《",
        "【x】\n",
        "#",
    ):
        text = head + piece * (190_000 // len(piece.encode()))
        start = time.process_time()
        parse_quiz(text, None, Place("zh.md", "one", "law"), "one/a")
        assert time.process_time() - start < 5, piece


@settings(max_examples=80, deadline=None, derandomize=True)
@given(TEXTS)
def test_missing_ids_add_and_never_take_away(text: str) -> None:
    """Every character of the text is still there, in order, after ids were written."""
    places = spots(text, in_module=False)
    changed = with_ids(text, places, ids_for(places, lambda: "new-1"))
    rest = iter(changed)
    assert all(char in rest for char in text)
