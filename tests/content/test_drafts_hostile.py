"""Whatever is typed, a draft is checked, compared and carried on: no crash, no hang, no escape."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.library import Library
from portal.core import markdown
from portal.core.content_templates import english_skeleton, with_front_key
from portal.core.line_changes import compare, merge
from tests.content import small

PATHS = ("courses/one/course.md", "courses/one/01-first-visit.md", "quizzes/one/basics.md")
SCRAPS = st.sampled_from(
    (
        *(
            "---",
            "title: 一",
            "title: !!python/object:os.system x",
            "a: &a [*a, *a]",
            "draw:",
            "- {",
        ),
        *("  - {pool: pool, take: 99999999}", "pass: {modules: all, quizzes: [", "kind: exam"),
        *(
            "## 节",
            "### 题",
            "`#one-001` `2分`",
            "`#../../x`",
            "- [x] 对",
            "- [ ] 错",
            "- 【x】 对",
        ),
        *(
            "> **答案** 30 ± 0 日",
            "> **解析** 《人民调解法》第九千条。",
            "> [!CASE]",
            "> " * 60 + "x",
        ),
        *(
            "1. 一",
            "| a | b |",
            "| --- | --- |",
            "[[(甲)/乙]]",
            "[[",
            "```mermaid",
            "```",
            "$$",
            "$x$",
        ),
        *(
            "![](../../../../etc/passwd)",
            "![a](assets/x.png)",
            "[a](file:///etc/passwd)",
            "* " * 90,
        ),
        *(
            "<script>alert(1)</script>",
            "\u202e\u0000\u200b",
            "《" * 50,
            "[" * 300,
            "**" * 200,
            "\t\t",
        ),
    )
)
TEXTS = st.one_of(
    st.lists(st.one_of(SCRAPS, st.text(max_size=30)), max_size=25).map("\n".join),
    st.lists(SCRAPS, max_size=20).map(lambda lines: small.QUIZ + "\n" + "\n".join(lines)),
    st.lists(SCRAPS, max_size=20).map(lambda lines: "---\n" + "\n".join(lines) + "\n---\n"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(small.make(tmp_path_factory.mktemp("content")))
    made.refresh()
    return made


@given(text=TEXTS, path=st.sampled_from(PATHS))
@settings(
    max_examples=120, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_draft_is_checked(library: Library, text: str, path: str) -> None:
    before = library.catalogue
    checked = library.check({path: text}, thorough=True)
    assert [one for one in checked.problems if one.code == "X011"] == []
    assert library.catalogue is before
    lines = text.count("\n") + text.count("\r") + 2
    assert all(1 <= one.line <= lines for one in checked.problems if one.path == path)


@given(text=TEXTS, other=TEXTS)
@settings(max_examples=60, deadline=2000)
def test_any_two_texts_are_compared_merged_and_rendered(text: str, other: str) -> None:
    compare(text, other)
    merged = merge(small.QUIZ, text, other, "甲", "乙")
    if text == other:
        assert merged.text == text
    english_skeleton(text, in_module=True)
    with_front_key(text, "id", "x")
    markdown.render(text, base="/draft-files/one")


def test_links_out_of_the_folder_are_never_opened(library: Library, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_text("secret")
    up = "../" * 12
    text = small.COURSE + f"\n![a]({up}{secret})\n\n![b](assets/{up}etc/passwd)\n"
    found = library.check({"courses/one/course.md": text})
    assert {one.code for one in found.problems} <= {"X013", "M002"}
