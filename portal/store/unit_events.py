"""What happened in a unit's subtree: started, completed, submitted, passed, hours.

Events count for ever where the person served at the time. Months that are over are read from
``unit_months``; of a month in the past that is cut by a day, the facts of its days are counted
from covering indexes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from portal.store.database import Connection, Row

Events = dict[str, dict[str, float]]  # counts of each of ``EVENTS`` by unit, month or course
EVENTS = ("started", "completed", "submitted", "passed", "hours")
_SUMS = ", ".join(f"SUM(m.{name}) AS {name}" for name in EVENTS)


@dataclass(frozen=True, slots=True)
class Span:
    """Which events: all, or, when ``month`` is set, only those of months before it and, of this
    month, those of the instants ``since`` .. ``until``."""

    month: str | None = None
    since: str = ""
    until: str = ""


def by_course(conn: Connection, path: str, span: Span) -> Events:
    """Counts of each of ``EVENTS`` by course."""
    return _summed(
        _of_months(conn, path, "m.course_id", span) + _of_days(conn, path, "e.course_id", span)
    )


def by_unit(conn: Connection, path: str, span: Span) -> Events:
    """Counts of each of ``EVENTS`` by the unit's path."""
    return _summed(_of_months(conn, path, "u.path", span) + _of_days(conn, path, "u.path", span))


def by_unit_and_month(conn: Connection, path: str, span: Span, first: str) -> tuple[Events, Events]:
    """Those by the unit's path, and from the month ``first`` on those by month, in one reading.

    The inner sums are made in the order in which the months lie on disk.
    """
    rows = conn.all(
        f"""
        WITH g AS MATERIALIZED (
            SELECT u.path AS path, m.month AS month, {_SUMS}
            FROM units u
            CROSS JOIN unit_months m
            WHERE u.path LIKE :path || '%' AND m.unit_id = u.id
              AND (:month IS NULL OR m.month < :month)
            GROUP BY u.id, m.month
        )
        SELECT 'unit' AS axis, m.path AS key, {_SUMS} FROM g m GROUP BY m.path
        UNION ALL
        SELECT 'month' AS axis, m.month AS key, {_SUMS}
        FROM g m WHERE m.month >= :first GROUP BY m.month
        """,  # noqa: S608 (constants of this module)
        path=path,
        first=first,
        month=span.month,
    )
    of_units = [row for row in rows if row["axis"] == "unit"]
    of_months = [row for row in rows if row["axis"] == "month"]
    days = _of_days(conn, path, "u.path", span)
    if span.month is not None:
        of_months += [{**row, "key": span.month} for row in days]
    return _summed(of_units + days), _summed(of_months)


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


def _of_months(conn: Connection, path: str, key: str, span: Span) -> list[Row]:
    """What happened in whole months, by the column ``key``; of a unit in the order on disk."""
    return conn.all(
        f"""
        SELECT {key} AS key, {_SUMS}
        FROM units u
        CROSS JOIN unit_months m
        WHERE u.path LIKE :path || '%' AND m.unit_id = u.id
          AND (:month IS NULL OR m.month < :month)
        GROUP BY {"u.id" if key == "u.path" else key}
        """,  # noqa: S608 (constants of this module)
        path=path,
        month=span.month,
    )


def _of_days(conn: Connection, path: str, key: str, span: Span) -> list[Row]:
    """What happened on the days of the month that is cut, by the column ``key``."""
    if span.month is None:
        return []
    given = {"path": path, "month": span.month, "since": span.since, "until": span.until}
    return [
        row
        for query in _DAYS
        for row in conn.all(query.format(key=key), **given)
        if row["key"] is not None
    ]


def _summed(rows: list[Row]) -> Events:
    """Counts of each of ``EVENTS`` by the rows' key; what a row does not count is none."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(EVENTS, 0))
    for row in rows:
        if row["key"] is not None:
            total = found[row["key"]]
            for name in EVENTS:
                total[name] += row.get(name) or 0
    return dict(found)
