"""Mails about what is due, and the weekly digest: who is written to, once, over one connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, cast

from portal.actions.assignments import SOON, Figures
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.core.addresses import is_address
from portal.exchange.mail import Letter, MailFailed, Outbox, Security, Server
from portal.settings import Settings
from portal.store import assigned, reminders, units
from portal.store.assigned import State, Wanted
from portal.store.database import Connection, Row

Compose = Callable[[Sequence[Row]], Letter]  # of one person's obligations
_A_BATCH = 2000
_SHOWN = 20  # people in a digest


@dataclass(slots=True)
class Sent:
    """How many people were written to, and why others were not. ``failures``: what the server
    said, by staff number or login. ``gave_up``: nothing at all can be sent."""

    mailed: int = 0
    already: int = 0
    no_address: int = 0
    failures: tuple[tuple[str, str], ...] = ()
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """A manager's week: figures of the unit, who is overdue, what runs out within thirty days."""

    to: Row  # as store.reminders.managers
    figures: Figures
    overdue: tuple[Row, ...]
    soon: tuple[Row, ...]


def server_of(settings: Settings) -> Server | None:
    """The configured mail server; None when there is none."""
    if not settings.smtp_host:
        return None
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=cast(Security, settings.smtp_security),
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )


def due(conn: Connection, portal: Portal, path: str, days: int) -> Iterator[Row]:
    """Required obligations of a subtree that are overdue or due within ``days``, person by person.

    Columns as ``store.assigned.in_unit``.
    """
    moment = moment_of(portal)
    soon = moment.today.fromordinal(moment.today.toordinal() + days)
    after = (0, 0)
    while True:
        rows = assigned.to_remind(conn, path, soon.isoformat(), after, _A_BATCH)
        yield from rows
        if len(rows) < _A_BATCH:
            return
        after = (rows[-1]["person_id"], rows[-1]["id"])


def mail(
    portal: Portal,
    rows: Sequence[Row],
    compose: Compose,
    outbox: Outbox,
    by: int | None,
    sent: Sent | None = None,
) -> Sent:
    """Write to everybody in ``rows`` (ordered by person) about what was not mailed today.

    What fails is noted and may be tried again, but for what may have arrived; when nothing can be
    sent at all, this ends early. Adds to ``sent`` when it is given.
    """
    sent = Sent() if sent is None else sent
    for _, each in groupby(rows, key=lambda row: row["person_id"]):
        mine = list(each)
        if not is_address(mine[0]["email"] or ""):
            sent.no_address += 1
            continue
        if not _mail_one(portal, mine, compose, outbox, by, sent):
            sent.gave_up = True
            break
    return sent


def digests(portal: Portal, unit_path: str = "/") -> Iterator[Digest]:
    """A digest for every manager of a unit in the subtree, one a unit."""
    today = moment_of(portal).today
    day, soon_day = today.isoformat(), (today + SOON).isoformat()
    with portal.db.read() as conn:
        for manager in reminders.managers(conn):
            if not manager["path"].startswith(unit_path):
                continue
            row = assigned.total(conn, manager["path"], day, soon_day)
            late = _some(conn, manager["path"], "overdue", day, soon_day)
            soon = _some(conn, manager["path"], "soon", day, soon_day)
            names = ("asked", "done", "exempted", "overdue", "soon")
            figures = Figures(**{name: row[name] for name in names})
            yield Digest(manager, figures, tuple(late), tuple(soon))


def mail_digest(
    portal: Portal, digest: Digest, letter: Letter, outbox: Outbox
) -> MailFailed | Literal["already"] | None:
    """Send one; returns None when it went out, "already", or what went wrong."""
    year, week, _ = moment_of(portal).today.isocalendar()
    key = f"{year}-W{week:02d}/{digest.to['unit_id']}"
    person_id = digest.to["person_id"]
    with portal.db.write(bump=False) as conn:
        if not reminders.claim_digest(conn, person_id, key, portal.now()):
            return "already"
    try:
        outbox.send(letter, portal.now())
    except MailFailed as failed:
        if not failed.maybe_sent:
            with portal.db.write(bump=False) as conn:
                reminders.digest_failed(conn, person_id, key, str(failed))
        return failed
    return None


def path_of_unit(portal: Portal, unit_id: int | None) -> str | None:
    """The path of a unit, ``/`` for all; None when there is no such unit."""
    if unit_id is None:
        return "/"
    with portal.db.read() as conn:
        unit = units.find_unit(conn, unit_id)
    return str(unit["path"]) if unit else None


# Private functions


def _some(conn: Connection, path: str, state: State, today: str, soon: str) -> list[Row]:
    return assigned.in_unit(conn, Wanted(path, (state,), today, soon), limit=_SHOWN)


def _mail_one(
    portal: Portal,
    mine: list[Row],
    compose: Compose,
    outbox: Outbox,
    by: int | None,
    sent: Sent,
) -> bool:
    """Write to one person; False when nothing more can be sent."""
    day = moment_of(portal).today.isoformat()
    with portal.db.write(bump=False) as conn:
        claimed = reminders.claim(conn, mine, "mail", day=day, at=portal.now(), by=by)
    if not claimed:
        sent.already += 1
        return True
    try:
        outbox.send(compose(claimed), portal.now())
    except MailFailed as failed:
        if not failed.maybe_sent:
            with portal.db.write(bump=False) as conn:
                reminders.failed(conn, claimed, day, str(failed))
        sent.failures += ((mine[0]["staff_no"], str(failed)),)
        return not failed.for_all
    sent.mailed += 1
    return True
