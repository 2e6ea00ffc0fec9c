"""Answering, taking a hint, checking one item, trying it again.

``answer`` is the click that everybody waits for: one statement that reads what decides, one that
appends, one commit to disk. Answers do not move ``revision`` on: no figure shows open attempts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from portal.actions import closing, evidence, permission, settling
from portal.actions.attempt_views import is_settled
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.attempts import is_overdue
from portal.core.capabilities import Bilingual
from portal.core.grading import Grade, grade, is_empty, is_valid
from portal.core.people import Person
from portal.core.questions import Response
from portal.core.times import iso, parse_iso
from portal.store import attempts, progress, versions
from portal.store.attempts import ItemFacts
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer that is on disk since ``at``."""

    at: datetime


def answer(
    portal: Portal,
    actor: Person,
    attempt_id: int,
    position: int,
    response: Response,
    *,
    device: str = "",
) -> Saved:
    """Save a response; it is on disk when this returns. An empty response takes one back.

    ``device`` is a short mark of the sign-in. Saving what is saved already writes nothing and
    returns the old time. Raises NotAllowed for another person's attempt, and Refused:
    ``error.time_is_up`` (the attempt is then closed with what was saved), ``error.attempt_closed``,
    ``error.item_checked``, ``error.bad_answer``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        facts = _own_item(conn, actor, attempt_id, position)
        late = is_overdue(facts.deadline_at, facts.submitted_at, now)
        if not late:
            return _save(conn, facts, attempt_id, position, response, now, device)
    raise _closed_late(portal, attempt_id, now)


def use_hint(portal: Portal, actor: Person, attempt_id: int, position: int) -> Bilingual:
    """The hint to an item; that it was used is logged, once.

    Raises NotAllowed, and Refused: ``error.no_hint``, ``error.attempt_closed``,
    ``error.time_is_up``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        facts = _own_item(conn, actor, attempt_id, position)
        question = versions.get_question(conn, facts.version)
        if question.hint is None:
            raise Refused("error.no_hint")
        if facts.hinted:
            return question.hint
        if not is_overdue(facts.deadline_at, facts.submitted_at, now):
            _require_open(facts)
            attempts.append(conn, attempt_id, position, "hint", "null", iso(now))
            return question.hint
    raise _closed_late(portal, attempt_id, now)


def check_item(portal: Portal, actor: Person, attempt_id: int, position: int) -> Grade:
    """Mark the saved answer at once: a quiz's item is then settled, a wrong checkpoint is not.

    Raises NotAllowed, and Refused: ``error.feedback_later`` (an exam), ``error.answer_first``,
    ``error.attempt_closed``, ``error.time_is_up``.
    """
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        facts = _own_item(conn, actor, attempt_id, position)
        if facts.kind == "exam":
            raise Refused("error.feedback_later")
        if not is_overdue(facts.deadline_at, facts.submitted_at, now):
            return _check(conn, portal, facts, attempt_id, position, now)
    raise _closed_late(portal, attempt_id, now)


def try_again(portal: Portal, actor: Person, attempt_id: int, position: int) -> None:
    """Take back the answer to a checkpoint that was not right, so that it is asked afresh.

    What was answered stays in the log. Raises NotAllowed, and Refused ``error.item_checked`` when
    the item was right or belongs to a quiz.
    """
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        facts = _own_item(conn, actor, attempt_id, position)
        question = versions.get_question(conn, facts.version)
        if facts.kind != "checkpoint" or is_settled(facts.kind, question, _checked(facts)):
            raise Refused("error.item_checked")
        if facts.answer not in (None, attempts.TAKEN_BACK):
            attempts.append(
                conn, attempt_id, position, "answer", attempts.TAKEN_BACK, iso(portal.now())
            )


# Private functions


def _own_item(conn: Connection, actor: Person, attempt_id: int, position: int) -> ItemFacts:
    facts = attempts.item_facts(conn, attempt_id, position)
    if facts is None or facts.person_id != actor.id:
        raise NotAllowed
    return facts


def _save(
    conn: Connection,
    facts: ItemFacts,
    attempt_id: int,
    position: int,
    response: Response,
    now: datetime,
    device: str,
) -> Saved:
    question = versions.get_question(conn, facts.version)
    if not is_valid(question, response):
        raise Refused("error.bad_answer")
    text = attempts.dump(response)
    if text == facts.answer and facts.answered_at is not None:
        return Saved(parse_iso(facts.answered_at))
    _require_open(facts)
    if is_settled(facts.kind, question, _checked(facts)):
        raise Refused("error.item_checked")
    attempts.append(conn, attempt_id, position, "answer", text, iso(now), device)
    return Saved(parse_iso(iso(now)))


def _check(
    conn: Connection,
    portal: Portal,
    facts: ItemFacts,
    attempt_id: int,
    position: int,
    now: datetime,
) -> Grade:
    question = versions.get_question(conn, facts.version)
    response = json.loads(facts.answer) if facts.answer else None
    given = grade(question, response)
    if facts.checked is not None and facts.checked == facts.answer:
        return given
    _require_open(facts)
    if is_empty(response) or facts.answer is None:
        raise Refused("error.answer_first")
    attempts.append(conn, attempt_id, position, "check", facts.answer, iso(now))
    if facts.kind == "checkpoint" and facts.checked is None:
        settling.count_first_answer(conn, facts.unit_id, facts.question_id, facts.version, given)
        evidence.item_checked(
            conn,
            portal,
            facts.person_id,
            question,
            facts.version,
            given,
            now,
            attempt_id=attempt_id,
            position=position,
            module_id=facts.quiz_id,
        )
        module = portal.library.catalogue.modules.get(facts.quiz_id)
        if module is not None:
            settling.complete_module_if_due(conn, portal, facts.person_id, module, now)
        progress.touch_revision(conn)
    return given


def _checked(facts: ItemFacts) -> Response | None:
    checked: Response | None = json.loads(facts.checked) if facts.checked else None
    return checked


def _require_open(facts: ItemFacts) -> None:
    if facts.submitted_at is not None:
        raise Refused("error.attempt_closed")


def _closed_late(portal: Portal, attempt_id: int, now: datetime) -> Refused:
    closing.close_if_overdue(portal, attempt_id, now)
    return Refused("error.time_is_up")
