"""A small town for browser tests: two streets of six people each, made by the portal's actions."""

from __future__ import annotations

from pathlib import Path

from portal import settings as portal_settings
from portal.actions import accounts, people
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.core.people import Person

PASSWORD = "Lantian-7384"
ADDRESS = "127.0.0.1"


def build(data: Path, content: Path) -> dict[str, int]:
    """Fill ``data`` and return ids by name: units ``street_a``, ``street_b``, and every login.

    Logins: ``admin``, ``trainer``, ``boss_a`` and ``boss_b`` (managers of a street each), ``lin``
    and ``wu`` (grid workers of street A and B), four more people in each street, ``chief``
    (manages the county) and ``auditor``.
    """
    given = {"data_dir": str(data), "content_dir": str(content)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        return _fill(portal)
    finally:
        portal.db.close()


def _fill(portal: Portal) -> dict[str, int]:
    token = accounts.setup_link(portal)
    assert token is not None
    admin = accounts.set_up(portal, token, "admin", "管理员", PASSWORD, ADDRESS, "tests").person
    ids = {"admin": admin.id}
    city = people.create_unit(portal, admin, None, "city", "云岭市", "Yunling City")
    county = people.create_unit(portal, admin, city, "county", "清河县", "Qinghe County")
    for key, name in (("a", "望江街道"), ("b", "槐荫街道")):
        street = people.create_unit(portal, admin, county, "street", name)
        ids[f"street_{key}"] = street
        for n, (login, post) in enumerate(_people(key)):
            ids[login] = _person(portal, admin, login, f"测试{key.upper()}{n}", street, post)
        people.grant_role(portal, admin, ids[f"boss_{key}"], "manager", street)
    people.grant_role(portal, admin, ids["trainer"], "trainer")
    # works in the city and manages the county: belongs to none of the units that are compared
    ids["chief"] = _person(portal, admin, "chief", "测试长", city, "street")
    people.grant_role(portal, admin, ids["chief"], "manager", county)
    ids["auditor"] = _person(portal, admin, "auditor", "测试审", city, "street")
    people.grant_role(portal, admin, ids["auditor"], "auditor")
    ids["county"] = county
    return ids


def _people(key: str) -> list[tuple[str, str]]:
    first = [("lin", "grid"), ("trainer", "street")] if key == "a" else [("wu", "grid")]
    rest = [(f"staff_{key}{n}", "community") for n in range(4)]
    return [(f"boss_{key}", "street"), *first, *rest]


def _person(portal: Portal, admin: Person, login: str, name: str, unit: int, post: str) -> int:
    made = people.create_person(
        portal, admin, staff_no=login, login=login, name=name, unit_id=unit, posts=[post]
    )
    if not login.startswith("staff_"):
        signed_in = accounts.sign_in(portal, login, made.initial_password, ADDRESS, "tests")
        initial = made.initial_password
        accounts.change_password(portal, signed_in.person, signed_in.token, initial, PASSWORD)
    return made.person_id
