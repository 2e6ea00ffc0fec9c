"""Lists of the people of a unit's subtree, a page at a time, today or as at a day.

Today's lists read ``person_standing``; those of a day in the past read the postings of that day.
Both hold the same people for the same day: staff by the unit of the main posting
(``core.postings``). ``until`` is the instant at which the day ends, ``day`` and ``idle_day`` are
ISO days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.store.database import Connection, Row

_MANY_UNITS = 100  # from here on it is quicker to walk all people in the order of their numbers
_BATCH = 400

# what is true of somebody today; the same words as in actions.reports.ask.STATES
_STATES = {
    "": "TRUE",
    "overdue": "s.overdue_from < :day",
    "idle": "s.idle_from < :idle_day",
    "failing": "s.failing > 0",
    "waiting": "s.waiting_from < :idle_day",
}
_ANY_STATE = " OR ".join(condition for name, condition in _STATES.items() if name)
_BY_WORDS = """
    AND (LOWER(p.name) LIKE :wanted ESCAPE '\\' OR LOWER(p.staff_no) LIKE :wanted ESCAPE '\\')
"""
_BY_POST = """
    AND s.person_id IN (
        SELECT person_id FROM postings
        WHERE post = :post AND began_at < :until AND (ended_at IS NULL OR ended_at >= :until)
    )
"""
_COLUMNS = """
    p.id AS person_id, p.name, p.staff_no,
    u.id AS unit_id, u.name AS unit_name, u.name_en AS unit_name_en
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people: see the module; ``state`` is a key of today's states, or empty."""

    path: str
    day: str
    idle_day: str
    until: str
    is_today: bool
    state: str = ""
    post: str = ""
    query: str = ""

    def params(self) -> dict[str, str]:
        """What the statements are filled with."""
        literal = self.query.strip().lower()
        for special in ("\\", "%", "_"):
            literal = literal.replace(special, "\\" + special)
        return {
            "path": self.path,
            "day": self.day,
            "idle_day": self.idle_day,
            "until": self.until,
            "post": self.post,
            "wanted": f"%{literal}%",
        }


def with_state(wanted: Wanted, state: str) -> Wanted:
    """The same people, only those of whom ``state`` is true."""
    return replace(wanted, state=state)


def people(conn: Connection, wanted: Wanted, *, limit: int | None, offset: int = 0) -> list[Row]:
    """By staff number: person_id, name, staff_no, unit_id, unit_name, unit_name_en."""
    return conn.all(
        f"""
        SELECT {_COLUMNS}
        {_source(conn, wanted)}
        ORDER BY p.staff_no
        LIMIT :limit OFFSET :offset
        """,
        **wanted.params(),
        limit=-1 if limit is None else limit,
        offset=offset,
    )


def count(conn: Connection, wanted: Wanted) -> int:
    """How many people ``people`` has in all."""
    return int(
        conn.value(
            f"SELECT COUNT(*) {_source(conn, wanted, ordered=False)}",
            **wanted.params(),
        )
    )


def count_help(conn: Connection, path: str, day: str, idle_day: str) -> int:
    """How many people are overdue, idle, failing or waiting today."""
    return int(
        conn.value(
            f"""
            SELECT COUNT(*)
            FROM units u
            CROSS JOIN person_standing s
            WHERE u.path LIKE :path || '%' AND s.unit_id = u.id AND ({_ANY_STATE})
            """,  # noqa: S608
            path=path,
            day=day,
            idle_day=idle_day,
        )
    )


def states(conn: Connection, ids: Sequence[int]) -> dict[int, Row]:
    """overdue_from, idle_from, waiting_from, failing, seen_on of these people."""
    rows = in_batches(
        conn,
        """
        SELECT person_id, overdue_from, idle_from, waiting_from, failing, seen_on
        FROM person_standing WHERE person_id IN ({ids})
        """,
        ids,
    )
    return {row["person_id"]: row for row in rows}


def in_batches(conn: Connection, sql: str, ids: Sequence[int], **params: object) -> Iterator[Row]:
    """The rows of ``sql`` with ``{ids}`` filled by these ids, some hundred at a time."""
    for start in range(0, len(ids), _BATCH):
        batch = {f"i{n}": one for n, one in enumerate(ids[start : start + _BATCH])}
        filled = sql.format(ids=", ".join(f":{name}" for name in batch))
        yield from conn.all(filled, **batch, **params)


def overdue(conn: Connection, wanted: Wanted, *, limit: int | None) -> list[Row]:
    """Obligations that were overdue at the end of the day, the oldest first.

    The columns of ``people`` and item_kind, item_id, due_on, assignment.
    """
    if not wanted.is_today:
        return _were_overdue(conn, wanted, limit)
    tables = ["units u", *_PEOPLE[True], "obligations o", "assignments a"]
    if _is_large(conn, wanted.path):
        # in the order of the index: what comes after the limit is not looked at
        tables = ["obligations o", "person_standing s", "units u", "people p", "assignments a"]
    return conn.all(
        f"""
        SELECT {_COLUMNS}, o.item_kind, o.item_id, o.due_on, a.title AS assignment
        FROM {" CROSS JOIN ".join(tables)}
        WHERE {_conditions(wanted)}
          AND o.person_id = s.person_id AND a.id = o.assignment_id
          AND {_OPEN}
        ORDER BY o.due_on, o.person_id, o.id
        LIMIT :limit
        """,  # noqa: S608
        **wanted.params(),
        limit=-1 if limit is None else limit,
    )


def expiring(conn: Connection, wanted: Wanted, *, last: str, limit: int | None) -> list[Row]:
    """Completions that run out from today to the day ``last``, the soonest first.

    The columns of ``people`` and course_id, expires_on.
    """
    return conn.all(
        f"""
        SELECT {_COLUMNS}, e.course_id, e.expires_on
        FROM expiries e
        CROSS JOIN person_standing s
        CROSS JOIN units u
        CROSS JOIN people p
        WHERE e.expires_on >= :day AND e.expires_on <= :last
          AND s.person_id = e.person_id
          AND u.id = s.unit_id AND u.path LIKE :path || '%'
          AND p.id = e.person_id
        ORDER BY e.expires_on, p.staff_no, e.course_id
        LIMIT :limit
        """,  # noqa: S608
        path=wanted.path,
        day=wanted.day,
        last=last,
        limit=-1 if limit is None else limit,
    )


# Private functions

_PEOPLE = {True: ("person_standing s", "people p"), False: ("postings s", "people p")}
_LATE_THEN = """
    o.required = 1 AND o.due_on < :day AND o.began_on <= :day
    AND (o.done_at IS NULL OR o.done_at >= :until)
    AND (o.exempted_at IS NULL OR o.exempted_at >= :until)
    AND (o.withdrawn_at IS NULL OR o.withdrawn_at >= :until)
"""
_OPEN = """
    o.required = 1 AND o.due_on < :day
    AND o.done_at IS NULL AND o.exempted_at IS NULL AND o.withdrawn_at IS NULL
"""
# as it stands, unless it was changed since that day; else as it stood then (``store.pasts``)
_OVERDUE = f"""
    {_LATE_THEN}
    AND NOT EXISTS (
        SELECT 1 FROM obligation_pasts h WHERE h.obligation_id = o.id AND h.until_day > :day
    )
"""  # noqa: S608
_WAS_OVERDUE = f"{_LATE_THEN} AND o.since_day <= :day AND o.until_day > :day"
_IS_OVERDUE = f"""(
    EXISTS (SELECT 1 FROM obligations o WHERE o.person_id = p.id AND {_OVERDUE})
    OR EXISTS (SELECT 1 FROM obligation_pasts o WHERE o.person_id = p.id AND {_WAS_OVERDUE})
)"""  # noqa: S608
_SERVED = """
    s.main = 1 AND s.post <> 'trainer'
    AND s.began_at < :until AND (s.ended_at IS NULL OR s.ended_at >= :until)
    AND (p.disabled_at IS NULL OR p.disabled_at >= :until)
    AND NOT EXISTS (
        SELECT 1 FROM absences b
        WHERE b.person_id = p.id AND b.began_at < :until AND b.ended_at >= :until
    )
"""


def _were_overdue(conn: Connection, wanted: Wanted, limit: int | None) -> list[Row]:
    def those(table: str, its_id: str, condition: str) -> str:
        tables = ("units u", *_PEOPLE[False], f"{table} o", "obligations k", "assignments a")
        return f"""
            SELECT {_COLUMNS}, k.item_kind, k.item_id, o.due_on AS due_on, a.title AS assignment,
                   k.id AS id
            FROM {" CROSS JOIN ".join(tables)}
            WHERE {_conditions(wanted)}
              AND o.person_id = s.person_id AND k.id = o.{its_id} AND a.id = k.assignment_id
              AND {condition}
        """  # noqa: S608

    return conn.all(
        f"""
        {those("obligations", "id", _OVERDUE)}
        UNION ALL
        {those("obligation_pasts", "obligation_id", _WAS_OVERDUE)}
        ORDER BY due_on, person_id, id
        LIMIT :limit
        """,
        **wanted.params(),
        limit=-1 if limit is None else limit,
    )


def _source(conn: Connection, wanted: Wanted, *, ordered: bool = True) -> str:
    """FROM and WHERE of the people wanted.

    ``ordered``: they are read by staff number, and mostly not to the end. A large subtree is
    better walked by people than by units then, and when few people have the words in their name.
    """
    held, people_ = _PEOPLE[wanted.is_today]
    tables = ("units u", held, people_)
    if _is_large(conn, wanted.path):
        if ordered or wanted.query.strip():
            tables = (people_, held, "units u")
        elif not wanted.is_today:
            tables = (held, "units u", people_)
    return f"FROM {' CROSS JOIN '.join(tables)} WHERE {_conditions(wanted)}"


def _conditions(wanted: Wanted) -> str:
    if wanted.is_today:
        state = _STATES[wanted.state]
    else:
        state = f"{_SERVED} AND {_IS_OVERDUE if wanted.state == 'overdue' else 'TRUE'}"
    return f"""
        u.path LIKE :path || '%' AND s.unit_id = u.id AND p.id = s.person_id AND {state}
        {_BY_WORDS if wanted.query.strip() else ""}
        {_BY_POST if wanted.post else ""}
    """


def _is_large(conn: Connection, path: str) -> bool:
    found = conn.value(
        "SELECT COUNT(*) FROM (SELECT 1 FROM units WHERE path LIKE :path || '%' LIMIT :many)",
        path=path,
        many=_MANY_UNITS,
    )
    return bool(found >= _MANY_UNITS)
