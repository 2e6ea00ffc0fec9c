"""Giving assignments: who must learn what by when; and how far they have come.

A manager assigns within the managed subtree, and sees who has done what there, whoever assigned
it. A trainer assigns everywhere and sees counts, no names. An administrator keeps accounts and
assigns nothing. Every change is in the audit log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.actions import permission
from portal.actions.audience import checked, path_of, target_of
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.core.assignments import (
    LONGEST_REASON,
    LONGEST_TITLE,
    MAX_ITEMS,
    NOT_BEGUN,
    Assignment,
    Item,
)
from portal.core.audience import Rule, write_rule
from portal.core.capabilities import Bilingual
from portal.core.due import (
    BadTerms,
    Due,
    OnDate,
    Recurrence,
    check_terms,
    read_due,
    read_recurrence,
    write_due,
    write_recurrence,
)
from portal.core.people import Person, Target, may, within
from portal.core.suppression import SMALL
from portal.core.typed import typed_line
from portal.store import assigned, assignments, people, standing
from portal.store.assigned import STATES, State, Wanted
from portal.store.database import Connection, Row

__all__ = [
    "STATES",
    "Draft",
    "Figures",
    "Line",
    "State",
    "change",
    "create",
    "days",
    "due_in_unit",
    "end",
    "get",
    "overview",
    "people_of",
    "title_of",
    "unit_figures",
    "units_below",
]

SOON = timedelta(days=30)
_NAMES = ("asked", "done", "exempted", "overdue", "soon")
_A_PAGE = 200
_MOST_DUE = 2000  # of a list to copy


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to assign; fields as in ``core.assignments.Assignment``."""

    unit_id: int | None
    title: str
    reason: str
    items: tuple[Item, ...]
    audience: Rule
    due: Due
    recurrence: Recurrence
    required: bool = True
    credit_earlier: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """Obligations of one or all assignments in a unit: ``asked`` in all, of them ``done``,
    ``exempted``, ``overdue`` (required, open, day passed), ``soon`` due within thirty days."""

    asked: int = 0
    done: int = 0
    exempted: int = 0
    overdue: int = 0
    soon: int = 0

    @property
    def rate(self) -> float | None:
        """Done of those who are not let off, 0..1."""
        left = self.asked - self.exempted
        return self.done / left if left else None


@dataclass(frozen=True, slots=True)
class Line:
    """An assignment as a list shows it. ``mine``: the reader may change and end it. ``small``: it
    asks so few that the figures, which are left out, would be about persons, and the reader sees
    no names."""

    assignment: Assignment
    figures: Figures
    mine: bool
    by: str | None  # the name of who made it
    small: bool = False


def create(portal: Portal, actor: Person, draft: Draft) -> int:
    """Save an assignment; return its id. ``stepping.bring_into_step`` then asks the people.

    Raises NotAllowed, or Refused: ``error.assignment_title``, ``error.assignment_reason``,
    ``error.assignment_items``, ``error.item_unknown``, ``error.due_past``, those of
    ``core.due`` and of ``actions.audience.checked``.
    """
    with permission.write(portal, actor, "assign", target_of(draft.unit_id)) as conn:
        return create_in(conn, portal, actor, draft)


def create_in(conn: Connection, portal: Portal, actor: Person, draft: Draft) -> int:
    """``create`` in the transaction of a caller who has asked for the permission."""
    _check(conn, portal, actor, draft)
    _check_day(portal, draft)
    made = _made(draft, conn, actor, portal.now())
    assignment_id = assignments.add(conn, made, moment_of(portal).today.isoformat())
    _note(portal, conn, actor, "create_assignment", assignment_id, draft)
    return assignment_id


def change(portal: Portal, actor: Person, assignment_id: int, draft: Draft) -> bool:
    """Change an assignment that has not ended; True when people have to be looked at again.

    Raises as ``create``, and Refused("error.assignment_ended").
    """
    with permission.write(portal, actor, "assign", _of(assignment_id)) as conn:
        permission.require(conn, actor, "assign", target_of(draft.unit_id))
        old = assignments.find(conn, assignment_id)
        assert old is not None
        if old.ended_at is not None:
            raise Refused("error.assignment_ended")
        _check(conn, portal, actor, draft)
        if draft.due != old.due:
            _check_day(portal, draft)
        new = replace(
            _made(draft, conn, actor, old.changed_at),
            id=old.id,
            created_by=old.created_by,
            created_at=old.created_at,
            sync_after=old.sync_after,
            sync_terms=old.sync_terms,
        )
        if new == old:
            return False
        again = _terms(new) != _terms(old)
        if again:
            new = replace(new, changed_at=portal.now(), sync_after=NOT_BEGUN, sync_terms=True)
        assignments.change(conn, new)
        _note(portal, conn, actor, "change_assignment", assignment_id, draft)
        return again


def end(portal: Portal, actor: Person, assignment_id: int) -> None:
    """End an assignment: what is done stays, what is open is withdrawn. Raises NotAllowed."""
    with permission.write(portal, actor, "assign", _of(assignment_id)) as conn:
        if assignments.end(conn, assignment_id, portal.now()):
            note(portal, conn, actor, "end_assignment", f"assignment:{assignment_id}")


def overview(
    portal: Portal, actor: Person, unit_id: int | None, *, ended: bool = False
) -> list[Line]:
    """Assignments that concern a unit's subtree, with its figures, the newest first.

    Without ``unit_id``, for a trainer: all. Raises NotAllowed.
    """
    today, soon = days(portal)
    with permission.read(portal, actor, "assign", target_of(unit_id)) as conn:
        path = path_of(conn, unit_id)
        found = assigned.figures(conn, path, today, soon)
        lines = []
        for one in assignments.reaching(conn, None if unit_id is None else [path], ended=ended):
            own = unit_id is None or within(one.unit_path, path)
            if own or one.id in found:
                lines.append(_line(conn, actor, one, found.get(one.id), path))
        return lines


def get(portal: Portal, actor: Person, assignment_id: int, unit_id: int | None) -> Line:
    """One assignment that concerns a unit, with the figures of its subtree. Raises NotAllowed."""
    today, soon = days(portal)
    with permission.read(portal, actor, "assign", target_of(unit_id)) as conn:
        one = assignments.find(conn, assignment_id)
        path = path_of(conn, unit_id)
        if one is None or not _concerns(one, path):
            raise NotAllowed
        return _line(conn, actor, one, assigned.figures(conn, path, today, soon).get(one.id), path)


def people_of(
    portal: Portal,
    actor: Person,
    assignment_id: int,
    unit_id: int,
    state: State = "all",
    query: str = "",
    *,
    limit: int = 50,
    offset: int = 0,
) -> list[Row]:
    """Who of a unit's subtree is asked, in a state, the most urgent first; rows as
    ``store.assigned.of_assignment``. Raises NotAllowed."""
    today, soon = days(portal)
    with permission.read(portal, actor, "see_obligations", permission.unit(unit_id)) as conn:
        return assigned.of_assignment(
            conn,
            assignment_id,
            path_of(conn, unit_id),
            state if state in assigned.STATES else "all",
            query,
            today=today,
            soon=soon,
            limit=min(max(limit, 1), _A_PAGE),
            offset=max(offset, 0),
        )


def due_in_unit(
    portal: Portal,
    actor: Person,
    unit_id: int,
    states: Sequence[State] = ("overdue",),
    *,
    limit: int = 50,
    offset: int = 0,
) -> list[Row]:
    """What is overdue (or ``soon`` due) in a unit's subtree, by day, unit and person.

    Raises NotAllowed.
    """
    today, soon = days(portal)
    with permission.read(portal, actor, "see_obligations", permission.unit(unit_id)) as conn:
        wanted = Wanted(path_of(conn, unit_id), tuple(states), today, soon)
        most = min(max(limit, 1), _MOST_DUE)
        return assigned.in_unit(conn, wanted, limit=most, offset=max(offset, 0))


def unit_figures(portal: Portal, actor: Person, unit_id: int) -> Figures:
    """The figures of all assignments in a unit's subtree. Raises NotAllowed."""
    today, soon = days(portal)
    with permission.read(portal, actor, "see_obligations", permission.unit(unit_id)) as conn:
        return _figures(assigned.total(conn, path_of(conn, unit_id), today, soon))


def units_below(portal: Portal, actor: Person, unit_id: int) -> list[tuple[Row, Figures]]:
    """The open units directly below (id, path, name, name_en), each with the figures of its
    subtree. Raises NotAllowed."""
    today, soon = days(portal)
    with permission.read(portal, actor, "see_obligations", permission.unit(unit_id)) as conn:
        children = [row for row in standing.children(conn, unit_id) if row["closed_at"] is None]
        rows = assigned.by_child(conn, path_of(conn, unit_id), today, soon)
    return [
        (child, _sum([row for row in rows if row["path"].startswith(child["path"])]))
        for child in children
    ]


def days(portal: Portal) -> tuple[str, str]:
    """Today, and the day up to which something is soon due, as ISO days where the portal is."""
    today = moment_of(portal).today
    return today.isoformat(), (today + SOON).isoformat()


def title_of(portal: Portal, item: Item) -> Bilingual | None:
    """The title of what is assigned; None when it is not offered any more."""
    catalogue = portal.library.catalogue
    match item.kind:
        case "course":
            course = catalogue.courses.get(item.id)
            return course.title if course else None
        case "quiz":
            quiz = catalogue.quizzes.get(item.id)
            return quiz.title if quiz and quiz.kind != "pool" else None
        case "drill":
            drill = catalogue.drills.get(item.id)
            return drill.title if drill else None


# Private functions


def _of(assignment_id: int) -> permission.FindTarget:
    """The reach of an assignment that is there."""

    def find(conn: Connection) -> Target | None:
        one = assignments.find(conn, assignment_id)
        return None if one is None else Target(unit_path=one.unit_path)

    return find


def _check(conn: Connection, portal: Portal, actor: Person, draft: Draft) -> None:
    if len(draft.title) > LONGEST_TITLE:
        raise Refused("error.assignment_title", most=LONGEST_TITLE)
    if len(draft.reason) > LONGEST_REASON:
        raise Refused("error.assignment_reason", most=LONGEST_REASON)
    if not 0 < len(draft.items) <= MAX_ITEMS or len(set(draft.items)) < len(draft.items):
        raise Refused("error.assignment_items", most=MAX_ITEMS)
    for item in draft.items:
        if title_of(portal, item) is None:
            raise Refused("error.item_unknown", item=item.id)
    try:
        read_due(write_due(draft.due))
        read_recurrence(write_recurrence(draft.recurrence))
        check_terms(draft.due, draft.recurrence)
    except BadTerms as bad:
        raise Refused(bad.key) from None
    checked(conn, portal, actor, draft.unit_id, draft.audience)


def _check_day(portal: Portal, draft: Draft) -> None:
    if isinstance(draft.due, OnDate) and draft.due.day < moment_of(portal).today:
        raise Refused("error.due_past")


def _made(draft: Draft, conn: Connection, actor: Person, now: datetime) -> Assignment:
    return Assignment(
        id=0,
        unit_id=draft.unit_id,
        unit_path=None if draft.unit_id is None else path_of(conn, draft.unit_id),
        title=typed_line(draft.title),
        reason=typed_line(draft.reason),
        items=draft.items,
        audience=draft.audience,
        due=draft.due,
        recurrence=draft.recurrence,
        required=draft.required,
        credit_earlier=draft.credit_earlier,
        created_by=actor.id,
        created_at=now,
        changed_at=now,
        ended_at=None,
        sync_after=NOT_BEGUN,
        sync_terms=True,
    )


def _terms(one: Assignment) -> tuple[object, ...]:
    """What decides about obligations; title and reason do not."""
    return (
        one.unit_id,
        one.items,
        one.audience,
        one.due,
        one.recurrence,
        one.required,
        one.credit_earlier,
    )


def _note(
    portal: Portal, conn: Connection, actor: Person, action: str, assignment_id: int, draft: Draft
) -> None:
    note(
        portal,
        conn,
        actor,
        action,
        f"assignment:{assignment_id}",
        unit=draft.unit_id,
        title=draft.title,
        reason=draft.reason,
        items=[f"{item.kind}:{item.id}" for item in draft.items],
        audience=write_rule(draft.audience),
        due=write_due(draft.due),
        recurrence=write_recurrence(draft.recurrence),
        required=draft.required,
        credit_earlier=draft.credit_earlier,
    )


def _concerns(one: Assignment, path: str) -> bool:
    reach = one.unit_path
    return reach is None or path.startswith(reach) or reach.startswith(path)


def _line(conn: Connection, actor: Person, one: Assignment, row: Row | None, path: str) -> Line:
    small = False
    if row is not None and not may(actor, "see_obligations", Target(unit_path=path)):
        small = assigned.count_asked(conn, one.id, path, SMALL) < SMALL
    by = people.find_person(conn, one.created_by) if one.created_by else None
    mine = may(actor, "assign", Target(unit_path=one.unit_path))
    figures = Figures() if small else _figures(row)
    return Line(one, figures, mine and one.ended_at is None, by.name if by else None, small)


def _sum(rows: Sequence[Row]) -> Figures:
    return Figures(**{name: sum(row[name] for row in rows) for name in _NAMES})


def _figures(row: Row | None) -> Figures:
    return Figures(**{name: row[name] for name in _NAMES}) if row else Figures()
