from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from portal.core.badges import (
    Badge,
    Issuer,
    Point,
    claims,
    credential,
    growth,
    identity_hash,
    retests,
    steady,
)

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
BADGE = Badge(
    "0b5c6c1e-5a0e-4c38-9a52-3f3f8f1c7d11",
    "steady-4",
    ("稳步", "Steady"),
    ("每周", "Each"),
    AT,
    "salt",
)
ISSUER = Issuer("https://academy.example/account/badges/issuer.json", "治理学堂")


def point(day: int, mean: float, variance: float = 0.01, answers: int = 9) -> Point:
    return Point(AT + timedelta(days=day), mean, variance, answers)


def test_steady_weeks_earn_every_step_up_to_theirs() -> None:
    assert steady(3) == []
    assert steady(4) == ["steady-4"]
    assert steady(30) == ["steady-4", "steady-12", "steady-26"]


def test_growth_is_clear_of_the_earlier_band_and_counts_on_from_there() -> None:
    assert growth([point(0, 0.0), point(1, 0.25)]) == [], "the bands overlap"
    steps = growth([point(0, 0.0), point(1, 0.26), point(2, 0.4), point(3, 0.55)])
    assert steps == [AT + timedelta(days=1), AT + timedelta(days=3)]
    assert growth([point(0, 0.5), point(1, 0.0), point(2, 0.5)]) == [], "a dip is no start"
    assert growth([point(0, -2, answers=4), point(1, 0.0), point(2, 0.1)]) == [], "too few answers"
    assert growth([]) == []


def test_a_retest_is_a_pass_after_a_failure_and_counts_once() -> None:
    runs = [("gas", True), ("gas", False), ("gas", True), ("gas", False), ("gas", True)]
    assert retests([*runs, ("flood", False)]) == ["gas"]
    assert retests([("gas", True), ("gas", True)]) == []


def test_the_credential_has_what_open_badges_asks_for_and_names_nobody() -> None:
    document = credential(BADGE, "Q12345", ISSUER)
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["validFrom"] == "2026-11-26T02:00:00.000Z"
    achievement = document["credentialSubject"]["achievement"]
    assert achievement["type"] == ["Achievement"] and achievement["criteria"]["narrative"]
    assert "Q12345" not in json.dumps(document)
    [identity] = document["credentialSubject"]["identifier"]
    assert identity["identityHash"] == identity_hash("Q12345", "salt")
    other = credential(BADGE, "Q99999", ISSUER)["credentialSubject"]
    assert other["achievement"]["id"] == achievement["id"]
    assert other["id"] != document["credentialSubject"]["id"]


def test_the_claims_repeat_the_credential() -> None:
    document = credential(BADGE, "Q12345", ISSUER)
    found = claims(document, AT)
    assert found["iss"] == ISSUER.id and found["jti"] == f"urn:uuid:{BADGE.uuid}"
    assert found["sub"] == document["credentialSubject"]["id"]
    assert found["nbf"] == int(AT.timestamp())
