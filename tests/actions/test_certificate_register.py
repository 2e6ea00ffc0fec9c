"""Whoever keeps certificates in order finds those within reach, by number, person and state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions import certificate_register as register
from portal.actions.errors import NotAllowed, Refused
from portal.core.certificates import shown
from portal.core.people import Person
from portal.store import certificate_lists, certificates, people
from tests.actions.sample import World
from tests.actions.test_progress import finish_fire, read


@pytest.fixture
def chief(learning: World) -> Person:
    return learning.grant(learning.add_person("chief", None), "administrator")


def names(page: register.Page) -> list[tuple[str, str]]:
    return [(row.staff_no, row.held.certificate.course_id) for row in page.rows]


def test_by_name_number_and_staff_number_within_reach(learning: World, chief: Person) -> None:
    world, portal = learning, learning.portal
    amy, ben = world.add_person("amy", "east-1"), world.add_person("ben", "west")
    east = world.grant(world.add_person("boss", "east"), "manager", "east")
    finish_fire(world, amy)
    finish_fire(world, ben)
    read(world, ben, "law/one", "start")
    everything = [("ben", "law"), ("ben", "fire"), ("amy", "fire")]
    assert names(register.search(portal, chief)) == everything
    assert names(register.search(portal, chief, "BEN")) == everything[:2]
    assert names(register.search(portal, chief, "姓名 a")) == everything[2:]
    assert names(register.search(portal, chief, "%")) == []
    assert names(register.search(portal, east)) == everything[2:]
    assert names(register.search(portal, east, "ben")) == []
    number = register.search(portal, chief, "ben").rows[0].held.certificate.number
    assert names(register.search(portal, chief, shown(number).lower())) == everything[:1]
    assert names(register.search(portal, east, number)) == []
    for actor in (amy, world.grant(world.add_person("t", "east"), "trainer")):
        with pytest.raises(NotAllowed):
            register.search(portal, actor)
    # who moves takes the certificates along
    world.move(ben, "east")
    assert names(register.search(portal, east)) == everything


@pytest.mark.parametrize("few", [0, 5000], ids=["met in order", "gathered from people"])
def test_by_state_in_the_order_of_their_ends(
    learning: World, chief: Person, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(certificate_lists, "_FEW", few)
    world, portal = learning, learning.portal
    county = world.grant(world.add_person("boss", "county"), "manager", "county")
    amy, ben, eve = (world.add_person(name, "east") for name in ("amy", "ben", "eve"))
    for person in (amy, ben, eve):  # valid for twelve months
        read(world, person, "law/one", "start")
        world.clock.forward(days=20)
    finish_fire(world, amy)  # without an end
    world.clock.forward(days=297)

    def states(actor: Person) -> dict[str, list[tuple[str, str]]]:
        return {one: names(register.search(portal, actor, "", one)) for one in register.SOUGHT}

    soon = [("amy", "law"), ("ben", "law")]
    valid = [("amy", "fire"), ("eve", "law")]
    for actor in (chief, county):
        assert states(actor) == {"valid": valid, "expiring": soon, "expired": [], "revoked": []}
    register.revoke(portal, chief, _number(world, eve), "替考")
    world.clock.forward(days=30)
    for actor in (chief, county):
        found = states(actor)
        assert found["expired"] == soon[::-1] and found["revoked"] == [("eve", "law")]
        assert found["valid"] == [("amy", "fire")] and found["expiring"] == []
    register.reinstate(portal, chief, _number(world, eve), "查无实据")
    assert states(county)["revoked"] == []
    # and what the list says of each is what the page of each says
    for row in register.search(portal, chief).rows:
        case = register.look_up(portal, chief, row.held.certificate.number)
        assert case.held.state == row.held.state


def test_pages_follow_each_other(
    learning: World, chief: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "A_PAGE", 2)
    for n in range(5):
        finish_fire(learning, learning.add_person(f"p{n}", "east"))
    pages = [register.search(learning.portal, chief, "", None, n) for n in range(4)]
    assert [[no for no, _ in names(page)] for page in pages] == [
        ["p4", "p3"],
        ["p2", "p1"],
        ["p0"],
        [],
    ]
    assert [page.more for page in pages] == [True, True, False, False]


def test_a_look_is_noted_once_an_hour_and_shows_the_name_of_today(
    learning: World, learner: Person, chief: Person
) -> None:
    finish_fire(learning, learner)
    number = _number(learning, learner)
    with learning.portal.db.write() as conn:
        people.change_person(conn, learner.id, name="新名", staff_no="n9", login="n9")
    for _ in range(2):
        case = register.look_up(learning.portal, chief, shown(number))
        assert (case.name, case.staff_no, case.own) == ("新名", "n9", False)
        assert case.held.certificate.name == learner.name
    logged = "SELECT target FROM audit WHERE action = 'see_certificate' AND actor_id = :a"
    assert learning.rows(logged, a=chief.id) == [{"target": f"person:{learner.id}"}]
    learning.clock.forward(hours=2)
    register.look_up(learning.portal, chief, number)
    assert len(learning.rows(logged, a=chief.id)) == 2
    for typed in ("", "x", "' OR 1=1"):
        with pytest.raises(Refused, match="certificate_unknown"):
            register.look_up(learning.portal, chief, typed)
    with pytest.raises(NotAllowed):
        register.look_up(learning.portal, chief, "0" * 15 + "11")


def test_a_million_certificates_are_not_read_for_a_page(learning: World) -> None:
    """Every list of everybody and of a large unit is led by an index, whatever their number."""
    now = learning.clock.now + timedelta(days=1)
    with learning.portal.db.read() as conn:
        told: list[str] = []
        conn._live().set_trace_callback(told.append)
        for state in (None, *register.SOUGHT):
            certificate_lists.found(conn, None, "", state, now, limit=21, offset=0)
        conn._live().set_trace_callback(None)
        plans = [
            " / ".join(row["detail"] for row in conn.all(f"EXPLAIN QUERY PLAN {sql}"))
            for sql in told
        ]
    assert len(plans) == 5
    for plan in plans:
        assert "SCAN p" not in plan and "TEMP B-TREE" not in plan, plan
    assert "certificates_ends" in plans[2] and "certificates_ends" in plans[3]


def _number(world: World, person: Person) -> str:
    with world.portal.db.read() as conn:
        return certificates.of_person(conn, person.id)[0].certificate.number
