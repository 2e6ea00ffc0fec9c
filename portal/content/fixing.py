"""``check --fix``: missing ids written into files, atomically, nothing else changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from portal.content.parsing import kind_of_path
from portal.content.reading import read_source
from portal.content.tree import english_of
from portal.core.documents import open_document
from portal.core.findings import Findings
from portal.core.missing_ids import Spot, drill_spots, ids_for, ids_of_twin, spots, with_ids
from portal.core.quiz_parser import kind_of


def add_missing_ids(root: Path, paths: Iterable[str], used: Iterable[str]) -> list[str]:
    """Give ids to the questions, scenes and decisions of ``paths`` (Chinese files) and of their
    English editions.

    ``used`` are the question ids of the whole library. Returns the paths that were written.
    """
    taken = set(used)
    written: list[str] = []
    for path in paths:
        text = _text(root, path)
        if text is None:
            continue
        if _is_drill(text):
            written += _mend_drill(root, path, text)
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


def _is_drill(text: str) -> bool:
    document = open_document(text, Findings(""))
    return document is not None and kind_of(document.front) == "drill"


def _mend_drill(root: Path, path: str, text: str) -> list[str]:
    """Ids of scenes and decisions, such as ``scene-3``: they need to be unique in their file."""
    found = drill_spots(text)
    if found is None:
        return []
    places, kinds = found
    taken = {spot.id for spot in places}
    ids = [spot.id for spot in places]
    for at, (spot, kind) in enumerate(zip(places, kinds, strict=True)):
        if not spot.id and spot.fixable:
            ids[at] = next(name for n in count(1) if (name := f"{kind}-{n}") not in taken)
            taken.add(ids[at])
    written = _write(root, path, text, places, ids)
    english = english_of(path)
    edition = _text(root, english)
    twin = drill_spots(edition) if edition is not None else None
    if edition is not None and twin is not None and twin[1] == kinds:
        written += _write(root, english, edition, twin[0], ids_of_twin(places, twin[0], ids))
    return written


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
