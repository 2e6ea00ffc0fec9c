"""Keeping the standing of people and units in step with the facts.

Triggers mark whom a change concerns, in the transaction of the change. Whoever reads figures has
the marked people worked out first (``catch_up``); a round of the server does the same, so that a
bulk change is spread over small transactions and no answer waits for it. Working somebody out is
idempotent: what the person added before is kept beside the standing, and only the difference is
written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from portal.actions.portal import Portal
from portal.actions.syncing import sync_courses
from portal.core.catalogue import Catalogue
from portal.core.completion import expires_at
from portal.core.times import parse_iso
from portal.core.unit_days import (
    MEASURES,
    Duty,
    Facts,
    Learnt,
    Offer,
    Sitting,
    Stay,
    deltas,
    gains,
    standing,
)
from portal.store import settings
from portal.store import standing as store
from portal.store.database import Connection, Row

AT_ONCE = 400  # people in one transaction
_MOST_FOR_A_READER = 1_200  # about half a second; the rest is left to the round
_COURSES = "standing.courses"

DayOf = Callable[[str | None], str | None]


def catch_up(portal: Portal, most: int | None = _MOST_FOR_A_READER, *, bump: bool = False) -> int:
    """Work out people who were marked, at most ``most``; returns how many are left.

    ``bump``: move the revision on, for those who have read figures while some were left.
    """
    sync_courses(portal)
    _notice_courses(portal)
    done = 0
    while True:
        with portal.db.read() as conn:
            left = store.count_stale(conn)
        if not left or (most is not None and done >= most):
            return left
        with portal.db.write(bump=bump) as conn:
            done += refresh(conn, portal, AT_ONCE)


def refresh(conn: Connection, portal: Portal, limit: int) -> int:
    """Work out the first ``limit`` marked people in this transaction; returns how many."""
    ids = store.stale(conn, limit)
    if not ids:
        return 0
    offers, everything = offers_of(conn, portal), facts_of(conn, portal, ids)
    before = _by_person(store.before(conn, ids))
    days: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * len(MEASURES))
    sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0] * 4)
    kept, expiries = {}, []
    for person_id in ids:
        facts = everything[person_id]
        adds = [[*key, *numbers] for key, numbers in deltas(facts, offers).items()]
        now = standing(facts, offers)
        gained = _gained(now.unit_id, facts.sittings)
        for old in before.get(person_id, ()):
            _count_days(days, json.loads(old["days"]), -1)
            _count_gains(sums, json.loads(old["gains"]), -1)
        _count_days(days, adds, 1)
        _count_gains(sums, gained, 1)
        kept[person_id] = (now, adds, gained)
        expiries += [(person_id, one.course_id, one.expires) for one in facts.learnt if one.expires]
    store.add_days(conn, _periods(days))
    store.add_gains(conn, [(*key, numbers) for key, numbers in sums.items() if any(numbers)])
    store.save(conn, ids[-1], kept, expiries)
    return len(ids)


def rebuild(portal: Portal) -> None:
    """Work everybody out from nothing, in one transaction."""
    sync_courses(portal)
    with portal.db.write() as conn:
        store.clear(conn)
        store.mark_all(conn)
        while refresh(conn, portal, 2_000):
            pass


def offers_of(conn: Connection, portal: Portal) -> dict[str, Offer]:
    """The courses that are offered now, by id."""
    day_of = _days(portal)
    since: dict[str, str] = {}
    posts: dict[str, set[str]] = defaultdict(set)
    for row in store.offers(conn):
        since[row["course_id"]] = day_of(row["since"]) or ""
        posts[row["course_id"]] |= {row["post"]} - {None}
    return {key: Offer(day, frozenset(posts[key])) for key, day in since.items()}


def facts_of(conn: Connection, portal: Portal, ids: Sequence[int]) -> dict[int, Facts]:
    """Everything that decides the standing of these people, by person id."""
    day_of = _days(portal)
    rows = {name: _by_person(found) for name, found in store.facts(conn, ids).items()}
    return {one: _facts(rows, one, portal.library.catalogue, day_of) for one in ids}


# Private functions


def _notice_courses(portal: Portal) -> None:
    """When other courses are offered, to other posts or for other times, everybody is concerned."""
    catalogue = portal.library.catalogue
    with portal.db.read() as conn:
        known = settings.find(conn, _COURSES) or ""
    if known.startswith(f"{catalogue.fingerprint} "):
        return
    digest = _digest(catalogue)
    with portal.db.write(bump=False) as conn:
        if not known.endswith(f" {digest}"):
            store.mark_all(conn)
        settings.store(conn, _COURSES, f"{catalogue.fingerprint} {digest}")


def _digest(catalogue: Catalogue) -> str:
    facts = [
        [course.id, sorted(course.posts), course.valid_months]
        for course in sorted(catalogue.courses.values(), key=lambda course: course.id)
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _days(portal: Portal) -> DayOf:
    """Instants as local days. Time zones of whole hours: the days of an hour are alike."""
    zone = ZoneInfo(portal.settings.tz)
    known: dict[str, str] = {}

    def day_of(instant: str | None) -> str | None:
        if instant is None:
            return None
        hour = instant[:13]
        if hour not in known:
            known[hour] = parse_iso(f"{hour}:00:00.000Z").astimezone(zone).date().isoformat()
        return known[hour]

    return day_of


def _by_person(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append(row)
    return found


def _facts(
    rows: Mapping[str, Mapping[int, list[Row]]],
    person_id: int,
    catalogue: Catalogue,
    day_of: DayOf,
) -> Facts:
    def of(name: str) -> list[Row]:
        return rows[name].get(person_id, [])

    return Facts(
        stays=[
            Stay(
                row["id"],
                row["unit_id"],
                row["post"],
                day_of(row["began_at"]) or "",
                day_of(row["ended_at"]),
                bool(row["main"]),
            )
            for row in of("postings")
        ],
        disabled=day_of(of("people")[0]["disabled_at"]) if of("people") else None,
        learnt=[_learnt(row, of("renewals"), catalogue, day_of) for row in of("learnt")],
        duties=_duties(of("duties"), of("pasts"), day_of),
        sittings=[_sitting(row) for row in of("sittings")],
        absences=[
            (day_of(row["began_at"]) or "", day_of(row["ended_at"]) or "") for row in of("absences")
        ],
    )


def _duties(present: Sequence[Row], pasts: Sequence[Row], day_of: DayOf) -> list[Duty]:
    """Obligations as they stand, and as they stood before they were changed."""
    changed: dict[int, str] = {}
    for row in pasts:
        changed[row["id"]] = max(row["until_day"], changed.get(row["id"], ""))
    return [
        *(_duty(row, day_of, changed.get(row["id"]), None) for row in present),
        *(_duty(row, day_of, row["since_day"], row["until_day"]) for row in pasts),
    ]


def _duty(row: Row, day_of: DayOf, since: str | None, until: str | None) -> Duty:
    return Duty(
        row["due_on"],
        bool(row["required"]),
        row["began_on"],
        day_of(row["done_at"]),
        day_of(row["exempted_at"]),
        day_of(row["withdrawn_at"]),
        since,
        until,
    )


def _learnt(row: Row, renewals: Sequence[Row], catalogue: Catalogue, day_of: DayOf) -> Learnt:
    course = catalogue.courses.get(row["course_id"])
    last = row["renewed_at"] or row["completed_at"]
    months = course.valid_months if course is not None else 0

    def last_day(earned: str) -> str | None:
        moment = expires_at(parse_iso(earned), months)
        return day_of((moment - timedelta(seconds=1)).isoformat()) if moment else None

    earned = {one["earned_at"] for one in renewals if one["course_id"] == row["course_id"]}
    before = sorted({row["completed_at"], *earned} - {None, last}) if last else []
    return Learnt(
        row["course_id"],
        day_of(row["seen_at"]) or "",
        day_of(row["completed_at"]),
        day_of(row["renewed_at"]),
        last_day(last) if last else None,
        row["hours"],
        tuple((day_of(at) or "", last_day(at) or "") for at in before) if months else (),
    )


def _sitting(row: Row) -> Sitting:
    percent = 100 * row["score"] / row["max_score"] if row["max_score"] else None
    passed = None if row["passed"] is None else bool(row["passed"])
    return Sitting(row["quiz_id"], percent if row["score"] is not None else None, passed)


def _gained(unit_id: int | None, sittings: Sequence[Sitting]) -> list[list[object]]:
    if unit_id is None:
        return []
    return [
        [unit_id, quiz_id, 1, round(first, 3), round(last, 3), round((last - first) ** 2, 3)]
        for quiz_id, (first, last) in gains(sittings).items()
    ]


def _count_days(
    days: dict[tuple[int, str], list[int]], adds: Iterable[Sequence[object]], sign: int
) -> None:
    for unit_id, day, *numbers in adds:
        total = days[unit_id, day]  # type: ignore[index]
        for at, number in enumerate(numbers):
            total[at] += sign * number  # type: ignore[operator]


def _count_gains(
    sums: dict[tuple[int, str], list[float]], adds: Iterable[Sequence[object]], sign: int
) -> None:
    for unit_id, quiz_id, *numbers in adds:
        total = sums[unit_id, quiz_id]  # type: ignore[index]
        for at, number in enumerate(numbers):
            total[at] += sign * number  # type: ignore[operator]


def _periods(
    days: Mapping[tuple[int, str], list[int]],
) -> Iterable[tuple[int, str, str, list[int]]]:
    """The days that change, and the months that they belong to."""
    months: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * len(MEASURES))
    for (unit_id, day), numbers in days.items():
        if any(numbers):
            yield unit_id, "day", day, numbers
            total = months[unit_id, day[:7]]
            for at, number in enumerate(numbers):
                total[at] += number
    for (unit_id, month), numbers in months.items():
        if any(numbers):
            yield unit_id, "month", month, numbers
