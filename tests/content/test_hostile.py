"""Files that somebody got wrong, or made to hurt: one clear problem each, the rest is served."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from portal.content.library import Library
from portal.core.problem_texts import describe
from portal.core.problems import Problem
from tests.content.small import CAPABILITIES, COURSE, FILES, MODULE, POOL, QUIZ, make, put

GBK = QUIZ.encode("gbk")
BOMB = (
    "---\na: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\ntitle: *c\n---\n\n## 一节\n"
)
BIG = MODULE + "很长。\n" * 40_000
NEW = "quizzes/one/new.md"


def loaded(root: Path) -> Library:
    library = Library(root)
    library.refresh()
    return library


def only_problem(root: Path) -> Problem:
    """The one problem there is; everything else is served."""
    library = loaded(root)
    problems = library.catalogue.problems
    assert len(problems) == 1, [(one.path, one.line, one.code) for one in problems]
    assert "one/basics" in library.catalogue.quizzes
    assert "one/first-visit" in library.catalogue.modules
    for locale in ("zh", "en"):
        message, hint = describe(problems[0], locale)
        assert message and hint and "{" not in message + hint
    return problems[0]


def test_the_small_folder_is_sound(tmp_path: Path) -> None:
    catalogue = loaded(make(tmp_path)).catalogue
    assert catalogue.problems == ()
    assert set(catalogue.quizzes) == {"one/basics", "one/pool", "one/exam"}
    assert catalogue.courses["one"].pass_modules == ("one/first-visit",)
    assert catalogue.courses["one"].pass_quizzes == ("one/basics",)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (QUIZ.replace("one-0", "new-0").replace("- [x]", "- [ ]"), "Q003", 13),
        (GBK, "X002", 3),
        (b"\xff\xfe---\n" + os.urandom(64).replace(b"\n", b"x") + b"\xff", "X003", 1),
        (QUIZ.replace("one-0", "new-0") + "\0", "X005", 28),
        (BOMB, "F004", 2),
        ("---\nkind: quiz\ntitle: 新\n\n### 题\n", "F002", 1),
        (QUIZ.replace("one-0", "new-0") + "\n```mermaid\nflowchart TD\n", "X006", 29),
        (QUIZ.replace("one-0", "new-0").replace("§33", "§99"), "L003", 19),
        (
            QUIZ.replace("one-0", "new-0").replace("《人民调解法》第四条", "《调解法》第四条"),
            "L001",
            17,
        ),
    ],
    ids=[
        *("no key", "GBK", "random bytes", "NUL", "alias bomb", "front matter not closed"),
        *("fence not closed", "no such article", "unknown statute"),
    ],
)
def test_one_clear_problem(tmp_path: Path, content: str | bytes, code: str, line: int) -> None:
    make(tmp_path)
    # stems differ, so that only the fault under test is found
    if isinstance(content, str):
        content = content.replace("人民调解委员会调解民间纠纷", "网格员上门劝和").replace(
            "自调解", "从签字"
        )
    put(tmp_path, NEW, content)
    problem = only_problem(tmp_path)
    assert (problem.path, problem.line, problem.code) == (NEW, line, code)


def test_two_questions_with_one_id_name_both_places(tmp_path: Path) -> None:
    make(tmp_path)
    put(
        tmp_path,
        NEW,
        POOL.replace("设立的调解组织叫什么", "依法设立的、调解民间纠纷的群众性组织是哪个"),
    )
    library = loaded(tmp_path)
    (problem,) = library.catalogue.problems
    assert (problem.path, problem.code) == ("quizzes/one/pool.md", "Q005")
    assert f"{NEW}:6" in describe(problem, "zh")[0]
    assert library.catalogue.questions["one-101"].path == NEW
    assert library.catalogue.quizzes["one/pool"].question_ids == ()


def test_an_id_stays_with_the_file_that_had_it(tmp_path: Path) -> None:
    """A copy made while the portal runs does not take the place of the original."""
    library = loaded(make(tmp_path))
    put(
        tmp_path,
        NEW,
        POOL.replace("设立的调解组织叫什么", "依法设立的、调解民间纠纷的群众性组织是哪个"),
    )
    assert library.refresh()
    (problem,) = library.catalogue.problems
    assert (problem.path, problem.line, problem.code) == (NEW, 6, "Q005")
    assert library.catalogue.questions["one-101"].path == "quizzes/one/pool.md"


def test_too_large(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/one/02-long.md", BIG)
    problem = only_problem(tmp_path)
    assert (problem.path, problem.code) == ("courses/one/02-long.md", "X001")
    assert "200" in describe(problem, "zh")[0]


def test_alias_bomb_is_quick(tmp_path: Path) -> None:
    levels = "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 30))
    make(tmp_path)
    put(tmp_path, NEW, f"---\nk0: &k0 x\n{levels}\n---\n")
    start = time.process_time()
    assert only_problem(tmp_path).code == "F004"
    assert time.process_time() - start < 2


@pytest.mark.parametrize("target", ["file", "folder", "course"])
def test_links_that_lead_out(tmp_path: Path, target: str) -> None:
    outside = make(tmp_path / "outside")
    root = make(tmp_path / "root")
    if target == "file":
        (root / NEW).symlink_to(outside / "quizzes/one/pool.md")
        path = NEW
    elif target == "folder":
        (root / "quizzes/two").symlink_to(outside / "quizzes/one")
        path = "quizzes/two"
    else:
        (root / "courses/two").symlink_to(outside / "courses/one")
        path = "courses/two"
    problem = only_problem(root)
    assert (problem.path, problem.code) == (path, "X004")


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    root = make(tmp_path)
    put(root, "courses/one/shared.txt", POOL.replace("one-101", "one-201").replace("叫", "称为"))
    (root / NEW).symlink_to(root / "courses/one/shared.txt")
    assert "one-201" in loaded(root).catalogue.questions


def test_unreadable_file(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / NEW).mkdir()  # a folder with the name of a file: cannot be opened
    assert only_problem(tmp_path).code == "X007"


def test_english_without_chinese(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "quizzes/one/late.en.md", "---\ntitle: Late\n---\n")
    problem = only_problem(tmp_path)
    assert (problem.code, problem.args["source"]) == ("X008", "late.md")


def test_names_that_fit_no_address(tmp_path: Path) -> None:
    make(tmp_path)
    put(
        tmp_path, "quizzes/one/new quiz?.md", POOL.replace("one-101", "one-301").replace("叫", "称")
    )
    assert only_problem(tmp_path).code == "X009"


def test_nested_too_deeply(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/one/02-deep.md", MODULE + "\n" + ">" * 9000 + " 深\n")
    problem = only_problem(tmp_path)
    assert (problem.code, problem.line) == ("X010", 29)


def test_a_parser_that_fails_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X011 is our fault, and never the reader's loss."""
    from portal.content import parsing

    sound = parsing.parse_quiz

    def failing(*args: object, **kwargs: object) -> object:
        if "pool" in str(args[2]):
            raise ZeroDivisionError("a defect")
        return sound(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(parsing, "parse_quiz", failing)
    catalogue = loaded(make(tmp_path)).catalogue
    assert "X011" in {one.code for one in catalogue.problems}
    assert "one/basics" in catalogue.quizzes


@pytest.mark.parametrize("path", ["courses/capabilities.toml", "courses/statutes.toml"])
def test_missing_registry(tmp_path: Path, path: str) -> None:
    make(tmp_path)
    put(tmp_path, path, None)
    problem = only_problem(tmp_path)
    assert (problem.path, problem.code) == (path, "X012")


def test_links_to_files_that_are_not_there(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/one/assets/ok.png", b"\x89PNG\r\n\x1a\n....")
    put(tmp_path, "courses/one/assets/bad.png", b"<html>")
    text = MODULE + "\n\n[好](assets/ok.png) [坏](assets/bad.png)\n![无](assets/none.png)\n"
    put(tmp_path, "courses/one/01-first-visit.md", text + "\n[下一节](../one/course.md#x)\n")
    put(tmp_path, "courses/one/01-first-visit.en.md", None)
    found = [(one.line, one.code) for one in loaded(tmp_path).catalogue.problems]
    assert found == [(30, "X014"), (31, "X013")]


@pytest.mark.parametrize(
    ("path", "old", "new", "code", "line"),
    [
        ("courses/one/course.md", "capability: law", "capability: laws", "C005", 3),
        ("courses/one/course.md", "posts: [grid]", "posts: [grids]", "C006", 5),
        ("courses/one/course.md", "prerequisites: []", "prerequisites: [two]", "C007", 9),
        ("courses/one/course.md", "[basics]", "[basic]", "C008", 10),
        ("courses/one/course.md", "[basics]", "[pool]", "C008", 10),
        ("courses/one/course.md", "modules: all", "modules: [second]", "C009", 10),
        ("courses/one/course.md", "prerequisites: []", "prerequisites: [one]", "C010", 9),
        ("courses/one/course.md", "posts: [grid]", "posts: [grid, grid]", "C015", 5),
        ("quizzes/one/exam.md", "pool: pool", "pool: pools", "Z002", 6),
        ("quizzes/one/exam.md", "take: 1", "take: 2", "Z003", 6),
        ("quizzes/one/exam.md", "[1, 2]", "[1, 3]", "Z003", 6),
        ("quizzes/one/exam.md", "pool: pool", "pool: basics", "Z004", 6),
        ("quizzes/one/basics.md", "`难度:1`", "`难度:1` `能力:laws`", "Q027", 7),
    ],
)
def test_names_that_point_nowhere(
    tmp_path: Path, path: str, old: str, new: str, code: str, line: int
) -> None:
    make(tmp_path)
    put(tmp_path, path, FILES[path].replace(old, new, 1))
    found = [(one.path, one.line, one.code) for one in loaded(tmp_path).catalogue.problems]
    assert (path, line, code) in found
    # the default capability of questions follows the course's: nothing else may be reported
    assert {entry[2] for entry in found} <= {code, "Q202"}


def test_quiz_without_questions(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, NEW, "---\nkind: quiz\ntitle: 空\n---\n")
    assert only_problem(tmp_path).code == "Z001"


def test_folders_without_a_course(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "courses/two").mkdir()
    (tmp_path / "quizzes/three").mkdir()
    codes = [(one.path, one.code) for one in loaded(tmp_path).catalogue.problems]
    assert codes == [("courses/two/course.md", "C001"), ("quizzes/three", "C014")]


def test_a_folder_of_pools_alone_needs_no_course(tmp_path: Path) -> None:
    make(tmp_path)
    pool = FILES["quizzes/one/pool.md"].replace("#", "#three-")
    put(tmp_path, "quizzes/three/placement.md", pool)
    assert "C014" not in {one.code for one in loaded(tmp_path).catalogue.problems}
    put(tmp_path, "quizzes/three/basics.md", FILES["quizzes/one/basics.md"])
    assert "C014" in {one.code for one in loaded(tmp_path).catalogue.problems}


def test_course_without_modules_and_module_ids_used_twice(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/two/course.md", COURSE.replace("[basics]", "[]"))
    (tmp_path / "courses/one/02-first-visit.md").write_text(
        "---\ntitle: 又一个\nminutes: 5\n---\n\n## 一节\n\n正文。\n", "utf-8"
    )
    library = loaded(tmp_path)
    assert {one.code for one in library.catalogue.problems} == {"C002", "C004"}
    assert library.catalogue.modules["one/first-visit"].title.zh == "接待"


def test_broken_registry_is_one_problem(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/capabilities.toml", CAPABILITIES + "\n[[")
    assert only_problem(tmp_path).code == "K001"


def test_repeated_stems_and_options_are_named(tmp_path: Path) -> None:
    """Q208 and Q209 look over all files of a course."""
    make(tmp_path)
    put(tmp_path, NEW, QUIZ.replace("one-0", "new-0").replace("收取任何费用吗", "会收取任何费用吗"))
    codes = {one.code for one in loaded(tmp_path).catalogue.problems}
    assert codes == {"Q208"}


def test_english_edition_may_lack_a_question(tmp_path: Path) -> None:
    """Q302 is a warning: the question is shown in Chinese."""
    make(tmp_path)
    english = "---\ntitle: Basics\n---\n\n### Fees\n\n`#one-001`\n\nIs there a fee?\n\n"
    english += "- [ ] By value\n- [x] None\n- [ ] Costs\n\n> **Explanation** None.\n"
    put(tmp_path, "quizzes/one/basics.en.md", english)
    library = loaded(tmp_path)
    assert [one.code for one in library.catalogue.problems] == ["Q302"]
    assert library.catalogue.questions["one-001"].has_english
    assert not library.catalogue.questions["one-002"].has_english


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("quizzes/one/pool.md", "> **答案** 人民调解委员会 ｜ 调委会", "> **答案**", "Q017"),
        ("quizzes/one/exam.md", "minutes: 30", "minutes: long", "F009"),
        ("courses/one/01-first-visit.md", "minutes: 20", "minutes: long", "F009"),
        ("courses/one/01-first-visit.md", "- [x]", "- [ ]", "Q003"),
        ("courses/one/course.md", "level: 2", "level: 9", "F010"),
        ("courses/one/course.md", "title: 调解入门\n", "title: *a\n", "F004"),
    ],
)
def test_nothing_that_only_follows_from_a_fault_is_reported(
    tmp_path: Path, path: str, old: str, new: str, code: str
) -> None:
    """A pool without its question cannot feed the exam; saying so would only hide the cause."""
    make(tmp_path)
    put(tmp_path, path, FILES[path].replace(old, new))
    problems = loaded(tmp_path).catalogue.problems
    found = {(one.path, one.code) for one in problems if one.code != "Q202"}
    if path == "courses/one/01-first-visit.md" and code == "Q003":
        found -= {("courses/one/01-first-visit.en.md", "Q305")}
    assert found == {(path, code)}


def test_a_quiz_with_one_faulty_question_gives_one_problem(tmp_path: Path) -> None:
    make(tmp_path)
    put(
        tmp_path,
        NEW,
        "---\nkind: quiz\ntitle: 新\n---\n\n### 题\n\n`#n`\n\n问？\n\n- [ ] 甲\n- [ ] 乙\n",
    )
    assert only_problem(tmp_path).code == "Q003"


def test_what_belongs_to_a_course_that_cannot_be_read_is_not_served(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, "courses/one/course.md", "# 没有设置区")
    catalogue = loaded(tmp_path).catalogue
    assert [one.code for one in catalogue.problems] == ["F001"]
    assert not catalogue.modules and not catalogue.quizzes and not catalogue.courses
