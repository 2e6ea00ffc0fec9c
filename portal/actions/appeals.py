"""What a learner sees of an essay's mark, and the appeal against it: once an item, with a reason.

Another trainer than those who marked answers it, with reasons; an appeal never lowers the mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actions import marking, permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.marking import A_PAGE, Queue
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.marking import Given, counting_points, criteria
from portal.core.people import Person
from portal.core.questions import Criterion
from portal.core.typed import typed
from portal.store import attempts, essays, notifications, versions
from portal.store.database import Row

LONGEST = 1_000  # characters of a reason
OUTCOMES = ("changed", "stands")


@dataclass(frozen=True, slots=True)
class EssayResult:
    """The mark of one's own essay: ``points`` by criterion, None while it is awaited."""

    criteria: tuple[Criterion, ...]
    points: tuple[float, ...] | None
    comments: tuple[str, ...]
    appeal: Row | None
    may_appeal: bool


def result_of(portal: Portal, actor: Person, attempt_id: int, position: int) -> EssayResult | None:
    """The mark of an essay of the actor's own; None when there is nothing to mark. Raises
    NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as c:
        essay = essays.find(c, attempt_id, position)
        if essay is None:
            return None
        if essay["person_id"] != actor.id:
            raise NotAllowed
        given = essays.marks_of(c, attempt_id, position)
        appeal = essays.find_appeal(c, attempt_id, position)
        question = versions.get_question(c, essay["version"])
        [item] = attempts.items(c, attempt_id, position)
    rows = criteria(question)
    if essay["state"] != "marked":
        return EssayResult(rows, None, (), None, may_appeal=False)
    return EssayResult(
        rows,
        counting_points([marking.given_of(row) for row in given]),
        tuple(row["comment"] for row in given if row["comment"] and row["stage"] != "appeal"),
        appeal,
        may_appeal=appeal is None and not item.voided,
    )


def appeal(portal: Portal, actor: Person, attempt_id: int, position: int, reason: str) -> None:
    """Appeal against the mark of one's own essay.

    Raises NotAllowed, and Refused: ``error.appeal_reason``, ``error.appeal_once``,
    ``error.appeal_early`` (it is not marked yet, or was taken out).
    """
    words = typed(reason)
    if not words or len(words) > LONGEST:
        raise Refused("error.appeal_reason", most=LONGEST)
    with permission.write(portal, actor, "appeal", oneself(actor)) as c:
        essay = essays.find(c, attempt_id, position)
        if essay is None or essay["person_id"] != actor.id:
            raise NotAllowed
        [item] = attempts.items(c, attempt_id, position)
        if essay["state"] != "marked" or item.voided:
            raise Refused("error.appeal_early")
        if not essays.add_appeal(c, attempt_id, position, actor.id, words, portal.now()):
            raise Refused("error.appeal_once")
        note(portal, c, actor, "essay_appealed", f"attempt:{attempt_id}", position=position)


def queue(portal: Portal, actor: Person, page: int = 0) -> Queue:
    """Open appeals that the actor may answer, the oldest first. Raises NotAllowed."""
    with permission.read(portal, actor, "mark") as c:
        rows = essays.appeals(c, actor.id, A_PAGE + 1, max(page, 0) * A_PAGE)
        kept = versions.get_questions(c, [row["version"] for row in rows])
    shown = tuple((row, kept[row["version"]]) for row in rows[:A_PAGE])
    return Queue(shown, {}, len(rows) > A_PAGE)


def count_open(portal: Portal, actor: Person) -> int:
    """How many appeals the actor may answer. Raises NotAllowed."""
    with permission.read(portal, actor, "mark") as c:
        return essays.count_appeals(c, actor.id)


def answer(
    portal: Portal,
    actor: Person,
    attempt_id: int,
    position: int,
    points: Sequence[float | None],
    words: str,
) -> str:
    """Answer an appeal with points by criterion and reasons; returns ``changed`` or ``stands``.

    Raises NotAllowed, and Refused: ``error.appeal_answer``, ``error.appeal_lower``,
    ``error.appeal_answered``, ``error.essay_points``, and like ``marking.open_essay``.
    """
    said = typed(words)
    if not said or len(said) > marking.LONGEST:
        raise Refused("error.appeal_answer", most=marking.LONGEST)
    now = portal.now()
    with permission.write(portal, actor, "mark") as c:
        essay, earlier = marking.open_for(c, portal, actor, attempt_id, position)
        if essay["state"] != "marked":
            raise NotAllowed
        question = versions.get_question(c, essay["version"])
        made = marking.checked(question, points, said)
        given = [marking.given_of(row) for row in earlier]
        before = counting_points(given)
        if sum(made) < sum(before):
            raise Refused("error.appeal_lower")
        outcome = "stands" if made == before else "changed"
        if not essays.answer_appeal(
            c, attempt_id, position, by=actor.id, outcome=outcome, answer=said, at=now
        ):
            raise Refused("error.appeal_answered")
        given.append(Given(actor.id, "appeal", made))
        marking.add(c, attempt_id, position, actor, given[-1], said, now)
        if outcome == "changed":
            marking.count(c, portal, essay, question, given, now)
        else:
            essays.move_on(c, attempt_id, position, "marked")
        notifications.tell(c, essay["person_id"], "appeal", attempt_id, now)
        note(
            portal,
            c,
            actor,
            "essay_appeal_answered",
            f"attempt:{attempt_id}",
            position=position,
            outcome=outcome,
            points=list(made),
        )
    return outcome
