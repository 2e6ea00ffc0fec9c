"""What counts as evidence of capability, written in the transaction of its event.

What counts:

- **Exams and quizzes**: the final answer to each question when the attempt closes. What was left
  out is no answer; an essay counts from its mark on, as of the day it was handed in.
- **Checkpoints**: the first check. Later tries follow feedback, and a repeat at once would weigh
  nothing anyway (rule 5).
- **Practice and placement** answers, with the weight of repeats.
- Nothing of these three to a version whose key was found wrong (``decided_evidence``).
- **Drills**: the rating of every decision.
- A **hint** changes neither score nor weight: it is on offer to everybody, so the difficulty that
  is learned for the question is the difficulty with the hint.
- A **course** completed, or earned again after it ran out, widens the band.
- An edited question is a new item. Questions outside the six capabilities count nowhere.

Each row keeps what was used (b, s², c, w), so that ``core.capability_log.fold`` over a person's
rows gives the profile again to the last digit. A row whose time lies before the person's last
event is put where it belongs: the profile is then folded anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from portal.actions.portal import Portal
from portal.core.attempts import Attempt
from portal.core.capability import (
    CAPABILITIES,
    ItemState,
    drill_weight,
    guessing,
    item_start,
    rating_value,
    repeat_weight,
)
from portal.core.capability_log import BLANK, Event, Profile, apply, at_time, fold
from portal.core.courses import Course
from portal.core.grading import Grade
from portal.core.questions import Question
from portal.core.times import iso, parse_iso
from portal.store import attempts, capability, evidence, question_decisions, versions
from portal.store.attempts import StoredItem
from portal.store.database import Connection, Row

Kind = Literal["quiz", "exam", "checkpoint", "placement", "practice", "drill", "course"]
Decision = tuple[str, str, str, str]  # decision id, version, capability, rating P S M U

DRILL_LEVEL = 3  # authors give decisions no difficulty: they begin in the middle and learn
_INDEX = {key: k for k, key in enumerate(CAPABILITIES)}


@dataclass(frozen=True, slots=True)
class Response:
    """One response that may count. ``x`` 0..1, None while a mark is awaited."""

    item_id: str
    version: str
    capability: str
    x: float | None
    c: float
    level: int
    weight: float = 1.0  # apart from repeats
    position: int | None = None


def quiz_closed(
    conn: Connection,
    portal: Portal,
    attempt: Attempt,
    items: Sequence[StoredItem],
    questions: Mapping[str, Question],
    grades: Sequence[Grade],
    at: datetime,
) -> None:
    """A quiz or exam was closed as of ``at``: its final answers count."""
    responses = [
        _response(portal, questions[item.version], item.version, given.fraction, item.position)
        for item, given in zip(items, grades, strict=True)
        if given.answered
    ]
    _count(
        conn,
        attempt.person_id,
        responses,
        at,
        kind=attempt.kind,
        source_id=attempt.id,
        course_id=attempt.course_id,
        content_id=attempt.quiz_id,
    )


def item_checked(
    conn: Connection,
    portal: Portal,
    person_id: int,
    question: Question,
    version: str,
    given: Grade,
    at: datetime,
    *,
    attempt_id: int,
    position: int,
    module_id: str,
) -> None:
    """A checkpoint was checked for the first time."""
    if not given.answered or question_decisions.is_out(conn, version):
        return
    _count(
        conn,
        person_id,
        [_response(portal, question, version, given.fraction, position)],
        at,
        kind="checkpoint",
        source_id=attempt_id,
        course_id=question.course,
        content_id=module_id,
    )


def practice_answered(
    conn: Connection,
    portal: Portal,
    person_id: int,
    question: Question,
    version: str,
    fraction: float,
    at: datetime,
    *,
    kind: Literal["practice", "placement"] = "practice",
    source_id: int | None = None,
) -> None:
    """A question of daily practice or of the placement was answered and marked."""
    if question_decisions.is_out(conn, version):
        return
    _count(
        conn,
        person_id,
        [_response(portal, question, version, fraction, None)],
        at,
        kind=kind,
        source_id=source_id,
        course_id=question.course,
    )


def drill_finished(
    conn: Connection,
    portal: Portal,
    person_id: int,
    run_id: int,
    decisions: Sequence[Decision],
    at: datetime,
    *,
    drill_id: str = "",
    course_id: str = "",
    weight: float = 1.0,
) -> None:
    """A drill ended: (decision id, version, capability, rating P S M U) of every decision.

    A decision of a drill that was run before weighs less, like any repeat; one that a group talked
    through has a ``weight`` below 1. Raises KeyError on an unknown rating.
    """
    among = [capability_key for _, _, capability_key, _ in decisions]
    responses = [
        Response(
            decision_id,
            version,
            capability_key,
            rating_value(rating),
            0.0,
            DRILL_LEVEL,
            weight * drill_weight(among.count(capability_key)),
            position,
        )
        for position, (decision_id, version, capability_key, rating) in enumerate(decisions)
    ]
    _count(
        conn,
        person_id,
        responses,
        at,
        kind="drill",
        source_id=run_id,
        course_id=course_id,
        content_id=drill_id,
    )


def course_completed(conn: Connection, person_id: int, course: Course, at: datetime) -> None:
    """A course was completed, or earned again: its capability may have changed."""
    k = _INDEX.get(course.capability)
    if k is None:
        return
    moment = parse_iso(iso(at))
    before, late = _before(conn, person_id, moment)
    state = at_time(before, moment).state
    row = _row(person_id, moment, "course", course.capability, state.mean[k], state.cov[k][k])
    evidence.add(conn, [{**row, "course_id": course.id, "content_id": course.id}])
    _save(conn, person_id, None if late else apply(before, Event(moment, k, None)))


def attempt_regraded(
    conn: Connection,
    portal: Portal,
    attempt_id: int,
    fractions: Mapping[int, float | None],
    at: datetime,
    reason: str,
) -> None:
    """Marks or decisions changed what answers of an attempt are worth.

    ``fractions`` by position: 0..1 counts from now on, None takes the answer out (a voided
    question). What awaited its mark is added as of the attempt's end. To be called in the
    transaction that stores the mark; calling it again with the same fractions changes nothing.
    """
    attempt = attempts.get(conn, attempt_id)
    if attempt.submitted_at is None:
        return
    known = evidence.of_source(conn, attempt.kind, attempt_id)
    changed = False
    for position, row in known.items():
        if position in fractions and fractions[position] != row["x"]:
            x = fractions[position]
            evidence.correct(conn, row["id"], attempt.person_id, x, reason, at)
            changed = True
    if changed:
        refold(conn, attempt.person_id)
    missing = {
        position: x for position, x in fractions.items() if x is not None and position not in known
    }
    if missing:
        items = [item for item in attempts.items(conn, attempt_id) if item.position in missing]
        questions = versions.get_questions(conn, [item.version for item in items])
        grades = [Grade(missing[item.position], right=False, answered=True) for item in items]
        quiz_closed(conn, portal, attempt, items, questions, grades, attempt.submitted_at)


def take_out(
    conn: Connection, person_id: int, evidence_ids: Iterable[int], reason: str, at: datetime
) -> None:
    """Let rows of the person count no longer, and fold the profile anew."""
    for evidence_id in evidence_ids:
        evidence.correct(conn, evidence_id, person_id, None, reason, at)
    refold(conn, person_id)


def refold(conn: Connection, person_id: int) -> None:
    """Make the person's profile anew from the log."""
    _save(conn, person_id, None)


def event_of(row: Row) -> Event:
    """A row of the log as the event that is folded."""
    if row["kind"] == "course":
        return Event(parse_iso(row["at"]), _INDEX[row["capability"]], None)
    return Event(
        parse_iso(row["at"]),
        _INDEX[row["capability"]],
        row["x"],
        row["c"],
        row["b"],
        row["s2"],
        row["w"],
        row["gap_days"] is None,
    )


# Private functions


def _response(
    portal: Portal, question: Question, version: str, x: float | None, position: int | None
) -> Response:
    capability_key = question.capability
    if not capability_key:
        course = portal.library.catalogue.courses.get(question.course)
        capability_key = course.capability if course else ""
    return Response(
        question.id,
        version,
        capability_key,
        x,
        guessing(question),
        question.level,
        position=position,
    )


def _count(
    conn: Connection,
    person_id: int,
    responses: Sequence[Response],
    at: datetime,
    *,
    kind: Kind,
    source_id: int | None,
    course_id: str,
    content_id: str = "",
) -> None:
    """Append what counts of ``responses`` and bring the profile up to date."""
    counted = [one for one in responses if one.x is not None and one.capability in _INDEX]
    if not counted:
        return
    moment = parse_iso(iso(at))
    profile, late = _before(conn, person_id, moment)
    only = counted[0].version if len(counted) == 1 else None
    met = evidence.last_met(conn, person_id, iso(at), only)
    items = capability.items(conn, [one.version for one in counted])
    rows = []
    for one in counted:
        item = items.get(one.version) or item_start(one.level)
        gap = _days(met[one.version], moment) if one.version in met else None
        event = _event(one, item, gap, moment)
        state = at_time(profile, moment).state
        rows.append(
            {
                **_row(
                    person_id,
                    moment,
                    kind,
                    one.capability,
                    state.mean[event.k],
                    state.cov[event.k][event.k],
                ),
                "source_id": source_id,
                "position": one.position,
                "course_id": course_id,
                "content_id": content_id,
                "item_id": one.item_id,
                "version": one.version,
                "x": event.x,
                "c": event.c,
                "b": event.b,
                "s2": event.s2,
                "w": event.w,
                "gap_days": gap,
            }
        )
        profile = apply(profile, event)
    evidence.add(conn, rows)
    _save(conn, person_id, None if late else profile)


def _event(one: Response, item: ItemState, gap: float | None, moment: datetime) -> Event:
    return Event(
        moment,
        _INDEX[one.capability],
        one.x,
        one.c,
        item.b,
        item.s2,
        one.weight * repeat_weight(gap),
        gap is None,
    )


def _before(conn: Connection, person_id: int, moment: datetime) -> tuple[Profile, bool]:
    """The profile as of the events up to ``moment``, and whether there are later ones."""
    stored = capability.find_profile(conn, person_id)
    if stored is None or stored.at is None or stored.at <= moment:
        return stored or BLANK, False
    rows = evidence.of_person(conn, person_id)
    return fold(event for event in map(event_of, rows) if event.at <= moment), True


def _save(conn: Connection, person_id: int, profile: Profile | None) -> None:
    """Store the profile; None: fold it from the log."""
    if profile is None:
        profile = fold(map(event_of, evidence.of_person(conn, person_id)))
    if profile.at is None:
        capability.drop_profiles(conn, person_id, person_id, keep=())
    else:
        capability.save_profiles(conn, {person_id: profile})


def _row(
    person_id: int, at: datetime, kind: Kind, capability_key: str, mean: float, variance: float
) -> dict[str, Any]:
    return {
        **dict.fromkeys(evidence.COLUMNS),
        "person_id": person_id,
        "at": iso(at),
        "kind": kind,
        "course_id": "",
        "content_id": "",
        "item_id": "",
        "version": "",
        "capability": capability_key,
        "mean": mean,
        "variance": variance,
    }


def _days(earlier: str, moment: datetime) -> float:
    return (moment - parse_iso(earlier)).total_seconds() / 86400.0
