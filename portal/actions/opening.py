"""Opening an attempt at a quiz or exam, and the checkpoints of a module.

A paper is drawn once, from the seed that the attempt stores; the quiz, every drawn question, the
deadline and the pass mark are stored with it, so that an edit moves nothing under the person.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from portal.actions import closing, permission, settling
from portal.actions.attempt_views import AttemptView, ItemView, view_of
from portal.actions.errors import NotAllowed, Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.attempts import (
    Attempt,
    Begin,
    Resume,
    UsedUp,
    Wait,
    deadline_of,
    decide_opening,
)
from portal.core.catalogue import Catalogue
from portal.core.courses import Module
from portal.core.drawing import DrawnItem, draw, option_order
from portal.core.people import Person
from portal.core.questions import Question
from portal.core.quizzes import Quiz
from portal.core.times import iso
from portal.store import attempts, versions
from portal.store.database import Connection


def open_attempt(portal: Portal, actor: Person, quiz_id: str) -> Attempt:
    """The person's open attempt at this quiz or exam, or a new one.

    Raises Refused: ``error.quiz_not_offered``, ``error.quiz_empty``, ``error.attempts_used_up``
    (limit), ``error.retake_later`` (until). NotAllowed when the person may not learn.
    """
    now = portal.now()
    closing.close_overdue_of(portal, actor.id, now)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        resumed = attempts.find_open(conn, actor.id, quiz_id)
    if resumed is not None:
        return resumed
    with permission.write(portal, actor, "learn", oneself(actor)) as conn:
        catalogue = portal.library.catalogue
        quiz = catalogue.quizzes.get(quiz_id)
        if quiz is None or quiz.kind == "pool":
            raise Refused("error.quiz_not_offered")
        opening = decide_opening(quiz, attempts.past(conn, actor.id, quiz_id), now)
        match opening:
            case UsedUp(limit):
                raise Refused("error.attempts_used_up", limit=limit)
            case Wait(until):
                raise Refused("error.retake_later", until=_local(portal, until))
            case Resume(attempt_id):
                pass
            case Begin(number):
                settling.start_course(conn, portal, actor.id, actor.counts_in, quiz.course, now)
                attempt_id = _begin(conn, catalogue, actor, quiz, number, now)
        return attempts.get(conn, attempt_id)


def open_checkpoints(portal: Portal, actor: Person, module_id: str) -> AttemptView:
    """The attempt that holds the person's answers to the checkpoints of a module.

    There is one a person and module, and it stays open. Checkpoints that were written since, and
    new versions of those that the person has not touched, are appended as further items: the view
    holds the last item of each question. Raises NotAllowed for an unknown module.
    """
    module = portal.library.catalogue.modules.get(module_id)
    if module is None:
        raise NotAllowed
    now = portal.now()
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = attempts.find_open(conn, actor.id, module_id)
        if found is not None:
            view = _last_of_each(view_of(conn, found, now, own=True))
            if not _missing_checkpoints(portal, view, module):
                return view
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        found = attempts.find_open(conn, actor.id, module_id)
        if found is None:
            found = _begin_checkpoints(conn, actor, module, now)
        view = view_of(conn, found, now, own=True)
        missing = _missing_checkpoints(portal, _last_of_each(view), module)
        kept = versions.keep(conn, missing, iso(now))
        drawn = [DrawnItem(q.id, option_order(q, found.seed)) for q in missing]
        attempts.add_items(
            conn,
            found.id,
            [(item, v, q.points) for item, v, q in zip(drawn, kept, missing, strict=True)],
            first_position=len(view.items),
        )
        return _last_of_each(view_of(conn, found, now, own=True))


# Private functions


def _local(portal: Portal, moment: datetime) -> str:
    """Day and time where the portal is, rounded up so that "after" is true."""
    local = (moment + timedelta(seconds=59)).astimezone(ZoneInfo(portal.settings.tz))
    return local.strftime("%Y-%m-%d %H:%M")


def _begin(
    conn: Connection, catalogue: Catalogue, actor: Person, quiz: Quiz, number: int, now: datetime
) -> int:
    seed = _seed(actor.id, quiz.id, number, now)
    try:
        drawn = draw(quiz, _pools(catalogue, quiz), seed)
    except ValueError:
        raise Refused("error.quiz_empty") from None
    questions = [catalogue.questions[item.question_id] for item in drawn]
    [version] = versions.keep(conn, [quiz], iso(now))
    kept = versions.keep(conn, questions, iso(now))
    attempt_id = attempts.add(
        conn,
        person_id=actor.id,
        unit_id=actor.counts_in,
        kind=quiz.kind,
        quiz_id=quiz.id,
        course_id=quiz.course,
        version=version,
        number=number,
        seed=seed,
        pass_mark=quiz.pass_mark,
        opened_at=now,
        deadline_at=deadline_of(quiz, now),
    )
    attempts.add_items(
        conn,
        attempt_id,
        [(item, v, q.points) for item, v, q in zip(drawn, kept, questions, strict=True)],
    )
    return attempt_id


def _pools(catalogue: Catalogue, quiz: Quiz) -> dict[str, list[Question]]:
    """The quiz's own questions and those of the pools it draws from, by quiz id."""
    ids = {quiz.id, *(entry.pool for entry in quiz.draw if entry.pool)}
    return {
        pool_id: [
            catalogue.questions[question_id]
            for question_id in catalogue.quizzes[pool_id].question_ids
            if question_id in catalogue.questions
        ]
        if pool_id in catalogue.quizzes
        else []
        for pool_id in ids
    }


def _begin_checkpoints(conn: Connection, actor: Person, module: Module, now: datetime) -> Attempt:
    [version] = versions.keep(conn, [module], iso(now))
    attempt_id = attempts.add(
        conn,
        person_id=actor.id,
        unit_id=actor.counts_in,
        kind="checkpoint",
        quiz_id=module.id,
        course_id=module.course,
        version=version,
        number=1,
        seed=_seed(actor.id, module.id, 1, now),
        pass_mark=0.0,
        opened_at=now,
        deadline_at=None,
    )
    return attempts.get(conn, attempt_id)


def _last_of_each(view: AttemptView) -> AttemptView:
    last = {item.question.id: item for item in view.items}
    return replace(view, items=tuple(last.values()))


def _missing_checkpoints(portal: Portal, view: AttemptView, module: Module) -> list[Question]:
    """Checkpoints that the attempt lacks, or holds in an older version that nobody touched."""
    questions = portal.library.catalogue.questions
    held = {item.question.id: item for item in view.items}
    missing = []
    for question_id in dict.fromkeys(module.checkpoint_ids):
        question, item = questions.get(question_id), held.get(question_id)
        if question is None:
            continue
        if item is None or (item.question != question and _is_untouched(item)):
            missing.append(question)
    return missing


def _is_untouched(item: ItemView) -> bool:
    return item.response is None and not item.tries and not item.hint_used


def _seed(person_id: int, quiz_id: str, number: int, now: datetime) -> int:
    """63 bits that differ between people, attempts and moments, and can be told from the record."""
    text = f"{person_id}/{quiz_id}/{number}/{iso(now)}"
    return int.from_bytes(sha256(text.encode()).digest()[:8]) >> 1
