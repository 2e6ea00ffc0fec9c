"""Screen, chart, table twin and file of every report agree to the digit; packs are sealed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from portal.__main__ import main
from portal.actions import certificate_register, reports
from portal.actions.errors import NotAllowed, Refused
from portal.actions.reports import REPORTS, Ask
from portal.core.certificates import read_number
from portal.core.certificates import shown as numbered
from portal.core.inspection import digest
from portal.core.people import Person
from portal.core.report_table import NOTHING, text_of
from portal.store import versions
from portal.web.download_files import FILES
from tests.actions.sample import World
from tests.actions.sample import world as make_world
from tests.actions.test_attempts import take
from tests.actions.test_progress import finish_fire, read
from tests.actions.test_unit_standing import obligation

SHEETS = [name for name in REPORTS if name in FILES]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Person]]:
    """A county with something to say in every report, and its manager."""
    versions.forget()
    world = make_world(tmp_path_factory.mktemp("town"))
    boss = world.grant(world.add_person("boss", None), "manager", "county")
    people = [world.add_person(f"p{n}", "east-1" if n < 6 else "west") for n in range(12)]
    world.add_person("=cmd|' /C calc'!A0", "east")
    for n, person in enumerate(people):
        if n % 3:
            take(world, person, "fire/quiz", right=n % 5)
            take(world, person, "fire/quiz", right=4)
        if n % 4 == 1:
            finish_fire(world, person)
        read(world, person, "law/one", "start")
        done = None if n % 2 else "2026-11-12T01:00:00.000Z"
        obligation(world, person, f"2026-11-{10 + n}", done=done, item="fire")
    world.clock.forward(days=350)
    yield world, boss
    world.portal.db.close()


def made(town: tuple[World, Person], name: str, **query: str) -> bytes:
    world, boss = town
    query = {"u": str(world.unit_ids["county"]), **query}
    return FILES[name](world.portal, boss, query).content


def test_every_report_can_be_taken_away() -> None:
    assert set(REPORTS) - set(SHEETS) == {"summary", "people_count", "help"}  # in the PDF, on pages


@pytest.mark.parametrize("day", [None, "2026-11-22"])
@pytest.mark.parametrize("name", SHEETS)
def test_the_files_hold_what_page_and_chart_are_given(
    town: tuple[World, Person], name: str, day: str | None
) -> None:
    world, boss = town
    table = reports.run(world.portal, boss, name, Ask(unit_id=world.unit_ids["county"], day=day))
    if name != "expiring" or day is None:
        assert table.rows, "the town has nothing to say"
    query = {"d": day} if day else {}
    book = openpyxl.load_workbook(io.BytesIO(made(town, name, form="xlsx", **query)))
    cells = list(book.worksheets[0].iter_rows(min_row=2))
    lines = list(csv.reader(io.StringIO(made(town, name, form="csv", **query).decode("utf-8-sig"))))
    assert len(cells) == len(lines) - 1 == len(table.rows)
    for row, sheet_row, line in zip(table.rows, cells, lines[1:], strict=True):
        for column, cell, text in zip(table.columns, sheet_row, line, strict=True):
            value = row[column.key]
            shown = text_of(column.kind, value)  # what the page writes
            assert text == safely(shown).replace(",", "") or text == safely(shown)
            if value is None:
                assert cell.value == NOTHING
            elif column.kind == "day":
                assert cell.value == datetime.fromisoformat(value)
            elif column.kind == "text":
                assert cell.value == safely(value)
            else:
                assert cell.value == value  # what the chart draws
                assert as_excel_shows(cell.value, cell.number_format) == shown


def safely(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def as_excel_shows(value: float, number_format: str) -> str:
    """The three formats that figures have."""
    if number_format == "0.0%":
        return f"{value:.1%}"
    return f"{value:,.1f}" if number_format == "#,##0.0" else f"{value:,d}"


def test_the_printed_report_shows_the_same_figures(town: tuple[World, Person]) -> None:
    world, boss = town
    reader = pypdf.PdfReader(io.BytesIO(made(town, "unit_report")))
    words = "\n".join(page.extract_text() for page in reader.pages)
    ask = Ask(unit_id=world.unit_ids["county"])
    found = reports.run_all(world.portal, boss, ("summary", "units", "months", "overdue"), ask)
    [total] = found["summary"].rows
    for shown in (text_of("share", total["completion"]), f"{total['overdue']}", "县 学习情况报告"):
        assert shown in words
    for row in found["units"].rows:
        assert row["unit"] in words and text_of("share", row["completion"]) in words
    for row in found["months"].rows:
        assert text_of("hours", row["hours"]) in words
    for row in found["overdue"].rows:
        assert row["name"] in words


def test_another_managers_unit_and_a_bad_address_give_no_file(town: tuple[World, Person]) -> None:
    world, boss = town
    west = world.grant(world.add_person("west", None), "manager", "west")
    for name in (*SHEETS, "unit_report", "inspection"):
        make = FILES[name]
        with pytest.raises(NotAllowed):
            make(world.portal, west, {"u": str(world.unit_ids["east"])})
        for query in ({"u": "1;2"}, {"u": "١"}, {"d": "2026-02-30"}):
            with pytest.raises(Refused):
                make(world.portal, boss, query)
        if name in SHEETS:
            with pytest.raises(Refused):
                make(world.portal, boss, {"form": "exe"})


# The inspection pack


@pytest.fixture
def pack(town: tuple[World, Person], tmp_path: Path) -> Path:
    file = tmp_path / "pack.xlsx"
    file.write_bytes(made(town, "inspection", **{"from": "2026-11-01", "d": "2026-12-31"}))
    return file


def records(file: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_pack_says_who_did_what_in_which_version_and_who_assigned_it(
    town: tuple[World, Person], pack: Path
) -> None:
    world, _ = town
    rows = [dict(zip(records(pack)[0], row, strict=True)) for row in records(pack)[1:]]
    [attempts] = world.rows("SELECT COUNT(*) AS n FROM attempts WHERE kind = 'quiz'")
    [done] = world.rows("SELECT COUNT(*) AS n FROM course_progress WHERE completed_at IS NOT NULL")
    assert len(rows) == attempts["n"] + done["n"]
    one = next(row for row in rows if row["工号"] == "p1" and row["类别"] == "测验")
    assert (one["当时单位"], one["名称"], one["编号"]) == ("东一社区", "练习", "fire/quiz")
    assert (one["得分（百分制）"], one["结果"], one["指派"]) == ("25.0", "未通过", "a")
    assert one["时间"] == "2026-11-22 14:00:00" and one["截止日"] == "2026-11-11"
    kept = {row["version"] for row in world.rows("SELECT version FROM content_versions")}
    assert {row["内容版本"] for row in rows if row["类别"] == "测验"} <= kept


def test_a_pack_says_which_certificate_a_completion_brought_and_whether_it_holds_now(
    town: tuple[World, Person], pack: Path, tmp_path: Path
) -> None:
    world, boss = town
    [revoked] = world.rows(
        """
        SELECT c.number, p.staff_no FROM certificates c JOIN people p ON p.id = c.person_id
        WHERE c.course_id = 'fire' AND p.staff_no = 'p1'
        """
    )
    certificate_register.revoke(world.portal, boss, revoked["number"], "替考")
    later = tmp_path / "later.xlsx"
    later.write_bytes(made(town, "inspection", **{"from": "2026-11-01", "d": "2026-12-31"}))

    def states(file: Path) -> list[tuple[str, str, str, str]]:
        head, *rows = records(file)
        named = [dict(zip(head, row, strict=True)) for row in rows]
        keys = ("类别", "编号", "证书编号", "证书状态（导出时）")
        return [tuple(row[key] or "" for key in keys) for row in named]  # type: ignore[misc]

    before, after = states(pack), states(later)
    assert {(kind, what, state) for kind, what, _, state in before} == {
        ("测验", "fire/quiz", ""),
        ("课程完成", "fire", "有效"),
        ("课程完成", "law", "即将到期"),
    }
    stored = {row["number"] for row in world.rows("SELECT number FROM certificates")}
    assert {read_number(number) for _, _, number, _ in before if number} == stored
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [("课程完成", "fire", numbered(revoked["number"]), "已撤销")]
    certificate_register.reinstate(world.portal, boss, revoked["number"], "查无实据")
    assert main(["verify-pack", str(later)]) == 0


def rows_of_pack(world: World, boss: Person, first: str, last: str) -> list[dict[str, Any]]:
    query = {"u": str(world.unit_ids["county"]), "from": first, "d": last}
    content = FILES["inspection"](world.portal, boss, query).content
    head, *rows = (
        openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_pack_lists_renewals_and_drills_where_they_were_done(tmp_path: Path) -> None:
    versions.forget()
    world = make_world(tmp_path)
    boss = world.grant(world.add_person("boss", None), "manager", "county")
    wang = world.add_person("wang", "east-1")
    read(world, wang, "law/one", "start")
    world.clock.forward(days=350)  # 7 November 2027
    read(world, world.move(wang, "west"), "law/one", "start")
    with world.portal.db.write() as conn:
        drill = {"at": "2027-11-07T07:00:00.000Z", "who": wang.id, "west": world.unit_ids["west"]}
        conn.run("INSERT INTO drill_versions VALUES ('gas@1', 'fire/gas', '{}', :at)", at="x")
        run = conn.insert(
            """
            INSERT INTO drill_runs (drill_id, course_id, version, kind, seed, person_id, unit_id,
                                    started_at, ended_at, outcome, passed, score)
            VALUES ('fire/gas', 'fire', 'gas@1', 'group', 1, :who, NULL, :at, :at, 'finished', 0,
                    0.625)
            RETURNING id
            """,
            at=drill["at"],
            who=drill["who"],
        )
        conn.run(
            """
            INSERT INTO drill_participants (run_id, person_id, unit_id, joined_at)
            VALUES (:run, :who, :west, :at)
            """,
            run=run,
            **drill,
        )
    keys = ("类别", "当时单位", "编号", "得分（百分制）", "结果", "证书状态（导出时）")
    found = [
        tuple(row[key] for key in keys)
        for row in rows_of_pack(world, boss, "2026-11-01", "2027-12-31")
    ]
    assert found == [
        ("课程完成", "东一社区", "law", "", "", "即将到期"),
        ("课程续期", "西街道", "law", "", "", "有效"),
        ("演练", "西街道", "fire/gas", "62.5", "未通过", ""),
    ]
    numbers = {row["number"] for row in world.rows("SELECT number FROM certificates")}
    listed = rows_of_pack(world, boss, "2026-11-01", "2027-12-31")[:2]
    assert {read_number(row["证书编号"]) for row in listed} == numbers
    world.portal.db.close()


def test_what_was_done_in_the_first_night_was_assigned_by_the_portals_day(tmp_path: Path) -> None:
    versions.forget()
    world = make_world(tmp_path)
    boss = world.grant(world.add_person("boss", None), "manager", "county")
    wang = world.add_person("wang", "east-1")
    world.clock.now = datetime(2026, 11, 22, 17, tzinfo=UTC)  # one in the morning of the 23rd
    obligation(world, wang, "2026-12-01", item="fire")
    with world.portal.db.write() as conn:
        conn.run("UPDATE obligations SET began_on = '2026-11-23'")
    take(world, wang, "fire/quiz", right=0)
    [row] = rows_of_pack(world, boss, "2026-11-23", "2026-11-23")
    assert (row["时间"][:10], row["指派"], row["截止日"]) == ("2026-11-23", "a", "2026-12-01")
    world.portal.db.close()


def test_a_pack_checks_and_its_seal_is_in_the_log(
    town: tuple[World, Person], pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, _ = town
    assert main(["verify-pack", str(pack)]) == 0
    seal = digest(records(pack)[0], records_as_text(pack))
    assert seal in capsys.readouterr().out
    entry = world.rows("SELECT detail FROM audit WHERE action = 'exported' ORDER BY id DESC")[0]
    assert json.loads(entry["detail"])["sha256"] == seal
    data = str(world.portal.db.path.parent)
    assert main(["verify-pack", str(pack), "--data", data]) == 0
    assert "姓名 boss" in capsys.readouterr().out


def records_as_text(file: Path) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in records(file)[1:]]


def spoil(file: Path, how: str) -> None:
    book = openpyxl.load_workbook(file)
    sheet, notes = book.worksheets
    if how == "score":
        sheet["I2"] = "100.0"
    elif how == "left out":
        sheet.delete_rows(3)
    elif how == "added":
        sheet.append([cell.value for cell in sheet[2]])
    elif how == "moved":
        first, second = ([cell.value for cell in sheet[n]] for n in (2, 3))
        for at, (a, b) in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(2, at, b), sheet.cell(3, at, a)
    elif how == "heading":
        sheet["I1"] = "分数"
    elif how == "certificate":
        sheet["P2"] = "已过期"
    elif how == "seal":
        notes["B2"] = "0" * 64
    book.save(file)


@pytest.mark.parametrize(
    "how", ["score", "left out", "added", "moved", "heading", "certificate", "seal"]
)
def test_a_changed_pack_does_not_check(
    pack: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    spoil(pack, how)
    assert main(["verify-pack", str(pack)]) == 1
    assert "已被改动" in capsys.readouterr().err


def test_a_pack_that_was_saved_again_checks_and_a_forged_one_is_not_in_the_log(
    town: tuple[World, Person], pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(pack, "nothing")
    assert main(["verify-pack", str(pack)]) == 0
    book = openpyxl.load_workbook(pack)
    book.worksheets[0]["I2"] = "100.0"
    book.save(pack)
    lines = records(pack)
    book.worksheets[1]["B2"] = digest([str(h) for h in lines[0]], records_as_text(pack))
    book.save(pack)
    capsys.readouterr()
    assert main(["verify-pack", str(pack)]) == 0  # sealed anew by whoever changed it
    data = str(town[0].portal.db.path.parent)
    assert main(["verify-pack", str(pack), "--data", data]) == 1
    assert "审计日志里没有这个包" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello"])
def test_what_is_no_pack_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert main(["verify-pack", str(tmp_path / "x.xlsx")]) == 1
    assert "不是检查材料包" in capsys.readouterr().err
    assert main(["verify-pack", str(tmp_path / "none.xlsx")]) == 1
