"""From the open page's cookie to the person, looked up in every run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.actions import accounts
from portal.actions.portal import Portal
from portal.content.library import Library
from portal.settings import Settings
from portal.store.database import Database, migrate
from portal.web import identity, running


@pytest.fixture
def token(tmp_path: Path) -> Iterator[str]:
    migrate(tmp_path / "portal.db")
    portal = Portal(
        Database(tmp_path / "portal.db"), Library(tmp_path), lambda: datetime.now(UTC), Settings()
    )
    setup = accounts.setup_link(portal)
    assert setup is not None
    given = ("chief", "Chief", "Mei-7 lantern Qiantang", "192.0.2.1", "test")
    running.start(portal)
    yield accounts.set_up(portal, setup, *given).token
    running.start(None)
    portal.db.close()


def opened(monkeypatch: pytest.MonkeyPatch, token: str, uid: str = "") -> None:
    """Pretend that this run belongs to a page opened with ``token`` and handed on as ``uid``."""
    headers = {identity.USER_HEADER: uid} if uid else {}
    context = SimpleNamespace(cookies={"portal_session": token}, headers=headers)
    monkeypatch.setattr(identity, "st", SimpleNamespace(context=context))


def test_cookie_and_header_must_name_the_same_person(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(monkeypatch, token, uid="1")
    found = identity.current_person()
    assert found is not None and found.login == "chief"
    for uid in ("2", ""):
        opened(monkeypatch, token, uid)
        assert identity.current_person() is None


def test_nobody_after_signing_out_or_with_another_token(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("", "x" * 43):
        opened(monkeypatch, other, uid="1")
        assert identity.current_person() is None
    accounts.sign_out(running.portal(), token)
    opened(monkeypatch, token, uid="1")
    assert identity.current_person() is None


def test_the_gates_look_serves_the_run_that_follows_and_no_later_one(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert identity.look_for_run(token, active=True) is not None
    accounts.sign_out(running.portal(), token)
    opened(monkeypatch, token, uid="1")
    assert identity.current_person() is not None  # the message came before the sign-out
    monkeypatch.setattr(identity, "FRESH_S", -1.0)
    assert identity.current_person() is None
    assert identity.look_for_run(token, active=True) is None


def test_the_mark_of_a_device_tells_nothing_of_its_token(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(monkeypatch, token)
    mark = identity.device_mark()
    assert mark == identity.device_mark() and len(mark) == 12 and mark not in token
    opened(monkeypatch, token + "x")
    assert identity.device_mark() != mark


def test_before_the_start_there_is_no_portal() -> None:
    with pytest.raises(RuntimeError, match="has not started"):
        running.portal()
