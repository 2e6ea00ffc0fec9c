"""From a roster and what is known to a plan, and every mistake with its row."""

from __future__ import annotations

import pytest

from portal.core.postings import Posting, all_in, settle_main
from portal.core.roster_lookup import post_names
from portal.core.roster_model import Facts, Missing, PersonFact, RosterLine, UnitFact
from portal.core.rosters import plan_roster

UNITS = (
    UnitFact(1, "/1/", ("清河县",)),
    UnitFact(2, "/1/2/", ("清河县", "望江街道"), code="330108"),
    UnitFact(3, "/1/2/3/", ("清河县", "望江街道", "和畅社区")),
    UnitFact(4, "/1/4/", ("清河县", "临泉镇")),
    UnitFact(5, "/1/4/5/", ("清河县", "临泉镇", "旧村"), closed=True, successor="新村"),
    UnitFact(6, "/1/4/6/", ("清河县", "临泉镇", "撤销村"), closed=True),
    UnitFact(7, "/1/4/7/", ("清河县", "临泉镇", "同名网格")),
    UnitFact(8, "/1/4/8/", ("清河县", "临泉镇", "同名网格")),
)
POSTS = post_names({"grid": ("网格员", "Grid worker"), "mediator": ("调解员", "Mediator")})
HECHANG = "清河县/望江街道/和畅社区"


def person(n, staff_no, unit=3, posts=("grid",), **other):
    facts = {"login": staff_no.casefold(), "name": f"人{n}", "held": all_in(unit, list(posts))}
    return PersonFact(n, staff_no, **(facts | other))


def facts(*people):
    return Facts(UNITS, {one.staff_no: one for one in people}, POSTS)


def line(row=2, staff_no="B-1", name="李敏", unit=HECHANG, posts="网格员", **other):
    return RosterLine(row, staff_no, name, unit, posts, **other)


def problems(*lines, known=()):
    plan = plan_roster(lines, facts(*known))
    return [(one.row, one.key.removeprefix("roster.")) for one in plan.problems]


def test_a_newcomer_is_added_with_the_staff_number_as_login():
    [added] = plan_roster([line(staff_no="Ｂ－１", posts="网格员、调解员")], facts()).added
    assert (added.staff_no, added.login, added.email) == ("B-1", "b-1", None)
    assert added.postings == (Posting(3, "grid", main=True), Posting(3, "mediator"))


@pytest.mark.parametrize(
    "unit",
    ["330108", "清河县/望江街道", "清河县 ／ 望江街道", "清河县>望江街道", "/清河县/望江街道/"],
)
def test_units_are_named_by_code_or_by_full_path(unit):
    [added] = plan_roster([line(unit=unit)], facts()).added
    assert added.postings[0].unit_id == 2


@pytest.mark.parametrize("posts", ["网格员", "grid", "Grid Worker", " 网格员 ; 网格员"])
def test_posts_are_named_by_key_or_name(posts):
    [added] = plan_roster([line(posts=posts)], facts()).added
    assert [one.post for one in added.postings] == ["grid"]


def test_what_is_as_it_was_changes_nothing():
    known = person(1, "B-1", name="李敏", posts=("grid", "mediator"), email="a@b.cn")
    plan = plan_roster([line(posts="调解员、网格员")], facts(known))
    assert plan.unchanged == 1
    assert not plan.does_something


def test_names_logins_and_addresses_change_and_empty_cells_leave_them():
    known = person(1, "B-1", login="li.min", email="old@b.cn")
    [changed] = plan_roster([line()], facts(known)).changed
    assert changed.fields == (("name", "人1", "李敏"),)
    [changed] = plan_roster([line(login="Li.Min2", email="new@b.cn")], facts(known)).changed
    assert changed.fields == (
        ("name", "人1", "李敏"),
        ("login", "li.min", "li.min2"),
        ("email", "old@b.cn", "new@b.cn"),
    )


def test_another_unit_or_post_is_a_transfer_and_posts_elsewhere_go_on():
    held = settle_main([Posting(3, "grid", main=True), Posting(4, "mediator")])
    known = person(1, "B-1", name="李敏", held=held)
    [moved] = plan_roster([line(unit="330108")], facts(known)).moved
    assert moved.before == held
    assert moved.after == (Posting(2, "grid", main=True), Posting(4, "mediator"))
    [moved] = plan_roster([line(unit="清河县/临泉镇", posts="调解员")], facts(known)).moved
    assert moved.after == (Posting(4, "mediator", main=True),)


def test_nobody_is_deactivated_for_being_absent_unless_that_is_asked_for():
    known = (
        person(1, "B-1", name="李敏"),
        person(2, "B-2"),
        person(3, "B-3", unit=4),
        person(4, "B-4", kept=True),
        person(5, "B-5", disabled=True),
        person(6, "B-6", held=()),
    )
    assert plan_roster([line()], facts(*known)).deactivated == ()
    plan = plan_roster([line()], facts(*known), Missing(True))
    assert [one.staff_no for one in plan.deactivated] == ["B-2", "B-3"]
    plan = plan_roster([line()], facts(*known), Missing(True, "/1/2/"))
    assert [one.staff_no for one in plan.deactivated] == ["B-2"]


def test_who_was_disabled_and_is_named_again_returns():
    plan = plan_roster([line()], facts(person(1, "B-1", name="李敏", disabled=True)))
    assert [one.staff_no for one in plan.returned] == ["B-1"]
    assert plan.unchanged == 0


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"staff_no": ""}, "staff_no_missing"),
        ({"staff_no": "B" * 33}, "staff_no_form"),
        ({"staff_no": "B\n1", "login": "b1"}, "staff_no_form"),
        ({"name": ""}, "name_missing"),
        ({"name": "李\n敏"}, "name_form"),
        ({"unit": " "}, "unit_missing"),
        ({"unit": "海口市/美兰区"}, "unit_unknown"),
        ({"unit": "和畅社区"}, "unit_near"),
        ({"unit": "清河县/旺江街道/和畅社区"}, "unit_near"),
        ({"unit": "清河县/临泉镇/同名网格"}, "unit_ambiguous"),
        ({"unit": "清河县/临泉镇/撤销村"}, "unit_closed"),
        ({"unit": "清河县/临泉镇/旧村"}, "unit_merged"),
        ({"posts": ""}, "post_missing"),
        ({"posts": "、"}, "post_missing"),
        ({"posts": "飞行员"}, "post_near"),  # 网格员 shares a character; it is only a question
        ({"posts": "astronaut!"}, "post_unknown"),
        ({"login": "li min"}, "login_form"),
        ({"staff_no": "7"}, "login_needed"),
        ({"email": "li.min"}, "email_form"),
        ({"email": "a@b@c.cn"}, "email_form"),
        ({"email": "li.min@例子.cn"}, "email_form"),  # nothing that a mail would be refused with
        ({"email": "-@b.c"}, "email_form"),
    ],
)
def test_every_mistake_has_its_row(changes, key):
    found = problems(line(row=9, **changes))
    if changes.get("posts") == "飞行员":
        assert found[0][0] == 9 and found[0][1] in {"post_near", "post_unknown"}
    else:
        assert found == [(9, key)]


def test_repeats_name_the_first_row():
    lines = [line(row=2), line(row=3), line(row=4, staff_no="B-2", login="B-1")]
    assert problems(*lines) == [(3, "staff_no_twice"), (4, "login_twice")]


def test_a_number_that_a_spreadsheet_has_spoilt_makes_no_second_person():
    known = [person(1, "0012", name="王钢"), person(2, "GW-7", name="赵静")]
    lines = [
        line(row=2, staff_no="12"),  # Excel took the zeros away
        line(row=3, staff_no="gw-7", login="zhao.jing"),
        line(row=4, staff_no="2024-03-12"),  # was 3-12
        line(row=5, staff_no="王钢", name="0012"),
        line(row=6, staff_no="孙怡", name="B-9"),
    ]
    assert problems(*lines, known=known) == [
        (2, "staff_no_near"),
        (3, "staff_no_near"),
        (4, "staff_no_date"),
        (5, "columns_swapped"),
        (6, "columns_swapped"),
    ]
    found = plan_roster(lines[:1], facts(*known)).problems[0]
    assert found.args == {"row": 2, "value": "12", "known": "0012", "name": "王钢"}


def test_a_number_that_somebody_has_is_not_doubted():
    both = [person(1, "0012", name="李敏"), person(2, "12", name="李敏"), person(3, "2024-03-12")]
    lines = [line(row=n + 2, staff_no=one.staff_no, name=one.name) for n, one in enumerate(both)]
    assert problems(*lines, known=both) == []
    assert problems(line(staff_no="B-1", name="Anna 2"), line(row=3, staff_no="学1")) == []


def test_a_login_of_somebody_else_is_taken():
    other = person(1, "B-9", login="li.min")
    assert problems(line(login="Li.Min"), known=[other]) == [(2, "login_taken")]
    plan = plan_roster([line(login="li.min")], facts(other))
    assert plan.problems[0].args == {"row": 2, "value": "li.min", "owner": "B-9"}


def test_the_nearest_unit_is_suggested_by_its_full_name():
    [problem] = plan_roster([line(unit="和畅社区")], facts()).problems
    assert problem.args == {"row": 2, "unit": "和畅社区", "near": HECHANG}


def test_plans_that_do_the_same_have_one_digest():
    first = plan_roster([line()], facts())
    assert first.digest == plan_roster([line()], facts()).digest
    assert first.digest != plan_roster([line(name="李明")], facts()).digest
    assert first.digest != plan_roster([line()], facts(person(1, "B-1"))).digest
