"""Who may do what to whom: the whole matrix, written out."""

from __future__ import annotations

import pytest

from portal.core.people import ACTIONS, Person, Role, Target, may, may_somewhere, within

# Columns: the role. Letters: to whom the action may be done.
#   o the person's own record, u somebody (or a unit) in the managed subtree,
#   x somebody elsewhere, n nobody in particular
MATRIX = """
action               staff trainer manager administrator auditor
learn                o     o       o       o             o
see_record           o     o       ou      o             o
revoke_certificates  -     -       u       ouxn          -
see_unit_results     -     -       u       -             -
see_item_statistics  -     ouxn    u       -             -
answer_question_reports - ouxn     -       -             -
preview_content      -     ouxn    -       -             -
see_content_problems -     ouxn    -       -             -
edit_content         -     ouxn    -       -             -
review_content       -     ouxn    -       -             -
publish_content      -     ouxn    -       -             -
review_laws          -     ouxn    -       -             -
regrade              -     ouxn    -       -             -
mark                 -     ouxn    -       -             -
appeal               o     o       o       o             o
facilitate_drill     -     ouxn    u       -             -
assign               -     ouxn    u       -             -
see_obligations      -     -       u       -             -
decide_obligations   -     -       u       -             -
list_people          -     -       u       ouxn          -
list_units           -     -       u       ouxn          -
manage_people        -     -       -       ouxn          -
manage_units         -     -       -       ouxn          -
manage_roles         -     -       -       ouxn          -
question_capability  o     o       o       o             o
answer_capability_questions - -    -       ouxn          -
change_password      o     o       o       o             o
see_sessions         o     o       o       ouxn          o
end_sessions         o     o       o       ouxn          o
read_audit           -     -       -       -             ouxn
"""

TARGETS = {
    "o": Target(person_id=1, unit_path="/1/9/"),  # works outside the unit that is managed
    "u": Target(person_id=2, unit_path="/1/4/7/"),
    "x": Target(person_id=3, unit_path="/1/5/"),
    "n": Target(),
}


def person(role: str, **changes) -> Person:
    roles = {
        "staff": frozenset(),
        "manager": frozenset({Role("manager", 4, "/1/4/")}),
    }.get(role, frozenset({Role(role)}))
    return Person(1, "B1", "li.min", "李敏", unit_path="/1/9/", roles=roles, **changes)


def cells():
    header, *rows = MATRIX.strip().splitlines()
    for row in rows:
        action, *allowed = row.split()
        for role, letters in zip(header.split()[1:], allowed, strict=True):
            for letter in TARGETS:
                yield pytest.param(action, role, letter, letter in letters)


@pytest.mark.parametrize(("action", "role", "letter", "allowed"), list(cells()))
def test_matrix(action, role, letter, allowed):
    assert may(person(role), action, TARGETS[letter]) is allowed


def test_the_matrix_is_complete():
    assert [row.split()[0] for row in MATRIX.strip().splitlines()[1:]] == list(ACTIONS)


def test_a_manager_reaches_the_unit_itself_and_not_its_neighbours():
    manager = person("manager")
    reached = {
        path: may(manager, "see_unit_results", Target(unit_path=path))
        for path in ("/1/4/", "/1/4/7/9/", "/1/", "/1/41/", "/1/40/4/", "/4/", "/2/1/4/", None)
    }
    assert [path for path, allowed in reached.items() if allowed] == ["/1/4/", "/1/4/7/9/"]


def test_a_manager_of_two_units_reaches_both():
    both = frozenset({Role("manager", 4, "/1/4/"), Role("manager", 6, "/1/6/")})
    manager = Person(1, "B1", "li.min", "李敏", roles=both)
    assert manager.managed_paths == ("/1/4/", "/1/6/")
    assert [
        may(manager, "see_unit_results", Target(unit_path=path))
        for path in ("/1/4/", "/1/5/", "/1/6/")
    ] == [True, False, True]


def test_roles_add_up():
    both = Person(1, "B1", "li", "李", roles=frozenset({Role("trainer"), Role("auditor")}))
    assert both.role_names == {"staff", "trainer", "auditor"}
    assert may(both, "mark")
    assert may(both, "read_audit")
    assert not may(both, "manage_people")


def test_a_person_without_a_unit_is_in_nobodys_reach():
    assert not may(person("manager"), "see_record", Target(person_id=2, unit_path=None))


def test_who_must_change_the_password_can_do_nothing_else():
    administrator = person("administrator", must_change=True)
    for action in ACTIONS:
        expected = action == "change_password"
        assert may(administrator, action, TARGETS["o"]) is expected
        assert may_somewhere(administrator, action) is expected


def test_menus_offer_what_can_be_allowed_somewhere():
    assert may_somewhere(person("manager"), "see_unit_results")
    assert not may_somewhere(person("staff"), "see_unit_results")
    assert may_somewhere(person("staff"), "learn")


def test_an_unknown_action_is_a_mistake_that_says_so():
    with pytest.raises(KeyError):
        may(person("administrator"), "fly")


def test_within():
    assert within("/1/4/", "/1/4/")
    assert not within("/1/", "/1/4/")
    assert not within(None, "/1/")
    assert not within("/1/", None)
