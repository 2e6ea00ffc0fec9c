"""All sources of one moment: listed, read, and listed again to prove that they belong together."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from portal.content.reading import Source, read_source
from portal.content.tree import Tree, chinese_of, is_english, list_tree
from portal.core.problems import Problem

_LOG = logging.getLogger(__name__)
_TRIES = 5
_PAUSE_S = 0.05
# A file that changed less than this before it was read may change again within the same tick of
# the file system's clock: its listing cannot be trusted, so it is read again next time.
_RACY_NS = 2_000_000_000


@dataclass(slots=True)
class Snapshot:
    """Listing and sources (by path); ``racy`` are the paths to be read again next time."""

    tree: Tree
    sources: dict[str, Source]
    racy: frozenset[str] = frozenset()


def take_snapshot(root: Path, before: Snapshot | None) -> Snapshot | None:
    """What is below ``root`` now; ``before`` itself when nothing changed since.

    None when files keep changing while they are read. Files whose listing is the same as before
    are not read again.
    """
    for _ in range(_TRIES):
        tree = list_tree(root)
        if before is not None and tree == before.tree and not before.racy:
            return before
        now = time.time_ns()
        sources = {path: _source(root, path, tree, before) for path in tree.stats}
        if list_tree(root) == tree:
            racy = frozenset(path for path in tree.stats if now - tree.newest_ns(path) < _RACY_NS)
            if before is not None and tree == before.tree and sources == before.sources:
                before.racy = racy
                return before
            return Snapshot(tree, sources, racy)
        time.sleep(_PAUSE_S)
    _LOG.warning("content keeps changing while it is read; the last catalogue stays in service")
    return None


def stray_problems(snapshot: Snapshot) -> list[Problem]:
    """Links that lead out, unfit names, and English editions without a Chinese file."""
    problems = [Problem(path, 1, "X004", {}) for path in snapshot.tree.outside]
    for path in snapshot.tree.unfit:
        problems.append(Problem(path, 1, "X009", {"name": path.rpartition("/")[2]}))
    for path in snapshot.sources:
        if is_english(path) and chinese_of(path) not in snapshot.sources:
            name = chinese_of(path).rpartition("/")[2]
            problems.append(Problem(path, 1, "X008", {"source": name}))
    return problems


# Private functions


def _source(root: Path, path: str, tree: Tree, before: Snapshot | None) -> Source:
    if (
        before is not None
        and path not in before.racy
        and before.tree.stats.get(path) == tree.stats[path]
    ):
        return before.sources[path]
    return read_source(root, path)
