"""One open file on one page: what the page has shown, what it has saved, and what clashed.

The browser's texts arrive with the number of their edit; a text is saved once. Which save it was
made from the page knows itself, unless the text comes from before a reload: then the browser says.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, TypeGuard

from portal.actions import content_drafts as drafts
from portal.actions.content_drafts import Clash, Opened, Saved
from portal.actions.errors import Refused
from portal.core.times import parse_iso
from portal.web import session
from portal.web.session import t

_MOST = 1_000_000  # characters that are looked at at all


class Edit(TypedDict):
    """What the editor sends: the document's name, the number of the edit, the text, the line of the
    caret's heading, and the save and the desk that the text was made from."""

    doc: str
    n: int
    text: str
    line: int
    rev: int
    token: str


@dataclass(frozen=True, slots=True)
class Desk:
    """``text`` is what the editor shows, made from save ``rev`` that read ``shown``; ``seen`` the
    number of the last edit that was dealt with; ``line`` where the caret's heading stands, ``told``
    what the browser last said of it apart from an edit."""

    path: str
    text: str
    rev: int
    shown: str
    saved_at: str = ""
    seen: int = 0
    line: int = 1
    told: int = 0
    clash: Clash | None = None
    refused: str = ""
    insert: dict[str, Any] | None = None
    go: dict[str, int] | None = None
    token: str = field(default_factory=lambda: secrets.token_hex(8))


def open_desk(path: str) -> Desk:
    """The page's desk for ``path``, laid out when it is first asked for. Raises NotAllowed,
    Refused."""
    found: Desk | None = session.recall(_key(path))
    if found is None:
        opened = drafts.open_file(session.portal(), session.person(), path)
        found = _laid_out(opened, session.recall(_key(path) + "~"))
        if opened.waiting:
            found = _with_late_text(found)
        keep(found)
    return found


def keep(desk: Desk) -> None:
    session.remember(_key(desk.path), desk)


def clear(path: str) -> None:
    """Let the file be opened anew. What the browser has sent so far stays dealt with: it must not
    come back as if it were new."""
    found: Desk | None = session.recall(_key(path))
    session.remember(_key(path) + "~", found)
    session.forget(_key(path))


def put(path: str, text: str, *, block: bool) -> None:
    """Have the editor insert ``text`` where the caret is."""
    desk = open_desk(path)
    number = (desk.insert or {"n": 0})["n"] + 1
    keep(replace(desk, insert={"n": number, "text": text, "block": block}))


def go_to(path: str, line: int) -> None:
    """Have the editor show ``line``."""
    desk = open_desk(path)
    number = (desk.go or {"n": 0})["n"] + 1
    keep(replace(desk, line=line, go={"n": number, "line": line}))


def take(desk: Desk, sent: dict[str, Any] | None) -> Desk:
    """Deal with what the browser has sent: save a text that is new. Returns the desk after it."""
    edit = (sent or {}).get("edit")
    line = (sent or {}).get("line")
    if isinstance(line, int) and 0 < line < _MOST and line != desk.told:
        desk = replace(desk, line=line, told=line)
    if not _is_edit(edit) or edit["doc"] != name_of(desk) or edit["n"] <= desk.seen:
        return desk
    mine = edit["token"] == desk.token
    rev = desk.rev if mine else edit["rev"]
    desk = replace(desk, seen=edit["n"], line=edit["line"], text=edit["text"])
    return _save(desk, rev)


def take_text(desk: Desk, text: str, rev: int, shown: str) -> Desk:
    """Save a text that was chosen on the page: a merge, or one of two that clashed."""
    return _save(replace(desk, text=text, shown=shown, clash=None), rev)


def name_of(desk: Desk) -> str:
    """The document's name in the browser: one a person and file."""
    return f"{session.person().id}:{desk.path}"


def status(desk: Desk) -> str:
    """What is true of the text in the editor, in words."""
    if desk.refused:
        return desk.refused
    if desk.clash is not None:
        return t("workspace.status_clash", who=desk.clash.their_name)
    if not desk.rev:
        return t("workspace.status_published")
    return t("workspace.status_saved", time=session.clock(parse_iso(desk.saved_at)))


# Private functions


def _laid_out(opened: Opened, before: Desk | None) -> Desk:
    """A desk with the file as it is now; the browser knows it as the one that was there before."""
    saved_at = opened.draft["saved_at"] if opened.draft is not None else ""
    fresh = Desk(opened.path, opened.text, opened.rev, opened.text, saved_at)
    if before is None:
        return fresh
    return replace(
        fresh,
        seen=before.seen,
        token=before.token,
        line=before.line,
        told=before.told,
        insert=before.insert,
        go=before.go,
    )


def _with_late_text(desk: Desk) -> Desk:
    """The desk with the clash that was left undecided, for instance on another machine."""
    late = drafts.late_save(session.portal(), session.person(), desk.path)
    if late is None:
        return desk
    return replace(desk, text=late.mine, rev=late.base_rev, shown=late.base, clash=late)


def _key(path: str) -> str:
    return f"workspace.desk:{path}"


def _is_edit(edit: Any) -> TypeGuard[Edit]:
    return (
        isinstance(edit, dict)
        and all(isinstance(edit.get(name), int) for name in ("n", "rev", "line"))
        and all(isinstance(edit.get(name), str) for name in ("doc", "text", "token"))
        and len(edit["text"]) <= _MOST
    )


def _save(desk: Desk, rev: int) -> Desk:
    replaces = desk.clash.save_id if desk.clash is not None else 0
    try:
        done = drafts.save(
            *(session.portal(), session.person(), desk.path, desk.text, rev, desk.shown),
            replaces=replaces,
        )
    except Refused as refused:
        return replace(desk, refused=t(refused.key, **refused.args_by_name))
    if isinstance(done, Saved):
        return replace(
            desk,
            rev=done.rev,
            shown=desk.text,
            saved_at=done.at,
            clash=None,
            refused="",
        )
    return replace(desk, clash=done, refused="")
