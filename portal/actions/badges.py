"""A person's badges: awarded when due, shown to the person alone, taken away as a signed file."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.actions import evidence, permission
from portal.actions.errors import NotAllowed
from portal.actions.files import File
from portal.actions.leave import calendar_of
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.badges import (
    CONTEXT,
    STEADY_WEEKS,
    Badge,
    Issuer,
    Point,
    claims,
    credential,
    growth,
    retests,
    steady,
)
from portal.core.capability import CAPABILITIES
from portal.core.capability_log import BLANK, Profile, apply
from portal.core.people import Person
from portal.core.streak import day_of, steady_weeks
from portal.exchange import badge_files, badge_keys, badge_proofs
from portal.store import badges, practice
from portal.store import evidence as evidence_log
from portal.store.badges import Award
from portal.store.database import Connection

ISSUER_PATH = "/account/badges/issuer.json"
KEYS_PATH = "/account/badges/keys.json"
KEY_PATH = "/account/badges/keys/"
_NAME = "治理学堂 / Governance Academy"


@dataclass(frozen=True, slots=True)
class BadgesView:
    """``weeks`` is the longest row of steady weeks so far, ``next_weeks`` the next that counts."""

    badges: tuple[Award, ...]
    weeks: int
    next_weeks: int | None


def look(portal: Portal, actor: Person) -> BadgesView:
    """The person's badges, those that are due included. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        due = list(_due(conn, portal, actor.id))
        weeks = _weeks(conn, portal, actor.id)
    if due:
        with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
            for code, facts in due:
                salt = secrets.token_urlsafe(16)
                award = Award(str(uuid.uuid4()), actor.id, code, facts, salt, portal.now())
                badges.add(conn, award)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = badges.of_person(conn, actor.id)
    ahead = [n for n in STEADY_WEEKS if n > weeks]
    return BadgesView(tuple(found), weeks, ahead[0] if ahead else None)


def file_of(portal: Portal, actor: Person, badge_id: str, form: str = "json") -> File:
    """One of the person's own badges as a signed file: ``json`` with its proof, or ``jwt``. Raises
    NotAllowed for any other."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        mine = {award.uuid: award for award in badges.of_person(conn, actor.id)}
    award = mine.get(badge_id)
    if award is None:
        raise NotAllowed
    folder = portal.settings.data_dir
    key = badge_keys.signing_key(folder)
    badge, name = _badge(portal, award), award.code.replace("/", "-")
    if form != "jwt":
        issuer = Issuer(badge_proofs.did_key(key), _NAME, portal.settings.base_url or "")
        document = credential(badge, actor.staff_no, issuer)
        made = badge_files.secured(document, key, award.awarded_at)
        return File(f"{name}.json", badge_files.JSON_MEDIA_TYPE, made.encode())
    issuer = Issuer(_issuer_id(portal, badge_keys.key_id(key)), _NAME)
    document = credential(badge, actor.staff_no, issuer)
    token = badge_files.sign(claims(document, award.awarded_at), key, _key_address(portal))
    return File(f"{name}.jwt", badge_files.MEDIA_TYPE, token.encode())


def issuer_document(portal: Portal) -> dict[str, Any]:
    """The public profile of the issuer (Open Badges 3.0 ``Profile``)."""
    keys = badge_keys.public_keys(portal.settings.data_dir)["keys"]
    return {
        "@context": list(CONTEXT),
        "id": _issuer_id(portal, keys[0]["kid"] if keys else ""),
        "type": ["Profile"],
        "name": _NAME,
    }


def public_keys(portal: Portal) -> dict[str, Any]:
    """The keys that badges are verified with, as a JWK Set."""
    return badge_keys.public_keys(portal.settings.data_dir)


# Private functions


def _due(conn: Connection, portal: Portal, person_id: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Badges that are earned and not awarded yet: code and facts."""
    had = badges.codes(conn, person_id)
    earned: dict[str, dict[str, str]] = {}
    for code in steady(_weeks(conn, portal, person_id)):
        earned[code] = {"kind": "steady", "weeks": code.partition("-")[2]}
    for key, points in _points(conn, person_id).items():
        for n, _ in enumerate(growth(points), 1):
            earned[f"growth-{key}-{n}"] = {"kind": "growth", "capability": key, "step": str(n)}
    for drill_id in retests(badges.drill_runs(conn, person_id)):
        earned[f"drill-{drill_id}"] = {"kind": "drill", "drill": drill_id}
    return ((code, facts) for code, facts in earned.items() if code not in had)


def _weeks(conn: Connection, portal: Portal, person_id: int) -> int:
    today = day_of(portal.now(), portal.settings.tz)
    days = practice.days(conn, person_id)
    return steady_weeks(days, today, calendar_of(conn, portal, person_id))


def _points(conn: Connection, person_id: int) -> dict[str, list[Point]]:
    """What was known of each capability after every counted answer in it, and is known now."""
    points: dict[str, list[Point]] = {key: [] for key in CAPABILITIES}
    profile = BLANK
    for row in evidence_log.of_person(conn, person_id):
        event = evidence.event_of(row)
        profile = apply(profile, event)
        points[CAPABILITIES[event.k]].append(_point(profile, event.k))
    if profile.at is not None:
        for k, key in enumerate(CAPABILITIES):
            points[key].append(_point(profile, k))
    return points


def _point(profile: Profile, k: int) -> Point:
    assert profile.at is not None
    state = profile.state
    return Point(profile.at, state.mean[k], state.cov[k][k], profile.answers[k])


def _badge(portal: Portal, award: Award) -> Badge:
    names, criteria = words(portal, award)
    return Badge(award.uuid, award.code, names, criteria, award.awarded_at, award.salt)


def words(portal: Portal, award: Award) -> tuple[tuple[str, str], tuple[str, str]]:
    """Name and criteria of an award, each in Chinese and English."""
    facts = award.facts
    catalogue = portal.library.catalogue
    match facts["kind"]:
        case "steady":
            n = facts["weeks"]
            return (f"稳步练习 {n} 周", f"{n} steady weeks"), (
                f"连续 {n} 周，每周至少三天完成每日练习；假期和休假不计。",
                f"Daily practice on three days or more in each of {n} weeks in a row, leave apart.",
            )
        case "growth":
            named = {one.key: one.name for one in catalogue.capabilities.capabilities}
            name = named.get(facts["capability"])
            zh, en = (name.zh, name.in_("en")) if name else (facts["capability"],) * 2
            return (f"{zh}：明显进步", f"{en}: clear growth"), (
                f"“{zh}”的 80% 区间整体高于以前的区间，第 {facts['step']} 次。",
                f"The 80 % band of “{en}” rose wholly above an earlier one, step {facts['step']}.",
            )
        case _:
            drill = catalogue.drills.get(facts["drill"])
            zh = drill.title.zh if drill else facts["drill"]
            en = drill.title.in_("en") if drill else facts["drill"]
            return (f"演练复测通过：{zh}", f"Drill retest passed: {en}"), (
                "第一次没有达标，再练后达标。",
                "Passed after an earlier run that was not passed.",
            )


def _issuer_id(portal: Portal, kid: str) -> str:
    base = portal.settings.base_url
    # RFC 9278: a key can name itself
    return f"{base}{ISSUER_PATH}" if base else f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{kid}"


def _key_address(portal: Portal) -> str:
    base = portal.settings.base_url
    return f"{base}{KEY_PATH}" if base else ""
