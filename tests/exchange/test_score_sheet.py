"""Score sheets as people keep them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.exchange.score_sheet import ScoreSheet, read_score_sheet


def sheet(text: str, encoding: str = "utf-8", **how: str) -> ScoreSheet:
    found, problems = read_score_sheet("s.csv", text.encode(encoding), **how)  # type: ignore[arg-type]
    assert found is not None, problems
    return found


def problems(text: str) -> list[tuple[str, int | None]]:
    found, noted = read_score_sheet("s.csv", text.encode())
    assert found is None
    return [(problem.key, problem.row) for problem in noted]


def test_numbers_alone() -> None:
    found = sheet("1,0,2\n0,1,0\n1,1,1\n")
    assert found.items == ("1", "2", "3")
    assert found.marks == ((1, 0, 2), (0, 1, 0), (1, 1, 1))
    assert (found.maxima, found.max_from) == ((1, 1, 2), "marks")


def test_an_item_that_nobody_solved_still_counts_one() -> None:
    assert sheet("1,0\n0,0\n").maxima == (1, 1)


def test_header_names_and_maximum_marks() -> None:
    found = sheet("姓名,学号,第1题,第2题,总分\n满分,,2,3,5\n张三,007,2,1.5,3.5\n李四,008,,3,3\n")
    assert found.items == ("第1题", "第2题")
    assert found.marks == ((2, 1.5), (0, 3))
    assert (found.maxima, found.max_from, found.blanks) == ((2, 3), "row", 1)


@pytest.mark.parametrize(
    "word", ["max", "Maxima", "Maximum marks", "MAX", "满分", "满分：", "Max. mark", "分值"]
)
def test_the_row_of_maxima_may_be_named(word: str) -> None:
    found = sheet(f"id,a,b\n{word},5,5\n7,1,2\n8,5,5\n")
    assert (found.maxima, len(found.marks)) == ((5, 5), 2)
    assert sheet(f"{word},5,5\n7,1,2\n8,5,5\n").maxima == (5, 5), "without a header as well"


def test_the_row_of_maxima_may_be_the_one_without_a_name() -> None:
    assert sheet("name,a,b\n,5,5\nAnn,1,2\nBo,5,5\n").maxima == (5, 5)


def test_a_named_first_person_is_a_person_however_good() -> None:
    found = sheet("name,a,b\nAnn,1,1\nBo,1,0\nCy,0,0\n")
    assert (len(found.marks), found.max_from) == (3, "marks")


def test_without_names_a_first_row_that_nobody_beats_holds_the_maxima() -> None:
    assert sheet("a,b,c\n1,1,1\n1,0,1\n0,1,1\n").max_from == "row"
    assert sheet("a,b\n1,1\n1,0\n0,1\n").max_from == "marks", "two items: anybody's"
    assert sheet("4,4\n1,3\n0,1\n").maxima == (4, 4)
    assert sheet("1,0\n1,1\n").max_from == "marks"
    assert sheet("1,1\n1,1\n1,1\n").marks == ((1, 1),) * 3, "all equal: nothing says so"
    assert sheet("1,1\n").marks == ((1, 1),), "a single person"


def test_who_asks_decides() -> None:
    assert len(sheet("1,1\n1,0\n", max_row="no").marks) == 2
    assert sheet("1,1\n1,1\n", max_row="yes").maxima == (1, 1)
    assert len(sheet("1,1,1\n1,0,1\n", max_row="no").marks) == 2


def test_running_numbers_name_persons() -> None:
    assert sheet("1,0,5\n2,1,3\n3,1,4\n").marks == ((0, 5), (1, 3), (1, 4))
    assert sheet("101,1,0\n107,0,1\n103,1,1\n").marks == ((1, 0), (0, 1), (1, 1))
    assert sheet("9,1,0\n9,0,1\n8,1,1\n").items == ("1", "2", "3"), "marks may be alike"


def test_chinese_files_and_full_width_digits() -> None:
    assert sheet("姓名,题一\n张,１\n李,0.5分\n", "gb18030").marks == ((1,), (0.5,))
    assert sheet("姓名,题一\n张,－1\n李,+2\n").marks == ((-1,), (2,))


def test_faults_are_named_by_row_and_column() -> None:
    text = "姓名,甲,乙\n满分,1,2\n张,1,3\n李,x,\n平均,1,1\n"
    assert problems(text) == [
        ("scores.above_maximum", 3),
        ("scores.not_a_number", 4),
        ("scores.not_a_person", 5),
    ]
    _, noted = read_score_sheet("s.csv", text.encode())
    assert noted[0].args["column"] == "C"
    assert noted[1].args["cell"] == "x"


@pytest.mark.parametrize("cell", ["nan", "inf", "1e9", "1_0", "0x1", "--1", "√", "1;2"])
def test_what_is_no_mark_is_refused(cell: str) -> None:
    assert problems(f"name,a,b\nAnn,1,1\nBo,{cell},1\n") == [("scores.not_a_number", 3)]


def test_nothing_to_work_with() -> None:
    assert problems("") == [("table.empty", None)]
    assert problems("name,a,b\n") == [("scores.no_persons", None)]
    assert problems("name,a\nmax,1\n") == [("scores.no_persons", None)]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=8))
def test_whatever_is_sent_is_read_or_refused(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    found, noted = read_score_sheet("s.csv", text.encode("utf-8", "surrogatepass"))
    assert (found is None) == bool(noted)
    if found is not None:
        assert all(len(row) == len(found.maxima) for row in found.marks)
