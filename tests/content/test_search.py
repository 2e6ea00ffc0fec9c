from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.search import SearchIndex
from portal.content.search_terms import expression, looser, spaced, terms
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.courses import Checkpoint, Course, Module, Prose, Section
from portal.core.quizzes import Quiz
from tests.core.making import question, single


def course_with(title: Bilingual, *texts: Bilingual, fingerprint: str = "1") -> Catalogue:
    """A course "c" with one module whose sections s0, s1 … hold ``texts``."""
    sections = tuple(
        Section(f"s{at}", Bilingual(f"小节 {at}", f"Section {at}"), (Prose(text),))
        for at, text in enumerate(texts)
    )
    sections += (Section("ask", Bilingual("自测"), (Checkpoint("check-1"),)),)
    empty = Bilingual("")
    module = Module("c/m", "c", Bilingual("课一", "Lesson one"), 5, empty, sections, "p", "v")
    made = Course(
        "c", title, "law", 1, (), 1.0, "", None, (), (), (), 0, empty, (module,), "p", "v"
    )
    quizzes = (
        Quiz("c/quiz", "quiz", Bilingual("巩固练习"), "c", ("quiz-1",)),
        Quiz("c/exam", "exam", Bilingual("结业考试"), "c", ("exam-1",)),
        Quiz("c/pool", "pool", Bilingual("题库"), "c", ("pool-1",)),
    )
    titles = {
        "check-1": "门窗检查",
        "quiz-1": "练习题名",
        "exam-1": "机密考题",
        "pool-1": "机密题库",
    }
    return Catalogue(
        fingerprint,
        {"c": made},
        {"c/m": module},
        {quiz.id: quiz for quiz in quizzes},
        {
            key: replace(question(single(), key), title=Bilingual(title))
            for key, title in titles.items()
        },
    )


MEDIATION = Bilingual(
    "人民**调解**协议自生效之日起三十日内可以申请司法确认，打 12345 热线。", "Mediation."
)
EVACUATION = Bilingual("先疏散，后报告。", "Evacuate first; the café may wait.")
CATALOGUE = course_with(Bilingual("调解入门", "Mediation basics"), MEDIATION, EVACUATION)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    made = SearchIndex(tmp_path / "sub" / "search.db")
    assert made.rebuild(CATALOGUE)
    return made


def ids(index: SearchIndex, query: str) -> list[str]:
    return [hit.id for hit in index.find(query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("疏散", "c/m#s1"),
        ("司法确认", "c/m#s0"),
        ("人民调解协议", "c/m#s0"),
        ("疏", "c/m#s1"),  # a single character
        ("认", "c/m#s0"),  # the last of its run, too
        ("司法 协议", "c/m#s0"),
        ("12345热线", "c/m#s0"),
        ("１２３４５", "c/m#s0"),
        ("EVACUATE", "c/m#s1"),
        ("evac", "c/m#s1"),
        ("cafe", "c/m#s1"),
        ("巩固", "c/quiz"),
        ("结业", "c/exam"),
        ("练习题名", "quiz-1"),
        ("门窗", "check-1"),
    ],
)
def test_what_people_type_is_found(index: SearchIndex, query: str, found: str) -> None:
    assert found in ids(index, query)


@pytest.mark.parametrize(
    "query", ["解调", "确司", "散后", "xyz", "机密考题", "题库", "", "？！", "*"]
)
def test_what_is_not_there_is_not_found(index: SearchIndex, query: str) -> None:
    assert not {"c/m#s0", "c/m#s1", "exam-1", "pool-1", "c/pool"} & set(ids(index, query))


def test_titles_come_before_texts(index: SearchIndex) -> None:
    assert ids(index, "调解") == ["c", "c/m#s0"]


def test_a_sentence_that_nobody_wrote_finds_its_words(index: SearchIndex) -> None:
    assert ids(index, "怎么申请疏散")[:1] == ["c/m#s1"]


def test_a_hit_says_where_it_is_in_the_readers_language(index: SearchIndex) -> None:
    [hit] = [hit for hit in index.find("疏散") if hit.kind == "section"]
    assert (hit.title, hit.within, hit.url) == ("小节 1", "课一", "/module?m=c%2Fm&s=s1")
    assert hit.snippet == "先疏散，后报告。"
    [hit] = [hit for hit in index.find("evacuate", locale="en") if hit.kind == "section"]
    assert (hit.title, hit.within) == ("Section 1", "Lesson one")
    assert hit.snippet.startswith("Evacuate first")


def test_a_snippet_is_cut_around_the_word(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "search.db")
    long = Bilingual("前" * 200 + "关键词" + "后" * 200)
    index.rebuild(course_with(Bilingual("x"), long))
    [hit] = index.find("关键词")
    assert "关键词" in hit.snippet and len(hit.snippet) <= 82
    assert hit.snippet.startswith("…前") and hit.snippet.endswith("后…")


def test_the_index_is_built_anew_only_for_another_fingerprint(index: SearchIndex) -> None:
    assert not index.rebuild(CATALOGUE)
    edited = course_with(Bilingual("信访"), Bilingual("接访"), fingerprint="2")
    assert index.rebuild(edited)
    assert index.fingerprint() == "2"
    assert ids(index, "疏散") == [] and ids(index, "接访") == ["c/m#s0"]


def test_an_index_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(b"this is no database" * 100)
    index = SearchIndex(path)
    assert index.fingerprint() == ""
    assert index.rebuild(CATALOGUE) and ids(index, "疏散")


def test_searching_while_it_is_built_gives_the_old_or_the_new(index: SearchIndex) -> None:
    stop, seen, failures = threading.Event(), set(), []

    def search() -> None:
        try:
            while not stop.is_set():
                seen.add(tuple(ids(index, "疏散")))
        except Exception as failure:
            failures.append(failure)

    thread = threading.Thread(target=search)
    thread.start()
    for at in range(10):
        index.rebuild(
            course_with(Bilingual("调解入门"), MEDIATION, EVACUATION, fingerprint=f"f{at}")
        )
    stop.set()
    thread.join()
    assert failures == [] and seen <= {("c/m#s1",)}


@given(st.text(max_size=40) | st.text(alphabet="调解*\"'()-:^+ANDORNT 火a", max_size=40))
def test_no_query_is_read_as_syntax(query: str) -> None:
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    words = terms(query)
    if words:
        for asked in (expression(words), looser(words)):
            raw.execute("SELECT count(*) FROM t WHERE t MATCH ?", (asked,)).fetchall()
    raw.close()


def test_pairs_and_the_last_character() -> None:
    assert spaced("人民调解").split() == ["人民", "民调", "调解", "解"]
    assert spaced("打12345热线").split() == ["打", "12345", "热线", "线"]
