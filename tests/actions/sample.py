"""A small catalogue, a county and a clock for tests of the actions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from portal.actions.portal import Portal
from portal.core import content_json
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.courses import Checkpoint, Course, Module, Prose, Section
from portal.core.people import Person
from portal.core.questions import Choice, Option, Question
from portal.core.quizzes import Quiz
from portal.settings import Settings
from portal.store import people, units
from portal.store.database import Database, migrate
from tests.core.making import question, single

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
TEXT = Bilingual("文字")


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Shelf:
    """Stands where the library stands: it holds the catalogue that is served."""

    catalogue: Catalogue


@dataclass
class World:
    """A portal over a real database, with people to act."""

    portal: Portal
    clock: Clock
    shelf: Shelf
    unit_ids: dict[str, int] = field(default_factory=dict)

    def serve(self, catalogue: Catalogue) -> None:
        """Let an edit take effect."""
        self.shelf.catalogue = catalogue

    def add_person(self, login: str, unit: str | None, post: str = "grid") -> Person:
        with self.portal.db.write() as conn:
            person_id = people.add_person(
                conn,
                staff_no=login,
                login=login,
                name=f"姓名 {login}",
                password_hash=None,
                must_change=False,
                at=self.clock.now,
            )
            if unit is not None:
                people.post(conn, person_id, self.unit_ids[unit], [post], self.clock.now)
        return self.person(person_id)

    def grant(self, person: Person, role: str, unit: str | None = None) -> Person:
        unit_id = self.unit_ids[unit] if unit else None
        with self.portal.db.write() as conn:
            people.grant(conn, person.id, role, unit_id, by=person.id, at=self.clock.now)
        return self.person(person.id)

    def move(self, person: Person, unit: str, post: str = "grid") -> Person:
        with self.portal.db.write() as conn:
            people.post(conn, person.id, self.unit_ids[unit], [post], self.clock.now)
        return self.person(person.id)

    def person(self, person_id: int) -> Person:
        with self.portal.db.read() as conn:
            found = people.find_person(conn, person_id)
        assert found is not None
        return found

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        with self.portal.db.read() as conn:
            return conn.all(sql, **params)


UNITS = (
    ("county", None, "county", "县"),
    ("east", "county", "street", "东街道"),
    ("west", "county", "street", "西街道"),
    ("east-1", "east", "community", "东一社区"),
)


def reopen(path: Path, catalogue: Catalogue | None = None) -> World:
    """A portal over a database that is there already."""
    clock, shelf = Clock(), Shelf(catalogue or sample_catalogue())
    portal = Portal(
        db=Database(path),
        library=cast(Any, shelf),
        now=clock,
        settings=Settings(data_dir=path.parent),
    )
    return World(portal, clock, shelf)


def world(folder: Path, catalogue: Catalogue | None = None) -> World:
    """A migrated database with four units: county > (east > east-1, west)."""
    path = folder / "portal.db"
    migrate(path)
    made = reopen(path, catalogue)
    with made.portal.db.write() as conn:
        for key, parent, kind, name in UNITS:
            above = made.unit_ids[parent] if parent else None
            made.unit_ids[key] = units.add_unit(conn, above, kind, name)
    return made


def keyed(question_id: str, right: int = 1) -> Question:
    """A single choice of four whose key is ``right``; 1 point, with a hint."""
    options = tuple(Option(Bilingual(f"选项 {at}"), at == right) for at in range(4))
    return replace(
        question(Choice("single", options), question_id),
        hint=Bilingual("想一想"),
        course="fire",
    )


def module(module_id: str, *sections: tuple[str, tuple[str, ...]], version: str = "1") -> Module:
    return Module(
        module_id,
        module_id.split("/")[0],
        Bilingual(f"课 {module_id}"),
        10,
        TEXT,
        tuple(
            Section(slug, TEXT, (Prose(TEXT), *(Checkpoint(key) for key in checkpoints)))
            for slug, checkpoints in sections
        ),
        "path",
        f"{module_id}@{version}",
    )


def course(
    course_id: str,
    modules: tuple[Module, ...],
    quizzes: tuple[str, ...] = (),
    *,
    posts: tuple[str, ...] = (),
    hours: float = 1.5,
    valid_months: int = 0,
) -> Course:
    return Course(
        course_id,
        Bilingual(f"课程 {course_id}", f"Course {course_id}"),
        "emergency",
        1,
        posts,
        hours,
        "",
        None,
        (),
        tuple(lesson.id for lesson in modules),
        quizzes,
        valid_months,
        TEXT,
        modules,
        "path",
        f"{course_id}@1",
    )


def catalogue_of(
    courses: tuple[Course, ...],
    quizzes: tuple[Quiz, ...] = (),
    questions: tuple[Question, ...] = (),
    fingerprint: str = "1",
) -> Catalogue:
    return Catalogue(
        fingerprint,
        {one.id: one for one in courses},
        {lesson.id: lesson for one in courses for lesson in one.modules},
        {quiz.id: quiz for quiz in quizzes},
        {one.id: one for one in questions},
        {one.id: content_json.version_of(one) for one in questions},
    )


READING = module("fire/reading", ("start", ()), ("end", ()))
CHECKED = module("fire/checked", ("start", ("c-1",)), ("end", ("c-2",)))
QUIZ = Quiz(
    "fire/quiz",
    "quiz",
    Bilingual("练习"),
    "fire",
    ("q-1", "q-2", "q-3", "q-4"),
    pass_mark=75,
    shuffle=False,
)
EXAM = Quiz(
    "fire/exam",
    "exam",
    Bilingual("考试"),
    "fire",
    ("q-1", "q-2", "q-3", "q-4"),
    pass_mark=75,
    attempts=2,
    minutes=30,
    retake_after_hours=24,
)
POOL = Quiz("fire/pool", "pool", Bilingual("题库"), "fire", ("p-1", "p-2", "p-3"))
QUESTIONS = tuple(keyed(key) for key in ("q-1", "q-2", "q-3", "q-4", "c-1", "c-2")) + tuple(
    question(single(), key) for key in ("p-1", "p-2", "p-3")
)


def sample_catalogue() -> Catalogue:
    """The course "fire" (two modules, a quiz that it asks for, an exam, a pool) and "law"."""
    return catalogue_of(
        (
            course("fire", (READING, CHECKED), ("fire/quiz",), posts=("grid",)),
            course("law", (module("law/one", ("start", ())),), hours=2.0, valid_months=12),
        ),
        (QUIZ, EXAM, POOL),
        QUESTIONS,
    )
