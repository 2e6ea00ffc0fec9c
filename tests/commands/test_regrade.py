"""Decisions are carried out by the command, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import __main__ as command_line
from portal.actions import regrading
from tests.actions.test_publishing import QUIZ, Room, first_options, room, swapped, take_basics

__all__ = ["room"]


def test_the_command_carries_decisions_out(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = take_basics(room, 1)
    version = room.portal.library.catalogue.versions["one-001"]
    old = first_options(room.read(QUIZ))
    path = room.root / QUIZ
    path.write_text(room.read(QUIZ).replace("\n".join(old), swapped(*old)), encoding="utf-8")
    room.portal.library.refresh()
    regrading.decide(room.portal, room.ann, "one-001", version, "regrade", "答案写反了")
    places = ["--data", str(tmp_path / "data"), "--content", str(room.root)]
    assert command_line.main(["regrade", *places]) == 0
    assert "changed 1" in capsys.readouterr().out
    rows = room.world.rows("SELECT score FROM attempts WHERE id = :id", id=attempt)
    assert rows == [{"score": 0}]
    assert command_line.main(["regrade", *places]) == 0
