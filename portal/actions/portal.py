"""The bundle that every action takes first: the records, the content, the clock, the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.content.library import Library
from portal.settings import Settings
from portal.store.database import Database


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal. ``now`` gives the present moment as an aware datetime."""

    db: Database
    library: Library
    now: Callable[[], datetime]
    settings: Settings
