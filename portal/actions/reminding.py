"""A manager reminds: in the portal always, by mail where there is a server and an address.

Everybody who is late is reminded, however many: by batches of people, each in a transaction of its
own, so that nobody's answer waits. Whoever was reminded today is not reminded again, so that after
an interruption one more click goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from portal.actions import permission
from portal.actions.assignments import days
from portal.actions.audience import path_of
from portal.actions.audit import note
from portal.actions.mailing import Compose, Sent, mail, server_of
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.exchange.mail import Outbox
from portal.store import assigned, reminders
from portal.store.assigned import State, Wanted
from portal.store.database import Row

A_BATCH = 500  # people


@dataclass(frozen=True, slots=True)
class Reminded:
    """How far it has come: ``done`` of ``all`` people. Of these, ``people`` find a notice on their
    first page now; ``already`` had one today. ``mail`` is None when the portal sends no mail."""

    people: int = 0
    already: int = 0
    mail: Sent | None = None
    done: int = 0
    all: int = 0


def remind(
    portal: Portal,
    actor: Person,
    unit_id: int,
    compose: Compose,
    *,
    states: Sequence[State] = ("overdue",),
    assignment_id: int | None = None,
    batch: int = A_BATCH,
) -> Iterator[Reminded]:
    """Remind those of a unit's subtree of what is overdue (or ``soon`` due), at most once a day.

    Only of one assignment when it is given. Yields after each batch, at least once. Raises
    NotAllowed.
    """
    today, soon = days(portal)
    with permission.read(portal, actor, "decide_obligations", permission.unit(unit_id)) as conn:
        wanted = Wanted(path_of(conn, unit_id), tuple(states), today, soon, assignment_id)
        person_ids = assigned.people_pressed(conn, wanted)
    server = server_of(portal.settings)
    so_far = Reminded(all=len(person_ids), mail=None if server is None else Sent())
    with ExitStack() as stack:
        outbox = None if server is None else stack.enter_context(Outbox(server))
        for begin in range(0, len(person_ids), batch):
            some = person_ids[begin : begin + batch]
            rows, told = _tell(portal, actor, unit_id, wanted, some)
            if outbox is not None and so_far.mail is not None and not so_far.mail.gave_up:
                mail(portal, rows, compose, outbox, actor.id, so_far.mail)
            so_far = replace(
                so_far,
                people=so_far.people + _people(told),
                already=so_far.already + _people(rows) - _people(told),
                done=begin + len(some),
            )
            yield so_far
    if not person_ids:
        yield so_far


# Private functions


def _tell(
    portal: Portal, actor: Person, unit_id: int, wanted: Wanted, person_ids: Sequence[int]
) -> tuple[list[Row], list[Row]]:
    """What presses on these people now, and of that what they were not reminded of today."""
    target = permission.unit(unit_id)
    with permission.write(portal, actor, "decide_obligations", target, bump=False) as conn:
        rows = assigned.pressing_on(conn, wanted, person_ids[0], person_ids[-1])
        day, now = wanted.today, portal.now()
        told = reminders.claim(conn, rows, "portal", day=day, at=now, by=actor.id)
        if told:
            note(
                portal,
                conn,
                actor,
                "remind",
                f"unit:{unit_id}",
                people=_people(told),
                obligations=len(told),
                assignment=wanted.assignment_id,
            )
    return rows, told


def _people(rows: Sequence[Row]) -> int:
    return len({row["person_id"] for row in rows})
