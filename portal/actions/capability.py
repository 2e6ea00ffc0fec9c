"""Capability as other parts of the portal ask for it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.capability import CAPABILITIES, level_of
from portal.store import capability
from portal.store.database import Connection


def levels(conn: Connection, person_ids: Sequence[int]) -> dict[int, dict[str, int | None]]:
    """Level 1..5 by capability of each person; None where there is not enough evidence.

    Every person asked for and every one of the six capabilities is in the result. A level is where
    the estimate lies, 1 being the lowest (``core.capability_scale.level_of``).
    """
    found = capability.profiles(conn, person_ids)
    return {
        person_id: {
            key: level_of(profile.state.mean[k])
            if (profile := found.get(person_id)) is not None and profile.enough(k)
            else None
            for k, key in enumerate(CAPABILITIES)
        }
        for person_id in person_ids
    }
