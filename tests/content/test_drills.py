"""Drills in the library: served whole or as they were last, found, mended by ``check --fix``."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.check import check
from portal.content.library import Library
from portal.content.search_documents import documents
from tests.content.small import STATUTES, make, put
from tests.core.drill_files import DRILL, DRILL_EN

FILE = "quizzes/one/fire.md"
TEXT = DRILL.replace("capability: emergency", "capability: law")
_LAW = """
[[statute]]
title = "中华人民共和国{name}"
short = "{name}"
english = "{name}"
effective = 2021-04-29
articles = {last}
in_force = true
"""
LAWS = STATUTES + _LAW.format(name="消防法", last=74)
LAWS += _LAW.format(name="突发事件应对法", last=106)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = make(tmp_path)
    put(made, "courses/statutes.toml", LAWS)
    put(made, FILE, TEXT)
    put(made, "quizzes/one/fire.en.md", DRILL_EN)
    return made


def loaded(root: Path, cache: Path | None = None) -> Library:
    library = Library(root, cache)
    library.refresh()
    return library


def test_a_drill_is_served_and_found(root: Path) -> None:
    catalogue = loaded(root).catalogue
    drill = catalogue.drills["one/fire"]
    assert (drill.path, drill.course, drill.has_english) == (FILE, "one", True)
    assert [one for one in catalogue.problems if one.path.startswith("quizzes/one/fire")] == []
    [found] = [one for one in documents(catalogue) if one.kind == "drill"]
    assert found.link.url == "/drill?d=one%2Ffire"
    assert "一个人值班" in found.text.zh and "三楼" not in found.text.zh, "scenes are not told"


def test_a_broken_drill_leaves_the_last_good_version_in_place(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    library = loaded(root, cache)
    before = library.catalogue
    put(root, FILE, TEXT.replace("#消防到场", "#消防没来").replace("楼道里的电瓶", "改坏了"))
    library.refresh()
    assert library.catalogue.drills["one/fire"].title.zh == "楼道里的电瓶"
    assert "D009" in {one.code for one in library.catalogue.problems}
    again = loaded(root, cache).catalogue
    assert again.drills["one/fire"] == before.drills["one/fire"], "after a restart too"
    put(root, FILE, TEXT.replace("楼道里的电瓶", "改好了"))
    library.refresh()
    assert library.catalogue.drills["one/fire"].title.zh == "改好了"
    assert library.catalogue.fingerprint != before.fingerprint
    put(root, FILE, None)
    put(root, "quizzes/one/fire.en.md", None)
    library.refresh()
    assert not library.catalogue.drills


def test_a_drill_that_was_never_sound_is_not_served(root: Path) -> None:
    put(root, FILE, TEXT.replace("`P` `elapsed+=3`", "`elapsed+=3`"))
    catalogue = loaded(root).catalogue
    assert not catalogue.drills
    assert "D011" in {one.code for one in catalogue.problems}


def test_citations_and_capabilities_are_checked_in_drills(root: Path) -> None:
    bad = TEXT.replace("《消防法》第四十四条", "《消防法》第九百条").replace("§44", "§99")
    for text, codes in (
        (bad, ["L003", "L003"]),
        (TEXT.replace("capability: law", "capability: none", 1), ["Q027"]),
    ):
        put(root, FILE, text)
        found = [one for one in loaded(root).catalogue.problems if one.path == FILE]
        assert sorted(one.code for one in found) == codes


def test_a_course_may_ask_for_a_drill(root: Path) -> None:
    course = (root / "courses/one/course.md").read_text("utf-8")
    assert "quizzes: [basics]" in course
    put(root, "courses/one/course.md", course.replace("[basics]", "[basics, fire]"))
    catalogue = loaded(root).catalogue
    assert "one/fire" in catalogue.courses["one"].pass_quizzes
    assert "C008" not in {one.code for one in catalogue.problems}


def test_missing_ids_are_written_into_both_editions(root: Path) -> None:
    """Scenes and decisions get ids of their own file; nothing else changes."""
    put(root, FILE, TEXT.replace("`#old`\n\n", "").replace("`#smoke-1` ", ""))
    english = DRILL_EN.replace("`#old`\n\n", "").replace("`#smoke-1`\n\n", "")
    put(root, "quizzes/one/fire.en.md", english)
    assert {one.code for one in check(root, [FILE]) if one.code == "D001"} == {"D001"}
    left = check(root, ["quizzes/one"], fix=True)
    assert [one for one in left if "fire" in one.path] == []
    text = (root / FILE).read_text("utf-8")
    assert "## 老人没有下来\n\n`#scene-1`\n\n四楼" in text
    assert "`#decision-1` `目标:O1` `限时:60秒` `超时:3`" in text
    drill = loaded(root).catalogue.drills["one/fire"]
    assert drill.decision("decision-1").title.en == "What comes first?"
    assert drill.scene("scene-1").title.en == "The old people stay upstairs"
