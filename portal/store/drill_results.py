"""What finished runs of drills say: ratings, summaries of units, improvement actions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from portal.core.times import iso
from portal.store.database import Connection, Row

ALL_DRILLS = ""  # stands for all drills together in the summaries of units


def add_ratings(conn: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows with run_id, person_id, objective, capability, critical (0/1), score, rating."""
    conn.many(
        """
        INSERT INTO drill_ratings (run_id, person_id, objective, capability, critical, score,
                                   rating)
        VALUES (:run_id, :person_id, :objective, :capability, :critical, :score, :rating)
        """,
        rows,
    )


def count_run(
    conn: Connection,
    *,
    unit_id: int,
    drill_id: str,
    person_ids: Iterable[int],
    best: bool,
    score: float,
    at: datetime,
) -> None:
    """Count a finished run in the unit's summary, for its drill and for all drills together."""
    people = list(person_ids)
    for key in (drill_id, ALL_DRILLS):
        new = sum(_meets(conn, unit_id, key, person_id) for person_id in people)
        conn.run(
            """
            INSERT INTO unit_drills (unit_id, drill_id, runs, best, score_sum, people, last_at)
            VALUES (:unit_id, :drill_id, 1, :best, :score, :people, :at)
            ON CONFLICT (unit_id, drill_id) DO UPDATE SET
                runs = unit_drills.runs + 1,
                best = unit_drills.best + excluded.best,
                score_sum = unit_drills.score_sum + excluded.score_sum,
                people = unit_drills.people + excluded.people,
                last_at = excluded.last_at
            """,
            unit_id=unit_id,
            drill_id=key,
            best=int(best),
            score=score,
            people=new,
            at=iso(at),
        )


def count_objectives(conn: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows with unit_id, drill_id, objective, and p, s, m, u of which one is 1."""
    conn.many(
        """
        INSERT INTO unit_drill_objectives (unit_id, drill_id, objective, p, s, m, u)
        VALUES (:unit_id, :drill_id, :objective, :p, :s, :m, :u)
        ON CONFLICT (unit_id, drill_id, objective) DO UPDATE SET
            p = unit_drill_objectives.p + excluded.p,
            s = unit_drill_objectives.s + excluded.s,
            m = unit_drill_objectives.m + excluded.m,
            u = unit_drill_objectives.u + excluded.u
        """,
        rows,
    )


def count_options(conn: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows with unit_id, drill_id, decision_id, version, option, rating, by_clock (0/1)."""
    conn.many(
        """
        INSERT INTO unit_drill_options (unit_id, drill_id, decision_id, version, option, rating,
                                        taken, by_clock)
        VALUES (:unit_id, :drill_id, :decision_id, :version, :option, :rating, 1, :by_clock)
        ON CONFLICT (unit_id, drill_id, decision_id, version, option) DO UPDATE SET
            taken = unit_drill_options.taken + 1,
            by_clock = unit_drill_options.by_clock + excluded.by_clock
        """,
        rows,
    )


def options_taken(conn: Connection, drill_id: str) -> list[Row]:
    """Over all units: decision_id, version, option, taken, by_clock."""
    return conn.all(
        """
        SELECT decision_id, version, option, SUM(taken) AS taken, SUM(by_clock) AS by_clock
        FROM unit_drill_options
        WHERE drill_id = :drill_id
        GROUP BY decision_id, version, option
        """,
        drill_id=drill_id,
    )


def drills_below(conn: Connection, path: str) -> list[Row]:
    """By drill over the subtree: drill_id, runs, best, score_sum, last_at, people.

    People are counted in the unit where they finished the drill first; somebody who has moved
    and plays again counts in both.
    """
    return conn.all(
        """
        SELECT d.drill_id, SUM(d.runs) AS runs, SUM(d.best) AS best,
               SUM(d.score_sum) AS score_sum, MAX(d.last_at) AS last_at, SUM(d.people) AS people
        FROM units u
        CROSS JOIN unit_drills d
        WHERE u.path LIKE :path || '%' AND d.unit_id = u.id AND d.drill_id <> ''
        GROUP BY d.drill_id
        ORDER BY SUM(d.runs) DESC, d.drill_id
        """,
        path=path,
    )


def objectives_below(conn: Connection, path: str) -> list[Row]:
    """By drill and objective over the subtree: drill_id, objective, p, s, m, u."""
    return conn.all(
        """
        SELECT o.drill_id, o.objective, SUM(o.p) AS p, SUM(o.s) AS s, SUM(o.m) AS m, SUM(o.u) AS u
        FROM units u
        CROSS JOIN unit_drill_objectives o
        WHERE u.path LIKE :path || '%' AND o.unit_id = u.id
        GROUP BY o.drill_id, o.objective
        ORDER BY o.drill_id, o.objective
        """,
        path=path,
    )


def decisions_below(conn: Connection, path: str, drill_id: str) -> list[Row]:
    """By decision of the drill over the subtree: drill_id, decision_id, taken, gaps (rated M or U).

    A drill at a time, for what it costs is the sorting: eight short lists, not a long one.
    """
    return conn.all(
        """
        SELECT :drill_id AS drill_id, o.decision_id, SUM(o.taken) AS taken,
               SUM(CASE WHEN o.rating IN ('M', 'U') THEN o.taken ELSE 0 END) AS gaps
        FROM units u
        CROSS JOIN unit_drill_options o
        WHERE u.path LIKE :path || '%' AND o.unit_id = u.id AND o.drill_id = :drill_id
        GROUP BY o.decision_id
        """,
        path=path,
        drill_id=drill_id,
    )


def people_by_unit(conn: Connection, path: str) -> list[Row]:
    """Who has finished what below ``path``: path, drill_id ("" for all together), people."""
    return conn.all(
        """
        SELECT u.path, d.drill_id, d.people
        FROM units u
        CROSS JOIN unit_drills d
        WHERE u.path LIKE :path || '%' AND d.unit_id = u.id
        """,
        path=path,
    )


def totals_by_unit(conn: Connection, path: str) -> list[Row]:
    """Of each unit of the subtree that has any, all drills together: path, people, runs, best,
    score_sum."""
    return conn.all(
        """
        SELECT u.path, d.people, d.runs, d.best, d.score_sum
        FROM units u
        CROSS JOIN unit_drills d
        WHERE u.path LIKE :path || '%' AND d.unit_id = u.id AND d.drill_id = ''
        """,
        path=path,
    )


# improvement actions


def add_action(
    conn: Connection,
    *,
    run_id: int,
    drill_id: str,
    objective: str,
    capability: str,
    decisions: Iterable[str],
    person_id: int,
    unit_id: int | None,
    course_id: str,
    due_on: date,
    at: datetime,
    text: str = "",
    owner_name: str = "",
    is_group: bool = False,
) -> int:
    """Open an improvement action for its owner; its id. ``owner_name``: somebody without an
    account does it, and ``person_id`` answers for it."""
    return conn.insert(
        """
        INSERT INTO drill_actions (run_id, drill_id, objective, capability, decisions, text,
                                   person_id, unit_id, course_id, due_on, opened_at, owner_name,
                                   is_group)
        VALUES (:run_id, :drill_id, :objective, :capability, :decisions, :text, :person_id,
                :unit_id, :course_id, :due_on, :at, :owner_name, :is_group)
        RETURNING id
        """,
        run_id=run_id,
        drill_id=drill_id,
        objective=objective,
        capability=capability,
        decisions=json.dumps(list(decisions)),
        text=text,
        person_id=person_id,
        unit_id=unit_id,
        course_id=course_id,
        due_on=due_on.isoformat(),
        at=iso(at),
        owner_name=owner_name,
        is_group=int(is_group),
    )


def close_actions(
    conn: Connection, *, person_id: int, drill_id: str, objective: str, run_id: int, at: datetime
) -> int:
    """A retest alone was passed: close what the owner has open from runs alone; how many."""
    return conn.run(
        """
        UPDATE drill_actions
        SET closed_at = :at, closed_by_run = :run_id
        WHERE person_id = :person_id AND drill_id = :drill_id AND objective = :objective
          AND closed_at IS NULL AND run_id <> :run_id AND is_group = 0
        """,
        person_id=person_id,
        drill_id=drill_id,
        objective=objective,
        run_id=run_id,
        at=iso(at),
    )


def close_group_actions(
    conn: Connection,
    *,
    unit_id: int | None,
    drill_id: str,
    objective: str,
    run_id: int,
    at: datetime,
) -> int:
    """A retest of a group was passed: close what earlier groups of the unit left open; how many."""
    return conn.run(
        """
        UPDATE drill_actions
        SET closed_at = :at, closed_by_run = :run_id
        WHERE drill_id = :drill_id AND objective = :objective AND is_group = 1
          AND closed_at IS NULL AND run_id <> :run_id
          AND run_id IN (SELECT id FROM drill_runs
                         WHERE kind = 'group' AND drill_id = :drill_id
                           AND (unit_id = :unit_id OR (unit_id IS NULL AND :unit_id IS NULL)))
        """,
        unit_id=unit_id,
        drill_id=drill_id,
        objective=objective,
        run_id=run_id,
        at=iso(at),
    )


def open_actions_of(conn: Connection, person_id: int) -> list[Row]:
    """The person's open actions, the soonest due first; columns of ``drill_actions``."""
    return conn.all(
        """
        SELECT * FROM drill_actions
        WHERE person_id = :person_id AND closed_at IS NULL
        ORDER BY due_on, id
        """,
        person_id=person_id,
    )


def open_action_for(conn: Connection, person_id: int, drill_id: str, objective: str) -> int | None:
    """The id of an open action of the objective from a run alone; None when there is none."""
    found: int | None = conn.value(
        """
        SELECT id FROM drill_actions
        WHERE person_id = :person_id AND drill_id = :drill_id AND objective = :objective
          AND closed_at IS NULL AND is_group = 0
        """,
        person_id=person_id,
        drill_id=drill_id,
        objective=objective,
    )
    return found


def actions_of_run(conn: Connection, run_id: int) -> list[Row]:
    """The actions that a run opened or closed, with the owner's name as owner."""
    return conn.all(
        """
        SELECT a.*, CASE WHEN a.owner_name = '' THEN p.name ELSE a.owner_name END AS owner
        FROM drill_actions a
        JOIN people p ON p.id = a.person_id
        WHERE a.run_id = :run_id OR a.closed_by_run = :run_id
        ORDER BY a.due_on, a.id
        """,
        run_id=run_id,
    )


def actions_below(conn: Connection, path: str, limit: int) -> list[Row]:
    """Open actions of the subtree, the soonest due first: columns of ``drill_actions``, owner,
    unit_name, unit_name_en. Those few are found by the index before anything is joined to them."""
    return conn.all(
        """
        SELECT a.*, CASE WHEN a.owner_name = '' THEN p.name ELSE a.owner_name END AS owner,
               u.name AS unit_name, u.name_en AS unit_name_en
        FROM (
            SELECT o.id
            FROM units v
            CROSS JOIN drill_actions o
            WHERE v.path LIKE :path || '%' AND o.unit_id = v.id AND o.closed_at IS NULL
            ORDER BY o.due_on, o.id
            LIMIT :limit
        ) AS first
        JOIN drill_actions a ON a.id = first.id
        JOIN units u ON u.id = a.unit_id
        JOIN people p ON p.id = a.person_id
        ORDER BY a.due_on, a.id
        """,
        path=path,
        limit=limit,
    )


def count_actions_below(conn: Connection, path: str, today: date) -> Row:
    """Over the subtree: open, overdue."""
    found = conn.one(
        """
        SELECT COUNT(*) AS open,
               COALESCE(SUM(CASE WHEN a.due_on < :today THEN 1 ELSE 0 END), 0) AS overdue
        FROM units u
        CROSS JOIN drill_actions a
        WHERE u.path LIKE :path || '%' AND a.unit_id = u.id AND a.closed_at IS NULL
        """,
        path=path,
        today=today.isoformat(),
    )
    return found or {"open": 0, "overdue": 0}


# Private functions


def _meets(conn: Connection, unit_id: int, drill_id: str, person_id: int) -> bool:
    """Note that the person has finished the drill in the unit; whether that is new."""
    return bool(
        conn.run(
            """
            INSERT INTO unit_drill_people (unit_id, drill_id, person_id)
            VALUES (:unit_id, :drill_id, :person_id)
            ON CONFLICT (unit_id, drill_id, person_id) DO NOTHING
            """,
            unit_id=unit_id,
            drill_id=drill_id,
            person_id=person_id,
        )
    )
