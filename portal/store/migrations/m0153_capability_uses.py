"""With which difficulty questions were used, beside that of their authors."""

from __future__ import annotations

import json

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0153_capability_uses(db: SqliteUtils) -> None:
    """Sums of w and w·b over the answers that calibration has read, a row an item."""
    run(
        db,
        """
        CREATE TABLE capability_uses (
            version TEXT PRIMARY KEY,
            item_id TEXT NOT NULL,
            capability TEXT NOT NULL,
            start REAL NOT NULL,
            weight REAL NOT NULL,
            weighted_b REAL NOT NULL
        ) STRICT
        """,
    )
    cursor = [row[0] for row in db.execute(_CURSOR).fetchall()]
    read = json.loads(cursor[0])[0] if cursor else 0
    db.execute(_FILL, {"read": read})


_CURSOR = "SELECT value FROM settings WHERE key = 'calibration.cursor'"
_FILL = """
INSERT INTO capability_uses (version, item_id, capability, start, weight, weighted_b)
SELECT f.version, f.item_id, f.capability, f.b, s.weight, s.weighted_b
FROM (
    SELECT version, MIN(id) AS first, SUM(w) AS weight, SUM(w * b) AS weighted_b
    FROM evidence
    WHERE kind NOT IN ('course', 'drill') AND id <= :read
    GROUP BY version
) s
JOIN evidence f ON f.id = s.first
"""
