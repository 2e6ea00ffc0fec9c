"""A draft is checked as if it were published, and nothing of it is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.library import Library
from tests.content import small

MODULE = "courses/one/01-first-visit.md"
QUIZ = "quizzes/one/basics.md"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(small.make(tmp_path))
    made.refresh()
    assert [problem.code for problem in made.catalogue.problems] == []
    return made


def new_codes(library: Library, drafts: dict[str, str | None], *assets: str) -> list[str]:
    return [f"{one.path}:{one.code}" for one in library.check(drafts, assets).new]


def test_a_draft_has_its_problems_by_line_and_is_not_served(library: Library) -> None:
    before = library.catalogue
    checked = library.check({QUIZ: small.QUIZ.replace("- [x]", "- [ ]")})
    assert [(one.line, one.code) for one in checked.of(QUIZ)] == [(13, "Q003")]
    assert library.catalogue is before
    assert library.check({QUIZ: small.QUIZ}).problems == ()


@pytest.mark.parametrize("path", sorted(small.FILES))
def test_unchanged_files_have_the_librarys_own_problems(tmp_path: Path, path: str) -> None:
    if path.endswith(".toml"):
        return
    changes: dict[str, str | bytes | None] = {
        QUIZ: small.QUIZ.replace("one-002", "one-101"),
        MODULE: small.MODULE + "\n![](a.png)\n",
    }
    library = Library(small.make(tmp_path, **changes))
    library.refresh()
    assert library.catalogue.problems
    checked = library.check({path: library.source(path)}, thorough=True)
    assert set(checked.problems) == set(library.catalogue.problems)


def test_what_a_draft_breaks_in_other_files_is_found(library: Library) -> None:
    assert new_codes(library, {QUIZ: None}) == ["courses/one/course.md:C008"]
    assert new_codes(library, {"quizzes/one/pool.md": None}) == ["quizzes/one/exam.md:Z002"]
    assert new_codes(library, {MODULE: None}) == [
        "courses/one/01-first-visit.en.md:X008",
        "courses/one/course.md:C002",
    ]
    again = {"quizzes/one/more.md": small.POOL}
    assert new_codes(library, again) == ["quizzes/one/more.md:Q005"]


def test_a_renumbered_module_keeps_its_id_and_questions(library: Library) -> None:
    renamed = {MODULE: None, "courses/one/01-first-visit.en.md": None}
    renamed |= {"courses/one/02-first-visit.md": small.MODULE}
    assert new_codes(library, renamed) == []


def test_a_new_course_is_whole_only_with_its_module(library: Library) -> None:
    course = {"courses/two/course.md": small.COURSE.replace("quizzes: [basics]", "quizzes: []")}
    assert new_codes(library, course) == ["courses/two/course.md:C002"]
    module = {"courses/two/01-a.md": "---\ntitle: 一\nminutes: 5\n---\n\n## 一\n\n文字。\n"}
    assert new_codes(library, {**course, **module}) == []


def test_pictures_that_come_with_the_draft_count_as_there(library: Library) -> None:
    draft = {"courses/one/course.md": small.COURSE + "\n![阀门](assets/valve.png)\n"}
    assert new_codes(library, draft) == ["courses/one/course.md:X013"]
    assert new_codes(library, draft, "courses/one/assets/valve.png") == []


def test_an_oversized_draft_is_one_problem(library: Library) -> None:
    assert new_codes(library, {MODULE: "字" * 80_000}) == [f"{MODULE}:X001"]
