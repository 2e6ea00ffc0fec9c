"""Measured levels as assignments ask for them.

Where nothing measures capability yet, nobody has enough evidence, and the rule for that case
holds (``core.audience``): nobody is matched, unless those not measured are asked for as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.store.database import Connection


def levels(conn: Connection, person_ids: Sequence[int]) -> dict[int, Mapping[str, int | None]]:
    """Levels 1..5 by person and capability; None where there is not enough evidence."""
    return {person_id: {} for person_id in person_ids}
