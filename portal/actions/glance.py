"""Looking at a sign-in without being there: it does not put off the end of the idle time."""

from __future__ import annotations

from datetime import timedelta

from portal.actions.password_rules import changed_since
from portal.actions.portal import Portal
from portal.actions.tokens import LONGEST, fingerprint
from portal.core.people import Person
from portal.core.times import iso
from portal.store import sessions


def glance(portal: Portal, token: str) -> Person | None:
    """What ``accounts.person_of`` says, for a look that no click has caused.

    A clock on a page asks every second, and open pages are looked after while nobody is at them;
    neither may keep a forgotten sign-in alive.
    """
    if not token or len(token) > LONGEST:
        return None
    now = portal.now()
    with portal.db.read() as c:
        found = sessions.find(
            c,
            fingerprint(token),
            now=iso(now),
            seen_since=iso(now - timedelta(minutes=portal.settings.idle_minutes)),
            changed_since=iso(changed_since(portal)),
        )
    return found.person if found else None
