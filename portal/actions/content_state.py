"""What an open change holds, read inside a transaction: for every action on drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.content import writing
from portal.content.reading import decode
from portal.content.writing import Unwritable
from portal.core.change_rules import digest_of
from portal.core.content_paths import course_of, is_source
from portal.core.documents import normalised
from portal.store import content_changes, content_drafts
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A source as it lies in the content folder: its ``text`` with ``\\n`` line ends ("" where it
    cannot be read as text), the SHA-256 of its bytes; None for both where there is no file."""

    text: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Drafts:
    """All drafts of one change. ``texts``: path → text, None where a file is to be deleted;
    ``assets``: paths of uploaded files."""

    change: Row
    rows: Mapping[str, Row]

    @property
    def texts(self) -> dict[str, str | None]:
        return {
            path: row["text"] if row["deed"] == "write" else None
            for path, row in self.rows.items()
            if is_source(path)
        }

    @property
    def assets(self) -> tuple[str, ...]:
        return tuple(
            path
            for path, row in self.rows.items()
            if row["deed"] == "write" and not is_source(path)
        )


def checked_source(path: str) -> str:
    """``path`` itself. Raises NotAllowed unless it is one that a source can have."""
    if not is_source(path):
        raise NotAllowed
    return path


def on_disk(portal: Portal, path: str) -> OnDisk:
    """What stands in the content folder now. Raises Refused("error.content_link") on a link."""
    try:
        content = writing.read_file(portal.library.root, path)
    except Unwritable:
        raise Refused("error.content_link", path=path) from None
    except OSError as error:
        raise Refused("error.content_unreadable", path=path, detail=error.strerror) from None
    if content is None:
        return OnDisk(None, None)
    return OnDisk(text_of(path, content), writing.digest(content))


def text_of(path: str, content: bytes) -> str:
    """``content`` as text with plain line ends. Old Chinese files (GBK) are read as what they are:
    published again they are UTF-8."""
    source = decode(path, content)
    if source.problem is None:
        return normalised(source.text)
    if source.problem.code == "X002":
        return normalised(content.decode("gb18030", "replace"))
    return ""


def open_drafts(c: Connection, course: str) -> Drafts | None:
    """The open change of ``course`` with its drafts; None when nobody is changing it."""
    change = content_changes.find_open(c, course)
    if change is None:
        return None
    return Drafts(change, {row["path"]: row for row in content_drafts.of_change(c, change["id"])})


def get_drafts(c: Connection, change_id: int) -> Drafts:
    """An open change by id. Raises NotAllowed when there is none, or it is closed."""
    change = content_changes.find_change(c, change_id)
    if change is None or change["closed_at"] is not None:
        raise NotAllowed
    return Drafts(change, {row["path"]: row for row in content_drafts.of_change(c, change_id)})


def begin(c: Connection, portal: Portal, course: str, person_id: int) -> Row:
    """The open change of ``course`` for somebody who writes in it: made if there is none, a draft
    again if it was under review, with the person among its authors."""
    change = content_changes.find_open(c, course)
    if change is None:
        content_changes.open_change(c, course, person_id, portal.now())
        change = content_changes.find_open(c, course)
        assert change is not None
    if change["state"] in ("review", "approved"):
        content_changes.set_state(c, change["id"], "draft")
    content_changes.add_author(c, change["id"], person_id, portal.now())
    return change


def digest(c: Connection, drafts: Drafts) -> str:
    """What an approval is bound to."""
    return digest_of(
        (path, row["deed"], _content_hash(c, drafts.change["id"], path, row))
        for path, row in drafts.rows.items()
    )


def course(path: str) -> str:
    """The course of a path. Raises NotAllowed on a path that is nobody's."""
    try:
        return course_of(path)
    except ValueError:
        raise NotAllowed from None


# Private functions


def _content_hash(c: Connection, change_id: int, path: str, row: Row) -> str | None:
    if row["deed"] == "delete":
        return None
    if row["text"] is not None:
        return sha256(row["text"].encode("utf-8", "surrogatepass")).hexdigest()
    content = content_drafts.asset(c, change_id, path)
    return writing.digest(content)
