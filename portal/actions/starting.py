"""Opening a portal over its records and its content, for a server or for a command."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.actions.law_noticing import notice_law_changes
from portal.actions.portal import Portal
from portal.actions.syncing import sync_courses
from portal.content.library import Library
from portal.settings import Settings
from portal.store.database import Database, migrate


def open_portal(settings: Settings) -> Portal:
    """Migrate the records, load the content. Raises what the two raise."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / settings.database
    migrate(path)
    library = Library(settings.content_dir, settings.data_dir / "content-cache.db")
    library.refresh()
    portal = Portal(Database(path), library, lambda: datetime.now(UTC), settings)
    sync_courses(portal)
    notice_law_changes(portal)
    return portal
