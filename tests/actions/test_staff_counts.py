"""Who counts as staff of a unit: everybody once, where the main posting is; trainers nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from portal.actions import reports
from portal.actions.reports import Ask
from portal.core.people import Person
from portal.core.postings import Posting, settle_main
from portal.store import postings
from tests.actions.sample import START, World
from tests.actions.test_progress import finish_fire


@pytest.fixture
def boss(learning: World) -> Person:
    return learning.grant(learning.add_person("boss", None), "manager", "county")


def post(learning: World, person: Person, *held: tuple[str, str]) -> None:
    wanted = settle_main(Posting(learning.unit_ids[unit], post) for unit, post in held)
    with learning.portal.db.write() as conn:
        postings.replace(conn, person.id, wanted, START)


def staff(learning: World, boss: Person, unit: str) -> int:
    return int(summary(learning, boss, unit)["staff"])


def summary(learning: World, boss: Person, unit: str) -> Mapping[str, Any]:
    asked = Ask(unit_id=learning.unit_ids[unit])
    return reports.run(learning.portal, boss, "summary", asked).rows[0]


def test_a_second_post_elsewhere_counts_nobody_twice(learning: World, boss: Person) -> None:
    people = [learning.add_person(f"p{n}", "east-1") for n in range(5)]
    post(learning, people[0], ("east-1", "grid"), ("west", "street"))
    assert staff(learning, boss, "county") == 5
    assert staff(learning, boss, "east-1") == 5
    assert staff(learning, boss, "west") == 0
    children = reports.run(
        learning.portal, boss, "units", Ask(unit_id=learning.unit_ids["county"])
    ).rows
    assert sum(row["staff"] for row in children) == 5


def test_courses_of_both_posts_are_meant_and_count_where_the_main_post_is(
    learning: World, boss: Person
) -> None:
    people = [learning.add_person(f"p{n}", "east-1", post="street") for n in range(5)]
    before = summary(learning, boss, "east-1")
    assert before["course_rate"] == 0 / 5  # law, meant for all
    post(learning, people[0], ("east-1", "street"), ("west", "grid"))
    finish_fire(learning, learning.person(people[0].id))  # meant for grid workers
    after = summary(learning, boss, "east-1")
    assert after["course_rate"] == round(1 / 6, 3)


def test_trainers_inflate_no_totals(learning: World, boss: Person) -> None:
    for n in range(5):
        learning.add_person(f"p{n}", "east-1")
    learning.add_person("posted", "east-1", post="trainer")
    learning.grant(learning.add_person("by role alone", None), "trainer")
    assert staff(learning, boss, "county") == 5
    both = learning.add_person("both", "east-1", post="trainer")
    post(learning, both, ("west", "trainer"), ("east-1", "grid"))
    assert staff(learning, boss, "east-1") == 6  # the grid post is the main one
    assert staff(learning, boss, "west") == 0
    learning.grant(both, "trainer")  # what somebody may do does not say where somebody works
    assert staff(learning, boss, "county") == 6
