"""Certificates for those who keep them in order: find one, see it, revoke or reinstate it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import audit, permission
from portal.actions.certificates import Held, holder_of, sealing_keys, state_now
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.certificates import read_number
from portal.core.people import Person, may
from portal.core.typed import typed_line
from portal.store import certificate_lists, certificates, people
from portal.store.certificate_lists import Sought
from portal.store.certificates import Issued
from portal.store.database import Connection, Row

__all__ = ["A_PAGE", "LAST_PAGE", "LONGEST_REASON", "SOUGHT", "Case", "Listed", "Page", "Sought"]

LONGEST_REASON = 300
A_PAGE = 20
LAST_PAGE = 100  # whoever looks further is to narrow the search
SOUGHT: tuple[Sought, ...] = ("valid", "expiring", "expired", "revoked")

_ACTION = "revoke_certificates"


@dataclass(frozen=True, slots=True)
class Listed:
    """A certificate in a list, with the staff number that its holder has now."""

    held: Held
    staff_no: str


@dataclass(frozen=True, slots=True)
class Page:
    """``more``: whether another page follows."""

    rows: tuple[Listed, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One certificate, its holder as of now, and what was decided about it.

    ``decisions`` are the newest first: kind, reason, name, at (ISO text). ``own``: nobody decides
    about a certificate of one's own.
    """

    held: Held
    name: str
    staff_no: str
    decisions: tuple[Row, ...]
    own: bool


def search(
    portal: Portal,
    actor: Person,
    query: str = "",
    state: Sought | None = None,
    page: int = 0,
) -> Page:
    """Certificates about which ``actor`` may decide: of everybody, or of the people one manages.

    ``query`` is a whole number of a certificate as people write it, or part of the holder's name
    or staff number. Pages are counted from 0. Raises NotAllowed.
    """
    with permission.read(portal, actor, _ACTION, _somewhere(actor)) as conn:
        number = read_number(query)
        if number is not None:
            rows = _by_number(conn, actor, number)
        else:
            rows = certificate_lists.found(
                conn,
                None if may(actor, _ACTION) else actor.managed_paths,
                query,
                state,
                portal.now(),
                limit=A_PAGE + 1,
                offset=A_PAGE * min(max(page, 0), LAST_PAGE),
            )
    known, now = sealing_keys(portal), portal.now()
    listed = [
        Listed(Held(one.certificate, state_now(one, known, now)), staff_no)
        for one, staff_no in rows[:A_PAGE]
    ]
    return Page(tuple(listed), len(rows) > A_PAGE)


def look_up(portal: Portal, actor: Person, typed: str) -> Case:
    """A certificate about which ``actor`` may decide; the look is noted in the log.

    Raises NotAllowed; Refused ``error.certificate_unknown``.
    """
    number = read_number(typed)
    if number is None:
        raise Refused("error.certificate_unknown")
    with permission.read(portal, actor, _ACTION, holder_of(number)) as conn:
        found = certificates.find(conn, number)
        assert found is not None  # its holder was
        holder = people.find_person(conn, found.certificate.person_id)
        assert holder is not None  # rows of people stay
        decided = certificates.decisions(conn, found.id)
    held = Held(found.certificate, state_now(found, sealing_keys(portal), portal.now()))
    return Case(held, holder.name, holder.staff_no, tuple(decided), holder.id == actor.id)


def revoke(portal: Portal, actor: Person, number: str, reason: str) -> None:
    """Let it hold no longer, with a reason. Raises NotAllowed, Refused ``error.certificate_own``,
    ``error.certificate_reason``, ``error.certificate_is_revoked``."""
    _decide(portal, actor, number, reason, "revoke")


def reinstate(portal: Portal, actor: Person, number: str, reason: str) -> None:
    """Let a revoked one hold again, with a reason. Raises like ``revoke``, or Refused
    ``error.certificate_not_revoked``."""
    _decide(portal, actor, number, reason, "reinstate")


# Private functions


def _somewhere(actor: Person) -> permission.FindTarget:
    """What a list asks permission for: everybody, or a unit that the actor manages."""
    managed = sorted(role.unit_id for role in actor.roles if role.unit_id is not None)
    if not managed or may(actor, _ACTION):
        return permission.nobody
    return permission.unit(managed[0])


def _by_number(conn: Connection, actor: Person, number: str) -> list[tuple[Issued, str]]:
    found = certificates.find(conn, number)
    if found is None:
        return []
    target = people.find_target(conn, found.certificate.person_id)
    holder = people.find_person(conn, found.certificate.person_id)
    if target is None or holder is None or not may(actor, _ACTION, target):
        return []
    return [(found, holder.staff_no)]


def _decide(portal: Portal, actor: Person, number: str, reason: str, kind: str) -> None:
    said = typed_line(reason)
    if not said or len(said) > LONGEST_REASON:
        raise Refused("error.certificate_reason", most=LONGEST_REASON)
    with permission.write(portal, actor, _ACTION, holder_of(number)) as conn:
        found = certificates.find(conn, number)
        assert found is not None  # its holder was
        if found.certificate.person_id == actor.id:
            raise Refused("error.certificate_own")
        if kind == "revoke" and found.revoked:
            raise Refused("error.certificate_is_revoked")
        if kind == "reinstate" and not found.revoked:
            raise Refused("error.certificate_not_revoked")
        certificates.decide(conn, found.id, kind, said, actor.id, portal.now())
        audit.note(
            portal,
            conn,
            actor,
            f"{kind}_certificate",
            f"person:{found.certificate.person_id}",
            number=number,
            reason=said,
        )
