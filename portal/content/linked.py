"""Whether the files that content links to are there and may be sent."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path

from portal.content.assets import fault_of
from portal.content.tree import Stat, Tree
from portal.core.problems import Problem

_WORDS = {
    "type": "类型不允许 / type not allowed",
    "size": "太大 / too large",
    "content": "内容与类型不符，或含脚本 / content does not fit its type, or has scripts",
    "missing": "读不出来 / cannot be read",
}


class LinkChecker:
    """Checks links against a tree; a file is opened again only when its listing changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._faults: dict[tuple[str, Stat], str] = {}

    def check(self, links: Iterable[tuple[str, int, str]], tree: Tree) -> list[Problem]:
        """Problems of ``links`` (file, line, target relative to the file)."""
        problems = []
        faults: dict[tuple[str, Stat], str] = {}
        for path, line, target in links:
            full = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            stat = tree.assets.get(full)
            if stat is None:
                if not _is_there(full, tree.stats, tree.folders):
                    problems.append(Problem(path, line, "X013", {"target": target}))
                continue
            fault = self._faults.get((full, stat))
            fault = self._fault(full) if fault is None else fault
            faults[full, stat] = fault
            if fault:
                args = {"target": target, "detail": _WORDS[fault]}
                problems.append(Problem(path, line, "X014", args))
        self._faults = faults
        return problems

    def _fault(self, path: str) -> str:
        try:
            return fault_of(self._root / path)
        except OSError:
            return "missing"


# Private functions


def _is_there(path: str, stats: Mapping[str, Stat], folders: Iterable[str]) -> bool:
    """A content file, or a link to a whole course folder, as viewers show it."""
    return path in stats or path in folders
