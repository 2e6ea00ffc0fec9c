"""More time for one person, or letting somebody off: always with a reason, always in the log.

The manager of the person's unit decides, whoever gave the assignment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.obligations import moment_of, settle
from portal.actions.portal import Portal
from portal.core.assignments import LONGEST_REASON
from portal.core.due import MAX_DAYS
from portal.core.obligations import Cycle
from portal.core.people import Person, Target
from portal.core.times import iso
from portal.core.typed import typed_line
from portal.store import assigned, assignments, obligations, units
from portal.store.database import Connection, Row


def extend(portal: Portal, actor: Person, obligation_id: int, to: date, reason: str) -> None:
    """Give more time: the obligation is due on the day ``to``.

    Raises NotAllowed, or Refused: ``error.reason_needed``, ``error.reason_long``,
    ``error.extension_day`` (not later than the day that holds, or past), ``error.not_open``.
    """
    today = moment_of(portal).today

    def more_time(cycle: Cycle) -> Cycle:
        if not cycle.is_open:
            raise Refused("error.not_open")
        earliest = max(today, cycle.due_on) if cycle.due_on else today
        if not earliest <= to <= date.fromordinal(today.toordinal() + MAX_DAYS):
            raise Refused("error.extension_day")
        if to == cycle.due_on:
            raise Refused("error.extension_day")
        return replace(cycle, extended_to=to)

    _decide(portal, actor, obligation_id, "extend", reason, more_time, to)


def exempt(portal: Portal, actor: Person, obligation_id: int, reason: str) -> None:
    """Let somebody off this cycle. Raises as ``extend``."""

    def let_off(cycle: Cycle) -> Cycle:
        if not cycle.is_open:
            raise Refused("error.not_open")
        return replace(cycle, exempted_at=portal.now())

    _decide(portal, actor, obligation_id, "exempt", reason, let_off)


def restore(portal: Portal, actor: Person, obligation_id: int, reason: str) -> None:
    """Take an exemption back. Raises as ``extend``, and Refused("error.not_exempted")."""

    def ask_again(cycle: Cycle) -> Cycle:
        if cycle.exempted_at is None:
            raise Refused("error.not_exempted")
        return replace(cycle, exempted_at=None)

    _decide(portal, actor, obligation_id, "restore", reason, ask_again)


def decisions(portal: Portal, actor: Person, obligation_id: int) -> list[Row]:
    """What was decided, the newest first: kind, due_on, reason, name, at. Raises NotAllowed."""
    with permission.read(portal, actor, "see_obligations", _place_of(obligation_id)) as conn:
        return assigned.decisions(conn, obligation_id)


# Private functions


def _place_of(obligation_id: int) -> permission.FindTarget:
    """The unit where the obligation counts."""

    def find(conn: Connection) -> Target | None:
        found = obligations.find(conn, obligation_id)
        unit = units.find_unit(conn, found.unit_id) if found and found.unit_id else None
        return Target(found.person_id, unit["path"]) if found and unit else None

    return find


def _decide(
    portal: Portal,
    actor: Person,
    obligation_id: int,
    kind: str,
    reason: str,
    decision: Callable[[Cycle], Cycle],
    due_on: date | None = None,
) -> None:
    reason = typed_line(reason)
    if not reason:
        raise Refused("error.reason_needed")
    if len(reason) > LONGEST_REASON:
        raise Refused("error.reason_long", most=LONGEST_REASON)
    with permission.write(portal, actor, "decide_obligations", _place_of(obligation_id)) as conn:
        old = obligations.find(conn, obligation_id)
        assert old is not None
        assignment = assignments.find(conn, old.assignment_id)
        if assignment is None or old.person_id == actor.id:
            raise NotAllowed  # nobody lets themselves off
        decided = replace(old, cycle=decision(old.cycle))
        obligations.save(conn, [(old, decided)], moment_of(portal).today)
        obligations.decide(
            conn,
            obligation_id,
            kind,
            due_on=due_on,
            reason=reason,
            by=actor.id,
            at=iso(portal.now()),
        )
        settle(conn, portal, assignment, [old.person_id])
        note(
            portal,
            conn,
            actor,
            f"{kind}_obligation",
            f"person:{old.person_id}",
            obligation=obligation_id,
            item=f"{old.item.kind}:{old.item.id}",
            due_on=due_on.isoformat() if due_on else None,
            reason=reason,
        )
