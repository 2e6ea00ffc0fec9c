"""The log of evidence: counted responses and completed courses, and corrections to them.

Rows are added, never changed. What counts of a row is its newest correction, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from portal.core.times import iso
from portal.store.database import Connection, Row

COLUMNS = (
    "person_id",
    "at",
    "kind",
    "source_id",
    "position",
    "course_id",
    "content_id",
    "item_id",
    "version",
    "capability",
    "x",
    "c",
    "b",
    "s2",
    "w",
    "gap_days",
    "mean",
    "variance",
)

_ADD = f"""
INSERT INTO evidence ({", ".join(COLUMNS)})
VALUES ({", ".join(f":{name}" for name in COLUMNS)})
"""  # noqa: S608 (names of this module)


def add(conn: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Append rows, each with every name of ``COLUMNS``; ``at`` is text already."""
    conn.many(_ADD, rows)


def last_met(
    conn: Connection, person_id: int, until: str, version: str | None = None
) -> dict[str, str]:
    """When the person last answered each item, by version; of one version or all. Not later than
    ``until``."""
    rows = conn.all(
        """
        SELECT version, MAX(at) AS at FROM evidence
        WHERE person_id = :person_id
          AND at <= :until
          AND kind <> 'course'
          AND (:version IS NULL OR version = :version)
        GROUP BY version
        """,
        person_id=person_id,
        until=until,
        version=version,
    )
    return {row["version"]: row["at"] for row in rows}


def logged(conn: Connection, first: int, last: int) -> list[Row]:
    """The log of the people with ids ``first`` to ``last`` as it was written, in the order of the
    fold. Columns id, person_id, at, kind, source_id, course_id, content_id, item_id, capability, x,
    c, b, s2, w, gap_days."""
    return conn.all(
        """
        SELECT id, person_id, at, kind, source_id, course_id, content_id, item_id, capability,
               x, c, b, s2, w, gap_days
        FROM evidence
        WHERE person_id BETWEEN :first AND :last
        ORDER BY person_id, at, id
        """,
        first=first,
        last=last,
    )


def corrections(conn: Connection, first: int, last: int) -> list[Row]:
    """Corrections to the log of these people, in their order: evidence_id, x, at."""
    return conn.all(
        """
        SELECT evidence_id, x, at FROM evidence_corrections
        WHERE person_id BETWEEN :first AND :last
        ORDER BY id
        """,
        first=first,
        last=last,
    )


def of_people(conn: Connection, first: int, last: int) -> list[Row]:
    """What counts of the people with ids ``first`` to ``last``: the rows of ``logged`` with x as
    corrected, without those that a correction took out."""
    rows = logged(conn, first, last)
    corrected = {row["evidence_id"]: row["x"] for row in corrections(conn, first, last)}
    if not corrected:
        return rows
    return [
        {**row, "x": corrected.get(row["id"], row["x"])}
        for row in rows
        if corrected.get(row["id"], 0.0) is not None
    ]


def of_person(conn: Connection, person_id: int) -> list[Row]:
    """What counts of one person, like ``of_people``."""
    return of_people(conn, person_id, person_id)


def of_source(conn: Connection, kind: str, source_id: int) -> dict[int, Row]:
    """The rows of one attempt or drill run by position: id, x as it counts (None: taken out)."""
    rows = conn.all(
        """
        SELECT e.id, e.position, e.x, c.x AS corrected_x, c.id AS correction_id
        FROM evidence e
        LEFT JOIN evidence_corrections c ON c.id = (
            SELECT MAX(n.id) FROM evidence_corrections n WHERE n.evidence_id = e.id
        )
        WHERE e.kind = :kind AND e.source_id = :source_id
        ORDER BY e.id
        """,
        kind=kind,
        source_id=source_id,
    )
    return {
        row["position"]: {
            "id": row["id"],
            "x": row["x"] if row["correction_id"] is None else row["corrected_x"],
        }
        for row in rows
    }


def correct(
    conn: Connection, evidence_id: int, person_id: int, x: float | None, reason: str, at: datetime
) -> None:
    """Let ``x`` count for a row from now on; None takes the row out."""
    conn.run(
        """
        INSERT INTO evidence_corrections (evidence_id, person_id, x, reason, at)
        VALUES (:evidence_id, :person_id, :x, :reason, :at)
        """,
        evidence_id=evidence_id,
        person_id=person_id,
        x=x,
        reason=reason,
        at=iso(at),
    )


def counted_outside_papers(
    conn: Connection, versions: Sequence[str], *, after: int, limit: int
) -> list[Row]:
    """The next answers by id to these versions at checkpoints, in practice and in placements that
    count: id, person_id, x."""
    counts = "(k.id IS NULL AND e.x IS NOT NULL OR k.x IS NOT NULL)"
    return _outside_papers(conn, versions, counts, after=after, limit=limit)


def taken_out_by(
    conn: Connection, versions: Sequence[str], reason: str, *, after: int, limit: int
) -> list[Row]:
    """The next that count no longer for this ``reason``: id, person_id, x as it was logged."""
    taken = "k.x IS NULL AND k.reason = :reason"
    return _outside_papers(conn, versions, taken, after=after, limit=limit, reason=reason)


def newest(conn: Connection) -> tuple[int, int]:
    """The newest ids of the log and of its corrections; 0 where there is none."""
    row = conn.one(
        """
        SELECT (SELECT COALESCE(MAX(id), 0) FROM evidence) AS evidence,
               (SELECT COALESCE(MAX(id), 0) FROM evidence_corrections) AS corrections
        """
    )
    assert row is not None
    return row["evidence"], row["corrections"]


def touched_since(conn: Connection, after: tuple[int, int], first: int, last: int) -> list[int]:
    """People ``first`` to ``last`` with rows or corrections newer than ``after`` (``newest``)."""
    rows = conn.all(
        """
        SELECT person_id FROM evidence
        WHERE id > :evidence AND person_id BETWEEN :first AND :last
        UNION
        SELECT person_id FROM evidence_corrections
        WHERE id > :corrections AND person_id BETWEEN :first AND :last
        """,
        evidence=after[0],
        corrections=after[1],
        first=first,
        last=last,
    )
    return sorted(row["person_id"] for row in rows)


def answers_after(
    conn: Connection,
    after: int,
    limit: int,
    *,
    version: str | None = None,
    until: int | None = None,
) -> list[Row]:
    """The next answers by id, of one item or of all, what was taken out with x NULL.

    Columns id, kind, item_id, version, capability, x, c, b, s2, w, mean, variance.
    """
    chosen = "" if version is None else "AND e.version = :version"
    rows = conn.all(
        f"""
        SELECT e.id, e.kind, e.item_id, e.version, e.capability, e.x, e.c, e.b, e.s2, e.w,
               e.mean, e.variance,
               k.id AS correction_id, k.x AS corrected_x
        FROM evidence e
        LEFT JOIN evidence_corrections k ON k.id = (
            SELECT MAX(n.id) FROM evidence_corrections n WHERE n.evidence_id = e.id
        )
        WHERE e.id > :after {chosen}
          AND e.kind <> 'course'
          AND (:until IS NULL OR e.id <= :until)
        ORDER BY e.id
        LIMIT :limit
        """,  # noqa: S608 (a constant)
        after=after,
        limit=limit,
        version=version,
        until=until,
    )
    for row in rows:
        if row["correction_id"] is not None:
            row["x"] = row["corrected_x"]
    return rows


def corrections_after(conn: Connection, after: int, limit: int) -> list[Row]:
    """The next corrections by id: id, version of the item."""
    return conn.all(
        """
        SELECT c.id, e.version
        FROM evidence_corrections c
        JOIN evidence e ON e.id = c.evidence_id
        WHERE c.id > :after
        ORDER BY c.id
        LIMIT :limit
        """,
        after=after,
        limit=limit,
    )


def last_person(conn: Connection) -> int:
    """The highest id of a person; 0 where there is nobody."""
    return int(conn.value("SELECT COALESCE(MAX(id), 0) FROM people"))


def marker(conn: Connection, person_id: int) -> tuple[int, int]:
    """Changes whenever anything that counts of the person does."""
    row = conn.one(
        """
        SELECT (SELECT COALESCE(MAX(id), 0) FROM evidence
                WHERE person_id = :person_id) AS evidence,
               (SELECT COALESCE(MAX(id), 0) FROM evidence_corrections
                WHERE person_id = :person_id) AS corrections
        """,
        person_id=person_id,
    )
    assert row is not None
    return row["evidence"], row["corrections"]


# Private functions


def _outside_papers(
    conn: Connection, versions: Sequence[str], condition: str, **params: int | str
) -> list[Row]:
    names = {f"v{at}": version for at, version in enumerate(versions)}
    return conn.all(
        f"""
        SELECT e.id, e.person_id, e.x
        FROM evidence e
        LEFT JOIN evidence_corrections k ON k.id = (
            SELECT MAX(n.id) FROM evidence_corrections n WHERE n.evidence_id = e.id
        )
        WHERE e.version IN ({", ".join(f":{name}" for name in names) or "NULL"})
          AND e.id > :after
          AND e.kind IN ('checkpoint', 'practice', 'placement')
          AND {condition}
        ORDER BY e.id
        LIMIT :limit
        """,  # noqa: S608 (constants and parameter names)
        **params,
        **names,
    )
