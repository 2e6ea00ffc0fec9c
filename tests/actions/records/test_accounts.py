"""Signing in, sessions, the throttle, passwords."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

import pytest
from argon2 import PasswordHasher, extract_parameters

from portal.actions import accounts, hashing
from portal.actions import people as people_actions
from portal.actions.accounts import WeakPassword
from portal.actions.errors import NotAllowed, Refused
from tests.actions.records.conftest import ADDRESS, BROWSER, GOOD

ELSEWHERE = "203.0.113.9"


def sign_in(portal, login="admin.zhou", password=GOOD, address=ADDRESS, **more):
    return accounts.sign_in(portal, login, password, address, BROWSER, **more)


def refused(action, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        action(*args, **kwargs)
    return caught.value


@pytest.fixture
def verifications(monkeypatch):
    """Every password check: a list of the hashes that a password was checked against."""
    seen = []
    verify = PasswordHasher.verify

    def counting(self, hash_, password):
        seen.append(hash_)
        return verify(self, hash_, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    return seen


# signing in


def test_signing_in_and_out(portal, administrator, log):
    signed_in = sign_in(portal, " Admin.Zhou ")
    assert not signed_in.must_change
    assert signed_in.person == accounts.person_of(portal, signed_in.token)
    assert signed_in.person.name == "周岚"
    assert signed_in.person.role_names == {"staff", "administrator"}
    assert signed_in.person.address == ADDRESS
    accounts.sign_out(portal, signed_in.token)
    assert accounts.person_of(portal, signed_in.token) is None
    accounts.sign_out(portal, signed_in.token)  # twice is fine
    assert [entry["action"] for entry in log()] == ["set_up", "sign_in", "sign_in", "sign_out"]
    assert {entry["address"] for entry in log()} == {ADDRESS}


def test_the_database_holds_no_token_and_no_password(portal, administrator):
    signed_in = sign_in(portal)
    refused(sign_in, portal, password="Wrong-4821-river")
    refused(sign_in, portal, login="Oops-4821-secret", password="x")
    portal.db.close()
    with closing(sqlite3.connect(portal.db.path)) as raw:
        dump = "\n".join(raw.iterdump())
    for secret in (signed_in.token, GOOD, "Wrong-4821-river", "oops-4821-secret"):
        assert secret not in dump
    assert "$argon2id$" in dump


def test_every_sign_in_has_a_new_token_and_may_replace_the_old_session(portal, administrator):
    first = sign_in(portal)
    second = sign_in(portal)
    assert accounts.person_of(portal, first.token)
    third = sign_in(portal, replaces=first.token)
    assert accounts.person_of(portal, first.token) is None
    assert accounts.person_of(portal, second.token)
    assert len({first.token, second.token, third.token}) == 3
    assert len(first.token) == 43


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "é\x00\ud800"])
def test_a_token_that_nobody_was_given(portal, administrator, token):
    assert accounts.person_of(portal, token) is None
    accounts.sign_out(portal, token)


def test_wrong_unknown_and_disabled_are_told_apart_by_nobody(portal, county, verifications, log):
    people_actions.disable(portal, county.administrator, county.stranger.id)
    outcomes = []
    for login, password in (
        ("li.min", "Wrong-4821-river"),
        ("nobody.here", "Wrong-4821-river"),
        ("zhao.jing", county.passwords[county.stranger.id]),
        ("zhao.jing", "Wrong-4821-river"),
        ("", ""),
    ):
        verifications.clear()
        error = refused(sign_in, portal, login, password)
        outcomes.append((error.key, error.args_by_name, len(verifications)))
    assert outcomes == [("error.sign_in", {}, 1)] * 5
    targets = [entry["target"] for entry in log("sign_in_refused")]
    assert targets == ["person:2", "", "person:4", "person:4", ""]
    assert {entry["actor_id"] for entry in log("sign_in_refused")} == {None}


def test_a_sign_in_that_succeeds_costs_one_verification_too(portal, administrator, verifications):
    sign_in(portal)
    assert len(verifications) == 1


def test_hashes_are_argon2id_with_owasp_parameters(monkeypatch):
    monkeypatch.undo()
    for made in (hashing.NOBODY, hashing.hash_password("x")):
        found = extract_parameters(made)
        assert made.startswith("$argon2id$")
        assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)


def test_a_hash_of_other_days_is_made_anew(portal, administrator, monkeypatch):
    def stored():
        with portal.db.read() as c:
            return c.all("SELECT password_hash FROM people") + c.all(
                "SELECT password_hash FROM password_history"
            )

    before = stored()
    monkeypatch.setattr(hashing, "HASHER", PasswordHasher(1, 16, 1))
    sign_in(portal)
    after = stored()
    assert before != after
    assert all("m=16," in row["password_hash"] for row in after)
    sign_in(portal)
    assert stored() == after


# throttle


def fail(portal, times, login="admin.zhou", address=ADDRESS):
    for _ in range(times):
        assert refused(sign_in, portal, login, "Wrong-4821-river", address).key == "error.sign_in"


def test_five_failures_are_free_then_waiting_grows(portal, administrator, clock, verifications):
    fail(portal, 6)
    for seconds in (2, 4, 8):
        verifications.clear()
        error = refused(sign_in, portal)  # even with the right password
        assert (error.key, error.args_by_name) == ("error.too_many_attempts", {"seconds": seconds})
        assert verifications == []  # and nothing is learnt about it
        clock.go_on(seconds=seconds)
        fail(portal, 1)


def test_waiting_is_the_same_for_unknown_logins(portal, administrator):
    fail(portal, 6, login="nobody.here")
    assert refused(sign_in, portal, "nobody.here").args_by_name == {"seconds": 2}


def test_nobody_is_locked_out_for_good(portal, administrator, clock):
    fail(portal, 6)
    for _ in range(30):
        clock.go_on(seconds=300)
        fail(portal, 1)
    clock.go_on(seconds=300)
    assert sign_in(portal).person.login == "admin.zhou"


def test_the_usual_address_is_not_hindered_by_guessers_elsewhere(portal, administrator, clock):
    for machine in range(21):
        fail(portal, 1, address=f"203.0.113.{100 + machine}")
    assert refused(sign_in, portal, address=ELSEWHERE).key == "error.too_many_attempts"
    assert sign_in(portal, address=ADDRESS)
    # the guessers' failures are not forgotten because the owner came in
    assert refused(sign_in, portal, address=ELSEWHERE).key == "error.too_many_attempts"


def test_one_address_that_tries_many_accounts_has_to_wait(portal, administrator):
    for number in range(51):
        fail(portal, 1, login=f"person{number}", address=ELSEWHERE)
    assert refused(sign_in, portal, "person99", address=ELSEWHERE).key == "error.too_many_attempts"
    assert sign_in(portal)


def test_success_forgets_the_failures_of_this_account_here(portal, administrator):
    for _ in range(4):
        fail(portal, 4)
        sign_in(portal)


def test_a_hundred_requests_at_once_are_counted_like_one_after_the_other(
    portal, administrator, verifications
):
    def attempt(_):
        return refused(sign_in, portal, password="Wrong-4821-river").key

    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(attempt, range(100)))
    assert len(verifications) == 6
    assert keys.count("error.too_many_attempts") == 94


# how long a session lasts


def test_an_idle_session_ends(portal, administrator, clock):
    token = sign_in(portal).token
    for _ in range(3):
        clock.go_on(minutes=119)
        assert accounts.person_of(portal, token)
        portal.db.settle()
    clock.go_on(minutes=120)
    assert accounts.person_of(portal, token) is None


def test_a_busy_session_ends_after_twelve_hours(portal, administrator, clock):
    token = sign_in(portal).token
    for _ in range(11):
        clock.go_on(hours=1)
        assert accounts.person_of(portal, token)
        portal.db.settle()
    clock.go_on(hours=1)
    assert accounts.person_of(portal, token) is None


def test_the_settings_say_how_long(portal, administrator, clock, set_settings):
    portal = set_settings(portal, idle_minutes=10, absolute_hours=1)
    token = sign_in(portal).token
    for _ in range(6):
        clock.go_on(minutes=9)
        assert accounts.person_of(portal, token)
        portal.db.settle()
    clock.go_on(minutes=9)
    assert accounts.person_of(portal, token) is None


def test_being_seen_is_written_at_most_once_a_minute_and_moves_no_revision(
    portal, administrator, clock
):
    token = sign_in(portal).token
    revision = portal.db.revision()

    def seen():
        portal.db.settle()
        return accounts.list_sessions(portal, administrator, token=token)[0].seen_at

    first = seen()
    clock.go_on(seconds=59)
    accounts.person_of(portal, token)
    assert seen() == first
    clock.go_on(seconds=2)
    accounts.person_of(portal, token)
    assert seen() == "2026-11-22T06:04:08.250Z"
    assert portal.db.revision() == revision


def test_expired_sessions_and_old_failures_are_swept_out_on_sign_in(portal, administrator, clock):
    sign_in(portal)
    fail(portal, 3)
    clock.go_on(hours=13)
    sign_in(portal)
    with portal.db.read() as c:
        assert c.value("SELECT COUNT(*) FROM sessions") == 1
        assert c.value("SELECT COUNT(*) FROM sign_in_failures") == 0


# what ends sessions, and what holds at once


def test_a_disabled_account_is_out_at_once(portal, county):
    token = sign_in(portal, "li.min", county.passwords[county.learner.id]).token
    assert accounts.person_of(portal, token)
    people_actions.disable(portal, county.administrator, county.learner.id)
    assert accounts.person_of(portal, token) is None
    people_actions.enable(portal, county.administrator, county.learner.id)
    assert accounts.person_of(portal, token) is None  # the session is gone, not asleep
    assert sign_in(portal, "li.min", county.passwords[county.learner.id])


def test_a_disabled_person_is_nobody_even_with_a_session(portal, administrator):
    token = sign_in(portal).token
    with portal.db.write() as c:
        c.run("UPDATE people SET disabled_at = '2026-11-22T06:00:00.000Z'")
    assert accounts.person_of(portal, token) is None


def test_a_changed_role_holds_with_the_next_look(portal, county):
    token = sign_in(portal, "wang.gang", county.passwords[county.manager.id]).token
    assert accounts.person_of(portal, token).managed_paths == (
        f"/{county.county}/{county.street}/",
    )
    people_actions.revoke_role(
        portal, county.administrator, county.manager.id, "manager", county.street
    )
    assert accounts.person_of(portal, token).role_names == {"staff"}
    people_actions.grant_role(portal, county.administrator, county.manager.id, "trainer")
    assert accounts.person_of(portal, token).role_names == {"staff", "trainer"}


def test_sign_out_everywhere(portal, county):
    password = county.passwords[county.learner.id]
    tokens = [sign_in(portal, "li.min", password).token for _ in range(3)]
    other = sign_in(portal).token
    assert (
        accounts.sign_out_everywhere(portal, county.learner, county.learner.id, keep=tokens[0]) == 2
    )
    assert [bool(accounts.person_of(portal, token)) for token in tokens] == [True, False, False]
    assert accounts.sign_out_everywhere(portal, county.administrator, county.learner.id) == 1
    assert accounts.person_of(portal, tokens[0]) is None
    assert accounts.person_of(portal, other)
    with pytest.raises(NotAllowed):
        accounts.sign_out_everywhere(portal, county.stranger, county.learner.id)


def test_listing_sessions(portal, county, clock):
    password = county.passwords[county.learner.id]
    phone = sign_in(portal, "li.min", password)
    clock.go_on(minutes=5)
    sign_in(portal, "li.min", password, address=ELSEWHERE)
    views = accounts.list_sessions(portal, county.learner, token=phone.token)
    assert [(view.address, view.current) for view in views] == [(ELSEWHERE, False), (ADDRESS, True)]
    assert views[1].user_agent == BROWSER
    assert accounts.list_sessions(portal, county.administrator, county.learner.id)
    with pytest.raises(NotAllowed):
        accounts.list_sessions(portal, county.manager, county.learner.id)
    clock.go_on(hours=3)
    assert accounts.list_sessions(portal, county.learner) == []


# passwords


def test_the_initial_password_must_be_changed_and_nothing_else_works(portal, county, clock):
    initial = county.passwords[county.learner.id]
    signed_in = sign_in(portal, "li.min", initial)
    assert signed_in.must_change
    with pytest.raises(NotAllowed):
        accounts.list_sessions(portal, signed_in.person)
    accounts.change_password(portal, signed_in.person, signed_in.token, initial, GOOD)
    person = accounts.person_of(portal, signed_in.token)
    assert person and not person.must_change
    assert refused(sign_in, portal, "li.min", initial).key == "error.sign_in"
    clock.go_on(hours=73)  # a password of one's own does not run out with the initial one
    assert not sign_in(portal, "li.min", GOOD).must_change


def test_an_initial_password_is_good_for_72_hours(portal, county, clock, verifications):
    initial = county.passwords[county.learner.id]
    clock.go_on(hours=71)
    assert sign_in(portal, "li.min", initial)
    clock.go_on(hours=2)
    assert refused(sign_in, portal, "li.min", initial).key == "error.initial_password_expired"
    # only who knows it hears that
    assert refused(sign_in, portal, "li.min", "Wrong-4821-river").key == "error.sign_in"


def test_changing_the_password_ends_the_other_sessions(portal, administrator, log):
    here, there = sign_in(portal), sign_in(portal)
    accounts.change_password(portal, here.person, here.token, GOOD, "Copper-77-lamp")
    assert accounts.person_of(portal, here.token)
    assert accounts.person_of(portal, there.token) is None
    assert sign_in(portal, password="Copper-77-lamp")
    [entry] = log("change_password")
    assert entry["detail"] == '{"sessions": 2}'  # the one of the set-up as well


def test_changing_needs_the_old_password_and_is_throttled(portal, administrator, log):
    here = sign_in(portal)

    def change():
        accounts.change_password(portal, here.person, here.token, "Wrong-4821", "Copper-77-lamp")

    for _ in range(6):
        assert refused(change).key == "error.wrong_password"
    assert refused(change).key == "error.too_many_attempts"
    assert len(log("password_change_refused")) == 6


def test_a_weak_password_is_refused_with_every_reason(portal, administrator):
    here = sign_in(portal)
    with pytest.raises(WeakPassword) as caught:
        accounts.change_password(portal, here.person, here.token, GOOD, "abc")
    assert caught.value.keys == ("error.password_short", "error.password_classes")
    assert caught.value.args_by_name == {
        "minimum": 8, "maximum": 128, "classes": 3, "remembered": 5,
    }  # fmt: skip
    assert sign_in(portal)  # nothing was changed


def test_the_last_five_passwords_are_not_taken_again(portal, administrator):
    here = sign_in(portal)
    past = [GOOD, *(f"Copper-{number}7-lamp" for number in range(5))]
    for old, new in pairwise(past):
        accounts.change_password(portal, here.person, here.token, old, new)
    for used in past[1:]:
        error = refused(accounts.change_password, portal, here.person, here.token, past[-1], used)
        assert error.key == "error.password_used_before"
    accounts.change_password(portal, here.person, here.token, past[-1], GOOD)  # the sixth is free


def test_djbh2_asks_for_a_new_password_after_ninety_days(
    portal, administrator, clock, set_settings
):
    clock.go_on(days=89)
    assert not sign_in(portal).must_change
    clock.go_on(days=2)
    assert not sign_in(set_settings(portal, password_profile="asvs")).must_change
    late = sign_in(portal)
    assert late.must_change
    assert accounts.person_of(portal, late.token).must_change
    accounts.change_password(portal, late.person, late.token, GOOD, "Copper-77-lamp")
    assert not accounts.person_of(portal, late.token).must_change


def test_a_password_that_comes_of_age_waits_for_the_next_sign_in(portal, administrator, clock):
    clock.go_on(days=89, hours=23, minutes=30)
    here = sign_in(portal)
    clock.go_on(hours=1)  # in the middle of an exam
    assert not accounts.person_of(portal, here.token).must_change
    assert sign_in(portal).must_change


def test_asvs_takes_a_phrase_and_no_short_password(portal, administrator, set_settings):
    portal = set_settings(portal, password_profile="asvs")
    here = sign_in(portal)
    with pytest.raises(WeakPassword) as caught:
        accounts.change_password(portal, here.person, here.token, GOOD, "Cr-77-lamp")
    assert caught.value.keys == ("error.password_short",)
    accounts.change_password(portal, here.person, here.token, GOOD, "lantern copper seventeen")


def test_a_reset_gives_an_initial_password_and_ends_sessions(portal, county, log):
    token = sign_in(portal, "li.min", county.passwords[county.learner.id]).token
    initial = people_actions.reset_password(portal, county.administrator, county.learner.id)
    assert accounts.person_of(portal, token) is None
    assert sign_in(portal, "li.min", initial).must_change
    assert initial not in str(log())


def test_two_changes_at_once_one_wins(portal, administrator):
    here = sign_in(portal)

    def change(new):
        try:
            accounts.change_password(portal, here.person, here.token, GOOD, new)
        except Refused as error:
            return error.key
        return new

    with ThreadPoolExecutor(2) as threads:
        done = set(threads.map(change, ["Copper-77-lamp", "Walnut-91-door"]))
    assert "error.wrong_password" in done
    [won] = done - {"error.wrong_password"}
    assert sign_in(portal, password=won)
