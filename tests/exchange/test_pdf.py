from __future__ import annotations

import io

import pypdf
import pytest

from portal.exchange import pdf


def made(*parts: pdf.Part, **words: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.to_pdf("望江街道学习报告", parts, **words)))


def test_chinese_text_is_text_and_markup_is_not_read() -> None:
    reader = made(
        pdf.Heading("总体"),
        pdf.Figures([("到期完成率", "87.3%")]),
        pdf.Text("<b>王&敏</b>"),
        pdf.Bars([("长河街道", 0.94, "94.0%"), ("西兴街道", None, "—")]),
        subtitle="截至 2026年11月26日",
        footer="治理学堂",
        pages="第 {n} 页，共 {of} 页",
    )
    words = reader.pages[0].extract_text()
    for wanted in ("望江街道学习报告", "总体", "87.3%", "<b>王&敏</b>", "长河街道", "94.0%"):
        assert wanted in words
    assert "第 1 页，共 1 页" in words and "治理学堂" in words


def test_a_long_table_repeats_its_heading_on_every_page() -> None:
    rows = [[f"员工{n}", "87.3%"] for n in range(120)]
    reader = made(pdf.Grid(["姓名", "完成率"], rows, "lr", [3, 1]), pages="{n}/{of}")
    assert len(reader.pages) > 1
    assert all("完成率" in page.extract_text() for page in reader.pages)
    assert f"1/{len(reader.pages)}" in reader.pages[0].extract_text()


def test_the_same_report_is_the_same_file() -> None:
    assert pdf.to_pdf("报告", [pdf.Text("一")]) == pdf.to_pdf("报告", [pdf.Text("一")])


def test_without_a_font_to_embed_the_standard_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_EMBEDDABLE", (("/nowhere.ttf", 0),))
    pdf.font_name.cache_clear()
    pdf._style.cache_clear()
    try:
        fonts = made(pdf.Text("一")).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        names = {font.get_object()["/BaseFont"] for font in fonts.values()}
        assert "/STSong-Light" in names
    finally:
        pdf.font_name.cache_clear()
        pdf._style.cache_clear()
