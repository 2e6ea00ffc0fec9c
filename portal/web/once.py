"""Files that may be taken once, by the person for whom they were made, within ten minutes.

For lists of initial passwords: they are made by a deed, not by opening an address, and nothing of
them is stored. They live in the memory of the process that made them; a proxy keeps a browser at
one process.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.actions.errors import Refused
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core.people import Person

KEPT_FOR = timedelta(minutes=10)
_MOST = 50  # files that wait at the same time; the oldest makes room

_lock = threading.Lock()
_kept: dict[str, tuple[int, datetime, File]] = {}


def keep(person: Person, file: File, now: datetime) -> str:
    """Keep ``file`` for ``person``; returns the token that takes it."""
    token = secrets.token_urlsafe(24)
    with _lock:
        while len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)))
        _kept[token] = (person.id, now + KEPT_FOR, file)
    return token


def take(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``GET /download/once?t=<token>``. Raises Refused("error.taken_already")."""
    token = query.get("t", "")
    with _lock:
        found = _kept.get(token)
        if found is None or found[0] != person.id or found[1] < portal.now():
            raise Refused("error.taken_already")
        del _kept[token]
    return found[2]
