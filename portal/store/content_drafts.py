"""The files of a change as they are being written, and their recent saves.

``rev`` counts the saves of a draft: whoever saves names the one their text was made from. A save
that came too late is kept beside the others (``accepted`` 0), so that nobody's words are lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.core.times import iso
from portal.store.database import Connection, Row

KEPT_SAVES = 60  # accepted ones of a draft; refused ones stay until the change is closed

_DRAFT = """
    SELECT
        d.id,
        d.change_id,
        d.path,
        d.deed,
        d.base_sha256,
        d.base_text,
        d.text,
        length(d.asset) AS asset_bytes,
        d.rev,
        d.saved_by,
        p.name AS saved_by_name,
        d.saved_at
    FROM content_drafts AS d
    JOIN people AS p ON p.id = d.saved_by
"""


def add(
    c: Connection,
    change_id: int,
    path: str,
    *,
    deed: str = "write",
    base_sha256: str | None = None,
    base_text: str | None = None,
    text: str | None = None,
    asset: bytes | None = None,
    by: int,
    at: datetime,
) -> int:
    """Begin the draft of one file; return its id."""
    return c.insert(
        """
        INSERT INTO content_drafts (
            change_id, path, deed, base_sha256, base_text, text, asset, saved_by, saved_at
        )
        VALUES (
            :change_id, :path, :deed, :base_sha256, :base_text, :text, :asset, :saved_by, :saved_at
        )
        RETURNING id
        """,
        change_id=change_id,
        path=path,
        deed=deed,
        base_sha256=base_sha256,
        base_text=base_text,
        text=text,
        asset=asset,
        saved_by=by,
        saved_at=iso(at),
    )


def find(c: Connection, change_id: int, path: str) -> Row | None:
    """The draft of ``path``: id, change_id, path, deed, base_sha256, base_text, text, asset_bytes
    (None for a text), rev, saved_by, saved_by_name, saved_at."""
    return c.one(
        f"{_DRAFT} WHERE d.change_id = :change_id AND d.path = :path",
        change_id=change_id,
        path=path,
    )


def of_change(c: Connection, change_id: int) -> list[Row]:
    """All drafts of a change with the same columns, by path."""
    return c.all(f"{_DRAFT} WHERE d.change_id = :change_id ORDER BY d.path", change_id=change_id)


def asset(c: Connection, change_id: int, path: str) -> bytes | None:
    """The content of an uploaded file; None when the change has no such file."""
    found = c.value(
        "SELECT asset FROM content_drafts WHERE change_id = :change_id AND path = :path",
        change_id=change_id,
        path=path,
    )
    return None if found is None else bytes(found)


def list_open(c: Connection) -> list[Row]:
    """What open changes are about, without texts: change_id, course, state, path, deed, saved_at,
    saved_by_name."""
    return c.all(
        """
        SELECT d.change_id, ch.course, ch.state, d.path, d.deed, d.saved_at,
            p.name AS saved_by_name
        FROM content_drafts AS d
        JOIN content_changes AS ch ON ch.id = d.change_id
        JOIN people AS p ON p.id = d.saved_by
        WHERE ch.closed_at IS NULL
        ORDER BY d.path
        """
    )


def write(
    c: Connection,
    draft_id: int,
    *,
    deed: str = "write",
    text: str | None = None,
    asset: bytes | None = None,
    by: int,
    at: datetime,
) -> int:
    """Put new content in a draft; return its new ``rev``."""
    return int(
        c.value(
            """
            UPDATE content_drafts
            SET deed = :deed, text = :text, asset = :asset, rev = rev + 1,
                saved_by = :saved_by, saved_at = :saved_at
            WHERE id = :draft_id
            RETURNING rev
            """,
            draft_id=draft_id,
            deed=deed,
            text=text,
            asset=asset,
            saved_by=by,
            saved_at=iso(at),
        )
    )


def rebase(c: Connection, draft_id: int, base_sha256: str | None, base_text: str | None) -> None:
    """Let a draft count as made from another version of the file."""
    c.run(
        """
        UPDATE content_drafts
        SET base_sha256 = :base_sha256, base_text = :base_text
        WHERE id = :draft_id
        """,
        draft_id=draft_id,
        base_sha256=base_sha256,
        base_text=base_text,
    )


def remove(c: Connection, draft_id: int) -> None:
    """Give up a draft, with its saves."""
    c.run("DELETE FROM content_draft_saves WHERE draft_id = :draft_id", draft_id=draft_id)
    c.run("DELETE FROM content_drafts WHERE id = :draft_id", draft_id=draft_id)


def remove_all(c: Connection, change_id: int) -> None:
    """Give up all drafts of a change, with their saves."""
    c.run(
        """
        DELETE FROM content_draft_saves
        WHERE draft_id IN (SELECT id FROM content_drafts WHERE change_id = :change_id)
        """,
        change_id=change_id,
    )
    c.run("DELETE FROM content_drafts WHERE change_id = :change_id", change_id=change_id)


def keep_save(
    c: Connection, draft_id: int, rev: int, text: str, by: int, at: datetime, *, accepted: bool
) -> int:
    """Keep one save and forget those that are too many; return its id."""
    save_id = c.insert(
        """
        INSERT INTO content_draft_saves (draft_id, rev, accepted, text, saved_by, saved_at)
        VALUES (:draft_id, :rev, :accepted, :text, :saved_by, :saved_at)
        RETURNING id
        """,
        draft_id=draft_id,
        rev=rev,
        accepted=int(accepted),
        text=text,
        saved_by=by,
        saved_at=iso(at),
    )
    c.run(
        """
        DELETE FROM content_draft_saves
        WHERE draft_id = :draft_id AND accepted = 1 AND rev <= :oldest
        """,
        draft_id=draft_id,
        oldest=rev - KEPT_SAVES,
    )
    return save_id


def text_at(c: Connection, draft_id: int, rev: int) -> str | None:
    """The text of a draft as of the save ``rev``; None when that is not kept any more."""
    found = c.value(
        """
        SELECT text FROM content_draft_saves
        WHERE draft_id = :draft_id AND rev = :rev AND accepted = 1
        """,
        draft_id=draft_id,
        rev=rev,
    )
    return None if found is None else str(found)


def saves(c: Connection, draft_id: int, *, accepted: bool, limit: int = 20) -> list[Row]:
    """Saves of a draft, newest first: id, rev, text, saved_by, name, saved_at."""
    return c.all(
        """
        SELECT s.id, s.rev, s.text, s.saved_by, p.name, s.saved_at
        FROM content_draft_saves AS s
        JOIN people AS p ON p.id = s.saved_by
        WHERE s.draft_id = :draft_id AND s.accepted = :accepted
        ORDER BY s.id DESC
        LIMIT :limit
        """,
        draft_id=draft_id,
        accepted=int(accepted),
        limit=limit,
    )


def remove_saves(c: Connection, ids: Iterable[int]) -> None:
    """Forget saves that were looked at and are not wanted."""
    c.many("DELETE FROM content_draft_saves WHERE id = :id", [{"id": one} for one in ids])
