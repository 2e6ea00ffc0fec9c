"""What a learner is told on the first page until it is opened: an essay was marked, an appeal, a
report of a wrong question or a doubt about the own profile was answered.

Told in the transaction that marks or answers; opened by looking at the result or the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from portal.actions import permission
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.people import Person
from portal.store import (
    attempts,
    capability_questions,
    notifications,
    question_reports,
    versions,
)
from portal.store.database import Connection
from portal.store.notifications import Kind

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notification:
    """``about`` is the attempt's id, or the report's, or the doubt's; ``title`` that of the quiz or
    the question, empty for a doubt; ``outcome`` and ``answer`` belong to a report."""

    kind: Kind | Literal["doubt"]
    about: int
    at: str  # ISO text
    title: Bilingual
    outcome: str = ""
    answer: str = ""


def unopened(conn: Connection, person_id: int) -> tuple[Notification, ...]:
    """The newest that the person has not opened, five at most."""
    told = [
        _read(conn, row["kind"], row["about"], row["at"])
        for row in notifications.unopened(conn, person_id, SHOWN)
    ]
    told += [
        Notification("doubt", row["id"], row["answered_at"], Bilingual(""))
        for row in capability_questions.unseen(conn, person_id, SHOWN)
    ]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True)[:SHOWN])


def note_opened(
    portal: Portal, actor: Person, kinds: Iterable[Kind], about: int | None = None
) -> None:
    """The actor has seen this attempt's result, or with ``about`` None all answers of the kinds.

    Writes nothing when there was nothing to open. Raises NotAllowed.
    """
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        fresh = [kind for kind in kinds if notifications.is_unopened(conn, actor.id, kind, about)]
    if not fresh:
        return
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        for kind in fresh:
            notifications.note_opened(conn, actor.id, kind, about, portal.now())


# Private functions


def _read(conn: Connection, kind: Kind, about: int, at: str) -> Notification:
    if kind == "report":
        row = question_reports.get(conn, about)
        assert row is not None
        title = versions.get_question(conn, row["version"]).title
        return Notification(kind, about, at, title, row["outcome"], row["answer"])
    attempt = attempts.get(conn, about)
    quiz = versions.find_quiz(conn, attempt.version)
    return Notification(kind, about, at, quiz.title if quiz else Bilingual(attempt.quiz_id))
