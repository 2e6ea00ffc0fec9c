"""Writing a content file in the browser: opened, saved while typing, never over another's words.

Whoever saves says which save (``rev``) the text was made from, and the text that was shown then.
When somebody else has saved meanwhile, or the file itself was changed with an editor or Git, the
text is kept beside the draft and the answer is a ``Clash``: the writer sees both and decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions import content_state as state
from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.content.checking import Checked
from portal.content.reading import MAX_BYTES
from portal.core.line_changes import Merged, merge
from portal.core.people import Person
from portal.store import content_changes, content_drafts
from portal.store.database import Connection, Row

_MOST_BYTES = 2 * MAX_BYTES  # too large to be published, and still not lost


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as an editor shows it. ``rev`` 0: there is no draft, ``text`` is the file's own.

    ``base`` is what the draft was made from ("" for a new file), ``disk`` the file now (None: no
    such file); they differ where somebody changed the file outside. ``waiting`` counts saves that
    came too late and were not looked at yet.
    """

    path: str
    text: str
    rev: int
    base: str
    disk: str | None
    change: Row | None
    draft: Row | None = None
    waiting: int = 0

    @property
    def moved(self) -> bool:
        """Whether the file was changed outside since the draft was begun."""
        return self.draft is not None and (self.disk or "") != self.base

    @property
    def exists(self) -> bool:
        return self.draft is not None or self.disk is not None


@dataclass(frozen=True, slots=True)
class Saved:
    """``at`` is the moment that is on disk; ``rev`` the number of this save."""

    rev: int
    at: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two texts made from ``base``, which was save ``base_rev``. ``rev`` is the save that
    ``theirs`` has: who decides, saves with it. ``merged`` holds both as far as they agree."""

    save_id: int
    base: str
    base_rev: int
    mine: str
    theirs: str
    their_name: str
    rev: int
    merged: Merged


def open_file(portal: Portal, actor: Person, path: str) -> Opened:
    """The draft of ``path``, or the file. Raises NotAllowed, Refused("error.content_link")."""
    state.checked_source(path)
    with permission.read(portal, actor, "edit_content") as c:
        disk = state.on_disk(portal, path)
        change = content_changes.find_open(c, state.course(path))
        draft = None if change is None else content_drafts.find(c, change["id"], path)
        if draft is None or draft["deed"] == "delete":
            return Opened(path, disk.text or "", 0, disk.text or "", disk.text, change)
        late = content_drafts.saves(c, draft["id"], accepted=False)
        base = draft["base_text"] or ""
        return Opened(path, draft["text"], draft["rev"], base, disk.text, change, draft, len(late))


def save(
    portal: Portal,
    actor: Person,
    path: str,
    text: str,
    rev: int,
    shown: str,
    replaces: int = 0,
) -> Saved | Clash:
    """Keep ``text``, which was made from save ``rev`` that read ``shown``.

    ``replaces``: the late save of this same page that the text goes on from.
    Raises NotAllowed, or Refused with ``error.content_too_large``, ``error.content_link``.
    """
    state.checked_source(path)
    text = _cleaned(text)
    with permission.write(portal, actor, "edit_content", bump=False) as c:
        draft = _find(c, path)
        if draft is None:
            return _begin(c, portal, actor, path, text, shown)
        if draft["text"] == text:
            return Saved(draft["rev"], draft["saved_at"])
        if draft["rev"] != rev:
            content_drafts.remove_saves(c, [replaces])
            return _clash(c, portal, actor, draft, text, rev, shown)
        return _write(c, portal, actor, draft, text)


def take_over(portal: Portal, actor: Person, path: str) -> Saved:
    """Let the draft count as made from the file as it is on disk now: its changes were seen.

    Raises NotAllowed when there is no draft.
    """
    state.checked_source(path)
    with permission.write(portal, actor, "edit_content", bump=False) as c:
        draft = _get(c, path)
        disk = state.on_disk(portal, path)
        content_drafts.rebase(c, draft["id"], disk.sha256, disk.text)
        return Saved(draft["rev"], draft["saved_at"])


def merge_with_disk(portal: Portal, actor: Person, path: str) -> Merged:
    """The draft and the outside change in one text, not saved yet. Raises NotAllowed."""
    opened = open_file(portal, actor, path)
    if opened.draft is None:
        raise NotAllowed
    return merge(opened.base, opened.text, opened.disk or "", actor.name, path)


def late_save(portal: Portal, actor: Person, path: str) -> Clash | None:
    """The actor's newest text that came too late and was not decided on; None without one."""
    state.checked_source(path)
    with permission.read(portal, actor, "edit_content") as c:
        draft = _find(c, path)
        if draft is None:
            return None
        for row in content_drafts.saves(c, draft["id"], accepted=False):
            if row["saved_by"] == actor.id:
                return _described(c, draft, row, row["rev"], draft["base_text"] or "")
    return None


def settle(portal: Portal, actor: Person, path: str, *save_ids: int) -> None:
    """Put late saves away: they were looked at. Raises NotAllowed."""
    state.checked_source(path)
    with permission.write(portal, actor, "edit_content", bump=False) as c:
        draft = _get(c, path)
        known = {row["id"] for row in content_drafts.saves(c, draft["id"], accepted=False)}
        content_drafts.remove_saves(c, known & set(save_ids))


def discard(portal: Portal, actor: Person, path: str) -> None:
    """Give up the draft of one file or uploaded picture; the change ends with its last draft.

    Raises NotAllowed.
    """
    course = state.course(path)
    with permission.write(portal, actor, "edit_content") as c:
        drafts = state.open_drafts(c, course)
        if drafts is None or path not in drafts.rows:
            raise NotAllowed
        content_drafts.remove(c, drafts.rows[path]["id"])
        if len(drafts.rows) == 1:
            content_changes.close(c, drafts.change["id"], "dropped", actor.id, portal.now())
        else:
            state.begin(c, portal, course, actor.id)
        note(portal, c, actor, "discard_draft", f"content:{path}")


def check(portal: Portal, actor: Person, path: str, text: str | None = None) -> Checked:
    """Everything that is wrong with the course as its drafts would make it; ``text`` stands in for
    the draft of ``path`` where it is given. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        drafts = state.open_drafts(c, state.course(path))
    texts = {} if drafts is None else drafts.texts
    if text is not None:
        texts[path] = text
    elif path not in texts:
        texts[path] = state.on_disk(portal, path).text
    return portal.library.check(texts, () if drafts is None else drafts.assets)


# Private functions


def _cleaned(text: str) -> str:
    """Plain line ends, no byte order mark, no lone surrogates. Raises Refused when too large."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.encode("utf-8", "replace").decode("utf-8")
    if len(plain.encode("utf-8")) > _MOST_BYTES:
        raise Refused("error.content_too_large", limit=MAX_BYTES // 1024)
    return plain


def _find(c: Connection, path: str) -> Row | None:
    change = content_changes.find_open(c, state.course(path))
    draft = None if change is None else content_drafts.find(c, change["id"], path)
    return draft if draft is not None and draft["deed"] == "write" else None


def _get(c: Connection, path: str) -> Row:
    draft = _find(c, path)
    if draft is None:
        raise NotAllowed
    return draft


def _begin(
    c: Connection, portal: Portal, actor: Person, path: str, text: str, shown: str
) -> Saved | Clash:
    """The first save of a file: nothing is kept while it is the file itself."""
    disk = state.on_disk(portal, path)
    if text == (disk.text or "") and disk.text is not None:
        return Saved(0, "")
    change = state.begin(c, portal, state.course(path), actor.id)
    old = content_drafts.find(c, change["id"], path)  # to be deleted so far: written after all
    if old is not None:
        content_drafts.remove(c, old["id"])
    moved = (disk.text or "") != shown
    draft_id = content_drafts.add(
        c,
        change["id"],
        path,
        base_sha256=disk.sha256,
        base_text=disk.text,
        text=disk.text or "" if moved else text,
        by=actor.id,
        at=portal.now(),
    )
    draft = content_drafts.find(c, change["id"], path)
    assert draft is not None
    content_drafts.keep_save(
        c, draft_id, draft["rev"], draft["text"], actor.id, portal.now(), accepted=True
    )
    if moved:
        return _clash(c, portal, actor, draft, text, 0, shown)
    return Saved(draft["rev"], draft["saved_at"])


def _write(c: Connection, portal: Portal, actor: Person, draft: Row, text: str) -> Saved:
    state.begin(c, portal, state.course(draft["path"]), actor.id)
    rev = content_drafts.write(c, draft["id"], text=text, by=actor.id, at=portal.now())
    content_drafts.keep_save(c, draft["id"], rev, text, actor.id, portal.now(), accepted=True)
    found = content_drafts.find(c, draft["change_id"], draft["path"])
    assert found is not None
    return Saved(rev, found["saved_at"])


def _clash(
    c: Connection, portal: Portal, actor: Person, draft: Row, text: str, rev: int, shown: str
) -> Clash:
    save_id = content_drafts.keep_save(
        c, draft["id"], rev, text, actor.id, portal.now(), accepted=False
    )
    row = {"id": save_id, "text": text, "name": actor.name}
    return _described(c, draft, row, rev, shown)


def _described(c: Connection, draft: Row, late: Row, rev: int, shown: str) -> Clash:
    base = content_drafts.text_at(c, draft["id"], rev)
    base = shown if base is None else base
    merged = merge(base, late["text"], draft["text"], late["name"], draft["saved_by_name"])
    return Clash(
        late["id"],
        base,
        rev,
        late["text"],
        draft["text"],
        draft["saved_by_name"],
        draft["rev"],
        merged,
    )
