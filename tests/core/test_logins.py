"""Logins and names: one person, one spelling."""

from __future__ import annotations

import pytest

from portal.core.logins import is_login, is_name, normalise_login


@pytest.mark.parametrize("typed", ["Li.Min", " li.min\n", "ｌｉ．ｍｉｎ", "LI.MIN"])
def test_one_login_however_it_is_typed(typed):
    assert normalise_login(typed) == "li.min"


@pytest.mark.parametrize("login", ["li.min", "b-0007", "李敏", "li+min@example.cn", "a1"])
def test_logins(login):
    assert is_login(login)


@pytest.mark.parametrize(
    "login", ["", "a", "Li", "li min", "a" * 65, "li\x00", "li/min", "li:min", "<b>"]
)
def test_not_logins(login):
    assert not is_login(login)


@pytest.mark.parametrize("name", ["李敏", "Anna-María O'Neill", "滨江区（东）", "x"])
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", " 李敏", "李\n敏", "李\u202e敏", "x" * 65, "\u200b"])
def test_not_names(name):
    assert not is_name(name)
