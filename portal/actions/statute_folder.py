"""The folder into which an operator drops official texts: looked at at regular times."""

from __future__ import annotations

import logging
from pathlib import Path

from portal.actions.portal import Portal
from portal.actions.statute_texts import KEPT, import_file

MOST_FILES = 1000
_log = logging.getLogger(__name__)
_seen: dict[Path, tuple[int, int, str]] = {}  # modification time, size, the catalogue then


def folder_of(portal: Portal) -> Path:
    """Where texts are dropped; a relative setting is below the data folder."""
    return portal.settings.data_dir / portal.settings.statutes_dir


def import_folder(portal: Portal) -> int:
    """Take over files that are new or changed, or were refused by another register; how many were
    looked at. A missing folder is an empty one; what is refused is logged once."""
    looked = 0
    for path in _files(folder_of(portal)):
        try:
            stat = path.stat()
        except OSError:
            continue
        mark = (stat.st_mtime_ns, stat.st_size, portal.library.catalogue.fingerprint)
        before = _seen.get(path)
        if before == mark:
            continue
        found = import_file(portal, path)
        _seen[path] = mark
        looked += 1
        if found.outcome not in KEPT and (before is None or before[:2] != mark[:2]):
            _log.warning("%s: %s; python -m portal statutes import says why", path, found.outcome)
    return looked


# Private functions


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".md")
    except OSError:
        return []
    return [path for path in found if path.is_file() and not path.is_symlink()][:MOST_FILES]
