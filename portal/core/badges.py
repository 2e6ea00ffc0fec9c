"""Badges: what they are given for, and how one is written down as an Open Badge 3.0.

Recognition is for growth and steadiness, never for standing above others:

- **steady-N**: N steady weeks in a row (``core.streak.steady_weeks``), N = 4, 12, 26, 52.
- **growth-<capability>-N**: the capability has clearly grown for the N-th time: the 80 % band of
  now lies wholly above the band of an earlier time, both with answers enough. The next step
  counts from there.
- **drill-<drill>**: a drill passed that an earlier run did not pass.

The credential follows Open Badges 3.0 (1EdTech, 2024) over Verifiable Credentials 2.0 (W3C, 2025).
It names nobody: the recipient is the salted hash of the staff number.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import sqrt
from typing import Any, NamedTuple
from uuid import UUID

from portal.core.capability_log import ENOUGH_ANSWERS
from portal.core.capability_scale import Z80
from portal.core.times import iso

STEADY_WEEKS = (4, 12, 26, 52)
CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_DISC = '<circle cx="48" cy="48" r="18" fill="#FBFAF7"/>'
_SHAPES = {
    "steady": '<path d="M48 26 70 48 48 70 26 48Z" fill="#FBFAF7"/>',
    "growth": '<path d="M48 27 69 64 27 64Z" fill="#FBFAF7"/>',
}
TYPES = ("VerifiableCredential", "OpenBadgeCredential")


class Point(NamedTuple):
    """What was known of one capability at a time; ``answers`` counts direct ones until then."""

    at: datetime
    mean: float
    variance: float
    answers: int


@dataclass(frozen=True, slots=True)
class Badge:
    """One award. ``names`` and ``criteria`` are (Chinese, English)."""

    uuid: str
    code: str
    names: tuple[str, str]
    criteria: tuple[str, str]
    awarded_at: datetime
    salt: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who vouches: an address of the portal, or a name of its key."""

    id: str
    name: str
    url: str = ""  # of the portal, "" where it has none


def steady(weeks: int) -> list[str]:
    """Codes of the badges that ``weeks`` steady weeks in a row have earned."""
    return [f"steady-{n}" for n in STEADY_WEEKS if weeks >= n]


def growth(points: Sequence[Point]) -> list[datetime]:
    """When a capability had clearly grown, once a step; ``points`` in the order of time."""
    base: Point | None = None
    steps: list[datetime] = []
    for point in points:
        if point.answers < ENOUGH_ANSWERS:
            continue
        if base is None:
            base = point
        elif _low(point) > _high(base):
            steps.append(point.at)
            base = point
    return steps


def retests(runs: Iterable[tuple[str, bool]]) -> list[str]:
    """Drills passed after a run that was not; ``runs`` are (drill id, passed) in order of time."""
    failed: set[str] = set()
    found: list[str] = []
    for drill_id, passed in runs:
        if not passed:
            failed.add(drill_id)
        elif drill_id in failed and drill_id not in found:
            found.append(drill_id)
    return found


def identity_hash(staff_no: str, salt: str) -> str:
    """The recipient as Open Badges writes a hashed identity: ``sha256$`` and hex of text + salt."""
    return "sha256$" + sha256(f"{staff_no}{salt}".encode()).hexdigest()


def credential(badge: Badge, staff_no: str, issuer: Issuer) -> dict[str, Any]:
    """The badge as an ``OpenBadgeCredential``."""
    hashed = identity_hash(staff_no, badge.salt)
    subject = UUID(hashed.removeprefix("sha256$")[:32], version=4)
    return {
        "@context": list(CONTEXT),
        "id": f"urn:uuid:{badge.uuid}",
        "type": list(TYPES),
        "issuer": {
            "id": issuer.id,
            "type": ["Profile"],
            "name": issuer.name,
            **({"url": issuer.url} if issuer.url else {}),
        },
        "validFrom": iso(badge.awarded_at),
        "name": " / ".join(badge.names),
        "credentialSubject": {
            "id": f"urn:uuid:{subject}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": hashed,
                    "identityType": "systemId",
                    "salt": badge.salt,
                }
            ],
            "achievement": {
                "id": f"urn:uuid:{_uuid_of(issuer.id, badge.code)}",
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": " / ".join(badge.names),
                "description": " / ".join(badge.criteria),
                "criteria": {"narrative": "\n\n".join(badge.criteria)},
                "image": {"id": _image(badge.code), "type": "Image"},
            },
        },
    }


def claims(document: dict[str, Any], valid_from: datetime) -> dict[str, Any]:
    """The credential as the payload of a JWT (Open Badges 3.0, 8.2: JSON Web Token proof)."""
    return {
        **document,
        "iss": document["issuer"]["id"],
        "sub": document["credentialSubject"]["id"],
        "jti": document["id"],
        "nbf": int(valid_from.timestamp()),
    }


# Private functions


def _low(point: Point) -> float:
    return point.mean - Z80 * sqrt(point.variance)


def _high(point: Point) -> float:
    return point.mean + Z80 * sqrt(point.variance)


def _image(code: str) -> str:
    """A medal as a data URI, by kind: a rhomb for steadiness, a triangle for growth, a disc."""
    shape = _SHAPES.get(code.partition("-")[0], _DISC)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">'
        '<circle cx="48" cy="48" r="44" fill="#1D4E89"/>'
        '<circle cx="48" cy="48" r="37" fill="none" stroke="#FBFAF7" stroke-width="2"/>'
        f"{shape}</svg>"
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _uuid_of(issuer: str, code: str) -> UUID:
    """The same achievement of the same issuer has the same id for everybody."""
    return UUID(sha256(f"{issuer} {code}".encode()).hexdigest()[:32], version=4)
