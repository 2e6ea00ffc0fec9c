"""Rosters as files, and the template, which can be imported as it is."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from portal.core.roster_model import RosterLine
from portal.exchange.rosters import (
    HEADINGS,
    TemplateWords,
    headings,
    read_roster,
    template_csv,
    template_xlsx,
)
from portal.web.text import translate

TEXT = """2026年11月名册
工号,姓名,所在单位,职务
007,李敏,330108,网格员
,,,
8,王刚,330108,grid,多余
"""


def words(locale):
    return TemplateWords(
        sheet=translate(locale, "roster.template_sheet"),
        notes_sheet=translate(locale, "roster.template_notes"),
        example=translate(locale, "roster.template_example", post="网格员").split("|"),
        notes=translate(locale, "roster.template_note").splitlines(),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_keep_their_numbers_below_a_title(encoding):
    lines, problems = read_roster(TEXT.encode(encoding))
    assert problems == ()
    assert lines == (
        RosterLine(3, "007", "李敏", "330108", "网格员"),
        RosterLine(5, "8", "王刚", "330108", "grid"),
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("李敏,330108\n", "roster.no_header"),
        ("工号,姓名,单位\n1,李敏,330108\n", "roster.no_columns"),
        ("工号,姓名,单位,岗位\n", "roster.no_rows"),
        ("工号,姓名,单位,岗位\n示例001,李敏,330108,网格员\n", "roster.no_rows"),
        ("", "table.empty"),
    ],
)
def test_what_cannot_be_read_is_one_problem(text, key):
    lines, problems = read_roster(text.encode())
    assert lines == ()
    assert [one.key for one in problems] == [key]
    assert translate("zh", key, **problems[0].args) != key


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_template_is_understood_and_its_example_skipped(locale):
    xlsx = template_xlsx(locale, words(locale), ["网格员", "调解员"])
    for data in (xlsx, template_csv(locale, words(locale))):
        lines, problems = read_roster(data)
        assert (lines, [one.key for one in problems]) == ((), ["roster.no_rows"])
    book = load_workbook(io.BytesIO(xlsx))
    book.worksheets[0].append(["B-1", "李敏", "330108", "网格员", "", "li.min@example.cn"])
    stream = io.BytesIO()
    book.save(stream)
    expected = RosterLine(3, "B-1", "李敏", "330108", "网格员", email="li.min@example.cn")
    assert read_roster(stream.getvalue())[0] == (expected,)


def test_the_template_keeps_numbers_as_text_and_offers_the_posts():
    book = load_workbook(io.BytesIO(template_xlsx("zh", words("zh"), ["网格员", "调解员"])))
    sheet, notes = book.worksheets
    assert [cell.value for cell in sheet[1]] == headings("zh")
    assert sheet.column_dimensions["A"].min == 1
    assert sheet.column_dimensions["A"].max == len(HEADINGS)
    assert sheet["A2"].number_format == "@"
    [choice] = sheet.data_validations.dataValidation
    assert choice.formula1 == '"网格员,调解员"'
    assert "工号" in notes["A2"].value
