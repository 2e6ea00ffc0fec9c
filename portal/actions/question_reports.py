"""“This question is wrong”: staff say it where they met it, trainers answer with a reason.

One open report a person and question, ten a day: a report is a sentence to a person who reads it.
Who reported is not shown to those who answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.core.questions import Question
from portal.core.typed import typed_line
from portal.store import attempts, notifications, question_reports, versions
from portal.store.database import Connection, Row

REASONS = ("key", "law", "wording", "other")
OUTCOMES = ("mended", "stands", "retired")
MOST_A_DAY = 10
LONGEST = 500  # characters
A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of reports with the question as the reporter met it."""

    rows: tuple[tuple[Row, Question], ...]
    total: int


def report(
    portal: Portal, actor: Person, attempt_id: int, position: int, reason: str, text: str
) -> None:
    """Report a question of one's own attempt, as it stood there.

    Raises NotAllowed, and Refused: ``error.report_open``, ``error.report_often``,
    ``error.report_words`` (what is wrong is not said, or too long).
    """
    words = typed_line(text)
    if reason not in REASONS or len(words) > LONGEST or (not words and reason == "other"):
        raise Refused("error.report_words", most=LONGEST)
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor)) as conn:
        facts = attempts.item_facts(conn, attempt_id, position)
        if facts is None or facts.person_id != actor.id:
            raise NotAllowed
        if question_reports.find_open(conn, actor.id, facts.question_id):
            raise Refused("error.report_open")
        recent = question_reports.count_since(conn, actor.id, now - timedelta(days=1))
        if recent >= MOST_A_DAY:
            raise Refused("error.report_often", most=MOST_A_DAY)
        question_reports.add(
            conn,
            person_id=actor.id,
            question_id=facts.question_id,
            version=facts.version,
            reason=reason,
            text=words,
            at=now,
        )


def mine(portal: Portal, actor: Person, limit: int = 20) -> list[tuple[Row, Question]]:
    """What the actor reported and what was answered, the newest first."""
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        rows = question_reports.of_person(conn, actor.id, limit)
        kept = versions.get_questions(conn, [row["version"] for row in rows])
    return [(row, kept[row["version"]]) for row in rows]


def queue(portal: Portal, actor: Person, *, answered: bool = False, page: int = 0) -> Queue:
    """Reports to answer, or those answered, a page at a time. Raises NotAllowed."""
    with permission.read(portal, actor, "answer_question_reports") as conn:
        rows, total = question_reports.queue(
            conn, answered=answered, limit=A_PAGE, offset=max(page, 0) * A_PAGE
        )
        kept = versions.get_questions(conn, [row["version"] for row in rows])
    return Queue(tuple((row, kept[row["version"]]) for row in rows), total)


def answer(
    portal: Portal, actor: Person, report_id: int, outcome: str, words: str, *, all_open: bool
) -> int:
    """Answer a report, and with ``all_open`` every open one on the same question, with a reason.

    Returns how many were answered. Raises NotAllowed, and Refused: ``error.report_reason`` (no
    reason), ``error.report_answered`` (somebody else was faster).
    """
    said = typed_line(words)
    if outcome not in OUTCOMES or not said or len(said) > LONGEST:
        raise Refused("error.report_reason", most=LONGEST)
    with permission.write(portal, actor, "answer_question_reports") as conn:
        found = question_reports.get(conn, report_id)
        if found is None:
            raise NotAllowed
        if not _close(conn, portal, actor, report_id, outcome, said):
            raise Refused("error.report_answered")
        others = question_reports.open_on(conn, found["question_id"]) if all_open else []
        for other in others:
            _close(conn, portal, actor, other, outcome, said)
        note(
            portal,
            conn,
            actor,
            "question_report_answered",
            f"question:{found['question_id']}",
            outcome=outcome,
            reports=1 + len(others),
        )
    return 1 + len(others)


# Private functions


def _close(
    conn: Connection, portal: Portal, actor: Person, report_id: int, outcome: str, words: str
) -> bool:
    """Answer one report and tell who made it; False when it is answered already."""
    now = portal.now()
    if not question_reports.answer(
        conn, report_id, by=actor.id, outcome=outcome, words=words, at=now
    ):
        return False
    found = question_reports.get(conn, report_id)
    assert found is not None
    notifications.tell(conn, found["person_id"], "report", report_id, now)
    return True
