"""``check --fix``: missing question ids written into files, atomically, nothing else changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from portal.content.parsing import kind_of_path
from portal.content.reading import read_source
from portal.content.tree import english_of
from portal.core.missing_ids import Spot, ids_for, ids_of_twin, spots, with_ids


def add_missing_ids(root: Path, paths: Iterable[str], used: Iterable[str]) -> list[str]:
    """Give ids to the questions of ``paths`` (Chinese files) and of their English editions.

    ``used`` are the ids of the whole library. Returns the paths that were written.
    """
    taken = set(used)
    written: list[str] = []
    for path in paths:
        text = _text(root, path)
        if text is None:
            continue
        in_module = kind_of_path(path) == "module"
        found = spots(text, in_module)
        ids = ids_for(found, _numbering(path.split("/")[1], taken))
        written += _write(root, path, text, found, ids)
        english = english_of(path)
        edition = _text(root, english)
        if edition is not None:
            twin = spots(edition, in_module)
            written += _write(root, english, edition, twin, ids_of_twin(found, twin, ids))
    return written


# Private functions


def _text(root: Path, path: str) -> str | None:
    if not (root / path).is_file():
        return None
    source = read_source(root, path)
    return source.text if source.problem is None else None


def _numbering(course: str, taken: set[str]) -> Callable[[], str]:
    """New ids ``<course>-<number>``, from the highest number in use onward."""
    prefix = f"{course}-"
    highest = max(
        (int(name[len(prefix) :]) for name in taken if _is_numbered(name, prefix)), default=0
    )

    def next_id() -> str:
        nonlocal highest
        highest += 1
        name = f"{prefix}{highest:03d}"
        taken.add(name)
        return name

    return next_id


def _is_numbered(name: str, prefix: str) -> bool:
    number = name[len(prefix) :]
    return name.startswith(prefix) and number.isascii() and number.isdigit() and len(number) < 9


def _write(root: Path, path: str, text: str, found: list[Spot], ids: list[str]) -> list[str]:
    changed = with_ids(text, found, ids)
    if changed == text:
        return []
    file = Path(os.path.realpath(root / path))
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(changed.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(file, temporary)
        os.replace(temporary, file)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return [path]
