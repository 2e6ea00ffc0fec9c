"""A change to a course on its way: handed in, judged by somebody else, taken back, given up."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import content_state as state
from portal.actions import permission
from portal.actions.audit import note
from portal.actions.content_state import Drafts
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.content.checking import Checked
from portal.core.change_rules import may_publish, may_review
from portal.core.line_changes import Line, compare, has_marks
from portal.core.people import Person
from portal.core.typed import typed
from portal.store import content_changes
from portal.store.database import Row

_MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a change. ``deed``: ``new``, ``changed``, ``deleted`` or ``asset``; ``lines``
    is the comparison with what it was made from."""

    path: str
    deed: str
    old: str
    new: str
    lines: list[Line]
    size: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change as its authors and reviewers see it. ``reviews`` newest first; ``may_review`` and
    ``may_publish``: what the person who asks can do now."""

    change: Row
    files: list[FileChange]
    authors: list[Row]
    reviews: list[Row]
    checked: Checked
    may_review: bool
    may_publish: bool


def list_changes(portal: Portal, actor: Person) -> list[Row]:
    """Open changes, those that wait for a reviewer first. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        return content_changes.list_open(c)


def find_change(portal: Portal, actor: Person, course: str) -> ChangeView | None:
    """The open change of ``course``; None when there is none. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        drafts = state.open_drafts(c, course)
        if drafts is None:
            return None
        authors = content_changes.authors(c, drafts.change["id"])
        reviews = content_changes.reviews(c, drafts.change["id"])
        digest = state.digest(c, drafts)
    rule = portal.settings.content_review
    by = [row["id"] for row in authors]
    return ChangeView(
        change=drafts.change,
        files=[_file(path, row) for path, row in drafts.rows.items()],
        authors=authors,
        reviews=reviews,
        checked=portal.library.check(drafts.texts, drafts.assets, thorough=True),
        may_review=drafts.change["state"] == "review" and may_review(actor.id, by, rule),
        may_publish=may_publish(drafts.change["state"], approved(reviews), digest, rule),
    )


def submit(portal: Portal, actor: Person, change_id: int, words: str) -> None:
    """Hand a change to a reviewer, with ``words`` on what it does.

    Raises NotAllowed, or Refused with ``error.content_note`` (too long), ``error.content_errors``
    or ``error.content_marks``.
    """
    words = _words(words)
    with permission.write(portal, actor, "edit_content") as c:
        drafts = state.get_drafts(c, change_id)
        if drafts.change["state"] not in ("draft", "returned"):
            raise NotAllowed
        refuse_faults(portal, drafts)
        content_changes.submit(c, change_id, actor.id, words, portal.now())
        note(portal, c, actor, "submit_content", _target(drafts), files=sorted(drafts.rows))


def withdraw(portal: Portal, actor: Person, change_id: int) -> None:
    """Take a change back from review, to write on. Raises NotAllowed."""
    with permission.write(portal, actor, "edit_content") as c:
        drafts = state.get_drafts(c, change_id)
        if drafts.change["state"] not in ("review", "approved"):
            raise NotAllowed
        content_changes.set_state(c, change_id, "draft")
        note(portal, c, actor, "withdraw_content", _target(drafts))


def review(
    portal: Portal, actor: Person, change_id: int, verdict: str, comment: str, seen: str
) -> None:
    """Approve a change or send it back with a comment. ``seen`` is the digest of what was shown
    (``seen_digest``): what was changed since is not judged unseen.

    Raises NotAllowed, or Refused with ``error.content_own_review``, ``error.content_comment``,
    ``error.content_note``, ``error.content_changed_meanwhile``, ``error.content_errors``.
    """
    comment = _words(comment)
    with permission.write(portal, actor, "review_content") as c:
        drafts = state.get_drafts(c, change_id)
        if drafts.change["state"] != "review" or verdict not in ("approved", "returned"):
            raise NotAllowed
        by = [row["id"] for row in content_changes.authors(c, change_id)]
        if not may_review(actor.id, by, portal.settings.content_review):
            raise Refused("error.content_own_review")
        if verdict == "returned" and not comment:
            raise Refused("error.content_comment")
        digest = state.digest(c, drafts)
        if digest != seen:
            raise Refused("error.content_changed_meanwhile")
        if verdict == "approved":
            refuse_faults(portal, drafts)
        content_changes.add_review(c, change_id, actor.id, verdict, comment, digest, portal.now())
        content_changes.set_state(c, change_id, verdict)
        own = actor.id in by
        note(portal, c, actor, "review_content", _target(drafts), verdict=verdict, own=own)


def seen_digest(portal: Portal, actor: Person, change_id: int) -> str:
    """The digest of a change's drafts as they are now. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        return state.digest(c, state.get_drafts(c, change_id))


def approved(reviews: list[Row]) -> str | None:
    """The digest that the newest review approves; None when it does not."""
    if not reviews or reviews[0]["verdict"] != "approved":
        return None
    return str(reviews[0]["digest"])


def refuse_faults(portal: Portal, drafts: Drafts) -> None:
    """Raise Refused while drafts have errors or unsettled conflicts."""
    for path, text in drafts.texts.items():
        if text is not None and has_marks(text):
            raise Refused("error.content_marks", path=path)
    errors = portal.library.check(drafts.texts, drafts.assets).new
    if errors:
        first = errors[0]
        raise Refused("error.content_errors", n=len(errors), path=first.path, line=first.line)


# Private functions


def _file(path: str, row: Row) -> FileChange:
    old, new = row["base_text"] or "", row["text"] or ""
    if row["text"] is None and row["deed"] == "write":
        return FileChange(path, "asset", "", "", [], row["asset_bytes"] or 0)
    deed = "deleted" if row["deed"] == "delete" else "changed"
    if row["base_sha256"] is None:
        deed = "new"
    return FileChange(path, deed, old, new, compare(old, new), len(new.encode("utf-8")))


def _words(words: str) -> str:
    trimmed = typed(words)
    if len(trimmed) > _MOST_WORDS:
        raise Refused("error.content_note", limit=_MOST_WORDS)
    return trimmed


def _target(drafts: Drafts) -> str:
    return f"content:{drafts.change['course']}"
