"""Noticing that the register of statutes has changed, when content is loaded.

The first look only remembers. A look that finds the register as it was costs one comparison; what
cites a statute is looked up when it changed, never for a page.
"""

from __future__ import annotations

from portal.actions.portal import Portal
from portal.core.catalogue import Catalogue
from portal.core.drill_json import version_of_drill
from portal.core.law_changes import LawChange, compare, known_of
from portal.core.law_places import LawPlace, places_citing
from portal.store import law
from portal.store.database import Connection


def notice_law_changes(portal: Portal) -> int:
    """Note what changed since the last look, with every place that cites it; how many changes.

    A statute that nothing cites is remembered without a note. An empty register is none: the file
    could not be read.
    """
    catalogue = portal.library.catalogue
    now = known_of(catalogue.statutes)
    if not now:
        return 0
    with portal.db.read() as conn:
        before = law.known(conn)
    if before == now:
        return 0
    noted = [
        (change, places)
        for change in compare(before, now)
        if (places := places_citing(catalogue, change.before.short, catalogue.statutes))
    ]
    with portal.db.write() as conn:
        if law.known(conn) != before:  # another process was quicker
            return 0
        for change, places in noted:
            _add(portal, conn, catalogue, change, places)
        law.save_known(conn, now.values(), portal.now())
        law.forget_known(conn, before.keys() - now.keys())
    return len(noted)


def content_version(catalogue: Catalogue, kind: str, content_id: str) -> str | None:
    """The version of a place as it is served now; None when it is gone."""
    match kind:
        case "question":
            return catalogue.versions.get(content_id)
        case "module":
            module = catalogue.modules.get(content_id)
            return module.version if module else None
        case "course":
            course = catalogue.courses.get(content_id)
            return course.version if course else None
        case _:
            drill = catalogue.drills.get(content_id)
            return version_of_drill(drill) if drill else None


# Private functions


def _add(
    portal: Portal,
    conn: Connection,
    catalogue: Catalogue,
    change: LawChange,
    places: list[LawPlace],
) -> None:
    versions: dict[tuple[str, str], str] = {
        (one.kind, one.id): content_version(catalogue, one.kind, one.id) or "" for one in places
    }
    law.add_change(conn, change, places, versions, portal.now())
