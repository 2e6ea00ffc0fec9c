"""The evidence of capability in a city, and what is derived from it, as the portal would have it.

Every answer handed in, decision of a drill and completed course of the last ``DAYS`` is a row of
the log (a portal that counted none before has none), in the order of time for each person, with
repeats weighed. Questions learn from it and profiles are its fold, both by the functions that the
portal uses; units and courses are worked out by the rounds that do so at night.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.actions import capability_rounds
from portal.actions.evidence import DRILL_LEVEL
from portal.actions.portal import Portal
from portal.core.capability import (
    CAPABILITIES,
    ItemState,
    drill_weight,
    guessing,
    item_respond,
    item_start,
    rating_value,
    repeat_weight,
)
from portal.core.capability_log import BLANK, Event, Profile, apply, at_time
from portal.core.times import iso, parse_iso
from portal.store import capability, evidence, versions
from tests.benchmarks.city_drills import Proof

_INDEX = {key: k for k, key in enumerate(CAPABILITIES)}
_DAY_S = 86400.0
A_RANGE = 500  # people written together
DAYS = 90  # since when the portal has counted evidence
_NAMES = ", ".join(evidence.COLUMNS)
_PLACES = ",".join("?" * len(evidence.COLUMNS))


class Answer(NamedTuple):
    """An answer or a decision that counts."""

    item: str
    version: str
    k: int
    x: float
    c: float
    weight: float
    level: int
    position: int


class Occasion(NamedTuple):
    """What happened at one moment: a paper, a run, or (no ``answers``) a completed course."""

    at: str
    kind: str
    source_id: int | None
    course_id: str
    content_id: str
    answers: tuple[Answer, ...]


@dataclass
class Log:
    """What all people together have taught the questions."""

    capability_of: Mapping[str, str]  # by course
    items: dict[str, ItemState]
    counts: dict[str, tuple[str, int]]  # version -> item id, answers it learned from

    def learn(self, one: Answer, item: ItemState, mean: float, variance: float, w: float) -> None:
        """What the nightly round would make of the row."""
        before = self.items.get(one.version, item)
        after = item_respond(before, one.x, mean, variance, one.c, w)
        self.items[one.version] = after
        if after is not before:
            count = self.counts.get(one.version, (one.item, 0))[1]
            self.counts[one.version] = (one.item, count + 1)


def fill(
    portal: Portal,
    raw: sqlite3.Connection,
    staff: int,
    proofs: Mapping[int, list[Proof]],
    progress: Callable[[int, int], None],
    days: int = DAYS,
) -> None:
    """Store the evidence of people 1 to ``staff`` of the last ``days``.

    ``raw`` is in a transaction. ``progress`` is told how many people of all are done; it may
    commit, and begin another.
    """
    papers = _papers(portal, raw)
    courses = portal.library.catalogue.courses
    log = Log({key: one.capability for key, one in courses.items()}, {}, {})
    since = iso(portal.now() - timedelta(days=days))
    raw.execute("DROP INDEX evidence_version")
    for first in range(1, staff + 1, A_RANGE):
        people = range(first, min(first + A_RANGE, staff + 1))
        profiles: dict[int, Profile] = {}
        rows = _rows(raw, people, papers, proofs, since, log, profiles)
        raw.executemany(f"INSERT INTO evidence ({_NAMES}) VALUES ({_PLACES})", rows)
        _save(raw, profiles)
        progress(people[-1], staff)
    raw.execute("CREATE INDEX evidence_version ON evidence (version, id)")
    _night(portal, raw, log)


def derive(portal: Portal) -> None:
    """What the rounds of a night work out: figures of units, and what courses moved."""
    capability_rounds.refresh_effects(portal)
    capability_rounds.refresh(portal)


# Private functions


def _rows(
    raw: sqlite3.Connection,
    people: range,
    papers: Mapping[str, list[Answer]],
    proofs: Mapping[int, list[Proof]],
    since: str,
    log: Log,
    profiles: dict[int, Profile],
) -> Iterator[tuple[Any, ...]]:
    """Rows of ``evidence.COLUMNS``, person by person; puts what they come to into ``profiles``."""
    for person in people:
        found = _occasions(raw, person, papers, proofs.get(person, []), log.capability_of)
        occasions = sorted(one for one in found if one.at >= since)
        if occasions:
            profiles[person] = yield from _fold(person, occasions, log)


def _save(raw: sqlite3.Connection, profiles: Mapping[int, Profile]) -> None:
    raw.executemany(
        """
        INSERT OR REPLACE INTO capability_states (person_id, at, filter, answers, practised)
        VALUES (?,?,?,?,?)
        """,
        (
            (
                person,
                iso(found.at),
                capability.pack(found.state),
                json.dumps(found.answers),
                json.dumps([iso(day) if day else None for day in found.practised]),
            )
            for person, found in profiles.items()
            if found.at is not None
        ),
    )


def _papers(portal: Portal, raw: sqlite3.Connection) -> dict[str, list[Answer]]:
    """By version of a quiz, the answers of a paper as if all were wrong; the city's papers at one
    version hold the same questions."""
    found: dict[str, list[Answer]] = {}
    for version, attempt in raw.execute(
        "SELECT version, MIN(id) FROM attempts WHERE opened_at = submitted_at GROUP BY version"
    ).fetchall():
        lines = raw.execute(
            "SELECT question_id, version FROM attempt_items WHERE attempt_id = ? ORDER BY position",
            (attempt,),
        ).fetchall()
        with portal.db.read() as conn:
            known = versions.get_questions(conn, [line[1] for line in lines])
        found[version] = []
        for position, (question_id, mark) in enumerate(lines):
            question = known[mark]
            course = portal.library.catalogue.courses[question.course]
            k = _INDEX[question.capability or course.capability]
            c = guessing(question)
            found[version].append(
                Answer(question_id, mark, k, 0.0, c, 1.0, question.level, position)
            )
    return found


def _occasions(
    raw: sqlite3.Connection,
    person: int,
    papers: Mapping[str, list[Answer]],
    proofs: list[Proof],
    capability_of: Mapping[str, str],
) -> Iterator[Occasion]:
    for attempt, quiz, course_id, version, seed, at in raw.execute(
        """
        SELECT id, quiz_id, course_id, version, seed, submitted_at FROM attempts
        WHERE person_id = ? AND opened_at = submitted_at
        """,
        (person,),
    ):
        right, shift = divmod(seed, 100)
        paper = papers[version]
        answers = tuple(
            one._replace(x=1.0) if (one.position + shift) % len(paper) < right else one
            for one in paper
        )
        yield Occasion(at, "quiz", attempt, course_id, quiz, answers)
    for proof in proofs:
        walk = proof.run.walk
        among = [key for _, _, key, _ in walk.proofs]
        answers = tuple(
            Answer(
                name,
                mark,
                _INDEX[key],
                rating_value(rating),
                0.0,
                proof.weight * drill_weight(among.count(key)),
                DRILL_LEVEL,
                position,
            )
            for position, (name, mark, key, rating) in enumerate(walk.proofs)
        )
        drill = walk.drill
        yield Occasion(iso(proof.at), "drill", proof.run.id, drill.course, drill.id, answers)
    for course_id, at in raw.execute(
        """
        SELECT course_id, completed_at FROM course_progress
        WHERE person_id = ? AND completed_at IS NOT NULL
        """,
        (person,),
    ):
        if capability_of[course_id] in _INDEX:
            # after the paper that completed it, which has the same time: "~" sorts last
            yield Occasion(at, "~course", None, course_id, course_id, ())


def _fold(
    person: int, occasions: list[Occasion], log: Log
) -> Generator[tuple[Any, ...], None, Profile]:
    """Yields rows of ``evidence.COLUMNS``; returns the profile."""
    profile, met = BLANK, dict[str, datetime]()
    for at, kind, source_id, course_id, content_id, answers in occasions:
        moment = parse_iso(at)
        profile = at_time(profile, moment)
        head = (person, at, kind.strip("~"), source_id)
        if not answers:
            k = _INDEX[log.capability_of[course_id]]
            mean, variance = profile.state.mean[k], profile.state.cov[k][k]
            blank = (None,) * 6
            place = (course_id, content_id, "", "", CAPABILITIES[k])
            yield (*head, None, *place, *blank, mean, variance)
            profile = apply(profile, Event(moment, k, None))
        before = {one.version: met[one.version] for one in answers if one.version in met}
        for one in answers:
            last = before.get(one.version)
            gap = None if last is None else (moment - last).total_seconds() / _DAY_S
            w = one.weight * repeat_weight(gap)
            item = item_start(one.level)
            mean, variance = profile.state.mean[one.k], profile.state.cov[one.k][one.k]
            place = (course_id, content_id, one.item, one.version, CAPABILITIES[one.k])
            yield (
                *head,
                one.position,
                *place,
                one.x,
                one.c,
                item.b,
                item.s2,
                w,
                gap,
                mean,
                variance,
            )
            log.learn(one, item, mean, variance, w)
            event = Event(moment, one.k, one.x, one.c, item.b, item.s2, w, gap is None)
            profile = apply(profile, event)
            met[one.version] = moment
    return profile


def _night(portal: Portal, raw: sqlite3.Connection, log: Log) -> None:
    """What the questions have learned, and that the log has been read to its end."""
    now = portal.now()
    raw.executemany(
        """
        INSERT INTO capability_items (version, item_id, b, s2, answers, updated_at)
        VALUES (?,?,?,?,?,?)
        """,
        (
            (version, item_id, log.items[version].b, log.items[version].s2, count, iso(now))
            for version, (item_id, count) in log.counts.items()
        ),
    )
    [last] = raw.execute("SELECT COALESCE(MAX(id), 0) FROM evidence").fetchone()
    today = now.astimezone(ZoneInfo(portal.settings.tz)).date().isoformat()
    for key, value in (("calibration.cursor", json.dumps([last, 0])), ("calibration.night", today)):
        raw.execute("INSERT INTO settings (key, value) VALUES (?,?)", (key, value))
