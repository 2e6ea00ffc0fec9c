"""Profiles again from the log, items from the answers: the same digits; what differs is said."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.__main__ import main
from portal.actions import calibration, capability_rounds, evidence, recompute
from portal.core.capability import item_respond, item_start
from portal.store import capability
from portal.store.database import Database, migrate
from tests.actions.sample import World
from tests.actions.test_evidence import rows, take

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from portal.actions import calibration
from portal.actions.portal import Portal
from portal.store import settings
from portal.store.database import Database

calibration.BATCH = 5
steps = iter(range(3))
one = calibration._step
def until_killed(conn, now):
    done = one(conn, now)
    if next(steps) == 2:  # within the third transaction
        os.kill(os.getpid(), signal.SIGKILL)
    return done
calibration._step = until_killed
portal = Portal(Database(Path(sys.argv[1])), None, lambda: datetime.now(UTC), None)
calibration.calibrate(portal)
"""


def some_learning(world: World) -> list:
    people = [world.add_person(f"p{n}", "east-1") for n in range(7)]
    for round_ in range(3):
        for n, person in enumerate(people):
            take(world, person, "fire/quiz", [n % 2], [(n + round_) % 2], [1], [round_ % 2])
        world.clock.forward(days=11.7)
    return people


def differing(steps) -> list[int]:
    return [person for step in steps for person in step.differing]


def stored(world: World) -> list[dict]:
    return world.rows("SELECT * FROM capability_states ORDER BY person_id")


def test_verify_finds_what_is_not_what_the_log_gives_and_recompute_mends_it(
    learning: World, monkeypatch
) -> None:
    people = some_learning(learning)
    before, path = stored(learning), learning.portal.db.path
    assert differing(recompute.verify(path)) == []
    with learning.portal.db.write() as conn:
        profiles = capability.profiles(conn, [people[2].id])
        mean = profiles[people[2].id].state.mean
        next_to = math.nextafter(mean[0], 9.0)  # the last digit
        off = profiles[people[2].id].state._replace(mean=(next_to, *mean[1:]))
        capability.save_profiles(conn, {people[2].id: profiles[people[2].id]._replace(state=off)})
        conn.run("DELETE FROM capability_states WHERE person_id = :id", id=people[4].id)
    monkeypatch.setattr(recompute, "PEOPLE_A_RANGE", 3)
    wrong = [people[2].id, people[4].id]
    assert differing(recompute.verify(path, processes=2)) == wrong
    assert differing(recompute.recompute(path)) == wrong
    assert stored(learning) == before


def test_an_interrupted_run_goes_on_where_it_stopped(learning: World, monkeypatch) -> None:
    people = some_learning(learning)
    monkeypatch.setattr(recompute, "PEOPLE_A_RANGE", 2)
    run = recompute.recompute(learning.portal.db.path)
    first = next(run)
    run.close()
    assert learning.rows("SELECT value FROM settings WHERE key = 'recompute.done'") == [
        {"value": str(first.done)}
    ]
    path = learning.portal.db.path
    with learning.portal.db.write() as conn:  # a profile of the part that was done already
        conn.run("DELETE FROM capability_states WHERE person_id = :id", id=first.done)
    on = recompute.recompute(path, after=recompute.stopped_at(path))
    assert len(people) == 7 and differing(on) == []
    assert recompute.stopped_at(path) == 0
    assert differing(recompute.recompute(path)) == [first.done], "a new run does everybody"
    assert not learning.rows("SELECT value FROM settings WHERE key = 'recompute.done'")


def test_who_answers_between_reading_and_writing_loses_nothing(learning: World) -> None:
    people = some_learning(learning)
    with learning.portal.db.read() as conn:
        seen = recompute.fold_range(conn, 1, 100)
    take(learning, people[0], "fire/quiz", [1], [1], [1], [1])
    newest = stored(learning)
    with learning.portal.db.write() as conn:
        recompute._write(conn, seen)
    assert stored(learning) == newest


def test_the_command_tells_by_its_exit_code(learning: World, capsys) -> None:
    some_learning(learning)
    folder = str(learning.portal.db.path.parent)
    assert main(["recompute", "--verify", "--processes", "1", "--data", folder]) == 0
    with learning.portal.db.write() as conn:
        conn.run("UPDATE capability_states SET answers = '[9, 9, 9, 9, 9, 9]' WHERE person_id = 1")
    assert main(["recompute", "--verify", "--processes", "1", "--data", folder]) == 1
    assert "person ids 1" in capsys.readouterr().out
    assert main(["recompute", "--processes", "1", "--data", folder]) == 0
    assert main(["recompute", "--verify", "--processes", "1", "--data", folder]) == 0


def test_items_learn_each_answer_once_in_the_order_of_the_log(learning: World) -> None:
    some_learning(learning)
    log = rows(learning)
    assert calibration.calibrate(learning.portal) == len(log)
    assert calibration.calibrate(learning.portal) == 0
    for version in {row["version"] for row in log}:
        item = item_start(3)
        for row in log:
            if row["version"] == version:
                item = item_respond(
                    item, row["x"], row["mean"], row["variance"], row["c"], row["w"]
                )
        [found] = learning.rows(
            "SELECT b, s2, answers FROM capability_items WHERE version = :v", v=version
        )
        assert (found["b"], found["s2"], found["answers"]) == (*item, 21)


def test_in_pieces_or_at_once_items_come_out_the_same(learning: World, monkeypatch) -> None:
    some_learning(learning)
    monkeypatch.setattr(calibration, "BATCH", 5)
    calibration.calibrate(learning.portal)
    some_later = take(learning, learning.add_person("late", "west"), "fire/quiz", [1], [0])
    calibration.calibrate(learning.portal)
    in_pieces = learning.rows("SELECT version, b, s2, answers FROM capability_items")
    monkeypatch.setattr(calibration, "BATCH", 5000)
    calibration.calibrate(learning.portal, anew=True)
    assert some_later and in_pieces == learning.rows(
        "SELECT version, b, s2, answers FROM capability_items"
    )


def test_the_use_of_items_is_counted_once_beside_their_authors_level(
    learning: World, monkeypatch
) -> None:
    some_learning(learning)
    monkeypatch.setattr(calibration, "BATCH", 5)
    calibration.calibrate(learning.portal)  # from here on b is not the author's
    person = learning.add_person("late", "west")
    take(learning, person, "fire/quiz", [1], [0])
    with learning.portal.db.write() as conn:
        decisions = [("d", "d-1", "emergency", "P")]
        evidence.drill_finished(conn, learning.portal, person.id, 1, decisions, learning.clock())
    calibration.calibrate(learning.portal)
    log = [row for row in rows(learning) if row["kind"] != "drill"]
    read = "SELECT * FROM capability_uses ORDER BY version"
    uses = {row["version"]: row for row in learning.rows(read)}
    assert set(uses) == {row["version"] for row in log}, "decisions have no author's level"
    for version, use in uses.items():
        mine = [row for row in log if row["version"] == version]
        assert use["start"] == 0.0
        assert use["weight"] == pytest.approx(sum(row["w"] for row in mine))
        assert use["weighted_b"] == pytest.approx(sum(row["w"] * row["b"] for row in mine))
    assert any(row["weighted_b"] for row in uses.values())
    calibration.calibrate(learning.portal, anew=True)
    again = {row["version"]: row for row in learning.rows(read)}
    assert {key: row["weighted_b"] for key, row in again.items()} == pytest.approx(
        {key: row["weighted_b"] for key, row in uses.items()}
    )


def test_an_upgrade_counts_the_use_of_what_was_read_before(learning: World) -> None:
    some_learning(learning)
    calibration.calibrate(learning.portal)
    take(learning, learning.add_person("late", "west"), "fire/quiz", [1], [0])  # not read yet
    read = "SELECT * FROM capability_uses ORDER BY version"
    counted = learning.rows(read)
    with learning.portal.db.write() as conn:
        conn.run("DROP TABLE capability_uses")
        conn.run("DELETE FROM _sqlite_migrations WHERE name = 'm0153_capability_uses'")
    path = learning.portal.db.path
    learning.portal.db.close()
    migrate(path)
    db = Database(path)
    with db.read() as conn:
        made = conn.all(read)
    db.close()
    assert len(made) == len(counted) > 0
    for was, now in zip(counted, made, strict=True):
        assert now == {**was, "weighted_b": pytest.approx(was["weighted_b"])}


def test_what_is_taken_out_is_unlearned(learning: World, learner) -> None:
    take(learning, learner, "fire/quiz", [1], [1])
    calibration.calibrate(learning.portal)
    first = rows(learning)[0]
    with learning.portal.db.write() as conn:
        evidence.take_out(conn, learner.id, [first["id"]], "void", learning.clock())
    calibration.calibrate(learning.portal)
    versions = learning.rows("SELECT version FROM capability_items")
    assert first["version"] not in [row["version"] for row in versions] and len(versions) == 1


def test_answers_use_the_difficulty_that_was_learned(learning: World) -> None:
    some_learning(learning)
    calibration.calibrate(learning.portal)
    known = {r["version"]: r["b"] for r in learning.rows("SELECT * FROM capability_items")}
    take(learning, learning.add_person("late", "west"), "fire/quiz", [1])
    last = rows(learning)[-1]
    assert last["b"] == known[last["version"]] != 0.0 and last["s2"] < 0.49


def test_the_night_comes_once_a_day(learning: World, learner) -> None:
    take(learning, learner, "fire/quiz", [1])
    assert capability_rounds.nightly(learning.portal)  # 14:00 local
    assert not capability_rounds.nightly(learning.portal)
    learning.clock.forward(hours=11)  # 01:00
    assert not capability_rounds.nightly(learning.portal)
    learning.clock.forward(hours=3)
    assert capability_rounds.nightly(learning.portal)


def test_a_night_that_was_killed_is_gone_on_with(learning: World, monkeypatch) -> None:
    some_learning(learning)
    monkeypatch.setattr(calibration, "BATCH", 5)
    killed = learning.portal.db.path.parent / "killed.py"
    killed.write_text(KILLED, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, killed, learning.portal.db.path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert found.returncode == -signal.SIGKILL
    assert len(learning.rows("SELECT version FROM capability_items")) > 0
    assert capability_rounds.nightly(learning.portal), "the same night"
    after = learning.rows("SELECT version, b, s2, answers FROM capability_items ORDER BY version")
    calibration.calibrate(learning.portal, anew=True)
    assert after == learning.rows(
        "SELECT version, b, s2, answers FROM capability_items ORDER BY version"
    )
