"""Reading one file that somebody else wrote: what is refused, and with which words.

Every refusal is one problem with a cure. A symbolic link is followed only inside the content
folder, so that nothing else on the machine can be published by a link.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from portal.core.problems import Problem

MAX_BYTES = 200 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, or the problem that stands in its place."""

    path: str  # relative to the content folder, with "/"
    text: str = ""
    problem: Problem | None = None


def read_source(root: Path, path: str) -> Source:
    """The text of ``path`` below ``root``; refusals come back as a problem, nothing is raised."""
    file = root / path
    try:
        if file.is_symlink() and leads_out(root, file):
            return _refused(path, "X004")
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                size = max(os.fstat(stream.fileno()).st_size, len(content))
                return _refused(path, "X001", size=_kilobytes(size), limit=_kilobytes(MAX_BYTES))
    except OSError as error:
        return _refused(path, "X007", detail=error.strerror or type(error).__name__)
    return decode(path, content)


def decode(path: str, content: bytes) -> Source:
    """``content`` as text; a byte order mark is dropped by the parsers."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        code = "X002" if _reads_as_gbk(content) else "X003"
        return Source(path, problem=Problem(path, line, code, {}))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Source(path, problem=Problem(path, line, "X005", {}))
    return Source(path, text)


def leads_out(root: Path, file: Path) -> bool:
    """Whether ``file``, with every link followed, lies outside ``root``."""
    real = os.path.realpath(file)
    inside = os.path.realpath(root)
    return real != inside and not real.startswith(inside + os.sep)


# Private functions


def _refused(path: str, code: str, **args: str) -> Source:
    return Source(path, problem=Problem(path, 1, code, args))


def _kilobytes(size: int) -> str:
    return str(-(-size // 1024))


def _reads_as_gbk(content: bytes) -> bool:
    """Whether the bytes are Chinese text in GBK: they decode, and mostly to common characters."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [char for char in text if ord(char) > 0x7F]
    chinese = sum("\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" for char in foreign)
    return "\0" not in text and chinese * 2 > len(foreign)
