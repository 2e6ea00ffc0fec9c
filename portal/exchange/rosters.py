"""Rosters as files: reading one, and the template that people fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.roster_model import RosterLine, RosterProblem
from portal.exchange.tables import Row, find_columns, read_table

# field: headings that are understood, those of the template first (Chinese, English)
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "staff_no": ("工号", "Staff number", "员工编号", "人员编号", "编号", "staff no"),
    "name": ("姓名", "Name"),
    "unit": ("单位", "Unit", "所在单位", "单位代码", "unit code", "部门"),
    "posts": ("岗位", "Posts", "职务", "post"),
    "login": ("登录名", "Login", "账号", "用户名"),
    "email": ("邮箱", "E-mail", "电子邮箱", "email"),
}
REQUIRED = ("staff_no", "name", "unit", "posts")
EXAMPLE_MARKS = ("示例", "example")  # how the staff number of the template's example row begins

_HEADER_WITHIN = 10  # rows: a title may stand above
_BLANK_ROWS = 5_000  # of the template that are formatted as text


def read_roster(data: bytes) -> tuple[tuple[RosterLine, ...], tuple[RosterProblem, ...]]:
    """The lines of a roster, and what keeps it from being read. Never raises on what was sent."""
    table, found = read_table(data)
    problems = tuple(RosterProblem(one.key, one.row, one.args) for one in found)
    if table is None:
        return (), problems
    at = next((n for n, row in enumerate(table.rows[:_HEADER_WITHIN]) if _is_header(row)), None)
    if at is None:
        return (), (*problems, RosterProblem("roster.no_header"))
    header = table.rows[at]
    columns = find_columns(header, HEADINGS)
    missing = [HEADINGS[name][0] for name in REQUIRED if name not in columns]
    if missing:
        args = {"row": header.number, "columns": "、".join(missing)}
        return (), (*problems, RosterProblem("roster.no_columns", header.number, args))
    lines = tuple(_line(row, columns) for row in table.rows[at + 1 :])
    kept = tuple(one for one in lines if not one.staff_no.casefold().startswith(EXAMPLE_MARKS))
    if not kept:
        return (), (*problems, RosterProblem("roster.no_rows"))
    return kept, problems


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """The words of a template in one language. ``example`` has a cell for each heading."""

    sheet: str
    notes_sheet: str
    example: Sequence[str]
    notes: Sequence[str]


def template_csv(locale: str, words: TemplateWords) -> bytes:
    """Headings and the example row, in UTF-8 with the mark by which Excel knows it."""
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator="\r\n").writerows([headings(locale), words.example])
    return output.getvalue().encode("utf-8-sig")


def template_xlsx(locale: str, words: TemplateWords, posts: Sequence[str]) -> bytes:
    """The same with a list of posts to choose from and a sheet of notes.

    Cells are formatted as text: Excel would make 7 of 007, and cut numbers beyond 15 digits.
    """
    from xlsxwriter import Workbook

    output = io.BytesIO()
    book = Workbook(output, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF5", "bottom": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    faint = book.add_format({"num_format": "@", "italic": True, "font_color": "#66707A"})
    sheet = book.add_worksheet(words.sheet)
    sheet.set_column(0, len(HEADINGS) - 1, 22, text)
    for column, heading in enumerate(headings(locale)):
        sheet.write_string(0, column, heading, bold)
        sheet.write_string(1, column, words.example[column], faint)
    sheet.freeze_panes(1, 0)
    if posts and sum(len(post) + 1 for post in posts) < 250:  # what Excel takes in a list
        column = list(HEADINGS).index("posts")
        choice = {"validate": "list", "source": list(posts), "error_type": "information"}
        sheet.data_validation(1, column, _BLANK_ROWS, column, choice)
    notes = book.add_worksheet(words.notes_sheet)
    notes.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    for row, note in enumerate(words.notes):
        notes.write_string(row, 0, note)
    book.close()
    return output.getvalue()


def headings(locale: str) -> list[str]:
    """The headings of the template; required ones carry an asterisk."""
    at = 1 if locale == "en" else 0
    return [
        accepted[at] + (" *" if name in REQUIRED else "") for name, accepted in HEADINGS.items()
    ]


# Private functions


def _is_header(row: Row) -> bool:
    return len(find_columns(row, HEADINGS)) >= 2


def _line(row: Row, columns: Mapping[str, int]) -> RosterLine:
    def cell(name: str) -> str:
        return row.cell(columns[name]) if name in columns else ""

    return RosterLine(row.number, *(cell(name) for name in HEADINGS))
