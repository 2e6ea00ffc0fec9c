"""One content file, with its English edition, from text to what the cache keeps.

A ``Row`` holds only text and numbers: it crosses process borders and goes into the cache as it
is. Parsers do not raise; if one does, that is our fault, and it still costs only its own file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.content.tree import english_of
from portal.core.content_json import hash_of, to_json
from portal.core.course_parser import parse_course
from portal.core.courses import Course, Module
from portal.core.drill_json import drill_to_json
from portal.core.drill_parser import parse_drill
from portal.core.findings import Notes
from portal.core.item_checks import Facts, check_file, check_item, facts_of
from portal.core.module_parser import parse_module
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.question_parser import Place
from portal.core.questions import Question
from portal.core.quiz_parser import parse_quiz
from portal.core.quizzes import Quiz
from portal.core.statutes import StatuteRegistry


@dataclass(frozen=True, slots=True)
class Job:
    """What one file is parsed from. ``english`` is None where there is no (readable) edition."""

    path: str
    zh: str
    english: str | None
    capability: str  # default of the file's course


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one job.

    ``kind``: course, module, quiz, drill; "" when nothing could be read. ``value`` is canonical
    JSON; ``items`` one canonical JSON a question, ``facts`` what is asked about it library-wide.
    """

    path: str
    kind: str = ""
    value: str = ""
    items: Sequence[str] = ()
    versions: Sequence[str] = ()
    facts: Sequence[Facts] = ()
    problems: Sequence[Problem] = field(default=())
    links: Sequence[tuple[str, int, str]] = ()  # file, line, target
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def has_errors(self, path: str) -> bool:
        """Whether the file ``path`` (the Chinese one or its edition) has errors."""
        return any(
            problem.path == path and severity_of(problem) == "error" for problem in self.problems
        )


def parse_job(job: Job, statutes: StatuteRegistry | None) -> Row:
    """``job`` parsed, checked and put into JSON."""
    try:
        return _parse(job, statutes)
    except Exception as error:  # a parser that raises is a defect of ours; the rest is served
        detail = f"{type(error).__name__}: {error}"[:200]
        return Row(job.path, problems=(Problem(job.path, 1, "X011", {"detail": detail}),))


def row_to_text(row: Row) -> str:
    """``row`` as the text the cache keeps: a header line, the value, and one line a question.

    Canonical JSON has no line breaks of its own, so nothing has to be escaped twice.
    """
    header = json.dumps(
        [
            row.path,
            row.kind,
            list(row.versions),
            [fact.to_list() for fact in row.facts],
            [[one.path, one.line, one.code, dict(one.args)] for one in row.problems],
            list(row.links),
            dict(row.key_lines),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return "\n".join([header, row.value, *row.items])


def row_from_text(text: str) -> Row:
    """The row that ``row_to_text`` wrote."""
    header, value, *items = text.split("\n")
    path, kind, versions, facts, problems, links, key_lines = json.loads(header)
    return Row(
        path,
        kind,
        value,
        items,
        versions,
        [Facts.from_list(entry) for entry in facts],
        [Problem(*entry) for entry in problems],
        links,
        key_lines,
    )


def kind_of_path(path: str) -> str:
    """course, module or quiz, by where a file stands."""
    if path.startswith("quizzes/"):
        return "quiz"
    return "course" if path.endswith("/course.md") else "module"


# Private functions


def _parse(job: Job, statutes: StatuteRegistry | None) -> Row:
    course = job.path.split("/")[1]
    kind = kind_of_path(job.path)
    edition = english_of(job.path)
    place = Place(job.path, course, job.capability, kind == "module", statutes)
    notes = Notes()
    if kind == "course":
        found, problems = parse_course(job.zh, job.english, place, edition, notes)
        return _row(job, kind, found, (), problems, notes)
    if kind == "module":
        module, questions, problems = parse_module(
            job.zh, job.english, place, slug_of_file(job.path), edition, notes
        )
        return _row(job, kind, module, questions, problems, notes)
    stem = job.path.rpartition("/")[2].removesuffix(".md")
    parsed, problems = parse_quiz(job.zh, job.english, place, f"{course}/{stem}", edition, notes)
    if parsed.is_drill:
        drill, problems = parse_drill(
            job.zh, job.english, place, f"{course}/{stem}", edition, notes
        )
        value = drill_to_json(drill, places=True) if drill is not None else ""
        lines = notes.key_lines
        return Row(job.path, "drill", value, (), (), (), problems, notes.links, lines)
    return _row(job, kind, parsed.quiz, parsed.questions, problems, notes)


def slug_of_file(path: str) -> str:
    """``courses/law/01-first-steps.md`` → ``first-steps``: the number only orders the files."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return stem.lstrip("0123456789").lstrip("-_. ") or stem


def _row(
    job: Job,
    kind: str,
    value: Course | Module | Quiz | None,
    questions: Sequence[Question],
    problems: Sequence[Problem],
    notes: Notes,
) -> Row:
    if value is None:
        return Row(job.path, problems=problems, links=notes.links)
    items = [to_json(question) for question in questions]
    checks = [check for question in questions for check in check_item(question)]
    return Row(
        job.path,
        kind,
        to_json(value, places=True),
        items,
        [hash_of(item) for item in items],
        [facts_of(question) for question in questions],
        [*problems, *checks, *check_file(questions)],
        notes.links,
        notes.key_lines,
    )
