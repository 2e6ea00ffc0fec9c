"""The watcher notices a change within two seconds and outlives every exception."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.content.library import Library
from portal.content.watch import Watcher
from tests.content.small import QUIZ, make, put

BASICS = "quizzes/one/basics.md"


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.02)
    return False


def test_a_change_is_noticed_within_two_seconds(tmp_path: Path) -> None:
    library = Library(make(tmp_path))
    library.refresh()
    watcher = Watcher(library)
    watcher.start()
    try:
        put(tmp_path, BASICS, QUIZ.replace("基础测验", "新名字"))
        assert within(2, lambda: library.catalogue.quizzes["one/basics"].title.zh == "新名字")
        put(tmp_path, BASICS, None)
        assert within(2, lambda: "one/basics" not in library.catalogue.quizzes)
    finally:
        watcher.stop()


def test_an_exception_is_logged_once_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    class Failing:
        def refresh(self) -> bool:
            calls.append(1)
            if len(calls) < 5:
                raise OSError("the disk is away")
            return False

    watcher = Watcher(Failing(), interval_s=0.01)
    with caplog.at_level(logging.ERROR):
        watcher.start()
        assert within(2, lambda: len(calls) > 8)
        watcher.stop()
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert "the disk is away" in caplog.text


def test_starting_twice_and_stopping_leave_one_thread_and_none() -> None:
    class Quiet:
        def refresh(self) -> bool:
            return False

    watcher = Watcher(Quiet(), interval_s=0.01)
    before = threading.active_count()
    watcher.start()
    watcher.start()
    assert threading.active_count() == before + 1
    watcher.stop()
    watcher.stop()
    assert threading.active_count() == before
