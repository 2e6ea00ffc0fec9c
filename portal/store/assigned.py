"""What assignments have come to: figures by unit, people by state, what one person has to do.

``path`` is a unit's: its whole subtree. ``today`` is an ISO day where the portal is. Overdue:
required, open, and the day has passed. Superseded and withdrawn obligations are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.store.database import Connection, Row

State = Literal["all", "overdue", "soon", "open", "done", "exempted"]
STATES: tuple[State, ...] = ("all", "overdue", "soon", "open", "done", "exempted")

_OPEN = "o.done_at IS NULL AND o.exempted_at IS NULL AND o.withdrawn_at IS NULL"
_LIVE = "o.withdrawn_at IS NULL AND o.superseded = 0"
_IN_STATE: dict[State, str] = {
    "all": _LIVE,
    "overdue": f"{_OPEN} AND o.required = 1 AND o.due_on < :today",
    "soon": f"{_OPEN} AND o.due_on >= :today AND o.due_on <= :soon",
    "open": _OPEN,
    "done": f"{_LIVE} AND o.done_at IS NOT NULL",
    "exempted": f"{_LIVE} AND o.done_at IS NULL AND o.exempted_at IS NOT NULL",
}
_COLUMNS = """
    o.id, o.assignment_id, o.person_id, o.item_kind, o.item_id, o.cycle, o.began_on, o.due_on,
    o.extended_to, o.required, o.done_at, o.exempted_at, o.unit_id, a.title AS assignment_title
"""
_PERSON = """
    p.name, p.staff_no, p.locale, p.email, u.name AS unit_name, u.name_en AS unit_name_en,
    u.path AS unit_path
"""
_FIGURES = """
    COALESCE(SUM(c.asked), 0) AS asked,
    COALESCE(SUM(c.done), 0) AS done,
    COALESCE(SUM(c.exempted), 0) AS exempted,
    COALESCE(SUM(CASE WHEN c.required = 1 AND c.due_on <> '' AND c.due_on < :today
                      THEN c.asked - c.done - c.exempted ELSE 0 END), 0) AS overdue,
    COALESCE(SUM(CASE WHEN c.due_on >= :today AND c.due_on <= :soon
                      THEN c.asked - c.done - c.exempted ELSE 0 END), 0) AS soon
"""


def figures(conn: Connection, path: str, today: str, soon: str) -> dict[int, Row]:
    """By assignment: asked, done, exempted, overdue, soon (due from today to the day ``soon``)."""
    rows = conn.all(
        f"""
        SELECT c.assignment_id, {_FIGURES}
        FROM units u
        CROSS JOIN obligation_counts c
        WHERE u.path LIKE :path || '%' AND c.unit_id = u.id
        GROUP BY c.assignment_id
        """,  # noqa: S608 (constants of this module)
        path=path,
        today=today,
        soon=soon,
    )
    return {row["assignment_id"]: row for row in rows}


def count_asked(conn: Connection, assignment_id: int, path: str, most: int) -> int:
    """How many different people of the subtree are or were asked, counted up to ``most``."""
    return int(
        conn.value(
            """
            SELECT COUNT(*)
            FROM (
                SELECT DISTINCT o.person_id
                FROM obligations o
                JOIN units u ON u.id = o.unit_id
                WHERE o.assignment_id = :assignment_id AND o.withdrawn_at IS NULL
                  AND u.path LIKE :path || '%'
                LIMIT :most
            ) AS asked
            """,
            assignment_id=assignment_id,
            path=path,
            most=most,
        )
    )


def total(conn: Connection, path: str, today: str, soon: str) -> Row:
    """The same over all assignments that have not ended."""
    row = conn.one(
        f"""
        SELECT {_FIGURES}
        FROM units u
        CROSS JOIN obligation_counts c
        CROSS JOIN assignments a
        WHERE u.path LIKE :path || '%' AND c.unit_id = u.id
          AND a.id = c.assignment_id AND a.ended_at IS NULL
        """,  # noqa: S608
        path=path,
        today=today,
        soon=soon,
    )
    assert row is not None
    return row


def of_assignment(
    conn: Connection,
    assignment_id: int,
    path: str,
    state: State,
    query: str,
    *,
    today: str,
    soon: str,
    limit: int,
    offset: int,
) -> list[Row]:
    """Obligations of one assignment in a state, the most urgent first, each with its person.

    Columns of ``_COLUMNS`` and ``_PERSON``. ``query`` is looked for in name and number.
    """
    return conn.all(
        f"""
        SELECT {_COLUMNS}, {_PERSON}
        FROM obligations o
        CROSS JOIN units u
        CROSS JOIN people p
        CROSS JOIN assignments a
        WHERE o.assignment_id = :assignment_id AND {_IN_STATE[state]}
          AND u.id = o.unit_id AND u.path LIKE :path || '%'
          AND p.id = o.person_id
          AND (p.name LIKE :wanted ESCAPE '\\' OR p.staff_no LIKE :wanted ESCAPE '\\')
          AND a.id = o.assignment_id
        ORDER BY o.due_on, o.id
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        assignment_id=assignment_id,
        path=path,
        wanted=_like(query),
        today=today,
        soon=soon,
        limit=limit,
        offset=offset,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What presses on whom: obligations of a subtree in ``states`` (``overdue``, ``soon``), of one
    assignment or of all. Days are ISO."""

    path: str
    states: tuple[State, ...]
    today: str
    soon: str
    assignment_id: int | None = None


def in_unit(conn: Connection, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Row]:
    """What is wanted, by day, then unit, then person.

    The counts tell in which units, and for which days, the page lies: only those rows are read,
    however many people are late.
    """
    found: list[Row] = []
    for cell in _cells(conn, wanted):
        if offset >= cell["open"]:
            offset -= cell["open"]
            continue
        found += _in_cell(conn, wanted, cell, limit - len(found), offset)
        offset = 0
        if len(found) >= limit:
            break
    return found


def people_pressed(conn: Connection, wanted: Wanted) -> list[int]:
    """Ids of active people on whom something presses, in order; reads every such obligation."""
    rows = _read(
        conn,
        wanted,
        f"""
        SELECT DISTINCT o.person_id
        FROM units u
        CROSS JOIN obligations o
        CROSS JOIN people p
        WHERE u.path LIKE :path || '%' AND o.unit_id = u.id AND {_OPEN} AND {_presses(wanted)}
          AND p.id = o.person_id AND p.disabled_at IS NULL
        ORDER BY o.person_id
        """,  # noqa: S608
    )
    return [row["person_id"] for row in rows]


def pressing_on(conn: Connection, wanted: Wanted, first: int, last: int) -> list[Row]:
    """What presses on active people with ids ``first`` to ``last``, by person, then by day.

    Columns as ``in_unit``.
    """
    return _read(
        conn,
        wanted,
        f"""
        SELECT {_COLUMNS}, {_PERSON}
        FROM obligations o
        CROSS JOIN units u
        CROSS JOIN people p
        CROSS JOIN assignments a
        WHERE o.person_id BETWEEN :first AND :last AND {_OPEN} AND {_presses(wanted)}
          AND u.id = o.unit_id AND u.path LIKE :path || '%'
          AND p.id = o.person_id AND p.disabled_at IS NULL AND a.id = o.assignment_id
        ORDER BY o.person_id, o.due_on, o.id
        """,  # noqa: S608
        first=first,
        last=last,
    )


def to_remind(
    conn: Connection, path: str, soon: str, after: tuple[int, int], limit: int
) -> list[Row]:
    """Required obligations of a subtree, overdue or due until ``soon``, by person and id.

    ``after`` is (person_id, id) of the last row of the batch before. Columns as ``in_unit``.
    """
    return conn.all(
        f"""
        SELECT {_COLUMNS}, {_PERSON}
        FROM units u
        CROSS JOIN obligations o
        CROSS JOIN people p
        CROSS JOIN assignments a
        WHERE u.path LIKE :path || '%' AND o.unit_id = u.id AND {_OPEN}
          AND o.required = 1 AND o.due_on <= :soon
          AND p.id = o.person_id AND p.disabled_at IS NULL AND a.id = o.assignment_id
          AND (o.person_id > :person OR (o.person_id = :person AND o.id > :id))
        ORDER BY o.person_id, o.id
        LIMIT :limit
        """,  # noqa: S608
        path=path,
        soon=soon,
        person=after[0],
        id=after[1],
        limit=limit,
    )


def by_child(conn: Connection, path: str, today: str, soon: str) -> list[Row]:
    """The figures of each unit of the subtree that has any: path, asked, done, …"""
    return conn.all(
        f"""
        SELECT u.path, {_FIGURES}
        FROM units u
        CROSS JOIN obligation_counts c
        CROSS JOIN assignments a
        WHERE u.path LIKE :path || '%' AND c.unit_id = u.id
          AND a.id = c.assignment_id AND a.ended_at IS NULL
        GROUP BY u.path
        """,  # noqa: S608
        path=path,
        today=today,
        soon=soon,
    )


def of_person(conn: Connection, person_id: int) -> list[Row]:
    """What a person has to do now: columns of ``_COLUMNS``, reason, assigned_by (a name)."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}, a.reason, b.name AS assigned_by
        FROM obligations o
        CROSS JOIN assignments a
        LEFT JOIN people b ON b.id = a.created_by
        WHERE o.person_id = :person_id AND {_OPEN} AND a.id = o.assignment_id
        ORDER BY o.required DESC, o.due_on IS NULL, o.due_on, o.id
        """,  # noqa: S608
        person_id=person_id,
    )


def record_of(conn: Connection, person_id: int, limit: int) -> list[Row]:
    """What a person has, or had, to do, what is open first, then the last ended first.

    Columns of ``_COLUMNS``, assigned_by (a name), and of the newest decision about it: kind
    (extend, exempt, restore), said (the reason) and decided_by (a name), None without one.
    """
    return conn.all(
        f"""
        SELECT {_COLUMNS}, b.name AS assigned_by, d.kind, d.reason AS said, h.name AS decided_by
        FROM obligations o
        CROSS JOIN assignments a
        LEFT JOIN people b ON b.id = a.created_by
        LEFT JOIN obligation_decisions d ON d.id = (
            SELECT MAX(n.id) FROM obligation_decisions n WHERE n.obligation_id = o.id
        )
        LEFT JOIN people h ON h.id = d.decided_by
        WHERE o.person_id = :person_id AND o.withdrawn_at IS NULL AND a.id = o.assignment_id
        ORDER BY o.done_at IS NOT NULL OR o.exempted_at IS NOT NULL, o.required DESC,
                 CASE WHEN o.done_at IS NULL AND o.exempted_at IS NULL
                      THEN COALESCE(o.due_on, '9999') END,
                 COALESCE(o.done_at, o.exempted_at) DESC, o.id DESC
        LIMIT :limit
        """,  # noqa: S608
        person_id=person_id,
        limit=limit,
    )


def decisions(conn: Connection, obligation_id: int) -> list[Row]:
    """What was decided about an obligation, the newest first: kind, due_on, reason, name, at."""
    return conn.all(
        """
        SELECT d.kind, d.due_on, d.reason, p.name, d.at
        FROM obligation_decisions d
        JOIN people p ON p.id = d.decided_by
        WHERE d.obligation_id = :obligation_id
        ORDER BY d.id DESC
        """,
        obligation_id=obligation_id,
    )


# Private functions

_PRESSING: dict[State, str] = {
    "overdue": "c.required = 1 AND c.due_on <> '' AND c.due_on < :today",
    "soon": "c.due_on >= :today AND c.due_on <= :soon",
}


def _presses(wanted: Wanted) -> str:
    states = " OR ".join(f"({_IN_STATE[state]})" for state in wanted.states)
    one = " AND o.assignment_id = :assignment_id" if wanted.assignment_id is not None else ""
    return f"({states}){one}"


def _cells(conn: Connection, wanted: Wanted) -> list[Row]:
    """due_on, unit_id and how many are ``open``, by day and path, where there are any."""
    one = "" if wanted.assignment_id is None else "AND c.assignment_id = :assignment_id"
    pressing = " OR ".join(f"({_PRESSING[state]})" for state in wanted.states)
    return _read(
        conn,
        wanted,
        f"""
        SELECT c.due_on, c.unit_id, SUM(c.asked - c.done - c.exempted) AS open
        FROM units u
        CROSS JOIN obligation_counts c
        WHERE u.path LIKE :path || '%' AND c.unit_id = u.id {one} AND ({pressing})
        GROUP BY c.due_on, u.path, c.unit_id
        HAVING SUM(c.asked - c.done - c.exempted) > 0
        ORDER BY c.due_on, u.path
        """,  # noqa: S608 (constants of this module)
    )


def _in_cell(conn: Connection, wanted: Wanted, cell: Row, limit: int, offset: int) -> list[Row]:
    """Those of one unit and day."""
    return _read(
        conn,
        wanted,
        f"""
        SELECT {_COLUMNS}, {_PERSON}
        FROM obligations o
        CROSS JOIN units u
        CROSS JOIN people p
        CROSS JOIN assignments a
        WHERE o.unit_id = :unit_id AND o.due_on = :due_on AND {_OPEN} AND {_presses(wanted)}
          AND u.id = o.unit_id AND p.id = o.person_id AND a.id = o.assignment_id
        ORDER BY p.staff_no, o.id
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        unit_id=cell["unit_id"],
        due_on=cell["due_on"],
        limit=limit,
        offset=offset,
    )


def _read(conn: Connection, wanted: Wanted, sql: str, **more: object) -> list[Row]:
    """The rows of ``sql``, given ``more`` and those of the fields of ``wanted`` that it names."""
    fields = ("path", "today", "soon", "assignment_id")
    named = {name: getattr(wanted, name) for name in fields if f":{name}" in sql}
    return conn.all(sql, **named, **more)


def _like(query: str) -> str:
    literal = query.strip()
    for special in ("\\", "%", "_"):
        literal = literal.replace(special, "\\" + special)
    return f"%{literal}%"
