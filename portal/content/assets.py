"""Pictures and files of a course that may be sent to a browser.

The name comes from an address, so it is trusted in nothing: it must lead, with every link
followed, to a regular file below the course's folder, have one of a few endings, begin with the
bytes that its ending promises, and be of bearable size. An SVG is a program as much as a picture;
see ``svg``.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from portal.content.svg import is_harmless_svg

MAX_BYTES = 20 * 1024 * 1024
_MAX_SVG = 1024 * 1024
_MAX_NAME = 255
# ending → what a file of this type begins with (offset, bytes)
_SIGNATURES: dict[str, tuple[tuple[int, bytes], ...]] = {
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    ".jpg": ((0, b"\xff\xd8\xff"),),
    ".jpeg": ((0, b"\xff\xd8\xff"),),
    ".gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    ".webp": ((8, b"WEBPVP8"),),
    ".mp4": ((4, b"ftyp"),),
    ".webm": ((0, b"\x1a\x45\xdf\xa3"),),
    ".mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    ".pdf": ((0, b"%PDF-"),),
    ".svg": (),
}
ENDINGS = tuple(_SIGNATURES)


def find_asset(root: Path, course: str, relpath: str) -> Path | None:
    """The file ``relpath`` of ``course`` below ``root/courses``; None when it must not be sent."""
    if not _is_plain_name(course) or not relpath or len(relpath) > 4 * _MAX_NAME:
        return None
    steps = relpath.split("/")
    if not all(_is_plain_name(step) for step in steps):
        return None
    folder = os.path.realpath(root / "courses" / course)
    try:
        file = os.path.realpath(root / "courses" / course / relpath, strict=True)
        if not _is_below(folder, os.path.realpath(root / "courses")):
            return None
        if not _is_below(file, folder) or fault_of(Path(file)):
            return None
    except (OSError, ValueError):
        return None
    return Path(file)


def fault_of(file: Path) -> str:
    """Why ``file`` must not be sent: ``type``, ``size``, ``content`` or ``missing``; "" if it may.

    Raises OSError where it cannot be read.
    """
    ending = file.suffix.lower()
    if ending not in _SIGNATURES:
        return "type"
    with file.open("rb") as stream:
        stat = os.fstat(stream.fileno())
        if not S_ISREG(stat.st_mode):
            return "type"
        if stat.st_size > (_MAX_SVG if ending == ".svg" else MAX_BYTES):
            return "size"
        if ending == ".svg":
            return "" if is_harmless_svg(stream.read(_MAX_SVG + 1)) else "content"
        head = stream.read(64)
    fits = any(head.startswith(mark, at) for at, mark in _SIGNATURES[ending])
    return "" if fits else "content"


# Private functions


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder + os.sep)


def _is_plain_name(step: str) -> bool:
    """One visible step of a path: no ``..``, hidden file, separator or control character."""
    return (
        0 < len(step) <= _MAX_NAME
        and not step.startswith(".")
        and step.isprintable()
        and not any(char in '/\\:*?"<>|%' for char in step)
    )
