"""Runs of drills and their events. A run is its events: they are added, never changed.

``number`` counts the events of a run from 1; two writers cannot add the same one.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.drill_json import drill_from_json, drill_to_json, version_of_drill
from portal.core.drill_run import Event, Play
from portal.core.drills import Drill
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

KEPT_PLAYS = 64

_plays: OrderedDict[str, Play] = OrderedDict()
_guard = threading.Lock()
_COLUMNS = """
    id, drill_id, course_id, version, kind, seed, person_id, unit_id, started_at, ended_at,
    outcome, ending, passed, best, score
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``ended_at`` None: it is open; ``outcome`` is ``finished`` or ``stopped``."""

    id: int
    drill_id: str
    course_id: str
    version: str
    kind: str
    seed: int
    person_id: int
    unit_id: int | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    ending: str | None
    passed: bool | None
    best: bool | None
    score: float | None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def keep_version(conn: Connection, drill: Drill, at: datetime) -> str:
    """Store the drill as it is now, unless it is there already; its version."""
    version = version_of_drill(drill)
    conn.run(
        """
        INSERT INTO drill_versions (version, drill_id, body, first_met_at)
        VALUES (:version, :drill_id, :body, :at)
        ON CONFLICT (version) DO NOTHING
        """,
        version=version,
        drill_id=drill.id,
        body=drill_to_json(drill),
        at=iso(at),
    )
    return version


def get_play(conn: Connection, version: str) -> Play:
    """The rules of a stored version; kept in memory, for a version never changes. Raises
    KeyError on an unknown one."""
    with _guard:
        if version in _plays:
            _plays.move_to_end(version)
            return _plays[version]
    body = conn.value("SELECT body FROM drill_versions WHERE version = :version", version=version)
    if body is None:
        raise KeyError(version)
    play = Play(drill_from_json(body))
    with _guard:
        _plays[version] = play
        while len(_plays) > KEPT_PLAYS:
            _plays.popitem(last=False)
    return play


def add_run(
    conn: Connection,
    *,
    drill: Drill,
    version: str,
    kind: str,
    seed: int,
    person_id: int,
    unit_id: int | None,
    at: datetime,
) -> int:
    """A new run that has begun; its id."""
    return conn.insert(
        """
        INSERT INTO drill_runs (drill_id, course_id, version, kind, seed, person_id, unit_id,
                                started_at)
        VALUES (:drill_id, :course_id, :version, :kind, :seed, :person_id, :unit_id, :at)
        RETURNING id
        """,
        drill_id=drill.id,
        course_id=drill.course,
        version=version,
        kind=kind,
        seed=seed,
        person_id=person_id,
        unit_id=unit_id,
        at=iso(at),
    )


def add_participant(
    conn: Connection, run_id: int, person_id: int, unit_id: int | None, at: datetime, role: str = ""
) -> None:
    """Let somebody take part; once more changes the role."""
    conn.run(
        """
        INSERT INTO drill_participants (run_id, person_id, unit_id, role, joined_at)
        VALUES (:run_id, :person_id, :unit_id, :role, :at)
        ON CONFLICT (run_id, person_id) DO UPDATE SET role = excluded.role, left_at = NULL
        """,
        run_id=run_id,
        person_id=person_id,
        unit_id=unit_id,
        role=role,
        at=iso(at),
    )


def find_run(conn: Connection, run_id: int) -> Run | None:
    """The run of that id."""
    row = conn.one(f"SELECT {_COLUMNS} FROM drill_runs WHERE id = :id", id=run_id)  # noqa: S608
    return None if row is None else _run(row)


def find_open(conn: Connection, person_id: int, drill_id: str) -> Run | None:
    """The open run that the person plays alone."""
    row = conn.one(
        f"""
        SELECT {_COLUMNS} FROM drill_runs
        WHERE person_id = :person_id AND drill_id = :drill_id
          AND kind = 'solo' AND ended_at IS NULL
        """,  # noqa: S608
        person_id=person_id,
        drill_id=drill_id,
    )
    return None if row is None else _run(row)


def open_of(conn: Connection, person_id: int) -> frozenset[str]:
    """The drills that the person has begun alone and not ended."""
    rows = conn.all(
        """
        SELECT drill_id FROM drill_runs
        WHERE person_id = :person_id AND kind = 'solo' AND ended_at IS NULL
        """,
        person_id=person_id,
    )
    return frozenset(row["drill_id"] for row in rows)


def runs_of(conn: Connection, person_id: int, drill_id: str | None, limit: int) -> list[Run]:
    """Runs that the person took part in, the newest first."""
    rows = conn.all(
        f"""
        SELECT {_COLUMNS} FROM drill_runs
        WHERE id IN (SELECT run_id FROM drill_participants WHERE person_id = :person_id)
          AND (:drill_id IS NULL OR drill_id = :drill_id)
        ORDER BY started_at DESC, id DESC
        LIMIT :limit
        """,  # noqa: S608
        person_id=person_id,
        drill_id=drill_id,
        limit=limit,
    )
    return [_run(row) for row in rows]


def drills_passed(conn: Connection, person_id: int) -> dict[str, datetime]:
    """The drills that the person has passed, each with when it was last."""
    rows = conn.all(
        """
        SELECT r.drill_id, MAX(r.ended_at) AS at
        FROM drill_participants p
        JOIN drill_runs r ON r.id = p.run_id
        WHERE p.person_id = :person_id AND r.passed = 1
        GROUP BY r.drill_id
        """,
        person_id=person_id,
    )
    return {row["drill_id"]: parse_iso(row["at"]) for row in rows}


def is_participant(conn: Connection, run_id: int, person_id: int) -> bool:
    """Whether the person takes part in the run."""
    found = conn.value(
        "SELECT 1 FROM drill_participants WHERE run_id = :run_id AND person_id = :person_id",
        run_id=run_id,
        person_id=person_id,
    )
    return found is not None


def append(conn: Connection, run_id: int, number: int, event: Event) -> None:
    """Add ``event`` as number ``number``. Raises IntegrityError when that is there already."""
    body: dict[str, object] = {}
    if event.decision:
        body |= {"decision": event.decision, "option": event.option}
    if event.given_back:
        body["given_back_s"] = round(event.given_back.total_seconds(), 3)
    append_row(conn, run_id, number, event.kind, event.person_id, event.at, body)


def append_row(
    conn: Connection,
    run_id: int,
    number: int,
    kind: str,
    person_id: int | None,
    at: datetime,
    body: object,
) -> None:
    """Add an event of any kind; ``body`` goes into JSON."""
    conn.run(
        """
        INSERT INTO drill_events (run_id, number, kind, person_id, at, body)
        VALUES (:run_id, :number, :kind, :person_id, :at, :body)
        """,
        run_id=run_id,
        number=number,
        kind=kind,
        person_id=person_id,
        at=iso(at),
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    )


def events(conn: Connection, run_id: int) -> list[Event]:
    """The events of a run in order, those of kinds that move nothing included."""
    return [_event(row) for row in event_rows(conn, run_id)]


def event_rows(conn: Connection, run_id: int) -> list[Row]:
    """Columns number, kind, person_id, at, body (JSON), in order."""
    return conn.all(
        """
        SELECT number, kind, person_id, at, body FROM drill_events
        WHERE run_id = :run_id
        ORDER BY number
        """,
        run_id=run_id,
    )


def see(conn: Connection, run_id: int, person_id: int, at: datetime) -> None:
    """Note that the person's page gave a sign at ``at``."""
    conn.run(
        """
        INSERT INTO drill_presence (run_id, person_id, seen_at)
        VALUES (:run_id, :person_id, :at)
        ON CONFLICT (run_id, person_id) DO UPDATE SET seen_at = excluded.seen_at
        WHERE excluded.seen_at > drill_presence.seen_at
        """,
        run_id=run_id,
        person_id=person_id,
        at=iso(at),
    )


def last_seen(conn: Connection, run_id: int) -> datetime | None:
    """The last sign that anybody gave."""
    at = conn.value("SELECT MAX(seen_at) FROM drill_presence WHERE run_id = :run_id", run_id=run_id)
    return None if at is None else parse_iso(at)


def end(
    conn: Connection,
    run_id: int,
    *,
    at: datetime,
    outcome: str,
    ending: str | None = None,
    passed: bool | None = None,
    best: bool | None = None,
    score: float | None = None,
) -> None:
    """Close the run."""
    conn.run(
        """
        UPDATE drill_runs
        SET ended_at = :at, outcome = :outcome, ending = :ending, passed = :passed,
            best = :best, score = :score
        WHERE id = :id AND ended_at IS NULL
        """,
        id=run_id,
        at=iso(at),
        outcome=outcome,
        ending=ending,
        passed=None if passed is None else int(passed),
        best=None if best is None else int(best),
        score=score,
    )


def forget() -> None:
    """Empty the memory: for tests."""
    with _guard:
        _plays.clear()


# Private functions


def _run(row: Row) -> Run:
    times = {
        name: None if row[name] is None else parse_iso(row[name])
        for name in ("started_at", "ended_at")
    }
    flags = {name: None if row[name] is None else bool(row[name]) for name in ("passed", "best")}
    return Run(**{**row, **times, **flags})


def _event(row: Row) -> Event:
    body = json.loads(row["body"])
    return Event(
        row["kind"],
        parse_iso(row["at"]),
        str(body.get("decision", "")),
        int(body.get("option", -1)),
        timedelta(seconds=float(body.get("given_back_s", 0.0))),
        row["person_id"],
    )
