"""Certificates for those who look: the holder, a manager, and anybody who has the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.actions import audit, permission
from portal.actions.errors import Refused
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.certificates import Certificate, State, read_number, signed_text, state_of
from portal.core.masking import masked
from portal.core.people import Person, Target
from portal.exchange import certificate_seals as seals
from portal.store import certificates, people
from portal.store.certificates import Issued
from portal.store.database import Connection

PUBLIC_PATH = "/verify"

# what is verified when there is nothing to verify, so that an unknown number costs as much
_NO_SIGNATURE = "A" * 86 + "=="


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate and whether it holds now."""

    certificate: Certificate
    state: State


@dataclass(frozen=True, slots=True)
class Public:
    """All that a stranger is told: no unit, no staff number, half a name."""

    state: State
    number: str
    title: str
    title_en: str
    name: str  # half hidden
    earned_at: datetime
    valid_until: datetime | None


def address_of(portal: Portal, number: str) -> str | None:
    """Where anybody can verify the certificate; None while ``base_url`` is not set."""
    base = portal.settings.base_url
    return f"{base}{PUBLIC_PATH}/{number}" if base else None


def verify(portal: Portal, typed: str) -> Public | None:
    """What anybody may know of the certificate with this number; None when there is none.

    A row that is not what was signed has the state ``altered`` and is told nothing else of. An
    unknown number costs the same look-up and the same check of a signature as a known one.
    """
    number = read_number(typed)
    with portal.db.read() as conn:
        found = certificates.find(conn, number or "")
    known = sealing_keys(portal)
    if found is None:
        seals.verifies(known, next(iter(known), ""), _NO_SIGNATURE, b"")
        return None
    return _public(found, known, portal.now())


def of_person(portal: Portal, actor: Person, person_id: int | None = None) -> tuple[Held, ...]:
    """One's own certificates, or those of a person one manages, the last earned first.

    Raises NotAllowed.
    """
    owner = actor.id if person_id is None else person_id
    target = oneself(actor) if owner == actor.id else permission.person(owner)
    with permission.read(portal, actor, "see_record", target) as conn:
        return held_by(conn, portal, owner)


def held_by(conn: Connection, portal: Portal, person_id: int) -> tuple[Held, ...]:
    """The person's certificates; the permission has been asked for."""
    known, now = sealing_keys(portal), portal.now()
    issued = certificates.of_person(conn, person_id)
    return tuple(Held(one.certificate, state_now(one, known, now)) for one in issued)


def take(portal: Portal, actor: Person, typed: str) -> Held:
    """A certificate to be taken away, of oneself or of a person one manages; noted in the log.

    Raises NotAllowed; Refused ``error.certificate_altered``, since no document is made of a row
    that somebody changed.
    """
    number = read_number(typed)
    with permission.read(portal, actor, "see_record", holder_of(number)) as conn:
        found = certificates.find(conn, number or "")
        assert found is not None  # its holder was
    state = state_now(found, sealing_keys(portal), portal.now())
    if state == "altered":
        raise Refused("error.certificate_altered")
    with portal.db.write(bump=False) as conn:
        target = f"person:{found.certificate.person_id}"
        audit.note(portal, conn, actor, "exported", target, report="certificate", form="pdf")
    return Held(found.certificate, state)


def holder_of(number: str | None) -> permission.FindTarget:
    """Whom a certificate concerns, for ``permission``; ``number`` as ``read_number`` gives it."""

    def find(conn: Connection) -> Target | None:
        found = certificates.find(conn, number or "")
        return people.find_target(conn, found.certificate.person_id) if found else None

    return find


def sealing_keys(portal: Portal) -> seals.Keys:
    """What confirms signatures; nothing when the folder cannot be read."""
    try:
        return seals.keys(portal.settings.data_dir)
    except (OSError, ValueError):
        return {}  # then nothing can be confirmed


def state_now(one: Issued, known: seals.Keys, now: datetime) -> State:
    """Whether it holds, its signature, dates and decisions considered."""
    genuine = seals.verifies(known, one.key_id, one.signature, signed_text(one.certificate))
    return state_of(one.certificate.valid_until, now, revoked=one.revoked, genuine=genuine)


# Private functions


def _public(one: Issued, known: seals.Keys, now: datetime) -> Public:
    told = one.certificate
    return Public(
        state=state_now(one, known, now),
        number=told.number,
        title=told.title,
        title_en=told.title_en,
        name=masked(told.name),
        earned_at=told.earned_at,
        valid_until=told.valid_until,
    )
