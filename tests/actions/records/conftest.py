"""A small county at work: real database, real actions, a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher

from portal.actions import accounts, hashing
from portal.actions import people as people_actions
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual, CapabilityModel, Post
from portal.core.catalogue import Catalogue
from portal.core.people import Person
from portal.settings import Settings
from portal.store import people as people_store
from portal.store.database import Database, migrate

GOOD = "Lm-4821-river"
ADDRESS = "10.0.0.7"
BROWSER = "Mozilla/5.0 (Linux; Android 14)"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 6, 3, 7, 250_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class County:
    """Units by their ids, and who is there. Both streets lie in the county."""

    county: int
    street: int
    community: int  # in street
    other_street: int
    administrator: Person
    learner: Person  # in community
    manager: Person  # of street, works there
    stranger: Person  # in other_street
    passwords: dict[int, str]  # initial passwords by person


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The real algorithm with the least memory: tests sign in hundreds of times."""
    monkeypatch.setattr(hashing, "HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def portal(tmp_path, clock):
    migrate(tmp_path / "portal.db")
    db = Database(tmp_path / "portal.db")
    posts = tuple(Post(key, Bilingual(key), {}) for key in ("grid", "mediator"))
    library = SimpleNamespace(catalogue=Catalogue("f", capabilities=CapabilityModel(posts=posts)))
    yield Portal(db, library, clock, Settings(data_dir=tmp_path))
    db.close()


@pytest.fixture
def set_settings():
    """The same portal with other settings: ``set_settings(portal, password_profile="asvs")``."""
    return lambda portal, **changes: replace(portal, settings=replace(portal.settings, **changes))


@pytest.fixture
def administrator(portal):
    token = accounts.setup_link(portal)
    return accounts.set_up(portal, token, "admin.zhou", "周岚", GOOD, ADDRESS, BROWSER).person


@pytest.fixture
def county(portal, administrator):
    def unit(parent, kind, name):
        return people_actions.create_unit(portal, administrator, parent, kind, name)

    county = unit(None, "county", "滨江区")
    street, other_street = unit(county, "street", "长河街道"), unit(county, "street", "西兴街道")
    community = unit(street, "community", "江一社区")
    passwords = {}

    def person(number, login, name, unit_id):
        made = people_actions.create_person(
            portal,
            administrator,
            staff_no=number,
            login=login,
            name=name,
            unit_id=unit_id,
            posts=["grid"],
        )
        passwords[made.person_id] = made.initial_password
        return made.person_id

    learner = person("B-0001", "li.min", "李敏", community)
    manager = person("B-0002", "wang.gang", "王刚", street)
    stranger = person("B-0003", "zhao.jing", "赵静", other_street)
    people_actions.grant_role(portal, administrator, manager, "manager", street)

    def now(person_id):
        with portal.db.read() as c:
            found = people_store.find_person(c, person_id)
        # as after the first sign-in; the tests of the first sign-in itself ask the database
        return replace(found, must_change=False)

    return County(
        county=county,
        street=street,
        community=community,
        other_street=other_street,
        administrator=administrator,
        learner=now(learner),
        manager=now(manager),
        stranger=now(stranger),
        passwords=passwords,
    )


@pytest.fixture
def log(portal):
    """The rows of the audit log, oldest first, or those of one action; to be called."""

    def entries(action=None):
        with portal.db.read() as c:
            rows = c.all("SELECT action, actor_id, target, detail, address FROM audit ORDER BY id")
        return [row for row in rows if action in (None, row["action"])]

    return entries
