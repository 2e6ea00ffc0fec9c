"""The right to question one's profile: asked in words, answered by an administrator with reasons.

The administrator sees the question and the evidence of the capability that it concerns, and may
take single answers out of it (a wrong key, somebody else at the device): the log keeps them, the
profile is folded anew without them. Everything is audited; the words of question and answer are
not in the audit log.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from portal.actions import audit, evidence, permission
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.capability import CAPABILITIES
from portal.core.people import Person
from portal.core.typed import typed
from portal.store import capability_questions as questions
from portal.store import evidence as log
from portal.store.database import Connection, Row

MAX_TEXT = 1000
MAX_OPEN = 3  # of one person
SHOWN = 50
Outcome = Literal["stands", "corrected"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the evidence that it concerns, the newest first.

    ``question``: id, person_id, person_name, staff_no, capability, text, asked_at, answered_at,
    answered_by_name, outcome, answer. ``evidence``: id, at, kind, capability, content_id, item_id,
    x, w, b.
    """

    question: Row
    evidence: tuple[Row, ...]


def ask(portal: Portal, actor: Person, capability: str, text: str) -> int:
    """Question one capability of one's profile (``""``: all of it); returns the question's id.

    Raises Refused: ``capability.error_text``, ``capability.error_which``,
    ``capability.error_open`` (n: so many wait for an answer already).
    """
    words = typed(text)
    if not 5 <= len(words) <= MAX_TEXT:
        raise Refused("capability.error_text", maximum=MAX_TEXT)
    if capability not in ("", *CAPABILITIES):
        raise Refused("capability.error_which")
    with permission.write(portal, actor, "question_capability", oneself(actor)) as conn:
        if questions.count_open(conn, actor.id) >= MAX_OPEN:
            raise Refused("capability.error_open", n=MAX_OPEN)
        question_id = questions.ask(conn, actor.id, capability, words, portal.now())
        audit.note(
            portal,
            conn,
            actor,
            "question_capability",
            f"capability_question:{question_id}",
            capability=capability,
        )
    return question_id


def mine(portal: Portal, actor: Person) -> list[Row]:
    """One's own questions with their answers, the newest first."""
    with permission.read(portal, actor, "question_capability", oneself(actor)) as conn:
        return questions.of_person(conn, actor.id, SHOWN)


def see_answers(portal: Portal, actor: Person) -> None:
    """Note that one has read the answers: they are news no longer."""
    with permission.write(portal, actor, "question_capability", oneself(actor), bump=False) as conn:
        questions.see(conn, actor.id, portal.now())


def waiting(portal: Portal, actor: Person) -> list[Row]:
    """Questions that wait for an answer, the oldest first (50 at most). Raises NotAllowed."""
    with permission.read(portal, actor, "answer_capability_questions") as conn:
        return questions.listed(conn, is_open=True, limit=SHOWN)


def answered(portal: Portal, actor: Person, offset: int = 0) -> list[Row]:
    """Questions that were answered, the newest first, 50 at a time. Raises NotAllowed."""
    with permission.read(portal, actor, "answer_capability_questions") as conn:
        return questions.listed(conn, is_open=False, limit=SHOWN, offset=offset)


def case(portal: Portal, actor: Person, question_id: int) -> Case:
    """One question with its evidence. Raises NotAllowed."""
    with permission.read(portal, actor, "answer_capability_questions") as conn:
        question = questions.find(conn, question_id)
        if question is None:
            raise NotAllowed
        return Case(question, tuple(_evidence(conn, question)))


def titles_of(portal: Portal, row: Row) -> tuple[Bilingual, ...]:
    """What a row of evidence was about: the question, or the drill and its decision; the id of
    what is served no longer."""
    catalogue = portal.library.catalogue
    question = catalogue.questions.get(row["item_id"])
    if question is not None:
        return (question.title,)
    drill_id, _, decision_id = row["item_id"].partition("#")
    drill = catalogue.drills.get(drill_id)
    if drill is not None:
        for _, decision in drill.decisions():
            if decision.id == decision_id:
                return drill.title, decision.title
    return (Bilingual(row["item_id"]),)


def answer(
    portal: Portal,
    actor: Person,
    question_id: int,
    outcome: Outcome,
    text: str,
    take_out: Collection[int] = (),
) -> None:
    """Answer with reasons; ``take_out`` are rows of evidence that shall count no longer.

    Raises NotAllowed, also for one's own question, and Refused: ``capability.error_text``,
    ``capability.error_answered``, ``capability.error_outcome`` (taking out is a correction, and a
    correction takes something out), ``capability.error_evidence`` (a row that is not of the case).
    """
    words = typed(text)
    if not 5 <= len(words) <= MAX_TEXT:
        raise Refused("capability.error_text", maximum=MAX_TEXT)
    if outcome not in ("stands", "corrected") or (outcome == "corrected") != bool(take_out):
        raise Refused("capability.error_outcome")
    with permission.write(portal, actor, "answer_capability_questions") as conn:
        question = questions.find(conn, question_id)
        if question is None or question["person_id"] == actor.id:
            raise NotAllowed
        if not set(take_out) <= {row["id"] for row in _evidence(conn, question)}:
            raise Refused("capability.error_evidence")
        if not questions.answer(conn, question_id, actor.id, outcome, words, portal.now()):
            raise Refused("capability.error_answered")
        if take_out:
            reason = f"capability_question:{question_id}"
            evidence.take_out(conn, question["person_id"], sorted(take_out), reason, portal.now())
        audit.note(
            portal,
            conn,
            actor,
            "answer_capability_question",
            f"capability_question:{question_id}",
            person=question["person_id"],
            outcome=outcome,
            taken_out=sorted(take_out),
        )


# Private functions


def _evidence(conn: Connection, question: Row) -> list[Row]:
    rows = log.of_person(conn, question["person_id"])
    return [
        row
        for row in reversed(rows)
        if row["kind"] != "course" and question["capability"] in ("", row["capability"])
    ]
