"""What happened in a unit's subtree: started, completed, submitted, passed, hours.

Events count for ever where the person served at the time. Months that are over are read from
``unit_months``; of a month in the past that is cut by a day, the facts of its days are counted
from covering indexes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from portal.store.database import Connection

EVENTS = ("started", "completed", "submitted", "passed", "hours")
By = Literal["unit", "month", "course"]

# by what the months are summed in the order in which they lie on disk, the key by which these sums
# are summed in turn, and what stands for it among the facts of days
_KEYS: dict[By, tuple[str, str, str]] = {
    "unit": ("u.id", "u.path", "u.path"),
    "month": ("u.id, m.month", "m.month", ":month"),
    "course": ("m.course_id", "m.course_id", "e.course_id"),
}
_SUMS = ", ".join(f"SUM(m.{name}) AS {name}" for name in EVENTS)


@dataclass(frozen=True, slots=True)
class Span:
    """Which events: from the month ``first`` on (None: all), and, when ``month`` is set, only
    those of months before it and, of this month, those of the instants ``since`` .. ``until``."""

    first: str | None = None
    month: str | None = None
    since: str = ""
    until: str = ""


def events(conn: Connection, path: str, by: By, span: Span) -> dict[str, dict[str, float]]:
    """Counts of each of ``EVENTS`` by the unit's path, the month or the course."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(EVENTS, 0))
    inner, key, of_days = _KEYS[by]
    rows = conn.all(
        f"""
        SELECT m.key, {_SUMS}
        FROM (
            SELECT {key} AS key, {_SUMS}
            FROM units u
            CROSS JOIN unit_months m
            WHERE u.path LIKE :path || '%' AND m.unit_id = u.id
              AND (:first IS NULL OR m.month >= :first)
              AND (:month IS NULL OR m.month < :month)
            GROUP BY {inner}
        ) m
        GROUP BY m.key
        """,  # noqa: S608 (constants of this module)
        path=path,
        first=span.first,
        month=span.month,
    )
    if span.month is not None:
        for query in _DAYS:
            rows += conn.all(
                query.format(key=of_days),
                path=path,
                month=span.month,
                since=span.since,
                until=span.until,
            )
    for row in rows:
        if row["key"] is not None:
            total = found[row["key"]]
            for name in EVENTS:
                total[name] += row.get(name) or 0
    return dict(found)


# Private functions

_DAYS = (
    """
    SELECT {key} AS key, COUNT(*) AS submitted, SUM(e.passed) AS passed, :month AS month
    FROM units u
    CROSS JOIN attempts e
    WHERE u.path LIKE :path || '%' AND e.unit_id = u.id
      AND e.submitted_at IS NOT NULL AND e.kind <> 'checkpoint'
      AND e.submitted_at >= :since AND e.submitted_at < :until
    GROUP BY 1
    """,
    """
    SELECT {key} AS key, COUNT(*) AS completed, SUM(e.hours) AS hours, :month AS month
    FROM units u
    CROSS JOIN course_progress e
    WHERE u.path LIKE :path || '%' AND e.completed_unit_id = u.id
      AND e.completed_at IS NOT NULL
      AND e.completed_at >= :since AND e.completed_at < :until
    GROUP BY 1
    """,
    """
    SELECT {key} AS key, COUNT(*) AS started, :month AS month
    FROM units u
    CROSS JOIN course_progress e
    WHERE u.path LIKE :path || '%' AND e.unit_id = u.id
      AND e.started_at >= :since AND e.started_at < :until
    GROUP BY 1
    """,
)
