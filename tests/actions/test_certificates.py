"""Certificates come with completions, hold what was true then, and cannot be made or changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from portal.actions import issuing
from portal.core.certificates import read_number, signed_text
from portal.core.people import Person
from portal.exchange import badge_keys, certificate_seals
from portal.store import certificates, people
from portal.store.certificates import Issued
from tests.actions.sample import START, World, sample_catalogue
from tests.actions.test_progress import finish_fire, read


def held(world: World, person: Person) -> list[Issued]:
    with world.portal.db.read() as conn:
        return certificates.of_person(conn, person.id)


def is_genuine(world: World, one: Issued) -> bool:
    known = certificate_seals.keys(world.portal.settings.data_dir)
    text = signed_text(one.certificate)
    return certificate_seals.verifies(known, one.key_id, one.signature, text)


def test_a_completion_brings_its_certificate_with_what_was_true_then(
    learning: World, learner: Person
) -> None:
    finish_fire(learning, learner)
    [one] = held(learning, learner)
    made = one.certificate
    assert read_number(made.number) == made.number
    assert (made.name, made.title, made.title_en) == (learner.name, "课程 fire", "Course fire")
    assert (made.kind, made.hours, made.course_version) == ("completion", 1.5, "fire@1")
    assert (made.unit, made.issuer) == ("东一社区", "县")
    assert made.earned_at == START and made.valid_until is None
    assert is_genuine(learning, one) and not one.revoked
    # nothing that changes later moves under it
    with learning.portal.db.write() as conn:
        people.change_person(conn, learner.id, name="新名", staff_no="n", login="n")
    learning.move(learner, "west")
    assert held(learning, learner) == [one]


def test_a_renewal_brings_another_without_hours(learning: World, learner: Person) -> None:
    read(learning, learner, "law/one", "start")
    learning.clock.forward(days=330)
    learning.move(learner, "west")
    read(learning, learner, "law/one", "start")
    renewed, first = held(learning, learner)
    assert (first.certificate.kind, first.certificate.hours) == ("completion", 2.0)
    assert (renewed.certificate.kind, renewed.certificate.hours) == ("renewal", 0.0)
    assert (first.certificate.unit, renewed.certificate.unit) == ("东一社区", "西街道")
    assert renewed.certificate.number != first.certificate.number
    assert first.certificate.valid_until is not None
    assert first.certificate.valid_until < renewed.certificate.valid_until  # type: ignore[operator]


def test_rows_can_be_neither_changed_nor_removed_and_a_forced_change_shows(
    learning: World, learner: Person
) -> None:
    finish_fire(learning, learner)
    for sql in ("UPDATE certificates SET name = 'x'", "DELETE FROM certificates"):
        with pytest.raises(sqlite3.IntegrityError), learning.portal.db.write() as conn:
            conn.run(sql)
    raw = sqlite3.connect(learning.portal.db.path)
    raw.execute("DROP TRIGGER certificates_no_update")
    changes = {
        "name": "别人",
        "title": "另一课程",
        "hours": 90.0,
        "valid_until": None,
        "unit": "县",
    }
    for column, value in {**changes, "person_id": 99, "signature": "AAAA", "key_id": "x"}.items():
        [(before,)] = raw.execute(f"SELECT {column} FROM certificates").fetchall()
        if before == value:
            continue
        raw.execute("PRAGMA foreign_keys = OFF")
        with raw:
            raw.execute(f"UPDATE certificates SET {column} = ?", (value,))
        with learning.portal.db.read() as conn:
            number = conn.value("SELECT number FROM certificates")
            found = certificates.find(conn, number)
        assert found is not None and not is_genuine(learning, found), column
        with raw:
            raw.execute(f"UPDATE certificates SET {column} = ?", (before,))
    raw.close()
    [restored] = held(learning, learner)
    assert is_genuine(learning, restored)


def test_certificates_outlive_the_key_that_signed_them(learning: World, learner: Person) -> None:
    finish_fire(learning, learner)
    badge_keys.rotate(learning.portal.settings.data_dir)
    read(learning, learner, "law/one", "start")
    both = held(learning, learner)
    assert len({one.key_id for one in both}) == 2
    assert all(is_genuine(learning, one) for one in both)


def test_a_completion_is_kept_when_no_key_can_be_read_and_its_certificate_follows(
    learning: World, learner: Person
) -> None:
    folder: Path = learning.portal.settings.data_dir / "badge-keys"
    folder.write_text("in the way")
    finish_fire(learning, learner)
    assert held(learning, learner) == []
    with pytest.raises(OSError):
        issuing.issue_due(learning.portal)
    folder.unlink()
    learning.clock.forward(days=3)
    assert issuing.issue_due(learning.portal) == 1
    [one] = held(learning, learner)
    assert one.certificate.earned_at == START and one.certificate.issued_at > START
    assert is_genuine(learning, one) and issuing.issue_due(learning.portal) == 0


def test_completions_from_before_get_theirs_batch_by_batch_and_once(
    learning: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with learning.portal.db.write() as conn:  # as the migration queues them
        for n in range(7):
            person = learning_person(conn, n)
            conn.run(
                """
                INSERT INTO course_progress (person_id, course_id, started_at, seen_at,
                    completed_at, completed_version, hours, renewed_at)
                VALUES (:p, :c, :at, :at, :at, 'old', 2, :later)
                """,
                p=person,
                c="gone" if n == 6 else "law",
                at="2025-01-31T00:00:00.000Z",
                later="2025-12-05T00:00:00.000Z" if n < 3 else None,
            )
        conn.run(QUEUE)
    monkeypatch.setattr(issuing, "BATCH", 4)
    assert issuing.issue_due(learning.portal) == 10 and issuing.issue_due(learning.portal) == 0
    rows = learning.rows("SELECT kind, course_id, hours, valid_until FROM certificates")
    assert len(rows) == 10
    assert {row["valid_until"] for row in rows if row["course_id"] == "law"} == {
        "2026-01-31T00:00:00.000Z",
        "2026-12-05T00:00:00.000Z",
    }
    assert sum(row["hours"] for row in rows) == 14.0
    [gone] = [row for row in rows if row["course_id"] == "gone"]
    assert gone["valid_until"] is None


QUEUE = """
    INSERT INTO certificates_due (person_id, course_id, earned_at, kind)
    SELECT person_id, course_id, completed_at, 'completion' FROM course_progress
    UNION ALL
    SELECT person_id, course_id, renewed_at, 'renewal' FROM course_progress
    WHERE renewed_at > completed_at
"""


def learning_person(conn, n: int) -> int:
    return people.add_person(
        conn,
        staff_no=f"old{n}",
        login=f"old{n}",
        name="旧人",
        password_hash=None,
        must_change=False,
        at=START,
    )


def test_a_course_without_an_english_title_has_none(learning: World, learner: Person) -> None:
    shelf = sample_catalogue()
    law = replace(shelf.courses["law"], title=replace(shelf.courses["law"].title, en=None))
    learning.serve(replace(shelf, courses={**shelf.courses, "law": law}, fingerprint="2"))
    read(learning, learner, "law/one", "start")
    assert held(learning, learner)[0].certificate.title_en == ""
