"""What a running portal sees while people edit: last good versions, whole trees, deletions."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from portal.content import library as library_module
from portal.content import snapshot as snapshot_module
from portal.content.library import Library
from portal.content.reading import Source, read_source
from portal.core.content_json import version_of
from portal.core.courses import Checkpoint, Prose
from tests.content.small import COURSE, EXAM, MODULE, POOL, QUIZ, STATUTES, make, put

BASICS = "quizzes/one/basics.md"
BROKEN = QUIZ.replace("- [x]", "- [ ]").replace("基础测验", "坏的测验")


def loaded(root: Path, cache: Path | None = None) -> Library:
    library = Library(root, cache)
    library.refresh()
    return library


def test_catalogue_holds_everything(tmp_path: Path) -> None:
    catalogue = loaded(make(tmp_path)).catalogue
    course = catalogue.courses["one"]
    assert (course.title.zh, course.level, course.hours) == ("调解入门", 2, 1.5)
    module = course.modules[0]
    assert module is catalogue.modules["one/first-visit"]
    assert [section.slug for section in module.sections] == ["案例", "怎么做"]
    assert module.sections[1].title.en == "What to do"
    first, second = module.sections[1].segments
    assert isinstance(first, Prose) and first.text.en == "Listen first, then write it down."
    assert second == Checkpoint("one-cp-1")
    question = catalogue.questions["one-cp-1"]
    assert question.capability == "law", "the course's capability is the default"
    assert (question.path, question.line) == ("courses/one/01-first-visit.md", 16)
    assert catalogue.versions["one-cp-1"] == version_of(question)
    assert set(catalogue.versions) == set(catalogue.questions)
    assert catalogue.quizzes["one/exam"].draw[0].pool == "one/pool"
    assert catalogue.capabilities.posts[0].key == "grid"
    assert catalogue.statutes.versions("人民调解法")


def test_nothing_changed_means_the_same_catalogue(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    before = library.catalogue
    assert not library.refresh()
    assert library.catalogue is before


def test_fingerprint_follows_content(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    before = library.catalogue.fingerprint
    put(tmp_path, BASICS, QUIZ.replace("基础测验", "新名字"))
    assert library.refresh()
    assert library.catalogue.fingerprint != before
    assert library.catalogue.quizzes["one/basics"].title.zh == "新名字"
    put(tmp_path, BASICS, QUIZ)
    assert library.refresh()
    assert library.catalogue.fingerprint == before


def test_same_size_and_time_is_still_noticed(tmp_path: Path) -> None:
    """Two quick saves within one tick of the clock: the listing says nothing, the bytes do."""
    library = loaded(make(tmp_path))
    stat = (tmp_path / BASICS).stat()
    put(tmp_path, BASICS, QUIZ.replace("基础测验", "基础测试"))
    os.utime(tmp_path / BASICS, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    library.refresh()
    assert library.catalogue.quizzes["one/basics"].title.zh == "基础测试"


def test_broken_file_leaves_the_last_good_version(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    put(tmp_path, BASICS, BROKEN)
    assert library.refresh()
    catalogue = library.catalogue
    assert catalogue.quizzes["one/basics"].title.zh == "基础测验"
    assert "one-001" in catalogue.questions
    assert [(one.path, one.code) for one in catalogue.problems] == [(BASICS, "Q003")]
    put(tmp_path, BASICS, QUIZ.replace("基础测验", "修好了"))
    assert library.refresh()
    assert library.catalogue.quizzes["one/basics"].title.zh == "修好了"
    assert library.catalogue.problems == ()


@pytest.mark.parametrize(
    "content", [BROKEN, QUIZ.encode("gbk"), "", "x" * 300_000], ids=["key", "GBK", "empty", "big"]
)
def test_last_good_version_survives_a_restart(tmp_path: Path, content: str | bytes) -> None:
    root, cache = make(tmp_path / "root"), tmp_path / "data" / "content-cache.db"
    before = loaded(root, cache).catalogue
    put(root, BASICS, content)
    after = loaded(root, cache).catalogue
    assert after.quizzes == before.quizzes
    assert dict(after.questions) == dict(before.questions)
    assert [one.path for one in after.problems] == [BASICS]


def test_last_good_version_survives_an_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New parsers make old parses useless; the sources of last good versions are kept."""
    root, cache = make(tmp_path / "root"), tmp_path / "content-cache.db"
    loaded(root, cache)
    put(root, BASICS, BROKEN)
    monkeypatch.setattr(library_module, "PARSERS", "a newer portal")
    with sqlite3.connect(cache) as connection:
        connection.execute("DELETE FROM parsed")
    catalogue = loaded(root, cache).catalogue
    assert catalogue.quizzes["one/basics"].title.zh == "基础测验"
    assert catalogue.quizzes["one/basics"].question_ids == ("one-001", "one-002")


def test_without_a_good_version_the_sound_questions_are_served(tmp_path: Path) -> None:
    make(tmp_path)
    put(tmp_path, BASICS, BROKEN)
    catalogue = loaded(tmp_path).catalogue
    assert catalogue.quizzes["one/basics"].question_ids == ("one-002",)
    assert "one-001" not in catalogue.questions


def test_a_broken_exam_without_a_good_version_is_not_served(tmp_path: Path) -> None:
    make(tmp_path)
    put(
        tmp_path, "quizzes/one/exam.md", EXAM + BROKEN.partition("80\n---")[2].replace("one-", "e-")
    )
    catalogue = loaded(tmp_path).catalogue
    assert "one/exam" not in catalogue.quizzes
    assert "Q003" in {one.code for one in catalogue.problems}


def test_broken_english_keeps_the_good_pair_while_chinese_is_the_same(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    english = tmp_path / "courses/one/01-first-visit.en.md"
    english.write_bytes("标题".encode("gbk"))
    library.refresh()
    module = library.catalogue.modules["one/first-visit"]
    assert module.title.en == "The first visit"
    put(tmp_path, "courses/one/01-first-visit.md", MODULE.replace("先听，再记", "先听后记"))
    library.refresh()
    module = library.catalogue.modules["one/first-visit"]
    assert "先听后记" in module.sections[1].segments[0].text.zh  # type: ignore[union-attr]
    assert not module.has_english
    assert [one.code for one in library.catalogue.problems] == ["X002"]


def test_deleted_files_are_gone(tmp_path: Path) -> None:
    root, cache = make(tmp_path / "root"), tmp_path / "cache.db"
    library = loaded(root, cache)
    put(root, "quizzes/one/exam.md", None)
    put(root, "quizzes/one/pool.md", None)
    assert library.refresh()
    assert set(library.catalogue.quizzes) == {"one/basics"}
    assert "one-101" not in library.catalogue.questions
    assert set(loaded(root, cache).catalogue.quizzes) == {"one/basics"}


def test_renumbering_keeps_ids(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    for ending in (".md", ".en.md"):
        old = tmp_path / f"courses/one/01-first-visit{ending}"
        old.rename(tmp_path / f"courses/one/07-first-visit{ending}")
    library.refresh()
    assert set(library.catalogue.modules) == {"one/first-visit"}
    assert library.catalogue.questions["one-cp-1"].path == "courses/one/07-first-visit.md"


def test_moving_a_question_makes_no_new_version(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    before = dict(library.catalogue.versions)
    put(tmp_path, BASICS, QUIZ.replace("---\n\n###", "---\n\n\n\n一段说明。\n\n###", 1))
    library.refresh()
    assert library.catalogue.versions == before
    assert library.catalogue.questions["one-001"].line == 11


def test_a_new_capability_of_the_course_reaches_its_questions(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    put(tmp_path, "courses/one/course.md", COURSE.replace("capability: law", "capability: risk"))
    levels = (tmp_path / "courses/capabilities.toml").read_text("utf-8")
    model = levels.replace('"law"', '"risk"').replace("law =", "risk =")
    put(tmp_path, "courses/capabilities.toml", model)
    library.refresh()
    assert library.catalogue.questions["one-001"].capability == "risk"


def test_a_repealed_statute_is_reported_and_content_stays(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    put(tmp_path, "courses/statutes.toml", STATUTES.replace("in_force = true", "in_force = false"))
    library.refresh()
    assert {one.code for one in library.catalogue.problems} >= {"L002"}
    assert "one-001" in library.catalogue.questions
    assert "one/first-visit" in library.catalogue.modules


def test_half_read_tree_is_never_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quiz is rewritten while the tree is read: before and after must not be mixed."""
    library = loaded(make(tmp_path))
    calls = []

    def reading(root: Path, path: str) -> Source:
        source = read_source(root, path)
        if path == "quizzes/one/pool.md" and not calls:
            calls.append(path)  # basics.md was read already; now both files change together
            put(root, BASICS, QUIZ.replace("one-001", "one-901"))
            put(root, "quizzes/one/pool.md", POOL.replace("one-101", "one-902"))
        return source

    monkeypatch.setattr(snapshot_module, "read_source", reading)
    put(tmp_path, "quizzes/one/pool.md", POOL + "\n")
    assert library.refresh()
    assert calls
    ids = set(library.catalogue.questions)
    assert {"one-901", "one-902"} <= ids and not {"one-001", "one-101"} & ids


def test_a_tree_that_never_rests_leaves_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = loaded(make(tmp_path))
    before = library.catalogue
    count = iter(range(10**6))

    def reading(root: Path, path: str) -> Source:
        put(root, BASICS, QUIZ + "\n" * next(count))
        return read_source(root, path)

    monkeypatch.setattr(snapshot_module, "read_source", reading)
    put(tmp_path, BASICS, QUIZ.replace("基础测验", "新"))
    assert not library.refresh()
    assert library.catalogue is before


def test_readers_always_see_a_whole_catalogue(tmp_path: Path) -> None:
    """Every question that a quiz names can be read, at any moment, while files change."""
    library = loaded(make(tmp_path))
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            catalogue = library.catalogue
            for quiz in catalogue.quizzes.values():
                wrong.extend(name for name in quiz.question_ids if name not in catalogue.questions)
                for name in quiz.question_ids:
                    assert catalogue.questions[name].id == name

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20):
        put(tmp_path, BASICS, QUIZ.replace("one-00", f"one-{number}0"))
        library.refresh()
    stop.set()
    reader.join()
    assert wrong == []


def test_a_damaged_cache_costs_nothing_but_time(tmp_path: Path) -> None:
    root, cache = make(tmp_path / "root"), tmp_path / "cache.db"
    loaded(root, cache)
    cache.write_bytes(b"this is no database" * 1000)
    catalogue = loaded(root, cache).catalogue
    assert catalogue.problems == () and "one/basics" in catalogue.quizzes


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    root = make(tmp_path / "root")
    (tmp_path / "file").write_text("not a folder")
    assert "one/basics" in loaded(root, tmp_path / "file" / "cache.db").catalogue.quizzes


def test_the_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    root, cache = make(tmp_path / "root"), tmp_path / "cache.db"
    library = loaded(root, cache)
    with sqlite3.connect(cache) as connection:
        rows = [(f"old-{number}", "x") for number in range(1200)]
        connection.executemany("INSERT INTO parsed VALUES (?, ?)", rows)
    put(root, BASICS, QUIZ + "\n")
    library.refresh()
    with sqlite3.connect(cache) as connection:
        (count,) = connection.execute("SELECT count(*) FROM parsed").fetchone()
    assert count < 30
    assert loaded(root, cache).catalogue.problems == ()


def test_source_is_what_was_read(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    assert library.source(BASICS) == QUIZ
    assert library.source("quizzes/one/none.md") == ""


def test_an_empty_folder_is_an_empty_catalogue(tmp_path: Path) -> None:
    catalogue = loaded(tmp_path).catalogue
    assert not catalogue.courses and not catalogue.questions
    assert {one.code for one in catalogue.problems} == {"X012"}


def test_refreshing_is_quick_when_nothing_changed(tmp_path: Path) -> None:
    library = loaded(make(tmp_path))
    start = time.process_time()
    for _ in range(20):
        library.refresh()
    assert time.process_time() - start < 1
