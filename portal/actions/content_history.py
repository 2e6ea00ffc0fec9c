"""Versions of a content file: what was published when, by whom, and bringing one back."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import content_drafts, permission
from portal.actions import content_state as state
from portal.actions.content_drafts import Clash, Saved
from portal.actions.errors import NotAllowed
from portal.actions.portal import Portal
from portal.core.line_changes import Line, compare
from portal.core.people import Person
from portal.store import content_revisions
from portal.store.database import Row


@dataclass(frozen=True, slots=True)
class Versions:
    """``rows`` of one page, newest first (see ``store.content_revisions.of_path``); ``total``."""

    rows: list[Row]
    total: int


def versions(
    portal: Portal, actor: Person, path: str, limit: int = 20, offset: int = 0
) -> Versions:
    """Published versions of one file. Raises NotAllowed."""
    state.checked_source(path)
    with permission.read(portal, actor, "edit_content") as c:
        rows = content_revisions.of_path(c, path, min(max(limit, 1), 100), max(offset, 0))
        return Versions(rows, content_revisions.count(c, path))


def changes_of(portal: Portal, actor: Person, revision_id: int) -> list[Line]:
    """What a version changed in the one before it. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        found = content_revisions.find(c, revision_id)
        if found is None:
            raise NotAllowed
        before = content_revisions.before(c, found["path"], revision_id)
    old = "" if before is None else before["text"] or ""
    return compare(old, found["text"] or "")


def restore(portal: Portal, actor: Person, revision_id: int) -> Saved | Clash:
    """Put the text of a version into the draft of its file; it is published like any other change.

    Raises NotAllowed when there is no such version, or it has no text.
    """
    with permission.read(portal, actor, "edit_content") as c:
        found = content_revisions.find(c, revision_id)
    if found is None or found["text"] is None:
        raise NotAllowed
    opened = content_drafts.open_file(portal, actor, found["path"])
    return content_drafts.save(portal, actor, found["path"], found["text"], opened.rev, opened.text)
