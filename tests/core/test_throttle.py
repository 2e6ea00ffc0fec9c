"""Waiting after failures: the numbers, and that nobody is locked out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.throttle import Failure, wait_s

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def failures(number: int, *, account: bool, address: bool, ago_s: float = 0) -> list[Failure]:
    return [Failure(account, address, NOW - timedelta(seconds=ago_s))] * number


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(0, 0), (5, 0), (6, 2), (7, 4), (8, 8), (12, 128), (13, 256), (14, 300), (5000, 300)],
)
def test_one_account_from_one_address(number, seconds):
    past = failures(number, account=True, address=True)[:45]  # below the other counters' limits
    past += failures(max(0, number - 45), account=True, address=True)
    assert wait_s(past, NOW, known_address=True) == seconds


@pytest.mark.parametrize(("number", "seconds"), [(20, 0), (21, 1), (22, 2), (27, 60), (9999, 60)])
def test_one_account_from_anywhere(number, seconds):
    past = failures(number, account=True, address=False)
    assert wait_s(past, NOW, known_address=False) == seconds


def test_others_cannot_lock_a_person_out_of_the_usual_machine():
    past = failures(9999, account=True, address=False)
    assert wait_s(past, NOW, known_address=True) == 0


@pytest.mark.parametrize(("number", "seconds"), [(50, 0), (51, 1), (57, 60), (9999, 60)])
def test_one_address_on_many_accounts(number, seconds):
    past = failures(number, account=False, address=True)
    assert wait_s(past, NOW, known_address=True) == seconds


def test_the_wait_runs_out_and_is_rounded_up():
    def left(ago_s: float) -> int:
        past = failures(7, account=True, address=True, ago_s=ago_s)
        return wait_s(past, NOW, known_address=False)

    assert [left(ago) for ago in (0, 0.5, 1, 3.9, 4, 5)] == [4, 4, 3, 1, 0, 0]


def test_failures_are_forgotten_after_an_hour():
    past = failures(40, account=True, address=True, ago_s=3600)
    assert wait_s(past, NOW, known_address=False) == 0
    # old ones do not make new ones dearer
    past += failures(5, account=True, address=True)
    assert wait_s(past, NOW, known_address=False) == 0
