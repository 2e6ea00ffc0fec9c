"""Searching the catalogue, and keeping the index in step with it."""

from __future__ import annotations

import threading
from pathlib import Path

from portal.actions.ownership import oneself
from portal.actions.permission import read
from portal.actions.portal import Portal
from portal.content.search import Hit, SearchIndex
from portal.core.people import Person

_indexes: dict[Path, SearchIndex] = {}
_rebuilding: set[Path] = set()
_guard = threading.Lock()


def find(portal: Portal, actor: Person, query: str, limit: int = 30) -> list[Hit]:
    """What the catalogue holds of ``query``, in the person's language, the best first.

    An index that is behind the catalogue is built anew beside the request, and answers as it is
    meanwhile; only the very first search waits for it. Raises NotAllowed.
    """
    with read(portal, actor, "learn", oneself(actor)):
        pass
    index = _index_of(portal)
    if index.fingerprint() == "":
        index.rebuild(portal.library.catalogue)
    elif index.fingerprint() != portal.library.catalogue.fingerprint:
        _rebuild_beside(portal, index)
    hits = index.find(query, limit, actor.locale)
    return [hit for hit in hits if _exists(portal, hit)]


def refresh_index(portal: Portal) -> bool:
    """Bring the index up to date, when content has been loaded; True when it was behind."""
    return _index_of(portal).rebuild(portal.library.catalogue)


# Private functions


def _index_of(portal: Portal) -> SearchIndex:
    path = portal.db.path.with_suffix(".search.db")
    with _guard:
        return _indexes.setdefault(path, SearchIndex(path))


def _rebuild_beside(portal: Portal, index: SearchIndex) -> None:
    with _guard:
        if index.path in _rebuilding:
            return
        _rebuilding.add(index.path)

    def rebuild() -> None:
        try:
            index.rebuild(portal.library.catalogue)
        finally:
            with _guard:
                _rebuilding.discard(index.path)

    threading.Thread(target=rebuild, name="search-index", daemon=True).start()


def _exists(portal: Portal, hit: Hit) -> bool:
    """The index may be a moment behind: what is gone is not offered."""
    catalogue = portal.library.catalogue
    match hit.place:
        case "course":
            return hit.query["c"] in catalogue.courses
        case "module":
            return hit.query["m"] in catalogue.modules
        case "quiz":
            return hit.query["q"] in catalogue.quizzes
        case "drill":
            return hit.query["d"] in catalogue.drills
