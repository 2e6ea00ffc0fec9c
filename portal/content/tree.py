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
TABLES = ("courses/owners.toml", "courses/renumber.tsv")  # may be missing
_SUFFIX = ".md"
_ENGLISH = ".en.md"
_MAX_DEPTH = 4
_MAX_ASSETS = 100_000
Stat = tuple[int, int, int, int]  # mtime_ns, ctime_ns, size, inode


@dataclass(frozen=True, slots=True)
class Tree:
    """``stats`` of content files by path (relative, ``/``), ``assets`` of all other files of the
    courses; ``folders`` are the course folders of ``courses/`` and ``quizzes/``; ``outside`` are
    links that lead out, ``unfit`` files and folders whose names fit no address."""

    stats: dict[str, Stat] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    assets: dict[str, Stat] = field(default_factory=dict)

    def newest_ns(self, path: str) -> int:
        """When ``path`` last changed, as far as the file system knows."""
        mtime, ctime, _, _ = self.stats[path]
        return max(mtime, ctime)


def list_tree(root: Path) -> Tree:
    """The content files below ``root``. A folder that vanishes meanwhile counts as empty."""
    lister = _Lister(root)
    for top in ("courses", "quizzes"):
        for entry in _entries(root / top):
            lister.look_at(f"{top}/{entry.name}", entry)
    found = lister
    return Tree(
        found.stats, tuple(found.folders), tuple(found.outside), tuple(found.unfit), found.assets
    )


def is_english(path: str) -> bool:
    return path.endswith(_ENGLISH)


def english_of(path: str) -> str:
    """``01-a.md`` → ``01-a.en.md``."""
    return path.removesuffix(_SUFFIX) + _ENGLISH


def chinese_of(path: str) -> str:
    """``01-a.en.md`` → ``01-a.md``."""
    return path.removesuffix(_ENGLISH) + _SUFFIX


# Private functions


class _Lister:
    """Gathers what one walk through the folders finds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stats: dict[str, Stat] = {}
        self.assets: dict[str, Stat] = {}
        self.folders: list[str] = []
        self.outside: list[str] = []
        self.unfit: list[str] = []

    def look_at(self, path: str, entry: os.DirEntry[str]) -> None:
        """A registry or a course's folder in ``courses/`` or ``quizzes/``; all else is ignored."""
        if path in (*MODELS, *TABLES):
            self._add_file(path, entry)
        elif not entry.name.startswith((".", "_")) and _is_folder(entry):
            if self._leads_out(path, entry):
                self.outside.append(path)
            elif not _fits_address(entry.name):
                self.unfit.append(path)
            else:
                self._add_folder(path)

    def _add_folder(self, path: str) -> None:
        self.folders.append(path)
        for entry in _entries(self.root / path):
            child = f"{path}/{entry.name}"
            if not entry.name.endswith(_SUFFIX):
                if path.startswith("courses/"):
                    self._add_asset(child, entry, 0)
            elif _is_content(entry.name):
                if _fits_address(entry.name):
                    self._add_file(child, entry)
                else:
                    self.unfit.append(child)

    def _add_file(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            if self._leads_out(path, entry):
                self.outside.append(path)
            else:
                self.stats[path] = _stat(entry)
        except FileNotFoundError:
            return
        except OSError:
            self.stats[path] = (0, 0, -1, 0)  # listed, so that reading it gives its problem

    def _add_asset(self, path: str, entry: os.DirEntry[str], depth: int) -> None:
        """Files below a course's folder, as far as links may want to know of them."""
        if entry.name.startswith(".") or len(self.assets) > _MAX_ASSETS:
            return
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH:
                    for child in _entries(self.root / path):
                        self._add_asset(f"{path}/{child.name}", child, depth + 1)
            else:
                self.assets[path] = _stat(entry)
        except OSError:
            return

    def _leads_out(self, path: str, entry: os.DirEntry[str]) -> bool:
        return entry.is_symlink() and leads_out(self.root, self.root / path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _stat(entry: os.DirEntry[str]) -> Stat:
    found = entry.stat()
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_content(name: str) -> bool:
    """Not a draft, a hidden file, an editor's copy or the folder's own description."""
    return not name.startswith((".", "_", "~")) and not name.lower().startswith("readme.")


def _fits_address(name: str) -> bool:
    """Letters and digits of any script, ``-``, ``_`` and ``.``: names become ids and addresses."""
    return all(char.isalnum() or char in "-_." for char in name)
