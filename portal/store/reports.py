"""Item statistics over a unit's subtree: first answers, counted where the person served."""

from __future__ import annotations

from portal.store.database import Connection, Row

_ALL = 2**31 - 1


def hardest(conn: Connection, path: str, *, at_least: int, limit: int | None) -> list[Row]:
    """Questions by facility (mean fraction of first answers), the hardest first.

    Columns question_id, version, answered, facility. A question that was edited has one row for
    each version that at least ``at_least`` people answered. ``limit`` None: all of them.
    """
    return conn.all(
        """
        SELECT i.question_id, i.version,
               SUM(i.answered) AS answered,
               SUM(i.fraction_sum) / SUM(i.answered) AS facility
        FROM units u
        CROSS JOIN unit_items i
        WHERE u.path LIKE :path || '%' AND i.unit_id = u.id
        GROUP BY i.question_id, i.version
        HAVING SUM(i.answered) >= :at_least
        ORDER BY facility, answered DESC, i.question_id, i.version
        LIMIT :limit
        """,
        path=path,
        at_least=at_least,
        limit=_ALL if limit is None else limit,
    )
