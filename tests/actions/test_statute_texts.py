"""Official texts from a file to the article, over a real database and real files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from portal.actions import statute_folder, statute_texts
from portal.core.people import Person
from tests.actions.sample import World, sample_catalogue
from tests.core.test_law_changes import entry, registry

STATUTES = registry(
    entry("河道法", "2026", 3), entry("河道法", "2012", 2, in_force=False, replaced_by="河道法")
)


@pytest.fixture
def river(learning: World) -> World:
    learning.serve(replace(sample_catalogue(), statutes=STATUTES, fingerprint="river"))
    return learning


def text(year: int, *articles: str, title: str = "中华人民共和国河道法") -> str:
    numbers = "一二三四五"
    body = "\n\n".join(
        f"**第{number}条**　{one}" for number, one in zip(numbers, articles, strict=False)
    )
    return f"---\ntitle: {title}\neffective: {year}-01-01\n---\n\n## 总则\n\n{body}\n"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_imported_article_is_found_by_its_version(river: World, tmp_path: Path) -> None:
    new = put(tmp_path, "new.md", text(2026, "新一", "新二\n\n又一款", "新三"))
    assert statute_texts.import_file(river.portal, new).outcome == "new"
    current, old = STATUTES.versions("河道法")
    found = statute_texts.find_article(river.portal, current, "2")
    assert found is not None
    assert [one.text for one in found.paragraphs] == ["新二", "又一款"]
    assert (found.headings, found.before, found.after) == (("总则",), "1", "3")
    first = statute_texts.find_article(river.portal, current, "1")
    assert first is not None
    assert first.before is None
    assert statute_texts.find_article(river.portal, current, "4") is None
    assert statute_texts.find_article(river.portal, old, "1") is None  # never another version's
    put(tmp_path, "old.md", text(2012, "旧一", "旧二"))
    assert statute_texts.import_file(river.portal, tmp_path / "old.md").outcome == "new"
    before = statute_texts.find_article(river.portal, old, "1")
    assert before is not None
    assert before.paragraphs[0].text == "旧一"


def test_the_same_file_twice_changes_nothing_and_a_new_one_replaces(
    river: World, learner: Person, tmp_path: Path
) -> None:
    path = put(tmp_path, "river.md", text(2026, "清淤", "看护", "施行"))
    assert statute_texts.import_file(river.portal, path).outcome == "new"
    assert statute_texts.import_file(river.portal, path).outcome == "same"
    put(tmp_path, "river.md", text(2026, "疏浚", "看护", "施行"))
    assert statute_texts.import_file(river.portal, path).outcome == "replaced"
    assert statute_texts.search_articles(river.portal, learner, "清淤") == []
    assert len(statute_texts.search_articles(river.portal, learner, "疏浚")) == 1
    assert [row["articles"] for row in statute_texts.list_texts(river.portal)] == [3]
    assert len(river.rows("SELECT id FROM audit WHERE action = 'import_statute'")) == 2


def test_search_finds_articles_in_force_by_words(
    river: World, learner: Person, tmp_path: Path
) -> None:
    put(tmp_path, "new.md", text(2026, "不得向河道倾倒垃圾。", "看护人巡查。", "施行。"))
    put(tmp_path, "old.md", text(2012, "倾倒垃圾的罚款。", "其他。"))
    for name in ("new.md", "old.md"):
        statute_texts.import_file(river.portal, tmp_path / name)
    found = statute_texts.search_articles(river.portal, learner, "倾倒 垃圾")
    assert [(statute.version, row["article"]) for statute, row in found] == [("2026", "1")]
    assert statute_texts.search_articles(river.portal, learner, '" OR NEAR(') == []
    assert statute_texts.search_articles(river.portal, learner, "   ") == []


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (text(2026, "一", "二"), "differs"),
        (text(2020, "一", "二", "三"), "differs"),
        (text(2026, "一", title="没有的法"), "unregistered"),
        ("没有设置区", "problems"),
        ("河道法".encode("gb18030"), "unreadable"),
        (b"x" * (2 * 1024 * 1024 + 1), "unreadable"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(
    river: World, tmp_path: Path, content: str | bytes, outcome: str
) -> None:
    path = put(tmp_path, "river.md", content)
    assert statute_texts.import_file(river.portal, path).outcome == outcome
    assert not statute_texts.list_texts(river.portal)


def test_the_operator_may_take_a_text_that_differs(river: World, tmp_path: Path) -> None:
    path = put(tmp_path, "river.md", text(2026, "一", "二"))
    found = statute_texts.import_file(river.portal, path, anyway=True)
    assert (found.outcome, found.differing) == ("new", (("articles", "2", "3"),))


def test_files_dropped_into_the_folder_are_taken_over_once(river: World, tmp_path: Path) -> None:
    folder = statute_folder.folder_of(river.portal)
    assert statute_folder.import_folder(river.portal) == 0  # no folder yet
    put(folder, "river.md", text(2026, "一", "二", "三"))
    put(folder, "bad.md", "没有设置区")
    put(folder, "notes.txt", text(2012, "一", "二"))
    os.symlink(put(tmp_path, "outside.md", text(2012, "一", "二")), folder / "link.md")
    assert statute_folder.import_folder(river.portal) == 2
    assert statute_folder.import_folder(river.portal) == 0
    assert [row["effective"] for row in statute_texts.list_texts(river.portal)] == ["2026-01-01"]
    river.serve(replace(river.shelf.catalogue, fingerprint="another"))
    assert statute_folder.import_folder(river.portal) == 2  # the register may know them now
