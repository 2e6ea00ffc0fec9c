"""A glance tells who holds a token and does not count as being there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.actions import accounts
from portal.actions.glance import glance
from portal.actions.portal import Portal
from portal.content.library import Library
from portal.settings import Settings
from portal.store.database import Database, migrate

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def begun(tmp_path: Path) -> tuple[Portal, str]:
    migrate(tmp_path / "portal.db")
    portal = Portal(
        Database(tmp_path / "portal.db"), Library(tmp_path), lambda: NOW, Settings(idle_minutes=30)
    )
    token = accounts.setup_link(portal)
    assert token is not None
    given = ("chief", "Chief", "Mei-7 lantern Qiantang", "192.0.2.1", "test")
    return portal, accounts.set_up(portal, token, *given).token


def later(portal: Portal, minutes: int) -> Portal:
    return replace(portal, now=lambda: NOW + timedelta(minutes=minutes))


def test_it_sees_the_same_person(tmp_path: Path) -> None:
    portal, token = begun(tmp_path)
    assert glance(portal, token) == accounts.person_of(portal, token) is not None
    assert glance(portal, "x" * 43) is None and glance(portal, "") is None
    assert glance(portal, "x" * 5000) is None


def test_glances_alone_let_the_sign_in_end(tmp_path: Path) -> None:
    portal, token = begun(tmp_path)
    for minutes in range(5, 30, 5):
        assert glance(later(portal, minutes), token) is not None
    assert glance(later(portal, 31), token) is None
