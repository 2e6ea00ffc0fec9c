"""What held before: obligations that were changed, accounts that were disabled for a while.

A row of ``obligations`` and ``people.disabled_at`` tell the present. Where a day that is over
depends on what they said before (more time for what was overdue, an exemption taken back, an
account enabled again), that is kept here, so that the day goes on showing what it showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from portal.core.times import iso
from portal.store.database import Connection

if TYPE_CHECKING:
    from portal.store.obligations import Obligation

_A_DAY = timedelta(days=1)


def keep(conn: Connection, changes: Iterable[tuple[Obligation, Obligation]], today: date) -> None:
    """Keep what was, of pairs (what was, what is) where it matters to a day before ``today``.

    To be called before what is is saved. Of several changes on a day the first says it all.
    """
    conn.many(
        """
        INSERT INTO obligation_pasts (
            obligation_id, until_day, since_day, person_id, began_on, due_on, required,
            done_at, exempted_at, withdrawn_at
        )
        SELECT o.id, :today,
               COALESCE((
                   SELECT MAX(h.until_day) FROM obligation_pasts h WHERE h.obligation_id = o.id
               ), ''),
               o.person_id, o.began_on, o.due_on, o.required,
               o.done_at, o.exempted_at, o.withdrawn_at
        FROM obligations o
        WHERE o.id = :id
        ON CONFLICT (obligation_id, until_day) DO NOTHING
        """,
        [
            {"id": old.id, "today": today.isoformat()}
            for old, new in changes
            if _matters(old, new, today)
        ],
    )


def keep_absences(conn: Connection, person_ids: Sequence[int], until: datetime) -> None:
    """Keep since when those of them who are disabled were so; before they are enabled again."""
    conn.many(
        """
        INSERT INTO absences (person_id, began_at, ended_at)
        SELECT id, disabled_at, :until FROM people WHERE id = :id AND disabled_at IS NOT NULL
        """,
        [{"id": one, "until": iso(until)} for one in person_ids],
    )


# Private functions


def _matters(old: Obligation, new: Obligation, today: date) -> bool:
    """Whether at the end of some day before ``today`` the two would count otherwise.

    Something is due at the end of a day when its own day was over by then; what ends now (done, let
    off, withdrawn) carries the day of its end.
    """
    before, after = old.cycle, new.cycle
    days = [day for day in (before.due_on, after.due_on) if day is not None]
    if not days or min(days) >= today - _A_DAY:
        return False
    if (before.due_on, before.began_on) != (after.due_on, after.began_on):
        return True
    if old.required != new.required:
        return True
    ends = (
        (before.done_at, after.done_at),
        (before.exempted_at, after.exempted_at),
        (before.withdrawn_at, after.withdrawn_at),
    )
    return any(was is not None and was != now for was, now in ends)
