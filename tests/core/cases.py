"""Reads the Markdown fixtures: cases that a trainer can read, and what is expected of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.blocks import parse_page
from portal.core.capability_parser import parse_capabilities
from portal.core.containers import items
from portal.core.item_checks import check_file, check_item
from portal.core.module_parser import parse_module
from portal.core.problems import Problem
from portal.core.question_parser import Place
from portal.core.questions import Question
from portal.core.quiz_parser import parse_quiz

FIXTURES = Path(__file__).with_name("fixtures")
_FRONT = {
    "quiz": "---\nkind: quiz\ntitle: 测验\n---\n",
    "module": "---\ntitle: 单元\nminutes: 20\n---\n",
}
_HEAD = 4  # lines of front matter that a case does not show


@dataclass(slots=True)
class Case:
    title: str
    sources: dict[str, str] = field(default_factory=dict)  # by kind: quiz, quiz-en, module, …
    expected: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    questions: tuple[Question, ...]
    problems: list[Problem]
    value: object = None


def cases(name: str) -> Iterator[Case]:
    """The cases of a fixture file, in order."""
    page = parse_page((FIXTURES / f"{name}.md").read_text("utf-8"))
    case: Case | None = None
    for block in page.blocks:
        if block.type == "heading_open" and block.tokens[0].tag == "h2":
            if case is not None:
                yield case
            case = Case(block.text)
        elif block.type == "fence" and case is not None:
            case.sources[block.tokens[0].info] = block.tokens[0].content
        elif block.type == "bullet_list_open" and case is not None:
            case.expected = [item.first for item in items(block)]
    if case is not None:
        yield case


def run(case: Case) -> Result:
    """Parse and check what a case shows. Lines are counted from its first line."""
    kind = next(iter(case.sources))
    text, english = case.sources[kind], case.sources.get(f"{kind}-en")
    if kind == "capabilities":
        return Result((), parse_capabilities(text, "zh")[1])
    whole = kind.startswith("file-")
    shape = kind.removeprefix("file-")
    if not whole:
        text = _FRONT[shape] + text
        english = None if english is None else "---\ntitle: T\n---\n\n" + english
    place = Place("zh", "law-course", "mass-work", shape == "module")
    value: object
    if shape == "quiz":
        parsed, problems = parse_quiz(text, english, place, "law-course/basics", "en")
        questions, value = parsed.questions, parsed.quiz
    else:
        value, questions, problems = parse_module(text, english, place, "first", "en")
    problems = [*problems, *(one for item in questions for one in check_item(item))]
    problems += check_file(questions)
    shift = 0 if whole else _HEAD
    moved = [Problem(one.path, max(one.line - shift, 1), one.code, one.args) for one in problems]
    return Result(questions, moved, value)


def shown(problem: Problem) -> str:
    """``7: Q003``, with ``en`` in front for the English edition."""
    edition = "en " if problem.path == "en" else ""
    return f"{edition}{problem.line}: {problem.code}"
