from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.core.suppression import (
    SMALL,
    branch,
    groups_below,
    groups_to_guard,
    hidden,
    is_shown,
)


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden({"a": 3, "b": 9, "c": 7}) == {"a", "c"}
    assert hidden({"a": 9, "b": 7}) == frozenset()


def test_two_small_groups_of_too_few_together_take_another() -> None:
    assert hidden({"a": 1, "b": 2, "c": 8, "d": 9}) == {"a", "b", "c"}
    assert hidden({"a": 4, "b": 3, "c": 8}) == {"a", "b"}


def test_an_empty_group_hides_nobody() -> None:
    assert hidden({"a": 0, "b": 9, "c": 7}) == frozenset()
    assert hidden({"a": 4, "b": 0, "c": 7}) == {"a", "c"}


@given(st.dictionaries(st.integers(), st.integers(0, 12), max_size=8))
def test_what_is_hidden_cannot_be_told_from_the_rest(people: dict[int, int]) -> None:
    out = hidden(people)
    assert all(key in out for key, count in people.items() if 0 < count < SMALL)
    if out and any(count >= SMALL and key not in out for key, count in people.items()):
        assert len(out) >= 2 and sum(people[key] for key in out) >= SMALL


def test_a_group_hidden_for_anothers_sake_is_hidden_on_its_own_page_too() -> None:
    staff = {"/1/": 0, "/1/2/": 3, "/1/3/": 2, "/1/3/5/": 6, "/1/4/": 20}
    assert groups_below("/1/", staff) == {"/1/": 0, "/1/2/": 3, "/1/3/": 8, "/1/4/": 20}
    shown = {path: is_shown(path, "/1/", staff) for path in staff}
    assert shown == {
        "/1/": True,
        "/1/2/": False,
        "/1/3/": False,
        "/1/3/5/": False,
        "/1/4/": True,
    }
    # who manages the unit itself is not shown a whole to take it from
    assert is_shown("/1/3/", "/1/3/", {p: n for p, n in staff.items() if p.startswith("/1/3/")})


def test_people_at_the_unit_itself_are_a_group_like_the_others() -> None:
    assert not is_shown("/1/2/", "/1/", {"/1/": 2, "/1/2/": 30})
    assert is_shown("/1/2/", "/1/", {"/1/": 6, "/1/2/": 30})


def test_who_did_something_in_a_unit_and_left_is_guarded_by_the_group_beside_it() -> None:
    staff, left = {"/1/": 0, "/1/2/": 9, "/1/3/": 0, "/1/4/": 30}, {"/1/3/": 1}
    assert groups_to_guard("/1/", staff, left)["/1/3/"] == 1
    assert [is_shown(p, "/1/", staff, left) for p in ("/1/2/", "/1/3/", "/1/4/")] == [
        False,
        False,
        True,
    ]
    assert is_shown("/1/2/", "/1/", staff)
    # who left does not make a group of four one of five
    few = {"/1/2/": 4, "/1/4/": 30}
    assert groups_to_guard("/1/", few, {"/1/2/5/": 1})["/1/2/"] == 4


UNIT_PATHS = st.lists(st.integers(2, 4), min_size=0, max_size=3).map(
    lambda steps: "/1/" + "".join(f"{step}/" for step in steps)
)


@given(st.dictionaries(UNIT_PATHS, st.integers(0, 9), max_size=20), UNIT_PATHS)
def test_branches_decide_as_all_units_do(staff: dict[str, int], path: str) -> None:
    branches: dict[str, int] = {}
    for unit, people in staff.items():
        key = branch(unit, path, "/1/")
        branches[key] = branches.get(key, 0) + people
    assert is_shown(path, "/1/", branches) == is_shown(path, "/1/", staff)
