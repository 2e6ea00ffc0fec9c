"""What pages hand to the browser as HTML."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def shown() -> None:
    from portal.web import render

    render.figures(("<b>人数</b>", 1234), ("A & B", "<script>"), note="第一行\n<i>第二行</i>")


def test_figures_are_one_element_in_which_nothing_is_markup() -> None:
    page = AppTest.from_function(shown).run()
    assert not page.exception
    [block] = page.main.children.values()
    body = block.proto.body
    assert body.startswith('<dl class="figures"><div><dt>&lt;b&gt;人数&lt;/b&gt;</dt><dd>1234</dd>')
    assert "A &amp; B" in body and "<script" not in body
    assert body.endswith("第一行<br>&lt;i&gt;第二行&lt;/i&gt;</p>")
