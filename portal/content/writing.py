"""Files written into the content folder: all of them or none, and never anywhere else.

Every step from the folder to the file is opened without following links, and the file itself is
put in its place by one rename: readers see the old text or the new one. What the files were is
compared with what the caller believes them to be in the last moment before.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portal.core.content_paths import is_asset, is_source

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_BOM = b"\xef\xbb\xbf"


class Unwritable(Exception):
    """A file that cannot be written. ``reason``: ``readonly``, ``link``, ``moved`` or ``failed``
    (``detail`` says what the system said)."""

    def __init__(self, reason: str, path: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason} {detail}".rstrip())
        self.reason = reason
        self.path = path
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Write:
    """One file to be: its new ``content`` (None: to be deleted) in place of ``expected``, the
    SHA-256 of what should stand there now (None: nothing)."""

    path: str
    content: bytes | None
    expected: str | None


def is_writable(root: Path) -> bool:
    """Whether this process may make files below ``courses/`` and ``quizzes/``."""
    folders = [root / name for name in ("courses", "quizzes")]
    there = [folder for folder in folders if folder.is_dir()] or [root]
    return all(os.access(folder, os.W_OK | os.X_OK) for folder in there)


def read_file(root: Path, path: str) -> bytes | None:
    """What stands at ``path`` now, None when there is no such file. Raises Unwritable ``link``."""
    with contextlib.ExitStack() as stack:
        folder = _open_folder(stack, root, path, make=False)
        return None if folder is None else _read(folder, path)


def write_files(root: Path, writes: Sequence[Write]) -> None:
    """Carry out ``writes``, all or none. Raises Unwritable, and nothing has changed then.

    ``moved``: a file is not what was expected. A file that is already as it should be is fine:
    a publication that a crash interrupted can be repeated.
    """
    with contextlib.ExitStack() as stack:
        steps = [_prepare(stack, root, write) for write in writes]
        try:
            for step in steps:
                step.check()
            _replace_all(steps)
        except OSError as error:
            raise _unwritable(error, "") from error
        finally:
            for step in steps:
                step.clean()


def like_before(text: str, before: bytes | None) -> bytes:
    """``text`` (line ends ``\\n``) in the form the file had: byte order mark, line ends."""
    content = text.encode("utf-8")
    if before is None:
        return content
    if before.count(b"\r\n") * 2 > before.count(b"\n"):
        content = content.replace(b"\n", b"\r\n")
    return _BOM + content if before.startswith(_BOM) else content


def digest(content: bytes | None) -> str | None:
    """SHA-256 as hex; None for no file."""
    return None if content is None else sha256(content).hexdigest()


# Private functions


@dataclass(slots=True)
class _Step:
    """One write with its folder opened, its new content waiting beside it, its old content kept."""

    write: Write
    folder: int | None  # None: a file to be deleted whose folder is not there
    temporary: str
    before: bytes | None
    done: bool = False

    @property
    def name(self) -> str:
        return self.write.path.rpartition("/")[2]

    @property
    def is_done_already(self) -> bool:
        return self.before == self.write.content

    def check(self) -> None:
        """Raise Unwritable unless the file is still what was expected."""
        now = None if self.folder is None else _read(self.folder, self.write.path)
        if now != self.write.content and digest(now) != self.write.expected:
            raise Unwritable("moved", self.write.path)
        self.before = now

    def carry_out(self) -> None:
        if self.folder is None or self.is_done_already:
            return
        if self.write.content is None:
            os.unlink(self.name, dir_fd=self.folder)
        else:
            os.rename(self.temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        self.done = True
        os.fsync(self.folder)

    def undo(self) -> None:
        if not self.done or self.folder is None:
            return
        if self.before is None:
            os.unlink(self.name, dir_fd=self.folder)
        else:
            temporary = _write_beside(self.folder, self.name, self.before)
            os.rename(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def clean(self) -> None:
        if self.temporary and self.folder is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.temporary, dir_fd=self.folder)


def _prepare(stack: contextlib.ExitStack, root: Path, write: Write) -> _Step:
    try:
        folder = _open_folder(stack, root, write.path, make=write.content is not None)
        temporary = ""
        if folder is not None and write.content is not None:
            _read(folder, write.path)  # a link is refused before anything is made
            temporary = _write_beside(folder, write.path.rpartition("/")[2], write.content)
    except OSError as error:
        raise _unwritable(error, write.path) from error
    return _Step(write, folder, temporary, None)


def _replace_all(steps: Sequence[_Step]) -> None:
    """New files first, then those that go; what was done is undone when one fails."""
    try:
        for step in sorted(steps, key=lambda one: one.write.content is None):
            step.carry_out()
    except OSError:
        for step in steps:
            with contextlib.suppress(OSError):
                step.undo()
        raise


def _open_folder(stack: contextlib.ExitStack, root: Path, path: str, *, make: bool) -> int | None:
    """The folder that ``path`` stands in, opened step by step; None when it is not there."""
    if not (is_source(path) or is_asset(path)):
        raise Unwritable("link", path)
    folder = os.open(os.path.realpath(root), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    stack.callback(os.close, folder)
    for part in path.split("/")[:-1]:
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
        try:
            folder = os.open(part, _FOLDER, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise Unwritable("link", path) from error
            raise
        stack.callback(os.close, folder)
    return folder


def _read(folder: int, path: str) -> bytes | None:
    try:
        opened = os.open(
            path.rpartition("/")[2],
            os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
            dir_fd=folder,
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unwritable("link", path) from error
        raise
    with os.fdopen(opened, "rb") as stream:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise Unwritable("link", path)
        return stream.read()


def _write_beside(folder: int, name: str, content: bytes) -> str:
    """``content`` on disk under a hidden name, with the permissions of the file it will replace."""
    temporary = f".{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    opened = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        with os.fdopen(opened, "wb") as stream:
            stream.write(content)
            stream.flush()
            with contextlib.suppress(FileNotFoundError):
                mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
                os.fchmod(stream.fileno(), stat.S_IMODE(mode))
            os.fsync(stream.fileno())
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
    return temporary


def _unwritable(error: OSError, path: str) -> Unwritable:
    readonly = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    return Unwritable("readonly" if readonly else "failed", path, error.strerror or "")
