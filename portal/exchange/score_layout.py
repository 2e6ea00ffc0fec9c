"""What is what on a score sheet: header, names of persons, maximum marks, marks.

The rules are told in ``score_sheet``. Cells are text; ``number`` alone says what counts as a mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

from portal.exchange.tables import Row

MaxRow = Literal["auto", "yes", "no"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_WORDS = _words(
    """
    满分 满分值 分值 最高分 题分 总分值 max maximum maxmark maxmarks max.mark
    max.marks maximummark maximummarks maxscore maximumscore fullmarks fullmark full outof
    points possible
    """
)
ID_WORDS = _words(
    """
    id 编号 序号 学号 工号 考号 准考证号 姓名 名字 单位 人员 学员
    考生 name person student staff no no. number code login user username participant
    candidate attempt quizattempt 账号 班级 部门 unit department
    """
)
TOTAL_WORDS = _words(
    """
    总分 合计 总计 总成绩 成绩 total sum score grade totalscore totalmark
    totalmarks summarks
    """
)
SUMMARY_WORDS = _words(
    """
    平均 平均分 均分 平均值 得分率 正确率 通过率 合计 总计 average
    mean facility median sd
    """
)
FEW_PERSONS = 4  # too few to tell a person from a row of maxima that holds a 0
FEW_ITEMS = 3
MOST_MARKS = 1_000_000.0
BLANK = frozenset(("", "-", "—", "–", "/"))


def is_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names its columns: words above numbers, not in the first column alone.

    A column that is words from top to bottom holds names and says nothing about the first row.
    """
    first, below = rows[0], rows[1:]
    if says_maximum(first.cell(0)):
        return False
    if folded(first.cell(0)) in ID_WORDS:
        return True
    worded = [at for at, cell in enumerate(first.cells) if cell not in BLANK and not _is_mark(cell)]
    numbered = [at for at, cell in enumerate(first.cells) if _is_mark(cell)]
    if not worded:
        return False
    if not below:
        return not numbered
    above = sum(any(_is_mark(row.cell(at)) for row in below[:50]) for at in worded)
    return above > 0 and above >= len(numbered)


def is_max_row(body: Sequence[Row], names: range, columns: Sequence[int], asked: MaxRow) -> bool:
    first, others = body[0], body[1:]
    if asked != "auto":
        return asked == "yes"
    if any(says_maximum(first.cell(at)) for at in names):
        return True
    if not others:
        return False
    if names:
        unnamed = not any(first.cell(at) for at in names)
        return unnamed and all(any(row.cell(at) for at in names) for row in others)
    top = [number(first.cell(at)) for at in columns]
    rest = [[number(row.cell(at)) for at in columns] for row in others]
    if None in top or any(None in row for row in rest):
        return False  # the faulty cell will be named
    columns_of = list(zip(*rest, strict=True))
    best = [max(mark or 0.0 for mark in column) for column in columns_of]
    maxima = [mark or 0.0 for mark in top]
    if any(highest > maximum for highest, maximum in zip(best, maxima, strict=True)):
        return False
    if min(maxima) <= 0:  # worth nothing, or a person whom nobody beats and who left it out
        return best != maxima and len(rest) >= FEW_PERSONS
    if len(columns) < FEW_ITEMS:  # so few that anybody may have all of them right
        return best != maxima
    return any(row != top for row in rest)


def name_columns(header: Row | None, body: Sequence[Row], width: int) -> range:
    """The leading columns that name persons. At least one column is left for items."""
    count = 0
    while count < width - 1 and _names_persons(header, body, count):
        count += 1
    return range(count)


def _names_persons(header: Row | None, body: Sequence[Row], at: int) -> bool:
    title = folded(header.cell(at)) if header else ""
    if title in ID_WORDS:
        return True
    cells = [row.cell(at) for row in body]
    filled = [cell for cell in cells if cell not in BLANK]
    words = sum(not _is_mark(cell) for cell in filled)
    if filled and words * 2 > len(filled):
        return True
    if says_maximum(cells[0]):
        return True
    if header and not header.cell(at) and filled:
        return at == 0  # a corner left empty above the names
    return at == 0 and _are_numbers_of_persons(body)


def is_total(header: Row | None, at: int) -> bool:
    return header is not None and folded(header.cell(at)) in TOTAL_WORDS


def number(cell: str) -> float | None:
    """A mark; an empty cell counts 0, None is something else."""
    text = unicodedata.normalize("NFKC", cell).strip().replace("−", "-")
    if text in BLANK:
        return 0.0
    text = text.removesuffix("分").strip()
    bare = text[1:] if text[:1] in ("+", "-") else text
    if not bare or not bare.isascii() or not (bare[0].isdigit() or bare[0] == "."):
        return None  # float() would also take nan, inf and 1_000
    if "_" in bare:
        return None
    try:
        mark = float(text)
    except ValueError:
        return None
    return mark if abs(mark) <= MOST_MARKS else None


def says_maximum(cell: str) -> bool:
    word = folded(cell)
    return word in MAX_WORDS or word.startswith(("满分", "maxim", "max.", "max_"))


def folded(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell).casefold()
    return "".join(text.split()).strip("*:：")


# Private functions


def _are_numbers_of_persons(body: Sequence[Row]) -> bool:
    """Whether the first column runs 1, 2, 3 …, or holds whole numbers that are all different and
    higher than anything else on the sheet."""
    people = [row.cell(0) for row in body if row.cell(0)]
    if len(people) < 3 or not all(cell.isascii() and cell.isdigit() for cell in people):
        return False
    if people == [str(n) for n in range(1, len(people) + 1)]:
        return True
    marks = [number(cell) or 0.0 for row in body for cell in row.cells[1:]]
    return len(set(people)) == len(people) and min(map(float, people)) > max(marks, default=0.0)


def _is_mark(cell: str) -> bool:
    return cell not in BLANK and number(cell) is not None
