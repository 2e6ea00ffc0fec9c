from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
import pytest

from portal.exchange import certificate_pdf, pdf


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


def test_a_cell_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    long = "甲" * 3_000 + "末尾"
    reader = made(pdf.Grid(["时间", "情况"], [("T+0", long)], "ll", [1, 1]))
    words = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) > 1 and words.count("甲") == 3_000 and "末尾" in words


def test_the_same_report_is_the_same_file() -> None:
    assert pdf.to_pdf("报告", [pdf.Text("一")]) == pdf.to_pdf("报告", [pdf.Text("一")])


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without a font that can be embedded."""

    def forget() -> None:
        pdf.font_name.cache_clear()
        pdf._style.cache_clear()

    monkeypatch.setattr(pdf, "_EMBEDDABLE", (("/nowhere.ttf", 0),))
    forget()
    yield
    forget()


def test_without_a_font_to_embed_the_standard_one_is_named(no_font: None) -> None:
    fonts = made(pdf.Text("一")).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {font.get_object()["/BaseFont"] for font in fonts.values()}
    assert "/STSong-Light" in names


# what the map of the standard font lacks was found by printing each sign and looking
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("阿不都·买买提", "阿不都・买买提"),
        ("下级单位 • 完成率", "下级单位 ・ 完成率"),
        ("Peña, 30 m²", "Pena, 30 m2"),
        ("≥①—…“”×㎡", "≥①—…“”×㎡"),
        ("é ü 《》", "é ü 《》"),
    ],
)
def test_no_part_of_a_document_has_a_sign_that_shows_as_an_empty_box(
    no_font: None, text: str, shown: str
) -> None:
    parts = [
        pdf.Heading(text),
        pdf.Text(text),
        pdf.Figures([(text, text)]),
        pdf.Grid([text], [[text]], "l", [1]),
        pdf.Bars([(text, 0.5, text)]),
    ]
    lacking = set(text) - set(shown)
    words = made(*parts, subtitle=text, footer=text, pages=text).pages[0].extract_text()
    assert "".join(words.split()).count("".join(shown.split())) == 11 and not lacking & set(words)
    page = certificate_pdf.Page(
        *(text,) * 7, facts=[(text, text)], issuer=text, verify=[text], address=None, stamp=text
    )
    reader = pypdf.PdfReader(io.BytesIO(certificate_pdf.certificate(page)))
    words = reader.pages[0].extract_text()
    assert words.count(shown) >= 9 and not lacking & set(words)
