"""What pages hand to the browser as HTML."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from portal.web import render


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


def drawn() -> None:
    import streamlit as st

    from portal.web import data

    rows = data.table([{"n": 1, "name": "甲"}, {"n": 2, "name": "乙"}])
    spec = {"mark": "bar", "encoding": {"x": {"field": "n", "type": "quantitative"}}}
    st.vega_lite_chart(spec=data.drawing(spec, rows), alt="两条")


def test_a_drawing_takes_its_rows_along_as_they_were_written() -> None:
    page = AppTest.from_function(drawn).run()
    assert not page.exception
    [chart] = page.main.children.values()
    [rows] = chart.proto.datasets
    assert json.loads(chart.proto.spec)["data"] == {"name": rows.name}
    assert pa.ipc.open_stream(rows.data.data).read_all().to_pylist() == [
        {"n": 1, "name": "甲"},
        {"n": 2, "name": "乙"},
    ]
    assert not chart.proto.data.data, "nothing is written a second time"


@pytest.mark.parametrize(
    "text",
    [
        ":smile:",
        ":+1:",
        ":100:",
        ":material/home:",
        ":material/ho",
        ":streamlit:",
        "a -> b",
        "<-",
        "x -- y",
        "a <-> b",
        "38 >= x",
        "x <= 3",
        "~= 1",
    ],
)
def test_what_streamlit_looks_for_after_unescaping_is_parted(text: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", render.escape(text))  # as a Markdown parser reads it
    assert shown != text and shown.replace("\u2060", "") == text


@pytest.mark.parametrize(
    "text", ["12:30:45", "a->b", "甲：乙", "10 - 3", "a:b", "https://a.cn:80/x:y"]
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", render.escape(text)) == text
