"""Keeping the tables that reports join with in step with the catalogue that is served."""

from __future__ import annotations

from portal.actions.portal import Portal
from portal.store import courses


def sync_courses(portal: Portal) -> bool:
    """Write the catalogue's courses to the database when they have changed; True when it did.

    Called when content is loaded, and again by whoever reads what depends on it, so that no
    order of starting and loading can leave the tables behind.
    """
    catalogue = portal.library.catalogue
    with portal.db.read() as conn:
        if courses.synced_fingerprint(conn) == catalogue.fingerprint:
            return False
    with portal.db.write() as conn:
        if courses.synced_fingerprint(conn) == catalogue.fingerprint:
            return False
        courses.sync(conn, catalogue, portal.now())
        return True
