"""How long a sign-in has to wait after failures: longer and longer, and never for good.

Three counters, each with failures that cost nothing, a delay that doubles, and a longest delay:

- one account from one address: someone who guesses, or has forgotten;
- one account from anywhere: many machines that guess at one account. It does not hold for an
  address from which the person has lately signed in, so nobody can lock a person out of the
  machine that person uses;
- one address on any account: one machine that tries a few passwords on every account. A whole
  office may share an address, so many failures cost nothing.

A failure is forgotten an hour later. What is refused while waiting is not a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Counter:
    """``free`` failures cost nothing; the next costs ``first_s`` seconds, each further the double,
    ``longest_s`` at most."""

    free: int
    first_s: int
    longest_s: int


FORGOTTEN_AFTER = timedelta(hours=1)
KNOWN_ADDRESS_FOR = timedelta(days=30)

ACCOUNT_AND_ADDRESS = Counter(free=5, first_s=2, longest_s=300)
ACCOUNT = Counter(free=20, first_s=1, longest_s=60)
ADDRESS = Counter(free=50, first_s=1, longest_s=60)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed sign-in of the last hour that concerns this account or this address."""

    same_account: bool
    same_address: bool
    at: datetime


def wait_s(failures: Sequence[Failure], now: datetime, *, known_address: bool) -> int:
    """Seconds, rounded up, until the next try is looked at; 0 when it is looked at now."""
    account = [f.at for f in failures if f.same_account]
    address = [f.at for f in failures if f.same_address]
    both = [f.at for f in failures if f.same_account and f.same_address]
    return max(
        _wait_s(ACCOUNT_AND_ADDRESS, both, now),
        0 if known_address else _wait_s(ACCOUNT, account, now),
        _wait_s(ADDRESS, address, now),
    )


def _wait_s(counter: Counter, failed_at: Sequence[datetime], now: datetime) -> int:
    recent = [at for at in failed_at if now - at < FORGOTTEN_AFTER]
    over = len(recent) - counter.free
    if over <= 0:
        return 0
    # the exponent is bounded so that thousands of failures make no huge number
    delay = min(counter.first_s * 2 ** min(over - 1, 20), counter.longest_s)
    left = max(recent) + timedelta(seconds=delay) - now
    return max(0, -(-left // timedelta(seconds=1)))
