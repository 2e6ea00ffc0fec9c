"""Which changes of the tree make sense."""

from __future__ import annotations

import pytest

from portal.core.units import (
    Unit,
    judge_close,
    judge_merge,
    judge_move,
    judge_place,
    judge_reopen,
    path_below,
)

CITY = Unit(1, None, "/1/", "city", "市")
COUNTY = Unit(2, 1, "/1/2/", "county", "区")
STREET = Unit(3, 2, "/1/2/3/", "street", "街道")
OTHER = Unit(4, 2, "/1/2/4/", "street", "另一街道")
COMMUNITY = Unit(5, 3, "/1/2/3/5/", "community", "社区")
CLOSED = Unit(6, 2, "/1/2/6/", "street", "撤销的", closed=True)
ELEVENTH = Unit(33, 2, "/1/2/33/", "street", "别的")  # "/1/2/3" begins like it


@pytest.mark.parametrize(
    ("kind", "parent", "refusal"),
    [
        ("city", None, None),
        ("grid", None, None),
        ("street", COUNTY, None),
        ("grid", CITY, None),  # levels may be left out
        ("street", STREET, "error.unit_kind"),
        ("county", STREET, "error.unit_kind"),
        ("village", COUNTY, "error.unit_kind"),
        ("community", CLOSED, "error.unit_closed"),
    ],
)
def test_places(kind, parent, refusal):
    assert judge_place(kind, parent) == refusal


@pytest.mark.parametrize(
    ("unit", "parent", "refusal"),
    [
        (COMMUNITY, OTHER, None),
        (COMMUNITY, ELEVENTH, None),
        (COMMUNITY, None, None),
        (COMMUNITY, STREET, "error.unit_there_already"),
        (STREET, COMMUNITY, "error.unit_cycle"),
        (STREET, STREET, "error.unit_cycle"),
        (STREET, OTHER, "error.unit_kind"),
        (COMMUNITY, CLOSED, "error.unit_closed"),
        (CLOSED, CITY, "error.unit_closed"),
        (CITY, None, "error.unit_there_already"),
    ],
)
def test_moves(unit, parent, refusal):
    assert judge_move(unit, parent) == refusal


@pytest.mark.parametrize(
    ("unit", "into", "refusal"),
    [
        (STREET, OTHER, None),
        (STREET, STREET, "error.merge_itself"),
        (STREET, COUNTY, "error.merge_kind"),
        (STREET, CLOSED, "error.unit_closed"),
        (CLOSED, STREET, "error.unit_closed"),
    ],
)
def test_merges(unit, into, refusal):
    assert judge_merge(unit, into) == refusal


def test_closing_and_reopening():
    assert judge_close(STREET, 0, 0) is None
    assert judge_close(STREET, 3, 0) == "error.unit_has_people"
    assert judge_close(STREET, 3, 2) == "error.unit_has_units"
    assert judge_close(CLOSED, 0, 0) == "error.unit_closed"
    assert judge_reopen(CLOSED, COUNTY) is None
    assert judge_reopen(STREET, COUNTY) == "error.unit_open"
    assert judge_reopen(Unit(7, 6, "/1/2/6/7/", "grid", "x", closed=True), CLOSED) == (
        "error.unit_closed"
    )


def test_paths():
    assert path_below(None, 7) == "/7/"
    assert path_below(STREET, 7) == "/1/2/3/7/"
