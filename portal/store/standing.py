"""Standing of people and units: the facts it is worked out from, and the sums it is read as."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from portal.core.unit_days import MEASURES, Standing
from portal.store.database import Connection, Row
from portal.store.listed import listed
from portal.store.person_lists import in_batches

_SUMS = ", ".join(f"SUM(d.{name}) AS {name}" for name in MEASURES)
_NAMES = ", ".join(MEASURES)
_VALUES = ", ".join(f":{name}" for name in MEASURES)
_ADDED = ", ".join(f"{name} = unit_standing.{name} + excluded.{name}" for name in MEASURES)
_THESE = "(SELECT person_id FROM stale_people WHERE person_id <= :upto)"


def count_stale(conn: Connection) -> int:
    """How many people's standing has to be worked out anew."""
    return int(conn.value("SELECT COUNT(*) FROM stale_people"))


def stale(conn: Connection, limit: int) -> list[int]:
    """The ids of the first of them, in order."""
    rows = conn.all(
        "SELECT person_id FROM stale_people ORDER BY person_id LIMIT :limit", limit=limit
    )
    return [row["person_id"] for row in rows]


def mark_all(conn: Connection) -> None:
    """Have the standing of everybody worked out anew."""
    conn.run(
        """
        INSERT INTO stale_people (person_id)
        SELECT DISTINCT person_id FROM postings WHERE TRUE
        ON CONFLICT DO NOTHING
        """
    )


def clear(conn: Connection) -> None:
    """Forget everybody's standing; ``mark_all`` and working it out make it anew."""
    for table in ("unit_standing", "unit_gains", "person_standing", "expiries"):
        conn.run(f"DELETE FROM {table}")  # noqa: S608 (names of this function)


_FACTS = {
    "people": "SELECT id AS person_id, disabled_at FROM people WHERE id IN ({ids})",
    "postings": """
        SELECT person_id, id, unit_id, post, main, began_at, ended_at
        FROM postings WHERE person_id IN ({ids})
    """,
    "learnt": """
        SELECT person_id, course_id, seen_at, completed_at, renewed_at, hours
        FROM course_progress WHERE person_id IN ({ids})
    """,
    "duties": """
        SELECT id, person_id, due_on, required, began_on, done_at, exempted_at, withdrawn_at
        FROM obligations WHERE person_id IN ({ids})
    """,
    "pasts": """
        SELECT obligation_id AS id, since_day, until_day,
               person_id, due_on, required, began_on, done_at, exempted_at, withdrawn_at
        FROM obligation_pasts WHERE person_id IN ({ids})
    """,
    "absences": "SELECT person_id, began_at, ended_at FROM absences WHERE person_id IN ({ids})",
    "renewals": """
        SELECT person_id, course_id, earned_at FROM certificates
        WHERE person_id IN ({ids}) AND kind = 'renewal'
    """,
    "sittings": """
        SELECT person_id, quiz_id, score, max_score, passed
        FROM attempts
        WHERE person_id IN ({ids}) AND submitted_at IS NOT NULL AND kind <> 'checkpoint'
        ORDER BY person_id, quiz_id, number
    """,
}


def facts(conn: Connection, ids: Sequence[int]) -> dict[str, list[Row]]:
    """The rows behind the standing of these people, by table."""
    return {name: list(in_batches(conn, sql, ids)) for name, sql in _FACTS.items()}


def before(conn: Connection, ids: Sequence[int]) -> list[Row]:
    """What these people added to days and gains when they were last worked out."""
    sql = "SELECT person_id, days, gains FROM person_standing WHERE person_id IN ({ids})"
    return list(in_batches(conn, sql, ids))


def offers(conn: Connection) -> list[Row]:
    """Offered courses with their posts: course_id, since, post (or None)."""
    return conn.all(
        """
        SELECT c.id AS course_id, c.first_offered_at AS since, p.post
        FROM courses c
        LEFT JOIN course_posts p ON p.course_id = c.id
        WHERE c.offered = 1
        """
    )


def save(
    conn: Connection,
    upto: int,
    standings: Mapping[int, tuple[Standing, Any, Any]],
    expiries: Sequence[tuple[int, str, str]],
) -> None:
    """Keep the standings, with what each adds to days and gains; nobody up to ``upto`` is stale."""
    conn.many(
        """
        INSERT INTO person_standing (
            person_id, unit_id, pairs, pairs_done, hours, failing, overdue_from, idle_from,
            waiting_from, seen_on, days, gains
        ) VALUES (
            :person_id, :unit_id, :pairs, :pairs_done, :hours, :failing, :overdue_from, :idle_from,
            :waiting_from, :seen_on, :days, :gains
        )
        ON CONFLICT (person_id) DO UPDATE
        SET unit_id = excluded.unit_id,
            pairs = excluded.pairs,
            pairs_done = excluded.pairs_done,
            hours = excluded.hours,
            failing = excluded.failing,
            overdue_from = excluded.overdue_from,
            idle_from = excluded.idle_from,
            waiting_from = excluded.waiting_from,
            seen_on = excluded.seen_on,
            days = excluded.days,
            gains = excluded.gains
        """,
        [
            {
                "person_id": person_id,
                **asdict(standing),
                "days": json.dumps(days, separators=(",", ":")),
                "gains": json.dumps(gains, separators=(",", ":")),
            }
            for person_id, (standing, days, gains) in standings.items()
        ],
    )
    conn.run(f"DELETE FROM expiries WHERE person_id IN {_THESE}", upto=upto)  # noqa: S608
    conn.many(
        """
        INSERT INTO expiries (person_id, course_id, expires_on)
        VALUES (:person_id, :course_id, :expires_on)
        """,
        [
            {"person_id": person_id, "course_id": course_id, "expires_on": day}
            for person_id, course_id, day in expiries
        ],
    )
    conn.run("DELETE FROM stale_people WHERE person_id <= :upto", upto=upto)


def add_days(conn: Connection, changes: Iterable[tuple[int, str, str, Sequence[int]]]) -> None:
    """Add to units: (unit id, grain, period, a number for each measure)."""
    conn.many(
        f"""
        INSERT INTO unit_standing (unit_id, grain, period, {_NAMES})
        VALUES (:unit_id, :grain, :period, {_VALUES})
        ON CONFLICT (unit_id, grain, period) DO UPDATE SET {_ADDED}
        """,  # noqa: S608 (constants of this module)
        [
            {
                "unit_id": unit_id,
                "grain": grain,
                "period": period,
                **dict(zip(MEASURES, numbers, strict=True)),
            }
            for unit_id, grain, period, numbers in changes
        ],
    )


def add_gains(conn: Connection, changes: Iterable[tuple[int, str, Sequence[float]]]) -> None:
    """Add to units: (unit id, quiz id, [people, first_sum, last_sum, gain_squares])."""
    conn.many(
        """
        INSERT INTO unit_gains (unit_id, quiz_id, people, first_sum, last_sum, gain_squares)
        VALUES (:unit_id, :quiz_id, :people, :first, :last, :squares)
        ON CONFLICT (unit_id, quiz_id) DO UPDATE
        SET people = unit_gains.people + excluded.people,
            first_sum = unit_gains.first_sum + excluded.first_sum,
            last_sum = unit_gains.last_sum + excluded.last_sum,
            gain_squares = unit_gains.gain_squares + excluded.gain_squares
        """,
        [
            {
                "unit_id": unit_id,
                "quiz_id": quiz_id,
                "people": numbers[0],
                "first": numbers[1],
                "last": numbers[2],
                "squares": numbers[3],
            }
            for unit_id, quiz_id, numbers in changes
        ],
    )


# What pages read


def by_unit(conn: Connection, path: str, day: str) -> list[Row]:
    """The standing at the end of ``day`` of every unit of the subtree, by its path; each unit
    alone, without those below it. Columns path and the measures."""
    return conn.all(
        f"""
        SELECT d.path, {_SUMS}
        FROM (
            SELECT u.path, d.*
            FROM units u
            CROSS JOIN unit_standing d
            WHERE u.path LIKE :path || '%' AND d.unit_id = u.id
              AND d.grain = 'month' AND d.period < :month
            UNION ALL
            SELECT u.path, d.*
            FROM units u
            CROSS JOIN unit_standing d
            WHERE u.path LIKE :path || '%' AND d.unit_id = u.id
              AND d.grain = 'day' AND d.period >= :month AND d.period <= :day
        ) d
        GROUP BY d.path
        """,  # noqa: S608
        path=path,
        month=day[:7],
        day=day,
    )


def staff_by_month(
    conn: Connection, whole: Sequence[int], alone: Sequence[int], day: str
) -> list[Row]:
    """How the number of staff changed: path, period (a month; that of ``day`` until then), staff.

    Of units with all below them, and of others without, by their ids.
    """
    whole_in, whole_ids = listed(whole)
    alone_in, alone_ids = listed(alone, "alone")
    return conn.all(
        f"""
        WITH t AS MATERIALIZED (
            SELECT b.path, u.id
            FROM units b
            JOIN units u ON u.path LIKE b.path || '%'
            WHERE b.id IN {whole_in}
            UNION ALL
            SELECT b.path, b.id FROM units b WHERE b.id IN {alone_in}
        )
        SELECT t.path, m.period, SUM(m.staff) AS staff
        FROM t
        CROSS JOIN unit_standing m
        WHERE m.unit_id = t.id AND m.grain = 'month' AND m.period < :month
        GROUP BY t.path, m.period
        UNION ALL
        SELECT t.path, :month, SUM(m.staff)
        FROM t
        CROSS JOIN unit_standing m
        WHERE m.unit_id = t.id AND m.grain = 'day' AND m.period >= :month AND m.period <= :day
        GROUP BY t.path
        """,  # noqa: S608 (names of parameters)
        month=day[:7],
        day=day,
        **whole_ids,
        **alone_ids,
    )


def who_left(conn: Connection, unit_ids: Sequence[int], until: str, fewer_than: int) -> list[Row]:
    """How many different people belonged to each of these units before the instant ``until``:
    unit_id, people; only of units that hold results, where they were ``fewer_than``."""
    sql = """
        SELECT p.unit_id, COUNT(DISTINCT p.person_id) AS people
        FROM postings p
        WHERE p.unit_id IN ({ids}) AND p.main = 1 AND p.began_at < :until
          AND EXISTS (SELECT 1 FROM unit_months m WHERE m.unit_id = p.unit_id)
        GROUP BY p.unit_id
        HAVING COUNT(DISTINCT p.person_id) < :fewer_than
    """
    return list(in_batches(conn, sql, unit_ids, until=until, fewer_than=fewer_than))


def by_month(conn: Connection, path: str, day: str) -> list[Row]:
    """What changed in the subtree in each month until ``day``: period and the measures."""
    return conn.all(
        f"""
        SELECT d.month AS period, {_SUMS}
        FROM (
            SELECT d.period AS month, d.*
            FROM units u
            CROSS JOIN unit_standing d
            WHERE u.path LIKE :path || '%' AND d.unit_id = u.id
              AND d.grain = 'month' AND d.period < :month
            UNION ALL
            SELECT :month, d.*
            FROM units u
            CROSS JOIN unit_standing d
            WHERE u.path LIKE :path || '%' AND d.unit_id = u.id
              AND d.grain = 'day' AND d.period >= :month AND d.period <= :day
        ) d
        GROUP BY d.month
        ORDER BY d.month
        """,  # noqa: S608
        path=path,
        month=day[:7],
        day=day,
    )


def children(conn: Connection, unit_id: int) -> list[Row]:
    """Units directly below, closed ones too: id, path, name, name_en, closed_at."""
    return conn.all(
        """
        SELECT id, path, name, name_en, closed_at FROM units
        WHERE parent_id = :unit_id
        ORDER BY id
        """,
        unit_id=unit_id,
    )


def roots(conn: Connection) -> list[Row]:
    """Units at the top, rows as ``children``; below a single one, the units directly below it."""
    top = conn.all(
        """
        SELECT id, path, name, name_en, closed_at FROM units
        WHERE parent_id IS NULL
        ORDER BY id
        """
    )
    return children(conn, top[0]["id"]) if len(top) == 1 else top
