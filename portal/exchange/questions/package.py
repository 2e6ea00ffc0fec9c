"""Zip packages from anywhere, read in memory and within limits; nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from posixpath import normpath

MOST_FILES = 4_000
MOST_BYTES = 64 * 1024 * 1024
LARGEST = 4 * 1024 * 1024  # of one file that is read
RATIO = 200  # unpacked : packed of one file over a megabyte


def read(data: bytes, ending: str = ".xml") -> dict[str, bytes] | None:
    """The files with this ending by their path inside; None for no zip, an encrypted one, one that
    unpacks to too much, or one with a path that leaves it.

    What a file claims about its size is not believed: it is read up to the limit and no further.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST_BYTES:
                return None
            if not all(map(_is_sound, entries)):
                return None
            wanted = [one for one in entries if one.filename.lower().endswith(ending)]
            return {one.filename: _bytes(archive, one) for one in wanted if not one.is_dir()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return None


def write(files: dict[str, str]) -> bytes:
    """A zip of these texts; the same texts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, words in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), words.encode())
    return target.getvalue()


# Private functions


def _is_sound(entry: zipfile.ZipInfo) -> bool:
    path = entry.filename
    leaves = path.startswith(("/", "\\")) or ":" in path or "\\" in path
    climbs = normpath(path).startswith("..")
    encrypted = entry.flag_bits & 0x1
    packed = max(entry.compress_size, 1)
    bomb = entry.file_size > 1024 * 1024 and entry.file_size / packed > RATIO
    return not (leaves or climbs or encrypted or bomb)


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise ValueError(entry.filename)
    return found
