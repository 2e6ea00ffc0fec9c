"""Taking over a roster: what was shown is what is done, all of it or nothing."""

from __future__ import annotations

import json

import pytest

from portal.actions import accounts, initial_passwords, people, rosters, unit_changes
from portal.actions.errors import NotAllowed, Refused
from portal.store import people as people_store
from tests.actions.records.conftest import ADDRESS, BROWSER

HEADER = "工号,姓名,单位,岗位,登录名,邮箱\n"
JIANGYI = "滨江区/长河街道/江一社区"


def file(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


FULL = file(
    f"B-0001,李敏,{JIANGYI},grid,,",  # as it is
    "B-0002,王钢,滨江区/长河街道,grid,,wang@example.cn",  # another name, an address
    "B-0003,赵静,滨江区/长河街道,mediator,,",  # moves
    f"B-0100,孙怡,{JIANGYI},grid、mediator,sun.yi,",  # new
)


def dry(portal, county, data=FULL, **options):
    return rosters.dry_run(portal, county.administrator, data, **options)


def import_(portal, county, data=FULL, **options):
    shown = dry(portal, county, data, **options)
    return rosters.import_roster(portal, county.administrator, data, shown)


def everything(portal):
    with portal.db.read() as c:
        return [
            c.all(f"SELECT * FROM {table} ORDER BY id")
            for table in ("people", "postings", "audit", "units")
        ]


def person(portal, staff_no):
    with portal.db.read() as c:
        person_id = c.value("SELECT id FROM people WHERE staff_no = :no", no=staff_no)
        return people_store.find_person(c, person_id)


def refused(action) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.key


def counts(plan):
    return {
        kind: len(getattr(plan, kind))
        for kind in ("added", "changed", "moved", "returned", "deactivated", "problems")
    } | {"unchanged": plan.unchanged}


def test_a_dry_run_shows_everything_and_does_nothing(portal, county):
    before = everything(portal)
    shown = dry(portal, county)
    assert counts(shown.plan) == {
        "added": 1,
        "changed": 1,
        "moved": 1,
        "returned": 0,
        "deactivated": 0,
        "problems": 0,
        "unchanged": 1,
    }
    assert shown.can_be_done
    assert shown.unit_names[county.community] == JIANGYI
    assert everything(portal) == before


def test_what_was_shown_is_what_is_done(portal, county, clock, log):
    clock.go_on(days=1)
    steps = []
    shown = dry(portal, county)
    rosters.import_roster(
        portal, county.administrator, FULL, shown, progress=lambda *step: steps.append(step)
    )
    new, moved = person(portal, "B-0100"), person(portal, "B-0003")
    assert (new.login, new.posts, new.unit_id) == ("sun.yi", ("grid", "mediator"), county.community)
    assert (moved.unit_id, moved.posts) == (county.street, ("mediator",))
    assert person(portal, "B-0002").name == "王钢"
    with portal.db.read() as c:
        assert c.value("SELECT email FROM people WHERE staff_no = 'B-0002'") == "wang@example.cn"
        stays = c.all(
            "SELECT ended_at FROM postings WHERE person_id = :id ORDER BY id", id=moved.id
        )
    assert [one["ended_at"] is None for one in stays] == [False, True]
    [entry] = log("import_roster")
    detail = json.loads(entry["detail"])
    assert (detail["added"], detail["changed"], detail["moved"]) == (1, 1, 1)
    assert detail["sha256"] == shown.file_sha256
    assert [row["target"] for row in log("move")] == [f"person:{moved.id}"]
    assert steps[-1] == ("note", 1.0) and [share for _, share in steps] == sorted(
        s for _, s in steps
    )
    # once more: nothing is left to do
    assert refused(lambda: import_(portal, county)) == "error.roster_nothing"


def test_one_wrong_row_and_nothing_is_written(portal, county):
    data = FULL + "B-0200,钱七,滨江区/没有,grid,,\n".encode()
    before = everything(portal)
    shown = dry(portal, county, data)
    assert [(one.row, one.key) for one in shown.plan.problems] == [(6, "roster.unit_near")]
    key = refused(lambda: rosters.import_roster(portal, county.administrator, data, shown))
    assert key == "error.roster_problems"
    assert everything(portal) == before


def test_another_file_than_the_one_shown_is_refused(portal, county):
    shown = dry(portal, county)
    other = FULL + f"B-0300,周八,{JIANGYI},grid,,\n".encode()
    before = everything(portal)
    assert refused(lambda: rosters.import_roster(portal, county.administrator, other, shown)) == (
        "error.roster_other_file"
    )
    assert everything(portal) == before


@pytest.mark.parametrize("what", ["moved", "named", "closed", "added"])
def test_a_change_by_somebody_else_meanwhile_is_noticed(portal, county, what):
    shown = dry(portal, county)
    admin = county.administrator
    if what == "moved":
        people.move(portal, admin, county.learner.id, county.other_street, ["grid"])
    elif what == "named":
        with portal.db.write() as c:
            c.run("UPDATE people SET name = '李明' WHERE id = :id", id=county.learner.id)
    elif what == "closed":
        people.move(portal, admin, county.learner.id, county.street, ["grid"])
        unit_changes.close_unit(portal, admin, county.community)
    else:
        people.create_person(
            portal,
            admin,
            staff_no="B-0100",
            login="x.y",
            name="孙怡",
            unit_id=county.street,
            posts=["grid"],
        )
    before = everything(portal)
    key = refused(lambda: rosters.import_roster(portal, admin, FULL, shown))
    assert key == "error.roster_changed"
    assert everything(portal) == before


def test_changes_that_do_not_touch_the_plan_do_not_matter(portal, county):
    shown = dry(portal, county)
    people.grant_role(portal, county.administrator, county.learner.id, "trainer")
    rosters.import_roster(portal, county.administrator, FULL, shown)


def test_a_failure_in_the_middle_leaves_nothing(portal, county, monkeypatch):
    from portal.store import rosters as store

    def fail(*_):
        raise OSError("disk full")

    shown = dry(portal, county)
    before = everything(portal)
    monkeypatch.setattr(store, "switch_people", fail)
    with pytest.raises(OSError):
        rosters.import_roster(portal, county.administrator, FULL, shown)
    assert everything(portal) == before


def test_people_missing_are_deactivated_only_by_choice_and_within_a_unit(portal, county, log):
    token = accounts.sign_in(
        portal, "li.min", county.passwords[county.learner.id], ADDRESS, BROWSER
    ).token
    data = file("B-0002,王刚,滨江区/长河街道,grid,,")
    assert dry(portal, county, data).plan.deactivated == ()
    within = dry(portal, county, data, deactivate_missing=True, missing_in=county.street)
    assert [one.staff_no for one in within.plan.deactivated] == ["B-0001"]
    everywhere = dry(portal, county, data, deactivate_missing=True)
    assert [one.staff_no for one in everywhere.plan.deactivated] == ["B-0001", "B-0003"]
    rosters.import_roster(portal, county.administrator, data, within)
    assert accounts.person_of(portal, token) is None
    assert [row["target"] for row in log("disable")] == [f"person:{county.learner.id}"]
    # named again, they return
    back = import_(portal, county, file(f"B-0001,李敏,{JIANGYI},grid,,"))
    assert len(back.returned) == 1


def test_who_returns_by_a_roster_was_away_from_then_till_now(portal, county, clock):
    people.disable(portal, county.administrator, county.learner.id)
    clock.go_on(days=9)
    import_(portal, county)
    with portal.db.read() as c:
        [away] = c.all("SELECT person_id, began_at, ended_at FROM absences")
    assert away["person_id"] == county.learner.id
    assert (away["began_at"][:10], away["ended_at"][:10]) == ("2026-11-22", "2026-12-01")


def test_only_administrators_import(portal, county):
    shown = dry(portal, county)
    for actor in (county.manager, county.learner):
        with pytest.raises(NotAllowed):
            rosters.dry_run(portal, actor, FULL)
        with pytest.raises(NotAllowed):
            rosters.import_roster(portal, actor, FULL, shown)


# initial passwords


def test_newcomers_cannot_sign_in_until_they_are_given_a_password(portal, county, log):
    import_(portal, county)
    assert refused(lambda: accounts.sign_in(portal, "sun.yi", "", ADDRESS, BROWSER)) == (
        "error.sign_in"
    )
    admin = county.administrator
    assert initial_passwords.count_without(portal, admin, county.street) == 1
    assert initial_passwords.count_without(portal, admin, county.other_street) == 0
    [given] = initial_passwords.hand_out(portal, admin, county.street)
    assert (given.login, given.unit) == ("sun.yi", JIANGYI)
    assert given.password not in str(log())
    signed_in = accounts.sign_in(portal, "sun.yi", given.password, ADDRESS, BROWSER)
    assert signed_in.must_change
    assert initial_passwords.hand_out(portal, admin, county.street) == []


def test_an_initial_password_that_expired_unused_is_made_anew(portal, county, clock):
    clock.go_on(hours=73)
    admin = county.administrator
    assert initial_passwords.count_without(portal, admin, county.county) == 3
    given = initial_passwords.hand_out(portal, admin, county.community)
    assert [one.staff_no for one in given] == ["B-0001"]
    for actor in (county.manager, county.learner):
        with pytest.raises(NotAllowed):
            initial_passwords.hand_out(portal, actor, county.community)
