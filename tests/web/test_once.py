"""Files made by a deed: taken once, in time, by the one for whom they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portal.actions.errors import Refused
from portal.actions.files import File
from portal.core.people import Person
from portal.web import once

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
ADMIN = Person(1, "1", "admin", "管理员")
OTHER = Person(2, "2", "other", "别人")
FILE = File("名单.xlsx", "text/plain", b"secret")


def portal(at: datetime = NOW) -> Any:
    return cast(Any, SimpleNamespace(now=lambda: at))


def test_a_file_is_taken_once() -> None:
    token = once.keep(ADMIN, FILE, NOW)
    assert once.take(portal(), ADMIN, {"t": token}) is FILE
    with pytest.raises(Refused):
        once.take(portal(), ADMIN, {"t": token})


def test_nobody_else_takes_it_and_it_waits_for_its_owner() -> None:
    token = once.keep(ADMIN, FILE, NOW)
    for given in ({"t": token}, {"t": "x"}, {}):
        with pytest.raises(Refused):
            once.take(portal(), OTHER, given)
    assert once.take(portal(), ADMIN, {"t": token}) is FILE


def test_it_does_not_wait_for_ever_and_few_wait() -> None:
    token = once.keep(ADMIN, FILE, NOW)
    with pytest.raises(Refused):
        once.take(portal(NOW + once.KEPT_FOR + timedelta(seconds=1)), ADMIN, {"t": token})
    first = once.keep(ADMIN, FILE, NOW)
    for _ in range(60):
        once.keep(ADMIN, FILE, NOW)
    with pytest.raises(Refused):
        once.take(portal(), ADMIN, {"t": first})
