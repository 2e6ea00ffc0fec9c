"""The one-time link that makes the first administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.actions import accounts
from portal.actions import people as people_actions
from portal.actions.accounts import WeakPassword
from portal.actions.errors import Refused
from tests.actions.records.conftest import ADDRESS, BROWSER, GOOD


def set_up(portal, token, login="admin.zhou", password=GOOD):
    return accounts.set_up(portal, token, login, "周岚", password, ADDRESS, BROWSER)


def refuses(portal, token, **changes) -> str:
    with pytest.raises(Refused) as caught:
        set_up(portal, token, **changes)
    return caught.value.key


def test_there_are_no_default_accounts(portal):
    for login in ("admin", "root", "administrator"):
        for password in ("admin", "root", "", "admin123"):
            with pytest.raises(Refused):
                accounts.sign_in(portal, login, password, ADDRESS, BROWSER)


def test_the_link_makes_an_administrator_who_is_signed_in(portal, log):
    signed_in = set_up(portal, accounts.setup_link(portal))
    assert accounts.person_of(portal, signed_in.token).role_names == {"staff", "administrator"}
    assert not signed_in.must_change
    assert [entry["action"] for entry in log()] == ["set_up", "sign_in"]


def test_the_link_works_once_and_there_is_no_other(portal):
    token = accounts.setup_link(portal)
    set_up(portal, token)
    assert refuses(portal, token, login="second") == "error.setup_token"
    assert accounts.setup_link(portal) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 43])
def test_a_guessed_link_does_nothing(portal, token):
    assert refuses(portal, token) == "error.setup_token"  # before there is a link
    accounts.setup_link(portal)
    assert refuses(portal, token) == "error.setup_token"


def test_a_start_makes_the_link_of_the_start_before_worthless(portal):
    first, second = accounts.setup_link(portal), accounts.setup_link(portal)
    assert first != second
    assert refuses(portal, first) == "error.setup_token"
    assert set_up(portal, second)


def test_the_link_is_good_for_24_hours(portal, clock):
    token = accounts.setup_link(portal)
    clock.go_on(hours=24)
    assert refuses(portal, token) == "error.setup_token"


def test_only_the_hash_of_the_link_is_stored(portal):
    token = accounts.setup_link(portal)
    with portal.db.read() as c:
        assert token not in str(c.all("SELECT * FROM settings"))


def test_a_mistake_in_the_form_leaves_the_link_good(portal):
    token = accounts.setup_link(portal)
    assert refuses(portal, token, login="no blanks") == "error.login_form"
    with pytest.raises(WeakPassword):
        set_up(portal, token, password="admin")
    assert set_up(portal, token)


def test_two_at_once_make_one_administrator(portal):
    token = accounts.setup_link(portal)

    def attempt(login):
        try:
            return bool(set_up(portal, token, login=login))
        except Refused:
            return False

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, ["one", "two"])) == [False, True]


def test_the_last_administrator_stays(portal, county):
    chief = county.administrator
    for action in (
        lambda: people_actions.disable(portal, chief, chief.id),
        lambda: people_actions.revoke_role(portal, chief, chief.id, "administrator"),
    ):
        with pytest.raises(Refused) as caught:
            action()
        assert caught.value.key == "error.last_administrator"
    people_actions.grant_role(portal, chief, county.stranger.id, "administrator")
    people_actions.revoke_role(portal, chief, chief.id, "administrator")
    assert accounts.setup_link(portal) is None
