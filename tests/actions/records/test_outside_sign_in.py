"""OIDC sign-in: whose account it is, and that nobody takes another's."""

from __future__ import annotations

import pytest

from portal.actions import accounts
from portal.actions import people as people_actions
from portal.actions.errors import Refused
from tests.actions.records.conftest import ADDRESS, BROWSER

ISSUER = "https://sso.example.gov.cn"
LI_MIN = {"preferred_username": "Li.Min"}


def enter(portal, subject="s-1", claims=LI_MIN, issuer=ISSUER, **more):
    return accounts.sign_in_oidc(portal, issuer, subject, claims, ADDRESS, BROWSER, **more)


def refused(portal, **changes) -> str:
    with pytest.raises(Refused) as caught:
        enter(portal, **changes)
    return caught.value.key


def test_the_claim_says_whose_account_it_is(portal, county, log):
    signed_in = enter(portal)
    assert signed_in.person.id == county.learner.id
    assert not signed_in.must_change  # the initial password does not concern this session
    assert accounts.person_of(portal, signed_in.token).id == county.learner.id
    actions = [entry["action"] for entry in log() if entry["actor_id"] == county.learner.id]
    assert actions == ["link_identity", "sign_in"]


def test_from_then_on_the_subject_does(portal, county):
    enter(portal)
    assert enter(portal, claims={}).person.id == county.learner.id
    assert enter(portal, claims={"preferred_username": "wang.gang"}).person.id == county.learner.id


def test_no_account_is_made(portal, county, log):
    assert refused(portal, claims={"preferred_username": "nobody.here"}) == "error.no_account"
    assert refused(portal, claims={}) == "error.no_account"
    assert refused(portal, claims={"preferred_username": 7}) == "error.no_account"
    assert len(log("sign_in_refused")) == 3


def test_a_second_subject_cannot_take_a_linked_account(portal, county):
    enter(portal)
    assert refused(portal, subject="s-2") == "error.no_account"
    # another issuer is another matter, once the operator has configured it
    assert enter(portal, subject="s-2", issuer="https://other.example.cn")


def test_a_disabled_person_stays_out_and_is_not_linked(portal, county):
    people_actions.disable(portal, county.administrator, county.learner.id)
    assert refused(portal) == "error.no_account"
    with portal.db.read() as c:
        assert c.value("SELECT COUNT(*) FROM identities") == 0


def test_an_address_counts_only_when_it_is_verified(portal, county, set_settings):
    portal = set_settings(portal, oidc_login_claim="email")
    people_actions.create_person(
        portal,
        county.administrator,
        staff_no="B-9",
        login="chen@example.cn",
        name="陈晨",
        unit_id=county.street,
        posts=["grid"],
    )
    claims = {"email": "chen@example.cn"}
    assert refused(portal, claims=claims) == "error.no_account"
    assert refused(portal, claims=claims | {"email_verified": "true"}) == "error.no_account"
    assert enter(portal, claims=claims | {"email_verified": True})


def test_the_session_is_like_any_other(portal, county, clock):
    first = enter(portal)
    second = enter(portal, replaces=first.token)
    assert accounts.person_of(portal, first.token) is None
    people_actions.disable(portal, county.administrator, county.learner.id)
    assert accounts.person_of(portal, second.token) is None
