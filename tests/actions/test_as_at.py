"""As at a past day a report shows what it showed at the end of that day, whatever came later."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from portal.actions import (
    assignments,
    exceptions,
    people,
    postings,
    progress,
    reports,
    stepping,
    unit_changes,
)
from portal.actions.assignments import Draft
from portal.actions.obligations import moment_of
from portal.actions.reports import Ask
from portal.core.assignments import Item
from portal.core.audience import Everyone
from portal.core.due import Once, OnDate
from portal.core.people import Person
from tests.actions.sample import World
from tests.actions.test_attempts import take
from tests.actions.test_progress import finish_fire

KNOWN_TODAY = ("help", "seen", "states", "late")
QUIZ = Item("quiz", "fire/quiz")


def shown(world: World, boss: Person, day: str | None) -> dict[tuple[str, str], Any]:
    """Every report that a past day can be asked for, over the county and both streets."""
    found = {}
    for unit in ("county", "east", "west"):
        ask = Ask(unit_id=world.unit_ids[unit], day=day)
        names = ("summary", "units", "months", "courses", "people", "overdue")
        for name, table in reports.run_all(world.portal, boss, names, ask).items():
            rows = [dict(row) for row in table.rows]
            for row in rows:
                for key in KNOWN_TODAY:
                    row.pop(key, None)
            found[name, unit] = rows
        late = Ask(unit_id=world.unit_ids[unit], day=day, state="overdue")
        rows_late = reports.run(world.portal, boss, "people", late).rows
        found["late", unit] = [row["name"] for row in rows_late]
    return found


def give(world: World, boss: Person, due: date) -> int:
    draft = Draft(
        unit_id=world.unit_ids["county"],
        title="",
        reason="",
        items=(QUIZ,),
        audience=Everyone(),
        due=OnDate(due),
        recurrence=Once(),
    )
    made = assignments.create(world.portal, boss, draft)
    list(stepping.bring_into_step(world.portal, made))
    return made


def overdue_ids(world: World) -> list[int]:
    today = moment_of(world.portal).today.isoformat()
    rows = world.rows(
        """
        SELECT id FROM obligations
        WHERE due_on < :today AND done_at IS NULL AND withdrawn_at IS NULL
          AND exempted_at IS NULL
        """,
        today=today,
    )
    return [row["id"] for row in rows]


def exempted_ids(world: World) -> list[int]:
    return [row["id"] for row in world.rows("SELECT id FROM obligations WHERE exempted_at > ''")]


def test_whatever_is_decided_later_a_past_day_shows_what_it_showed(learning: World) -> None:
    rng = random.Random(11)
    portal = learning.portal
    progress.sync_courses(portal)
    admin = learning.grant(learning.add_person("admin", None), "administrator")
    boss = learning.grant(learning.add_person("boss", None), "manager", "county")
    staff = [learning.add_person(f"p{n}", ("east", "west")[n % 2]) for n in range(14)]
    learning.add_person("coach", "east", post="trainer")  # counts nowhere
    postings.add_post(portal, admin, staff[0].id, learning.unit_ids["west"], "mediator")  # once
    today = moment_of(portal).today
    made = give(learning, boss, today + timedelta(days=3))
    then: dict[str, Any] = {}
    deeds = set()
    away: set[int] = set()
    for number in range(26):
        day = moment_of(portal).today
        for _ in range(3):
            learning.clock.forward(hours=1)
            person = rng.choice(staff)
            deed = rng.choice(("extend", "exempt", "restore", "switch", "take", "finish", "move"))
            late, let_off = overdue_ids(learning), exempted_ids(learning)
            if deed == "extend" and late:
                exceptions.extend(portal, boss, rng.choice(late), day + timedelta(days=2), "病假")
            elif deed == "exempt" and late:
                exceptions.exempt(portal, boss, rng.choice(late), "借调")
            elif deed == "restore" and let_off:
                exceptions.restore(portal, boss, rng.choice(let_off), "回来了")
            elif deed == "switch":
                (people.enable if person.id in away else people.disable)(portal, admin, person.id)
                away ^= {person.id}
            elif deed == "take" and rng.random() < 0.3:
                take(learning, person, "fire/quiz", right=rng.randrange(5))
            elif deed == "finish" and rng.random() < 0.3:
                finish_fire(learning, person)
            elif deed == "move" and number < 20:
                people.move(portal, admin, person.id, learning.unit_ids["west"], ["grid"])
            else:
                continue
            deeds.add(deed)
        if number == 14:  # everybody gets more time, those who are late too
            line = assignments.get(portal, boss, made, learning.unit_ids["county"])
            one = line.assignment
            later = Draft(
                one.unit_id, "", "", one.items, one.audience, OnDate(day + timedelta(4)), Once()
            )
            assert assignments.change(portal, boss, made, later)
            list(stepping.bring_into_step(portal, made))
        if number == 20:  # the west is no more, its past is
            west = learning.unit_ids["west"]
            unit_changes.merge_unit(portal, admin, west, learning.unit_ids["east"])
        then[day.isoformat()] = shown(learning, boss, None)
        learning.clock.now += timedelta(days=1, hours=-3)
    assert deeds == {"extend", "exempt", "restore", "switch", "take", "finish", "move"}
    assert len({str(one) for one in then.values()}) > 20  # every day showed something else
    for day, was in then.items():
        now = shown(learning, boss, day)
        for report, rows in was.items():
            assert now[report] == rows, (day, report)
