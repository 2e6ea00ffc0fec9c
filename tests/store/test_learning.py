"""What the tables themselves promise about attempts, versions and courses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.core.attempts import score_items
from portal.core.capabilities import Bilingual
from portal.core.drawing import DrawnItem
from portal.core.questions import Body
from portal.core.times import iso
from portal.store import attempts, courses, progress, versions
from portal.store.database import Connection, Database, migrate
from tests.actions.sample import CHECKED, QUIZ, START, keyed, sample_catalogue
from tests.core.making import (
    choice,
    cloze,
    essay,
    matching,
    numeric,
    ordering,
    question,
    short,
    single,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    versions.forget()
    migrate(tmp_path / "portal.db")
    made = Database(tmp_path / "portal.db")
    with made.write() as conn:
        conn.run(
            """
            INSERT INTO people (id, staff_no, login, name, created_at)
            VALUES (1, '1', 'wang', '王', :at)
            """,
            at=iso(START),
        )
    yield made
    made.close()


def open_one(conn: Connection, number: int = 1, quiz_id: str = "c/quiz") -> int:
    return attempts.add(
        conn,
        person_id=1,
        unit_id=None,
        kind="quiz",
        quiz_id=quiz_id,
        course_id="c",
        version="v",
        number=number,
        seed=2**63 - 1,
        pass_mark=60,
        opened_at=START,
        deadline_at=START + timedelta(minutes=5),
    )


BODIES = [
    single(),
    choice("multiple", True, True, False),
    choice("truefalse", True, False, fixed=True),
    short("答案", "answer"),
    numeric(29.5, 30.5, "日", "days"),
    ordering(),
    matching(),
    cloze(),
    essay(),
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_a_question_comes_back_from_its_version_as_it_was(db: Database, body: Body) -> None:
    kept = replace(question(body, "q"), hint=Bilingual("提示", "Hint"), tags=("消防",))
    with db.write() as conn:
        [version] = versions.keep(conn, [kept], iso(START))
    versions.forget()
    with db.read() as conn:
        assert versions.get_question(conn, version) == kept


def test_a_version_is_kept_once_and_an_edit_is_another(db: Database) -> None:
    later = iso(START + timedelta(days=1))
    with db.write() as conn:
        first = versions.keep(conn, [keyed("q"), QUIZ, CHECKED], iso(START))
        again = versions.keep(conn, [keyed("q"), QUIZ, CHECKED], later)
        [edited] = versions.keep(conn, [keyed("q", right=2)], later)
    assert first == again and edited not in first
    with db.read() as conn:
        rows = conn.all("SELECT kind, content_id, first_met_at FROM content_versions ORDER BY kind")
        assert [(row["kind"], row["content_id"]) for row in rows] == [
            ("module", "fire/checked"),
            ("question", "q"),
            ("question", "q"),
            ("quiz", "fire/quiz"),
        ]
        assert rows[0]["first_met_at"] == iso(START)
        assert versions.find_quiz(conn, first[1]) == replace(QUIZ, path="")
        assert versions.find_quiz(conn, first[0]) is None


def test_an_unknown_version_is_an_error(db: Database) -> None:
    with db.read() as conn, pytest.raises(KeyError):
        versions.get_question(conn, "none")


def test_memory_of_versions_is_bounded(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "KEPT_QUESTIONS", 3)
    with db.write() as conn:
        kept = versions.keep(conn, [keyed(f"q{at}") for at in range(5)], iso(START))
        assert len(versions._questions) == 3
        assert [q.id for q in versions.get_questions(conn, kept).values()] == [
            f"q{at}" for at in range(5)
        ]


def test_two_open_attempts_are_impossible(db: Database) -> None:
    with db.write() as conn:
        open_one(conn)
        open_one(conn, quiz_id="c/other")
    with pytest.raises(sqlite3.IntegrityError), db.write() as conn:
        open_one(conn, number=2)


def test_closing_twice_keeps_the_first_score(db: Database) -> None:
    with db.write() as conn:
        attempt_id = open_one(conn)
        assert attempts.close(conn, attempt_id, START, "person", score_items([(1, 1.0)], 60))
        assert not attempts.close(conn, attempt_id, START, "clock", score_items([(1, 0.0)], 60))
        closed = attempts.get(conn, attempt_id)
    assert (closed.closed_by, closed.score, closed.seed) == ("person", 1.0, 2**63 - 1)


def test_items_show_the_newest_of_each_kind_and_the_newest_mark(db: Database) -> None:
    with db.write() as conn:
        [version] = versions.keep(conn, [keyed("q")], iso(START))
        attempt_id = open_one(conn)
        attempts.add_items(conn, attempt_id, [(DrawnItem("q", (2, 0, 1, 3)), version, 2.0)] * 2)
        for kind, response in (
            ("answer", "[0]"),
            ("check", "[0]"),
            ("answer", "[1]"),
            ("hint", "null"),
        ):
            attempts.append(conn, attempt_id, 0, kind, response, iso(START), "phone")  # type: ignore[arg-type]
        for score in (1.0, 1.5):
            conn.run(
                """
                INSERT INTO marks (attempt_id, position, score, max_score, reason, at)
                VALUES (:id, 0, :score, 2, '', :at)
                """,
                id=attempt_id,
                score=score,
                at=iso(START),
            )
        first, second = attempts.items(conn, attempt_id)
    assert (first.response, first.checked, first.hinted) == ([1], [0], True)
    assert (first.device, first.tries, first.mark) == ("phone", 1, 0.75)
    assert (second.response, second.saved_at, second.mark) == (None, None, None)
    assert second.option_order == (2, 0, 1, 3)


def test_a_course_keeps_its_first_day_when_it_comes_back(db: Database) -> None:
    served = sample_catalogue()
    with db.write() as conn:
        courses.sync(conn, served, START)
        courses.sync(conn, replace(served, courses={}), START + timedelta(days=1))
        assert courses.offered_since(conn, START) == {}
        courses.sync(conn, served, START + timedelta(days=2))
        assert set(courses.offered_since(conn, START).values()) == {START}
        assert conn.all("SELECT course_id, post FROM course_posts") == [
            {"course_id": "fire", "post": "grid"}
        ]


def test_a_completion_keeps_its_first_date(db: Database) -> None:
    later = START + timedelta(days=1)
    with db.write() as conn:
        progress.save_module(
            conn,
            1,
            module_id="c/m",
            course_id="c",
            version="v",
            section="start",
            sections_seen=("start",),
            now=START,
        )
        assert progress.start_course(conn, 1, None, "c", START)
        assert not progress.start_course(conn, 1, None, "c", later)
        assert progress.complete_module(conn, 1, "c/m", START)
        assert not progress.complete_module(conn, 1, "c/m", later)
        for now, expected in ((START, True), (later, False)):
            done = progress.complete_course(conn, 1, None, "c", version="v", hours=1.5, now=now)
            assert done is expected
        module = progress.find_module(conn, 1, "c/m")
        course = progress.find_course(conn, 1, "c")
    assert module is not None and module.completed_at == START
    assert course is not None and (course.completed_at, course.hours) == (START, 1.5)


def test_events_of_people_without_a_unit_count_nowhere(db: Database) -> None:
    with db.write() as conn:
        progress.count_month(conn, None, "2026-11", "c", started=1)
        progress.count_item(conn, None, "q", "v", 1.0)
        assert conn.all("SELECT * FROM unit_months") == []
        assert conn.all("SELECT * FROM unit_items") == []
