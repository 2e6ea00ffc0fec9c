"""``check``: everything that is wrong with a content folder, and missing ids written into files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.content.fixing import add_missing_ids
from portal.content.library import Library
from portal.content.tree import chinese_of, is_english
from portal.core.problems import Problem


def check(
    root: Path, paths: Sequence[str] = (), fix: bool = False, today: str = ""
) -> list[Problem]:
    """Problems of the content below ``root``, in order of path and line.

    The whole folder is read, because names point from file to file; ``paths`` (relative to
    ``root``, files or folders) narrow what is listed and mended. With ``fix``, missing ids
    are written into the files first. With ``today`` (ISO date), courses past their day of review
    are listed too.
    """
    library = Library(root)
    library.refresh()
    if fix and _fix(library, paths):
        library.refresh()
    found = [*library.catalogue.problems, *(library.overdue(today) if today else ())]
    found.sort(key=lambda one: (one.path, one.line, one.code))
    return [problem for problem in found if _is_asked(problem.path, paths)]


# Private functions


def _fix(library: Library, paths: Sequence[str]) -> list[str]:
    """Write the ids that are missing; the paths of the files that were changed."""
    without = {
        chinese_of(problem.path) if is_english(problem.path) else problem.path
        for problem in library.catalogue.problems
        if problem.code in ("Q001", "D001") and _is_asked(problem.path, paths)
    }
    return add_missing_ids(library.root, sorted(without), library.known_ids())


def _is_asked(path: str, paths: Sequence[str]) -> bool:
    return not paths or any(
        asked in ("", ".") or path == asked or path.startswith(asked.rstrip("/") + "/")
        for asked in paths
    )
