"""What a person may see of an attempt.

Grades appear when they may: of an exam after it has closed, of a quiz or checkpoint once the item
is checked. A question comes from the stored version, whatever has been edited since. Its key
must not reach the browser before ``ItemView.grade`` is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.actions.settling import grade_item
from portal.core.attempts import Attempt
from portal.core.grading import Grade, grade
from portal.core.questions import Question, Response
from portal.core.quizzes import Quiz
from portal.core.regrading import obstacle
from portal.store import attempts, question_decisions, versions
from portal.store.attempts import StoredItem
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question of an attempt as its owner sees it. ``grade`` is None while it is hidden."""

    attempt_id: int
    position: int  # 0-based, in the order of the paper
    question: Question
    option_order: tuple[int, ...]
    points: float
    response: Response | None
    saved_at: datetime | None
    device: str  # mark of the sign-in that gave the response
    hint_used: bool
    checked: bool  # the response has been checked
    tries: int  # how often it was checked
    locked: bool  # to be shown with its result, not with its input
    may_try_again: bool  # a checkpoint that was not right yet
    feedback_at_once: bool  # may be checked now
    grade: Grade | None
    decided: bool = False  # a decision about the question changed what the answer is worth
    graded_by: Question | None = None  # the version with another key that grades it now


@dataclass(frozen=True, slots=True)
class AttemptView:
    """``items`` is empty for a manager, who sees the score of a submitted attempt and no more.

    ``quiz`` is the quiz or exam as it was when the attempt was opened (None for checkpoints);
    ``now`` is the server's clock, which decides.
    """

    attempt: Attempt
    quiz: Quiz | None
    items: tuple[ItemView, ...]
    now: datetime
    may_review: bool  # whether the items' keys and grades may be shown


def view_of(conn: Connection, attempt: Attempt, now: datetime, *, own: bool) -> AttemptView:
    """The attempt for its owner, or for somebody who may see its score."""
    return AttemptView(
        attempt=attempt,
        quiz=versions.find_quiz(conn, attempt.version),
        items=tuple(_by_newer_keys(conn, attempt, items_of(conn, attempt))) if own else (),
        now=now,
        may_review=own and not attempt.is_open,
    )


def items_of(conn: Connection, attempt: Attempt, position: int | None = None) -> list[ItemView]:
    """The items of the attempt, or the one at ``position``."""
    stored = attempts.items(conn, attempt.id, position)
    questions = versions.get_questions(conn, [item.version for item in stored])
    return [_item(attempt, item, questions[item.version]) for item in stored]


def is_settled(kind: str, question: Question, checked: Response | None) -> bool:
    """Whether the answer to an item of an open attempt can no longer be changed.

    A check settles an item of a quiz; a checkpoint may be tried until it is right.
    """
    if checked is None or kind == "exam":
        return False
    return kind == "quiz" or grade(question, checked).right


# Private functions


def _by_newer_keys(conn: Connection, attempt: Attempt, items: list[ItemView]) -> list[ItemView]:
    """A handed-in attempt's items, each with the version by which a decision has it graded."""
    if attempt.is_open:
        return items
    wanted = {
        row["position"]: row["to_version"]
        for row in question_decisions.standing(conn, attempt.id)
        if row["deed"] == "regrade"
    }
    newer = versions.get_questions(conn, list(wanted.values()))
    return [
        replace(item, graded_by=newer[wanted[item.position]])
        if item.position in wanted and obstacle(item.question, newer[wanted[item.position]]) is None
        else item
        for item in items
    ]


def _item(attempt: Attempt, item: StoredItem, question: Question) -> ItemView:
    checked = item.checked is not None and item.checked == item.response
    settled = is_settled(attempt.kind, question, item.checked)
    return ItemView(
        attempt_id=attempt.id,
        position=item.position,
        question=question,
        option_order=item.option_order,
        points=item.points,
        response=item.response,
        saved_at=item.saved_at,
        device=item.device,
        hint_used=item.hinted,
        checked=checked,
        tries=item.tries,
        locked=checked or settled or not attempt.is_open,
        may_try_again=attempt.kind == "checkpoint" and checked and not settled,
        feedback_at_once=attempt.kind != "exam" and attempt.is_open and not checked,
        grade=grade_item(item, question) if checked or not attempt.is_open else None,
        decided=item.decision_id is not None or item.restored,
    )
