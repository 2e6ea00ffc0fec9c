"""A manager reminds: in the portal always, by mail where there is a server and an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actions import permission
from portal.actions.assignments import days
from portal.actions.audience import path_of
from portal.actions.audit import note
from portal.actions.mailing import Compose, Sent, mail, server_of
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.exchange.mail import Outbox
from portal.store import assigned, reminders
from portal.store.assigned import State
from portal.store.database import Row

MOST = 2000  # obligations at a time


@dataclass(frozen=True, slots=True)
class Reminded:
    """``people`` find a notice on their first page now; ``already`` had one today. ``mail`` is
    None when the portal sends no mail."""

    people: int
    already: int
    mail: Sent | None


def remind(
    portal: Portal,
    actor: Person,
    unit_id: int,
    compose: Compose,
    *,
    states: Sequence[State] = ("overdue",),
    assignment_id: int | None = None,
) -> Reminded:
    """Remind those of a unit's subtree of what is overdue (or ``soon`` due), at most once a day.

    Only of one assignment when it is given. Raises NotAllowed.
    """
    today, soon = days(portal)
    with permission.write(
        portal, actor, "decide_obligations", permission.unit(unit_id), bump=False
    ) as conn:
        rows = assigned.in_unit(
            conn,
            path_of(conn, unit_id),
            states,
            today=today,
            soon=soon,
            limit=MOST,
            assignment_id=assignment_id,
        )
        told = reminders.claim(conn, rows, "portal", day=today, at=portal.now(), by=actor.id)
        if told:
            note(
                portal,
                conn,
                actor,
                "remind",
                f"unit:{unit_id}",
                people=_people(told),
                obligations=len(told),
                assignment=assignment_id,
            )
    return Reminded(
        people=_people(told),
        already=_people(rows) - _people(told),
        mail=_mail(portal, actor, rows, compose),
    )


# Private functions


def _people(rows: Sequence[Row]) -> int:
    return len({row["person_id"] for row in rows})


def _mail(portal: Portal, actor: Person, rows: Sequence[Row], compose: Compose) -> Sent | None:
    server = server_of(portal.settings)
    if server is None:
        return None
    with Outbox(server) as outbox:
        by_person = sorted(rows, key=lambda row: (row["person_id"], row["due_on"] or "9"))
        return mail(portal, by_person, compose, outbox, actor.id)
