"""Certificates come with completions: in the same transaction, or soon after where that failed.

A completion must never be lost because a key cannot be read: then the certificate is put off, and
a round issues it, as it does for completions from before there were certificates.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.actions.portal import Portal
from portal.core.certificates import Certificate, Kind, new_number, signed_text
from portal.core.completion import expires_at
from portal.core.courses import Course
from portal.exchange import certificate_seals as seals
from portal.store import certificates, courses
from portal.store.certificates import Due
from portal.store.database import Connection

BATCH = 200  # certificates in one transaction: others wait for it
_log = logging.getLogger(__name__)


def issue(
    conn: Connection,
    portal: Portal,
    person_id: int,
    course: Course,
    kind: Kind,
    earned_at: datetime,
) -> None:
    """Issue the certificate of a completion or renewal that this transaction has just noted."""
    due = Due(person_id, course.id, earned_at, kind)
    try:
        _issue(conn, portal, due)
    except OSError:
        _log.exception("a certificate is put off: the signing key cannot be used")
        certificates.put_off(conn, due)


def issue_due(portal: Portal) -> int:
    """Issue what was put off, batch by batch; returns how many. Raises OSError without a key.

    May be ended at any time: each batch is a transaction.
    """
    count = 0
    while True:
        with portal.db.read() as conn:
            if not certificates.due(conn, 1):
                return count
        with portal.db.write() as conn:
            batch = certificates.due(conn, BATCH)
            for due in batch:
                _issue(conn, portal, due)
            certificates.no_longer_due(conn, batch)
            count += len(batch)


# Private functions


def _issue(conn: Connection, portal: Portal, due: Due) -> None:
    held = certificates.holder(conn, due)
    if held is None:
        return
    course = portal.library.catalogue.courses.get(due.course_id)
    if course is not None:
        title, title_en = course.title.zh, course.title.en or ""
    else:  # no longer offered
        title, english = courses.titles(conn).get(due.course_id, (due.course_id, None))
        title_en = english or ""
    unit, top = _units(conn, held["unit_id"])
    day = due.earned_at.astimezone(ZoneInfo(portal.settings.tz)).date().isoformat()
    asked = certificates.assigned(conn, due, day)
    one = Certificate(
        number=new_number(secrets.token_bytes),
        person_id=due.person_id,
        kind=due.kind,
        course_id=due.course_id,
        course_version=held["version"]
        if due.kind == "completion" or not course
        else course.version,
        title=title,
        title_en=title_en,
        name=held["name"],
        unit_id=held["unit_id"],
        unit=unit[0],
        unit_en=unit[1],
        issuer=top[0],
        issuer_en=top[1],
        assignment_id=asked["id"] if asked else None,
        assignment=asked["title"] if asked else "",
        hours=held["hours"],
        earned_at=due.earned_at,
        valid_until=expires_at(due.earned_at, course.valid_months) if course else None,
        issued_at=portal.now(),
    )
    certificates.add(conn, one, *seals.sign(portal.settings.data_dir, signed_text(one)))


def _units(conn: Connection, unit_id: int | None) -> tuple[tuple[str, str], tuple[str, str]]:
    if unit_id is None:
        return ("", ""), ("", "")
    names = [(row["name"], row["name_en"]) for row in certificates.unit_names(conn, unit_id)]
    return names[0], names[-1]
