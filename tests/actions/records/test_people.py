"""Keeping people, roles and units: who may, what is refused, what the log says."""

from __future__ import annotations

import json

import pytest

from portal.actions import accounts, people, units
from portal.actions.audit import Wanted, read_audit
from portal.actions.errors import NotAllowed, Refused
from portal.store import people as people_store
from tests.actions.records.conftest import ADDRESS, BROWSER

NOBODY = 9999


def create(portal, actor, **changes):
    given = {"staff_no": "B-0100", "login": "sun.yi", "name": "孙怡", "posts": ["grid"]}
    return people.create_person(portal, actor, **(given | changes))


def refused(action) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.key


def postings(portal, person_id):
    with portal.db.read() as c:
        return c.all(
            "SELECT unit_id, post, began_at, ended_at FROM postings"
            " WHERE person_id = :person_id ORDER BY id",
            person_id=person_id,
        )


def test_only_administrators_keep_people(portal, county, log):
    changes = [
        lambda actor: create(portal, actor, unit_id=county.community),
        lambda actor: people.reset_password(portal, actor, county.learner.id),
        lambda actor: people.disable(portal, actor, county.learner.id),
        lambda actor: people.enable(portal, actor, county.learner.id),
        lambda actor: people.move(portal, actor, county.learner.id, county.street, ["grid"]),
        lambda actor: people.grant_role(portal, actor, county.learner.id, "trainer"),
        lambda actor: people.revoke_role(
            portal, actor, county.manager.id, "manager", county.street
        ),
        lambda actor: people.create_unit(portal, actor, county.street, "community", "江二社区"),
        lambda actor: people.rename_unit(portal, actor, county.community, "江三社区"),
    ]
    before = len(log())
    for actor in (county.learner, county.manager):
        for change in changes:
            with pytest.raises(NotAllowed):
                change(actor)
    added = log()[before:]
    assert {entry["action"] for entry in added} == {"refused"}
    assert len(added) == 2 * len(changes)
    assert json.loads(added[-1]["detail"]) == {"wanted": "manage_units"}
    for change in changes:
        change(county.administrator)


def test_what_does_not_exist_is_refused_like_what_is_forbidden(portal, county):
    for action in (
        lambda: people.reset_password(portal, county.administrator, NOBODY),
        lambda: create(portal, county.administrator, unit_id=NOBODY),
        lambda: people.move(portal, county.administrator, county.learner.id, NOBODY, ["grid"]),
        lambda: people.grant_role(
            portal, county.administrator, county.learner.id, "manager", NOBODY
        ),
        lambda: people.rename_unit(portal, county.administrator, NOBODY, "x"),
        lambda: people.list_people(portal, county.manager, NOBODY),
    ):
        assert refused(action) == "error.not_allowed"


def test_a_new_person_has_a_posting_and_an_initial_password(portal, county, log):
    made = create(
        portal, county.administrator, unit_id=county.community, posts=["grid", "mediator"]
    )
    signed_in = accounts.sign_in(portal, "sun.yi", made.initial_password, ADDRESS, BROWSER)
    assert signed_in.must_change
    assert signed_in.person.posts == ("grid", "mediator")
    assert signed_in.person.unit_id == county.community
    assert signed_in.person.unit_path.endswith(f"/{county.street}/{county.community}/")
    assert made.initial_password not in str(log())
    assert made.initial_password not in repr(signed_in)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"staff_no": "B-0001"}, "error.staff_no_taken"),
        ({"login": "LI.MIN"}, "error.login_taken"),
        ({"login": "sun yi"}, "error.login_form"),
        ({"staff_no": " "}, "error.staff_no_form"),
        ({"name": "孙\n怡"}, "error.name_form"),
        ({"posts": ["pilot"]}, "error.post_unknown"),
        ({"posts": []}, "error.post_unknown"),
        ({"locale": "fr"}, "error.locale_unknown"),
    ],
)
def test_mistakes_in_a_new_person(portal, county, changes, key):
    given = {"unit_id": county.community} | changes
    assert refused(lambda: create(portal, county.administrator, **given)) == key
    with portal.db.read() as c:
        assert c.value("SELECT COUNT(*) FROM people") == 4


def test_a_move_keeps_history(portal, county, clock):
    clock.go_on(days=30)
    people.move(portal, county.administrator, county.learner.id, county.other_street, ["mediator"])
    first, second = postings(portal, county.learner.id)
    assert (first["unit_id"], first["ended_at"]) == (county.community, "2026-12-22T06:03:07.250Z")
    assert second == {
        "unit_id": county.other_street,
        "post": "mediator",
        "began_at": first["ended_at"],
        "ended_at": None,
    }
    with portal.db.read() as c:
        assert people_store.find_person(c, county.learner.id).posts == ("mediator",)


def test_roles_are_granted_once_and_taken_away(portal, county, log):
    def roles():
        with portal.db.read() as c:
            return people_store.find_person(c, county.learner.id).role_names - {"staff"}

    for _ in range(2):
        people.grant_role(portal, county.administrator, county.learner.id, "trainer")
    people.grant_role(portal, county.administrator, county.learner.id, "manager", county.street)
    assert roles() == {"trainer", "manager"}
    assert len(log("grant_role")) == 3  # the county's own manager, and these two
    for _ in range(2):
        people.revoke_role(portal, county.administrator, county.learner.id, "trainer")
    assert roles() == {"manager"}
    assert len(log("revoke_role")) == 1
    # a manager of one unit stays one when another is taken away
    people.revoke_role(portal, county.administrator, county.learner.id, "manager", county.county)
    assert roles() == {"manager"}
    people.grant_role(portal, county.administrator, county.learner.id, "trainer")  # and again
    assert roles() == {"trainer", "manager"}


@pytest.mark.parametrize(
    ("role", "with_unit", "key"),
    [
        ("staff", False, "error.role_unknown"),
        ("king", False, "error.role_unknown"),
        ("manager", False, "error.role_unit"),
        ("trainer", True, "error.role_unit"),
    ],
)
def test_mistakes_in_roles(portal, county, role, with_unit, key):
    unit = county.street if with_unit else None
    for change in (people.grant_role, people.revoke_role):
        assert (
            refused(
                lambda change=change: change(
                    portal, county.administrator, county.learner.id, role, unit
                )
            )
            == key
        )


def test_choosing_a_language(portal, county):
    people.choose_locale(portal, county.learner, "en")
    with portal.db.read() as c:
        assert people_store.find_person(c, county.learner.id).locale == "en"
    assert refused(lambda: people.choose_locale(portal, county.learner, "fr")) == (
        "error.locale_unknown"
    )


# units


def test_units_form_a_tree(portal, county):
    listed = people.list_units(portal, county.administrator)
    assert [(unit["name"], unit["path"]) for unit in listed] == [
        ("滨江区", "/1/"),
        ("长河街道", "/1/2/"),
        ("江一社区", "/1/2/4/"),
        ("西兴街道", "/1/3/"),
    ]


def test_lists_stop_at_the_edge_of_the_subtree(portal, county):
    assert [unit["name"] for unit in people.list_units(portal, county.manager)] == [
        "长河街道",
        "江一社区",
    ]
    assert people.list_units(portal, county.learner) == []


def test_units_are_looked_for_within_one_and_within_reach(portal, county):
    def found(who, within):
        rows = units.search_units(portal, who, "江", within=within)
        few = units.open_units(portal, who, 25, within)
        assert {row["name"] for row in rows} <= {row["name"] for row in few}
        return [row["name"] for row in rows]

    assert found(county.administrator, "") == found(county.administrator, "/1/")
    assert found(county.administrator, "/1/2/") == found(county.manager, "/1/") == ["江一社区"]
    assert found(county.administrator, "/1/3/") == found(county.manager, "/1/3/") == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [("street", "error.unit_kind"), ("city", "error.unit_kind"), ("x", "error.unit_kind")],
)
def test_levels_go_down(portal, county, kind, key):
    action = lambda: people.create_unit(portal, county.administrator, county.street, kind, "x")  # noqa: E731
    assert refused(action) == key


def test_codes_are_unique_and_names_can_change(portal, county):
    def make(code):
        return people.create_unit(
            portal, county.administrator, county.street, "community", "江二社区", "Jianger", code
        )

    unit = make("330108")
    assert refused(lambda: make("330108")) == "error.code_taken"
    make(None), make(" ")
    people.rename_unit(portal, county.administrator, unit, "江三社区", "Jiangsan")
    listed = {one["id"]: one for one in people.list_units(portal, county.administrator)}
    assert (listed[unit]["name"], listed[unit]["name_en"]) == ("江三社区", "Jiangsan")
    assert listed[unit]["code"] == "330108"


def test_a_closed_unit_takes_nobody(portal, county):
    with portal.db.write() as c:
        c.run("UPDATE units SET closed_at = '2026' WHERE id = :id", id=county.community)
    actor = county.administrator
    for action in (
        lambda: create(portal, actor, unit_id=county.community),
        lambda: people.move(portal, actor, county.learner.id, county.community, ["grid"]),
        lambda: people.create_unit(portal, actor, county.community, "grid", "一网格"),
    ):
        assert refused(action) == "error.unit_closed"


# lists of people


def names(page):
    return [row["name"] for row in page.rows]


def test_an_administrator_lists_everybody(portal, county):
    page = people.list_people(portal, county.administrator)
    assert names(page) == ["李敏", "王刚", "赵静", "周岚"]  # by number
    assert page.total == 4
    assert page.rows[0] == {
        "id": county.learner.id,
        "staff_no": "B-0001",
        "login": "li.min",
        "name": "李敏",
        "unit_id": county.community,
        "unit_name": "江一社区",
        "unit_name_en": None,
        "posts": ["grid"],
        "roles": [],
        "disabled": False,
    }
    assert page.rows[1]["roles"] == [("manager", county.street)]


def test_a_manager_lists_the_subtree_without_logins(portal, county):
    for page in (
        people.list_people(portal, county.manager),
        people.list_people(portal, county.manager, county.street),
    ):
        assert names(page) == ["李敏", "王刚"]
        assert "login" not in page.rows[0]
    assert names(people.list_people(portal, county.manager, county.community)) == ["李敏"]
    for unit in (county.county, county.other_street):
        with pytest.raises(NotAllowed):
            people.list_people(portal, county.manager, unit)
    with pytest.raises(NotAllowed):
        people.list_people(portal, county.learner)


def test_who_moved_away_is_listed_where_they_are_now(portal, county):
    people.move(portal, county.administrator, county.learner.id, county.other_street, ["grid"])
    assert names(people.list_people(portal, county.manager)) == ["王刚"]
    assert "李敏" in names(people.list_people(portal, county.administrator, county.other_street))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("李", ["李敏"]),
        ("b-0002", ["王刚"]),
        ("ZHAO.JING", ["赵静"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("' OR 1=1 --", []),
    ],
)
def test_searching(portal, county, query, found):
    page = people.list_people(portal, county.administrator, query=query)
    assert names(page) == found
    assert page.total == len(found)


def test_pages_of_a_list(portal, county):
    def page(limit, offset):
        return people.list_people(portal, county.administrator, limit=limit, offset=offset)

    assert names(page(2, 0)) + names(page(2, 2)) == ["李敏", "王刚", "赵静", "周岚"]
    assert page(2, 0).total == 4
    assert len(page(-1, -1).rows) == 1


# the log


def test_an_auditor_reads_the_log_and_nobody_else(portal, county):
    people.grant_role(portal, county.administrator, county.stranger.id, "auditor")
    with portal.db.read() as c:
        found = people_store.find_person(c, county.stranger.id)
    signed_in = accounts.sign_in(
        portal, "zhao.jing", county.passwords[county.stranger.id], ADDRESS, BROWSER
    )
    assert found.must_change
    with pytest.raises(NotAllowed):  # not before the initial password is changed
        read_audit(portal, signed_in.person)
    accounts.change_password(
        portal,
        signed_in.person,
        signed_in.token,
        county.passwords[county.stranger.id],
        "Lm-77-door",
    )
    auditor = accounts.person_of(portal, signed_in.token)
    entries = read_audit(portal, auditor)
    assert entries[0]["action"] == "change_password"
    assert entries[0]["actor_name"] == "赵静"
    [granted] = read_audit(portal, auditor, Wanted(action="grant_role"), limit=1)
    assert granted["detail"] == {"role": "auditor", "unit": None}
    older = read_audit(portal, auditor, before=(entries[0]["at"], entries[0]["id"]))
    assert older == entries[1:]
    assert read_audit(portal, auditor, Wanted(since=portal.now(), until=portal.now())) == []
    for actor in (county.administrator, county.manager, county.learner):
        with pytest.raises(NotAllowed):
            read_audit(portal, actor)


def test_changes_move_the_revision_on_and_sign_ins_do_not(portal, county):
    revision = portal.db.revision()
    people.move(portal, county.administrator, county.learner.id, county.street, ["grid"])
    assert portal.db.revision() == revision + 1
    password = county.passwords[county.learner.id]
    accounts.sign_in(portal, "li.min", password, ADDRESS, BROWSER)
    people.reset_password(portal, county.administrator, county.learner.id)
    assert portal.db.revision() == revision + 1
