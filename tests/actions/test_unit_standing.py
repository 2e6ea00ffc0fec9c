"""The standing that is kept change by change is the one that is worked out from nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from portal.actions.unit_standing import catch_up, rebuild
from portal.core.people import Person
from portal.core.times import iso
from portal.store import standing
from tests.actions.sample import World, sample_catalogue
from tests.actions.test_attempts import take
from tests.actions.test_progress import finish_fire, read

UNITS = ("county", "east", "west", "east-1")


def kept(world: World) -> dict[str, Any]:
    """Everything that is derived, without rows that say nothing."""
    days = world.rows("SELECT * FROM unit_standing")
    gains = world.rows("SELECT * FROM unit_gains WHERE people <> 0 ORDER BY unit_id, quiz_id")
    return {
        "days": sorted(tuple(row.values()) for row in days if any(list(row.values())[3:])),
        "gains": [
            {key: pytest.approx(value) for key, value in row.items() if key != "quiz_id"}
            for row in gains
        ],
        "people": world.rows("SELECT * FROM person_standing ORDER BY person_id"),
        "expiries": world.rows("SELECT * FROM expiries ORDER BY 1, 2"),
    }


def obligation(world: World, person: Person, due: str, **given: Any) -> int:
    """Of an assignment that has ended, so that nothing but the test changes it."""
    with world.portal.db.write() as conn:
        conn.run(
            """
            INSERT INTO assignments (id, title, audience, due, recurrence, required, starts_on,
                                     created_at, changed_at, ended_at)
            VALUES (1, 'a', '{}', '{}', '{}', 1, '2026-01-01', 'x', 'x', 'x')
            ON CONFLICT DO NOTHING
            """
        )
        return conn.insert(
            """
            INSERT INTO obligations (assignment_id, person_id, item_kind, item_id, cycle, began_on,
                                     due_on, required, unit_id, done_at)
            VALUES (1, :person, 'course', :item, :cycle, '2026-01-01', :due, :required, 1, :done)
            RETURNING id
            """,
            person=person.id,
            item=given.get("item", "other"),
            cycle=f"{person.id}-{due}",
            due=due,
            required=given.get("required", 1),
            done=given.get("done"),
        )


def test_kept_step_by_step_or_worked_out_from_nothing_it_is_the_same(learning: World) -> None:
    rng = random.Random(5)
    people = [learning.add_person(f"p{n}", rng.choice(UNITS)) for n in range(12)]
    duties: list[int] = []
    for _ in range(120):
        learning.clock.forward(hours=rng.randrange(1, 60))
        at = rng.randrange(len(people))
        person = people[at]
        match rng.randrange(8):
            case 0:
                people[at] = learning.move(person, rng.choice(UNITS), rng.choice(["grid", "x"]))
            case 1:
                disabled = rng.choice([None, iso(learning.clock.now)])
                with learning.portal.db.write() as conn:
                    conn.run(
                        "UPDATE people SET disabled_at = :d WHERE id = :id",
                        d=disabled,
                        id=person.id,
                    )
            case 2:
                read(learning, person, "law/one", "start")
            case 3:
                take(learning, person, "fire/quiz", right=rng.randrange(5))
            case 4:
                finish_fire(learning, person)
            case 5:
                due = f"2026-12-{rng.randrange(1, 29):02d}"
                if not learning.rows(
                    "SELECT 1 FROM obligations WHERE cycle = :c", c=f"{person.id}-{due}"
                ):
                    duties.append(obligation(learning, person, due))
            case 6 if duties:
                column = rng.choice(["done_at", "exempted_at", "withdrawn_at"])
                with learning.portal.db.write() as conn:
                    conn.run(
                        f"UPDATE obligations SET {column} = :at WHERE id = :id",
                        at=iso(learning.clock.now),
                        id=rng.choice(duties),
                    )
            case _:
                catch_up(learning.portal)
    assert catch_up(learning.portal) == 0
    step_by_step = kept(learning)
    assert step_by_step["days"] and step_by_step["gains"] and step_by_step["expiries"]
    rebuild(learning.portal)
    assert kept(learning) == step_by_step


def total(world: World, unit: str, day: str) -> dict[str, int]:
    catch_up(world.portal)
    with world.portal.db.read() as conn:
        path = conn.value("SELECT path FROM units WHERE id = :id", id=world.unit_ids[unit])
        rows = standing.by_unit(conn, path, day)
    names = ("staff", "pairs", "pairs_done", "due", "done")
    return {name: sum(row[name] for row in rows) for name in names}


def test_the_past_stays_when_people_move_on(learning: World, learner: Person) -> None:
    catch_up(learning.portal)  # courses are offered since today
    learning.clock.forward(days=1)  # 23 November
    obligation(learning, learner, "2026-11-22")
    finish_fire(learning, learner)
    learning.clock.forward(days=20)
    learning.move(learner, "west")
    assert total(learning, "east", "2026-11-21")["staff"] == 0
    before = {"staff": 1, "pairs": 2, "pairs_done": 1, "due": 1, "done": 0}
    assert total(learning, "east", "2026-11-23") == before
    assert total(learning, "west", "2026-11-23")["staff"] == 0
    assert total(learning, "east", "2026-12-13") == dict.fromkeys(before, 0)
    assert total(learning, "west", "2026-12-13") == before
    assert total(learning, "county", "2026-12-13") == before


def test_another_audience_of_a_course_concerns_everybody(learning: World, learner: Person) -> None:
    assert total(learning, "county", "2026-11-22")["pairs"] == 2
    served = sample_catalogue()
    fire = replace(served.courses["fire"], posts=("street",))
    learning.serve(replace(served, courses={**served.courses, "fire": fire}, fingerprint="2"))
    assert total(learning, "county", "2026-11-22")["pairs"] == 1


def test_a_bulk_change_is_spread_over_transactions(learning: World) -> None:
    for n in range(30):
        learning.add_person(f"many{n}", "east-1")
    import portal.actions.unit_standing as module

    at_once, module.AT_ONCE = module.AT_ONCE, 10
    try:
        assert catch_up(learning.portal, most=20) == 10
        assert catch_up(learning.portal, most=None) == 0
    finally:
        module.AT_ONCE = at_once
