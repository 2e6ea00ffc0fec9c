"""Lists of certificates over many people, a page at a time.

A page is read in the order of an index, or gathered from the people it is about, whichever meets
fewer rows: a grid of ten people costs the same in a village and in a city, and so does everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from portal.core.certificates import EXPIRING
from portal.core.times import iso
from portal.store.certificates import NEWEST_REVOKES, Issued, issued
from portal.store.database import Connection
from portal.store.units import literal

Sought = Literal["valid", "expiring", "expired", "revoked"]

_FEW = 5000  # people whose certificates are gathered and put in order rather than met in order


def found(
    conn: Connection,
    paths: Sequence[str] | None,
    query: str,
    state: Sought | None,
    now: datetime,
    *,
    limit: int,
    offset: int,
) -> list[tuple[Issued, str]]:
    """Certificates of people posted in the subtrees at ``paths`` (None: of everybody), each with
    the staff number of today.

    ``query`` is looked for in the name and the number of the person. Those about to expire come
    in the order of their ends, expired ones with the last expired first, others the last issued
    first. The state follows the dates and decisions; signatures are not looked at.
    """
    gathered = bool(query.strip()) or (paths is not None and _count(conn, paths, _FEW) < _FEW)
    within, given = _within(paths)
    wanted = [
        "c.person_id = p.id",
        within,
        _WANTED if query.strip() else "",
        _STATES[state] if state else "",
    ]
    rows = conn.all(
        f"""
        SELECT c.*, p.staff_no AS holder_no, {NEWEST_REVOKES} AS revoked
        FROM {_FROM[gathered, paths is None]}
        WHERE {" AND ".join(one for one in wanted if one)}
        ORDER BY {_ORDERS.get(state or "", "c.id DESC")}
        LIMIT :limit OFFSET :offset
        """,  # noqa: S608 (constants of this module)
        **given,
        **({"wanted": f"%{literal(query)}%"} if query.strip() else {}),
        **_moments(state, now),
        limit=limit,
        offset=offset,
    )
    numbers = [row.pop("holder_no") for row in rows]
    return [(issued(row), number) for row, number in zip(rows, numbers, strict=True)]


# Private functions

_WANTED = "(LOWER(p.name) LIKE :wanted ESCAPE '\\' OR LOWER(p.staff_no) LIKE :wanted ESCAPE '\\')"
# a certificate belongs where its holder has the main posting now, as in people.find_target
_POSTED = "s.person_id = p.id AND s.ended_at IS NULL AND s.main = 1 AND u.id = s.unit_id"
_BELOW = "units AS u CROSS JOIN postings AS s CROSS JOIN people AS p"
# by (gathered from people, of everybody); a CROSS JOIN is made in the order in which it is written
_FROM = {
    (True, True): "people AS p CROSS JOIN certificates AS c",
    (True, False): f"{_BELOW} CROSS JOIN certificates AS c",
    (False, True): "certificates AS c CROSS JOIN people AS p",
    (False, False): (
        "certificates AS c CROSS JOIN people AS p CROSS JOIN postings AS s CROSS JOIN units AS u"
    ),
}
_ONCE_REVOKED = "c.id IN (SELECT certificate_id FROM certificate_decisions WHERE kind = 'revoke')"
_UNREVOKED = f"NOT COALESCE({NEWEST_REVOKES}, FALSE)"
_STATES = {
    "valid": f"(c.valid_until IS NULL OR c.valid_until > :soon) AND {_UNREVOKED}",
    "expiring": f"c.valid_until > :now AND c.valid_until <= :soon AND {_UNREVOKED}",
    "expired": f"c.valid_until <= :now AND {_UNREVOKED}",
    "revoked": f"{_ONCE_REVOKED} AND {NEWEST_REVOKES}",
}
_ORDERS = {"expiring": "c.valid_until, c.id", "expired": "c.valid_until DESC, c.id DESC"}


def _within(paths: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    if paths is None:
        return "", {}
    below = " OR ".join(f"u.path LIKE :below{n}" for n in range(len(paths))) or "1 = 0"
    return f"({below}) AND {_POSTED}", {f"below{n}": f"{path}%" for n, path in enumerate(paths)}


def _count(conn: Connection, paths: Sequence[str], most: int) -> int:
    """How many people are posted in the subtrees, counted up to ``most``."""
    within, given = _within(paths)
    return int(
        conn.value(
            f"""
            SELECT COUNT(*) FROM (
                SELECT 1
                FROM {_BELOW}
                WHERE {within}
                LIMIT :most
            ) AS some
            """,  # noqa: S608 (constants of this module)
            **given,
            most=most,
        )
    )


def _moments(state: Sought | None, now: datetime) -> dict[str, str]:
    named = {"now": iso(now), "soon": iso(now + EXPIRING)}
    return {name: at for name, at in named.items() if f":{name}" in _STATES.get(state or "", "")}
