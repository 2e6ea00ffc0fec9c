"""What decisions about a question did to one item of one's own attempt: points before and after.

Marks are added, never changed, so that every earlier state can be told from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from portal.actions import permission
from portal.actions.errors import NotAllowed
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.grading import grade
from portal.core.people import Person
from portal.store import attempts, marks, versions
from portal.store.database import Row

Kind = Literal["regrade", "void", "restore"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A regrade, a void, or the undoing of one. ``before`` and ``after`` are points, None where the
    item does not count or waits for its mark; ``worth`` is the maximum."""

    kind: Kind
    reason: str
    at: str  # ISO text
    before: float | None
    after: float | None
    worth: float


def history_of(portal: Portal, actor: Person, attempt_id: int, position: int) -> list[Decided]:
    """What was decided about an item of one's own attempt, the oldest first. Raises NotAllowed."""
    with permission.read(portal, actor, "learn", oneself(actor)) as c:
        attempt = attempts.find(c, attempt_id)
        if attempt is None or attempt.person_id != actor.id:
            raise NotAllowed
        rows = marks.history(c, attempt_id, position)
        [item] = attempts.items(c, attempt_id, position)
        question = versions.get_question(c, item.version)
    worth = item.points or 1.0
    fraction = grade(question, item.response).fraction
    return told(rows, None if fraction is None else fraction * worth, worth)


def told(rows: Sequence[Row], graded: float | None, worth: float) -> list[Decided]:
    """``marks.history`` of an item as decisions; ``graded``: its points before any mark."""
    found: list[Decided] = []
    before = graded
    for row in rows:
        after = _counts(row, graded, worth)
        if row["kind"] != "mark":
            kind = cast(Kind, row["kind"])
            found.append(Decided(kind, row["reason"], row["at"], before, after, worth))
        before = after
    return found


# Private functions


def _counts(row: Row, graded: float | None, worth: float) -> float | None:
    """What the item is worth to the person while this mark is the newest."""
    if row["kind"] == "void":
        return None
    if row["score"] is None:
        return graded
    return float(row["score"] / row["max_score"] * worth)
