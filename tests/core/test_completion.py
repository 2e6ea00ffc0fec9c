from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.core.capabilities import Bilingual
from portal.core.completion import (
    course_percent,
    expires_at,
    is_course_complete,
    is_module_complete,
    module_share,
)
from portal.core.courses import Checkpoint, Course, Module, Prose, Section

TEXT = Bilingual("x")


def module(*sections: Section) -> Module:
    return Module("c/m", "c", TEXT, 10, TEXT, sections, "courses/c/01-m.md", "v")


def section(slug: str, *checkpoints: str) -> Section:
    return Section(slug, TEXT, (Prose(TEXT), *(Checkpoint(name) for name in checkpoints)))


def course(modules: tuple[str, ...], quizzes: tuple[str, ...]) -> Course:
    return Course(
        "c", TEXT, "law", 1, (), 1.0, "", None, (), modules, quizzes, 0, TEXT, (), "p", "v"
    )


def test_a_module_with_checkpoints_needs_every_checkpoint_and_every_section() -> None:
    lesson = module(section("a", "q1"), section("b", "q2"), section("c"))
    assert not is_module_complete(lesson, {"a", "b", "c"}, {"q1"})
    assert not is_module_complete(lesson, {"a", "c"}, {"q1", "q2"})
    assert is_module_complete(lesson, {"a", "b", "c", "gone"}, {"q1", "q2", "gone"})


def test_a_module_without_checkpoints_needs_its_last_section() -> None:
    lesson = module(section("a"), section("b"))
    assert not is_module_complete(lesson, {"a"}, set())
    assert is_module_complete(lesson, {"b"}, set())


def test_a_course_needs_its_modules_and_quizzes() -> None:
    asked = course(("m1", "m2"), ("z",))
    assert not is_course_complete(asked, {"m1", "m2"}, set())
    assert not is_course_complete(asked, {"m1"}, {"z"})
    assert is_course_complete(asked, {"m1", "m2", "other"}, {"z"})
    assert not is_course_complete(course((), ()), set(), set())


def test_percent_stays_below_100_until_completion_is_given() -> None:
    asked = course(("m1", "m2"), ("z",))
    assert course_percent(asked, {}, set()) == 0
    assert course_percent(asked, {"m1": 1.0, "m2": 0.5}, set()) == 50
    assert course_percent(asked, {"m1": 1.0, "m2": 1.0}, {"z"}) == 99
    assert course_percent(course((), ()), {}, set()) == 0


def test_module_share_counts_sections_and_checkpoints() -> None:
    lesson = module(section("a", "q1"), section("b"))
    assert module_share(lesson, {"a"}, set()) == pytest.approx(1 / 3)
    assert module_share(lesson, {"a", "b"}, {"q1"}) == 1.0
    assert module_share(module(), set(), set()) == 0.0


def test_expiry_counts_calendar_months() -> None:
    done = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert expires_at(done, 1) == datetime(2026, 2, 28, 8, tzinfo=UTC)
    assert expires_at(done, 12) == datetime(2027, 1, 31, 8, tzinfo=UTC)
    assert expires_at(done, 0) is None
