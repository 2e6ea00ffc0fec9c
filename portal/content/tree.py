"""Which files a content folder holds, and what the file system says about each.

A ``Tree`` is a listing, not the contents. Two equal listings taken before and after reading prove
that what was read belongs together.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.content.reading import leads_out

MODELS = ("courses/capabilities.toml", "courses/statutes.toml")
_SUFFIX = ".md"
_ENGLISH = ".en.md"
Stat = tuple[int, int, int, int]  # mtime_ns, ctime_ns, size, inode


@dataclass(frozen=True, slots=True)
class Tree:
    """``stats`` by path (relative, ``/``); ``folders`` are the course folders of ``courses/`` and
    ``quizzes/``; ``outside`` are links that lead out."""

    stats: dict[str, Stat] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    def newest_ns(self, path: str) -> int:
        """When ``path`` last changed, as far as the file system knows."""
        mtime, ctime, _, _ = self.stats[path]
        return max(mtime, ctime)


def list_tree(root: Path) -> Tree:
    """The content files below ``root``. A folder that vanishes meanwhile counts as empty."""
    stats: dict[str, Stat] = {}
    folders: list[str] = []
    outside: list[str] = []
    for model in MODELS:
        _add(root, model, stats, outside)
    for top in ("courses", "quizzes"):
        for name, is_folder in _entries(root / top):
            folder = f"{top}/{name}"
            if not is_folder or name.startswith((".", "_")):
                continue
            if leads_out(root, root / folder):
                outside.append(folder)
                continue
            folders.append(folder)
            for file, _ in _entries(root / folder):
                if file.endswith(_SUFFIX) and not file.startswith((".", "_", "~")):
                    _add(root, f"{folder}/{file}", stats, outside)
    return Tree(stats, tuple(folders), tuple(outside))


def is_english(path: str) -> bool:
    return path.endswith(_ENGLISH)


def english_of(path: str) -> str:
    """``01-a.md`` → ``01-a.en.md``."""
    return path.removesuffix(_SUFFIX) + _ENGLISH


def chinese_of(path: str) -> str:
    """``01-a.en.md`` → ``01-a.md``."""
    return path.removesuffix(_ENGLISH) + _SUFFIX


# Private functions


def _entries(folder: Path) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(folder) as found:
            for entry in sorted(found, key=lambda entry: entry.name):
                yield entry.name, entry.is_dir()
    except OSError:
        return


def _add(root: Path, path: str, stats: dict[str, Stat], outside: list[str]) -> None:
    file = root / path
    try:
        if file.is_symlink() and leads_out(root, file):
            outside.append(path)
            return
        stat = file.stat()
    except FileNotFoundError:
        return
    except OSError:
        stats[path] = (0, 0, -1, 0)  # listed, so that reading it gives its problem
        return
    stats[path] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
