"""Items learn from what was answered: how hard each one really is (rule 7).

Incremental: a cursor in ``settings`` says how far the log has been read. Each answer counts once,
in the order of the log, with the person's mean and variance as they were before it. Profiles are
not touched: an answer keeps the difficulty that was known when it was given.
"""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.actions.portal import Portal
from portal.core.capability import ItemState, item_respond
from portal.store import capability, evidence, settings
from portal.store.database import Connection, Row

BATCH = 2000  # rows a transaction; answering waits no longer than for these
NIGHT_HOUR = 3  # local time from which on the nightly round may run
_CURSOR = "calibration.cursor"
_NIGHT = "calibration.night"


def calibrate(portal: Portal, *, anew: bool = False) -> int:
    """Let the items learn from everything new in the log; returns how many rows were read.

    ``anew`` forgets what the items have learned and reads the whole log again.
    """
    if anew:
        with portal.db.write(bump=False) as conn:
            capability.forget_items(conn)
            capability.forget_uses(conn)
            settings.remove(conn, _CURSOR)
    read = 0
    while True:
        with portal.db.write(bump=False) as conn:
            step = _step(conn, portal.now())
        read += step
        if not step:
            return read


def night_of(portal: Portal) -> str | None:
    """The day whose nightly round is still to be done; None when it is done, or not yet time."""
    local = portal.now().astimezone(ZoneInfo(portal.settings.tz))
    if local.hour < NIGHT_HOUR:
        return None
    today = local.date().isoformat()
    with portal.db.read() as conn:
        return None if settings.find(conn, _NIGHT) == today else today


def note_night(portal: Portal, day: str) -> None:
    """The nightly round of ``day`` came to its end. What is killed before is done again."""
    with portal.db.write(bump=False) as conn:
        settings.store(conn, _NIGHT, day)


# Private functions


def _step(conn: Connection, now: datetime) -> int:
    """Read the next rows, and the next corrections; how many there were."""
    at_row, at_correction = json.loads(settings.find(conn, _CURSOR) or "[0, 0]")
    rows = evidence.answers_after(conn, at_row, BATCH)
    _learn(conn, rows, now)
    _count_uses(conn, rows)
    corrected = evidence.corrections_after(conn, at_correction, BATCH)
    last_row = rows[-1]["id"] if rows else at_row
    for version in dict.fromkeys(row["version"] for row in corrected):
        _learn_anew(conn, version, last_row, now)
    if rows or corrected:
        cursor = [last_row, corrected[-1]["id"] if corrected else at_correction]
        settings.store(conn, _CURSOR, json.dumps(cursor))
    return len(rows) + len(corrected)


def _learn(conn: Connection, rows: list[Row], now: datetime) -> None:
    """Move the items of ``rows`` on. An item's first row says where it starts."""
    items = capability.items(conn, list(dict.fromkeys(row["version"] for row in rows)))
    learned: dict[str, Row] = {}
    for row in rows:
        version = row["version"]
        before = items.get(version) or ItemState(row["b"], row["s2"])
        after = before
        if row["x"] is not None:
            after = item_respond(before, row["x"], row["mean"], row["variance"], row["c"], row["w"])
        items[version] = after
        if after is not before:
            line = learned.setdefault(version, {"item_id": row["item_id"], "answers": 0})
            line["answers"] += 1
    capability.save_items(
        conn,
        [
            {"version": version, **line, "b": items[version].b, "s2": items[version].s2}
            for version, line in learned.items()
        ],
        now,
    )


def _count_uses(conn: Connection, rows: list[Row]) -> None:
    """With which difficulties questions were used, beside their author's: what the answers of a
    whole staff moved is seen there (``core.capability_centre``).

    Whatever was taken out later is counted all the same, so that it does not matter when this
    runs. Decisions of drills are left out: their authors give no level.
    """
    uses: dict[str, Row] = {}
    for row in rows:
        if row["kind"] == "drill":
            continue
        use = uses.setdefault(
            row["version"],
            {
                "version": row["version"],
                "item_id": row["item_id"],
                "capability": row["capability"],
                "start": row["b"],  # of an item's first answer: nobody has calibrated it yet
                "weight": 0.0,
                "weighted_b": 0.0,
            },
        )
        use["weight"] += row["w"]
        use["weighted_b"] += row["w"] * row["b"]
    capability.count_uses(conn, uses.values())


def _learn_anew(conn: Connection, version: str, until: int, now: datetime) -> None:
    """One item from its beginning to row ``until``; stops reading once it is frozen."""
    capability.forget_items(conn, version)
    last = 0
    while rows := evidence.answers_after(conn, last, BATCH, version=version, until=until):
        _learn(conn, rows, now)
        item = capability.items(conn, [version]).get(version)
        if item is not None and item.frozen:
            return
        last = rows[-1]["id"]
