"""Regrading or voiding a question for everybody who met an old version, and undoing that.

A decision is recorded first and carried out in the background, a few attempts in a transaction,
with how far it is: after a crash it goes on where it stopped. Attempts that are still open are
marked when they close (``standing_marks``). Marks are added, never overwritten.

A decision concerns the version that was replaced and those that had the same key before it: an
older version with another key was right in its own time. After the papers it takes out of the
profiles what was answered to these versions elsewhere (``decided_evidence``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions import decided_evidence, permission, rescoring, standing_marks
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.core.edit_impact import changes_the_key
from portal.core.people import Person
from portal.core.questions import Essay, Question
from portal.core.regrading import obstacle
from portal.core.times import iso
from portal.core.typed import typed_line
from portal.store import attempts, marks, question_decisions, versions
from portal.store.database import Connection, Row

_OUTSIDE_PAPERS = -1  # the cursor of a decision whose papers are done
A_ROUND = 50  # attempts in one transaction: other writers wait for it
MOST_NAMES = 100
LONGEST = 500  # characters of a reason
DEEDS = ("keep", "regrade", "void")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a decision is: attempts dealt with, and what became of them so far."""

    decision_id: int
    attempts: int
    changed: int
    gained: int
    lost: int
    spared: int
    finished: bool


def decide(
    portal: Portal,
    actor: Person,
    question_id: str,
    version: str,
    deed: str,
    reason: str,
    *,
    take_passes: bool = False,
) -> int:
    """Decide about answers to ``version`` of a question, as it was met; returns the decision's id.

    ``regrade`` grades by the version in service. Raises NotAllowed, and Refused:
    ``error.decision_reason``, ``error.decision_same`` (no newer key), ``error.decision_options``,
    ``error.decision_kind``, ``error.decision_essay`` (answers cannot be carried over),
    ``error.decision_stands`` (one is in force already).
    """
    words = reason_of(reason)
    now = portal.now()
    with permission.write(portal, actor, "regrade") as c:
        met = versions.questions_met(c, question_id)
        if version not in met or deed not in ("regrade", "void"):
            raise NotAllowed
        current = portal.library.catalogue.questions.get(question_id)
        to_version = None
        if deed == "regrade":
            if current is None:
                raise Refused("error.decision_same")
            refuse_obstacle(met[version], current)
            [to_version] = versions.keep(c, [current], iso(now))
            if not changes_the_key(met[version], current):
                raise Refused("error.decision_same")
        same = [one for one, was in met.items() if not changes_the_key(was, met[version])]
        _refuse_standing(c, question_id, same)
        return add_decision(
            *(c, portal, actor, question_id, deed, same, words),
            take_passes=take_passes,
            to_version=to_version,
        )


def undo(
    portal: Portal, actor: Person, decision_id: int, reason: str, *, take_passes: bool = False
) -> int:
    """Take the newest decision about a question back, by marks of their own; returns the id.

    Raises NotAllowed, and Refused: ``error.decision_reason``, ``error.decision_not_newest``,
    ``error.decision_running``.
    """
    words = reason_of(reason)
    with permission.write(portal, actor, "regrade") as c:
        found = question_decisions.find(c, decision_id)
        if found is None or found["deed"] not in ("regrade", "void"):
            raise NotAllowed
        standing = [
            row
            for row in question_decisions.of_question(c, found["question_id"])
            if row["deed"] in ("regrade", "void") and row["undone_by"] is None
        ]
        if not standing or standing[0]["id"] != decision_id:
            raise Refused("error.decision_not_newest")
        if found["finished_at"] is None:
            raise Refused("error.decision_running")
        return add_decision(
            *(c, portal, actor, found["question_id"], "undo"),
            *(question_decisions.versions_of(c, decision_id), words),
            take_passes=take_passes,
            undoes=decision_id,
        )


def decisions(portal: Portal, actor: Person, question_id: str) -> list[Row]:
    """Decisions about a question, the newest first. Raises NotAllowed."""
    with permission.read(portal, actor, "regrade") as c:
        return question_decisions.of_question(c, question_id)


def people_on(portal: Portal, actor: Person, question_id: str, wanted: Sequence[str]) -> list[Row]:
    """Who passed on these versions, of the people whom the actor manages: person_id, name, unit,
    quiz_id, submitted_at; nobody for who manages no unit. Raises NotAllowed."""
    with permission.read(portal, actor, "regrade") as c:
        return question_decisions.passed_on(
            c, question_id, list(wanted), actor.managed_paths, MOST_NAMES
        )


def met(portal: Portal, actor: Person, question_id: str) -> list[tuple[Row, Question]]:
    """The versions of a question that somebody met in a quiz, an exam or a checkpoint, with the
    counts of ``question_decisions.versions_met``; the newest last. Raises NotAllowed."""
    with permission.read(portal, actor, "regrade") as c:
        rows = {row["version"]: row for row in question_decisions.versions_met(c, question_id)}
        kept = versions.questions_met(c, question_id)
    return [
        (rows[version], question)
        for version, question in kept.items()
        if version in rows
        and any(rows[version][key] for key in ("attempts", "open", "checkpoints"))
    ]


def carry_on(portal: Portal, most: int = 40) -> list[Step]:
    """Carry decisions out, up to ``most`` rounds of attempts; what is left waits for the next
    call."""
    with portal.db.read() as c:
        waiting = question_decisions.unfinished(c)
    steps: list[Step] = []
    for row in waiting:
        while len(steps) < most:
            step = one_round(portal, row["id"])
            if step is None:
                break
            steps.append(step)
            if step.finished:
                break
    return steps


def one_round(portal: Portal, decision_id: int) -> Step | None:
    """Deal with the next attempts of a decision; None when it waits or is finished."""
    now = portal.now()
    with portal.db.write() as c:
        found = question_decisions.find(c, decision_id)
        if found is None or found["finished_at"] is not None:
            return None
        decision = _ready(c, portal, found)
        if decision is None:
            return None
        wanted = question_decisions.versions_of(c, decision_id)
        cursor, ids, finished = decision["cursor"], [], False
        if cursor >= 0:
            ids = question_decisions.next_attempts(
                c, decision["question_id"], wanted, cursor, A_ROUND
            )
            cursor = ids[-1] if len(ids) == A_ROUND else _OUTSIDE_PAPERS
        made = [_carry_out(c, portal, attempt_id, decision, set(wanted)) for attempt_id in ids]
        if cursor < 0:
            cursor, finished = _evidence_elsewhere(c, decision, wanted, cursor, now)
        outcomes = [one for one in made if one is not None]
        question_decisions.advance(
            c,
            decision_id,
            cursor=cursor,
            attempts=len(ids),
            changed=len(outcomes),
            gained=sum(one.gained for one in outcomes),
            lost=sum(one.lost for one in outcomes),
            spared=sum(one.spared for one in outcomes),
        )
        if finished:
            question_decisions.finish(c, decision_id, now)
        row = question_decisions.find(c, decision_id)
    assert row is not None
    return Step(
        decision_id,
        row["attempts"],
        row["changed"],
        row["gained"],
        row["lost"],
        row["spared"],
        row["finished_at"] is not None,
    )


def add_decision(
    c: Connection,
    portal: Portal,
    actor: Person,
    question_id: str,
    deed: str,
    wanted: list[str],
    reason: str,
    *,
    take_passes: bool = False,
    change_id: int | None = None,
    to_version: str | None = None,
    undoes: int | None = None,
) -> int:
    """Record a decision and note it in the audit log, in the transaction of the caller."""
    decision_id = question_decisions.add(
        c,
        question_id=question_id,
        deed=deed,
        versions=wanted,
        reason=reason,
        by=actor.id,
        at=portal.now(),
        take_passes=take_passes,
        change_id=change_id,
        to_version=to_version,
        undoes=undoes,
        finished=deed == "keep",
    )
    note(
        portal,
        c,
        actor,
        "question_decision",
        f"question:{question_id}",
        deed=deed,
        decision=decision_id,
        reason=reason,
        passes="take" if take_passes else "keep",
    )
    return decision_id


def reason_of(words: str) -> str:
    """A reason as it is stored. Raises Refused ``error.decision_reason`` when there is none."""
    said = typed_line(words)
    if not said or len(said) > LONGEST:
        raise Refused("error.decision_reason", most=LONGEST)
    return said


def refuse_obstacle(old: Question, new: Question) -> None:
    """Raises Refused where answers to ``old`` cannot be graded by ``new``."""
    found = "essay" if isinstance(old.body, Essay) else obstacle(old, new)
    if found is not None:
        raise Refused(f"error.decision_{found}")


# Private functions


def _refuse_standing(c: Connection, question_id: str, wanted: list[str]) -> None:
    """A question that is out already, or whose regrade still runs, is decided about once."""
    for row in question_decisions.of_question(c, question_id):
        if row["undone_by"] is not None or row["deed"] not in ("regrade", "void"):
            continue
        about = set(question_decisions.versions_of(c, row["id"]))
        if about & set(wanted) and (row["deed"] == "void" or row["finished_at"] is None):
            raise Refused("error.decision_stands")


def _ready(c: Connection, portal: Portal, decision: Row) -> Row | None:
    """The decision with the version to grade by; None while its file is not in service."""
    if decision["deed"] != "regrade" or decision["to_version"] is not None:
        return decision
    current = portal.library.catalogue.questions.get(decision["question_id"])
    if current is None:
        return None
    met = versions.get_questions(c, question_decisions.versions_of(c, decision["id"]))
    if not any(changes_the_key(was, current) for was in met.values()):
        return None  # the changed file has not been read yet
    [to_version] = versions.keep(c, [current], iso(portal.now()))
    question_decisions.set_version(c, decision["id"], to_version)
    return {**decision, "to_version": to_version}


def _evidence_elsewhere(
    c: Connection, decision: Row, wanted: list[str], cursor: int, now: datetime
) -> tuple[int, bool]:
    """After the papers: checkpoints, practice and placements; the cursor, and whether that was all.

    From here on the cursor counts rows of evidence, below zero."""
    after = _OUTSIDE_PAPERS - cursor
    last, count = decided_evidence.carry_out(c, decision, wanted, after, A_ROUND, now)
    return _OUTSIDE_PAPERS - last, count < A_ROUND


def _carry_out(
    c: Connection, portal: Portal, attempt_id: int, decision: Row, wanted: set[str]
) -> rescoring.Outcome | None:
    """Mark one attempt and what follows; None when nothing changed."""
    now = portal.now()
    items = [
        item
        for item in attempts.items(c, attempt_id)
        if item.question_id == decision["question_id"] and item.version in wanted
    ]
    made = standing_marks.marks_of(c, attempt_id, items, decision, now)
    if not made:
        return None
    before = rescoring.read_paper(c, attempt_id)
    marks.add(c, made)
    return rescoring.rescore(
        c, portal, before, now, decision["reason"], take_passes=bool(decision["take_passes"])
    )
