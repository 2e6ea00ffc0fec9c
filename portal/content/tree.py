"""Which files a content folder holds, and what the file system says about each.

A ``Tree`` is a listing, not the contents. Two equal listings taken before and after reading prove
that what was read belongs together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from portal.content.reading import leads_out

MODELS = ("courses/capabilities.toml", "courses/statutes.toml")
_SUFFIX = ".md"
_ENGLISH = ".en.md"
_MAX_DEPTH = 4
_MAX_ASSETS = 100_000
Stat = tuple[int, int, int, int]  # mtime_ns, ctime_ns, size, inode


@dataclass(frozen=True, slots=True)
class Tree:
    """``stats`` of content files by path (relative, ``/``), ``assets`` of all other files of the
    courses; ``folders`` are the course folders of ``courses/`` and ``quizzes/``; ``outside`` are
    links that lead out."""

    stats: dict[str, Stat] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    assets: dict[str, Stat] = field(default_factory=dict)

    def newest_ns(self, path: str) -> int:
        """When ``path`` last changed, as far as the file system knows."""
        mtime, ctime, _, _ = self.stats[path]
        return max(mtime, ctime)


def list_tree(root: Path) -> Tree:
    """The content files below ``root``. A folder that vanishes meanwhile counts as empty."""
    stats: dict[str, Stat] = {}
    folders: list[str] = []
    outside: list[str] = []
    assets: dict[str, Stat] = {}
    for top in ("courses", "quizzes"):
        for entry in _entries(root / top):
            path = f"{top}/{entry.name}"
            if path in MODELS:
                _add(root, path, entry, stats, outside)
            elif not entry.name.startswith((".", "_")) and _is_folder(entry):
                if entry.is_symlink() and leads_out(root, root / path):
                    outside.append(path)
                    continue
                folders.append(path)
                for file in _entries(root / path):
                    if file.name.endswith(_SUFFIX):
                        if _is_content(file.name):
                            _add(root, f"{path}/{file.name}", file, stats, outside)
                    elif top == "courses":
                        _add_assets(root, f"{path}/{file.name}", file, assets, 0)
    return Tree(stats, tuple(folders), tuple(outside), assets)


def is_english(path: str) -> bool:
    return path.endswith(_ENGLISH)


def english_of(path: str) -> str:
    """``01-a.md`` → ``01-a.en.md``."""
    return path.removesuffix(_SUFFIX) + _ENGLISH


def chinese_of(path: str) -> str:
    """``01-a.en.md`` → ``01-a.md``."""
    return path.removesuffix(_ENGLISH) + _SUFFIX


# Private functions


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_content(name: str) -> bool:
    """Not a draft, a hidden file, an editor's copy or the folder's own description."""
    return not name.startswith((".", "_", "~")) and not name.lower().startswith("readme.")


def _add_assets(
    root: Path, path: str, entry: os.DirEntry[str], assets: dict[str, Stat], depth: int
) -> None:
    """Files below a course folder; links are left out here, ``assets`` decides about them."""
    if entry.name.startswith(".") or len(assets) > _MAX_ASSETS:
        return
    try:
        if entry.is_dir(follow_symlinks=False):
            if depth < _MAX_DEPTH:
                for child in _entries(root / path):
                    _add_assets(root, f"{path}/{child.name}", child, assets, depth + 1)
            return
        stat = entry.stat()
    except OSError:
        return
    assets[path] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)


def _add(
    root: Path,
    path: str,
    entry: os.DirEntry[str],
    stats: dict[str, Stat],
    outside: list[str],
) -> None:
    try:
        if entry.is_symlink() and leads_out(root, root / path):
            outside.append(path)
            return
        stat = entry.stat()
    except FileNotFoundError:
        return
    except OSError:
        stats[path] = (0, 0, -1, 0)  # listed, so that reading it gives its problem
        return
    stats[path] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
