"""Transcripts of training hours: screen, PDF and XLSX agree, hours add up, scopes hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from portal.actions import progress
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual, Capability, CapabilityModel
from portal.core.certificates import shown
from portal.core.people import Person
from portal.store import certificates, versions
from portal.web.download_files import FILES
from tests.actions.sample import START, World, sample_catalogue
from tests.actions.sample import world as make_world
from tests.actions.test_progress import finish_fire, read

CAPABILITIES = {"plan": Bilingual("预案能力"), "fire": Bilingual("消防能力")}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[World, Person]]:
    """Somebody who completed a course in each of two years and began nothing else."""
    versions.forget()
    world = make_world(tmp_path)
    made = sample_catalogue()
    courses = {
        key: replace(one, capability="plan" if key == "law" else "fire")
        for key, one in made.courses.items()
    }
    model = CapabilityModel(
        tuple(Capability(key, name, "#000000", ()) for key, name in CAPABILITIES.items())
    )
    world.serve(replace(made, courses=courses, capabilities=model))
    learner = world.add_person("wang", "east-1")
    finish_fire(world, learner)
    world.clock.forward(days=100)
    read(world, learner, "law/one", "start")
    yield world, learner
    world.portal.db.close()


def made(world: World, person: Person, **query: str) -> bytes:
    return FILES["transcript"](world.portal, person, query).content


def sheets(content: bytes) -> list[list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets]


def words(content: bytes) -> str:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "".join(text.split())


def test_screen_pdf_and_spreadsheet_agree_and_hours_add_up(town: tuple[World, Person]) -> None:
    world, learner = town
    record = progress.record(world.portal, learner)
    lines, by_capability, by_year, about = sheets(made(world, learner, **{"as": "xlsx"}))
    text = words(made(world, learner))
    with world.portal.db.read() as conn:
        held = certificates.of_person(conn, learner.id)
    numbers = {shown(one.certificate.number) for one in held}
    assert len(lines) == record.courses_completed == len(numbers) == 2
    assert {row[4] for row in lines} == numbers
    assert {row[0] for row in lines} == {line.title.zh for line in record.courses}
    assert sum(row[3] for row in lines) == record.hours == 3.5
    assert [(row[1], row[3]) for row in lines] == [("预案能力", 2.0), ("消防能力", 1.5)]
    assert by_capability[:-1] == [("预案能力", 1, 2), ("消防能力", 1, 1.5)]
    for totals in (by_capability, by_year):
        assert sum(row[2] for row in totals[:-1]) == totals[-1][2] == record.hours
        assert sum(row[1] for row in totals[:-1]) == totals[-1][1] == 2
    assert [row[0] for row in by_year[:-1]] == [f"{row[2].year}" for row in lines]
    assert about[0][1] == learner.name
    for row in lines:
        day = f"{row[2].year}年{row[2].month}月{row[2].day}日"
        for cell in (row[0], row[1], day, f"{row[3]:g}", row[4]):
            assert "".join(cell.split()) in text
    assert f"{record.hours:g}" in text


def test_a_period_holds_its_first_and_last_day(town: tuple[World, Person]) -> None:
    world, learner = town
    first = START.date().isoformat()
    found = sheets(made(world, learner, **{"as": "xlsx", "from": first, "to": first}))[0]
    assert [(row[2].date(), row[3]) for row in found] == [(date.fromisoformat(first), 1.5)]
    later = sheets(made(world, learner, **{"as": "xlsx", "from": "2099-01-01"}))[0]
    assert later == []
    assert "没有完成的课程" in words(made(world, learner, **{"from": "2099-01-01"}))


def test_a_revoked_certificate_is_not_cited(town: tuple[World, Person]) -> None:
    world, learner = town
    with world.portal.db.write() as conn:
        one = certificates.of_person(conn, learner.id)[0]
        certificates.decide(conn, one.id, "revoke", "why", learner.id, world.portal.now())
    assert sheets(made(world, learner, **{"as": "xlsx"}))[0][0][4] == "—"


def test_a_manager_takes_those_of_the_own_unit_alone_and_it_is_noted(
    town: tuple[World, Person],
) -> None:
    world, learner = town
    near = world.grant(world.add_person("near", None), "manager", "east")
    far = world.grant(world.add_person("far", None), "manager", "west")
    colleague = world.add_person("li", "east-1")
    assert made(world, near, p=str(learner.id)).startswith(b"%PDF")
    for other in (far, colleague):
        for form in ("pdf", "xlsx"):
            with pytest.raises(NotAllowed):
                made(world, other, **{"p": str(learner.id), "as": form})
    with world.portal.db.read() as conn:
        noted = conn.all("SELECT actor_id, target, detail FROM audit WHERE action = 'exported'")
    assert [(row["actor_id"], row["target"]) for row in noted] == [
        (near.id, f"person:{learner.id}")
    ]
    assert '"transcript"' in noted[0]["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"as": "docx"},
        {"p": "x"},
        {"p": "١"},
        {"from": "soon"},
        {"from": "2026-02-02", "to": "2026-02-01"},
    ],
)
def test_an_address_that_cannot_be_read_is_refused(
    town: tuple[World, Person], query: dict[str, str]
) -> None:
    world, learner = town
    with pytest.raises(Refused):
        made(world, learner, **query)
