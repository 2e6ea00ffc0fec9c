"""How often one address may ask what anybody may ask: a token bucket.

A bucket holds ``burst`` tokens and gets ``per_minute`` a minute; each question takes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` questions at once, ``per_minute`` in the long run."""

    burst: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` were left ``at`` that moment."""

    tokens: float
    at: datetime


def take(rate: Rate, bucket: Bucket | None, now: datetime) -> tuple[Bucket, float]:
    """The bucket after one question, and seconds to wait: 0 when the question is answered.

    A question that has to wait takes nothing. None is an address that has not asked yet.
    """
    tokens = float(rate.burst)
    if bucket is not None:
        passed = max((now - bucket.at).total_seconds(), 0.0)
        tokens = min(tokens, bucket.tokens + passed * rate.per_minute / 60)
    if tokens < 1:
        return Bucket(tokens, now), (1 - tokens) * 60 / rate.per_minute
    return Bucket(tokens - 1, now), 0.0


def counted_as(address: str) -> str:
    """What is counted as one: an IPv4 address, or the /64 of an IPv6 address (one line's)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return parsed.exploded[:19]
    return address
