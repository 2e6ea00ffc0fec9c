"""Spreadsheets as people send them: what they hold arrives, what is dangerous does not."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.exchange.tables import Limits, Row, find_columns, read_table
from portal.web.text import messages

HEADER = ["工号", "姓名", "单位"]
PEOPLE = [HEADER, ["007", "李敏", "长河街道"], ["B-2", "欧阳 娜娜", "西兴，街道"]]


def xlsx(rows, change=lambda book: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change) -> bytes:
    """The zip ``data`` with every part passed through ``change(name, bytes) -> bytes | None``."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def csv_text(rows, separator=",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def cells(data: bytes, **limits) -> list[list[str]]:
    table, problems = read_table(data, Limits(**limits))
    assert problems == ()
    assert table is not None
    return [list(row.cells) for row in table.rows]


def refused(data: bytes, **limits) -> str:
    table, problems = read_table(data, Limits(**limits))
    assert table is None
    [problem] = problems
    assert messages("zh")[problem.key].format(**problem.args)
    assert messages("en")[problem.key].format(**problem.args)
    return problem.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_excel_and_old_systems_write_it(encoding, separator):
    assert cells(csv_text(PEOPLE, separator).encode(encoding)) == PEOPLE


def test_csv_keeps_row_numbers_over_blank_rows_and_lines_within_a_cell():
    text = '工号,姓名\n\n007,"李\n敏"\n,,\n8,王刚,,\n'
    table, problems = read_table(text.encode())
    assert problems == ()
    assert table.rows == (
        Row(1, ("工号", "姓名")),
        Row(3, ("007", "李\n敏")),
        Row(5, ("8", "王刚")),
    )


def test_what_nobody_sees_is_dropped_and_disarmed_formulas_are_themselves_again():
    given = ["\ufeff 007\u3000", "'=1+1", "'quoted'", "李\u200b敏\xa0"]
    for data in (xlsx([given]), csv_text([given]).encode()):
        assert cells(data) == [["007", "=1+1", "'quoted'", "李敏"]]
    assert cells('工号,姓名\n"=""007""",李敏\n'.encode())[1] == ["007", "李敏"]


def test_excel_names_its_separator():
    assert cells("sep=;\n工号;姓名\n1,5;李敏\n".encode()) == [["工号", "姓名"], ["1,5", "李敏"]]


@pytest.mark.parametrize(
    ("text", "key"),
    [('a,b\n1,"x\n2,y\n', "table.quote"), ("a\n" + "x" * 200_000 + "\n", "table.cell_long")],
)
def test_csv_that_would_swallow_rows_is_refused(text, key):
    assert refused(text.encode()) == key


def test_binary_and_empty_files():
    assert refused(b"") == "table.empty"
    assert refused(b" \r\n\r\n") == "table.empty"
    assert refused(b",,\n,,\n") == "table.empty"
    assert refused(bytes(range(256))) == "table.unreadable"
    assert refused("李敏".encode("big5") + b"\xff") == "table.unreadable"


def test_xlsx_cells_are_what_a_person_sees():
    def change(book):
        for column, (value, shown_as) in enumerate(
            [
                (7, "000"),
                (7, '"B-"0000'),
                (0.856, "0.0%"),
                (20240101.0, "General"),
                (1.5, "General"),
                (date(2024, 1, 1), "yyyy/m/d"),
                (datetime(2024, 1, 1, 8, 30), "yyyy-mm-dd hh:mm"),
            ],
            1,
        ):
            book.active.cell(1, column, value).number_format = shown_as

    assert cells(xlsx([], change)) == [
        ["007", "B-0007", "85.6%", "20240101", "1.5", "2024-01-01", "2024-01-01 08:30"]
    ]


def test_times_truths_and_text_keep_their_form():
    row = [time(8, 30), True, "007", "3月5日", -2]
    assert cells(xlsx([row])) == [["08:30:00", "TRUE", "007", "3月5日", "-2"]]


def test_a_formula_gives_its_last_result():
    data = xlsx([["=1+1"]])
    with_result = repacked(data, lambda name, body: body.replace(b"<v />", b"<v>2</v>"))
    assert cells(with_result) == [["2"]]


def test_errors_and_lost_digits_are_told_with_row_and_column():
    data = xlsx([["工号"], [330108199001011234], ["#REF!"]])
    table, problems = read_table(data)
    assert [(one.key, one.row, one.args["column"]) for one in problems] == [
        ("table.long_number", 2, "A"),
        ("table.error_value", 3, "A"),
    ]
    assert table is not None


def test_the_first_visible_sheet_is_read():
    def change(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("名单").append(["工号"])
        book.create_sheet("说明").append(["x"])

    assert cells(xlsx([["no"]], change)) == [["工号"]]


def test_xlsx_rows_keep_their_numbers():
    def change(book):
        book.active.cell(5, 2, "x")

    table, _ = read_table(xlsx([["工号"]], change))
    assert table.rows == (Row(1, ("工号",)), Row(5, ("", "x")))


def test_a_wrong_dimension_hides_nothing():
    def change(name, body):
        return body.replace(b'ref="A1:C3"', b'ref="A1"')

    assert cells(repacked(xlsx(PEOPLE), change)) == PEOPLE


# what is dangerous


def test_a_bomb_is_refused_before_it_is_unpacked():
    def swell(name, body):
        return body + b" " * 60_000_000 if "sheet1" in name else body

    bomb = repacked(xlsx(PEOPLE), swell)
    assert len(bomb) < 400_000
    assert refused(bomb) == "table.bomb"  # by its ratio
    assert refused(xlsx(PEOPLE), unpacked_bytes=1000) == "table.bomb"
    assert refused(xlsx(PEOPLE), parts=3) == "table.bomb"


def test_a_zip_that_lies_about_its_size_yields_no_more_than_it_announces():
    def swell(name, body):
        return body + b" " * 5_000_000 if "sheet1" in name else body

    bomb = bytearray(repacked(xlsx(PEOPLE), swell))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        part = next(p for p in archive.infolist() if "sheet1" in p.filename)
    true_size = part.file_size.to_bytes(4, "little")
    assert bomb.count(true_size) == 2  # its own header, and the directory
    small = bytes(bomb.replace(true_size, (900).to_bytes(4, "little")))
    assert refused(small) == "table.broken"


@pytest.mark.parametrize("kind", ["part", "content type"])
def test_macros_are_refused(kind):
    data = xlsx(PEOPLE)
    if kind == "part":
        stream = io.BytesIO(data)
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
        data = stream.getvalue()
    else:
        data = repacked(
            data,
            lambda name, body: body.replace(
                b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                b"vnd.ms-excel.sheet.macroEnabled.main",
            ),
        )
    assert refused(data) == "table.macros"


def test_old_encrypted_and_other_formats_are_named():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert refused(ole) == "table.legacy"
    assert refused(ole + "EncryptedPackage".encode("utf-16-le")) == "table.encrypted"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refused(stream.getvalue()) == "table.other_format"
    assert refused(b"PK\x03\x04 and nothing more") == "table.broken"
    encrypted = bytearray(xlsx(PEOPLE))
    at = encrypted.rindex(b"PK\x01\x02")  # the last entry of the directory
    encrypted[at + 8] |= 1
    assert refused(bytes(encrypted)) == "table.encrypted"


def test_entities_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'

    def change(name, body):
        return body.replace(b"<worksheet", laughs + b"<worksheet") if "sheet1" in name else body

    assert refused(repacked(xlsx(PEOPLE), change)) == "table.broken"


def test_broken_xml_is_one_clear_problem():
    def change(name, body):
        return body[: len(body) // 2] if "sheet1" in name else body

    assert refused(repacked(xlsx(PEOPLE), change)) == "table.broken"


def test_limits_of_size():
    assert refused(csv_text(PEOPLE).encode(), file_bytes=10) == "table.too_large"
    assert refused(csv_text(PEOPLE).encode(), rows=2) == "table.many_rows"
    assert refused(xlsx(PEOPLE), rows=2) == "table.many_rows"
    assert refused(csv_text(PEOPLE).encode(), columns=2) == "table.many_columns"
    assert refused(xlsx(PEOPLE), columns=2) == "table.many_columns"


def test_a_cell_at_the_far_corner_is_neither_lost_nor_given_memory():
    def change(book):
        book.active["A1048576"] = "x"
        book.active["XFD1048576"] = "x"

    assert refused(xlsx(PEOPLE, change), rows=1000) == "table.many_rows"
    assert cells(xlsx(PEOPLE), rows=3, columns=3) == PEOPLE


def test_formats_far_below_the_last_row_do_no_harm():
    def change(book):
        book.active.row_dimensions[1048576].height = 20
        book.active["A1048576"].number_format = "000"

    assert cells(xlsx(PEOPLE, change), rows=1000) == PEOPLE


# columns


def test_columns_are_found_by_any_of_their_headings():
    header = Row(1, ("＊工号 *", "Full Name", "", "姓 名"))
    names = {"staff_no": ["工号", "staff no"], "name": ["姓名", "full name"], "post": ["岗位"]}
    assert find_columns(header, names) == {"staff_no": 0, "name": 3}
    assert header.cell(9) == ""


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    for given_data in (data, b"PK\x03\x04" + data, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data):
        table, problems = read_table(given_data)
        assert table is not None or problems


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_text_survives_xlsx(rows):
    plain = [[f"x{cell}" for cell in row] for row in rows]
    assert cells(xlsx(plain)) == plain
