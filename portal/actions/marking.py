"""Marking essays: the queue, one answer at a time without its writer's name, what is given.

An essay that is opened is held for one trainer, so that two do not mark the same answer unseen;
the hold ends by itself. What is typed is kept as a draft. A mark is added to the records, and the
attempt is derived anew in the same transaction (``rescoring``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.actions import permission, rescoring
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.core.marking import (
    Given,
    Stage,
    State,
    are_valid,
    counting_points,
    criteria,
    maximum,
    may_settle,
    stage_of,
    state_after,
)
from portal.core.people import Person
from portal.core.questions import Question
from portal.core.times import iso
from portal.core.typed import typed
from portal.store import attempts, essays, marks, notifications, versions
from portal.store.database import Connection, Row

HELD = timedelta(minutes=30)
LONGEST = 2_000  # characters of a comment
A_PAGE = 20
_STATES: dict[str, tuple[State, ...]] = {
    "waiting": ("waiting", "second"),
    "differ": ("differ",),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of essays, each with its question; how many there are of each quiz and in all."""

    rows: tuple[tuple[Row, Question], ...]
    by_quiz: dict[str, int]
    more: bool


@dataclass(frozen=True, slots=True)
class EssayView:
    """One answer to mark. ``others`` are marks that may be seen: none before both are given.

    ``points`` and ``comment`` are the draft's; ``appeal`` is the writer's reason and who has it.
    """

    attempt_id: int
    position: int
    quiz_id: str
    question: Question
    answer: str
    stage: Stage
    points: tuple[float | None, ...]
    comment: str
    saved_at: str | None
    others: tuple[Row, ...]
    appeal: Row | None


def queue(
    portal: Portal, actor: Person, view: str, quiz_id: str | None = None, page: int = 0
) -> Queue:
    """Essays that the actor may mark: ``waiting``, ``differ`` (two marks), or ``marked`` by the
    actor, with names; the oldest first. Raises NotAllowed."""
    offset = max(page, 0) * A_PAGE
    with permission.read(portal, actor, "mark") as c:
        if view == "marked":
            rows, by_quiz = essays.marked_by(c, actor.id, A_PAGE + 1, offset), {}
        else:
            states = _STATES.get(view, ())
            by_quiz = essays.waiting_by_quiz(c, actor.id, states)
            rows = essays.queue(
                c,
                actor.id,
                states,
                quiz_id,
                now=portal.now(),
                limit=A_PAGE + 1,
                offset=offset,
            )
        kept = versions.get_questions(c, [row["version"] for row in rows])
    shown = tuple((row, kept[row["version"]]) for row in rows[:A_PAGE])
    return Queue(shown, by_quiz, len(rows) > A_PAGE)


def open_essay(portal: Portal, actor: Person, attempt_id: int, position: int) -> EssayView:
    """The answer to mark, held for the actor for half an hour from now.

    Raises NotAllowed, and Refused: ``error.essay_taken``, ``error.essay_done`` (marked, or taken
    out), ``error.essay_own``, ``error.essay_second`` (the second mark is somebody else's).
    """
    with permission.write(portal, actor, "mark", bump=False) as c:
        essay, given = open_for(c, portal, actor, attempt_id, position)
        [item] = attempts.items(c, attempt_id, position)
        question = versions.get_question(c, essay["version"])
        draft = essays.find_draft(c, attempt_id, position, actor.id)
        rows = len(criteria(question))
        appeal = essays.find_appeal(c, attempt_id, position)
    seen = essay["state"] in ("differ", "marked")
    return EssayView(
        attempt_id,
        position,
        essay["quiz_id"],
        question,
        str(item.response or ""),
        stage_of(essay["state"]),
        tuple(draft["points"]) if draft else (None,) * rows,
        draft["comment"] if draft else "",
        draft["saved_at"] if draft else None,
        tuple(given) if seen else (),
        appeal if essay["state"] == "marked" else None,
    )


def keep_draft(
    portal: Portal,
    actor: Person,
    attempt_id: int,
    position: int,
    points: Sequence[float | None],
    comment: str,
) -> str:
    """Keep what has been typed, and hold the essay on; returns when (ISO text).

    Raises NotAllowed, and Refused like ``open_essay``."""
    now = portal.now()
    with permission.write(portal, actor, "mark", bump=False) as c:
        essay, _ = open_for(c, portal, actor, attempt_id, position)
        question = versions.get_question(c, essay["version"])
        filled = [0.0 if one is None else one for one in points]
        if not are_valid(question, filled):
            raise Refused("error.essay_points")
        essays.save_draft(
            c,
            attempt_id,
            position,
            marker_id=actor.id,
            points=points,
            comment=comment[:LONGEST],
            at=now,
        )
    return iso(now)


def put_back(portal: Portal, actor: Person, attempt_id: int, position: int) -> None:
    """Let others mark it; the draft is kept. Raises NotAllowed."""
    with permission.write(portal, actor, "mark", bump=False) as c:
        essays.release(c, attempt_id, position, actor.id)


def give(
    portal: Portal,
    actor: Person,
    attempt_id: int,
    position: int,
    points: Sequence[float | None],
    comment: str,
) -> str:
    """Give a mark, points by criterion; returns the state that follows: ``second`` (another
    trainer marks it, too), ``differ`` (somebody has to settle it) or ``marked``.

    Raises NotAllowed, and Refused: ``error.essay_points``, ``error.essay_comment`` (too long, or
    missing where points differ from the maximum), ``error.essay_settle``, and like ``open_essay``.
    """
    now = portal.now()
    with permission.write(portal, actor, "mark") as c:
        essay, earlier = open_for(c, portal, actor, attempt_id, position)
        if essay["state"] == "marked":
            raise Refused("error.essay_done")
        question = versions.get_question(c, essay["version"])
        made = checked(question, points, comment)
        given = [given_of(row) for row in earlier]
        stage = stage_of(essay["state"])
        if stage == "settled" and not may_settle(actor.id, made, given):
            raise Refused("error.essay_settle")
        given.append(Given(actor.id, stage, made))
        add(c, attempt_id, position, actor, given[-1], comment, now)
        state = state_after(given, second=bool(essay["second"]), most=maximum(question))
        if state == "marked":
            count(c, portal, essay, question, given, now)
        else:
            essays.move_on(c, attempt_id, position, state)
        note(
            portal,
            c,
            actor,
            "essay_marked",
            f"attempt:{attempt_id}",
            position=position,
            stage=stage,
            points=list(made),
            state=state,
        )
    return state


# For appeals, which are marks, too


def open_for(
    c: Connection, portal: Portal, actor: Person, attempt_id: int, position: int
) -> tuple[Row, list[Row]]:
    """The essay and the marks given, held for the actor. Raises like ``open_essay``."""
    essay = essays.find(c, attempt_id, position)
    if essay is None:
        raise NotAllowed
    if essay["person_id"] == actor.id:
        raise Refused("error.essay_own")
    [item] = attempts.items(c, attempt_id, position)
    if item.voided:
        raise Refused("error.essay_done")
    given = essays.marks_of(c, attempt_id, position)
    appeal = essays.find_appeal(c, attempt_id, position)
    mine = any(row["marker_id"] == actor.id for row in given)
    if essay["state"] == "marked" and (appeal is None or appeal["answered_at"] is not None or mine):
        raise Refused("error.essay_done")
    if essay["state"] == "second" and mine:
        raise Refused("error.essay_second")
    now = portal.now()
    if not essays.hold(c, attempt_id, position, actor.id, now, now + HELD):
        raise Refused("error.essay_taken")
    return essay, given


def checked(question: Question, points: Sequence[float | None], comment: str) -> tuple[float, ...]:
    """The points as given. Raises Refused."""
    if len(comment) > LONGEST:
        raise Refused("error.essay_comment", most=LONGEST)
    if not are_valid(question, points):
        raise Refused("error.essay_points")
    made = tuple(float(one) for one in points if one is not None)
    if sum(made) < maximum(question) and not typed(comment):
        raise Refused("error.essay_comment", most=LONGEST)
    return made


def given_of(row: Row) -> Given:
    """A stored mark."""
    return Given(row["marker_id"], row["stage"], tuple(row["points"]))


def add(
    c: Connection,
    attempt_id: int,
    position: int,
    actor: Person,
    mark: Given,
    comment: str,
    at: datetime,
) -> None:
    """Store what the actor gave."""
    essays.add_mark(
        c,
        attempt_id,
        position,
        marker_id=actor.id,
        stage=mark.stage,
        points=mark.points,
        comment=typed(comment),
        at=at,
    )


def count(
    c: Connection,
    portal: Portal,
    essay: Row,
    question: Question,
    given: Sequence[Given],
    at: datetime,
) -> None:
    """Let the marks count: the item's mark is added and the attempt derived anew."""
    attempt_id, position = essay["attempt_id"], essay["position"]
    before = rescoring.read_paper(c, attempt_id)
    [item] = [one for one in before.items if one.position == position]
    most = item.points or 1.0
    marks.add(
        c,
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "score": most * sum(counting_points(given)) / maximum(question),
                "max_score": most,
                "marker_id": given[-1].marker_id,
                "reason": given[-1].stage,
                "at": iso(at),
                "kind": "mark",
                "decision_id": None,
            }
        ],
    )
    essays.move_on(c, attempt_id, position, "marked", at)
    if given[-1].stage != "appeal":  # of which its answer tells
        notifications.tell(c, essay["person_id"], "essay", attempt_id, at)
    rescoring.rescore(c, portal, before, at, given[-1].stage)
