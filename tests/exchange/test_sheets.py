from __future__ import annotations

import csv
import io
from datetime import datetime

import openpyxl
import pytest

from portal.core.report_table import Column, make_table, text_of
from portal.exchange.sheets import Sheet, safe, sheet_names, to_csv, to_xlsx

AT = datetime(2026, 11, 26, 8, 30)
SHEET = Sheet(
    "人员/一街道",
    ["姓名", "完成率", "人数", "学时", "到期日", "时间"],
    ["text", "share", "count", "hours", "day", "moment"],
    [["王敏", 0.873, 1234, 2.5, "2026-11-26", AT], ["=HYPERLINK(1)", None, 0, 0.0, None, None]],
)


def workbook(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(sheets, title="标题", made_at=AT)))


def test_a_workbook_holds_figures_and_dates_not_texts() -> None:
    sheet = workbook(SHEET).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == list(SHEET.headings)
    assert rows[1] == ["王敏", 0.873, 1234, 2.5, datetime(2026, 11, 26), AT]
    assert rows[2] == ["'=HYPERLINK(1)", "—", 0, 0, "—", "—"]
    assert [cell.number_format for cell in sheet[2]][1:] == [
        "0.0%",
        "#,##0",
        "#,##0.0",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm",
    ]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:F3"
    assert sheet.column_dimensions["A"].width > 2 * len("姓名")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1+1", "\u3000@x", "\x00=1"]
)
def test_nothing_people_wrote_is_computed(text: str) -> None:
    assert safe(text).startswith("'")
    sheet = Sheet("一", [text], ["text"], [[text]])
    for cell in [row[0] for row in workbook(sheet).worksheets[0].iter_rows()]:
        assert cell.data_type == "s" and str(cell.value).startswith("'")
    lines = list(csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"))))
    assert all(line[0].startswith("'") for line in lines)


def test_harmless_words_stay_as_they_are_and_impossible_ones_fit() -> None:
    assert safe("王—敏 - 一组") == "王—敏 - 一组"
    assert safe("a\ud800b\x01c") == "abc"
    assert len(safe("字" * 40_000)) == 32_767


def test_a_csv_opens_as_chinese_in_excel() -> None:
    raw = to_csv(SHEET)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert lines[1] == ["王敏", "87.3%", "1234", "2.5", "2026-11-26", "2026-11-26 08:30"]
    assert raw.count(b"\r\n") == 3


def test_sheet_names_are_such_as_excel_takes() -> None:
    long = "很长" * 30
    names = sheet_names(["a/b", "A:B", "", long, long, "History", "'x'"])
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert workbook(SHEET, SHEET).sheetnames == ["人员 一街道", "人员 一街道 (2)"]


def test_a_report_rounds_once() -> None:
    columns = (Column("rate", "share"), Column("hours", "hours"))
    table = make_table("x", columns, [{"rate": 2 / 3, "hours": 1.25, "id": 7}])
    assert table.rows[0] == {"rate": 0.667, "hours": 1.2, "id": 7}
    assert [text_of(c.kind, table.rows[0][c.key]) for c in columns] == ["66.7%", "1.2"]
    assert text_of("count", 12345) == "12,345" and text_of("share", None) == "—"
