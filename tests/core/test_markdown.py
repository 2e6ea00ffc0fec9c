"""What readers see of course Markdown: fixtures that a trainer can read, and the kinds of block."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from markdown_it import MarkdownIt

from portal.core.markdown import Formula, Html, Mermaid, Rich, plain, render, sanitise
from portal.core.markdown_marks import slug
from portal.core.markdown_parser import parse
from tests.core.markdown_fixtures import examples

BASE = "/content/first-response"


def html(source: str, **options: str) -> str:
    """The one Html block of ``source``."""
    (block,) = render(source, base=BASE, **options)
    assert isinstance(block, Html)
    return block.html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(source, expected, id=f"{name}: {title}")
        for name in ("chinese", "blocks", "links")
        for title, source, expected in examples(name)
    ],
)
def test_renders_as_the_fixture_says(source: str, expected: str) -> None:
    shown = re.sub(r"(fn|fnref)-[0-9a-f]{8}-", r"\1-ID-", html(source))
    assert shown.strip() == expected.strip()


def test_other_users_of_markdown_it_are_untouched() -> None:
    assert "<strong>" not in MarkdownIt().render("根据**《人民调解法》**第三十三条")


def test_a_document_becomes_few_blocks() -> None:
    source = (
        "一\n\n二\n\n```mermaid\ngraph TD\n```\n\n三\n\n- 四\n\n$$\nx^2\n$$\n\n根据 $a+b$ 算\n\n五"
    )
    kinds = [type(block) for block in render(source)]
    assert kinds == [Html, Mermaid, Html, Formula, Rich, Html]
    assert render(source)[1] == Mermaid("graph TD\n")
    assert render(source)[3] == Formula("x^2")


@pytest.mark.parametrize("source", ["", "\n\n", "[^a]: unused"])
def test_nothing_becomes_no_block(source: str) -> None:
    assert render(source) == ()


def test_words_follow_the_locale() -> None:
    source = "> [!LAW] x[^1]\n\n- [ ] y\n\n| a |\n|---|\n| b |\n\n[^1]: z"
    shown = html(source, locale="en")
    for words in (">Law<", 'aria-label="To do"', "Table: a", ">Notes<", "Note 1", "Back to the"):
        assert words in shown


def test_two_documents_on_a_page_share_no_footnote_ids() -> None:
    ids = [set(re.findall(r'id="(fn[^"]+)"', html(f"{word}[^1]\n\n[^1]: x"))) for word in "甲乙"]
    assert ids[0] and ids[1] and not ids[0] & ids[1]


def test_a_block_with_inline_math_is_written_for_plain_commonmark() -> None:
    source = "根据**《标准》**第$n$条[图](a.png)，费用\\$5，:red[x]\n> 后"
    block = render(source, base=BASE)[0]
    assert isinstance(block, Rich)
    shown = MarkdownIt().render(block.markdown)
    assert "<strong>《标准》</strong>" in shown  # stock CommonMark would leave the asterisks
    assert (
        "$n$" in block.markdown and "\\$5" in block.markdown and "\\:red\\[x\\]" in block.markdown
    )
    assert 'href="/content/first-response/a.png"' in shown


def test_rich_blocks_keep_lists_tables_and_callouts() -> None:
    source = "> [!TIP] $a$\n>\n> - [x] 一\n>   - 二\n> 1. 三\n\n| x | y |\n|--:|---|\n| $b$ | *c* |"
    first, second = (block.markdown for block in render(source) if isinstance(block, Rich))
    assert first == "> **提示**\n>\n> $a$\n>\n> - ☑ 一\n>   - 二\n>\n> 1. 三"
    assert second.splitlines()[1] == "| ---: | --- |"


def test_plain_says_what_is_written_and_no_marks() -> None:
    source = (
        "## 题**目**\n\n> [!LAW]\n> 根据`代码`第\n一条\n\n- [x] 甲 ![图](a.png)\n\n"
        "```mermaid\ngraph\n```\n\n| 表头 |\n|---|\n| 格 |"
    )
    assert plain(source) == "题目\n根据代码第一条\n甲 图\n表头\n格"


def test_tokens_leave_callouts_and_tasks_to_the_caller() -> None:
    stream = parse("> [!LAW] x\n\n- [x] 甲\n乙")
    assert [token.type for token in stream][:2] == ["blockquote_open", "paragraph_open"]
    inline = [token for token in stream if token.type == "inline"][1]
    assert inline.content == "[x] 甲\n乙"
    assert inline.children is not None
    assert [child.hidden for child in inline.children if child.type == "softbreak"] == [True]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("处置得当", "处置得当"), ("Exit  Routes!", "exit--routes"), ("一、二（三）", "一二三")],
)
def test_slugs_are_those_of_github(heading: str, expected: str) -> None:
    assert slug(heading) == expected


def test_sanitise_keeps_only_what_the_renderer_writes() -> None:
    hostile = (
        '<p style="x" onclick="y" id="root" class="callout evil">a</p><script>b</script>'
        '<a href="javascript:c" class="law">d</a><iframe src="e"></iframe><form><input></form>'
        '<svg onload="f"></svg><img src="data:image/svg+xml,g" onerror="h">'
    )
    clean = sanitise(hostile)
    assert clean == '<p class="">a</p><a class="law">d</a><img>'


def test_rendering_is_equal_in_many_threads() -> None:
    sources = [f"第**{n}**段《法》[^1]\n\n[^1]: 注{n}\n\n| a |\n|---|\n| {n} |" for n in range(40)]
    alone = [render(source) for source in sources]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(render, sources)) == alone


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(">" * 10_000, id="quotes"),
        pytest.param("> " * 10_000 + "x", id="spaced quotes"),
        pytest.param("\n".join("  " * depth + "- a" for depth in range(400)), id="lists"),
        pytest.param("[" * 50_000 + "]" * 50_000, id="brackets"),
        pytest.param("![" * 50_000, id="images"),
        pytest.param("^[" * 50_000, id="notes"),
        pytest.param("*a **b " * 10_000, id="emphasis"),
        pytest.param("中**（" * 10_000, id="Chinese emphasis"),
        pytest.param("`" * 500 + " ".join("`" * run for run in range(300)), id="ticks"),
        pytest.param("$a" * 30_000, id="dollars"),
        pytest.param("https://" * 10_000, id="addresses"),
        pytest.param("https://a.cn/" + "(" * 50_000, id="address tail"),
        pytest.param("<" * 50_000 + "&" * 20_000, id="angles"),
        pytest.param("|" + "a|" * 5_000 + "\n|" + "-|" * 5_000, id="wide table"),
        pytest.param("".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(2_000)), id="footnotes"),
    ],
)
def test_hostile_depth_is_shown_in_two_seconds(source: str) -> None:
    start = time.process_time()
    render(source, base=BASE)
    plain(source)
    assert time.process_time() - start < 2
